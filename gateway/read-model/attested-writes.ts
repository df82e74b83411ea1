/**
 * What of a transaction's writes may be taken. A record of a controlled chemical comes with its hash in a collection that
 * nobody writes without the regulator, and once it has, contracts take no other bytes for it (docs/decisions/0007): neither
 * may whoever reads blocks.
 */
import { createHash } from 'node:crypto';
import { Buffer } from 'node:buffer';
import { attestationRule } from '#domain/chemistry/controlled-record.js';
import { CONTROLLED_COLLECTION } from '#domain/endorsement.js';
import type { LedgerTransaction, LedgerWrite } from '../ledger/ledger.js';

/**
 * `attested`: its hash is in the same transaction. `open`: it has none, and counts unless an attested record stands under its
 * key. `altered`: the hash there is another one's, so it counts for nothing.
 */
export type Attestation = 'attested' | 'open' | 'altered';

/** Judges the writes of one transaction to one chaincode's state. */
export function attestationsIn({ hashed }: LedgerTransaction, namespace: string): (write: LedgerWrite) => Attestation {
  const hashes = new Map<string, Uint8Array | null>();
  for (const one of hashed) {
    if (one.collection === CONTROLLED_COLLECTION && one.namespace === namespace) hashes.set(Buffer.from(one.keyHash).toString('hex'), one.valueHash);
  }
  if (hashes.size === 0) return () => 'open';
  return ({ key, value }) => {
    const hash = attestationRule(key) === 'never' ? undefined : hashes.get(sha256(key).toString('hex'));
    if (hash === undefined) return 'open';
    return isHashOf(hash, value) ? 'attested' : 'altered';
  };
}

/** A removal is attested by the removal of the hash. */
function isHashOf(hash: Uint8Array | null, value: Uint8Array | null): boolean {
  return hash === null || value === null ? hash === value : sha256(value).equals(hash);
}

function sha256(data: string | Uint8Array): Buffer {
  return createHash('sha256').update(data).digest();
}
