/** Whether a credential is revoked, suspended or replaced, as far as the issuer's lists at hand say. */
import { authorise, type TrustQuestion, type TrustView } from '#domain/trust/authorise.js';
import type { CredentialClaims } from '#domain/credential/claims.js';
import { LIST_BITS, statusBit, type StatusPurpose } from '#domain/credential/status-list.js';
import type { Did } from '#domain/trust/did.js';
import type { Instant } from '#domain/instant.js';
import type { ProblemCode } from '#domain/errors.js';
import { fail, PASS, unknown, type Outcome } from '../report.js';
import { CLOCK_TOLERANCE_MS } from './freshness-check.js';

/** A status list that was verified, unpacked. */
export interface KnownStatus {
  /** Its URL. */
  readonly list: string;
  readonly purpose: StatusPurpose;
  readonly version: number;
  readonly issuer: Did;
  /** Milliseconds since 1970: when its issuer signed it, and until when it may be relied on. */
  readonly validFrom: number;
  readonly validUntil: number;
  /** {@link LIST_BITS} bits, numbered from the left of each byte. */
  readonly bits: Uint8Array;
  /** Milliseconds since 1970 on the clock of whoever fetched it. */
  readonly fetchedAt: number;
}

export type StatusOf = (list: string) => KnownStatus | undefined;

export interface StatusQuestion {
  readonly claims: CredentialClaims;
  readonly scope: TrustQuestion['scope'];
  readonly statusOf: StatusOf;
  readonly trust: TrustView;
  readonly known: Instant;
  readonly now: number;
}

/** What a set bit means. */
const SET: Readonly<Record<StatusPurpose, ProblemCode>> = {
  revocation: 'CREDENTIAL_REVOKED',
  suspension: 'CREDENTIAL_SUSPENDED',
  refresh: 'CREDENTIAL_SUPERSEDED',
};

/** One outcome for each purpose, and how old the oldest list is. */
export interface StatusFindings {
  readonly revocation: Outcome;
  readonly suspension: Outcome;
  readonly refresh: Outcome;
  /** Milliseconds since 1970; `undefined` where a list is missing. */
  readonly asOf: number | undefined;
}

/**
 * Looks a credential up in its three lists. Bad news is believed of a list that is past its time; that there is none is
 * not.
 *
 * @returns `fail` CREDENTIAL_REVOKED, _SUSPENDED, _SUPERSEDED; `unknown` STATUS_LIST_MISSING, STATUS_LIST_…, where a list
 *   says nothing that counts
 */
export function statusFindings(question: StatusQuestion): StatusFindings {
  const { status } = question.claims;
  const [revocation, suspension, refresh] = [question.statusOf(status.revocation.list), question.statusOf(status.suspension.list), question.statusOf(status.refresh.list)];
  return {
    revocation: outcomeOf('revocation', revocation, question),
    suspension: outcomeOf('suspension', suspension, question),
    refresh: outcomeOf('refresh', refresh, question),
    asOf: revocation && suspension && refresh && Math.min(revocation.validFrom, suspension.validFrom, refresh.validFrom),
  };
}

function outcomeOf(purpose: StatusPurpose, status: KnownStatus | undefined, question: StatusQuestion): Outcome {
  if (status === undefined) return MISSING;
  const { list, index } = question.claims.status[purpose];
  const fault = faultOf(status, list, purpose, question);
  if (fault !== undefined) return unknown(fault);
  if (statusBit(status.bits, index)) return fail(SET[purpose]);
  if (status.validFrom > question.now + CLOCK_TOLERANCE_MS) return unknown('STATUS_LIST_NOT_YET_VALID');
  return question.now < status.validUntil ? PASS : unknown('STATUS_LIST_EXPIRED');
}

const MISSING: Outcome = Object.freeze(unknown('STATUS_LIST_MISSING'));

/** The lists were checked when they were fetched; that this one answers this question is checked here. */
function faultOf(status: KnownStatus, list: string, purpose: StatusPurpose, question: StatusQuestion): ProblemCode | undefined {
  if (status.list !== list) return 'STATUS_LIST_ADDRESS_DIFFERS';
  if (status.purpose !== purpose) return 'STATUS_LIST_PURPOSE_DIFFERS';
  if (status.bits.length * 8 !== LIST_BITS) return 'STATUS_LIST_BITS_WRONG';
  return status.issuer === question.claims.issuer || maySetStatus(status.issuer, purpose, question) ? undefined : 'STATUS_LIST_OF_OTHER_ISSUER';
}

/** Somebody else than the issuer sets a status only with a grant to do so for such credentials. */
function maySetStatus(did: Did, purpose: StatusPurpose, { claims, scope, trust, known }: StatusQuestion): boolean {
  const action = purpose === 'suspension' ? 'suspend' : 'revoke';
  return authorise({ did, action, type: claims.type, scope, at: known, known }, trust).answer === 'AUTHORISED';
}
