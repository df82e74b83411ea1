/**
 * Blocks → rows. The index entries of a key are a function of its current row alone, so when a row changes, the
 * entries of the old one that the new one does not have are removed: none can be left behind.
 */
import { Buffer } from 'node:buffer';
import type { Change } from '../ledger/durable-store.js';
import type { LedgerBlock } from '../ledger/ledger.js';
import { openRow, sealOf, sealRow } from '../ledger/sealed-row.js';
import { attestationsIn, type Attestation } from './attested-writes.js';
import { blockKey, indexRowKey, openState, sealBlock, sealState, stateKey, SUM_MODULUS, type StateRow, type WriteContext } from './rows.js';

/** One entry of a named index, e.g. `{ index: 'holder', key: '8930000000009' }`. No NUL in either. */
export interface IndexEntry {
  readonly index: string;
  /** entries are found by prefix and sorted by the bytes of this text, then by state key */
  readonly key: string;
  /** what a list shows without reading the state itself */
  readonly value?: string;
}

/**
 * The entries of one state. A pure function of its arguments, for it is also asked what a state that is overwritten
 * had: another answer then would leave entries behind. When its rule changes, so must its version.
 */
export interface Indexer {
  /** e.g. `goods-3`; a model made by another version is rebuilt */
  readonly version: string;
  readonly entries: (state: { readonly key: string; readonly value: Uint8Array }, context: WriteContext) => readonly IndexEntry[];
}

/**
 * What becomes of one key in a block: a value, a removal, or (`undefined`) its old value with a new version. What is not
 * attested leaves an attested value as it is, too.
 */
type Written = { readonly value: Uint8Array | null | undefined; readonly at: WriteContext; readonly attested: boolean };

export interface Projected {
  /** rows of state and index, and the row of the block */
  readonly changes: readonly Change[];
  /** how the number of state and index rows changes, and the sum of their seals */
  readonly rows: number;
  readonly sum: number;
}

/** The state keys that a block writes, removes or touches, for which `projectBlock` wants the stored rows. */
export function keysWritten(block: LedgerBlock, namespace: string): Map<string, Written> {
  const written = new Map<string, Written>();
  for (const transaction of block.transactions) {
    const { valid, index, timestamp, writes, touched } = transaction;
    if (!valid) continue;
    const at = { block: block.number, index, time: timestamp };
    const attestation = attestationsIn(transaction, namespace);
    for (const write of writes) if (write.namespace === namespace) written.set(write.key, writtenAfter(written.get(write.key), write.value, attestation(write), at));
    // A key whose metadata alone is written keeps its value, but has a new version.
    for (const touch of touched) if (touch.namespace === namespace) written.set(touch.key, touchedAt(written.get(touch.key), at));
  }
  return written;
}

function writtenAfter(before: Written | undefined, value: Uint8Array | null, attestation: Attestation, at: WriteContext): Written {
  const counts = attestation === 'attested' || (attestation === 'open' && before?.attested !== true);
  return counts ? { value, at, attested: attestation === 'attested' } : touchedAt(before, at);
}

function touchedAt(written: Written | undefined, at: WriteContext): Written {
  return written === undefined ? { value: undefined, at, attested: false } : { ...written, at };
}

/**
 * The changes that one block makes. Pure.
 *
 * @param written what `keysWritten` gave for this block
 * @param stored the row of each of these keys before the block, or `undefined` where there is none
 * @throws TypeError if the indexer names an index or key with a NUL; DamagedRow for a stored row that is not whole
 */
export function projectBlock(block: LedgerBlock, indexer: Indexer, written: ReadonlyMap<string, Written>, stored: (key: string) => Buffer | undefined): Projected {
  const tally = new Tally();
  for (const [key, one] of written) {
    const rowKey = stateKey(key);
    const oldRow = stored(key);
    const old = oldRow && wholeState(rowKey, oldRow);
    const state = stateAfter(key, old, one);
    tally.replace(rowKey, oldRow, state && sealState(rowKey, one.at, state));
    reindex(tally, indexRows(indexer, old), indexRows(indexer, state));
  }
  const ownKey = blockKey(block.number);
  return { changes: [...tally.changes, { key: ownKey, value: sealBlock(ownKey, block.hash, tally.bytes) }], rows: tally.rows, sum: tally.sum };
}

/** A state that was stored, or that is about to be: its value may be a view into a block. */
type State = Omit<StateRow, 'value'> & { readonly value: Uint8Array };

function stateAfter(key: string, old: State | undefined, { value, at, attested }: Written): State | undefined {
  const stays = value === undefined || (old?.attested === true && !attested);
  const next = stays ? old : value === null ? undefined : { value, attested };
  return next && { key, ...at, value: next.value, attested: next.attested };
}

/** A stored row does not fit its seal. */
export class DamagedRow extends Error {
  override readonly name = 'DamagedRow';
}

function wholeState(rowKey: string, row: Buffer): StateRow {
  const state = openState(rowKey, row);
  if (state === undefined) throw new DamagedRow(rowKey);
  return state;
}

function indexRows(indexer: Indexer, state: State | undefined): Map<string, Buffer> {
  const rows = new Map<string, Buffer>();
  if (state === undefined) return rows;
  const { key, value, block, index, time } = state;
  for (const entry of indexer.entries({ key, value }, { block, index, time })) {
    if (entry.index.includes('\0') || entry.key.includes('\0')) throw new TypeError(`index ${JSON.stringify(entry.index)}: NUL in ${JSON.stringify(entry.key)}`);
    const rowKey = indexRowKey(entry.index, entry.key, key);
    rows.set(rowKey, sealText(rowKey, entry.value ?? ''));
  }
  return rows;
}

function sealText(rowKey: string, text: string): Buffer {
  const length = Buffer.byteLength(text);
  return sealRow(rowKey, length, (row) => row.write(text, 0, length));
}

/** The value of an index row; `undefined` if it is damaged. */
export function indexValue(rowKey: string, row: Buffer): string | undefined {
  return openRow(rowKey, row)?.toString();
}

function reindex(tally: Tally, old: Map<string, Buffer>, next: Map<string, Buffer>): void {
  for (const [rowKey, row] of old) if (!next.has(rowKey)) tally.replace(rowKey, row, undefined);
  for (const [rowKey, row] of next) {
    const before = old.get(rowKey);
    if (before === undefined || !before.equals(row)) tally.replace(rowKey, before, row);
  }
}

class Tally {
  readonly changes: Change[] = [];
  rows = 0;
  sum = 0;
  bytes = 0;

  replace(key: string, before: Buffer | undefined, after: Buffer | undefined): void {
    if (before === undefined && after === undefined) return;
    this.changes.push(after === undefined ? { key } : { key, value: after });
    this.bytes += key.length + (after?.length ?? 0);
    this.rows += (after === undefined ? 0 : 1) - (before === undefined ? 0 : 1);
    const sum = (after === undefined ? 0 : sealOf(after)) - (before === undefined ? 0 : sealOf(before));
    this.sum = (this.sum + sum + SUM_MODULUS) % SUM_MODULUS;
  }
}
