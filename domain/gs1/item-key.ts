/**
 * The one ledger key of a thing: its canonical GS1 Digital Link path without a domain. Two spellings of one thing
 * can never be two records, because everything that stores or looks up goes through here.
 */
import { Problem, require } from '../errors.js';
import { checkDigitOf, hasCheckDigit } from './check-digit.js';
import { checkDataField, knownAi } from './data-field.js';
import { parseGtin, type Gtin } from './gtin.js';
import { mayFollow, valueOf, type AiValue, type Identification } from './identification.js';
import { decodeOnce, encodeSegment } from './percent-encoding.js';

/** A batch or lot number (AI 10), 1–20 characters of set 82, opaque and case-sensitive, e.g. `LO26-001`. */
export type Lot = string & { readonly __lot: true };
/** A serial number (AI 21), 1–20 characters of set 82, opaque and case-sensitive, e.g. `7QK2M9ZD4XWA`. */
export type Serial = string & { readonly __serial: true };
/** A Serial Shipping Container Code (AI 00), 18 digits, e.g. `095200000000000011`. */
export type Sscc = string & { readonly __sscc: true };
/** A Global Location Number (AI 410–417), 13 digits, e.g. `9520000000103`. */
export type Gln = string & { readonly __gln: true };

/** A canonical key, e.g. `/01/09520000000011/21/7QK2M9ZD4XWA`. */
export type ItemKey = string & { readonly __itemKey: true };

/** A key taken apart. `identifier` is any primary key of the standard that has no kind of its own here. */
export type ParsedItemKey =
  | { readonly kind: 'product'; readonly gtin: Gtin }
  | { readonly kind: 'variant'; readonly gtin: Gtin; readonly variant: string }
  | { readonly kind: 'lot'; readonly gtin: Gtin; readonly lot: Lot }
  | { readonly kind: 'variant-lot'; readonly gtin: Gtin; readonly variant: string; readonly lot: Lot }
  | { readonly kind: 'serial'; readonly gtin: Gtin; readonly serial: Serial }
  | { readonly kind: 'third-party-serial'; readonly gtin: Gtin; readonly extension: string }
  | { readonly kind: 'unit'; readonly sscc: Sscc }
  | { readonly kind: 'place'; readonly gln: Gln; readonly extension?: string }
  | { readonly kind: 'party'; readonly gln: Gln }
  | ({ readonly kind: 'identifier' } & Identification);

