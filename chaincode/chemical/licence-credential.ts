/** A licence that is also a credential is recorded only by the right to issue that credential: the verifier's own rule. */
import type { LicenceRequest } from '#domain/chemistry/licence.js';
import { Problem, require } from '#domain/errors.js';
import type { OrganisationRecord } from '#domain/registry/organisation.js';
import { authorise } from '#domain/trust/authorise.js';
import { commitmentKey } from '#domain/trust/keys.js';
import type { Transaction } from '../transaction.js';
import { trustOf } from '../trust/loaded-trust.js';
import { ownDid } from '../trust/registered-did.js';

/**
 * Checks, at the transaction's time, that the credential is committed and that its issuer holds a grant which covers
 * each line's substance in the provinces of its sites.
 *
 * @throws Problem DID_UNKNOWN, DID_NOT_HELD, COMMITMENT_UNKNOWN, COMMITMENT_OF_OTHER; GRANT_… and DID_WITHDRAWN with
 *   `line` and `substance`
 */
export async function checkLicenceCredential(tx: Transaction, request: LicenceRequest, holder: OrganisationRecord): Promise<void> {
  if (request.credential === undefined) return;
  const { did, root, provinces = [holder.province] } = request.credential;
  await ownDid(tx, did);
  const commitment = await tx.ledger.load(commitmentKey(root), 'credential-commitment');
  require(commitment !== undefined, 'COMMITMENT_UNKNOWN', { field: 'credential.root', root });
  require(commitment.did === did, 'COMMITMENT_OF_OTHER', { field: 'credential.root', root, did: commitment.did });
  const trust = await trustOf(tx, did, 'ChemicalLicenceCredential');
  for (const [index, { line, substance }] of request.lines.entries()) {
    const scope = { provinces, substances: [substance] };
    const { answer, code = 'GRANT_MISSING' } = authorise({ did, action: 'issue', type: 'ChemicalLicenceCredential', scope, at: tx.at, known: tx.at }, trust);
    if (answer !== 'AUTHORISED') throw new Problem(code, { field: `lines[${index}].substance`, line, substance, provinces: provinces.join(' '), did });
  }
}
