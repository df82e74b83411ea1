/** Serials come into being. */
import { require } from '#domain/errors.js';
import { commissionRequest, type CommissionRequest } from '#domain/goods/requests.js';
import type { SerialRecord } from '#domain/goods/records.js';
import { serialKey } from '#domain/gs1/item-key.js';
import { commissioned } from '#domain/lifecycle/item.js';
import { handler, type Transaction } from '../transaction.js';
import { loadLot } from './lot.js';
import { loadOwnProduct } from './product.js';

export const commission = handler(commissionRequest, async (tx, request) => {
  const product = await loadOwnProduct(tx, request.gtin);
  await loadLot(tx, request.gtin, request.lot);
  require(product.components === undefined, 'LOT_IS_BULK', { gtin: request.gtin, lot: request.lot });
  const items = request.serials.map((serial) => serialKey(request.gtin, serial));
  const known = await tx.ledger.loadAll(items);
  known.forEach((record, index) => require(record === undefined, 'ITEM_ALREADY_COMMISSIONED', { item: items[index] ?? '', field: `serials[${index}]` }));
  items.forEach((item, index) => tx.ledger.save(item, freshSerial(tx, request, index)));
  await tx.happened({ step: 'commission', items }, request);
  return { commissioned: items.length };
});

function freshSerial(tx: Transaction, request: CommissionRequest, index: number): SerialRecord {
  const serial = request.serials[index];
  if (serial === undefined) throw new RangeError('no such serial');
  return {
    kind: 'serial', gtin: request.gtin, serial, lot: request.lot,
    maker: tx.caller.organisation,
    commissionedAt: tx.at,
    custody: commissioned(tx.caller.organisation),
  };
}
