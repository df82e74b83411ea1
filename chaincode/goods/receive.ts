/** Goods arrive, whole or with a difference. */
import { Problem, require } from '#domain/errors.js';
import { receiveRequest, type ReceiveRequest } from '#domain/goods/requests.js';
import { shipmentKey, type Difference, type SerialRecord, type ShipmentRecord, type UnitRecord } from '#domain/goods/records.js';
import { serialKey, type ItemKey } from '#domain/gs1/item-key.js';
import type { Hold } from '#domain/lifecycle/item.js';
import { handler, type Transaction } from '../transaction.js';
import { apply, applyAll, loadMovable, outermost, serialsIn } from './movable.js';
import { loadOpenShipment } from './ship.js';
import { takeOut } from './pack.js';

export const receive = handler(receiveRequest, async (tx, request) => {
  const key = shipmentKey(request.from, request.number);
  const shipment = await loadOpenShipment(tx, key);
  require(shipment.to === tx.caller.organisation, 'SHIPMENT_UNKNOWN', { shipment: key });
  checkAnswers(request, shipment);
  const inside = await missingInside(tx, request, shipment);
  await bringIn(tx, key, request, shipment, inside);
  await noteFirstUse(tx, shipment);
  const difference = differenceOf(request);
  tx.ledger.save(key, closed(tx, request, shipment, difference));
  const { from, to } = shipment;
  await tx.happened({ step: 'receive', items: arrived(request, inside), shipment: request.number, from, to, ...difference }, request);
  return { shipment: request.number, ...difference.difference };
});

/** Every item sent is in exactly one of the lists; `short` and `damaged` may besides name things inside a unit sent. */
function checkAnswers(request: ReceiveRequest, shipment: ShipmentRecord): void {
  const answers = [...request.received, ...request.short, ...request.damaged];
  require(new Set(answers).size === answers.length, 'LIST_REPEATS', { field: 'received' });
  const answered = new Set(answers);
  const unanswered = shipment.items.find((item) => !answered.has(item));
  require(unanswered === undefined, 'SHIPMENT_ITEM_UNANSWERED', { item: unanswered ?? '' });
  const sent = new Set(shipment.items);
  const stranger = request.received.find((item) => !sent.has(item));
  require(stranger === undefined, 'ITEM_NOT_IN_SHIPMENT', { item: stranger ?? '', field: 'received' });
  const notOver = request.over.find((item) => answered.has(item) || sent.has(item));
  require(notOver === undefined, 'LIST_REPEATS', { item: notOver ?? '', field: 'over' });
}

interface Inside {
  readonly short: readonly ItemKey[];
  readonly damaged: readonly ItemKey[];
}

/** The short and damaged things that were not sent by themselves must be inside a unit that was received. */
async function missingInside(tx: Transaction, request: ReceiveRequest, shipment: ShipmentRecord): Promise<Inside> {
  const sent = new Set(shipment.items);
  const inside = { short: request.short.filter((item) => !sent.has(item)), damaged: request.damaged.filter((item) => !sent.has(item)) };
  const received = new Set(request.received);
  for (const item of [...inside.short, ...inside.damaged]) {
    const top = await outermost(tx, item, await loadMovable(tx, item));
    require(top.item !== item && received.has(top.item), 'ITEM_NOT_IN_SHIPMENT', { item, shipment: shipment.number });
  }
  return inside;
}

async function bringIn(tx: Transaction, key: string, request: ReceiveRequest, shipment: ShipmentRecord, inside: Inside): Promise<void> {
  const by = tx.caller.organisation;
  const at = tx.happenedAt(request);
  const sent = new Set(shipment.items);
  const province = (await tx.organisation(shipment.from)).province;
  const damage: Hold = { cause: 'damaged', reason: `shipment ${shipment.number}`, by, at };
  await applyAll(tx, request.received, { do: 'receive', by, shipment: key });
  await applyAll(tx, request.damaged.filter((item) => sent.has(item)), { do: 'receive', by, shipment: key, damage });
  await applyAll(tx, request.short.filter((item) => sent.has(item)), { do: 'miss', shipment: key, at, province });
  for (const item of inside.damaged) await takeOutAs(tx, item, (record) => apply(tx, item, record, { do: 'hold', hold: damage }), by);
  for (const item of inside.short) {
    await takeOutAs(tx, item, (record) => tx.ledger.save(item, { ...record, custody: { state: 'missing', holder: shipment.from, at, province } }), shipment.from);
  }
}

/** A thing found short or damaged inside a unit leaves that unit. */
async function takeOutAs(tx: Transaction, item: ItemKey, then: (record: SerialRecord | UnitRecord) => void, holder: ShipmentRecord['from']): Promise<void> {
  const { custody } = await loadMovable(tx, item);
  if (custody.state !== 'in-stock' || custody.parent === undefined) throw new Problem('ITEM_NOT_IN_SHIPMENT', { item });
  const unit = await tx.ledger.load(custody.parent, 'unit');
  require(unit !== undefined, 'ITEM_UNKNOWN', { item: custody.parent });
  await takeOut(tx, custody.parent, unit, [item], holder);
  then(await loadMovable(tx, item));
}

/** Goods bought on a declaration of use carry the first day on which they may be used. */
async function noteFirstUse(tx: Transaction, shipment: ShipmentRecord): Promise<void> {
  const from = shipment.allowances?.flatMap((one) => ('declaration' in one.by ? [one.by.firstUseFrom] : [])).sort().at(-1);
  if (from === undefined) return;
  for (const serial of await serialsIn(tx, shipment.items)) {
    const item = serialKey(serial.gtin, serial.serial);
    tx.ledger.save(item, { ...serial, firstUseFrom: from });
  }
}

function differenceOf(request: ReceiveRequest): { difference?: Difference } {
  const { short, damaged, over } = request;
  return short.length + damaged.length + over.length === 0 ? {} : { difference: { short, damaged, over } };
}

function arrived(request: ReceiveRequest, inside: Inside): readonly ItemKey[] {
  const apart = new Set(inside.damaged);
  return [...request.received, ...request.damaged.filter((item) => !apart.has(item))];
}

function closed(tx: Transaction, request: ReceiveRequest, shipment: ShipmentRecord, difference: { difference?: Difference }): ShipmentRecord {
  const state = difference.difference === undefined ? 'received' : 'received-with-difference';
  return { ...shipment, state, closedAt: tx.happenedAt(request), ...difference };
}
