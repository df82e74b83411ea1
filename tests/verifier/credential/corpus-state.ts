/** Credentials that are right, and not in force: times, status, what is shown beside them, age of what is known. */
import { encodeBase64Url } from '#domain/base64url.js';
import { encodeDisclosure } from '#domain/credential/disclosure.js';
import type { StatusPurpose } from '#domain/credential/status-list.js';
import { instantOf } from '#domain/instant.js';
import type { Did } from '#domain/trust/did.js';
import { none } from '../../../verifier/core/credential/credential-report.js';
import type { KnownStatus } from '../../../verifier/core/credential/status-checks.js';
import { fail, unknown } from '../../../verifier/core/report.js';
import { DISCLOSURES, grantOf, NOW, SAMPLES, withBit, type Plan, type Scene } from '../../support/credential-maker.js';
import { Rows } from './corpus-row.js';

const rows = new Rows();
const NOW_SECONDS = NOW / 1000;
const HOUR = 3_600_000;
const at = (now: number): Plan => ({ scene: (scene) => ({ ...scene, now, snapshot: { ...scene.snapshot, knownAt: instantOf(now) }, statuses: scene.statuses.map((one) => ({ ...one, validFrom: now - HOUR, validUntil: now + HOUR })) }) });

// Times (C12): a minute's grace for the beginning, none for the end.
const begins = (seconds: number): Plan => ({ claims: (claims) => ({ ...claims, notBefore: NOW_SECONDS + seconds }) });
rows.upset('it begins in 61 seconds', 'trust.md C12', begins(61), { 'not-before': fail('CREDENTIAL_NOT_YET_VALID') });
rows.upset('it begins in an hour', 'trust.md C12', begins(3_600), { 'not-before': fail('CREDENTIAL_NOT_YET_VALID') });
rows.upset('a diploma that begins in a year', 'trust.md C12', { ...begins(31_536_000), type: 'DiplomaCredential' }, { 'not-before': fail('CREDENTIAL_NOT_YET_VALID') });
const ends = (seconds: number): Plan => ({ claims: (claims) => ({ ...claims, expires: NOW_SECONDS + seconds }) });
rows.upset('it ends this second', 'trust.md C12', ends(0), { expiry: fail('CREDENTIAL_EXPIRED') });
rows.upset('it ended a second ago', 'trust.md C12', ends(-1), { expiry: fail('CREDENTIAL_EXPIRED') });
rows.upset('it ended 59 seconds ago', 'trust.md C12', ends(-59), { expiry: fail('CREDENTIAL_EXPIRED') });
rows.upset('it ended 299 seconds ago (trap 9)', 'credentials.md 3.4', ends(-299), { expiry: fail('CREDENTIAL_EXPIRED') });
rows.upset('it ended and was revoked as well', 'the design', { ...ends(-1), scene: bit('revocation') }, { expiry: fail('CREDENTIAL_EXPIRED'), revocation: fail('CREDENTIAL_REVOKED') });
rows.upset('a clock of 2099', 'trust.md K13', at(Date.UTC(2099, 0, 1)), { expiry: fail('CREDENTIAL_EXPIRED') });
rows.upset('a clock of 2020', 'trust.md K13', at(Date.UTC(2020, 0, 1)), { 'not-before': fail('CREDENTIAL_NOT_YET_VALID'), issuer: fail('DID_UNKNOWN'), key: fail('DID_KEY_UNKNOWN'), authorisation: fail('DID_UNKNOWN') });

function bit(purpose: StatusPurpose) {
  return (scene: Scene): Scene => ({ ...scene, statuses: withBit(scene.statuses, purpose, 131_071) });
}

