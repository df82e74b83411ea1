/**
 * The enterprise that a credential names, against the register: the DID, the organisation and its GS1 prefixes must be one
 * enterprise's there too. An identity that ties one to another's would be believed by everybody who trusts its issuer.
 */
import { Problem, require, within } from '#domain/errors.js';
import type { OrganisationId } from '#domain/registry/organisation.js';
import type { TrustCopy } from '../ledger/trust-copy.js';
import type { TrustLedger } from '../ledger/trust-ledger.js';
import type { IssueOrder } from './issue-order.js';

export interface NamedEnterpriseParts {
  readonly trust: Pick<TrustCopy, 'current'>;
  readonly ledger: Pick<TrustLedger, 'prefixesOf'>;
}

const SUBJECT = 'credential.credentialSubject';

/**
 * Checks what the register can contradict. A DID that is not on it is the issuer's word; prefixes are on it or are nobody's.
 *
 * @param claims a diploma's name no enterprise
 * @param subject DID of the enterprise; a licence's holder may have none
 * @param bearer API key of whoever issues
 * @throws Problem with its field: CREDENTIAL_SUBJECT_OTHER for the DID of another organisation; ORGANISATION_UNKNOWN;
 *   PREFIX_NOT_HELD for a prefix that is not the organisation's, or a part of such; SCOPE_MISSING, LEDGER_UNREACHABLE
 */
export async function checkNamedEnterprise(claims: IssueOrder['subjectClaims'], subject: string | undefined, bearer: string, { trust, ledger }: NamedEnterpriseParts): Promise<void> {
  if ('holder' in claims) return checkDid(subject, claims.holder.organisation, trust);
  if (!('enterpriseNumber' in claims)) return;
  const { organisation, gs1Prefixes } = claims;
  await checkDid(subject, organisation, trust);
  const held = await prefixesOf(organisation, bearer, ledger);
  const other = gs1Prefixes.findIndex((prefix) => !held.some((one) => prefix.startsWith(one)));
  if (other !== -1) throw new Problem('PREFIX_NOT_HELD', { field: `${SUBJECT}.gs1Prefixes[${other}]`, prefix: gs1Prefixes[other] ?? '', organisation });
}

async function checkDid(subject: string | undefined, organisation: OrganisationId, trust: NamedEnterpriseParts['trust']): Promise<void> {
  const record = (await trust.current()).dids.find(({ did }) => did === subject);
  require(record === undefined || record.organisation === organisation, 'CREDENTIAL_SUBJECT_OTHER', { field: `${SUBJECT}.id`, expected: `DID of ${organisation}` });
}

async function prefixesOf(organisation: OrganisationId, bearer: string, ledger: NamedEnterpriseParts['ledger']): Promise<readonly string[]> {
  try {
    return await ledger.prefixesOf(bearer, organisation);
  } catch (error) {
    throw error instanceof Problem && error.code === 'ORGANISATION_UNKNOWN' ? within(`${SUBJECT}.organisation`, error) : error;
  }
}
