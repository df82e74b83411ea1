import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalJson, type Json } from '#domain/canonical-json.js';
import { payloadOf, readPayload } from '#domain/credential/claims.js';
import { CREDENTIAL_TYPES, CREDENTIAL_TYPE_NAMES, type CredentialType } from '#domain/credential/credential-type.js';
import { CREDENTIAL_SCHEMAS } from '#domain/credential/schemas.js';
import { Problem, type ProblemCode } from '#domain/errors.js';
import { strictValidator } from '../../gateway/app/schema-validator.js';
import { plainLine, SUBJECTS, digests, urnUuid } from './arbitrary-claims.js';
import { SAMPLES } from './sample-claims.js';

/** The keywords used are those of every draft since 6, so that a validator of an older draft judges alike. */
const compile = await strictValidator();
const validate = Object.fromEntries(CREDENTIAL_TYPE_NAMES.map((type) => {
  const { $schema: _draft, $id: _id, ...schema } = CREDENTIAL_SCHEMAS[type];
  return [type, compile(schema)];
}));
const schemaTakes = (type: CredentialType, vc: unknown): boolean => validate[type]?.(vc) === true;

type Vc = Record<string, unknown> & { credentialSubject: Record<string, unknown> };
const payloadWith = (type: CredentialType, subject: unknown): Record<string, unknown> & { vc: Vc } => {
  const payload = JSON.parse(canonicalJson(payloadOf(SAMPLES[type]))) as Record<string, unknown> & { vc: Vc };
  return { ...payload, vc: { ...payload.vc, credentialSubject: subject as Vc['credentialSubject'] } };
};

/** The refusal of a subject by the reader, if there is one. */
function refusal(type: CredentialType, subject: unknown): ProblemCode | undefined {
  try {
    readPayload(payloadWith(type, subject));
    return undefined;
  } catch (error) {
    if (error instanceof Problem) return error.code;
    throw error;
  }
}

/** What JSON Schema cannot say: the reader alone refuses for these. Everything else both must see. */
const BEYOND_SCHEMA: ReadonlySet<ProblemCode> = new Set([
  'TEXT_NOT_PLAIN', 'TEXT_TOO_LONG', // NFC; a character beyond the first plane counts as two
  'DATE_INVALID', 'DIPLOMA_DATES_ORDER', 'PROVINCE_UNKNOWN', 'SUBSTANCE_UNKNOWN', 'COMPANY_PREFIX_RESTRICTED', 'COMPANY_PREFIXES_OVERLAP',
  'ENTERPRISE_NUMBER_CHECK_DIGIT_WRONG', 'ENTERPRISE_NUMBER_NOT_FICTIONAL', 'LIST_REPEATS', 'CONTENT_OUT_OF_RANGE', 'CREDENTIAL_REPLACES_ITSELF', 'CREDENTIAL_DIGESTS_NOT_SORTED',
]);

const withDigests = (type: CredentialType): fc.Arbitrary<Record<string, unknown>> => fc.tuple(SUBJECTS[type], digests).map(([subject, sd]) => (type === 'DiplomaCredential' ? { ...subject, _sd: sd } : { ...subject }));

describe('a published schema', () => {
  test.each(CREDENTIAL_TYPE_NAMES)('of %s has the digest that credentials name', (type) => {
    const digest = createHash('sha256').update(canonicalJson(CREDENTIAL_SCHEMAS[type])).digest('base64');
    expect(CREDENTIAL_TYPES[type].schemaDigest).toBe(`sha256-${digest}`);
    expect(CREDENTIAL_SCHEMAS[type]['$id']).toBe(CREDENTIAL_TYPES[type].schemaId);
  });

  test.each(CREDENTIAL_TYPE_NAMES)('of %s takes every credential that is read', (type) => {
    fc.assert(fc.property(withDigests(type), (subject) => {
      expect(refusal(type, subject)).toBeUndefined();
      expect(schemaTakes(type, payloadWith(type, subject).vc)).toBe(true);
    }));
  });

  /** Any place in the subject, emptied, filled with something else, or given company. */
  const places = (value: unknown, path: readonly string[] = []): string[][] => {
    const below = typeof value === 'object' && value !== null ? Object.entries(value).flatMap(([name, one]) => places(one, [...path, name])) : [];
    return path.length === 0 ? below : [[...path], ...below];
  };
  const value = fc.oneof(
    fc.jsonValue({ maxDepth: 1 }), plainLine(400), urnUuid,
    fc.constantFrom('', ' ', ' a', 'a ', 'a\u200bb', 'Mây'.normalize('NFD'), '0', '00', '100', '100.0', '100.00001', '0.00001', '01', '1e3', '-1', '999999999999999', '9999999999999999', 'yes', '1', '2', 0, 1, 2026, 1899, 3000, 2026.5, '2026-02-30', '2026-13-01', '2026-06-30', '9900000001', '9900000001-000',
      '000204000001', 'acetone', 'Acetone', 'a'.repeat(61), 'a'.repeat(301), '🍵', '🍵'.repeat(100), null, true, [], {}, ['952100'], ['952100', '952100'], ['95x']),
  );
  const change = fc.oneof(
    fc.constant({ kind: 'drop' } as const), value.map((to) => ({ kind: 'put', to }) as const),
    fc.tuple(fc.constantFrom('x', 'id', 'fullName', 'nameEn', 'replaces', 'fictional', 'titleEn'), value).map(([name, to]) => ({ kind: 'add', name, to }) as const),
  );
  function changed(subject: unknown, path: readonly string[], how: typeof change extends fc.Arbitrary<infer C> ? C : never): unknown {
    const copy: unknown = structuredClone(subject);
    const holder = path.slice(0, -1).reduce<unknown>((at, name) => (at as Record<string, unknown>)[name], copy) as Record<string, unknown>;
    const name = path.at(-1) ?? '';
    if (how.kind === 'put') holder[name] = how.to;
    else if (how.kind === 'add') Object.assign(holder, { [how.name]: how.to });
    else if (Array.isArray(holder)) holder.splice(Number(name), 1);
    else Reflect.deleteProperty(holder, name);
    return JSON.parse(JSON.stringify(copy));
  }

  test.each(CREDENTIAL_TYPE_NAMES)('of %s takes what the reader takes, but for what no schema can say', (type) => {
    const answers = { both: 0, neither: 0, reader: 0 };
    fc.assert(fc.property(withDigests(type), fc.nat(), change, (subject, at, how) => {
      const paths = places(subject);
      const mutant = changed(subject, paths[at % paths.length] ?? [], how);
      const code = refusal(type, mutant);
      const taken = schemaTakes(type, { ...payloadWith(type, mutant).vc });
      if (code === undefined) expect(taken).toBe(true);
      else if (taken) expect(BEYOND_SCHEMA).toContain(code);
      answers[code === undefined ? 'both' : taken ? 'reader' : 'neither'] += 1;
    }), { numRuns: 1_500 });
    expect(Math.min(answers.both, answers.neither)).toBeGreaterThan(100);
  });

  test('says nothing of members that are not the subject', () => {
    const { vc } = payloadWith('DiplomaCredential', (payloadOf(SAMPLES.DiplomaCredential) as { vc: { credentialSubject: Json } }).vc.credentialSubject);
    expect(schemaTakes('DiplomaCredential', { credentialSubject: vc.credentialSubject })).toBe(true);
    expect(schemaTakes('DiplomaCredential', {})).toBe(false);
  });
});
