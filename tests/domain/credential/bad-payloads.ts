/** Payloads that are wrong, each by one change to a right one, with the code and the field of the refusal. */
import type { CredentialClaims } from '#domain/credential/claims.js';
import type { ProblemCode, ProblemFields } from '#domain/errors.js';
import { DIGESTS, DIPLOMA, IDENTITY, ISSUED_AT, LICENCE } from './sample-claims.js';

export type Payload = Record<string, unknown>;
type Edit = (payload: Payload) => void;
export type BadPayload = readonly [name: string, of: CredentialClaims, edit: Edit, code: ProblemCode, field: string, fields?: ProblemFields];

/** `trust.md` 2.1 (C6, C7, C8), 2.2 (K7) and `credentials.md` 3.4 are where the kinds of wrong come from. */
const BAD: BadPayload[] = [];
const bad = (...row: BadPayload): void => {
  BAD.push(row);
};

/** The object in which the last name of a path such as `vc/credentialStatus/0/id` stands, and that name. */
function placeOf(payload: Payload, path: string): [holder: Payload, name: string] {
  const names = path.split('/');
  const holder = names.slice(0, -1).reduce<unknown>((at, name) => (at as Payload)[name], payload);
  return [holder as Payload, names.at(-1) ?? ''];
}
const set = (path: string, value: unknown): Edit => (payload) => {
  const [holder, name] = placeOf(payload, path);
  Object.defineProperty(holder, name, { value, enumerable: true, configurable: true, writable: true });
};
const drop = (path: string): Edit => (payload) => {
  const [holder, name] = placeOf(payload, path);
  Reflect.deleteProperty(holder, name);
};
const onStatus = (edit: (entries: Payload[]) => unknown): Edit => (payload) => {
  edit((payload['vc'] as { credentialStatus: Payload[] }).credentialStatus);
};
const both = (...edits: readonly Edit[]): Edit => (payload) => edits.forEach((edit) => edit(payload));
const dotted = (path: string): string => path.replaceAll('/', '.').replaceAll(/\.(\d+)/g, '[$1]');

// Members: missing, of the wrong type, unknown
for (const path of ['iss', 'sub', 'jti', 'iat', 'nbf', 'vc', 'vc/@context', 'vc/type', 'vc/credentialSubject', 'vc/credentialStatus', 'vc/credentialSchema',
  'vc/credentialStatus/0/id', 'vc/credentialStatus/1/type', 'vc/credentialStatus/2/statusPurpose', 'vc/credentialStatus/0/statusListIndex', 'vc/credentialStatus/0/statusListCredential',
  'vc/credentialSchema/id', 'vc/credentialSchema/type', 'vc/credentialSchema/digest']) {
  bad(`no ${path}`, IDENTITY, drop(path), 'CREDENTIAL_MEMBER_MISSING', dotted(path));
}
for (const member of ['enterpriseNumber', 'organisation', 'name', 'address', 'province', 'gs1Prefixes']) bad(`identity without ${member}`, IDENTITY, drop(`vc/credentialSubject/${member}`), 'CREDENTIAL_MEMBER_MISSING', `vc.credentialSubject.${member}`);
for (const path of ['number', 'authority', 'authority/organisation', 'authority/name', 'holder', 'holder/organisation', 'holder/enterpriseNumber', 'holder/name', 'lines',
  'lines/0/line', 'lines/0/substance', 'lines/1/least', 'lines/1/most', 'lines/0/perYear', 'lines/0/site', 'lines/0/site/address', 'lines/0/site/province', 'lines/1/group', 'replaces/number']) {
  bad(`licence without ${path}`, LICENCE, drop(`vc/credentialSubject/${path}`), 'CREDENTIAL_MEMBER_MISSING', dotted(`vc/credentialSubject/${path}`));
}
for (const path of ['institution', 'institution/organisation', 'institution/name', 'institution/province', 'level', 'title', 'field', 'mode', 'graduationYear', 'decisionNumber', 'issuePlace', 'issueDate', 'assurance']) {
  bad(`diploma without ${path}`, DIPLOMA, drop(`vc/credentialSubject/${path}`), 'CREDENTIAL_MEMBER_MISSING', dotted(`vc/credentialSubject/${path}`));
}
for (const [path, value] of [['vc', 'text'], ['vc', []], ['vc', null], ['vc/credentialSubject', []], ['vc/credentialSubject', 'x'], ['vc/credentialStatus', {}], ['vc/credentialStatus/0', 'x'], ['vc/credentialSchema', []], ['iss', 7], ['iss', ['did:web:a.example']], ['iss', { id: 'did:web:a.example' }]] as const) {
  bad(`${path} as ${JSON.stringify(value)}`, IDENTITY, set(path, value), 'CREDENTIAL_MEMBER_WRONG_TYPE', dotted(path));
}
for (const [path, value] of [['name', 7], ['gs1Prefixes', '952100'], ['gs1Prefixes/0', 952100], ['province', 75]] as const) {
  bad(`identity with ${path} as ${JSON.stringify(value)}`, IDENTITY, set(`vc/credentialSubject/${path}`, value), 'CREDENTIAL_MEMBER_WRONG_TYPE', dotted(`vc/credentialSubject/${path}`));
}
for (const path of ['x', 'vc/x', 'vc/credentialSubject/x', 'vc/credentialStatus/1/x', 'vc/credentialSchema/x', 'vc/credentialSubject/__proto__', 'constructor', 'vc/credentialStatus/0/ttl', 'vc/credentialStatus/0/statusMessage']) {
  bad(`unknown ${path}`, IDENTITY, set(path, 'x'), 'CREDENTIAL_MEMBER_UNKNOWN', dotted(path));
}
bad('an unknown member in a line', LICENCE, set('vc/credentialSubject/lines/1/note', 'x'), 'CREDENTIAL_MEMBER_UNKNOWN', 'vc.credentialSubject.lines[1].note');
bad('an unknown member that would disturb a page', IDENTITY, set('vc/<b>\u202eevil', 'x'), 'CREDENTIAL_MEMBER_UNKNOWN', 'vc.?b??evil');

