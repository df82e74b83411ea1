import { sameBytes } from './bytes.js';
import type { CryptoPort } from './crypto-port.js';
import { withLowS } from './ecdsa-signature.js';
import { fail, type Outcome, PASS } from './report.js';
import type { Certificate } from './x509.js';

/** Authorities that may stand between a certificate and its root. */
const MOST_INTERMEDIATES = 1;

/**
 * Whether a certificate for signing data leads to a pinned root: directly, or over one pinned intermediate authority.
 *
 * Each step asks for the issuer's name byte by byte, the right to issue (basicConstraints, path length, keyUsage),
 * the issuer's signature, and validity at the instant. A pinned certificate whose issuer is itself is a root and is
 * believed without looking at its own signature; any other pinned one must lead to a root in its turn.
 *
 * @param certificate whose path is wanted, e.g. of a peer
 * @param pinned the roots and intermediates of its organisation; nothing else ever issues
 * @param at milliseconds since 1970 at which every certificate of the path must be valid
 * @returns `pass`, or `fail` with CERTIFICATE_WRONG_USE, CERTIFICATE_NOT_YET_VALID, CERTIFICATE_EXPIRED,
 * CERTIFICATE_ISSUER_NOT_AUTHORITY or CERTIFICATE_UNTRUSTED
 */
export async function chainsToRoot(
  certificate: Certificate,
  pinned: readonly Certificate[],
  at: number,
  crypto: CryptoPort,
): Promise<Outcome> {
  if (certificate.isAuthority || !certificate.signsData) return fail('CERTIFICATE_WRONG_USE');
  return climb(certificate, { pinned, at, crypto }, 0);
}

interface Search {
  readonly pinned: readonly Certificate[];
  readonly at: number;
  readonly crypto: CryptoPort;
}

/** Tries every pinned certificate of the issuer's name: an authority may have renewed its certificate or its key. */
async function climb(certificate: Certificate, search: Search, below: number): Promise<Outcome> {
  const period = validAt(certificate, search.at);
  if (period.result !== 'pass') return period;
  let answer = fail('CERTIFICATE_UNTRUSTED');
  for (const issuer of search.pinned) {
    if (!sameBytes(issuer.subject.der, certificate.issuer.der)) continue;
    const outcome = await over(issuer, certificate, search, below);
    if (outcome.result === 'pass') return PASS;
    answer = outcome;
  }
  return answer;
}

async function over(issuer: Certificate, certificate: Certificate, search: Search, below: number): Promise<Outcome> {
  if (!mayIssue(issuer, below)) return fail('CERTIFICATE_ISSUER_NOT_AUTHORITY');
  if (!(await isSignedBy(certificate, issuer, search.crypto))) return fail('CERTIFICATE_UNTRUSTED');
  if (isRoot(issuer)) return validAt(issuer, search.at);
  return below < MOST_INTERMEDIATES ? climb(issuer, search, below + 1) : fail('CERTIFICATE_UNTRUSTED');
}

function mayIssue(issuer: Certificate, below: number): boolean {
  return issuer.isAuthority && issuer.signsCertificates && below <= issuer.pathLength;
}

function isRoot(certificate: Certificate): boolean {
  return sameBytes(certificate.issuer.der, certificate.subject.der);
}

/** Whether an authority signed a certificate, or a revocation list. */
export async function isSignedBy({ tbs, signature }: Pick<Certificate, 'tbs' | 'signature'>, issuer: Certificate, crypto: CryptoPort): Promise<boolean> {
  const low = withLowS(signature);
  return low !== undefined && crypto.verifyP256(issuer.spki, tbs, low);
}

function validAt({ notBefore, notAfter }: Certificate, at: number): Outcome {
  if (at < notBefore) return fail('CERTIFICATE_NOT_YET_VALID');
  return at <= notAfter ? PASS : fail('CERTIFICATE_EXPIRED');
}
