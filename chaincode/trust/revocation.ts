/** A credential loses its force by the word of somebody else than its issuer: by the right that the registry gives for that. */
import type { CredentialType } from '#domain/credential/credential-type.js';
import { Problem, require, within } from '#domain/errors.js';
import { authorise, type TrustQuestion } from '#domain/trust/authorise.js';
import type { Did } from '#domain/trust/did.js';
import { credentialRevocationKey } from '#domain/trust/keys.js';
import { credentialRevocation } from '#domain/trust/requests.js';
import { handler, type Transaction } from '../transaction.js';
import { trustOf } from './loaded-trust.js';
import { ownDid, refuseFull, registeredDid } from './registered-did.js';

/** By one DID, of credentials of one issuer. Every verifier keeps them all; an issuer of whom so much is wrong loses its own right. */
const MOST_OF_ISSUER = 1000;

/**
 * What the request says of the credential cannot be compared with it here: nothing of it is on the ledger but digests.
 * A verifier asks the same rule about what is signed, so a record that says otherwise has no force.
 */
export const revokeCredential = handler(credentialRevocation, async (tx, request) => {
  const { did, issuer, credential, credentialType, scope } = request;
  await checkMayRevoke(tx, did, credentialType, { provinces: scope.provinces, substances: scope.substances ?? [] });
  await issuerOf(tx, issuer);
  const key = credentialRevocationKey(did, issuer, credential);
  require((await tx.ledger.load(key, 'credential-revocation')) === undefined, 'CREDENTIAL_REVOCATION_ALREADY_RECORDED', { credential, did });
  await refuseFull(tx, credentialRevocationKey(did, issuer, ''), MOST_OF_ISSUER, 'CREDENTIAL_REVOCATIONS_TOO_MANY');
  tx.ledger.save(key, { kind: 'credential-revocation', ...request, revokedAt: tx.at });
  return { credential, revokedAt: tx.at };
});

async function issuerOf(tx: Transaction, issuer: Did): Promise<void> {
  try {
    await registeredDid(tx, issuer);
  } catch (error) {
    throw error instanceof Problem ? within('issuer', error) : error;
  }
}

/**
 * Checks that a DID of the caller holds the right to revoke such credentials, at the transaction's time.
 *
 * @throws Problem DID_UNKNOWN, DID_NOT_HELD, DID_WITHDRAWN, GRANT_… with `did` and `type`
 */
export async function checkMayRevoke(tx: Transaction, did: Did, type: CredentialType, scope: TrustQuestion['scope']): Promise<void> {
  await ownDid(tx, did);
  const { answer, code = 'GRANT_MISSING' } = authorise({ did, action: 'revoke', type, scope, at: tx.at, known: tx.at }, await trustOf(tx, did, type));
  if (answer !== 'AUTHORISED') throw new Problem(code, { did, type });
}