// Shadow claims: C7, C8, traps 3, 10 and 11
for (const name of ['issuer', 'issuanceDate', 'expirationDate', 'validFrom', 'validUntil', 'id', 'type', 'credentialSubject', 'credentialStatus', 'credentialSchema', '@context', 'holder', 'proof', 'vp', 'aud', 'nonce', 'cnf']) {
  bad(`${name} beside iss`, DIPLOMA, set(name, 'did:web:evil.example'), 'CREDENTIAL_SHADOW_CLAIM', name);
}
for (const name of ['issuer', 'issuanceDate', 'expirationDate', 'issued', 'validFrom', 'validUntil', 'id', 'iss', 'sub', 'exp', 'nbf', 'iat', 'jti', 'proof', 'termsOfUse', 'evidence', 'refreshService']) {
  bad(`${name} in vc`, DIPLOMA, set(`vc/${name}`, DIPLOMA.issuer), 'CREDENTIAL_SHADOW_CLAIM', `vc.${name}`);
}
for (const name of ['id', 'type', 'issuer', 'validUntil', 'credentialStatus', 'proof']) bad(`${name} in the subject`, LICENCE, set(`vc/credentialSubject/${name}`, LICENCE.subject), 'CREDENTIAL_SHADOW_CLAIM', `vc.credentialSubject.${name}`);
bad('id of the holder', LICENCE, set('vc/credentialSubject/holder/id', LICENCE.subject), 'CREDENTIAL_SHADOW_CLAIM', 'vc.credentialSubject.holder.id');
bad('issuer in a status entry', LICENCE, set('vc/credentialStatus/0/issuer', LICENCE.issuer), 'CREDENTIAL_SHADOW_CLAIM', 'vc.credentialStatus[0].issuer');

