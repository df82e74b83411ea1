import { webcrypto } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { CredentialMemory } from '../../../verifier/core/credential/credential-memory.js';
import { credentialBand } from '../../../verifier/core/credential/band.js';
import { judgeCredential } from '../../../verifier/core/credential/judge.js';
import { statusFacts } from '../../../verifier/core/credential/shown-content.js';
import { webCrypto } from '../../../verifier/core/web-crypto.js';
import { nodeCrypto } from '../../../verifier/server/node-crypto.js';
import { ALGORITHMS, questionOf, sceneOf } from '../../support/credential-maker.js';
import { ministry, revocationOf, WITHOUT_FORCE } from './corpus-authority.js';
import { goodReport } from './corpus-row.js';
import { PUBLIC } from './public-knowledge.js';
import { LICENCE, onSnapshot } from './scene-edits.js';
import { accepts } from './second-verifier.js';

const node = nodeCrypto();
const web = webCrypto(webcrypto.subtle as never);

describe('a revocation by somebody else takes nothing', () => {
  test.each(WITHOUT_FORCE)('%s', async (_, scene) => {
    for (const algorithm of ALGORITHMS) {
      const made = sceneOf(algorithm, { scene });
      const verdict = await judgeCredential(questionOf(made), node);
      expect(verdict.report).toEqual(goodReport(LICENCE));
      expect(verdict.standing).not.toHaveProperty('revokedBy');
      expect(JSON.stringify(await judgeCredential(questionOf(made), web)), 'WebCrypto').toBe(JSON.stringify(verdict));
      expect(accepts(made, PUBLIC), 'the second verifier').toBe(true);
    }
  });
});

describe('a revocation by an authority', () => {
  const revoked = sceneOf('ES256', { scene: ministry() });

  test('names who did it, by which decision, and when', async () => {
    const { report, standing } = await judgeCredential(questionOf(revoked), node);
    expect(standing?.revokedBy).toEqual({ organisation: 'bo-vi-du', decision: '45/QĐ-BVD', at: '2026-11-20T09:30:00.000Z' });
    expect(credentialBand(report, standing)).toBe('revoked-by-authority');
    const names = new Map([['bo-vi-du', 'Bộ Ví Dụ']]);
    expect(statusFacts(report, standing, (id) => names.get(id), 'vi')).toEqual([
      { name: 'Trạng thái', lines: ['Đã bị thu hồi', 'tới 15:29 21/11/2026'] }, { name: 'Thu hồi bởi', lines: ['Bộ Ví Dụ', 'quyết định 45/QĐ-BVD, 16:30 20/11/2026'] },
    ]);
    expect(statusFacts(report, standing, () => undefined, 'en')[1]).toMatchObject({ name: 'Revoked by', lines: ['bo-vi-du', expect.stringMatching(/^decision 45\/QĐ-BVD, /) as string] });
  });

  test('shows at once on a text that was verified before, and not on another of the same issuer', async () => {
    const memory = new CredentialMemory();
    const good = sceneOf('ES256');
    expect((await judgeCredential(questionOf(good), node, memory)).verdict).toBe('verified');
    expect((await judgeCredential({ ...questionOf(revoked), text: good.text, commitmentOf: questionOf(good).commitmentOf }, node, memory)).report.revocation).toEqual({ result: 'fail', code: 'CREDENTIAL_REVOKED_BY_AUTHORITY' });
    const other = sceneOf('ES256', { claims: (claims) => ({ ...claims, id: 'urn:uuid:0c9f6f6e-5a0b-4c5e-9d8e-2f6a3f1b7c4d' }), scene: ministry() });
    expect((await judgeCredential(questionOf(other), node, memory)).verdict).toBe('verified');
  });

  test('costs no hash where nothing of the issuer was revoked', async () => {
    let hashes = 0;
    const counting = { ...node, sha256: (bytes: Uint8Array) => { hashes += 1; return node.sha256(bytes); } };
    const count = async (scene: typeof revoked): Promise<number> => {
      hashes = 0;
      await judgeCredential(questionOf(scene), counting);
      return hashes;
    };
    const elsewhere = sceneOf('ES256', { scene: onSnapshot(() => ({ revocations: [revocationOf('DiplomaCredential')] })) });
    expect([await count(sceneOf('ES256')), await count(elsewhere), await count(revoked)]).toEqual([2, 2, 3]);
  });
});
