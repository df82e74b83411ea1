/** DIDs of the trust registry, as transactions need them: there, not withdrawn, the caller's own. */
import { Problem, require, type ProblemCode } from '#domain/errors.js';
import type { Did } from '#domain/trust/did.js';
import { didKey } from '#domain/trust/keys.js';
import type { DidRecord } from '#domain/trust/records.js';
import { withdrawnAt } from '#domain/trust/withdrawal.js';
import type { Transaction } from '../transaction.js';

/** @throws Problem DID_UNKNOWN */
export async function registeredDid(tx: Transaction, did: Did): Promise<DidRecord> {
  const record = await tx.ledger.load(didKey(did), 'did');
  require(record !== undefined, 'DID_UNKNOWN', { did });
  return record;
}

/** A DID that the caller's organisation answers for. Throws Problem DID_UNKNOWN, DID_NOT_HELD. */
export async function ownDid(tx: Transaction, did: Did): Promise<DidRecord> {
  const record = await registeredDid(tx, did);
  if (record.organisation !== tx.caller.organisation) throw new Problem('DID_NOT_HELD', { did, organisation: tx.caller.organisation });
  return record;
}

/** As {@link ownDid}; a registrar keeps the register for everybody. */
export async function keptDid(tx: Transaction, did: Did): Promise<DidRecord> {
  return tx.caller.role === 'registrar' ? registeredDid(tx, did) : ownDid(tx, did);
}

/** @throws Problem DID_WITHDRAWN where nothing new may rest on it */
export function refuseWithdrawn(tx: Transaction, record: DidRecord): void {
  require(withdrawnAt(record, tx.at, tx.at) === 'no', 'DID_WITHDRAWN', { did: record.did });
}

/** @throws Problem with `code` where so many records as `most` begin with `prefix` already; this transaction's own are not counted */
export async function refuseFull(tx: Transaction, prefix: string, most: number, code: ProblemCode): Promise<void> {
  const there = await tx.ledger.keysUnder(prefix, most);
  require(there.length < most, code, { most: String(most) });
}
