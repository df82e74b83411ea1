/**
 * Names of the records in the store. LevelDB sorts them by bytes, which for UTF-8 text is Fabric's order of keys.
 *
 * Every key of the world state has a record with its value and a twin without it: one disk fault cannot hide a key, or
 * bring an older value back, without the two disagreeing. Transactions and hashes of blocks are listed twice for the same
 * reason. LevelDB reads 4 KiB blocks of neighbours without checking them, so a fault hides neighbours together. Envelopes
 * therefore stand between every record and its twin: `h k s t` < `x` < `y z`. Each batch brings an envelope of its own
 * (two certificates and two signatures, a block by itself), so no block ever holds a record and its twin. What is above the
 * blocks, table-check.ts checks before the store opens.
 */
import type { Version } from './read-write-set.js';

const BLOCK_DIGITS = 12;
const TRANSACTION_DIGITS = 6;

const hex = (n: number, digits: number): string => n.toString(16).padStart(digits, '0');
const height = (version: Version): string => hex(version.block, BLOCK_DIGITS) + hex(version.transaction, TRANSACTION_DIGITS);

/** Where the chain stands: height and hashes of its last block. */
export const CHECKPOINT = 'm';

/** Prefix of all state records of a chaincode; the key follows. */
export const statePrefix = (namespace: string): string => `s\u0000${namespace}\u0000`;
/** Prefix of the twins of the state records; the key follows. */
export const twinPrefix = (namespace: string): string => `z\u0000${namespace}\u0000`;
export const stateName = (namespace: string, key: string): string => `${statePrefix(namespace)}${key}`;
export const twinName = (namespace: string, key: string): string => `${twinPrefix(namespace)}${key}`;

const COLLECTION_MARK = '$$h';
/** Where the hashes of a collection stand: as Fabric names it, which no chaincode's name can be. */
export const collectionNamespace = (namespace: string, collection: string): string => `${namespace}${COLLECTION_MARK}${collection}`;
/** The chaincode, and the collection or nothing. */
export function partsOfNamespace(namespace: string): { chaincode: string; collection: string } {
  const [chaincode = '', collection = ''] = namespace.split(COLLECTION_MARK);
  return { chaincode, collection };
}

/** The first name after all names that start with a prefix ending in U+0000. */
export const endOfPrefix = (prefix: string): string => `${prefix.slice(0, -1)}\u0001`;

/** Prefix of one key's history; its length stands in front because a key may hold U+0000. */
export const historyPrefix = (namespace: string, key: string): string => `h\u0000${namespace}\u0000${key.length.toString(16)}\u0000${key}\u0000`;
export const historyName = (namespace: string, key: string, version: Version): string => historyPrefix(namespace, key) + height(version);

export const transactionName = (transactionId: string): string => `t\u0000${transactionId}`;
export const transactionTwinName = (transactionId: string): string => `y\u0000${transactionId}`;
/** Header and metadata of a block. */
export const blockName = (block: number): string => `b\u0000${hex(block, BLOCK_DIGITS)}`;
/** A block's number by the hash of its header. */
export const blockHashName = (hash: Buffer): string => `k\u0000${hash.toString('hex')}`;
export const blockHashTwinName = (hash: Buffer): string => `yk\u0000${hash.toString('hex')}`;
/** One envelope of a block. */
export const envelopeName = (version: Version): string => `x\u0000${height(version)}`;
