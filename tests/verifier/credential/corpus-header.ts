/** Headers that are wrong, and payloads that are: everything that is refused before any key is looked for. */
import type { CredentialType } from '#domain/credential/credential-type.js';
import type { ProblemCode } from '#domain/errors.js';
import { BAD_PAYLOADS } from '../../domain/credential/bad-payloads.js';
import { signerOf } from '../../support/credential-maker.js';
import { Rows, unreadable } from './corpus-row.js';

const rows = new Rows();

function header(name: string, source: string, edit: (header: Record<string, unknown>) => unknown, code: ProblemCode): void {
  rows.add(`header with ${name}`, source, { header: edit }, unreadable('header', code));
}

const set = (name: string, value: unknown) => (from: Record<string, unknown>): unknown => ({ ...from, [name]: value });
const drop = (name: string) => (from: Record<string, unknown>): unknown => Object.fromEntries(Object.entries(from).filter(([other]) => other !== name));

for (const name of ['alg', 'kid', 'typ']) header(`no ${name}`, 'the profile', drop(name), 'CREDENTIAL_HEADER_INCOMPLETE');
header('nothing in it', 'the profile', () => ({}), 'CREDENTIAL_HEADER_INCOMPLETE');

for (const alg of ['none', 'None', 'NONE', 'nOnE', '', 'HS256', 'HS512', 'ES256K', 'ES256K-R', 'ES384', 'ES512', 'RS256', 'PS256', 'Ed25519', 'es256', 'ES256 ', 'eddsa', 256, null, ['ES256'], { alg: 'ES256' }, true]) {
  header(`alg ${JSON.stringify(alg)}`, 'trust.md C1', set('alg', alg), 'CREDENTIAL_ALGORITHM_REFUSED');
}

const evil = signerOf('did:web:evil.example', 'k', 'ES256').jwk;
for (const [name, value] of Object.entries({ jwk: evil, jku: 'https://evil.example/keys', x5u: 'https://evil.example/cert', x5c: ['MIIB'], x5t: 'AAAA', 'x5t#S256': 'AAAA' })) header(name, 'trust.md C2', set(name, value), 'CREDENTIAL_HEADER_OWN_KEY');
for (const [name, value] of [['crit', ['exp']], ['crit', []], ['crit', ['b64']], ['b64', false], ['b64', true], ['zip', 'DEF']] as const) header(`${name} ${JSON.stringify(value)}`, 'trust.md C4', set(name, value), 'CREDENTIAL_HEADER_CRITICAL');
for (const cty of ['JWT', 'jwt', 'vc', 'json', '', null]) header(`cty ${JSON.stringify(cty)}`, 'credentials.md 3.4, traps 1 and 2', set('cty', cty), 'CREDENTIAL_HEADER_NESTED');
for (const name of ['iss', 'nonce', 'ppt', 'svt', 'url', 'enc', 'epk', 'apu', 'p2c', 'x', '__proto__', 'constructor', 'Alg', 'ALG', 'KID', 'kid ', 'tÿp']) header(JSON.stringify(name), 'the profile', (from) => Object.defineProperty({ ...from }, name, { value: 'x', enumerable: true }), 'CREDENTIAL_HEADER_UNKNOWN');
for (const typ of ['vc+jwt', 'vp+jwt', 'kb+jwt', 'at+jwt', 'dc+sd-jwt', 'vc+sd-jwt', 'statuslist+jwt', 'entity-statement+jwt', 'openid4vci-proof+jwt', 'application/vc+jwt', 'jwt', 'Jwt', 'JWT ', '', null, 7, ['JWT']]) {
  header(`typ ${JSON.stringify(typ)}`, 'trust.md C5', set('typ', typ), 'CREDENTIAL_TYP_WRONG');
}
for (const kid of [7, null, ['x'], { kid: 'x' }, 'x'.repeat(501)]) header(`kid ${JSON.stringify(kid).slice(0, 20)}`, 'trust.md C3', set('kid', kid), 'CREDENTIAL_KID_WRONG');

const kids: Readonly<Record<string, (kid: string) => string>> = {
  'of another issuer': () => 'did:web:evil.example#khoa-p256',
  'of another issuer with the same beginning': (kid) => kid.replace('#', '.evil#'),
  'that is only a fragment': (kid) => kid.slice(kid.indexOf('#')),
  'that is only a name': (kid) => kid.slice(kid.indexOf('#') + 1),
  'without a fragment': (kid) => kid.slice(0, kid.indexOf('#')),
  'with an empty fragment': (kid) => kid.slice(0, kid.indexOf('#') + 1),
  'with two fragments': (kid) => `${kid}#x`,
  'with a path in it': (kid) => kid.replace('#', '/../x#'),
  'that climbs': (kid) => `${kid.slice(0, kid.indexOf('#') + 1)}../../etc/passwd`,
  'with a query': (kid) => kid.replace('#', '?versionId=1#'),
  'in capitals': (kid) => kid.toUpperCase(),
  'with a space': (kid) => `${kid} `,
  'with a hidden character': (kid) => `${kid}\u200b`,
  'with a name of 65 characters': (kid) => `${kid.slice(0, kid.indexOf('#') + 1)}${'k'.repeat(65)}`,
  'with SQL in it': (kid) => `${kid}' OR '1'='1`,
  'that is empty': () => '',
};
for (const [name, edit] of Object.entries(kids)) rows.add(`kid ${name}`, 'trust.md C3', { header: (from) => ({ ...from, kid: edit(String(from['kid'])) }) }, unreadable('kid', 'CREDENTIAL_KID_WRONG'));

const TYPES = new Map<CredentialType, string>([['EnterpriseIdentityCredential', 'identity'], ['ChemicalLicenceCredential', 'licence'], ['DiplomaCredential', 'diploma']]);

for (const [name, of, edit, code] of BAD_PAYLOADS) {
  rows.add(`payload of ${TYPES.get(of.type)}: ${name}`, 'tests/domain/credential/bad-payloads.ts', {
    type: of.type, claims: () => of, payload: edit,
  }, unreadable('payload', code));
}

// Traps 1 and 2: an outer token that nobody signed, around a real one.
rows.add('a real credential inside another token (trap 1)', 'credentials.md 3.4', { payload: (payload) => ({ iss: payload['iss'], jwt: 'eyJ.eyJ.sig' }) }, unreadable('payload', 'CREDENTIAL_MEMBER_UNKNOWN'));
rows.add('a presentation (traps 2, 7, 8)', 'trust.md C5, C15', { payload: ({ iss }) => ({ iss, vp: { '@context': ['https://www.w3.org/2018/credentials/v1'], type: ['VerifiablePresentation'], verifiableCredential: ['eyJ.eyJ.sig'] }, nonce: 'x', aud: 'x' }) }, unreadable('payload', 'CREDENTIAL_SHADOW_CLAIM'));
rows.add('a credential of data model 2.0 (trap 11)', 'credentials.md 3.4', { payload: ({ iss }) => ({ '@context': ['https://www.w3.org/ns/credentials/v2'], issuer: iss, type: ['VerifiableCredential', 'DiplomaCredential'], credentialSubject: {}, validFrom: '2026-01-01T00:00:00Z' }) }, unreadable('payload', 'CREDENTIAL_SHADOW_CLAIM'));
rows.add('an identity token', 'trust.md C5', { payload: ({ iss, sub, iat, exp }) => ({ iss, sub, iat, exp, email: 'a@b.example' }) }, unreadable('payload', 'CREDENTIAL_MEMBER_UNKNOWN'));

export const READING_ROWS = rows.all;
