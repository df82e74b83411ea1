/** From a report to the one thing said first: which of the known states, by which precedence, in which tone. */
import type { ProblemCode } from '#domain/errors.js';
import type { Tone } from '../goods/band.js';
import type { Outcome } from '../report.js';
import { CREDENTIAL_CHECKS, type CredentialCheck, type CredentialReport } from './credential-report.js';
import type { CredentialStanding } from './credential-verdict.js';

export type CredentialState =
  | 'malformed' | 'altered' | 'issuer-unknown' | 'issuer-withdrawn' | 'issuer-differs' | 'key-compromised' | 'key-refused' | 'not-authorised' | 'not-logged' | 'evidence-differs'
  | 'revoked-by-authority' | 'revoked' | 'suspended' | 'superseded' | 'expired' | 'not-yet-valid' | 'disclosures-differ' | 'unchecked'
  | 'valid' | 'valid-once-authorised';

/** Never colour alone and never green: what is in force is said calmly, not rewarded. */
export const CREDENTIAL_TONES: Readonly<Record<CredentialState, Tone>> = {
  malformed: 'warning',
  altered: 'danger',
  'issuer-unknown': 'danger',
  'issuer-withdrawn': 'danger',
  'issuer-differs': 'danger',
  'key-compromised': 'danger',
  'key-refused': 'danger',
  'not-authorised': 'danger',
  'not-logged': 'danger',
  'evidence-differs': 'warning',
  'revoked-by-authority': 'danger',
  revoked: 'danger',
  suspended: 'warning',
  superseded: 'warning',
  expired: 'warning',
  'not-yet-valid': 'warning',
  'disclosures-differ': 'danger',
  unchecked: 'caution',
  valid: 'normal',
  'valid-once-authorised': 'normal',
};

/** A key that no register vouches for is a matter of the issuer, not of the key. */
const WRONG_KEY: readonly ProblemCode[] = ['DID_KEY_UNKNOWN', 'DID_KEY_NOT_YET_VALID', 'DID_KEY_SUPERSEDED', 'PUBLIC_KEY_ALGORITHM_DIFFERS', 'PUBLIC_KEY_NOT_ON_CURVE', 'PUBLIC_KEY_SMALL_ORDER'];

/** That the issuer entered nothing is known of these; else only that what came along does not show it. */
const NO_ENTRY: readonly ProblemCode[] = ['CREDENTIAL_NOT_LOGGED', 'COMMITMENT_OF_OTHER'];

/**
 * The states that a failed check leads to, with any code or with one of these. The first that applies wins: who speaks, then
 * what was done, then what is said.
 */
const PRECEDENCE: readonly (readonly [state: CredentialState, check: CredentialCheck, codes?: readonly ProblemCode[]])[] = [
  ['malformed', 'format'],
  ['malformed', 'header'],
  ['malformed', 'payload'],
  ['altered', 'signature'],
  ['issuer-differs', 'issuer', ['CREDENTIAL_NAMES_OTHER_ISSUER']],
  ['issuer-withdrawn', 'issuer', ['DID_WITHDRAWN']],
  ['issuer-unknown', 'issuer'],
  ['key-compromised', 'key', ['DID_KEY_COMPROMISED']],
  ['key-refused', 'key', WRONG_KEY],
  ['not-authorised', 'authorisation'],
  ['not-logged', 'commitment', NO_ENTRY],
  ['evidence-differs', 'commitment'],
  ['revoked-by-authority', 'revocation', ['CREDENTIAL_REVOKED_BY_AUTHORITY']],
  ['revoked', 'revocation'],
  ['suspended', 'suspension'],
  ['superseded', 'supersession'],
  ['expired', 'expiry'],
  ['not-yet-valid', 'not-before'],
  ['disclosures-differ', 'disclosures'],
];

/**
 * The state that a reader is told first.
 *
 * @param report of `judgeCredential`
 * @param standing of the same verdict
 * @returns the state of the failed check that matters most; `unchecked` where something could not be checked; else that
 *   the credential is in force, with a state of its own where its issuer has lost the right, or its key was lost, since
 */
export function credentialBand(report: CredentialReport, standing: CredentialStanding | undefined): CredentialState {
  const worst = PRECEDENCE.find(([, check, codes]) => failed(report[check], codes));
  if (worst !== undefined) return worst[0];
  if (CREDENTIAL_CHECKS.some((name) => isOpen(report[name]))) return 'unchecked';
  return standing?.since === undefined ? 'valid' : 'valid-once-authorised';
}

function isOpen({ result }: Outcome): boolean {
  return result === 'fail' || result === 'unknown';
}

function failed(outcome: Outcome, codes?: readonly ProblemCode[]): boolean {
  return outcome.result === 'fail' && (codes === undefined || codes.includes(outcome.code));
}
