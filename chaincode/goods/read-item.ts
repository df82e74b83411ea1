/** Everything the ledger knows about one item, in one answer that peers can sign. */
import type { Json } from '#domain/canonical-json.js';
import { assembleDossier } from '#domain/goods/dossier.js';
import type { Transaction } from '../transaction.js';

/** @throws Problem ITEM_KEY_MALFORMED, ITEM_KEY_NOT_CANONICAL and the codes of the values in the key */
export async function readItem(tx: Transaction, text: string): Promise<Json> {
  return await assembleDossier(text, (key, kind) => tx.ledger.load(key, kind)) as unknown as Json;
}
