/** Descriptions of the single values that requests and answers are made of. */
import { PROVINCE_CODES } from '#domain/registry/provinces.js';
import { listSchema, objectSchema, type JsonSchema } from './request-form.js';

const text = (maxLength: number, description: string): JsonSchema => ({ type: 'string', minLength: 1, maxLength, description });
const pattern = (source: string, description: string): JsonSchema => ({ type: 'string', pattern: source, description });

export const line = (maxLength: number, description = 'one line of text, Unicode form NFC'): JsonSchema => text(maxLength, description);
export const choice = (...words: readonly string[]): JsonSchema => ({ type: 'string', enum: [...words] });

export const GTIN = pattern('^(\\d{8}|\\d{12,14})$', 'GTIN of 8, 12, 13 or 14 digits with its check digit');
export const LOT = text(20, 'lot number (AI 10), 1 to 20 characters of GS1 set 82');
export const SERIAL = text(20, 'serial number (AI 21), 1 to 20 characters of GS1 set 82');
export const SSCC = pattern('^\\d{18}$', 'SSCC of 18 digits with its check digit');
export const ITEM = pattern('^/(00|01|414|417)/', 'canonical GS1 path, e.g. /01/09520000000011/21/7QK2M9ZD4XWA');
export const INSTANT = { type: 'string', format: 'date-time', description: 'RFC 3339 instant' } as const;
export const DAY = pattern('^\\d{4}-\\d{2}-\\d{2}$', 'day, yyyy-mm-dd');
export const ORGANISATION = { ...pattern('^[a-z][a-z0-9]*(-[a-z0-9]+)*$', 'organisation id, 2 to 32 of a-z, 0-9 and inner hyphens'), minLength: 2, maxLength: 32 } as const;
export const PROVINCE = choice(...PROVINCE_CODES);
export const DIGEST = pattern('^[0-9a-f]{64}$', 'SHA-256 in hexadecimal');
export const KILOGRAMS = pattern('^(0|[1-9][0-9]{0,14})(\\.[0-9]{1,6})?$', 'kilograms, plain decimal');
export const PERCENT = pattern('^(0|[1-9][0-9]{0,14})(\\.[0-9]{1,4})?$', 'per cent by mass, plain decimal');
export const REFERENCE = pattern('^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$', '1 to 40 letters, digits, dots, hyphens');
export const SUBSTANCE = text(60, 'id of a substance in the catalogue, e.g. acetone');
export const REASON = line(300, 'why, in words');
export const MILLIGRAMS = pattern('^(0|[1-9][0-9]{0,20})$', 'milligrams, whole');
export const CURSOR = { type: 'string', maxLength: 600, description: 'the "next" of the page before' } as const;
export const HEIGHT = pattern('^\\d+$', 'number of blocks');
export const TRANSACTION_ID = pattern('^[0-9a-f]{64}$', 'transaction id');

/** When and where something happened, if not now and at the caller's own address. */
export const OCCASION = { happenedAt: INSTANT, province: PROVINCE } as const;

export const items = (min: number): JsonSchema => listSchema(ITEM, { min, max: 2000, distinct: true });

export const AS_OF = objectSchema({ height: HEIGHT, blockTime: INSTANT, knownAt: INSTANT });

/** The refusal of RFC 9457 with our members. */
export const PROBLEM: JsonSchema = {
  type: 'object',
  required: ['type', 'title', 'status'],
  properties: {
    type: { type: 'string', description: 'urn:minhchung:problem:CODE' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string', description: 'in the language asked for by Accept-Language' },
    code: { type: 'string', description: 'one of the closed list of refusals' },
    field: { type: 'string', description: 'path of the field at fault, e.g. items[3]' },
    fields: { type: 'object', additionalProperties: { type: 'string' } },
    messageVi: { type: 'string' },
    messageEn: { type: 'string' },
  },
};
