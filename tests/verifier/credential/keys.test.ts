import { describe, expect, test } from 'vitest';
import type { ProblemCode } from '#domain/errors.js';
import { instantOf, type Instant } from '#domain/instant.js';
import type { DidKeyRecord } from '#domain/trust/records.js';
import { credentialBand } from '../../../verifier/core/credential/band.js';
import { judgeCredential } from '../../../verifier/core/credential/judge.js';
import type { Outcome } from '../../../verifier/core/report.js';
import { nodeCrypto } from '../../../verifier/server/node-crypto.js';
import { ALGORITHMS, keyRecordOf, questionOf, SAMPLES, sceneOf, signerOf, type Plan } from '../../support/credential-maker.js';
import { accepts } from './second-verifier.js';
import { PUBLIC } from './public-knowledge.js';

const port = nodeCrypto();
const TYPE = 'DiplomaCredential';
const ISSUER = SAMPLES[TYPE].issuer;

/** Five keys, one after the other: ten days each, the first from 1 June 2026. */
const KEYS = [0, 1, 2, 3, 4] as const;
const DAYS = 10;
const day = (number: number, seconds = 0): Instant => instantOf(Date.UTC(2026, 5, 1 + number) + seconds * 1000);
const from = (key: number): number => key * DAYS;
/** A compromised key is found to have been so since the seventh day of its period. */
const COMPROMISED_AFTER = 6;

type Reason = 'superseded' | 'compromised';

function records(algorithm: typeof ALGORITHMS[number], reason: Reason): readonly DidKeyRecord[] {
  return KEYS.map((key) => ({
    ...keyRecordOf(signerOf(ISSUER, `khoa-${key}`, algorithm)), from: day(from(key)), registeredAt: day(from(key)),
    to: day(from(key) + DAYS), reason, retiredAt: day(from(key) + DAYS), ...(reason === 'compromised' ? { compromisedSince: day(from(key) + COMPROMISED_AFTER) } : {}),
  }));
}

/** Days of the key's period on which it was issued, and recorded on the ledger. */
interface Moment {
  readonly issued: number;
  readonly recorded?: number | undefined;
}

function plan(algorithm: typeof ALGORITHMS[number], reason: Reason, key: number, { issued, recorded }: Moment): Plan {
  const issuedAt = Date.parse(day(from(key) + issued)) / 1000;
  return {
    type: TYPE, signer: signerOf(ISSUER, `khoa-${key}`, algorithm),
    claims: (claims) => ({ ...claims, issuedAt, notBefore: issuedAt }),
    commitment: (record) => (recorded === undefined ? undefined : { ...record, committedAt: day(from(key) + recorded, 2) }),
    scene: (scene) => ({ ...scene, snapshot: { ...scene.snapshot, keys: records(algorithm, reason) } }),
  };
}

type Expected = 'accepted' | 'accepted, with a warning' | 'accepted, as entered late' | ProblemCode;

const LATE: Outcome = { result: 'pass', code: 'CREDENTIAL_LOGGED_AFTER_KEY' };
/** Two seconds, by which each entry is later than its day begins. */
const ENTRY = 2 / 86_400;