// Personal data in the clear: D12
for (const name of ['fullName', 'dateOfBirth', 'serialNumber', 'registerNumber', 'classification']) {
  bad(`${name} in the subject`, DIPLOMA, set(`vc/credentialSubject/${name}`, 'Nguyễn Thị Mây'), 'CREDENTIAL_PERSONAL_IN_CLEAR', `vc.credentialSubject.${name}`);
}
bad('fullName at the top', DIPLOMA, set('fullName', 'Nguyễn Thị Mây'), 'CREDENTIAL_PERSONAL_IN_CLEAR', 'fullName');
bad('fullName in vc', IDENTITY, set('vc/fullName', 'Nguyễn Thị Mây'), 'CREDENTIAL_PERSONAL_IN_CLEAR', 'vc.fullName');
bad('dateOfBirth of the institution', DIPLOMA, set('vc/credentialSubject/institution/dateOfBirth', '2004-06-20'), 'CREDENTIAL_PERSONAL_IN_CLEAR', 'vc.credentialSubject.institution.dateOfBirth');

// Times: C6
for (const field of ['exp', 'nbf', 'iat']) {
  for (const value of [0, -1, 1.5, '1795163400', 'never', null, true, [], 2 ** 53, 1e300, 253_402_300_800]) {
    bad(`${field} ${JSON.stringify(value)}`, LICENCE, set(field, value), 'CREDENTIAL_TIME_WRONG', field);
  }
}
bad('issued after it begins', LICENCE, set('iat', ISSUED_AT + 1), 'CREDENTIAL_TIMES_ORDER', 'nbf');
bad('ends as it begins', LICENCE, set('exp', ISSUED_AT), 'CREDENTIAL_TIMES_ORDER', 'exp');
bad('ends before it begins', IDENTITY, set('exp', ISSUED_AT - 1), 'CREDENTIAL_TIMES_ORDER', 'exp');
bad('a licence without end', LICENCE, drop('exp'), 'CREDENTIAL_EXPIRY_MISSING', 'exp');
bad('an identity without end', IDENTITY, drop('exp'), 'CREDENTIAL_EXPIRY_MISSING', 'exp');
bad('a diploma that ends', DIPLOMA, set('exp', ISSUED_AT + 1), 'CREDENTIAL_EXPIRY_NOT_ALLOWED', 'exp');

// Identifiers
for (const value of ['', 'urn:uuid:F81D4FAE-7DEC-41D0-A765-00A0C91E6BF6', 'urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6', 'urn:uuid:f81d4fae-7dec-41d0-c765-00a0c91e6bf6', 'f81d4fae-7dec-41d0-a765-00a0c91e6bf6',
  'URN:UUID:f81d4fae-7dec-41d0-a765-00a0c91e6bf6', 'urn:uuid:f81d4fae-7dec-41d0-a765-00a0c91e6bf6 ', 'urn:uuid:f81d4fae7dec41d0a76500a0c91e6bf6', 'https://dai-hoc.example/1', 7, null]) {
  bad(`jti ${JSON.stringify(value)}`, DIPLOMA, set('jti', value), 'CREDENTIAL_ID_MALFORMED', 'jti');
}
for (const value of ['', 'Nguyễn Thị Mây', 'urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6', 'DID:web:a.example', 'https://a.example', 7, null, []]) {
  bad(`sub ${JSON.stringify(value)}`, DIPLOMA, set('sub', value), 'CREDENTIAL_SUBJECT_MALFORMED', 'sub');
}
bad('an enterprise without a DID', IDENTITY, set('sub', DIPLOMA.subject), 'CREDENTIAL_SUBJECT_MALFORMED', 'sub');
bad('a subject with a malformed DID', LICENCE, set('sub', 'did:web:Ban-Mai.example'), 'DID_MALFORMED', 'sub');
bad('an issuer with a malformed DID', LICENCE, set('iss', 'did:web:a.example/../b'), 'DID_MALFORMED', 'iss');
bad('an issuer with a key id', LICENCE, set('iss', 'did:web:a.example#khoa-1'), 'DID_MALFORMED', 'iss');
bad('an issuer of another method', LICENCE, set('iss', 'did:nda:0x0000000000000000000000000000000000000001'), 'DID_METHOD_NOT_ALLOWED', 'iss');
bad('an issuer that is a web address', LICENCE, set('iss', 'https://self-issued.me/v2'), 'DID_MALFORMED', 'iss');

