/** Bodies that move goods. */
import {
  cancelRequest, commissionRequest, endRequest, holdRequest, packRequest, receiveRequest, recoverRequest,
  releaseRequest, reportRequest, shipRequest, unpackRequest,
} from '#domain/goods/requests.js';
import { listSchema, objectSchema, type RequestForm } from './request-form.js';
import { choice, GTIN, items, LOT, OCCASION, ORGANISATION, REASON, REFERENCE, SERIAL, SSCC } from './schema-parts.js';

const occasion = { happenedAt: '2026-11-20T15:30:00+07:00', province: '15' } as const;
const serial = '/01/09520000000011/21/7QK2M9ZD4XWA';
const other = '/01/09520000000011/21/9RW5HTXB2QJC';

export const COMMISSION = {
  shape: commissionRequest,
  schema: objectSchema({ gtin: GTIN, lot: LOT, serials: listSchema(SERIAL, { min: 1, max: 2000, distinct: true }) }, OCCASION),
  example: { gtin: '09520000000011', lot: 'LO26-001', serials: ['7QK2M9ZD4XWA', '9RW5HTXB2QJC'], ...occasion },
} as const satisfies RequestForm;

export const PACKING = {
  shape: packRequest,
  schema: objectSchema({ unit: SSCC, items: items(1) }, OCCASION),
  example: { unit: '095200000000000011', items: [serial, other], ...occasion },
} as const satisfies RequestForm;

export const UNPACKING = {
  shape: unpackRequest,
  schema: objectSchema({ unit: SSCC }, { items: items(1), ...OCCASION }),
  example: { unit: '095200000000000011', items: [serial], ...occasion },
} as const satisfies RequestForm;

export const SHIPMENT = {
  shape: shipRequest,
  schema: objectSchema({ number: REFERENCE, to: ORGANISATION, items: items(1) }, OCCASION),
  example: { number: 'PX-2026-001', to: 'sieu-thi-sao', items: ['/00/095200000000000011'], ...occasion },
} as const satisfies RequestForm;

export const RECEIPT = {
  shape: receiveRequest,
  schema: objectSchema({ from: ORGANISATION, number: REFERENCE, received: items(0), short: items(0), damaged: items(0), over: items(0) }, OCCASION),
  example: { from: 'che-shan', number: 'PX-2026-001', received: ['/00/095200000000000011'], short: [serial], damaged: [], over: [], ...occasion },
} as const satisfies RequestForm;

export const CANCELLATION = {
  shape: cancelRequest,
  schema: objectSchema({ number: REFERENCE, reason: REASON }, OCCASION),
  example: { number: 'PX-2026-001', reason: 'Khách hủy đơn', ...occasion },
} as const satisfies RequestForm;

export const ENDING = {
  shape: endRequest,
  schema: objectSchema({ as: choice('sold', 'used', 'decommissioned', 'destroyed'), items: items(1) }, { reason: REASON, ...OCCASION }),
  example: { as: 'sold', items: [serial], reason: 'Bán lẻ', ...occasion },
} as const satisfies RequestForm;

export const REPORT = {
  shape: reportRequest,
  schema: objectSchema({ as: choice('lost', 'stolen'), items: items(1), reason: REASON }, OCCASION),
  example: { as: 'stolen', items: [serial], reason: 'Mất trộm tại kho', ...occasion },
} as const satisfies RequestForm;

export const RECOVERY = {
  shape: recoverRequest,
  schema: objectSchema({ items: items(1), reason: REASON }, OCCASION),
  example: { items: [serial], reason: 'Tìm thấy khi kiểm kê', ...occasion },
} as const satisfies RequestForm;

export const HOLD = {
  shape: holdRequest,
  schema: objectSchema({ items: items(1), cause: choice('suspended', 'quarantined', 'seized', 'damaged'), reason: REASON }, OCCASION),
  example: { items: [serial], cause: 'quarantined', reason: 'Chờ kết quả kiểm nghiệm', ...occasion },
} as const satisfies RequestForm;

export const RELEASE = {
  shape: releaseRequest,
  schema: objectSchema({ items: items(1), reason: REASON }, OCCASION),
  example: { items: [serial], reason: 'Kết quả đạt', ...occasion },
} as const satisfies RequestForm;