// Status
rows.upset('revoked', 'trust.md K11', { scene: bit('revocation') }, { revocation: fail('CREDENTIAL_REVOKED') });
rows.upset('suspended', 'trust.md K10', { scene: bit('suspension') }, { suspension: fail('CREDENTIAL_SUSPENDED') });
rows.upset('replaced', 'domain.md 4(c)', { scene: bit('refresh') }, { supersession: fail('CREDENTIAL_SUPERSEDED') });
rows.upset('a diploma revoked, at the first bit', 'Bitstring Status List 1.0 section 3.3', { type: 'DiplomaCredential', scene: (scene) => ({ ...scene, statuses: withBit(scene.statuses, 'revocation', 0) }) }, { revocation: fail('CREDENTIAL_REVOKED') });
rows.upset('revoked and replaced', 'the design', { scene: (scene) => bit('refresh')(bit('revocation')(scene)) }, { revocation: fail('CREDENTIAL_REVOKED'), supersession: fail('CREDENTIAL_SUPERSEDED') });

const OUTCOMES: readonly (readonly [StatusPurpose, 'revocation' | 'suspension' | 'supersession'])[] = [['revocation', 'revocation'], ['suspension', 'suspension'], ['refresh', 'supersession']];
const onList = (purpose: StatusPurpose, edit: (list: KnownStatus) => KnownStatus | undefined) => (scene: Scene): Scene => ({ ...scene, statuses: scene.statuses.flatMap((one) => (one.purpose === purpose ? edit(one) ?? [] : one)) });
const OTHER = 'did:web:evil.example' as Did;
for (const [purpose, check] of OUTCOMES) {
  const list = (name: string, source: string, edit: (of: KnownStatus) => KnownStatus | undefined, upset: Parameters<Rows['upset']>[3]): void => rows.upset(`the list for ${purpose} ${name}`, source, { scene: onList(purpose, edit) }, upset);
  list('is not there', 'trust.md K3', () => undefined, { [check]: unknown('STATUS_LIST_MISSING') });
  list('has ended', 'trust.md K4', (of) => ({ ...of, validUntil: NOW }), { [check]: unknown('STATUS_LIST_EXPIRED') });
  list('is of another issuer', 'trust.md K5, K6', (of) => ({ ...of, issuer: OTHER }), { [check]: unknown('STATUS_LIST_OF_OTHER_ISSUER') });
  list('is for another purpose', 'trust.md K6', (of) => ({ ...of, purpose: purpose === 'revocation' ? 'suspension' : 'revocation' }), { [check]: unknown('STATUS_LIST_PURPOSE_DIFFERS') });
  list('is too short', 'trust.md K7', (of) => ({ ...of, bits: new Uint8Array(16) }), { [check]: unknown('STATUS_LIST_BITS_WRONG') });
  list('is too long', 'trust.md K7', (of) => ({ ...of, bits: new Uint8Array(16_385) }), { [check]: unknown('STATUS_LIST_BITS_WRONG') });
  list('is a day and a second old', 'the design', (of) => ({ ...of, validFrom: NOW - 24 * HOUR - 1_000 }), { freshness: unknown('CREDENTIAL_STATUS_STALE') });
  list('is from the future', 'trust.md K13', (of) => ({ ...of, validFrom: NOW + HOUR, validUntil: NOW + 2 * HOUR }), { [check]: unknown('STATUS_LIST_NOT_YET_VALID') });
}
rows.upset('revoked, by a list that has ended', 'the design: bad news needs no fresh copy', { scene: (scene) => onList('revocation', (list) => ({ ...list, validUntil: NOW - HOUR }))(bit('revocation')(scene)) }, { revocation: fail('CREDENTIAL_REVOKED') });
rows.upset('no list at all', 'trust.md K3', { scene: (scene) => ({ ...scene, statuses: [] }) }, { revocation: unknown('STATUS_LIST_MISSING'), suspension: unknown('STATUS_LIST_MISSING'), supersession: unknown('STATUS_LIST_MISSING') });
rows.upset('a list of somebody who may suspend only', 'credentials.md 5', {
  scene: (scene) => onList('revocation', (list) => ({ ...list, issuer: OTHER }))({
    ...scene,
    snapshot: {
      ...scene.snapshot, dids: [...scene.snapshot.dids, { kind: 'did', did: OTHER, organisation: 'to-chuc-khac' as never, registeredAt: instantOf(0) }],
      grants: [...scene.snapshot.grants, { ...grantOf('ChemicalLicenceCredential', OTHER), id: 'dinh-chi', actions: ['suspend'] }],
    },
  }),
}, { revocation: unknown('STATUS_LIST_OF_OTHER_ISSUER') });
rows.upset('a list whose address leads to another', 'trust.md K5', { scene: (scene) => ({ ...scene, statuses: scene.statuses.map((one) => (one.purpose === 'revocation' ? { ...one, list: `${one.list}x` } : one)) }) }, { revocation: unknown('STATUS_LIST_MISSING') });

