/** Lots: opened by the maker; recalled and suspended by the maker or an inspector. */
import { Problem, require } from '#domain/errors.js';
import { contentOf, contentRecord } from '#domain/chemistry/content.js';
import { checkLotContent, checkLotDates, lotMeasure, lotRelease, lotRequest, type LotMeasure, type LotRecord, type LotRelease, type LotRequest, type Measure } from '#domain/goods/lot.js';
import { lotKey, type ItemKey } from '#domain/gs1/item-key.js';
import { parseKilograms } from '#domain/quantity/mass.js';
import type { Step } from '#domain/epcis/event-record.js';
import { handler, type Transaction } from '../transaction.js';
import { loadOwnProduct } from './product.js';

export const openLot = handler(lotRequest, async (tx, request) => {
  const product = await loadOwnProduct(tx, request.gtin);
  checkLotDates(request, product);
  checkLotContent(request, product);
  const item = lotKey(request.gtin, request.lot);
  const known = await tx.ledger.load(item, 'lot');
  require(known === undefined, 'LOT_ALREADY_OPENED', { gtin: request.gtin, lot: request.lot });
  const record = lotRecord(tx, request);
  tx.ledger.save(item, record);
  const masses = record.bulk === undefined ? {} : { masses: [{ item, mass: record.bulk.mass }] };
  await tx.happened({ step: 'open-lot', items: [item], ...masses }, { province: request.province });
  return { item };
});

function lotRecord(tx: Transaction, request: LotRequest): LotRecord {
  const { bulk, ...rest } = request;
  return {
    kind: 'lot', ...rest,
    maker: tx.caller.organisation,
    openedAt: tx.at,
    ...(bulk === undefined ? {} : { bulk: contentRecord(contentOf(parseKilograms(bulk.mass), bulk.components)) }),
    ...(bulk?.certificate === undefined ? {} : { certificate: bulk.certificate }),
  };
}

/** The lot of a product. Throws LOT_UNKNOWN. */
export async function loadLot(tx: Transaction, gtin: LotRecord['gtin'], lot: LotRecord['lot']): Promise<LotRecord> {
  const record = await tx.ledger.load(lotKey(gtin, lot), 'lot');
  require(record !== undefined, 'LOT_UNKNOWN', { gtin, lot });
  return record;
}

export const recallLot = handler(lotMeasure, async (tx, request) => {
  const lot = await loadLotInCharge(tx, request);
  require(lot.recall === undefined, 'LOT_RECALLED', { gtin: request.gtin, lot: request.lot });
  return change(tx, { ...lot, recall: measureOf(tx, request) }, 'recall', request.reason);
});

export const endRecall = handler(lotRelease, async (tx, request) => {
  const { recall, ...rest } = await loadLotInCharge(tx, request);
  require(recall !== undefined, 'LOT_NOT_RECALLED', { gtin: request.gtin, lot: request.lot });
  checkMayLift(tx, recall);
  return change(tx, rest, 'end-recall', request.reason);
});

export const suspendLot = handler(lotMeasure, async (tx, request) => {
  const lot = await loadLotInCharge(tx, request);
  require(lot.suspension === undefined, 'LOT_SUSPENDED', { gtin: request.gtin, lot: request.lot });
  return change(tx, { ...lot, suspension: measureOf(tx, request) }, 'suspend', request.reason);
});

export const releaseLot = handler(lotRelease, async (tx, request) => {
  const { suspension, ...rest } = await loadLotInCharge(tx, request);
  require(suspension !== undefined, 'LOT_NOT_SUSPENDED', { gtin: request.gtin, lot: request.lot });
  checkMayLift(tx, suspension);
  return change(tx, rest, 'release-lot', request.reason);
});

/** The maker acts on its own lots, an inspector on any. */
async function loadLotInCharge(tx: Transaction, request: LotMeasure | LotRelease): Promise<LotRecord> {
  const lot = await loadLot(tx, request.gtin, request.lot);
  const inCharge = tx.caller.role === 'inspector' || lot.maker === tx.caller.organisation;
  require(inCharge, 'ITEM_NOT_HELD', { item: lotKey(request.gtin, request.lot), by: tx.caller.organisation });
  return lot;
}

/** What an authority ordered, only an authority lifts. */
function checkMayLift(tx: Transaction, measure: Measure): void {
  const mayLift = tx.caller.role === 'inspector' || measure.by === tx.caller.organisation;
  if (!mayLift) throw new Problem('CALLER_NOT_ALLOWED', { orderedBy: measure.by });
}

function measureOf(tx: Transaction, request: LotMeasure): Measure {
  return { by: tx.caller.organisation, at: tx.at, reason: request.reason, instruction: request.instruction };
}

async function change(tx: Transaction, lot: LotRecord, step: Step, reason: string): Promise<{ item: ItemKey }> {
  const item = lotKey(lot.gtin, lot.lot);
  tx.ledger.save(item, lot);
  await tx.happened({ step, items: [item], reason }, {});
  return { item };
}
