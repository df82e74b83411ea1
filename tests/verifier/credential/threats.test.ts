/** The named threats of `trust.md` 2.1, 2.2 and the sixteen traps of `credentials.md` 3.4, each with the code it must get. */
import { describe, expect, test } from 'vitest';
import type { ProblemCode } from '#domain/errors.js';
import type { CryptoPort } from '../../../verifier/core/crypto-port.js';
import { CredentialMemory } from '../../../verifier/core/credential/credential-memory.js';
import type { CredentialCheck } from '../../../verifier/core/credential/credential-report.js';
import { judgeCredential } from '../../../verifier/core/credential/judge.js';
import { nodeCrypto } from '../../../verifier/server/node-crypto.js';
import { ALGORITHMS, NOW, questionOf, SAMPLES, sceneOf, withBit } from '../../support/credential-maker.js';
import { CORPUS } from './corpus.js';

const port = nodeCrypto();

/** Row of the corpus, the check that must fail there, and its code. The corpus tests run each row under both algorithms. */
type Named = readonly [row: string, check: CredentialCheck, code: ProblemCode];

const TRAPS: Readonly<Record<string, readonly Named[]>> = {
  '1: a nested wrapper around an expired credential': [
    ['header with cty "JWT"', 'header', 'CREDENTIAL_HEADER_NESTED'],
    ['a real credential inside another token (trap 1)', 'payload', 'CREDENTIAL_MEMBER_UNKNOWN'],
  ],
  '2: a presentation replayed in a wrapper': [['a presentation (traps 2, 7, 8)', 'payload', 'CREDENTIAL_SHADOW_CLAIM']],
  '3: an issuer named beside iss, or in what is shown': [
    ['payload of diploma: issuer beside iss', 'payload', 'CREDENTIAL_SHADOW_CLAIM'],
    ['payload of diploma: issuer in vc', 'payload', 'CREDENTIAL_SHADOW_CLAIM'],
    ['a diploma that names another university', 'issuer', 'CREDENTIAL_NAMES_OTHER_ISSUER'],
  ],
  '4: revoked, as a compact text': [['revoked', 'revocation', 'CREDENTIAL_REVOKED']],
  '5: no status at hand': [['no list at all', 'revocation', 'STATUS_LIST_MISSING'], ['the list for revocation is not there', 'revocation', 'STATUS_LIST_MISSING']],
  '6: the object around the token changed': [['text: JSON instead of a token (C13)', 'format', 'CREDENTIAL_TEXT_MALFORMED'], ['text: the object that Veramo makes of a credential (traps 4 to 6)', 'header', 'CREDENTIAL_BASE64URL_WRONG']],
  '7, 8: presentations': [['header with typ "vp+jwt"', 'header', 'CREDENTIAL_TYP_WRONG'], ['payload of diploma: vp beside iss', 'payload', 'CREDENTIAL_SHADOW_CLAIM']],
  '9: grace on the end': [['it ended 299 seconds ago (trap 9)', 'expiry', 'CREDENTIAL_EXPIRED'], ['it ended a second ago', 'expiry', 'CREDENTIAL_EXPIRED']],
  '10: an end that nobody looks at': [['payload of diploma: expirationDate in vc', 'payload', 'CREDENTIAL_SHADOW_CLAIM'], ['payload of diploma: validUntil in vc', 'payload', 'CREDENTIAL_SHADOW_CLAIM']],
  '11: a hybrid of two data models': [['a credential of data model 2.0 (trap 11)', 'payload', 'CREDENTIAL_SHADOW_CLAIM'], ['payload of diploma: contexts ["https://www.w3.org/ns/credentials/v2","https://minhchung.example/contexts/credentials/v1"]', 'payload', 'CREDENTIAL_CONTEXT_WRONG']],
  '12: a key for something else, a DID no longer in use': [['a key that the issuer does not have', 'key', 'DID_KEY_UNKNOWN'], ['an issuer withdrawn before the issue', 'issuer', 'DID_WITHDRAWN']],
  '13: crit, foreign kid, any typ, keys twice, a self-issued URL': [
    ['header with crit ["exp"]', 'header', 'CREDENTIAL_HEADER_CRITICAL'],
    ['kid of another issuer', 'header', 'CREDENTIAL_KID_WRONG'],
    ['header with typ "kb+jwt"', 'header', 'CREDENTIAL_TYP_WRONG'],
    ['payload with iss twice', 'payload', 'JSON_DUPLICATE_KEY'],
    ['payload of licence: an issuer that is a web address', 'payload', 'DID_MALFORMED'],
  ],
  '14: a key of small order': [['a key that is a point of order 8 (trap 14)', 'key', 'PUBLIC_KEY_SMALL_ORDER'], ['a key that is the neutral point (trap 14)', 'key', 'PUBLIC_KEY_SMALL_ORDER']],
  '15: a text that takes quadratic time': [['a nested token of 128,000 characters (trap 15)', 'format', 'CREDENTIAL_TOO_LARGE']],
};

