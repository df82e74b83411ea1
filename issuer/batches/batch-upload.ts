/** A file on its way to a batch: read, checked row by row and against what was issued before, and stored with what came of it. */
import { setImmediate as othersTurn } from 'node:timers/promises';
import type { DiplomaRowError } from '#domain/credential/diploma-rows.js';
import { DIPLOMA_COLUMNS } from '#domain/credential/diploma-columns.js';
import type { DiplomaHeadings } from '#domain/credential/diploma-headings.js';
import { dayInVietNam, instantOf } from '#domain/instant.js';
import type { DiplomaNumbers, NumberRows, NumberTaken } from '../credentials/diploma-numbers.js';
import type { Change } from '../store/issuer-store.js';
import type { Batch } from './batch.js';
import type { BatchOrder } from './batch-order.js';
import type { BatchRows } from './batch-rows.js';
import { readDiplomaTable, type GoodRow, type ReadTable } from './diploma-table.js';
import type { Institution } from './institution.js';
import { readTable } from './table/read-table.js';

export interface UploadParts {
  readonly batches: BatchRows;
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
  const rows = await named(parts, upload, table.good);
  return parts.numbers.alone(rows.flatMap(({ numbers }) => Object.values<string>(numbers)), async () => {
    const errors = await allErrors(parts, upload, table, rows);
    const batch = batchOf(upload, table, errors);
    if (batch.state === 'prepared') await takeNumbers(parts, batch, rows);
    const content = batch.state === 'prepared' ? parts.batches.chunks('row', batch.id, rows.map(({ ready }) => ready)) : parts.batches.chunks('error', batch.id, errors.slice(0, MOST_ERRORS));
    return parts.batches.save(batch, [...content, file(batch.id)]);
  });
}

function batchOf({ id, issuer, order, file, by, now }: Upload, { rows }: ReadTable, errors: readonly DiplomaRowError[]): Batch {
  const bad = new Set(errors.filter(({ row }) => row > 0).map(({ row }) => row)).size;
  const isGood = errors.length === 0;
  return {
    id, state: isGood ? 'prepared' : 'refused', did: order.did, organisation: issuer.institution.organisation, ...issuer, assurance: order.assurance,
    defaults: order.defaults, graduates: order.graduates, file, rows, bad, errors: Math.min(errors.length, MOST_ERRORS), preparedBy: by, preparedAt: now,
    ...(isGood ? {} : { endedAt: now, problem: { code: 'BATCH_ROWS_REFUSED', fields: { rows: String(rows), bad: String(bad) } } }),
  };
}

/** A row that could be issued, and the names of its two numbers. */
interface NamedRow {
  readonly ready: GoodRow;
  readonly numbers: NumberRows;
}

/** Rows with the names of their numbers. */
async function named({ numbers }: UploadParts, { issuer }: Upload, good: readonly GoodRow[]): Promise<NamedRow[]> {
  const rows: NamedRow[] = [];
  for (const row of good) {
    rows.push({ ready: row, numbers: numbers.rowsOf(issuer.institution.organisation, row.personal) });
    if (rows.length % AT_ONCE === 0) await othersTurn();
  }
  return rows;
}

async function allErrors(parts: UploadParts, { order }: Upload, { errors, rows, headings }: ReadTable, good: readonly NamedRow[]): Promise<DiplomaRowError[]> {
  const count: DiplomaRowError[] = rows === order.graduates ? [] : [{ row: 0, column: '', code: 'BATCH_COUNT_DIFFERS', fields: { stated: String(order.graduates), found: String(rows) }, value: '' }];
  const taken: DiplomaRowError[] = [];
  for (let from = 0; from < good.length; from += AT_ONCE) {
    const found = await Promise.all(good.slice(from, from + AT_ONCE).map(async ({ ready, numbers }) => (await parts.numbers.taken(numbers)).map((one) => errorOf(ready, one, headings))));
    taken.push(...found.flat());
  }
  return [...count, ...[...errors, ...taken].sort((one, other) => one.row - other.row)];
}

function errorOf({ row, personal }: GoodRow, { field, code }: NumberTaken, { columns, written }: DiplomaHeadings): DiplomaRowError {
  const at = columns.findIndex((column) => column?.field === field);
  const column = written[at] ?? DIPLOMA_COLUMNS.find((one) => one.field === field)?.vi ?? '';
  return { row, column, code, fields: {}, value: personal[field] };
}

/** Before the batch itself: the numbers count from the moment that it is stored. */
async function takeNumbers({ batches, numbers }: UploadParts, { id }: Batch, rows: readonly NamedRow[]): Promise<void> {
  for (let from = 0; from < rows.length; from += AT_ONCE) {
    await batches.write(rows.slice(from, from + AT_ONCE).flatMap((row) => numbers.taking(row.numbers, id)));
  }
}
