/** Goods leave for another organisation; controlled substances only by right of the receiver. */
import { require } from '#domain/errors.js';
import { cancelRequest, shipRequest, type ShipRequest } from '#domain/goods/requests.js';
import { shipmentKey, type AllowanceRecord, type ShipmentRecord } from '#domain/goods/records.js';
import { handler, type Transaction } from '../transaction.js';
import { allowControlled, restoreQuotas } from '../chemical/allow-sale.js';
import { applyAll, checkLotsMayMove, serialsIn } from './movable.js';

export const ship = handler(shipRequest, async (tx, request) => {
  const from = tx.caller.organisation;
  require(request.to !== from, 'SHIPMENT_TO_SELF', { field: 'to' });
  await tx.organisation(request.to);
  const key = shipmentKey(from, request.number);
  require(await tx.ledger.load(key, 'shipment') === undefined, 'SHIPMENT_ALREADY_SENT', { number: request.number });
  await applyAll(tx, request.items, { do: 'ship', by: from, shipment: key });
  const serials = await serialsIn(tx, request.items);
  const at = tx.happenedAt(request);
  await checkLotsMayMove(tx, serials, at);
  const allowances = await allowControlled(tx, serials, request.to, at);
  tx.ledger.save(key, shipmentRecord(tx, request, allowances));
  await tx.happened({ step: 'ship', items: request.items, shipment: request.number, from, to: request.to }, request);
  return { shipment: request.number, shipped: request.items.length, ...(allowances.length === 0 ? {} : { allowances }) };
});

function shipmentRecord(tx: Transaction, request: ShipRequest, allowances: readonly AllowanceRecord[]): ShipmentRecord {
  return {
    kind: 'shipment', number: request.number,
    from: tx.caller.organisation, to: request.to,
    items: request.items,
    state: 'in-transit',
    shippedAt: tx.happenedAt(request),
    ...(allowances.length === 0 ? {} : { allowances }),
  };
}

/** The sender calls a shipment back: the goods are its own again, and the licences get back what they were charged. */
export const cancelShipment = handler(cancelRequest, async (tx, request) => {
  const key = shipmentKey(tx.caller.organisation, request.number);
  const shipment = await loadOpenShipment(tx, key);
  await applyAll(tx, shipment.items, { do: 'return-to-sender', shipment: key });
  await restoreQuotas(tx, shipment);
  const cancelled: ShipmentRecord = { ...shipment, state: 'cancelled', closedAt: tx.happenedAt(request) };
  tx.ledger.save(key, cancelled);
  const { from, to, items } = shipment;
  await tx.happened({ step: 'cancel-shipment', items, shipment: request.number, from, to, reason: request.reason }, request);
  return { shipment: request.number };
});

/** @throws Problem SHIPMENT_UNKNOWN, SHIPMENT_CLOSED */
export async function loadOpenShipment(tx: Transaction, key: string): Promise<ShipmentRecord> {
  const shipment = await tx.ledger.load(key, 'shipment');
  require(shipment !== undefined, 'SHIPMENT_UNKNOWN', { shipment: key });
  require(shipment.state === 'in-transit', 'SHIPMENT_CLOSED', { shipment: key, state: shipment.state });
  return shipment;
}