// Copies of the register
const knownAt = (milliseconds: number): Plan => ({ scene: (scene) => ({ ...scene, snapshot: { ...scene.snapshot, knownAt: instantOf(milliseconds) } }) });
rows.upset('a register a day and a second old', 'the design', { ...knownAt(NOW - 24 * HOUR - 1_000), claims: (claims) => ({ ...claims, issuedAt: NOW_SECONDS - 90_000, notBefore: NOW_SECONDS - 90_000 }) }, { freshness: unknown('TRUST_SNAPSHOT_STALE') });
rows.upset('a register of last year', 'the design', knownAt(NOW - 365 * 24 * HOUR), { freshness: unknown('TRUST_SNAPSHOT_STALE'), issuer: unknown('TRUST_SNAPSHOT_STALE'), authorisation: unknown('TRUST_SNAPSHOT_STALE'), key: unknown('TRUST_SNAPSHOT_STALE') });
rows.upset('a register from the future', 'trust.md K13', knownAt(NOW + HOUR), { freshness: unknown('TRUST_SNAPSHOT_STALE') });
rows.upset('a diploma, and a register of 31 days ago', 'the design', { ...knownAt(NOW - 31 * 24 * HOUR), type: 'DiplomaCredential', claims: (claims) => ({ ...claims, issuedAt: NOW_SECONDS - 40 * 86_400, notBefore: NOW_SECONDS - 40 * 86_400 }) }, { freshness: unknown('TRUST_SNAPSHOT_STALE') });

