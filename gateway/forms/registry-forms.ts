/** Bodies that put organisations, prefixes and keys on the register. */
import { parseCompanyPrefix } from '#domain/gs1/company-prefix.js';
import { keyRequest, keyRetirement, organisationId, organisationRequest } from '#domain/registry/organisation.js';
import { object, parsedBy } from '#domain/shape.js';
import { objectSchema, type RequestForm } from './request-form.js';
import { choice, line, ORGANISATION, PROVINCE } from './schema-parts.js';

export const ORGANISATION_FORM = {
  shape: organisationRequest,
  schema: objectSchema({
    id: ORGANISATION, type: choice('enterprise', 'authority', 'registrar', 'institution'),
    name: line(200), address: line(300), province: PROVINCE,
  }, { nameEn: line(200), fictional: choice('yes') }),
  example: {
    id: 'che-shan', type: 'enterprise', name: 'Hợp tác xã Chè Shan', nameEn: 'Shan Tea Cooperative',
    address: 'Suối Giàng, Lào Cai', province: '15', fictional: 'yes',
  },
} as const satisfies RequestForm;

export const PREFIX = {
  shape: object({ organisation: organisationId, prefix: parsedBy(parseCompanyPrefix) }),
  schema: objectSchema({ organisation: ORGANISATION, prefix: { type: 'string', pattern: '^\\d{4,12}$' } }),
  example: { organisation: 'che-shan', prefix: '9520000' },
} as const satisfies RequestForm;

const KEY_ID = { type: 'string', pattern: '^[A-Za-z0-9._-]{1,64}$' };

export const KEY = {
  shape: keyRequest,
  schema: objectSchema({
    organisation: ORGANISATION, keyId: KEY_ID, algorithm: choice('ES256', 'EdDSA'),
    publicKey: { type: 'string', pattern: '^[A-Za-z0-9_-]{40,120}$', description: 'base64url of the SubjectPublicKeyInfo' },
  }),
  example: {
    organisation: 'che-shan', keyId: 'khoa-2026', algorithm: 'EdDSA',
    publicKey: 'MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE',
  },
} as const satisfies RequestForm;

export const KEY_RETIREMENT = {
  shape: keyRetirement,
  schema: objectSchema({ organisation: ORGANISATION, keyId: KEY_ID, reason: choice('superseded', 'compromised') }),
  example: { organisation: 'che-shan', keyId: 'khoa-2026', reason: 'superseded' },
} as const satisfies RequestForm;
