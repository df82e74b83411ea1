/**
 * Public items, assembled once per version: an item stands as long as every record that its dossier was assembled from
 * has the version it had then. Whatever happens to an item, its units or its lot changes one of those records in the
 * same transaction, so its journey stands as long as they do.
 */
import type { LoadRecord } from '#domain/goods/dossier.js';
import type { PublicItem } from '#domain/goods/public-item.js';
import type { ReadModel } from '../read-model/read-model.js';
import type { RecordReader } from '../trace/record-reader.js';

export type AssembledItem = Omit<PublicItem, 'asOf'>;

interface Version {
  readonly key: string;
  /** `undefined`: there was no such record. */
  readonly block: bigint | undefined;
  readonly index: number | undefined;
}

interface Kept {
  readonly item: AssembledItem;
  readonly versions: readonly Version[];
}

export interface ItemCacheOptions {
  readonly model: Pick<ReadModel, 'get'>;
  readonly records: Pick<RecordReader, 'load'>;
  /** How many items are kept; the longest unused goes first. */
  readonly capacity?: number;
}

const CAPACITY = 4000;

export class ItemCache {
  readonly #options: Required<ItemCacheOptions>;
  /** In the order of use. */
  readonly #kept = new Map<string, Kept>();

  constructor(options: ItemCacheOptions) {
    this.#options = { capacity: CAPACITY, ...options };
  }

  /**
   * @param key of the item
   * @param assemble gathers the item through the loader it is given
   */
  async of(key: string, assemble: (load: LoadRecord) => Promise<AssembledItem>): Promise<AssembledItem> {
    const kept = this.#kept.get(key);
    if (kept !== undefined && kept.versions.every((version) => this.#isCurrent(version))) return this.#keep(key, kept).item;
    const versions: Version[] = [];
    const load: LoadRecord = async (recordKey, kind) => {
      versions.push(this.#versionOf(recordKey));
      return this.#options.records.load(recordKey, kind);
    };
    const item = await assemble(load);
    return item.journey === undefined ? item : this.#keep(key, { item, versions }).item;
  }

  /** Read before the record itself: a block in between makes the item look outdated, never current. */
  #versionOf(key: string): Version {
    const row = this.#options.model.get(key);
    return { key, block: row?.block, index: row?.index };
  }

  #isCurrent({ key, block, index }: Version): boolean {
    const now = this.#versionOf(key);
    return now.block === block && now.index === index;
  }

  #keep(key: string, kept: Kept): Kept {
    this.#kept.delete(key);
    this.#kept.set(key, kept);
    if (this.#kept.size > this.#options.capacity) {
      const [oldest] = this.#kept.keys();
      if (oldest !== undefined) this.#kept.delete(oldest);
    }
    return kept;
  }
}