const THREATS: Readonly<Record<string, readonly Named[]>> = {
  'C1 alg': [['header with alg "none"', 'header', 'CREDENTIAL_ALGORITHM_REFUSED'], ['header with alg "HS256"', 'header', 'CREDENTIAL_ALGORITHM_REFUSED'], ["the other algorithm's name", 'key', 'PUBLIC_KEY_ALGORITHM_DIFFERS']],
  'C2 embedded keys': [['header with jwk', 'header', 'CREDENTIAL_HEADER_OWN_KEY'], ['header with jku', 'header', 'CREDENTIAL_HEADER_OWN_KEY'], ['header with x5u', 'header', 'CREDENTIAL_HEADER_OWN_KEY'], ['header with x5c', 'header', 'CREDENTIAL_HEADER_OWN_KEY']],
  'C3 kid': [['kid of another issuer', 'header', 'CREDENTIAL_KID_WRONG'], ['kid that climbs', 'header', 'CREDENTIAL_KID_WRONG'], ['header with kid ["x"]', 'header', 'CREDENTIAL_KID_WRONG'], ['kid with a name of 65 characters', 'header', 'CREDENTIAL_KID_WRONG']],
  'C4 crit, b64': [['header with crit ["exp"]', 'header', 'CREDENTIAL_HEADER_CRITICAL'], ['header with b64 false', 'header', 'CREDENTIAL_HEADER_CRITICAL']],
  'C5 typ': [['header with typ "vc+jwt"', 'header', 'CREDENTIAL_TYP_WRONG'], ['header with typ "at+jwt"', 'header', 'CREDENTIAL_TYP_WRONG'], ['header with typ "statuslist+jwt"', 'header', 'CREDENTIAL_TYP_WRONG']],
  'C6 exp': [['payload of licence: exp 0', 'payload', 'CREDENTIAL_TIME_WRONG'], ['payload of licence: exp "never"', 'payload', 'CREDENTIAL_TIME_WRONG'], ['payload of licence: exp 1.5', 'payload', 'CREDENTIAL_TIME_WRONG'], ['payload with a number too large for a number (C6)', 'payload', 'CREDENTIAL_NOT_CANONICAL']],
  'C7 expiry inside vc': [['payload of diploma: expirationDate in vc', 'payload', 'CREDENTIAL_SHADOW_CLAIM']],
  'C8 iss, sub and jti twice': [['payload of diploma: issuer in vc', 'payload', 'CREDENTIAL_SHADOW_CLAIM'], ['payload of diploma: id in vc', 'payload', 'CREDENTIAL_SHADOW_CLAIM'], ['payload of licence: id in the subject', 'payload', 'CREDENTIAL_SHADOW_CLAIM']],
  'C10, C11 keys of another controller': [['a key that was registered under another DID', 'key', 'DID_KEY_UNKNOWN']],
  'C12 clock skew': [['it begins in 61 seconds', 'not-before', 'CREDENTIAL_NOT_YET_VALID'], ['it ended a second ago', 'expiry', 'CREDENTIAL_EXPIRED']],
  'C13 other forms of the same': [['text: JSON instead of a token (C13)', 'format', 'CREDENTIAL_TEXT_MALFORMED']],
  'C14 claims changed after signing': [['a licence with its holder changed after signing', 'signature', 'CREDENTIAL_SIGNATURE_WRONG']],
  'C15, C16, C17 presentations are not taken': [['a presentation (traps 2, 7, 8)', 'payload', 'CREDENTIAL_SHADOW_CLAIM']],
  'C18 keys twice': [['payload with iss twice', 'payload', 'JSON_DUPLICATE_KEY'], ['header with alg twice', 'header', 'JSON_DUPLICATE_KEY']],
  'C19 spelling': [['text: four parts', 'format', 'CREDENTIAL_TEXT_MALFORMED'], ['header padded', 'header', 'CREDENTIAL_BASE64URL_WRONG'], ['signature with spare bits that are not zero', 'format', 'CREDENTIAL_BASE64URL_WRONG'], ['the twin of a signature: n − s', 'signature', 'CREDENTIAL_SIGNATURE_NOT_CANONICAL']],
  'C20, K1 old keys': [['a key from after the issue', 'key', 'DID_KEY_NOT_YET_VALID'], ['a key that was superseded before the issue', 'key', 'DID_KEY_SUPERSEDED'], ['a key that was compromised before the issue', 'key', 'DID_KEY_COMPROMISED']],
  'C21 self-made issuers': [['a self-made did:key', 'issuer', 'DID_UNKNOWN'], ['a self-made did:web', 'issuer', 'DID_UNKNOWN'], ['a self-made did:jwk', 'issuer', 'DID_UNKNOWN'], ['a grant for diplomas', 'authorisation', 'GRANT_TYPE_OTHER']],
  'C22 huge texts': [['a text one character too long', 'format', 'CREDENTIAL_TOO_LARGE'], ['a text of five million characters', 'format', 'CREDENTIAL_TOO_LARGE']],
  'C23 disclosures': [['disclosures: another name', 'disclosures', 'DISCLOSURE_NOT_SIGNED'], ['disclosures: one twice', 'disclosures', 'DISCLOSURE_REPEATED'], ['payload of diploma: digests deeper down', 'payload', 'CREDENTIAL_MEMBER_UNKNOWN'], ['payload of diploma: a digest twice', 'payload', 'CREDENTIAL_DIGEST_REPEATED']],
  'K2 dated back under a stolen key': [['a key compromised later, and no ledger entry', 'key', 'DID_KEY_COMPROMISED'], ['a key compromised between the issue as claimed and the ledger entry', 'key', 'DID_KEY_COMPROMISED']],
  'K3 no list': [['no list at all', 'revocation', 'STATUS_LIST_MISSING']],
  'K4 a list past its time': [['the list for revocation has ended', 'revocation', 'STATUS_LIST_EXPIRED']],
  'K5, K6 a list of somebody else, for something else': [['the list for revocation is of another issuer', 'revocation', 'STATUS_LIST_OF_OTHER_ISSUER'], ['the list for revocation is for another purpose', 'revocation', 'STATUS_LIST_PURPOSE_DIFFERS']],
  'K7 indices': (['"abc"', '"1e3"', '"-1"', '"131072"', '"1.5"', '" 5"', '"9007199254740992"'] as const).map((index): Named => [`payload of diploma: index ${index}`, 'payload', 'CREDENTIAL_STATUS_INDEX_WRONG']),
  'K10 suspension is a purpose of its own': [['suspended', 'suspension', 'CREDENTIAL_SUSPENDED']],
  'K13 wrong clocks': [['a clock of 2020', 'not-before', 'CREDENTIAL_NOT_YET_VALID'], ['a register from the future', 'freshness', 'TRUST_SNAPSHOT_STALE']],
};

