/** How transactions between their steps are stored: whole until they were submitted, then only whose they were. */
import { Buffer } from 'node:buffer';
import type { OrganisationId } from '#domain/registry/organisation.js';
import type { Change, DurableStore } from '../ledger/durable-store.js';
import { openJson, putJson } from '../sealed-json.js';
import type { PreparedTransaction } from './prepared-transaction.js';

const PREPARED = 'prepared/';
const SUBMITTED = 'prepared-submitted/';

/** What is kept of a transaction that was submitted, whatever room there is. */
export interface SubmittedTransaction {
  readonly transactionId: string;
  readonly organisation: OrganisationId;
  readonly idempotencyKey?: string;
  /** milliseconds since 1970 */
  readonly expiresAt: number;
}

/** As it is stored: bytes in base64, the transaction id in the row's key alone. */
interface StoredRow extends Omit<PreparedTransaction, 'proposal' | 'endorsed'> {
  readonly proposal: string;
  readonly endorsed?: { readonly bytes: string; readonly result: string };
}

const toText = (bytes: Uint8Array): string => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');

/** Stores one that waits. */
export function preparedChange({ proposal, endorsed, ...rest }: PreparedTransaction): Change {
  const row: StoredRow = {
    ...rest, proposal: toText(proposal.bytes),
    ...(endorsed === undefined ? {} : { endorsed: { bytes: toText(endorsed.bytes), result: endorsed.result } }),
  };
  return putJson(PREPARED + proposal.transactionId, row);
}

/** Stores of a submitted one what is kept of it, in the place of what waited. */
export function submittedChanges({ transactionId, ...rest }: SubmittedTransaction): Change[] {
  return [{ key: PREPARED + transactionId }, putJson(SUBMITTED + transactionId, rest)];
}

export const removedPrepared = (transactionId: string): Change => ({ key: PREPARED + transactionId });
export const removedSubmitted = (transactionId: string): Change => ({ key: SUBMITTED + transactionId });

/** Every row that waits, one at a time. Throws TENANT_DATA_DAMAGED. */
export async function* preparedRows(store: DurableStore): AsyncGenerator<PreparedTransaction> {
  for await (const [key, row] of store.rows(PREPARED)) yield readRow(key.slice(PREPARED.length), openJson(key, row) as StoredRow);
}

/** Every row of a submitted one. Throws TENANT_DATA_DAMAGED. */
export async function* submittedRows(store: DurableStore): AsyncGenerator<SubmittedTransaction> {
  for await (const [key, row] of store.rows(SUBMITTED)) yield { ...openJson(key, row) as SubmittedTransaction, transactionId: key.slice(SUBMITTED.length) };
}

function readRow(transactionId: string, { proposal, endorsed, ...rest }: StoredRow): PreparedTransaction {
  return {
    ...rest, proposal: { transactionId, bytes: Buffer.from(proposal, 'base64') },
    ...(endorsed === undefined ? {} : { endorsed: { transactionId, bytes: Buffer.from(endorsed.bytes, 'base64'), result: endorsed.result } }),
  };
}
