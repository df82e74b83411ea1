/** Whether now is between the two times of a credential (RFC 7519 sections 4.1.4 and 4.1.5). */
import type { CredentialClaims } from '#domain/credential/claims.js';
import { fail, passIf, PASS, type Outcome } from '../report.js';
import { none } from './credential-report.js';
import { CLOCK_SKEW_MS } from './issue-times.js';

/** A minute's grace: the issuer's clock may be ahead of this one, and a credential is shown as soon as it is there. */
export function notBeforeOutcome({ notBefore }: CredentialClaims, now: number): Outcome {
  return notBefore * 1000 > now + CLOCK_SKEW_MS ? fail('CREDENTIAL_NOT_YET_VALID') : PASS;
}

/** No grace: the second named is the first in which it no longer holds. */
export function expiryOutcome({ expires }: CredentialClaims, now: number): Outcome {
  return expires === undefined ? none('no-expiry') : passIf(now < expires * 1000, 'CREDENTIAL_EXPIRED');
}
