import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalJson, type Json } from '#domain/canonical-json.js';
import { payloadOf, readPayload, trustScopeOf, type CredentialClaims } from '#domain/credential/claims.js';
import { Problem } from '#domain/errors.js';
import { parseStrictJson } from '#domain/strict-json.js';
import { anyClaims } from './arbitrary-claims.js';
import { DIPLOMA, IDENTITY, LICENCE, SAMPLES } from './sample-claims.js';

const signed = (claims: CredentialClaims): unknown => parseStrictJson(canonicalJson(payloadOf(claims)), 100_000);

describe('payload and claims', () => {
  test.each(Object.entries(SAMPLES))('%s is read back as it was', (_, claims) => expect(readPayload(signed(claims))).toEqual(claims));

  test('readPayload undoes payloadOf, and payloadOf readPayload', () => {
    fc.assert(fc.property(anyClaims, (claims) => {
      const text = canonicalJson(payloadOf(claims));
      const read = readPayload(parseStrictJson(text, 100_000));
      expect(read).toEqual(claims);
      expect(canonicalJson(payloadOf(read))).toBe(text);
    }), { numRuns: 500 });
  });

  test('a diploma as it is signed', () => {
    expect(payloadOf(DIPLOMA)).toEqual({
      iss: 'did:web:dai-hoc.example:vi-du', sub: 'urn:uuid:3f2504e0-4f89-41d3-9a0c-0305e82c3301', jti: 'urn:uuid:f81d4fae-7dec-41d0-a765-00a0c91e6bf6',
      iat: 1_795_163_400, nbf: 1_795_163_400, _sd_alg: 'sha-256',
      vc: {
        '@context': ['https://www.w3.org/2018/credentials/v1', 'https://minhchung.example/contexts/credentials/v1'],
        type: ['VerifiableCredential', 'DiplomaCredential'],
        credentialSubject: { ...DIPLOMA.subjectClaims, _sd: DIPLOMA.digests },
        credentialStatus: (['revocation', 'suspension', 'refresh'] as const).map((statusPurpose) => {
          const { list, index } = DIPLOMA.status[statusPurpose];
          return { id: `${list}#${index}`, type: 'BitstringStatusListEntry', statusPurpose, statusListIndex: String(index), statusListCredential: list };
        }),
        credentialSchema: { id: 'https://minhchung.example/schemas/diploma-v1.json', type: 'JsonSchema', digest: DIPLOMA.schema.digest },
      },
    });
  });

  test('a licence carries no digests and no algorithm for them', () => {
    const payload = payloadOf(LICENCE) as Record<string, Json>;
    expect(Object.keys(payload).sort()).toEqual(['exp', 'iat', 'iss', 'jti', 'nbf', 'sub', 'vc']);
  });
});

describe('any one change', () => {
  /** Every place in a value, as a path. */
  function places(value: unknown, path: readonly string[] = []): string[][] {
    const here = path.length === 0 ? [] : [[...path]];
    if (typeof value !== 'object' || value === null) return here;
    return [...here, ...Object.keys(value).flatMap((name) => places((value as Record<string, unknown>)[name], [...path, name]))];
  }

  function changed(payload: unknown, path: readonly string[], change: (holder: Record<string, unknown>, name: string) => void): unknown {
    const copy: unknown = structuredClone(payload);
    const holder = path.slice(0, -1).reduce<unknown>((at, name) => (at as Record<string, unknown>)[name], copy);
    change(holder as Record<string, unknown>, path.at(-1) ?? '');
    return JSON.parse(JSON.stringify(copy)); // a payload is JSON: lists have no further members
  }

  const remove = (holder: Record<string, unknown>, name: string): void => {
    if (Array.isArray(holder)) holder.splice(Number(name), 1);
    else delete holder[name];
  };
  const replacement = fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constantFrom(0, -1, 1.5, 2 ** 53, '', ' ', '0', 'did:web:evil.example', 'yes', [], {}, null, true, '2026-02-30'));
  const stranger = fc.tuple(fc.constantFrom('issuer', 'id', 'type', 'exp', 'validUntil', 'fullName', '_sd', '__proto__', 'constructor', 'x'), replacement);
  const mutation = fc.oneof(
    fc.constant(remove),
    replacement.map((value) => (holder: Record<string, unknown>, name: string) => { holder[name] = value; }),
    stranger.map(([added, value]) => (holder: Record<string, unknown>, name: string) => {
      const target = holder[name];
      const into = typeof target === 'object' && target !== null ? target as Record<string, unknown> : holder;
      Object.defineProperty(into, added, { value, enumerable: true, configurable: true, writable: true });
    }),
    fc.nat(40).map((at) => (holder: Record<string, unknown>, name: string) => {
      const text = String(holder[name]);
      holder[name] = text.slice(0, at) + String.fromCharCode((text.charCodeAt(at) || 64) ^ 1) + text.slice(at + 1);
    }),
  );

  test('is refused with a code and a field, or gives other claims', () => {
    const cases = Object.values(SAMPLES).map((claims) => ({ payload: signed(claims), claims, paths: places(signed(claims)) }));
    let refused = 0;
    fc.assert(fc.property(fc.constantFrom(...cases), fc.nat(), mutation, ({ payload, claims, paths }, at, change) => {
      const mutant = changed(payload, paths[at % paths.length] ?? [], change);
      const same = JSON.stringify(mutant) === JSON.stringify(payload);
      try {
        const read = readPayload(mutant);
        if (!same) expect(read).not.toEqual(claims);
        expect(readPayload(payloadOf(read))).toEqual(read);
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
        refused += 1;
        expect(error.fields).toHaveProperty('field');
        expect(same).toBe(false);
      }
    }), { numRuns: 3_000 });
    expect(refused).toBeGreaterThan(1_000);
  });
});

describe('for what its issuer must have the right', () => {
  test.each([
    ['a licence: its sites and substances, each once', LICENCE, { provinces: ['01', '75'], substances: ['acetone', 'methanol'] }],
    ['a diploma: where the institution is', DIPLOMA, { provinces: ['01'], substances: [] }],
    ['an identity: where the enterprise is', IDENTITY, { provinces: ['75'], substances: [] }],
  ] as const)('%s', (_, claims, scope) => expect(trustScopeOf(claims)).toEqual(scope));
});