/** K1 and K2: by its own word issued, and by the ledger recorded, before, in and after the period of the key. */
const TABLE: readonly (readonly [name: string, reason: Reason, moment: Moment, expected: Expected])[] = [
  ['issued before it', 'superseded', { issued: -1, recorded: -1 }, 'DID_KEY_NOT_YET_VALID'],
  ['issued before it, recorded in it', 'superseded', { issued: -1, recorded: 1 }, 'DID_KEY_NOT_YET_VALID'],
  ['issued in its first second', 'superseded', { issued: 0, recorded: 0 }, 'accepted'],
  ['issued in it', 'superseded', { issued: 3, recorded: 3 }, 'accepted'],
  ['issued in it, recorded after it', 'superseded', { issued: 9, recorded: 10 }, 'accepted'],
  ['issued in it, recorded a day after it', 'superseded', { issued: 9, recorded: 11 - ENTRY }, 'accepted'],
  ['issued in it, recorded more than a day after it', 'superseded', { issued: 9, recorded: 11 }, 'accepted, as entered late'],
  ['issued in it, recorded long after it', 'superseded', { issued: 3, recorded: 60 }, 'accepted, as entered late'],
  ['issued after it', 'superseded', { issued: 10, recorded: 10 }, 'DID_KEY_SUPERSEDED'],
  ['issued long after it', 'superseded', { issued: 12, recorded: 12 }, 'DID_KEY_SUPERSEDED'],
  ['issued before it', 'compromised', { issued: -1, recorded: -1 }, 'DID_KEY_NOT_YET_VALID'],
  ['issued and recorded before the compromise', 'compromised', { issued: 3, recorded: 3 }, 'accepted, with a warning'],
  ['issued before the compromise, recorded after it', 'compromised', { issued: 3, recorded: 7 }, 'DID_KEY_COMPROMISED'],
  ['issued before the compromise, never recorded', 'compromised', { issued: 3 }, 'DID_KEY_COMPROMISED'],
  ['issued and recorded after the compromise, still in its period', 'compromised', { issued: 7, recorded: 7 }, 'DID_KEY_COMPROMISED'],
  ['issued at the compromise', 'compromised', { issued: 6, recorded: 6 }, 'DID_KEY_COMPROMISED'],
  ['issued after it', 'compromised', { issued: 12, recorded: 12 }, 'DID_KEY_COMPROMISED'],
];

describe.each(ALGORITHMS)('five keys, %s', (algorithm) => {
  const cases = KEYS.flatMap((key) => TABLE.map(([name, reason, moment, expected]) => [key + 1, reason, name, expected, { key, reason, moment }] as const));

  test.each(cases)('key %i, %s: %s → %s', async (_, __, ___, expected, { key, reason, moment }) => {
    const scene = sceneOf(algorithm, plan(algorithm, reason, key, moment));
    const { report, verdict, standing } = await judgeCredential(questionOf(scene), port);
    const accepted = expected.startsWith('accepted');
    const isLate = expected === 'accepted, as entered late';
    expect(report.key).toEqual(isLate ? LATE : accepted ? { result: 'pass' } : { result: 'fail', code: expected });
    expect(verdict).toBe(accepted ? 'verified' : 'not-verified');
    expect(accepts(scene, PUBLIC)).toBe(accepted);
    const isSinceLost = expected === 'accepted, with a warning';
    if (accepted) expect(standing?.since).toBe(isSinceLost ? 'DID_KEY_COMPROMISED' : undefined);
    if (accepted) expect(credentialBand(report, standing)).toBe(isSinceLost ? 'valid-once-authorised' : 'valid');
  });
});

test('an end of the key that this copy of the register does not know yet makes no entry late', async () => {
  const made = plan('ES256', 'superseded', 0, { issued: 3, recorded: 60 });
  const keys = records('ES256', 'superseded').map((key) => ({ ...key, retiredAt: day(100_000) }));
  const { report } = await judgeCredential(questionOf(sceneOf('ES256', { ...made, scene: (scene) => ({ ...scene, snapshot: { ...scene.snapshot, keys } }) })), port);
  expect(report.key).toEqual({ result: 'pass' });
});

test('a superseded key that is found compromised later loses what is not on the ledger before that', async () => {
  const scene = sceneOf('ES256', {
    ...plan('ES256', 'superseded', 0, { issued: 3, recorded: 3 }),
    scene: (made) => ({
      ...made, snapshot: {
        ...made.snapshot, keys: records('ES256', 'superseded').map((key) => ({
          ...key, endedBefore: [{ to: key.to!, reason: 'superseded', retiredAt: key.retiredAt! }], reason: 'compromised', compromisedSince: day(2), retiredAt: day(100),
        })),
      },
    }),
  });
  const { report } = await judgeCredential(questionOf(scene), port);
  expect(report.key).toEqual({ result: 'fail', code: 'DID_KEY_COMPROMISED' });
  expect(accepts(scene, PUBLIC)).toBe(false);
});