// Disclosures (C23)
const DIPLOMA = { type: 'DiplomaCredential' } as const;
const shown = (...disclosures: readonly string[]): Plan => ({ ...DIPLOMA, disclosures: () => disclosures });
const salt = encodeBase64Url(new Uint8Array(16));
const { fullName = '', dateOfBirth = '', serialNumber = '' } = DISCLOSURES;
const raw = (...members: readonly unknown[]): string => Buffer.from(JSON.stringify(members)).toString('base64url');
const disclosure = (name: string, plan: Plan, code: Parameters<typeof fail>[0]): void => rows.upset(`disclosures: ${name}`, 'RFC 9901 section 7.1', plan, { disclosures: fail(code) });
disclosure('another name', shown(encodeDisclosure(salt, 'fullName', 'Trần Văn Gió')), 'DISCLOSURE_NOT_SIGNED');
disclosure('the same name under another salt', shown(encodeDisclosure(salt, 'fullName', 'Nguyễn Thị Mây')), 'DISCLOSURE_NOT_SIGNED');
disclosure('one of three that is not signed', shown(fullName, dateOfBirth, encodeDisclosure(salt, 'serialNumber', 'VD 0009999')), 'DISCLOSURE_NOT_SIGNED');
disclosure('one twice', shown(fullName, fullName), 'DISCLOSURE_REPEATED');
disclosure('two names', shown(fullName, encodeDisclosure(salt, 'fullName', 'Trần Văn Gió')), 'DISCLOSURE_REPEATED');
disclosure('no base64url', shown('***'), 'DISCLOSURE_MALFORMED');
disclosure('padded', shown(`${fullName}=`), 'DISCLOSURE_MALFORMED');
disclosure('with a space', shown(fullName.replace('y', ' ')), 'DISCLOSURE_MALFORMED');
disclosure('no JSON', shown(Buffer.from('x').toString('base64url')), 'DISCLOSURE_MALFORMED');
disclosure('two members', shown(raw(salt, 'fullName')), 'DISCLOSURE_MALFORMED');
disclosure('four members', shown(raw(salt, 'fullName', 'Nguyễn Thị Mây', 'x')), 'DISCLOSURE_MALFORMED');
disclosure('a value that is an object', shown(raw(salt, 'fullName', { _sd: [] })), 'DISCLOSURE_MALFORMED');
disclosure('a value that is a number', shown(raw(salt, 'classification', 7)), 'DISCLOSURE_MALFORMED');
disclosure('an object', shown(Buffer.from('{"salt":1}').toString('base64url')), 'DISCLOSURE_MALFORMED');
disclosure('a short salt', shown(raw('AAAA', 'fullName', 'Nguyễn Thị Mây')), 'FIELD_WRONG_VALUE');
disclosure('a name that no type has', shown(raw(salt, 'nickname', 'Mây')), 'DISCLOSURE_NAME_UNKNOWN');
disclosure('_sd as a name', shown(raw(salt, '_sd', 'x')), 'DISCLOSURE_NAME_UNKNOWN');
disclosure('... as a name', shown(raw(salt, '...', 'x')), 'DISCLOSURE_NAME_UNKNOWN');
disclosure('__proto__ as a name', shown(raw(salt, '__proto__', 'x')), 'DISCLOSURE_NAME_UNKNOWN');
disclosure('a claim as a name', shown(raw(salt, 'iss', 'did:web:evil.example')), 'DISCLOSURE_NAME_UNKNOWN');
disclosure('spaces in the JSON', shown(Buffer.from(`["${salt}", "fullName", "Nguyễn Thị Mây"]`).toString('base64url')), 'DISCLOSURE_NOT_CANONICAL');
disclosure('escapes in the JSON', shown(Buffer.from(`["${salt}","fullName","Nguy\\u1ec5n Thị Mây"]`).toString('base64url')), 'DISCLOSURE_NOT_CANONICAL');
disclosure('a name decomposed', shown(raw(salt, 'fullName', 'Nguyễn Thị Mây'.normalize('NFD'))), 'TEXT_NOT_PLAIN');
disclosure('a name with a hidden character', shown(raw(salt, 'fullName', 'Nguyễn\u200bThị Mây')), 'TEXT_NOT_PLAIN');
disclosure('a name in Cyrillic letters', shown(raw(salt, 'fullName', 'Нгуен Тхи Май')), 'PERSON_NAME_MALFORMED');
disclosure('a day that is not in the calendar', shown(raw(salt, 'dateOfBirth', '2003-02-29')), 'DATE_INVALID');
disclosure('more than 1,024 characters', shown(raw(salt, 'fullName', 'A'.repeat(1_000))), 'DISCLOSURE_MALFORMED');
disclosure('a number with markup', shown(raw(salt, 'serialNumber', '<b>1</b>')), 'REGISTER_NUMBER_MALFORMED');
disclosure('a grade that does not exist', shown(raw(salt, 'classification', 'superb')), 'FIELD_WRONG_VALUE');
disclosure('of a licence', { disclosures: () => [serialNumber] }, 'DISCLOSURE_NAME_UNKNOWN');
disclosure('a digest in place of a disclosure', { ...DIPLOMA, disclosures: () => [SAMPLES.DiplomaCredential.digests[0] ?? ''] }, 'DISCLOSURE_MALFORMED');
rows.upset('a diploma whose disclosures are those of another, none shown, revoked', 'trust.md C23', { ...shown(), scene: (scene) => ({ ...scene, statuses: withBit(scene.statuses, 'revocation', 0) }) }, { disclosures: none('nothing-shown'), revocation: fail('CREDENTIAL_REVOKED') });

export const STATE_ROWS = rows.all;
