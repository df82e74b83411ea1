/** The two kinds of files: what stands in their columns, and what a row becomes. */
import type { ProductRequest } from '#domain/goods/product.js';
import type { Gtin } from '#domain/gs1/gtin.js';
import type { ItemKey, Lot, Serial } from '#domain/gs1/item-key.js';
import type { Instant } from '#domain/instant.js';
import type { ProvinceCode } from '#domain/registry/provinces.js';
import type { TransactionName } from '#domain/transactions.js';

/** A row that could be read. */
export type ImportEntry = ProductEntry | SerialEntry;

export interface ProductEntry {
  readonly kind: 'products';
  /** what no two rows may have alike */
  readonly key: ItemKey;
  readonly request: ProductRequest;
}

export interface SerialEntry {
  readonly kind: 'serials';
  readonly key: ItemKey;
  readonly gtin: Gtin;
  readonly lot: Lot;
  readonly serial: Serial;
  readonly happenedAt?: Instant;
  readonly province?: ProvinceCode;
}

export interface Column {
  /** the path of the value in the request, e.g. `producer.name` */
  readonly field: string;
  /** heading in the template */
  readonly vi: string;
  readonly en: string;
  /** further headings that mean it */
  readonly also?: readonly string[];
  readonly required: boolean;
  /** in the template's example row */
  readonly example: string;
  /** @throws Problem */
  readonly read: (text: string) => unknown;
}

/** The values of a row by the fields of their columns; empty cells are left out. */
export type RowValues = Readonly<Record<string, unknown>>;

export interface Batch {
  readonly transaction: TransactionName;
  /** canonical JSON */
  readonly argument: string;
}

export interface ImportKind<E extends ImportEntry = ImportEntry> {
  readonly name: E['kind'];
  readonly columns: readonly Column[];
  /**
   * @param now milliseconds since 1970: nothing can have happened later
   * @throws Problem whose `field` is the field of a column
   */
  readonly entryOf: (values: RowValues, now: number) => E;
  /** rows of one ledger transaction */
  readonly batchRows: number;
  /** how many steps of its transaction a batch takes at least; a bound on mixed files */
  readonly groupOf: (entry: E) => string;
  readonly batchGroups: number;
  readonly batchOf: (entries: readonly E[]) => Batch;
}