const SET_82_UP_TO_20 = /^[!"%&'()*+,\-./0-9:;<=>?A-Z_a-z]{1,20}$/;

/**
 * @param text a lot number as it is meant, e.g. `LO26-001`; leading zeros and case count
 * @throws Problem LOT_MALFORMED: empty, longer than 20, outside GS1 character set 82, or `.` or `..`, which no web
 *   address can carry (RFC 3986 6.2.2.3), so a printed code would lead elsewhere
 */
export function parseLot(text: string): Lot {
  require(isOpaqueId(text), 'LOT_MALFORMED', { lot: text.slice(0, 40) });
  return text as Lot;
}

/**
 * @param text a serial number as it is meant, e.g. `7QK2M9ZD4XWA`; leading zeros and case count
 * @throws Problem SERIAL_MALFORMED, for the reasons of {@link parseLot}
 */
export function parseSerial(text: string): Serial {
  require(isOpaqueId(text), 'SERIAL_MALFORMED', { serial: text.slice(0, 40) });
  return text as Serial;
}

function isOpaqueId(text: string): boolean {
  return SET_82_UP_TO_20.test(text) && text !== '.' && text !== '..';
}

/**
 * @param text 18 digits, e.g. `095200000000000011`
 * @throws Problem SSCC_MALFORMED (length or characters), SSCC_CHECK_DIGIT_WRONG
 */
export function parseSscc(text: string): Sscc {
  require(/^\d{18}$/.test(text), 'SSCC_MALFORMED', { sscc: text.slice(0, 40) });
  if (!hasCheckDigit(text)) {
    throw new Problem('SSCC_CHECK_DIGIT_WRONG', { sscc: text, expected: checkDigitOf(text.slice(0, -1)) });
  }
  return text as Sscc;
}

/**
 * @param text 13 digits, e.g. `9520000000103`
 * @throws Problem GLN_MALFORMED (length or characters), GLN_CHECK_DIGIT_WRONG
 */
export function parseGln(text: string): Gln {
  require(/^\d{13}$/.test(text), 'GLN_MALFORMED', { gln: text.slice(0, 40) });
  if (!hasCheckDigit(text)) {
    throw new Problem('GLN_CHECK_DIGIT_WRONG', { gln: text, expected: checkDigitOf(text.slice(0, -1)) });
  }
  return text as Gln;
}

/** `/01/09520000000011`: a trade item. */
export function productKey(gtin: Gtin): ItemKey {
  return `/01/${gtin}` as ItemKey;
}

/** `/01/09520000000011/10/LO26-001`: a batch of a trade item. */
export function lotKey(gtin: Gtin, lot: Lot): ItemKey {
  return `/01/${gtin}/10/${encodeSegment(lot)}` as ItemKey;
}

/** `/01/09520000000011/21/7QK2M9ZD4XWA`: one instance. Its lot is an attribute and never part of the key. */
export function serialKey(gtin: Gtin, serial: Serial): ItemKey {
  return `/01/${gtin}/21/${encodeSegment(serial)}` as ItemKey;
}

/** `/00/095200000000000011`: a logistic unit. */
export function ssccKey(sscc: Sscc): ItemKey {
  return `/00/${sscc}` as ItemKey;
}

/** `/414/9520000000103`, or `/414/9520000000103/254/B-12` for a place inside that location. */
export function placeKey(gln: Gln, extension?: string): ItemKey {
  return `/414/${gln}${extension === undefined ? '' : `/254/${encodeSegment(extension)}`}` as ItemKey;
}

/** `/417/9520000000103`: a party. */
export function partyKey(gln: Gln): ItemKey {
  return `/417/${gln}` as ItemKey;
}

/**
 * The key of what a link or an element string names. GTIN and serial identify an instance whatever lot or variant
 * stands beside them, so those two are left out there (GS1 General Specifications 3.5.1: the serial is unique
 * within the GTIN).
 *
 * @param link e.g. `{ primaryKey: {ai:'01',value:'09520000000011'}, qualifiers: [{ai:'10',value:'L1'},{ai:'21',value:'S1'}] }`
 * @returns e.g. `/01/09520000000011/21/S1`
 * @throws Problem the code of the value that is wrong (GTIN_…, LOT_…, SERIAL_…, SSCC_…, GLN_…), ITEM_KEY_MALFORMED
 */
export function itemKeyOf(link: Identification): ItemKey {
  return keyOfParsed(parsedOf(link));
}

/**
 * Takes a key apart, in its canonical spelling only: 14 digits, only RFC 3986's unreserved characters raw, hex in
 * capitals, no lot beside a serial.
 *
 * @param text e.g. `/01/09520000000011/10/A%2FB`
 * @returns e.g. `{ kind: 'lot', gtin: '09520000000011', lot: 'A/B' }`
 * @throws Problem ITEM_KEY_MALFORMED, ITEM_KEY_NOT_CANONICAL (field `canonical`), or the code of the value that is wrong
 */
export function parseItemKey(text: string): ParsedItemKey {
  const parsed = parsedOf(identificationOf(text));
  const canonical = keyOfParsed(parsed);
  require(canonical === text, 'ITEM_KEY_NOT_CANONICAL', { key: text.slice(0, 200), canonical });
  return parsed;
}

/**
 * The key and qualifiers in a path, taken apart and decoded but not checked.
 *
 * @throws Problem ITEM_KEY_MALFORMED
 */
function identificationOf(text: string): Identification {
  const [root, ...parts] = text.slice(0, 400).split('/');
  const pairs: AiValue[] = [];
  for (let at = 0; at < parts.length; at += 2) {
    pairs.push({ ai: parts[at] ?? '', value: decodeOnce(parts[at + 1] ?? '') ?? '' });
  }
  const [primaryKey, ...qualifiers] = pairs;
  if (root !== '' || primaryKey === undefined) throw malformed(text);
  return { primaryKey, qualifiers };
}

function malformed(text: string): Problem {
  return new Problem('ITEM_KEY_MALFORMED', { key: text.slice(0, 200) });
}

function parsedOf(link: Identification): ParsedItemKey {
  const { ai, value } = link.primaryKey;
  switch (ai) {
    case '01': return tradeItem(parseGtin(value), link.qualifiers);
    case '00': return { kind: 'unit', sscc: parseSscc(value) };
    case '417': return link.qualifiers.length === 0 ? { kind: 'party', gln: parseGln(value) } : identifier(link);
    case '414': return place(link);
    default: return identifier(link);
  }
}

function place(link: Identification): ParsedItemKey {
  const gln = parseGln(link.primaryKey.value);
  if (link.qualifiers.length === 0) return { kind: 'place', gln };
  const extension = valueOf(link.qualifiers, '254');
  return extension === undefined ? identifier(link) : { kind: 'place', gln, extension: checked('254', extension) };
}

/** Any key of the standard. A piece of a trade item (8006) with a serial needs no lot or variant, as a GTIN does not. */
function identifier(link: Identification): ParsedItemKey {
  const { primaryKey } = link;
  const serial = link.qualifiers.filter(({ ai }) => ai === '21');
  const qualifiers = serial.length === 0 ? link.qualifiers : serial;
  require(mayFollow(knownAi(primaryKey.ai), qualifiers.map(({ ai }) => ai)), 'ITEM_KEY_MALFORMED', { key: pathOf(link) });
  for (const { ai, value } of [primaryKey, ...qualifiers]) checked(ai, value);
  return { kind: 'identifier', primaryKey, qualifiers };
}

function checked(ai: string, value: string): string {
  checkDataField(knownAi(ai), value);
  require(value !== '.' && value !== '..', 'ITEM_KEY_MALFORMED', { key: `/${ai}/${value}` });
  return value;
}

function tradeItem(gtin: Gtin, qualifiers: readonly AiValue[]): ParsedItemKey {
  const serial = valueOf(qualifiers, '21');
  if (serial !== undefined) return { kind: 'serial', gtin, serial: parseSerial(serial) };
  const extension = valueOf(qualifiers, '235');
  if (extension !== undefined) return { kind: 'third-party-serial', gtin, extension: checked('235', extension) };
  return lotOrProduct(gtin, valueOf(qualifiers, '10'), valueOf(qualifiers, '22'));
}

function lotOrProduct(gtin: Gtin, lotText: string | undefined, variantText: string | undefined): ParsedItemKey {
  const lot = lotText === undefined ? undefined : parseLot(lotText);
  const variant = variantText === undefined ? undefined : checked('22', variantText);
  if (lot === undefined) return variant === undefined ? { kind: 'product', gtin } : { kind: 'variant', gtin, variant };
  return variant === undefined ? { kind: 'lot', gtin, lot } : { kind: 'variant-lot', gtin, variant, lot };
}

function keyOfParsed(item: ParsedItemKey): ItemKey {
  if ('gtin' in item) return tradeItemKey(item);
  switch (item.kind) {
    case 'unit': return ssccKey(item.sscc);
    case 'place': return placeKey(item.gln, item.extension);
    case 'party': return partyKey(item.gln);
    case 'identifier': return pathOf(item);
    default: return item satisfies never;
  }
}

function tradeItemKey(item: Extract<ParsedItemKey, { readonly gtin: Gtin }>): ItemKey {
  switch (item.kind) {
    case 'product': return productKey(item.gtin);
    case 'variant': return pathOf(tradeItemWith(item.gtin, ['22', item.variant]));
    case 'lot': return lotKey(item.gtin, item.lot);
    case 'variant-lot': return pathOf(tradeItemWith(item.gtin, ['22', item.variant], ['10', item.lot]));
    case 'serial': return serialKey(item.gtin, item.serial);
    case 'third-party-serial': return pathOf(tradeItemWith(item.gtin, ['235', item.extension]));
    default: return item satisfies never;
  }
}

function tradeItemWith(gtin: Gtin, ...qualifiers: readonly (readonly [string, string])[]): Identification {
  return { primaryKey: { ai: '01', value: gtin }, qualifiers: qualifiers.map(([ai, value]) => ({ ai, value })) };
}

function pathOf({ primaryKey, qualifiers }: Identification): ItemKey {
  return [primaryKey, ...qualifiers].map(({ ai, value }) => `/${ai}/${encodeSegment(value)}`).join('') as ItemKey;
}
