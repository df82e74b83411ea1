/** The checks of a credential, by name. */
import { notApplicable, PASS, unknown, type Outcome, type Report } from '../report.js';

/** In the order in which they are made. */
export const CREDENTIAL_CHECKS = [
  'format', // the text has the parts of a credential, each in its one spelling
  'header', // exactly alg, kid and typ, and the key named is one of the issuer
  'payload', // exactly the agreed claims, each in its one place
  'issuer', // an organisation on the register answers for the issuer, and is the one that the content names
  'key', // a key of the issuer, good when it was signed
  'signature',
  'authorisation', // the issuer had the right to issue this, of this type, for this scope, when it did
  'commitment', // it stood on the ledger before it was handed out
  'not-before',
  'expiry',
  'revocation',
  'suspension',
  'supersession', // no newer one replaces it
  'disclosures', // the personal data shown beside it are those signed
  'freshness', // the copies of register and status lists are not old
  'holder', // who shows it
] as const;

export type CredentialCheck = (typeof CREDENTIAL_CHECKS)[number];

/** Total: every check has its outcome. */
export type CredentialReport = Report<CredentialCheck>;

/** Why a check had nothing to check. */
export type CredentialReason = 'no-expiry' | 'nothing-hidden' | 'nothing-shown' | 'bearer';

export const CREDENTIAL_REASONS = ['no-expiry', 'nothing-hidden', 'nothing-shown', 'bearer'] as const satisfies readonly CredentialReason[];

const NONE = Object.fromEntries(CREDENTIAL_REASONS.map((reason) => [reason, Object.freeze(notApplicable(reason))])) as Readonly<Record<CredentialReason, Outcome>>;

export const none = (reason: CredentialReason): Outcome => NONE[reason];

/** Something that this check rests on could not be read or checked. */
export const NOT_REACHED: Outcome = Object.freeze(unknown('RECEIPT_CHECK_NOT_REACHED'));

/** The same outcome for every check, to be overwritten where more is known. */
export function every(outcome: Outcome): CredentialReport {
  return Object.fromEntries(CREDENTIAL_CHECKS.map((name) => [name, outcome])) as CredentialReport;
}

/** Whoever holds a credential on paper may show it. */
export const BEARER: Outcome = none('bearer');

/** The report on a text that could be read, as far as reading goes. */
export const READ: CredentialReport = Object.freeze({ ...every(NOT_REACHED), format: PASS, header: PASS, payload: PASS, holder: BEARER });
