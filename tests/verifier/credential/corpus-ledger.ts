/** Credentials that are signed and do not stand on the ledger, or cannot show that they do. */
import { encodeBase64Url } from '#domain/base64url.js';
import type { Evidence } from '#domain/credential/commitment.js';
import { instantOf } from '#domain/instant.js';
import type { Did } from '#domain/trust/did.js';
import type { SignatureAlgorithm } from '#domain/trust/public-key.js';
import { fail, unknown } from '../../../verifier/core/report.js';
import { issuerOf, NOW, type Plan, signatureOf } from '../../support/credential-maker.js';
import { Rows } from './corpus-row.js';
import { LICENCE } from './scene-edits.js';

const rows = new Rows();

const logged = (code: Parameters<typeof fail>[0]) => ({ commitment: fail(code) });
rows.upset('nothing on the ledger', 'trust.md I3', { commitment: () => undefined }, logged('CREDENTIAL_NOT_LOGGED'));
const HOUR = 3_600_000;
const anHourBehind = (issuedAt: number): Plan => ({
  commitment: () => undefined, claims: (claims) => ({ ...claims, issuedAt, notBefore: issuedAt }),
  scene: (scene) => ({ ...scene, snapshot: { ...scene.snapshot, knownAt: instantOf(NOW - HOUR) } }),
});
rows.upset('nothing on a ledger that was last seen whole an hour ago', 'the design', anHourBehind(NOW / 1000 - 86_400), { commitment: unknown('LEDGER_UNREACHABLE') });
rows.upset('nothing on such a ledger more than a day after it was issued', 'the design', anHourBehind(NOW / 1000 - 90_001), logged('CREDENTIAL_NOT_LOGGED'));
rows.upset('a ledger that does not answer', 'trust.md 6', { scene: (scene) => ({ ...scene, ledger: 'silent' }) }, { commitment: unknown('LEDGER_UNREACHABLE') });
rows.upset('no evidence', 'the design', { text: (text) => text.slice(0, text.indexOf('#')) }, { commitment: unknown('CREDENTIAL_EVIDENCE_MISSING') });
rows.upset("an entry of somebody else's", 'trust.md I3', { commitment: (record) => ({ ...record, did: 'did:web:evil.example' as Did }) }, logged('COMMITMENT_OF_OTHER'));
rows.upset('an entry of a larger batch', 'RFC 6962 section 2.1', { commitment: (record) => ({ ...record, count: 2 }) }, logged('CREDENTIAL_COUNT_DIFFERS'));
rows.upset('a signature that was respelled after the entry', 'credentials.md 3.4 (malleability)', (algorithm) => ({ scene: (scene) => ({ ...scene, text: resigned(scene.text, algorithm) }) }), logged('CREDENTIAL_EVIDENCE_WRONG'), 'ES256');

/** Signed anew: ECDSA gives another signature each time, and the ledger knows the first. */
function resigned(text: string, algorithm: SignatureAlgorithm): string {
  const [jwt = '', evidence] = text.split('#');
  const signed = jwt.slice(0, jwt.lastIndexOf('.'));
  return `${signed}.${encodeBase64Url(signatureOf(issuerOf(LICENCE, algorithm), signed))}#${evidence}`;
}

