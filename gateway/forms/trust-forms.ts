/** Bodies that concern the trust registry. */
import { CREDENTIAL_TYPE_NAMES } from '#domain/credential/credential-type.js';
import { commitmentRequest, credentialRevocation, didKeyRequest, didKeyRetirement, didRegistration, didWithdrawal, grantRequest, grantRevocation, statusListPublication } from '#domain/trust/requests.js';
import { listSchema, objectSchema, type JsonSchema, type RequestForm } from './request-form.js';
import { choice, DIGEST, INSTANT, line, ORGANISATION, PROVINCE, REASON, REFERENCE, SUBSTANCE } from './schema-parts.js';

export const DID: JsonSchema = { type: 'string', pattern: '^did:(web|key|jwk):[A-Za-z0-9._:%-]+$', maxLength: 400, description: 'did:web, did:key or did:jwk in its strict spelling' };
export const KEY_ID: JsonSchema = { type: 'string', pattern: '^[A-Za-z0-9._-]{1,64}$', description: 'fragment of the key\'s DID URL' };
const LIST_ID: JsonSchema = { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$', description: 'last segment of the list\'s URL' };
export const COUNT: JsonSchema = { type: 'integer', minimum: 1, maximum: 1_000_000 };

const university = 'did:web:dai-hoc.example';
const withdrawal = { effect: choice('from-now', 'from-beginning', 'since'), reason: REASON };
const since = { since: { ...INSTANT, description: 'with effect "since", and only then' } };

export const DID_REGISTRATION = {
  shape: didRegistration,
  schema: objectSchema({ did: DID, organisation: ORGANISATION }),
  example: { did: university, organisation: 'dai-hoc-vi-du' },
} as const satisfies RequestForm;

export const DID_WITHDRAWAL = {
  shape: didWithdrawal,
  schema: objectSchema({ did: DID, ...withdrawal }, since),
  example: { did: university, effect: 'since', since: '2026-11-01T00:00:00Z', reason: 'Mất quyền kiểm soát tên miền' },
} as const satisfies RequestForm;

const coordinate: JsonSchema = { type: 'string', pattern: '^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$', description: '32 bytes in base64url' };
const JWK: JsonSchema = {
  oneOf: [
    objectSchema({ kty: choice('EC'), crv: choice('P-256'), x: coordinate, y: coordinate }),
    objectSchema({ kty: choice('OKP'), crv: choice('Ed25519'), x: coordinate }),
  ],
};

export const DID_KEY = {
  shape: didKeyRequest,
  schema: objectSchema({ did: DID, keyId: KEY_ID, algorithm: choice('ES256', 'EdDSA'), publicKeyJwk: JWK }, { from: { ...INSTANT, description: 'now where absent; never earlier' } }),
  example: {
    did: university, keyId: 'khoa-2026', algorithm: 'ES256', from: '2026-11-20T00:00:00Z',
    publicKeyJwk: { kty: 'EC', crv: 'P-256', x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU', y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0' },
  },
} as const satisfies RequestForm;

export const DID_KEY_RETIREMENT = {
  shape: didKeyRetirement,
  schema: objectSchema({ did: DID, keyId: KEY_ID, reason: choice('superseded', 'compromised') }, { compromisedSince: { ...INSTANT, description: 'with "compromised"; where absent, nothing the key ever signed counts' } }),
  example: { did: university, keyId: 'khoa-2026', reason: 'compromised', compromisedSince: '2026-11-01T00:00:00Z' },
} as const satisfies RequestForm;

const orAll = (some: JsonSchema): JsonSchema => ({ oneOf: [choice('all'), some] });
const SCOPE = objectSchema(
  { provinces: orAll(listSchema(PROVINCE, { min: 1, max: 34, distinct: true })) },
  { substances: orAll(listSchema(SUBSTANCE, { min: 1, max: 200, distinct: true })) },
);

export const GRANT = {
  shape: grantRequest,
  schema: objectSchema({
    id: REFERENCE, grantee: DID, actions: listSchema(choice('issue', 'accredit', 'revoke', 'suspend'), { min: 1, max: 4, distinct: true }),
    credentialType: choice(...CREDENTIAL_TYPE_NAMES), scope: SCOPE, until: INSTANT, depth: { type: 'integer', minimum: 0, maximum: 3 }, legalBasis: line(300),
  }, { parent: { ...REFERENCE, description: 'the grant it is given under; absent for a registrar\'s own' }, from: { ...INSTANT, description: 'now where absent; never earlier' } }),
  example: {
    id: 'UQ-2026-001', parent: 'UQ-2026-000', grantee: 'did:web:cuc-hoa-chat.example', actions: ['issue', 'revoke'], credentialType: 'ChemicalLicenceCredential',
    scope: { provinces: ['01', '75'], substances: ['acetone'] }, from: '2026-11-20T00:00:00Z', until: '2031-11-20T00:00:00Z', depth: 0, legalBasis: 'Quyết định 12/QĐ-VD',
  },
} as const satisfies RequestForm;

export const GRANT_REVOCATION = {
  shape: grantRevocation,
  schema: objectSchema({ id: REFERENCE, ...withdrawal }, since),
  example: { id: 'UQ-2026-001', effect: 'from-now', reason: 'Không còn đủ điều kiện' },
} as const satisfies RequestForm;

const root = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';

export const COMMITMENT = {
  shape: commitmentRequest,
  schema: objectSchema({ did: DID, root: DIGEST, count: COUNT }),
  example: { did: university, root, count: 1200 },
} as const satisfies RequestForm;

export const STATUS_LIST = {
  shape: statusListPublication,
  schema: objectSchema({ did: DID, list: LIST_ID, purpose: choice('revocation', 'suspension', 'refresh'), version: { type: 'integer', minimum: 1 }, hash: DIGEST }),
  example: { did: university, list: 'thu-hoi-1', purpose: 'revocation', version: 7, hash: root },
} as const satisfies RequestForm;

const DECISION: JsonSchema = { type: 'string', pattern: '^[\\p{L}\\p{N}][\\p{L}\\p{N}./-]{0,59}$', description: 'number of the decision, without words' };

export const CREDENTIAL_REVOCATION = {
  shape: credentialRevocation,
  schema: objectSchema({
    did: { ...DID, description: 'a DID of the caller that holds the right to revoke' }, issuer: { ...DID, description: 'who issued the credential' },
    credential: { ...DIGEST, description: 'SHA-256 of the credential\'s id, its jti' }, credentialType: choice(...CREDENTIAL_TYPE_NAMES),
    scope: objectSchema({ provinces: listSchema(PROVINCE, { min: 1, max: 34, distinct: true }) }, { substances: listSchema(SUBSTANCE, { min: 1, max: 200, distinct: true }) }),
    decision: DECISION,
  }),
  example: {
    did: 'did:web:bo-giao-duc.example', issuer: university, credential: root, credentialType: 'DiplomaCredential', scope: { provinces: ['48'] }, decision: '45/QĐ-BGDĐT',
  },
} as const satisfies RequestForm;