// Contexts, types, schemas
const [V1, OWN] = ['https://www.w3.org/2018/credentials/v1', 'https://minhchung.example/contexts/credentials/v1'];
for (const value of [[], [V1], [OWN], [OWN, V1], [V1, OWN, 'https://evil.example'], [V1, OWN, OWN], ['https://www.w3.org/ns/credentials/v2', OWN], V1, { '@vocab': 'x' }, [V1, { '@vocab': 'x' }], null]) {
  bad(`contexts ${JSON.stringify(value)}`, DIPLOMA, set('vc/@context', value), 'CREDENTIAL_CONTEXT_WRONG', 'vc.@context');
}
for (const value of [[], 'DiplomaCredential', ['VerifiableCredential'], ['DiplomaCredential'], ['DiplomaCredential', 'VerifiableCredential'], ['VerifiableCredential', 'BankCredential'], ['VerifiableCredential', 'DiplomaCredential', 'ChemicalLicenceCredential'],
  ['VerifiableCredential', 'VerifiableCredential'], ['VerifiableCredential', 'toString'], ['VerifiableCredential', 7], ['VerifiablePresentation', 'DiplomaCredential'], null]) {
  bad(`types ${JSON.stringify(value)}`, DIPLOMA, set('vc/type', value), 'CREDENTIAL_TYPE_UNKNOWN', 'vc.type');
}
bad('a diploma that says it is a licence', DIPLOMA, both(set('vc/type', ['VerifiableCredential', 'ChemicalLicenceCredential']), set('exp', ISSUED_AT + 9)), 'CREDENTIAL_MEMBER_UNKNOWN', 'vc.credentialSubject.assurance');
bad("another type's schema", DIPLOMA, set('vc/credentialSchema/id', LICENCE.schema.id), 'CREDENTIAL_SCHEMA_UNKNOWN', 'vc.credentialSchema.id');
bad('a schema that nobody knows', DIPLOMA, set('vc/credentialSchema/id', 'https://evil.example/any.json'), 'CREDENTIAL_SCHEMA_UNKNOWN', 'vc.credentialSchema.id');
bad('another kind of schema', DIPLOMA, set('vc/credentialSchema/type', 'JsonSchemaCredential'), 'CREDENTIAL_SCHEMA_UNKNOWN', 'vc.credentialSchema.type');
bad('a schema with another digest', DIPLOMA, set('vc/credentialSchema/digest', LICENCE.schema.digest), 'CREDENTIAL_SCHEMA_DIGEST_WRONG', 'vc.credentialSchema.digest');
bad('a schema with the digest in hexadecimal', DIPLOMA, set('vc/credentialSchema/digest', 'a'.repeat(64)), 'CREDENTIAL_SCHEMA_DIGEST_WRONG', 'vc.credentialSchema.digest');