describe.each([['trap', TRAPS], ['threat', THREATS]] as const)('%s', (_, table) => {
  const cases = Object.entries(table).flatMap(([threat, named]) => named.map((one) => [threat, ...one] as const));

  test.each(cases)('%s · %s: %s %s', async (__, name, check, code) => {
    const row = CORPUS.find((one) => one.name === name);
    expect(row).toBeDefined();
    const algorithms = ALGORITHMS.filter((algorithm) => row?.only === undefined || row.only === algorithm);
    for (const algorithm of algorithms) {
      const { report, verdict } = await judgeCredential(questionOf(sceneOf(algorithm, row!.plan(algorithm))), port);
      expect(report[check]).toMatchObject({ code });
      expect(verdict).not.toBe('verified');
    }
  });
});

describe('what is left over from one judgement does not help another', () => {
  test('trap 16, C9: the same question and memory, another text', async () => {
    const memory = new CredentialMemory();
    const good = sceneOf('ES256');
    const forged = sceneOf('ES256', { jwt: (jwt) => `${jwt.slice(0, -4)}AAAA` });
    const question = questionOf(good);
    expect((await judgeCredential(question, port, memory)).verdict).toBe('verified');
    expect((await judgeCredential({ ...question, text: forged.text }, port, memory)).report.signature).toMatchObject({ code: 'CREDENTIAL_SIGNATURE_WRONG' });
    expect((await judgeCredential(question, port, memory)).verdict).toBe('verified');
  });

  test('C13: with and without what may be left out, the same verdict on the same credential', async () => {
    for (const revoked of [false, true]) {
      const statusOf = sceneOf('EdDSA', { type: 'DiplomaCredential' });
      const verdicts = await Promise.all([5, 3, 1, 0].map(async (count) => {
        const scene = sceneOf('EdDSA', { type: 'DiplomaCredential', disclosures: (all) => all.slice(0, count) });
        return judgeCredential(questionOf({ ...scene, statuses: revoked ? withBit(statusOf.statuses, 'revocation', 0) : statusOf.statuses }), port);
      }));
      expect(new Set(verdicts.map(({ verdict }) => verdict))).toEqual(new Set([revoked ? 'not-verified' : 'verified']));
    }
  });

  test('what is remembered is the signature, not the time, the status, or the right', async () => {
    const memory = new CredentialMemory();
    const scene = sceneOf('ES256');
    const expires = (SAMPLES.ChemicalLicenceCredential.expires ?? 0) * 1000;
    const judge = async (change: Partial<typeof scene>) => (await judgeCredential(questionOf({ ...scene, ...change }), port, memory)).report;
    expect((await judge({})).signature).toEqual({ result: 'pass' });
    expect((await judge({ now: expires })).expiry).toMatchObject({ code: 'CREDENTIAL_EXPIRED' });
    expect((await judge({ statuses: withBit(scene.statuses, 'revocation', 131_071) })).revocation).toMatchObject({ code: 'CREDENTIAL_REVOKED' });
    expect((await judge({ commitments: [] })).commitment).toMatchObject({ code: 'CREDENTIAL_NOT_LOGGED' });
    expect((await judge({ snapshot: { ...scene.snapshot, grants: [] } })).authorisation).toMatchObject({ code: 'GRANT_MISSING' });
    expect((await judge({ snapshot: { ...scene.snapshot, keys: [] } })).key).toMatchObject({ code: 'DID_KEY_UNKNOWN' });
    expect((await judge({ snapshot: { ...scene.snapshot, dids: [] } })).issuer).toMatchObject({ code: 'DID_UNKNOWN' });
    expect(await judge({ now: NOW })).toEqual((await judgeCredential(questionOf(scene), port)).report);
  });

  const signaturesFor = async (scene: ReturnType<typeof sceneOf>): Promise<number> => {
    const memory = new CredentialMemory();
    let signatures = 0;
    const counting: CryptoPort = { ...port, verifyJws: (...all) => { signatures += 1; return port.verifyJws(...all); } };
    for (let times = 0; times < 3; times++) await judgeCredential(questionOf(scene), counting, memory);
    return signatures;
  };

  test.each<[string, number, ReturnType<typeof sceneOf>]>([
    ['a good text', 1, sceneOf('ES256')],
    ['a good text without evidence', 1, sceneOf('ES256', { text: (text) => text.slice(0, text.indexOf('#')) })],
    ['one that anybody can sign', 3, sceneOf('ES256', CORPUS.find(({ name }) => name === 'a self-made did:key')!.plan('ES256'))],
    ['one with a disclosure that nobody signed', 3, sceneOf('ES256', { text: (text) => text.replace('#', `~${'A'.repeat(60_000)}~#`) })],
    ['one with evidence that is none', 3, sceneOf('ES256', { text: (text) => `${text}${'A'.repeat(60_000)}` })],
  ])('only what a registered issuer signed, and nothing beside it, is remembered: %s', async (_, signatures, scene) => {
    expect(await signaturesFor(scene)).toBe(signatures);
  });

  test('another key under the same name is asked anew', async () => {
    const memory = new CredentialMemory();
    const scene = sceneOf('ES256');
    expect((await judgeCredential(questionOf(scene), port, memory)).verdict).toBe('verified');
    const other = sceneOf('ES256', { type: 'DiplomaCredential' }).snapshot.keys.find((key) => key.did === SAMPLES.DiplomaCredential.issuer && key.algorithm === 'ES256')!;
    const keys = scene.snapshot.keys.map((key) => (key.did === SAMPLES.ChemicalLicenceCredential.issuer && key.algorithm === 'ES256' ? { ...key, publicKeyJwk: other.publicKeyJwk } : key));
    const { report } = await judgeCredential(questionOf({ ...scene, snapshot: { ...scene.snapshot, keys } }), port, memory);
    expect(report.signature).toMatchObject({ code: 'CREDENTIAL_SIGNATURE_WRONG' });
  });
});

test('C24, S6: nothing is asked about an issuer that is not on the register, and nothing is ever fetched', async () => {
  const asked: string[] = [];
  const question = questionOf(sceneOf('ES256', CORPUS.find(({ name }) => name === 'a self-made did:key')!.plan('ES256')));
  const watched = { ...question, statusOf: (list: string) => { asked.push(list); return undefined; }, commitmentOf: (root: string) => { asked.push(root); return 'unknown' as const; } };
  const original = globalThis.fetch;
  globalThis.fetch = () => { throw new Error('fetched'); };
  try {
    expect((await judgeCredential(watched, port)).report.issuer).toMatchObject({ code: 'DID_UNKNOWN' });
  } finally {
    globalThis.fetch = original;
  }
  expect(asked).toEqual([]);
});
