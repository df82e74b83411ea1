/** Whether the register knows the issuer, and whether it had the right to issue this. */
import { authorise, type TrustAnswer, type TrustQuestion, type TrustView } from '#domain/trust/authorise.js';
import { isOfType, type CredentialClaims } from '#domain/credential/claims.js';
import type { DidRecord } from '#domain/trust/records.js';
import type { Instant } from '#domain/instant.js';
import type { OrganisationId } from '#domain/registry/organisation.js';
import type { ProblemCode } from '#domain/errors.js';
import { withdrawnAt } from '#domain/trust/withdrawal.js';
import { fail, PASS, unknown, type Outcome } from '../report.js';
import type { IssueTimes } from './issue-times.js';

/** What an old copy of the register cannot say: that something was not added since. */
const ABSENT: ReadonlySet<ProblemCode> = new Set<ProblemCode>(['DID_UNKNOWN', 'DID_KEY_UNKNOWN', 'GRANT_MISSING', 'GRANT_TYPE_OTHER', 'GRANT_SCOPE_NARROWER', 'GRANT_CHAIN_BROKEN']);

/** That something is missing is only said from a copy that can know it; everything else stands. */
export function fromThisCopy(outcome: Outcome, knowsAbsence: boolean): Outcome {
  return outcome.result === 'fail' && !knowsAbsence && ABSENT.has(outcome.code) ? unknown('TRUST_SNAPSHOT_STALE') : outcome;
}

/**
 * Whether an organisation on the register answers for the issuer, and is the one that the content names.
 *
 * @param record of the DID in `iss`
 * @param times of issue, at which it must not have been withdrawn
 * @param known nothing recorded later counts
 * @returns `fail` DID_UNKNOWN, DID_WITHDRAWN, CREDENTIAL_NAMES_OTHER_ISSUER
 */
export function issuerOutcome(record: DidRecord | undefined, claims: CredentialClaims, { rightsAt }: IssueTimes, known: Instant): Outcome {
  if (record === undefined || record.registeredAt > known) return fail('DID_UNKNOWN');
  if (rightsAt.some((at) => withdrawnAt(record, at, known) === 'then')) return fail('DID_WITHDRAWN');
  const named = namedIssuer(claims);
  return named === undefined || named === record.organisation ? PASS : fail('CREDENTIAL_NAMES_OTHER_ISSUER');
}

/** The organisation that the content says issued it, where it says so. */
function namedIssuer(claims: CredentialClaims): OrganisationId | undefined {
  if (isOfType(claims, 'DiplomaCredential')) return claims.subjectClaims.institution.organisation;
  return isOfType(claims, 'ChemicalLicenceCredential') ? claims.subjectClaims.authority.organisation : undefined;
}

export interface Authorisation {
  readonly outcome: Outcome;
  /** Ids of the grants it rests on. */
  readonly chain: readonly string[];
  /** Right when it was issued, and withdrawn since: what was. */
  readonly since?: ProblemCode;
}

/**
 * Whether the issuer had the right: by its own word of the time, and by the ledger's where there is one. An issuer that
 * lost its right cannot date back, and one that has it now did not have it before.
 *
 * @param scope of the claims
 * @param times of issue
 * @param known nothing recorded later counts
 * @returns `fail` with the code of `authorise`
 */
export function authorisation({ issuer: did, type }: CredentialClaims, scope: TrustQuestion['scope'], times: IssueTimes, known: Instant, trust: TrustView): Authorisation {
  const ask = (at: Instant): TrustAnswer => authorise({ did, action: 'issue', type, scope, at, known }, trust);
  const answers = times.rightsAt.map(ask);
  const worst = answers.find((answer) => !isRight(answer)) ?? answers.find((answer) => answer.code !== undefined) ?? answers[0];
  if (worst === undefined || !isRight(worst)) return { outcome: fail(worst?.code ?? 'GRANT_MISSING'), chain: worst?.chain ?? [] };
  return { outcome: PASS, chain: worst.chain, ...(worst.code === undefined ? {} : { since: worst.code }) };
}

function isRight({ answer }: TrustAnswer): boolean {
  return answer === 'AUTHORISED' || answer === 'AUTHORISED_THEN_REVOKED_NOW';
}
