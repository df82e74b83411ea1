/**
 * The JSON Schema of each type, as the issuer publishes it and as every credential names it by id and digest. Each says what
 * the `vc` of a credential must be like; what it cannot say (check digits, NFC, the calendar, one member against another)
 * only `readPayload` knows. A published schema never changes: another one gets another id.
 */
import { CREDENTIAL_TYPES, type CredentialType } from './credential-type.js';
import { ASSURANCES, DIPLOMA_LEVELS, STUDY_MODES } from './diploma.js';
import { COMPULSORY_DISCLOSURES, DISCLOSURE_NAMES } from './personal-data.js';
import { CREDENTIAL_ID, DAY, DIGEST, ENTERPRISE_NUMBER, KILOGRAMS, list, matching, object, oneOf, ORGANISATION_ID, PERCENT, PROVINCE, REFERENCE, SUBSTANCE, text, wholeNumber, type JsonSchema } from './schema-parts.js';

const FICTIONAL = oneOf('yes');
const NAMED = { organisation: ORGANISATION_ID, name: text(200), nameEn: text(200) };

const ENTERPRISE_IDENTITY = object({
  enterpriseNumber: ENTERPRISE_NUMBER,
  organisation: ORGANISATION_ID,
  name: text(200),
  nameEn: text(200),
  address: text(300),
  province: PROVINCE,
  gs1Prefixes: list(matching('^(?!02|04|2)[0-9]{4,12}$'), { max: 50, distinct: true }),
  fictional: FICTIONAL,
}, ['nameEn', 'fictional']);

const LICENCE_LINE = object({
  line: REFERENCE, substance: SUBSTANCE, least: PERCENT, most: PERCENT, perYear: KILOGRAMS,
  site: object({ address: text(300), province: PROVINCE }),
  group: oneOf('1', '2'),
});

const CHEMICAL_LICENCE = object({
  number: text(60),
  authority: object(NAMED, ['nameEn']),
  holder: object({ ...NAMED, enterpriseNumber: ENTERPRISE_NUMBER }, ['nameEn']),
  lines: list(LICENCE_LINE, { min: 1, max: 50 }),
  replaces: object({ number: text(60), credential: CREDENTIAL_ID }, ['credential']),
  fictional: FICTIONAL,
}, ['replaces', 'fictional']);

const DIPLOMA = object({
  institution: object({ ...NAMED, province: PROVINCE }, ['nameEn']),
  level: oneOf(...DIPLOMA_LEVELS),
  title: text(120),
  titleEn: text(120),
  field: text(160),
  fieldEn: text(160),
  mode: oneOf(...STUDY_MODES),
  graduationYear: wholeNumber(1900, 2999),
  decisionNumber: text(60),
  issuePlace: text(100),
  issueDate: DAY,
  assurance: oneOf(...ASSURANCES),
  replaces: object({ credential: CREDENTIAL_ID, decisionNumber: text(60) }),
  fictional: FICTIONAL,
  _sd: list(DIGEST, { min: COMPULSORY_DISCLOSURES.length, max: DISCLOSURE_NAMES.length, distinct: true }),
}, ['titleEn', 'fieldEn', 'replaces', 'fictional']);

function published(type: CredentialType, subject: JsonSchema): JsonSchema {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: CREDENTIAL_TYPES[type].schemaId,
    title: type,
    type: 'object',
    properties: { credentialSubject: subject },
    required: ['credentialSubject'],
  };
}

/** The schemas; what is served is `canonicalJson` of each, so that its bytes have the digest that credentials name. */
export const CREDENTIAL_SCHEMAS: Readonly<Record<CredentialType, JsonSchema>> = {
  EnterpriseIdentityCredential: published('EnterpriseIdentityCredential', ENTERPRISE_IDENTITY),
  ChemicalLicenceCredential: published('ChemicalLicenceCredential', CHEMICAL_LICENCE),
  DiplomaCredential: published('DiplomaCredential', DIPLOMA),
};
