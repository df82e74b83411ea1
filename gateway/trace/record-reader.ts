/** The ledger's records as the read model has them, typed. */
import type { LoadRecord } from '#domain/goods/dossier.js';
import type { AsOf } from '#domain/goods/public-item.js';
import { instantOf } from '#domain/instant.js';
import type { LedgerRecord, RecordKind, RecordOf } from '#domain/records.js';
import type { IndexRow, ReadModel } from '../read-model/read-model.js';
import type { Page, PageRequest } from '../read-model/row-pages.js';
import type { IndexName } from './record-index.js';

const PAGE_ROWS = 1000;

export interface FoundRecord<K extends RecordKind> {
  readonly key: string;
  readonly record: RecordOf<K>;
}

export class RecordReader {
  readonly #model: ReadModel;

  constructor(model: ReadModel) {
    this.#model = model;
  }

  /** The record of a kind under a key, as far as blocks are projected; another kind there is none. */
  load<K extends RecordKind>(key: string, kind: K): RecordOf<K> | undefined {
    const row = this.#model.get(key);
    return row === undefined ? undefined : ofKind(row.value, kind);
  }

  /** The same as the rules take it that peers follow too. */
  readonly loadRecord: LoadRecord = async (key, kind) => this.load(key, kind);

  /** Records of a kind whose key begins with `prefix`, page by page. */
  async range<K extends RecordKind>(prefix: string, kind: K, request: PageRequest): Promise<Page<FoundRecord<K>>> {
    const { rows, next } = await this.#model.range(prefix, request);
    const found = rows.flatMap(({ key, value }) => {
      const record = ofKind(value, kind);
      return record === undefined ? [] : [{ key, record }];
    });
    return next === undefined ? { rows: found } : { rows: found, next };
  }

  /** One page of an index; `subject` with its space at the end, e.g. `che-shan `. */
  async page(index: IndexName, subject: string, request: PageRequest): Promise<Page<IndexRow>> {
    return this.#model.index(index, subject, request);
  }

  /** All of an index below `subject`, in order. */
  async *entries(index: IndexName, subject: string): AsyncGenerator<IndexRow> {
    let after: string | undefined;
    do {
      const page: Page<IndexRow> = await this.#model.index(index, subject, { limit: PAGE_ROWS, ...(after === undefined ? {} : { after }) });
      yield* page.rows;
      after = page.next;
    } while (after !== undefined);
  }

  /** How fresh what is read now is (D7). */
  asOf(): AsOf {
    const { height, blockTime = 0, knownAt = blockTime } = this.#model.asOf();
    return { height: String(height), blockTime: instantOf(blockTime), knownAt: instantOf(knownAt) };
  }
}

function ofKind<K extends RecordKind>(value: Buffer, kind: K): RecordOf<K> | undefined {
  const record = JSON.parse(value.toString('utf8')) as LedgerRecord;
  return record.kind === kind ? record as RecordOf<K> : undefined;
}
