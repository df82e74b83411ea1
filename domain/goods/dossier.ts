/** Everything the ledger knows that bears on one item: what a scan is judged by, and what a receipt proves. */
import type { ItemKey } from '../gs1/item-key.js';
import type { OrganisationRecord } from '../registry/organisation.js';
import type { LotRecord } from './lot.js';
import type { ProductRecord } from './product.js';
import type { SerialRecord, UnitRecord } from './records.js';

/**
 * The answer of `goods:readItem`. What is not on the ledger is absent: a dossier without `serial` for a serial's key
 * says that the ledger knows no such serial, and is proven by the same receipt.
 */
export interface Dossier {
  readonly item: ItemKey;
  readonly product?: ProductRecord;
  readonly lot?: LotRecord;
  readonly serial?: SerialRecord;
  readonly unit?: UnitRecord;
  /** The units the item is inside, the innermost first. Where the outermost is, the item is. */
  readonly inside: readonly UnitRecord[];
  /** Maker and present holder, as far as the ledger knows them. */
  readonly organisations: readonly OrganisationRecord[];
}

/** Units may stand in units this deep: item, carton, case, pallet, container. */
export const DEEPEST_NESTING = 5;
