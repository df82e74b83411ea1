/** Bodies that concern controlled chemicals. */
import { useDeclaration } from '#domain/chemistry/licence.js';
import { drawRequest, splitRequest } from '#domain/chemistry/requests.js';
import { listSchema, objectSchema, type RequestForm } from './request-form.js';
import { choice, GTIN, ITEM, KILOGRAMS, OCCASION, REASON, SERIAL, SUBSTANCE } from './schema-parts.js';

const occasion = { happenedAt: '2026-11-20T15:30:00+07:00', province: '75' } as const;
export const USE_DECLARATION = {
  shape: useDeclaration,
  schema: objectSchema({ substance: SUBSTANCE, purpose: { type: 'string', pattern: '^(0[1-9]|[1-3][0-9]|4[0-8])$' }, perYear: KILOGRAMS }),
  example: { substance: 'acetone', purpose: '07', perYear: '300' },
} as const satisfies RequestForm;

const container = objectSchema({ gtin: GTIN, serial: SERIAL, mass: KILOGRAMS });

export const SPLIT = {
  shape: splitRequest,
  schema: objectSchema({ from: ITEM, into: listSchema(container, { min: 1, max: 500 }), remaining: KILOGRAMS, loss: KILOGRAMS }, { lossReason: REASON, ...OCCASION }),
  example: {
    from: '/01/09520000000028/10/AX-26-01',
    into: [{ gtin: '09520000000028', serial: '7QK2M9ZD4XWA', mass: '25' }],
    remaining: '174.9', loss: '0.1', lossReason: 'Dính thành ống', ...occasion,
  },
} as const satisfies RequestForm;

export const DRAW = {
  shape: drawRequest,
  schema: objectSchema({ item: ITEM, mass: KILOGRAMS, as: choice('used', 'destroyed', 'lost'), reason: REASON }, OCCASION),
  example: { item: '/01/09520000000028/21/7QK2M9ZD4XWA', mass: '2.5', as: 'used', reason: 'Rửa thiết bị', ...occasion },
} as const satisfies RequestForm;
