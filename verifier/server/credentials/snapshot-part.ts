/** As much of the trust registry as the credentials of some issuers are judged by: what a phone fetches. */
import type { Did } from '#domain/trust/did.js';
import type { GrantRecord } from '#domain/trust/records.js';
import type { TrustSnapshot } from '#domain/trust/snapshot.js';
import type { KnownRegister } from './register-copy.js';

/**
 * Everything that `authorise` and the checks look at for these DIDs: they themselves, what is said against licences of
 * theirs, whoever has revoked their credentials, and whoever stands above any of them in the chains of their grants. A part says the same of them as the whole.
 *
 * @param dids e.g. the issuer of a credential, and whoever signs its status lists
 */
export function snapshotPart({ snapshot, view }: KnownRegister, dids: readonly Did[]): TrustSnapshot {
  const grants = new Map<string, GrantRecord>();
  const revocations = [...new Set(dids)].flatMap((did) => view.revocationsOf(did));
  const named = new Set<Did>([...dids, ...revocations.map(({ did }) => did)]);
  for (const did of named) {
    for (const grant of view.grants(did)) addChain(grant, view, grants, named);
  }
  const organisations = new Set([...grants.values()].map(({ grantor }) => grantor));
  const licences = snapshot.licences.filter(({ did }) => named.has(did));
  for (const said of licences.flatMap(({ revocation, suspension }) => [revocation, suspension])) if (said !== undefined) organisations.add(said.by);
  const records = [...named].flatMap((did) => view.did(did) ?? []);
  for (const { organisation } of records) organisations.add(organisation);
  return {
    height: snapshot.height, knownAt: snapshot.knownAt,
    dids: records,
    keys: [...named].flatMap((did) => view.keysOf(did)),
    grants: [...grants.values()],
    lists: snapshot.lists.filter(({ did }) => named.has(did)),
    revocations, licences,
    organisations: snapshot.organisations.filter(({ id }) => organisations.has(id)),
  };
}

/** Up to the top; a Set that grows while it is walked through is walked to its end. */
function addChain(grant: GrantRecord, view: KnownRegister['view'], grants: Map<string, GrantRecord>, named: Set<Did>): void {
  for (let one: GrantRecord | undefined = grant; one !== undefined && !grants.has(one.id); one = one.parent === undefined ? undefined : view.grant(one.parent)) {
    grants.set(one.id, one);
    named.add(one.grantee);
  }
}
