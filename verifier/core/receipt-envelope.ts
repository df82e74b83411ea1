import { decodeBase64 } from './base64.js';
import { Refusal } from './refusal.js';

/** The one value of `format`. */
export const RECEIPT_FORMAT = 'minhchung-receipt-1';

/** In UTF-16 units, which for this alphabet are bytes: 256 KiB. A receipt of three organisations has about 8 KB. */
const LONGEST = 256 * 1024;

/**
 * The bytes inside a receipt.
 *
 * @param text `{"format":"minhchung-receipt-1","payload":"<base64 of a serialized common.Payload>"}`
 * @throws Refusal RECEIPT_TOO_LARGE (before anything is decoded), RECEIPT_NOT_JSON, RECEIPT_FIELDS_WRONG,
 * RECEIPT_FORMAT_UNKNOWN, RECEIPT_BASE64_WRONG
 */
export function readEnvelope(text: string): Uint8Array {
  if (text.length > LONGEST) throw new Refusal('RECEIPT_TOO_LARGE');
  const { format, payload } = readFields(text);
  if (format !== RECEIPT_FORMAT) throw new Refusal('RECEIPT_FORMAT_UNKNOWN');
  const bytes = decodeBase64(payload);
  if (bytes === undefined) throw new Refusal('RECEIPT_BASE64_WRONG');
  return bytes;
}

/** A field that stands there twice, of which `JSON.parse` shows the last only, and a field too many add quotes. */
const QUOTES = 8;

function readFields(text: string): { format: string; payload: string } {
  const value = parsed(text);
  const isObject = typeof value === 'object' && value !== null;
  const { format, payload } = (isObject ? value : {}) as Readonly<Record<string, unknown>>;
  const isWhole = typeof format === 'string' && typeof payload === 'string' && text.split('"').length - 1 === QUOTES;
  if (!isWhole) throw new Refusal('RECEIPT_FIELDS_WRONG');
  return { format, payload };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal('RECEIPT_NOT_JSON');
  }
}
