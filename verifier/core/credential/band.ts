/** From a report to the one thing said first: which of the known states, by which precedence, in which tone. */
import type { ProblemCode } from '#domain/errors.js';
import type { Tone } from '../goods/band.js';
import type { Outcome } from '../report.js';
import { CREDENTIAL_CHECKS, type CredentialReport } from './credential-report.js';
import type { CredentialStanding } from './credential-verdict.js';

export type CredentialState =
  | 'malformed' | 'altered' | 'issuer-unknown' | 'issuer-differs' | 'key-compromised' | 'key-refused' | 'not-authorised' | 'not-logged'
  | 'revoked-by-authority' | 'revoked' | 'suspended' | 'superseded' | 'expired' | 'not-yet-valid' | 'disclosures-differ' | 'unchecked'
  | 'valid' | 'valid-once-authorised';

/** Never colour alone and never green: what is in force is said calmly, not rewarded. */
export const CREDENTIAL_TONES: Readonly<Record<CredentialState, Tone>> = {
  malformed: 'warning',
  altered: 'danger',
  'issuer-unknown': 'danger',
  'issuer-differs': 'danger',
  'key-compromised': 'danger',
  'key-refused': 'danger',
  'not-authorised': 'danger',
  'not-logged': 'danger',
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
const WRONG_KEY: ReadonlySet<ProblemCode> = new Set<ProblemCode>(['DID_KEY_UNKNOWN', 'DID_KEY_NOT_YET_VALID', 'DID_KEY_SUPERSEDED', 'PUBLIC_KEY_ALGORITHM_DIFFERS', 'PUBLIC_KEY_NOT_ON_CURVE', 'PUBLIC_KEY_SMALL_ORDER']);

/** The states that a failed check leads to, the first that applies wins: who speaks, then what was done, then what is said. */
const PRECEDENCE: readonly (readonly [CredentialState, (report: CredentialReport) => boolean])[] = [
  ['malformed', (report) => failed(report.format) || failed(report.header) || failed(report.payload)],
  ['altered', (report) => failed(report.signature)],
  ['issuer-differs', (report) => codeOf(report.issuer) === 'CREDENTIAL_NAMES_OTHER_ISSUER'],
  ['issuer-unknown', (report) => failed(report.issuer)],
  ['key-compromised', (report) => codeOf(report.key) === 'DID_KEY_COMPROMISED'],
  ['key-refused', ({ key }) => key.result === 'fail' && WRONG_KEY.has(key.code)],
  ['not-authorised', (report) => failed(report.authorisation)],
  ['not-logged', (report) => failed(report.commitment)],
  ['revoked-by-authority', (report) => codeOf(report.revocation) === 'CREDENTIAL_REVOKED_BY_AUTHORITY'],
  ['revoked', (report) => failed(report.revocation)],
  ['suspended', (report) => failed(report.suspension)],
  ['superseded', (report) => failed(report.supersession)],
  ['expired', (report) => failed(report.expiry)],
  ['not-yet-valid', (report) => failed(report['not-before'])],
  ['disclosures-differ', (report) => failed(report.disclosures)],
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
  const worst = PRECEDENCE.find(([, applies]) => applies(report));
  if (worst !== undefined) return worst[0];
  if (CREDENTIAL_CHECKS.some((name) => isOpen(report[name]))) return 'unchecked';
  return standing?.since === undefined ? 'valid' : 'valid-once-authorised';
}

function isOpen({ result }: Outcome): boolean {
  return result === 'fail' || result === 'unknown';
}

function failed({ result }: Outcome): boolean {
  return result === 'fail';
}

function codeOf(outcome: Outcome): ProblemCode | undefined {
  return outcome.result === 'fail' ? outcome.code : undefined;
}
