/** DIDs come onto the trust registry and lose their force; keys of a `did:web` come and go. */
import { require } from '#domain/errors.js';
import { epochMs, wholeSecond } from '#domain/instant.js';
import { didMethod } from '#domain/trust/did.js';
import { retire } from '#domain/trust/key-period.js';
import { didKey, didKeyKey } from '#domain/trust/keys.js';
import { algorithmOf } from '#domain/trust/public-key.js';
import { didKeyRequest, didKeyRetirement, didRegistration, didWithdrawal } from '#domain/trust/requests.js';
import { withdraw } from '#domain/trust/withdrawal.js';
import { handler, SKEW_MS } from '../transaction.js';
import { keptDid, refuseFull, refuseWithdrawn, registeredDid } from './registered-did.js';

/** Keys of one DID, retired ones too: enough for one a month over eight years. */
const MOST_KEYS = 100;

export const registerDid = handler(didRegistration, async (tx, { did, organisation }) => {
  await tx.organisation(organisation);
  const known = await tx.ledger.load(didKey(did), 'did');
  require(known === undefined, 'DID_ALREADY_REGISTERED', { did });
  tx.ledger.save(didKey(did), { kind: 'did', did, organisation, registeredAt: tx.at });
  return { did, organisation };
});

export const withdrawDid = handler(didWithdrawal, async (tx, { did, ...withdrawal }) => {
  const record = await registeredDid(tx, did);
  tx.ledger.save(didKey(did), withdraw(record, withdrawal, tx.at));
  return { did, effect: withdrawal.effect };
});

export const registerDidKey = handler(didKeyRequest, async (tx, request) => {
  const { did, keyId, algorithm, publicKeyJwk, from = wholeSecond(tx.at) } = request;
  refuseWithdrawn(tx, await keptDid(tx, did));
  require(didMethod(did) === 'web', 'DID_KEY_IS_ITS_OWN', { did });
  require(algorithm === algorithmOf(publicKeyJwk), 'PUBLIC_KEY_ALGORITHM_DIFFERS', { field: 'algorithm', expected: algorithmOf(publicKeyJwk) });
  // What was signed before anybody knew the key must not come right afterwards.
  require(epochMs(from) >= epochMs(tx.at) - SKEW_MS, 'KEY_PERIOD_WRONG', { field: 'from', now: tx.at });
  const key = didKeyKey(did, keyId);
  require((await tx.ledger.load(key, 'did-key')) === undefined, 'DID_KEY_ALREADY_REGISTERED', { did, keyId });
  await refuseFull(tx, didKeyKey(did, ''), MOST_KEYS, 'DID_KEYS_TOO_MANY');
  tx.ledger.save(key, { kind: 'did-key', did, keyId, algorithm, publicKeyJwk, from, registeredAt: tx.at });
  return { did, keyId, from };
});

/** Also for a DID that is withdrawn: what its keys signed before may still have counted. */
export const retireDidKey = handler(didKeyRetirement, async (tx, { did, keyId, ...retirement }) => {
  await keptDid(tx, did);
  require(didMethod(did) === 'web', 'DID_KEY_IS_ITS_OWN', { did });
  const key = didKeyKey(did, keyId);
  const record = await tx.ledger.load(key, 'did-key');
  require(record !== undefined, 'DID_KEY_UNKNOWN', { did, keyId });
  const retired = retire(record, retirement, tx.at);
  tx.ledger.save(key, retired);
  return { did, keyId, to: retired.to ?? tx.at };
});
