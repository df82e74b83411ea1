/** The second passage through a file: its good rows in batches that are the same whenever the file is read again. */
import { readCsv } from './csv-file.js';
import type { Headings } from './heading-row.js';
import type { ImportEntry, ImportKind } from './import-kind.js';
import type { RowMarks } from './row-marks.js';
import { readRow } from './row-reader.js';

export interface NumberedEntry {
  readonly row: number;
  readonly entry: ImportEntry;
}

export interface RowBatch {
  readonly entries: readonly NumberedEntry[];
  /** the last row that it holds */
  readonly lastRow: number;
}

export interface BatchSource {
  readonly path: string;
  readonly kind: ImportKind;
  readonly headings: Headings;
  /** rows that are left out */
  readonly marks: RowMarks;
  /** rows up to here are done with */
  readonly after: number;
  /** where the first batch ends, if that is settled already */
  readonly until?: number;
  readonly now: () => number;
}

/** Half of what an argument may be, so that no batch comes near it. */
const LONGEST_BATCH = 1_000_000;

/** @throws Problem those of `readCsv`: the file was whole when it was checked */
export async function* batchesOf(source: BatchSource): AsyncGenerator<RowBatch> {
  const { path, kind, headings, marks, after, now } = source;
  let { until } = source;
  let filling = new Filling(kind);
  for await (const row of readCsv(path, headings.separator)) {
    if (row.row <= Math.max(after, 1) || marks.has(row.row)) continue;
    const read = readRow(kind, headings, row, now());
    if (!('entry' in read)) continue;
    const next = { row: row.row, entry: read.entry };
    const full = until === undefined ? !filling.hasRoomFor(next) : row.row > until;
    if (full && filling.entries.length > 0) {
      yield filling.batch(until);
      filling = new Filling(kind);
    }
    if (full) until = undefined;
    filling.add(next);
  }
  if (filling.entries.length > 0) yield filling.batch(until);
}

class Filling {
  readonly entries: NumberedEntry[] = [];
  readonly #kind: ImportKind;
  readonly #groups = new Set<string>();
  #length = 0;

  constructor(kind: ImportKind) {
    this.#kind = kind;
  }

  hasRoomFor({ entry }: NumberedEntry): boolean {
    const { batchRows, batchGroups, groupOf } = this.#kind;
    const fitting = this.entries.length < batchRows && this.#length + lengthOf(entry) <= LONGEST_BATCH;
    return fitting && (this.#groups.has(groupOf(entry)) || this.#groups.size < batchGroups);
  }

  add(next: NumberedEntry): void {
    this.entries.push(next);
    this.#groups.add(this.#kind.groupOf(next.entry));
    this.#length += lengthOf(next.entry);
  }

  batch(until: number | undefined): RowBatch {
    return { entries: this.entries, lastRow: until ?? this.entries.at(-1)?.row ?? 0 };
  }
}

function lengthOf(entry: ImportEntry): number {
  return entry.kind === 'products' ? JSON.stringify(entry.request).length : entry.key.length;
}
