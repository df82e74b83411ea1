import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { canonicalJson } from '#domain/canonical-json.js';
import { payloadOf, readPayload, type CredentialClaims } from '#domain/credential/claims.js';
import { leafInput } from '#domain/credential/commitment.js';
import { commitmentTree } from '#domain/credential/commitment-tree.js';
import { instantOf } from '#domain/instant.js';
import type { OrganisationId } from '#domain/registry/organisation.js';
import { CredentialMemory } from '../../../verifier/core/credential/credential-memory.js';
import { judgeCredential } from '../../../verifier/core/credential/judge.js';
import { KnownParts, readKnownPayload } from '../../../verifier/core/credential/known-payload.js';
import { committedRootIn } from '../../../verifier/core/credential/reading.js';
import { nodeCrypto } from '../../../verifier/server/node-crypto.js';
import { anyClaims } from '../../domain/credential/arbitrary-claims.js';
import { ALGORITHMS, grantOf, keyRecordOf, NOW, questionOf, SAMPLES, sceneOf, signerOf, statusesOf, type Scene } from '../../support/credential-maker.js';
import { didJwkOf, didKeyOf } from '../../support/own-key-signers.js';
import { goodReport } from './corpus-row.js';
import { chainScene, registered } from './corpus-trust.js';
import { accepts } from './second-verifier.js';
import { PUBLIC } from './public-knowledge.js';

const port = nodeCrypto();

/** Everything that these claims need to be right: their issuer on the register, with a key, a grant and three lists. */
function withIssuer(claims: CredentialClaims, now: number) {
  return (scene: Scene): Scene => {
    const organisation = organisationOf(claims);
    const founded = instantOf(0);
    const signers = ALGORITHMS.map((algorithm) => signerOf(claims.issuer, algorithm, algorithm));
    return {
      ...scene, now, ledger: 'answers',
      statuses: statusesOf(claims).map((one) => ({ ...one, validFrom: now - 1_000, validUntil: now + 1_000 })),
      snapshot: {
        ...scene.snapshot, knownAt: instantOf(now),
        dids: [{ kind: 'did', did: claims.issuer, organisation, registeredAt: founded }],
        keys: signers.map((signer) => ({ ...keyRecordOf(signer), from: founded, registeredAt: founded })),
        grants: [{ ...grantOf(claims.type, claims.issuer), from: founded, grantedAt: founded, until: instantOf(253_402_300_799_000) }],
      },
    };
  };
}

function organisationOf({ subjectClaims }: CredentialClaims): OrganisationId {
  if ('institution' in subjectClaims) return subjectClaims.institution.organisation;
  return 'authority' in subjectClaims ? subjectClaims.authority.organisation : 'so-dang-ky' as OrganisationId;
}

