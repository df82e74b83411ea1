/** Any credential that there can be. */
import fc from 'fast-check';
import { schemaOf, type CredentialClaims } from '#domain/credential/claims.js';
import { CREDENTIAL_TYPES, CREDENTIAL_TYPE_NAMES, type CredentialType } from '#domain/credential/credential-type.js';
import { ASSURANCES, DIPLOMA_LEVELS, STUDY_MODES } from '#domain/credential/diploma.js';
import { enterpriseCheckDigit } from '#domain/credential/enterprise-number.js';
import { formatKilograms, formatPercent } from '#domain/quantity/mass.js';
import { SUBSTANCES } from '#domain/chemistry/substances.js';
import { PROVINCE_CODES } from '#domain/registry/provinces.js';

const digit = fc.integer({ min: 0, max: 9 }).map(String);
const characters = (alphabet: string, length: { minLength: number; maxLength: number }): fc.Arbitrary<string> =>
  fc.array(fc.constantFrom(...alphabet), length).map((all) => all.join(''));
const BASE64URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const HEX = '0123456789abcdef';

const LETTERS = 'aăâbcdđeêghiklmnoôơpqrstuưvxyAĐƯỆễộ0123456789.,-/()<>"\\\'&';
export const plainLine = (longest: number): fc.Arbitrary<string> =>
  fc.array(characters(LETTERS, { minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 5 }).map((words) => words.join(' ').slice(0, longest).trim());

export const urnUuid = fc.tuple(characters(HEX, { minLength: 31, maxLength: 31 }), fc.constantFrom('8', '9', 'a', 'b'))
  .map(([h, v]) => `urn:uuid:${h.slice(0, 8)}-${h.slice(8, 12)}-4${h.slice(12, 15)}-${v}${h.slice(15, 18)}-${h.slice(18, 30)}`);

const organisation = fc.tuple(fc.constantFrom('tra', 'hoa-chat', 'dai-hoc'), fc.nat(9999)).map(([name, n]) => `${name}-${n}`);
const province = fc.constantFrom(...PROVINCE_CODES);
const optional = <K extends string, T>(name: K, value: fc.Arbitrary<T>): fc.Arbitrary<Partial<Record<K, T>>> => fc.option(value).map((one) => (one === null ? {} : { [name]: one }) as Partial<Record<K, T>>);

/** A real number, or with `fictional` one that nobody has. */
const enterpriseNumber = (fictional: boolean): fc.Arbitrary<string> =>
  fc.tuple(fc.array(digit, { minLength: 9, maxLength: 9 }).map((all) => all.join('')).filter((base) => enterpriseCheckDigit(base) !== undefined), fc.integer({ min: 1, max: 9 }), fc.option(fc.integer({ min: 1, max: 999 })))
    .map(([base, off, branch]) => `${base}${((enterpriseCheckDigit(base) ?? 0) + (fictional ? off : 0)) % 10}${branch === null ? '' : `-${String(branch).padStart(3, '0')}`}`);

const named = fc.record({ organisation, name: plainLine(200) });
const fictional = fc.boolean();
const said = (is: boolean): { fictional?: 'yes' } => (is ? { fictional: 'yes' } : {});

const identity = fictional.chain((is) => fc.tuple(
  fc.record({ enterpriseNumber: enterpriseNumber(is), organisation, name: plainLine(200), address: plainLine(300), province, gs1Prefixes: fc.uniqueArray(fc.integer({ min: 300000, max: 999999 }).map(String), { maxLength: 4 }) }),
  optional('nameEn', plainLine(200)),
).map(([members, english]) => ({ ...members, ...english, ...said(is) })));

const content = fc.tuple(fc.bigInt(0n, 1_000_000n), fc.bigInt(0n, 1_000_000n)).map(([a, b]) => ({ least: formatPercent(a < b ? a : b), most: formatPercent(a < b ? b : a) }));
const line = fc.tuple(content, fc.record({
  substance: fc.constantFrom(...SUBSTANCES.map(({ id }) => id)), perYear: fc.bigInt(1n, 10n ** 15n).map(formatKilograms),
  site: fc.record({ address: plainLine(300), province }), group: fc.constantFrom('1', '2'),
})).map(([range, rest]) => ({ ...range, ...rest }));

const licence = fictional.chain((is) => fc.tuple(
  fc.record({
    number: plainLine(60), authority: named, holder: fc.tuple(named, enterpriseNumber(is)).map(([who, number]) => ({ ...who, enterpriseNumber: number })),
    lines: fc.array(line, { minLength: 1, maxLength: 4 }).map((lines) => lines.map((one, at) => ({ line: String(at + 1), ...one }))),
  }),
  optional('replaces', fc.tuple(plainLine(60), optional('credential', urnUuid)).map(([number, credential]) => ({ number, ...credential }))),
).map(([members, replaces]) => ({ ...members, ...replaces, ...said(is) })));

const diploma = fc.tuple(
  fc.record({
    institution: fc.tuple(named, province).map(([who, where]) => ({ ...who, province: where })), level: fc.constantFrom(...DIPLOMA_LEVELS), title: plainLine(120), field: plainLine(160),
    mode: fc.constantFrom(...STUDY_MODES), graduationYear: fc.integer({ min: 1900, max: 2026 }), decisionNumber: plainLine(60), issuePlace: plainLine(100),
    issueDate: fc.constantFrom('2026-12-31', '2028-02-29', '2999-06-01'), assurance: fc.constantFrom(...ASSURANCES),
  }),
  optional('titleEn', plainLine(120)), optional('fieldEn', plainLine(160)), optional('fictional', fc.constant('yes')),
  optional('replaces', fc.record({ credential: urnUuid, decisionNumber: plainLine(60) })),
).map((parts) => Object.assign({}, ...parts) as object);

/** What the credential of each type may say of its subject. */
export const SUBJECTS: Readonly<Record<CredentialType, fc.Arbitrary<object>>> = { EnterpriseIdentityCredential: identity, ChemicalLicenceCredential: licence, DiplomaCredential: diploma };

const digest = fc.tuple(characters(BASE64URL, { minLength: 42, maxLength: 42 }), fc.constantFrom(...'AEIMQUYcgkosw048')).map((parts) => parts.join(''));
export const digests = fc.uniqueArray(digest, { minLength: 4, maxLength: 5 }).map((all) => all.sort());

const did = fc.tuple(characters('abcdefghij', { minLength: 1, maxLength: 12 }), fc.option(characters('klmnop', { minLength: 1, maxLength: 8 }))).map(([host, path]) => `did:web:${host}.example${path === null ? '' : `:${path}`}`);
const index = fc.integer({ min: 0, max: 131_071 });

const statusOf = (indices: readonly [number, number, number]): CredentialClaims['status'] => ({
  revocation: { list: 'https://cap.example/status/r', index: indices[0] },
  suspension: { list: 'https://cap.example/status/s', index: indices[1] },
  refresh: { list: 'http://127.0.0.1:8082/status/a.b/r-1', index: indices[2] },
});

const claimsOf = (type: CredentialType): fc.Arbitrary<CredentialClaims> => fc.record({
  issuer: did, subject: type === 'DiplomaCredential' ? urnUuid : did, id: urnUuid, type: fc.constant(type),
  times: fc.tuple(fc.integer({ min: 1, max: 4_000_000_000 }), fc.nat(1_000_000), fc.integer({ min: 1, max: 1_000_000_000 })),
  status: fc.tuple(index, index, index).map(statusOf), subjectClaims: SUBJECTS[type],
  digests: CREDENTIAL_TYPES[type].disclosures.length === 0 ? fc.constant([]) : digests, schema: fc.constant(schemaOf(type)),
}).map(({ times: [issuedAt, later, lasts], ...claims }) => ({
  ...claims, issuedAt, notBefore: issuedAt + later, ...(CREDENTIAL_TYPES[type].expires ? { expires: issuedAt + later + lasts } : {}),
}) as unknown as CredentialClaims);

/** A credential of any type. */
export const anyClaims: fc.Arbitrary<CredentialClaims> = fc.oneof(...CREDENTIAL_TYPE_NAMES.map(claimsOf));
