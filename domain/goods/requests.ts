/** Arguments of the transactions that move goods. */
import { parseItemKey, parseSerial, parseSscc, type ItemKey } from '../gs1/item-key.js';
import { parseInstant } from '../instant.js';
import { organisationId, province } from '../registry/organisation.js';
import { distinct, matching, object, oneOf, optional, parsedBy, text, type Parsed } from '../shape.js';
import { lot } from './lot.js';
import { gtin } from './product.js';

/** Most things one transaction may name: a bound on its size that Fabric's message limits leave room for. */
export const MOST_ITEMS = 2000;

const itemKey = parsedBy((value): ItemKey => {
  parseItemKey(value);
  return value as ItemKey;
});
const items = distinct(itemKey, { min: 1, max: MOST_ITEMS });
const itemsOrNone = distinct(itemKey, { max: MOST_ITEMS });
const sscc = parsedBy(parseSscc);
const instant = parsedBy(parseInstant);
const shipmentNumber = matching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/, '1 to 40 letters, digits, dots, hyphens');

/** When and where it happened, if not now and at the caller's own address. */
const occasion = { happenedAt: optional(instant), province: optional(province) };

/** `goods:commission`: serials of a lot come into being, with the labels on the goods. */
export const commissionRequest = object({
  gtin, lot, ...occasion,
  serials: distinct(parsedBy(parseSerial), { min: 1, max: MOST_ITEMS }),
});
export type CommissionRequest = Parsed<typeof commissionRequest>;

/** `goods:pack`: things go into a logistic unit, which comes into being if it is new. */
export const packRequest = object({ unit: sscc, items, ...occasion });
export type PackRequest = Parsed<typeof packRequest>;

/** `goods:unpack`: everything, or the things named, comes out. */
export const unpackRequest = object({ unit: sscc, items: optional(items), ...occasion });
export type UnpackRequest = Parsed<typeof unpackRequest>;

/** `goods:ship`. */
export const shipRequest = object({ number: shipmentNumber, to: organisationId, items, ...occasion });
export type ShipRequest = Parsed<typeof shipRequest>;

/** `goods:receive`: every item sent is answered for exactly once; `over` is what came along besides. */
export const receiveRequest = object({
  from: organisationId, number: shipmentNumber, ...occasion,
  received: itemsOrNone, short: itemsOrNone, damaged: itemsOrNone, over: itemsOrNone,
});
export type ReceiveRequest = Parsed<typeof receiveRequest>;

/** `goods:cancelShipment`: the sender calls it back before it is received. */
export const cancelRequest = object({ number: shipmentNumber, reason: text(300), ...occasion });
export type CancelRequest = Parsed<typeof cancelRequest>;

/** `goods:end`: things leave circulation. */
export const endRequest = object({ as: oneOf('sold', 'used', 'decommissioned', 'destroyed'), items, reason: optional(text(300)), ...occasion });
export type EndRequest = Parsed<typeof endRequest>;

/** `goods:report`: things are gone that should be there. */
export const reportRequest = object({ as: oneOf('lost', 'stolen'), items, reason: text(300), ...occasion });
export type ReportRequest = Parsed<typeof reportRequest>;

/** `goods:recover`: things that were gone are back. */
export const recoverRequest = object({ items, reason: text(300), ...occasion });
export type RecoverRequest = Parsed<typeof recoverRequest>;

/** `goods:hold`: things are ordered not to move. */
export const holdRequest = object({ items, cause: oneOf('suspended', 'quarantined', 'seized', 'damaged'), reason: text(300), ...occasion });
export type HoldRequest = Parsed<typeof holdRequest>;

/** `goods:release`. */
export const releaseRequest = object({ items, reason: text(300), ...occasion });
export type ReleaseRequest = Parsed<typeof releaseRequest>;
