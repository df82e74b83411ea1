/** The three types of credentials, and what holds for every one of a type. */
import { Problem } from '../errors.js';
import type { Shape } from '../shape.js';
import type { DisclosureName } from './disclosure.js';

export type CredentialType = 'EnterpriseIdentityCredential' | 'ChemicalLicenceCredential' | 'DiplomaCredential';

export interface CredentialTypeFacts {
  readonly nameVi: string;
  readonly nameEn: string;
  /** Where the JSON Schema is known; its last segment is the name under which the issuer serves it. */
  readonly schemaId: string;
  /** `sha256-` and the base64 digest of the schema's canonical JSON (the form of Subresource Integrity, as `digestSRI`). */
  readonly schemaDigest: string;
  /** How old a status list may be, in milliseconds, and still be taken for today's. */
  readonly maxStatusAgeMs: number;
  /** Names of what is disclosed apart from the signed payload; none for types without personal data. */
  readonly disclosures: readonly DisclosureName[];
  /** Whether every credential of the type ends by itself. A diploma does not. */
  readonly expires: boolean;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const SCHEMAS = 'https://minhchung.example/schemas/';

/** What is said of every credential of a type. The digests are those of `schemas.ts`; a test compares them. */
export const CREDENTIAL_TYPES: Readonly<Record<CredentialType, CredentialTypeFacts>> = {
  EnterpriseIdentityCredential: {
    nameVi: 'Chứng thư định danh doanh nghiệp',
    nameEn: 'Enterprise identity credential',
    schemaId: `${SCHEMAS}enterprise-identity-v1.json`,
    schemaDigest: 'sha256-l3hWrVngo0rEDc5tWUUb0Lza/xDKXeOqucirDIkzbBk=',
    maxStatusAgeMs: DAY_MS,
    disclosures: [],
    expires: true,
  },
  ChemicalLicenceCredential: {
    nameVi: 'Giấy phép hóa chất cần kiểm soát đặc biệt',
    nameEn: 'Licence for special-control chemicals',
    schemaId: `${SCHEMAS}chemical-licence-v1.json`,
    schemaDigest: 'sha256-fOsCJbhCd2p0FeWUunjjksY0yt7M6ldlLfzMBFC6tk8=',
    maxStatusAgeMs: DAY_MS,
    disclosures: [],
    expires: true,
  },
  DiplomaCredential: {
    nameVi: 'Văn bằng',
    nameEn: 'Diploma',
    schemaId: `${SCHEMAS}diploma-v1.json`,
    schemaDigest: 'sha256-UqcUdX1q8fuQebcpacMqGJY/+lhVYGSy1PJ/mGbazBw=',
    maxStatusAgeMs: 30 * DAY_MS,
    disclosures: ['fullName', 'dateOfBirth', 'serialNumber', 'registerNumber', 'classification'],
    expires: false,
  },
};

/** Every type, in the order of {@link CREDENTIAL_TYPES}. */
export const CREDENTIAL_TYPE_NAMES = Object.keys(CREDENTIAL_TYPES) as readonly CredentialType[];

/** One of the three types. Throws Problem CREDENTIAL_TYPE_UNKNOWN. */
export const credentialType: Shape<CredentialType> = (value) => {
  if (typeof value !== 'string' || !Object.hasOwn(CREDENTIAL_TYPES, value)) {
    throw new Problem('CREDENTIAL_TYPE_UNKNOWN', { expected: CREDENTIAL_TYPE_NAMES.join(' | ') });
  }
  return value as CredentialType;
};