// Status: K6, K7
const status = 'vc/credentialStatus';
bad('no status at all', DIPLOMA, set(status, []), 'CREDENTIAL_STATUS_MISSING', 'vc.credentialStatus', { purpose: 'revocation' });
bad('no revocation', DIPLOMA, onStatus((entries) => entries.shift()), 'CREDENTIAL_STATUS_MISSING', 'vc.credentialStatus', { purpose: 'revocation' });
bad('no suspension', DIPLOMA, onStatus((entries) => entries.splice(1, 1)), 'CREDENTIAL_STATUS_MISSING', 'vc.credentialStatus', { purpose: 'suspension' });
bad('no refresh', DIPLOMA, onStatus((entries) => entries.pop()), 'CREDENTIAL_STATUS_MISSING', 'vc.credentialStatus', { purpose: 'refresh' });
bad('suspension in place of revocation', DIPLOMA, set(`${status}/0/statusPurpose`, 'suspension'), 'CREDENTIAL_STATUS_MISSING', 'vc.credentialStatus', { purpose: 'revocation' });
bad('revocation twice', DIPLOMA, onStatus((entries) => entries.push(entries[0] ?? {})), 'CREDENTIAL_STATUS_REPEATED', 'vc.credentialStatus', { purpose: 'revocation' });
bad('one list for two purposes', DIPLOMA, onStatus(([one, two]) => Object.assign(two ?? {}, { id: one?.['id'], statusListCredential: one?.['statusListCredential'] })), 'CREDENTIAL_STATUS_REPEATED', 'vc.credentialStatus');
bad('revocation second', DIPLOMA, onStatus((entries) => entries.reverse()), 'CREDENTIAL_STATUS_MALFORMED', 'vc.credentialStatus[0].statusPurpose');
bad('a fourth purpose', DIPLOMA, onStatus((entries) => entries.push({ ...entries[0], statusPurpose: 'message' })), 'CREDENTIAL_STATUS_MALFORMED', 'vc.credentialStatus[3].statusPurpose');
bad('the older kind of entry', DIPLOMA, set(`${status}/0/type`, 'StatusList2021Entry'), 'CREDENTIAL_STATUS_MALFORMED', 'vc.credentialStatus[0].type');
bad('an entry named otherwise', DIPLOMA, set(`${status}/1/id`, 'https://cap.minhchung.example/status/x#1'), 'CREDENTIAL_STATUS_MALFORMED', 'vc.credentialStatus[1].id');
bad('an index that its id does not name', DIPLOMA, set(`${status}/2/statusListIndex`, '1'), 'CREDENTIAL_STATUS_MALFORMED', 'vc.credentialStatus[2].id');
for (const index of ['abc', '1e3', '-1', '131072', '1.5', ' 5', '5 ', '007', '', '9007199254740992', '0x10', '+1', '١', 7, null]) {
  bad(`index ${JSON.stringify(index)}`, DIPLOMA, set(`${status}/0/statusListIndex`, index), 'CREDENTIAL_STATUS_INDEX_WRONG', 'vc.credentialStatus[0].statusListIndex');
}
for (const list of ['', 'http://cap.example/status/1', 'https://user@cap.example/status/1', 'https://cap.example/status/1?x=1', 'https://cap.example/status/1#x', 'https://cap.example/../status/1', 'https://cap.example/status/..', 'https://cap.example',
  'https://cap.example/', 'https://CAP.example/status/1', 'https://cap.example/status/%31', 'javascript:alert(1)', 'file:///etc/passwd', 'https://cap.example:0/status/1', 'https://cap..example/status/1', 'http://localhost.evil.example/status/1', `https://cap.example/${'a/'.repeat(9)}a`,
  `https://cap.example/${'a'.repeat(65)}`, 'https://[::1]/status/1', 'http://169.254.169.254/latest', 7, null]) {
  bad(`list ${JSON.stringify(list).slice(0, 60)}`, DIPLOMA, set(`${status}/1/statusListCredential`, list), 'CREDENTIAL_STATUS_LIST_WRONG', 'vc.credentialStatus[1].statusListCredential');
}