describe('a good credential is never refused', () => {
  test.each(ALGORITHMS)('%s: whatever it says, and whenever in its time', async (algorithm) => {
    const memory = new CredentialMemory();
    await fc.assert(fc.asyncProperty(anyClaims, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), async (claims, share) => {
      const lasts = (claims.expires ?? claims.notBefore + 1_000_000) - claims.notBefore;
      const now = (claims.notBefore + Math.floor(share * lasts)) * 1000;
      const scene = sceneOf(algorithm, { type: claims.type, claims: () => claims, signer: signerOf(claims.issuer, algorithm, algorithm), disclosures: () => [], scene: withIssuer(claims, now) });
      const verdict = await judgeCredential(questionOf(scene), port, memory);
      expect(verdict.verdict, JSON.stringify(verdict.report)).toBe('verified');
      expect(verdict.facts?.claims).toEqual(claims);
      expect(committedRootIn(scene.text)).toBe(scene.commitments[0]?.root);
    }), { numRuns: 300 });
  });

  test('the second verifier accepts them too', () => {
    fc.assert(fc.property(anyClaims, fc.constantFrom(...ALGORITHMS), (claims, algorithm) => {
      const scene = sceneOf(algorithm, { type: claims.type, claims: () => claims, signer: signerOf(claims.issuer, algorithm, algorithm), disclosures: () => [], scene: withIssuer(claims, claims.notBefore * 1000) });
      expect(accepts(scene, PUBLIC)).toBe(true);
    }), { numRuns: 100 });
  });

  const ways: readonly (readonly [string, Parameters<typeof sceneOf>[1]])[] = [
    ['a diploma with one disclosure', { type: 'DiplomaCredential', disclosures: (all) => all.slice(0, 1) }],
    ['a diploma with its disclosures in another order', { type: 'DiplomaCredential', disclosures: (all) => all.toReversed() }],
    ['a chain of four', { scene: chainScene(4) }],
    ['one that begins in 59 seconds (C12)', { claims: (claims) => ({ ...claims, notBefore: NOW / 1000 + 59 }) }],
    ['one that begins in 60 seconds', { claims: (claims) => ({ ...claims, notBefore: NOW / 1000 + 60 }) }],
    ['one that ends in a second (C12)', { claims: (claims) => ({ ...claims, expires: NOW / 1000 + 1 }) }],
    ['a list a day old', { scene: (scene) => ({ ...scene, statuses: scene.statuses.map((one) => ({ ...one, validFrom: NOW - 86_400_000 })) }) }],
    ['a list signed a quarter of an hour ahead of this clock', { scene: (scene) => ({ ...scene, statuses: scene.statuses.map((one) => ({ ...one, validFrom: NOW + 900_000, validUntil: NOW + 1_800_000 })) }) }],
  ];
  test.each(ways.flatMap(([name, plan]) => ALGORITHMS.map((algorithm) => [name, algorithm, plan] as const)))('%s, %s', async (_, algorithm, plan) => {
    const scene = sceneOf(algorithm, plan);
    expect((await judgeCredential(questionOf(scene), port)).report).toEqual(goodReport(plan?.type ?? 'ChemicalLicenceCredential'));
    expect(accepts(scene, PUBLIC)).toBe(true);
  });

  test.each(ALGORITHMS.flatMap((algorithm) => [['did:key', algorithm, didKeyOf(algorithm)], ['did:jwk', algorithm, didJwkOf(algorithm)]] as const))('a registered %s, %s', async (_, algorithm, signer) => {
    const scene = sceneOf(algorithm, registered(signer));
    const memory = new CredentialMemory();
    for (let times = 0; times < 3; times++) expect((await judgeCredential(questionOf(scene), port, memory)).report).toEqual(goodReport('ChemicalLicenceCredential'));
    expect(accepts(scene, PUBLIC)).toBe(true);
  });

  test.each([2, 3, 5, 8, 1_000])('any one of a batch of %i', async (count) => {
    const sha256 = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest();
    const made = sceneOf('EdDSA', { type: 'DiplomaCredential' });
    const jwt = made.text.slice(0, made.text.indexOf('~'));
    for (const place of [0, 1, count - 1]) {
      const salt = new Uint8Array(16).fill(place % 251);
      const leaves = Array.from({ length: count }, (_, at) => sha256(at === place ? leafInput(salt, sha256(Buffer.from(jwt))) : Buffer.from(`leaf ${at}`)));
      const tree = await commitmentTree(leaves, sha256);
      const evidence = { ...tree.placeOf(place), salt: Buffer.from(salt).toString('base64url') };
      const text = `${made.text.slice(0, made.text.indexOf('#'))}#${Buffer.from(canonicalJson(evidence)).toString('base64url')}`;
      const scene: Scene = { ...made, text, commitments: made.commitments.map((record) => ({ ...record, root: tree.root, count })) };
      expect((await judgeCredential(questionOf(scene), port)).verdict).toBe('verified');
      expect(accepts(scene, PUBLIC)).toBe(true);
    }
  });
});

describe('the short cut through payloads', () => {
  test('takes every payload that is spelt as it must be, and reads in it what the long way reads', () => {
    const known = new KnownParts();
    fc.assert(fc.property(anyClaims, (claims) => {
      const text = canonicalJson(payloadOf(claims));
      const read = readKnownPayload(text, known);
      expect(JSON.stringify(read)).toBe(JSON.stringify(readPayload(JSON.parse(text))));
      expect(JSON.stringify(readKnownPayload(text, known))).toBe(JSON.stringify(read));
    }), { numRuns: 1_000 });
  });

  test('a subject that was read for one type is not taken for another', () => {
    const known = new KnownParts();
    const diploma = canonicalJson(payloadOf(SAMPLES.DiplomaCredential));
    expect(readKnownPayload(diploma, known)).toBeDefined();
    const members = diploma.slice(diploma.indexOf('"],"', diploma.indexOf('"_sd":')) + 3, diploma.lastIndexOf('},"type"'));
    const licence = canonicalJson(payloadOf(SAMPLES.ChemicalLicenceCredential));
    const forged = licence.replace(/"credentialSubject":\{.*\},"type"/, () => `"credentialSubject":{${members}},"type"`);
    expect(JSON.parse(forged)).toMatchObject({ vc: { credentialSubject: { level: 'bachelor' } } });
    expect(readKnownPayload(forged, known)).toBeUndefined();
  });
});
