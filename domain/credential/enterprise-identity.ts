/** What a registrar says of an enterprise: its number, its DID (the credential's subject), its GS1 prefixes, its name. */
import { Problem } from '../errors.js';
import { parseCompanyPrefix, prefixesCollide, type CompanyPrefix } from '../gs1/company-prefix.js';
import { organisationId, province } from '../registry/organisation.js';
import { distinct, object, oneOf, optional, parsedBy, text, type Parsed, type Shape } from '../shape.js';
import { checkEnterpriseNumber, enterpriseNumberForm } from './enterprise-number.js';

const MOST_PREFIXES = 50;

const members = object({
  enterpriseNumber: enterpriseNumberForm,
  /** Its id on the ledger. */
  organisation: organisationId,
  name: text(200),
  nameEn: optional(text(200)),
  address: text(300),
  province,
  /** Prefixes that GS1 licensed to it: which codes are its own. */
  gs1Prefixes: distinct(parsedBy(parseCompanyPrefix), { max: MOST_PREFIXES }),
  /** Set in a demonstration. */
  fictional: optional(oneOf('yes')),
});

/** `credentialSubject` of an EnterpriseIdentityCredential. */
export type EnterpriseIdentity = Parsed<typeof members>;

/**
 * Reads the subject of an enterprise identity.
 *
 * @throws Problem as `object`; ENTERPRISE_NUMBER_MALFORMED, _CHECK_DIGIT_WRONG, _PERSONAL, _NOT_FICTIONAL;
 *   COMPANY_PREFIX_…, COMPANY_PREFIXES_OVERLAP
 */
export const enterpriseIdentity: Shape<EnterpriseIdentity> = (value) => {
  const identity = members(value);
  checkEnterpriseNumber(identity.enterpriseNumber, identity.fictional);
  checkPrefixes(identity.gs1Prefixes);
  return identity;
};

function checkPrefixes(prefixes: readonly CompanyPrefix[]): void {
  for (const [at, prefix] of prefixes.entries()) {
    const other = prefixes.slice(0, at).find((one) => prefixesCollide(one, prefix));
    if (other !== undefined) throw new Problem('COMPANY_PREFIXES_OVERLAP', { field: `gs1Prefixes[${at}]`, prefix, other });
  }
}
