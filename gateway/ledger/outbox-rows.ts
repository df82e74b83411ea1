/**
 * What the outbox stores. Keys: `p` + transaction id for a transaction whose fate is not known yet, `o` + id for its
 * outcome, `k` + key id for an idempotency key, `x` + time + id to find old outcomes, `m` for the ledger's name.
 */
import { Buffer } from 'node:buffer';
import { Problem } from '#domain/errors.js';
import type { Change } from './durable-store.js';
import type { BoundKey, KeyRecord } from './idempotency.js';
import type { SignedTransaction, TransactionOutcome } from './ledger.js';
import type { Retry } from './retry.js';
import { openRow, sealJson, sealRow } from './sealed-row.js';

export const PENDING = 'p';
export const OUTCOME = 'o';
export const EXPIRY = 'x';
export const LEDGER_NAME = 'm';

/** A transaction on its way. */
export interface PendingRow {
  /** it cannot be in an earlier block than this */
  readonly from: bigint;
  readonly signed: SignedTransaction;
  readonly key?: BoundKey;
}

/** What the ledger (`status`) or its orderers (`submit`) said in the end. */
export type Verdict =
  | { readonly status: 'committed'; readonly block: bigint }
  | { readonly status: 'rejected'; readonly stage: 'submit' | 'status'; readonly code: string; readonly retry: Retry; readonly times: number };

export interface OutcomeRow {
  readonly verdict: Verdict;
  readonly result: string;
  readonly key?: string;
  /** the transaction that took its place after a conflict */
  readonly next?: string;
}

const pendingKey = (id: string): string => PENDING + id;
const outcomeKey = (id: string): string => OUTCOME + id;
const keyKey = (id: string): string => `k${id}`;
const expiryKey = (at: number, id: string): string => `${EXPIRY}${String(Math.floor(at)).padStart(15, '0')}${id}`;

/** Stores a transaction and, if it has one, binds its idempotency key to it. */
export function pendingChanges(row: PendingRow): Change[] {
  const { signed, key } = row;
  const head = Buffer.from(JSON.stringify({ from: String(row.from), result: signed.result, key }));
  const name = pendingKey(signed.transactionId);
  const value = sealRow(name, 4 + head.length + signed.bytes.length, (out) => {
    out.writeUInt32LE(head.length);
    out.set(head, 4);
    out.set(signed.bytes, 4 + head.length);
  });
  const bound: KeyRecord | undefined = key && { body: key.body, transaction: signed.transactionId };
  return [{ key: name, value }, ...(key === undefined ? [] : [{ key: keyKey(key.id), value: sealJson(keyKey(key.id), bound) }])];
}

/** @throws Problem OUTBOX_DAMAGED */
export function readPending(rowKey: string, row: Buffer): PendingRow {
  const content = whole(rowKey, row);
  const headEnd = 4 + content.readUInt32LE(0);
  const head = JSON.parse(content.toString('utf8', 4, headEnd)) as { from: string; result: string; key?: BoundKey };
  const signed = { transactionId: rowKey.slice(PENDING.length), bytes: content.subarray(headEnd), result: head.result };
  return { from: BigInt(head.from), signed, ...(head.key === undefined ? {} : { key: head.key }) };
}

/** Puts the outcome in the place of the pending transaction, to be kept until `expires`. */
export function settledChanges(id: string, outcome: OutcomeRow, expires: number): Change[] {
  const { verdict } = outcome;
  const stored = { ...outcome, verdict: verdict.status === 'committed' ? { ...verdict, block: String(verdict.block) } : verdict };
  return [
    { key: pendingKey(id) },
    { key: outcomeKey(id), value: sealJson(outcomeKey(id), stored) },
    { key: expiryKey(expires, id), value: sealJson(expiryKey(expires, id), outcome.key ?? null) },
  ];
}

/** @throws Problem OUTBOX_DAMAGED */
export function readOutcome(rowKey: string, row: Buffer): OutcomeRow {
  const stored = JSON.parse(whole(rowKey, row).toString()) as Omit<OutcomeRow, 'verdict'> & { verdict: Verdict & { block?: string } };
  const { verdict } = stored;
  return { ...stored, verdict: verdict.status === 'committed' ? { status: 'committed', block: BigInt(verdict.block) } : verdict };
}

export function readKeyRecord(rowKey: string, row: Buffer): KeyRecord {
  return JSON.parse(whole(rowKey, row).toString()) as KeyRecord;
}

/** When an expiry row falls due, whose outcome it is, and the idempotency key bound to that, if any. */
export function readExpiry(rowKey: string, row: Buffer): { at: number; id: string; key: string | null } {
  return { at: Number(rowKey.slice(1, 16)), id: rowKey.slice(16), key: JSON.parse(whole(rowKey, row).toString()) as string | null };
}

/** Which ledger the outbox belongs to: the header hash of its first block. */
export function ledgerNameChange(genesis: string): Change {
  return { key: LEDGER_NAME, value: sealJson(LEDGER_NAME, genesis) };
}

export function readLedgerName(row: Buffer): string {
  return JSON.parse(whole(LEDGER_NAME, row).toString()) as string;
}

export const rowKeys = { pending: pendingKey, outcome: outcomeKey, key: keyKey };

/** The outcome as callers see it. */
export function outcomeOf(transactionId: string, { verdict, result }: OutcomeRow): TransactionOutcome {
  if (verdict.status === 'committed') return { status: 'committed', transactionId, block: verdict.block, result };
  return { status: 'rejected', transactionId, code: verdict.code, retry: verdict.retry };
}

function whole(rowKey: string, row: Buffer): Buffer {
  const content = openRow(rowKey, row);
  if (content === undefined) throw new Problem('OUTBOX_DAMAGED', { row: rowKey.slice(0, 80) });
  return content;
}
