/** A licence that is also a credential is recorded only by the right to issue that credential: the verifier's own rule. */
import { licenceCountKey, type LicenceRecord, type LicenceRequest } from '#domain/chemistry/licence.js';
import { Problem, require } from '#domain/errors.js';
import type { OrganisationRecord } from '#domain/registry/organisation.js';
import { authorise } from '#domain/trust/authorise.js';
import type { Did } from '#domain/trust/did.js';
import { commitmentKey } from '#domain/trust/keys.js';
import type { Transaction } from '../transaction.js';
import { trustOf } from '../trust/loaded-trust.js';
import { ownDid } from '../trust/registered-did.js';
import { checkMayRevoke } from '../trust/revocation.js';

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

/** Every verifier keeps the end of each: of one DID no more than a share of what MOST_IN_SNAPSHOT leaves to all. */
const MOST_UNDER_ONE_DID = 10_000;

/**
 * Counts one more licence under a DID.
 *
 * @throws Problem LICENCES_OF_DID_TOO_MANY
 */
export async function countUnder(tx: Transaction, did: Did): Promise<void> {
  const key = licenceCountKey(did);
  const count = (await tx.ledger.load(key, 'licence-count'))?.count ?? 0;
  require(count < MOST_UNDER_ONE_DID, 'LICENCES_OF_DID_TOO_MANY', { field: 'credential.did', did, most: String(MOST_UNDER_ONE_DID) });
  tx.ledger.save(key, { kind: 'licence-count', count: count + 1 });
}

/**
 * Checks that another authority than the one that gave a licence may take its force: by a DID of its own that holds the
 * right to revoke such credentials, for all of its substances where its sites are.
 *
 * @param by what the request names
 * @throws Problem CALLER_NOT_ALLOWED without one; DID_…, GRANT_…
 */
export async function checkRevoker(tx: Transaction, licence: LicenceRecord, by: Did | undefined): Promise<void> {
  if (by === undefined) throw new Problem('CALLER_NOT_ALLOWED', { authority: licence.authority });
  const { province } = await tx.organisation(licence.holder);
  const { provinces = [province] } = licence.credential ?? {};
  const substances = [...new Set(licence.lines.map((line) => line.substance))];
  await checkMayRevoke(tx, by, 'ChemicalLicenceCredential', { provinces, substances });
}
