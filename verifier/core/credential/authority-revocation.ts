/** Whether somebody else than its issuer has taken the force of a credential, by the right that the register gives for that. */
import { authorise, type TrustQuestion, type TrustView } from '#domain/trust/authorise.js';
import type { CredentialClaims } from '#domain/credential/claims.js';
import type { Did } from '#domain/trust/did.js';
import type { Instant } from '#domain/instant.js';
import type { OrganisationId } from '#domain/registry/organisation.js';
import type { CredentialRevocationRecord } from '#domain/trust/records.js';
import { isHexOf } from '../bytes.js';
import { asciiBytes, type CryptoPort } from '../crypto-port.js';
import { fail, unknown, type Outcome } from '../report.js';
import { refusalCode } from './refusal-code.js';

/** A copy of the register that says what was revoked of an issuer by others. */
export interface RevocationView extends TrustView {
  revocationsOf(issuer: Did): readonly CredentialRevocationRecord[];
}

/** Who revoked a credential, by which decision, and when that was recorded. */
export interface Revoker {
  readonly organisation: OrganisationId;
  readonly decision: string;
  readonly at: Instant;
}

/** `fail`, with who did it; or `unknown`, where that could not be looked up. */
export interface AuthorityRevocation {
  readonly outcome: Outcome;
  readonly by?: Revoker;
}

/**
 * Looks a credential up among the revocations on the register. A record counts if whoever made it had the right to revoke
 * such a credential when it was made: for the type and the scope that are signed, whatever the record says of them.
 *
 * @param claims whose signature holds
 * @param scope of the claims
 * @param known nothing recorded later counts
 * @returns `undefined` where nobody revoked it; `fail` CREDENTIAL_REVOKED_BY_AUTHORITY; `unknown` CRYPTO_UNAVAILABLE
 */
export async function authorityRevocation(claims: CredentialClaims, scope: TrustQuestion['scope'], trust: RevocationView, known: Instant, crypto: CryptoPort): Promise<AuthorityRevocation | undefined> {
  try {
    const id = await crypto.sha256(asciiBytes(claims.id, crypto));
    const ofThis = trust.revocationsOf(claims.issuer).filter(({ credential, revokedAt }) => revokedAt <= known && isHexOf(credential, id));
    const record = ofThis.find(({ did, revokedAt }) => mayRevoke({ did, action: 'revoke', type: claims.type, scope, at: revokedAt, known }, trust));
    return record === undefined ? undefined : { outcome: fail('CREDENTIAL_REVOKED_BY_AUTHORITY'), ...revokerOf(record, trust) };
  } catch (error) {
    return { outcome: unknown(refusalCode(error)) };
  }
}

/** What was right when it was done stays done, also if the right was taken since; what never was right counts for nothing. */
function mayRevoke(question: TrustQuestion, trust: TrustView): boolean {
  const { answer } = authorise(question, trust);
  return answer === 'AUTHORISED' || answer === 'AUTHORISED_THEN_REVOKED_NOW';
}

function revokerOf({ did, decision, revokedAt }: CredentialRevocationRecord, trust: TrustView): Pick<AuthorityRevocation, 'by'> {
  const organisation = trust.did(did)?.organisation;
  return organisation === undefined ? {} : { by: { organisation, decision, at: revokedAt } };
}
