/** What issuers put on the ledger of their credentials: that they existed, and which status list is the newest. */
import { require } from '#domain/errors.js';
import { commitmentKey, statusListKey } from '#domain/trust/keys.js';
import { commitmentRequest, statusListPublication } from '#domain/trust/requests.js';
import { handler } from '../transaction.js';
import { ownDid, refuseFull, refuseWithdrawn } from './registered-did.js';

/** Lists of one DID: with three purposes, room for eleven million credentials. Every verifier keeps them all. */
const MOST_LISTS = 256;

export const commitCredentials = handler(commitmentRequest, async (tx, { did, root, count }) => {
  refuseWithdrawn(tx, await ownDid(tx, did));
  const known = await tx.ledger.load(commitmentKey(root), 'credential-commitment');
  require(known === undefined, 'COMMITMENT_ALREADY_RECORDED', { root, did: known?.did ?? '' });
  tx.ledger.save(commitmentKey(root), { kind: 'credential-commitment', root, did, count, committedAt: tx.at });
  return { root, committedAt: tx.at };
});

/** Also for a DID that is withdrawn: it must still be able to revoke what it issued. */
export const publishStatusList = handler(statusListPublication, async (tx, request) => {
  const { did, list, purpose, version } = request;
  await ownDid(tx, did);
  const key = statusListKey(did, list);
  const known = await tx.ledger.load(key, 'status-list');
  if (known === undefined) await refuseFull(tx, statusListKey(did, ''), MOST_LISTS, 'STATUS_LISTS_TOO_MANY');
  require(known === undefined || known.purpose === purpose, 'STATUS_LIST_PURPOSE_DIFFERS', { list, purpose: known?.purpose ?? '' });
  require(known === undefined || known.version < version, 'STATUS_LIST_VERSION_NOT_NEWER', { list, published: String(known?.version ?? 0) });
  tx.ledger.save(key, { kind: 'status-list', ...request, publishedAt: tx.at });
  return { list, version };
});
