/** Bodies that concern serial numbers and their labels. */
import { lot } from '#domain/goods/lot.js';
import { gtin } from '#domain/goods/product.js';
import { parseSerial, parseSscc } from '#domain/gs1/item-key.js';
import { parseInstant } from '#domain/instant.js';
import { province } from '#domain/registry/organisation.js';
import { distinct, matching, object, oneOf, optional, parsedBy, wholeNumber } from '#domain/shape.js';
import { MOST_SERIALS } from '../serials/serial-order.js';
import { listSchema, objectSchema, type RequestForm } from './request-form.js';
import { choice, GTIN, LOT, OCCASION, SERIAL, SSCC } from './schema-parts.js';

const serial = parsedBy(parseSerial);
const orderId = matching(/^SO-[2-9A-HJ-NP-Z]{12}$/, 'id of an order of serials');
const ORDER_ID = { type: 'string', pattern: '^SO-[2-9A-HJ-NP-Z]{12}$' };

/** So many serials of a lot, to be printed. */
export const SERIAL_ORDER = {
  shape: object({ gtin, lot, count: wholeNumber(1, MOST_SERIALS) }),
  schema: objectSchema({ gtin: GTIN, lot: LOT, count: { type: 'integer', minimum: 1, maximum: MOST_SERIALS } }),
  example: { gtin: '09520000000011', lot: 'LO26-001', count: 1000 },
} as const satisfies RequestForm;

/** Serials of an order come into being: all, or those printed from one to another. */
export const ORDER_COMMISSION = {
  shape: object({
    gtin, lot, order: orderId, first: optional(serial), last: optional(serial),
    happenedAt: optional(parsedBy(parseInstant)), province: optional(province),
  }),
  schema: objectSchema({ gtin: GTIN, lot: LOT, order: ORDER_ID }, { first: SERIAL, last: SERIAL, ...OCCASION }),
  example: {
    gtin: '09520000000011', lot: 'LO26-001', order: 'SO-7QK2M9ZD4XWA', first: '7QK2M9ZD4XWA', last: '9RW5HTXB2QJC',
    happenedAt: '2026-11-20T15:30:00+07:00', province: '15',
  },
} as const satisfies RequestForm;

const aside = distinct(serial, { max: MOST_SERIALS });
const ASIDE = listSchema(SERIAL, { max: MOST_SERIALS, distinct: true });

/** Serials whose labels were spoiled, or came back unused. */
export const RECONCILIATION = {
  shape: object({ spoiled: aside, returned: aside }),
  schema: objectSchema({ spoiled: ASIDE, returned: ASIDE }),
  example: { spoiled: ['7QK2M9ZD4XWA'], returned: [] },
} as const satisfies RequestForm;

const MEDIA = ['a4-24', 'a4-40', 'a4-65', 'roll-60x40', 'a6-logistic'] as const;

/** What to print: an order, some serials of a lot, or logistic units. One of the three is given. */
export const LABELS = {
  shape: object({
    order: optional(orderId),
    serials: optional(object({ gtin, lot, serials: distinct(serial, { min: 1, max: MOST_SERIALS }) })),
    units: optional(distinct(parsedBy(parseSscc), { min: 1, max: 10_000 })),
    media: oneOf(...MEDIA),
    language: oneOf('vi', 'en'),
    dpi: optional(wholeNumber(203, 600)),
  }),
  schema: objectSchema({ media: choice(...MEDIA), language: choice('vi', 'en') }, {
    order: ORDER_ID,
    serials: objectSchema({ gtin: GTIN, lot: LOT, serials: listSchema(SERIAL, { min: 1, max: MOST_SERIALS, distinct: true }) }),
    units: listSchema(SSCC, { min: 1, max: 10_000, distinct: true }),
    dpi: { type: 'integer', minimum: 203, maximum: 600, description: '203, 300 or 600; the usual one of the media where absent' },
  }),
  example: {
    order: 'SO-7QK2M9ZD4XWA', serials: { gtin: '09520000000011', lot: 'LO26-001', serials: ['7QK2M9ZD4XWA'] }, units: ['095200000000000011'],
    media: 'a4-24', language: 'vi', dpi: 300,
  },
} as const satisfies RequestForm;
