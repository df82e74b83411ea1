/** A file on its way to a batch: read, checked row by row and against what was issued before, and stored with what came of it. */
import { setImmediate as othersTurn } from 'node:timers/promises';
import type { DiplomaRowError } from '#domain/credential/diploma-rows.js';
import { DIPLOMA_COLUMNS } from '#domain/credential/diploma-columns.js';
import type { DiplomaHeadings } from '#domain/credential/diploma-headings.js';
import { dayInVietNam, instantOf } from '#domain/instant.js';
import type { OrganisationId } from '#domain/registry/organisation.js';
import type { Did } from '#domain/trust/did.js';
import type { CredentialRows } from '../credentials/credential-rows.js';
import type { Change, IssuerStore } from '../store/issuer-store.js';
import type { Batch } from './batch.js';
import type { BatchOrder } from './batch-order.js';
import type { BatchRows } from './batch-rows.js';
import type { DiplomaNumbers, NumberTaken } from './diploma-numbers.js';
import { readDiplomaTable, type GoodRow, type ReadTable } from './diploma-table.js';
import type { Institution } from './institution.js';
import { orderOfRow, uniqueNames, type ReadyRow } from './row-order.js';
import { readTable } from './table/read-table.js';

export interface UploadParts {
  readonly store: IssuerStore;
  readonly batches: BatchRows;
  readonly credentials: Pick<CredentialRows, 'unique'>;
  readonly numbers: DiplomaNumbers;
}

export interface Upload {
  readonly id: string;
  readonly order: BatchOrder;
  readonly bytes: Buffer;
  /** SHA-256 of the bytes, hexadecimal */
  readonly file: string;
  readonly issuer: Institution;
  /** public part of the API key */
  readonly by: string;
  /** milliseconds since 1970 */
  readonly now: number;
}

/** Of more errors than these only the rows are counted. */
const MOST_ERRORS = 10_000;
const AT_ONCE = 100;

/**
 * Stores a batch: `prepared` if every row can be issued, else `refused` with what is wrong.
 *
 * @param file the row that remembers which batch the file became
 * @throws Problem those of `readTable` and `readDiplomaTable`: then nothing is stored
 */
export async function storeUpload(parts: UploadParts, upload: Upload, file: (id: string) => Change): Promise<Batch> {
  const { issuer, order, now } = upload;
  const table = await readDiplomaTable(await readTable(upload.bytes), { ...issuer, assurance: order.assurance, defaults: order.defaults, today: dayInVietNam(instantOf(now)) });
  const ready = await named(parts, order.did, table.good);
  const errors = await allErrors(parts, upload, table, ready);
  const bad = new Set(errors.filter(({ row }) => row > 0).map(({ row }) => row)).size;
  const isGood = errors.length === 0;
  const batch: Batch = {
    id: upload.id, state: isGood ? 'prepared' : 'refused', did: order.did, organisation: issuer.institution.organisation, ...issuer, assurance: order.assurance,
    defaults: order.defaults, graduates: order.graduates, file: upload.file, rows: table.rows, bad, errors: Math.min(errors.length, MOST_ERRORS), preparedBy: upload.by, preparedAt: now,
    ...(isGood ? {} : { endedAt: now, problem: { code: 'BATCH_ROWS_REFUSED', fields: { rows: String(table.rows), bad: String(bad) } } }),
  };
  if (isGood) await takeNumbers(parts, batch, table.good);
  const content = isGood ? parts.batches.chunks('row', batch.id, ready) : parts.batches.chunks('error', batch.id, errors.slice(0, MOST_ERRORS));
  return parts.batches.save(batch, [...content, file(batch.id)]);
}

/** Rows with the names of what they ask for. */
async function named({ store }: UploadParts, did: Did, good: readonly GoodRow[]): Promise<ReadyRow[]> {
  const ready: ReadyRow[] = [];
  for (const row of good) {
    ready.push({ ...row, ...uniqueNames(store, orderOfRow(did, row)) });
    if (ready.length % AT_ONCE === 0) await othersTurn();
  }
  return ready;
}

async function allErrors(parts: UploadParts, { order, issuer }: Upload, { errors, rows, headings }: ReadTable, ready: readonly ReadyRow[]): Promise<DiplomaRowError[]> {
  const count: DiplomaRowError[] = rows === order.graduates ? [] : [{ row: 0, column: '', code: 'BATCH_COUNT_DIFFERS', fields: { stated: String(order.graduates), found: String(rows) }, value: '' }];
  const taken: DiplomaRowError[] = [];
  for (let from = 0; from < ready.length; from += AT_ONCE) {
    const found = await Promise.all(ready.slice(from, from + AT_ONCE).map(async (row) => takenIn(parts, issuer.institution.organisation, row)));
    taken.push(...found.flat().map(({ row, field, code }) => ({ row: row.row, column: headingOf(headings, field), code, fields: {}, value: row.personal[field] })));
  }
  return [...count, ...[...errors, ...taken].sort((one, other) => one.row - other.row)];
}

interface TakenIn extends NumberTaken {
  readonly row: GoodRow;
}

/** By another batch, or by a credential that was asked for alone. */
async function takenIn({ credentials, numbers }: UploadParts, organisation: OrganisationId, row: ReadyRow): Promise<TakenIn[]> {
  const taken = await numbers.taken(organisation, row.personal);
  const alone = taken.length > 0 ? undefined : await credentials.unique(row.unique);
  const both = alone === undefined ? taken : [{ field: 'serialNumber', code: 'BATCH_NUMBER_ISSUED' } as const];
  return both.map((one) => ({ ...one, row }));
}

function headingOf({ columns, written }: DiplomaHeadings, field: NumberTaken['field']): string {
  const at = columns.findIndex((column) => column?.field === field);
  return written[at] ?? DIPLOMA_COLUMNS.find((column) => column.field === field)?.vi ?? '';
}

/** Before the batch itself: the numbers count from the moment that it is stored. */
async function takeNumbers({ batches, numbers }: UploadParts, { id, organisation }: Batch, good: readonly GoodRow[]): Promise<void> {
  for (let from = 0; from < good.length; from += AT_ONCE) {
    await batches.write(good.slice(from, from + AT_ONCE).flatMap(({ personal }) => numbers.taking(organisation, personal, id)));
  }
}
