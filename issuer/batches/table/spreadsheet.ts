/**
 * Office Open XML workbooks (ECMA-376) from strangers. Archive and worksheet are looked over with bounds first; what is
 * left goes, packed anew by us, to the parser of a package, in a thread of its own whose memory and time are bounded too:
 * on its own, that parser reserves what the archive states and fills rows up to whatever address a cell names.
 */
import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import type { Cell } from '#domain/credential/diploma-cells.js';
import { Problem, require } from '#domain/errors.js';
import { zipArchive } from '../../documents/zip-writer.js';
import { scanSheet } from './sheet-scan.js';
import type { CellFault, TableLimits, TableRow } from './table.js';
import { workbookParts } from './workbook-parts.js';
import { ZipArchive } from './zip-archive.js';

const MOST_ENTRIES = 1_000;
const PARSER_MEMORY_MB = 384;
const PARSER_MS = 30_000;
/** The first day that a ZIP archive can name: nobody sees it. */
const EPOCH = Date.UTC(1980, 0, 1);

/** True for the first bytes of a ZIP archive, which every such workbook is. */
export function isSpreadsheet(bytes: Buffer): boolean {
  return bytes.length >= 4 && bytes.readUInt32LE(0) === 0x04034b50;
}

/**
 * The rows of the first sheet.
 *
 * @param bytes the whole file
 * @throws Problem BATCH_SPREADSHEET_BROKEN, BATCH_SPREADSHEET_TOO_LARGE, IMPORT_TOO_MANY_ROWS, IMPORT_ROW_TOO_WIDE
 */
export async function readSpreadsheet(bytes: Buffer, limits: TableLimits): Promise<TableRow[]> {
  const archive = new ZipArchive(bytes, { entries: MOST_ENTRIES, inflated: limits.inflated });
  const { sheet, contents } = workbookParts(archive);
  const faults = scanSheet(contents.get(sheet)?.toString('utf8') ?? '', limits);
  return tableRows(await parsed(await repacked(contents), limits), faults);
}

async function repacked(contents: ReadonlyMap<string, Buffer>): Promise<Buffer> {
  const entries = Array.from(contents, ([name, content]) => ({ name, content }));
  const pieces: Buffer[] = [];
  for await (const piece of zipArchive(entries, EPOCH)) pieces.push(piece);
  return Buffer.concat(pieces);
}

/** What the package makes of a cell. */
type ParsedCell = string | number | boolean | Date | null;

/**
 * A text, so that it runs alike from the sources and from the build. A text that many cells share is one in the file and
 * would be many on the way here: each is cut, and all together are bounded.
 */
const PARSER = `
const { parentPort, workerData: { parser, workbook, mostCell, mostText } } = require('node:worker_threads');
let text = 0;
const cut = (cell) => {
  if (typeof cell !== 'string') return cell;
  const short = cell.length > mostCell ? cell.slice(0, mostCell + 1) : cell;
  if ((text += short.length) > mostText) throw new Error('TEXT');
  return short;
};
require(parser).readSheet(Buffer.from(workbook), 1, { trim: false })
  .then((rows) => rows.map((row) => row.map(cut)))
  .then((rows) => parentPort.postMessage({ rows }), (error) => parentPort.postMessage({ refused: String(error && error.message) }));`;

async function parsed(workbook: Buffer, limits: TableLimits): Promise<ParsedCell[][]> {
  const worker = new Worker(PARSER, {
    eval: true, env: {}, stdin: false,
    workerData: { parser: createRequire(import.meta.url).resolve('read-excel-file/node'), workbook, mostCell: limits.cell, mostText: limits.inflated },
    resourceLimits: { maxOldGenerationSizeMb: PARSER_MEMORY_MB },
  });
  const timer = setTimeout(() => void worker.terminate(), PARSER_MS);
  try {
    const { rows, refused = '' } = await answerOf(worker);
    require(refused !== 'TEXT', 'BATCH_SPREADSHEET_TOO_LARGE', { most: String(limits.inflated), reason: 'text' });
    if (rows === undefined) throw new Problem('BATCH_SPREADSHEET_BROKEN', { reason: refused.slice(0, 100) });
    return rows;
  } finally {
    clearTimeout(timer);
    await worker.terminate();
  }
}

interface Answer {
  readonly rows?: ParsedCell[][];
  readonly refused?: string;
}

function answerOf(worker: Worker): Promise<Answer> {
  return new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('exit', () => reject(new Problem('BATCH_SPREADSHEET_TOO_LARGE', { reason: 'takes too long' })));
    worker.once('error', (error) => reject(isOutOfMemory(error) ? new Problem('BATCH_SPREADSHEET_TOO_LARGE', { reason: 'takes too much memory' }) : error));
  });
}

function isOutOfMemory(error: Error): boolean {
  return 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
}

function tableRows(rows: readonly ParsedCell[][], faults: readonly CellFault[]): TableRow[] {
  const byRow = new Map<number, CellFault[]>();
  for (const fault of faults) byRow.set(fault.row, [...byRow.get(fault.row) ?? [], fault]);
  return rows.map((cells, index) => ({ row: index + 1, cells: cells.map(cellOf), faults: byRow.get(index + 1) ?? [] }));
}

function cellOf(cell: ParsedCell): Cell {
  if (cell === null) return '';
  if (cell instanceof Date) return dateText(cell);
  return typeof cell === 'boolean' ? String(cell).toUpperCase() : cell;
}

/** A date as a day; with a time of day it stays an instant, which no column of days takes. */
function dateText(date: Date): string {
  if (Number.isNaN(date.getTime())) return '?';
  const text = date.toISOString();
  return text.endsWith('T00:00:00.000Z') ? text.slice(0, 10) : text;
}
