/** What the ledger's register of licences says against the credential that a licence is. */
import type { LicenceEnding } from '#domain/chemistry/licence-ending.js';
import { isOfType } from '#domain/credential/claims.js';
import type { StatusPurpose } from '#domain/credential/status-list.js';
import { instantOf, type Day, type Instant } from '#domain/instant.js';
import type { OrganisationId } from '#domain/registry/organisation.js';
import { vietnamDay } from '../goods/number-wording.js';
import { fail, type Outcome } from '../report.js';
import type { CredentialProof } from './proof.js';

/** A copy of the register that says what is said against licences. */
export interface LicenceView {
  endings(credentialOrRoot: string): readonly LicenceEnding[];
}

/** Who put it out of force, and when that was recorded; revoked or replaced, from which day on. */
export interface LicenceWord {
  readonly purpose: StatusPurpose;
  readonly by: OrganisationId;
  readonly at: Instant;
  readonly from?: Day;
}

/** What it comes to for the report. */
export const LICENCE_OUTCOMES: Readonly<Record<StatusPurpose, Outcome>> = {
  revocation: Object.freeze(fail('CREDENTIAL_LICENCE_REVOKED')),
  suspension: Object.freeze(fail('CREDENTIAL_LICENCE_SUSPENDED')),
  refresh: Object.freeze(fail('CREDENTIAL_LICENCE_REPLACED')),
};

/**
 * Looks a licence up by the id that it has as a credential, and by the root that it was committed under: it may stand on
 * the register by another id. Who may write there is checked by the contract, with every peer, and not again here.
 *
 * @param proof whose signature holds
 * @param known nothing recorded later counts
 * @param now milliseconds since 1970: a day to come has not come
 * @returns `undefined` where nothing is said against it
 */
export function licenceWord(proof: CredentialProof, trust: LicenceView, known: Instant, now: number): LicenceWord | undefined {
  const { reading: { claims, evidence }, leadsToRoot } = proof;
  if (!isOfType(claims, 'ChemicalLicenceCredential')) return undefined;
  const byId = trust.endings(claims.id);
  const isProven = 'value' in leadsToRoot && leadsToRoot.value && 'value' in evidence;
  const byRoot = isProven ? trust.endings(evidence.value.root) : [];
  // Nothing is said against most licences, of which some are scanned again and again.
  if (byId.length + byRoot.length === 0) return undefined;
  // Licences that were committed to together are told apart by their numbers.
  const isAlone = isProven && evidence.value.count === 1;
  const ofThis = [...byId, ...byRoot.filter(({ number }) => isAlone || number === claims.subjectClaims.number)];
  return firstOf(ofThis.filter(({ did }) => did === claims.issuer), known, now);
}

function firstOf(endings: readonly LicenceEnding[], known: Instant, now: number): LicenceWord | undefined {
  for (const ending of endings) {
    const word = wordOf(ending, known, now);
    if (word !== undefined) return word;
  }
  return undefined;
}

/** What is revoked is not said to be suspended as well. */
function wordOf({ revocation, suspension }: LicenceEnding, known: Instant, now: number): LicenceWord | undefined {
  if (revocation !== undefined && revocation.at <= known && revocation.from <= vietnamDay(instantOf(now))) {
    const { replacedBy, by, at, from } = revocation;
    return { purpose: replacedBy === undefined ? 'revocation' : 'refresh', by, at, from };
  }
  return suspension !== undefined && suspension.at <= known ? { purpose: 'suspension', ...suspension } : undefined;
}