const evidence = (name: string, edit: (evidence: Evidence) => unknown, code: Parameters<typeof fail>[0]): void => rows.upset(`evidence ${name}`, 'RFC 6962 section 2.1.1', { evidence: edit }, logged(code));
evidence('with another salt', (from) => ({ ...from, salt: 'AAAAAAAAAAAAAAAAAAAAAA' }), 'CREDENTIAL_EVIDENCE_WRONG');
evidence('with another root', (from) => ({ ...from, root: 'a'.repeat(64) }), 'CREDENTIAL_EVIDENCE_WRONG');
evidence('with a path that leads elsewhere', (from) => ({ ...from, count: 2, path: ['a'.repeat(64)] }), 'CREDENTIAL_EVIDENCE_WRONG');
evidence('with a step too many', (from) => ({ ...from, path: ['a'.repeat(64)] }), 'EVIDENCE_PATH_WRONG');
evidence('with a step too few', (from) => ({ ...from, count: 2 }), 'EVIDENCE_PATH_WRONG');
evidence('with an index outside', (from) => ({ ...from, index: 1 }), 'EVIDENCE_INDEX_WRONG');
evidence('with a negative index', (from) => ({ ...from, index: -1 }), 'FIELD_WRONG_VALUE');
evidence('with half an index', (from) => ({ ...from, index: 0.5 }), 'FIELD_WRONG_VALUE');
evidence('with an index in a text', (from) => ({ ...from, index: '0' }), 'FIELD_WRONG_VALUE');
evidence('of nothing', (from) => ({ ...from, count: 0 }), 'FIELD_WRONG_VALUE');
evidence('of too many', (from) => ({ ...from, count: 1_000_001 }), 'FIELD_WRONG_VALUE');
evidence('with a root in capitals', (from) => ({ ...from, root: from.root.toUpperCase().replace(/\d/g, 'A') }), 'FIELD_WRONG_VALUE');
evidence('with a short root', (from) => ({ ...from, root: from.root.slice(2) }), 'FIELD_WRONG_VALUE');
evidence('with a short salt', (from) => ({ ...from, salt: from.salt.slice(1) }), 'FIELD_WRONG_VALUE');
evidence('with a salt that has spare bits', (from) => ({ ...from, salt: `${from.salt.slice(0, 21)}B` }), 'FIELD_WRONG_VALUE');
for (const name of ['root', 'salt', 'index', 'count', 'path']) evidence(`without ${name}`, (from) => ({ ...from, [name]: undefined }), 'FIELD_MISSING');
evidence('with something more', (from) => ({ ...from, note: 'x' }), 'FIELD_UNKNOWN');
evidence('with a path that is a text', (from) => ({ ...from, path: '' }), 'FIELD_WRONG_TYPE');
evidence('with a path of 21 steps', (from) => ({ ...from, path: Array.from({ length: 21 }, () => 'a'.repeat(64)) }), 'LIST_TOO_LONG');
const evidenceTexts: readonly (readonly [string, (text: string) => string | Uint8Array, Parameters<typeof fail>[0]])[] = [
  ['that is no JSON', () => 'x', 'TEXT_NOT_JSON'],
  ['that is empty', () => '', 'TEXT_NOT_JSON'],
  ['with a space', (text) => text.replace(':', ': '), 'CREDENTIAL_NOT_CANONICAL'],
  ['out of order', (text) => text.replace(/"count":1,"index":0/, '"index":0,"count":1'), 'CREDENTIAL_NOT_CANONICAL'],
  ['with a number in another form', (text) => text.replace('"count":1', '"count":1.0'), 'CREDENTIAL_NOT_CANONICAL'],
  ['with a root twice', (text) => text.replace('"root"', '"root":"x","root"'), 'JSON_DUPLICATE_KEY'],
  ['that is no UTF-8', () => Buffer.from('7bff7d', 'hex'), 'CREDENTIAL_NOT_UTF8'],
];
for (const [name, edit, code] of evidenceTexts) rows.upset(`evidence ${name}`, 'the design', { evidenceText: edit }, logged(code));
for (const [name, edit] of Object.entries({ padded: (text: string) => `${text}==`, 'with a second #': (text: string) => `${text}#x`, 'with ~ behind it': (text: string) => `${text}~`, 'in base64': (text: string) => text.replace(/.$/, '+'), 'with a line end behind it': (text: string) => `${text}\n` })) {
  rows.upset(`evidence ${name}`, 'trust.md C19', { text: edit }, logged('CREDENTIAL_BASE64URL_WRONG'));
}

export const LEDGER_ROWS = rows.all;