// Digests: C23
const sd = 'vc/credentialSubject/_sd';
bad('a diploma without digests', DIPLOMA, drop(sd), 'CREDENTIAL_DIGESTS_MISSING', 'vc.credentialSubject._sd');
bad('a diploma with no digest', DIPLOMA, set(sd, []), 'CREDENTIAL_DIGESTS_MISSING', 'vc.credentialSubject._sd');
bad('a diploma with three digests', DIPLOMA, set(sd, DIGESTS.slice(2)), 'CREDENTIAL_DIGESTS_MISSING', 'vc.credentialSubject._sd');
bad('a diploma with six digests', DIPLOMA, set(sd, [...DIGESTS, `z${'A'.repeat(42)}`]), 'CREDENTIAL_DIGESTS_NOT_ALLOWED', 'vc.credentialSubject._sd', { most: '5' });
bad('digests as one text', DIPLOMA, set(sd, DIGESTS.join()), 'CREDENTIAL_MEMBER_WRONG_TYPE', 'vc.credentialSubject._sd');
for (const [name, digest] of [['short', 'A'.repeat(42)], ['long', 'A'.repeat(44)], ['padded', `${'A'.repeat(43)}=`], ['base64', `+${'A'.repeat(42)}`], ['with spare bits', `${'A'.repeat(42)}B`], ['a number', 7], ['nothing', null]] as const) {
  bad(`a digest, ${name}`, DIPLOMA, set(`${sd}/0`, digest), 'CREDENTIAL_DIGEST_MALFORMED', 'vc.credentialSubject._sd[0]');
}
bad('a digest twice', DIPLOMA, set(`${sd}/3`, DIGESTS[2]), 'CREDENTIAL_DIGEST_REPEATED', 'vc.credentialSubject._sd[3]');
bad('a digest twice, apart', DIPLOMA, set(`${sd}/4`, DIGESTS[0]), 'CREDENTIAL_DIGEST_REPEATED', 'vc.credentialSubject._sd[4]');
bad('digests in the order of the members', DIPLOMA, set(sd, [DIGESTS[1], DIGESTS[0], ...DIGESTS.slice(2)]), 'CREDENTIAL_DIGESTS_NOT_SORTED', 'vc.credentialSubject._sd[1]');
bad('no digest algorithm', DIPLOMA, drop('_sd_alg'), 'CREDENTIAL_DIGEST_ALGORITHM_WRONG', '_sd_alg');
for (const algorithm of ['sha-512', 'SHA-256', 'md5', '', 7, null]) bad(`digest algorithm ${JSON.stringify(algorithm)}`, DIPLOMA, set('_sd_alg', algorithm), 'CREDENTIAL_DIGEST_ALGORITHM_WRONG', '_sd_alg');
bad('digests of a licence', LICENCE, set(sd, DIGESTS), 'CREDENTIAL_DIGESTS_NOT_ALLOWED', 'vc.credentialSubject._sd', { most: '0' });
bad('an empty list of digests of an identity', IDENTITY, set(sd, []), 'CREDENTIAL_DIGESTS_NOT_ALLOWED', 'vc.credentialSubject._sd', { most: '0' });
bad('a digest algorithm without digests', LICENCE, set('_sd_alg', 'sha-256'), 'CREDENTIAL_DIGEST_ALGORITHM_WRONG', '_sd_alg');
bad('digests deeper down', DIPLOMA, set('vc/credentialSubject/institution/_sd', DIGESTS), 'CREDENTIAL_MEMBER_UNKNOWN', 'vc.credentialSubject.institution._sd');
bad('digests in vc', DIPLOMA, set('vc/_sd', DIGESTS), 'CREDENTIAL_MEMBER_UNKNOWN', 'vc._sd');

