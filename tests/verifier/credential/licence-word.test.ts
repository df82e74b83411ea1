import { webcrypto } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { instantOf, parseDay } from '#domain/instant.js';
import { credentialBand } from '../../../verifier/core/credential/band.js';
import { credentialBandFacts, credentialBandText } from '../../../verifier/core/credential/band-wording.js';
import { CredentialMemory } from '../../../verifier/core/credential/credential-memory.js';
import { judgeCredential } from '../../../verifier/core/credential/judge.js';
import { statusFacts } from '../../../verifier/core/credential/shown-content.js';
import { webCrypto } from '../../../verifier/core/web-crypto.js';
import { nodeCrypto } from '../../../verifier/server/node-crypto.js';
import { ALGORITHMS, NOW, questionOf, sceneOf, withBit, type Scene } from '../../support/credential-maker.js';
import { LICENCE as CLAIMS } from '../../domain/credential/sample-claims.js';
import { ending, REVOKED, SAYS_NOTHING, SUSPENDED } from './corpus-licence.js';
import { goodReport } from './corpus-row.js';
import { PUBLIC } from './public-knowledge.js';
import { LICENCE } from './scene-edits.js';
import { accepts } from './second-verifier.js';

const node = nodeCrypto();
const web = webCrypto(webcrypto.subtle as never);

describe('the register of licences says nothing against a credential by', () => {
  test.each(SAYS_NOTHING)('%s', async (_, plan) => {
    for (const algorithm of ALGORITHMS) {
      const made = sceneOf(algorithm, plan);
      const verdict = await judgeCredential(questionOf(made), node);
      expect(verdict.report).toEqual(goodReport(LICENCE));
      expect(verdict.standing).not.toHaveProperty('licence');
      expect(JSON.stringify(await judgeCredential(questionOf(made), web)), 'WebCrypto').toBe(JSON.stringify(verdict));
      expect(accepts(made, PUBLIC), 'the second verifier').toBe(true);
    }
  });
});

test('a revocation from a later day turns on that day in Viet Nam, not before', async () => {
  const announced = sceneOf('ES256', { scene: ending({ revocation: { ...REVOKED.revocation, from: parseDay('2026-11-22') } }) });
  const DAY_BEGINS = Date.parse('2026-11-21T17:00:00.000Z');
  const judgedAt = async (now: number): Promise<unknown> => {
    const statuses = announced.statuses.map((one) => ({ ...one, validFrom: now, validUntil: now + 1_000 }));
    const scene = { ...announced, now, statuses, snapshot: { ...announced.snapshot, knownAt: instantOf(now) } };
    return [(await judgeCredential(questionOf(scene), node)).report, accepts(scene, PUBLIC)];
  };
  for (const before of [NOW, DAY_BEGINS - 1]) expect(await judgedAt(before)).toEqual([goodReport(LICENCE), true]);
  expect(await judgedAt(DAY_BEGINS)).toEqual([goodReport(LICENCE, { revocation: { result: 'fail', code: 'CREDENTIAL_LICENCE_REVOKED' } }), false]);
});

test('it shows at once on a text that was verified before, and not any more where the register has nothing against it', async () => {
  const memory = new CredentialMemory();
  const good = sceneOf('EdDSA');
  const suspended = ending(SUSPENDED)(good);
  const verdicts = [];
  for (const scene of [good, suspended, good]) verdicts.push((await judgeCredential(questionOf(scene), node, memory)).verdict);
  expect(verdicts).toEqual(['verified', 'not-verified', 'verified']);
});

const names = new Map([['cuc-hoa-chat', 'Cục Hóa chất']]);
async function told(scene: Scene, language: 'vi' | 'en'): Promise<unknown> {
  const verdict = await judgeCredential(questionOf(scene), node);
  const state = credentialBand(verdict.report, verdict.standing);
  const { title, means } = credentialBandText(state, credentialBandFacts(verdict), language);
  return { state, title, means, facts: statusFacts(verdict.report, verdict.standing, (id) => names.get(id), language).map(({ name, lines }) => [name, ...lines]) };
}

describe('the reader is told', () => {
  const revoked = sceneOf('ES256', { scene: ending(REVOKED) });

  test('that it is the register that says so, who wrote it there, from which day on, and when', async () => {
    expect(await told(revoked, 'vi')).toEqual({
      state: 'revoked', title: 'Đã bị thu hồi', means: 'Theo sổ giấy phép trên sổ cái, giấy phép này không có hiệu lực từ lúc nêu bên dưới.',
      facts: [['Trạng thái', 'Đã bị thu hồi', 'tới 15:29 21/11/2026'], ['Sổ giấy phép', 'Cục Hóa chất', 'từ 20/11/2026, 16:30 20/11/2026']],
    });
    expect(await told(sceneOf('ES256', { scene: ending(SUSPENDED) }), 'en')).toMatchObject({
      state: 'suspended', title: 'Suspended', means: 'By the ledger’s register of licences, it is of no force from the time named below.',
      facts: [['Status', 'Suspended', expect.any(String) as string], ['Register of licences', 'Cục Hóa chất', expect.stringMatching(/^16:30 on 20.November.2026$/u) as string]],
    });
    expect(await told(sceneOf('ES256', { scene: ending({ revocation: { ...REVOKED.revocation, replacedBy: 'GP-2' } }) }), 'en')).toMatchObject({ state: 'superseded', title: 'Replaced by a newer one' });
  });

  test('nothing of it where the issuer has caught up: one thing is said once', async () => {
    const caughtUp = { ...revoked, statuses: withBit(revoked.statuses, 'revocation', CLAIMS.status.revocation.index) };
    expect(await told(caughtUp, 'en')).toMatchObject({ state: 'revoked', means: 'The issuing organisation has taken it back; it is of no force any more.', facts: [['Status', 'Revoked', expect.any(String) as string]] });
  });
});
