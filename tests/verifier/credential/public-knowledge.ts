/** What anybody can look up, as the second verifier is given it. */
import { SUBSTANCES } from '#domain/chemistry/substances.js';
import { CREDENTIAL_TYPES, CREDENTIAL_TYPE_NAMES } from '#domain/credential/credential-type.js';
import { CREDENTIAL_SCHEMAS } from '#domain/credential/schemas.js';
import { PROVINCE_CODES } from '#domain/registry/provinces.js';
import type { PublicKnowledge } from './second-verifier.js';

export const PUBLIC: PublicKnowledge = {
  schemas: CREDENTIAL_SCHEMAS,
  schemaDigests: Object.fromEntries(CREDENTIAL_TYPE_NAMES.map((type) => [type, CREDENTIAL_TYPES[type].schemaDigest])),
  maxAgeMs: Object.fromEntries(CREDENTIAL_TYPE_NAMES.map((type) => [type, CREDENTIAL_TYPES[type].maxStatusAgeMs])),
  provinces: PROVINCE_CODES,
  substances: SUBSTANCES.map(({ id }) => id),
};