// Values of subjects
const subject = (path: string, value: unknown) => set(`vc/credentialSubject/${path}`, value);
const ofSubject = (path: string): string => dotted(`vc/credentialSubject/${path}`);
const badSubject = (...[name, of, path, value, code, field = path]: readonly [name: string, of: CredentialClaims, path: string, value: unknown, code: ProblemCode, field?: string]): void => bad(name, of, subject(path, value), code, ofSubject(field));
badSubject('a real number in a demonstration', IDENTITY, 'enterpriseNumber', '0100109106', 'ENTERPRISE_NUMBER_NOT_FICTIONAL');
badSubject('a number of no form', IDENTITY, 'enterpriseNumber', '990000000', 'ENTERPRISE_NUMBER_MALFORMED');
badSubject('a personal number', IDENTITY, 'enterpriseNumber', '000204000001', 'ENTERPRISE_NUMBER_PERSONAL');
badSubject('a personal number of a holder', LICENCE, 'holder/enterpriseNumber', '000204000001', 'ENTERPRISE_NUMBER_PERSONAL');
badSubject('a real number of a fictional holder', LICENCE, 'holder/enterpriseNumber', '0100109106', 'ENTERPRISE_NUMBER_NOT_FICTIONAL');
bad('a number that does not check', IDENTITY, drop('vc/credentialSubject/fictional'), 'ENTERPRISE_NUMBER_CHECK_DIGIT_WRONG', ofSubject('enterpriseNumber'));
bad('a holder whose number does not check', LICENCE, drop('vc/credentialSubject/fictional'), 'ENTERPRISE_NUMBER_CHECK_DIGIT_WRONG', ofSubject('holder/enterpriseNumber'));
badSubject('fictional no', IDENTITY, 'fictional', 'no', 'FIELD_WRONG_VALUE');
badSubject('an organisation in capitals', IDENTITY, 'organisation', 'BAN-MAI', 'ORGANISATION_ID_MALFORMED');
badSubject('a province of old', IDENTITY, 'province', '02', 'PROVINCE_UNKNOWN');
badSubject('a prefix that is none', IDENTITY, 'gs1Prefixes/0', '95x', 'COMPANY_PREFIX_MALFORMED');
badSubject('a prefix of shops', IDENTITY, 'gs1Prefixes/0', '2000', 'COMPANY_PREFIX_RESTRICTED');
badSubject('a prefix twice', IDENTITY, 'gs1Prefixes', ['952100', '952100'], 'LIST_REPEATS');
badSubject('a prefix inside another', IDENTITY, 'gs1Prefixes', ['952100', '9521'], 'COMPANY_PREFIXES_OVERLAP', 'gs1Prefixes/1');
badSubject('a name with a hidden mark', IDENTITY, 'name', 'Hóa chất\u200b Ban Mai', 'TEXT_NOT_PLAIN');
badSubject('a name turned around', IDENTITY, 'name', 'Hóa chất \u202eiaM naB', 'TEXT_NOT_PLAIN');
badSubject('a name decomposed', IDENTITY, 'name', 'Hóa chất'.normalize('NFD'), 'TEXT_NOT_PLAIN');
badSubject('a name too long', IDENTITY, 'name', 'a'.repeat(201), 'TEXT_TOO_LONG');
badSubject('a name of nothing', IDENTITY, 'name', '', 'FIELD_WRONG_VALUE');
badSubject('a licence of nothing', LICENCE, 'lines', [], 'LIST_EMPTY');
badSubject('a substance unknown', LICENCE, 'lines/0/substance', 'unobtainium', 'SUBSTANCE_UNKNOWN');
badSubject('a content with a comma', LICENCE, 'lines/0/least', '5,5', 'QUANTITY_MALFORMED');
badSubject('a content above the whole', LICENCE, 'lines/0/most', '100.1', 'CONTENT_ABOVE_WHOLE');
badSubject('a content from more to less', LICENCE, 'lines/1/least', '100', 'CONTENT_OUT_OF_RANGE', 'lines');
badSubject('no mass a year', LICENCE, 'lines/1/perYear', '0', 'QUANTITY_ZERO');
badSubject('a mass as a number', LICENCE, 'lines/1/perYear', 2500, 'CREDENTIAL_MEMBER_WRONG_TYPE');
badSubject('a line named twice', LICENCE, 'lines/1/line', '1', 'LIST_REPEATS', 'lines');
badSubject('a third group', LICENCE, 'lines/0/group', '3', 'FIELD_WRONG_VALUE');
badSubject('a group as a number', LICENCE, 'lines/0/group', 1, 'FIELD_WRONG_VALUE');
badSubject('a licence that replaces an unreadable one', LICENCE, 'replaces/credential', '1', 'FIELD_WRONG_VALUE');
badSubject('a licence that replaces itself', LICENCE, 'replaces/credential', LICENCE.id, 'CREDENTIAL_REPLACES_ITSELF');
badSubject('a diploma that corrects itself', DIPLOMA, 'replaces', { credential: DIPLOMA.id, decisionNumber: '1' }, 'CREDENTIAL_REPLACES_ITSELF', 'replaces/credential');
badSubject('a level unknown', DIPLOMA, 'level', 'postdoc', 'FIELD_WRONG_VALUE');
badSubject('a mode unknown', DIPLOMA, 'mode', 'chính quy', 'FIELD_WRONG_VALUE');
badSubject('an assurance unknown', DIPLOMA, 'assurance', 'certain', 'FIELD_WRONG_VALUE');
badSubject('a year as a text', DIPLOMA, 'graduationYear', '2026', 'FIELD_WRONG_VALUE');
badSubject('a year of the future', DIPLOMA, 'graduationYear', 3000, 'FIELD_WRONG_VALUE');
badSubject('a day that is not in the calendar', DIPLOMA, 'issueDate', '2026-02-30', 'DATE_INVALID');
badSubject('a day with the month first', DIPLOMA, 'issueDate', '06/30/2026', 'DATE_INVALID');
badSubject('a diploma from before the graduation', DIPLOMA, 'graduationYear', 2027, 'DIPLOMA_DATES_ORDER', 'issueDate');

export const BAD_PAYLOADS: readonly BadPayload[] = BAD;
