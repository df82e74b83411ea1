/**
 * GS1 element strings: what a barcode holds, as a scanner sends it and as it is printed beneath (GS1 General
 * Specifications 7.8 and 4.15).
 */
import { Problem, require } from '../errors.js';
import { applicationIdentifierAt } from './application-identifiers.js';
import type { ApplicationIdentifier } from './ai-table/ai-entry.js';
import { checkAssociations, checkContradictions } from './associations.js';
import { checkDataField, knownAi } from './data-field.js';
import { parseGtin } from './gtin.js';
import type { AiValue } from './identification.js';

/** FNC1 as scanners send it: the control character "group separator". */
const FNC1 = '\u001d';
/** More than the largest symbol holds. */
const LONGEST = 4_096;

/** Symbology identifiers (ISO/IEC 15424) of GS1-128, GS1 DataBar, GS1 DataMatrix, GS1 QR Code and GS1 DotCode. */
const ELEMENT_STRING_SYMBOL = /^\](?:C1|e0|d2|Q3|J1)/;
/** Symbols that hold a GTIN and nothing else: EAN-13 and UPC, EAN-8, ITF-14. */
const GTIN_SYMBOL = /^\](?:E0|E4|I1)(\d{8}|\d{12,14})$/;
/** An AI in brackets; in a value, an opening bracket has a backslash in front, which set 82 does not hold. */
const BRACKETED = /\((\d{2,4})\)((?:[^(\\]|\\\()*)/gy;

export interface ElementStringOptions {
  /**
   * The text is one of several barcodes on a thing, so that what an AI requires may stand in another one. The caller
   * joins them and then asks `checkAssociations`.
   */
  readonly partial?: boolean;
}

/**
 * Reads an element string in either form.
 *
 * @param text as scanned, e.g. `]d20109520000000011` or `0109520000000011` + `10LO26-001` (FNC1 is U+001D); or in
 *   brackets, e.g. `(01)09520000000011(10)LO26-001`, an opening bracket in a value written `\(`. A plain EAN or UPC
 *   with its symbology identifier (`]E09520000000011`) is the one AI 01.
 * @returns the AIs in their order, values right by GS1's rules; an AI said twice with the same value stands once
 * @throws Problem ELEMENT_STRING_TOO_LONG, ELEMENT_STRING_MALFORMED (field `at`), AI_REPEATED, AI_UNKNOWN, the AI_…
 *   codes of `data-field.ts`, `linters.ts` and `associations.ts`, GTIN_… for a plain EAN
 */
export function parseElementString(text: string, options: ElementStringOptions = {}): AiValue[] {
  require(text.length <= LONGEST, 'ELEMENT_STRING_TOO_LONG', { length: String(text.length) });
  const elements = onlyOnce(text.startsWith('(') ? readBracketed(text) : readScanned(text));
  for (const { ai, value } of elements) checkDataField(knownAi(ai), value);
  if (options.partial === true) checkContradictions(elements);
  else checkAssociations(elements);
  return elements;
}

/** The same AI twice with two values is two things, or a reading error. */
function onlyOnce(elements: readonly AiValue[]): AiValue[] {
  const values = new Map<string, string>();
  for (const { ai, value } of elements) {
    const before = values.get(ai);
    require(before === undefined || before === value, 'AI_REPEATED', { ai });
    values.set(ai, value);
  }
  return [...values].map(([ai, value]) => ({ ai, value }));
}

function readBracketed(text: string): AiValue[] {
  const elements: AiValue[] = [];
  let at = 0;
  for (const match of text.matchAll(BRACKETED)) {
    const [whole, ai = '', value = ''] = match;
    elements.push({ ai, value: value.replaceAll('\\(', '(') });
    at += whole.length;
  }
  if (at < text.length) throw malformed(at);
  return elements;
}

function readScanned(text: string): AiValue[] {
  const gtin = GTIN_SYMBOL.exec(text)?.[1];
  if (gtin !== undefined) return [{ ai: '01', value: parseGtin(gtin) }];
  const data = text.replace(ELEMENT_STRING_SYMBOL, '');
  const elements: AiValue[] = [];
  let at = data.startsWith(FNC1) ? 1 : 0;
  if (at === data.length) throw malformed(0);
  while (at < data.length) {
    const { element, end } = scannedElement(data, at);
    elements.push(element);
    at = data.startsWith(FNC1, end) ? end + 1 : end; // tolerated behind every field, as the standard asks of readers
  }
  return elements;
}

function scannedElement(data: string, at: number): { element: AiValue; end: number } {
  const entry = applicationIdentifierAt(data, at);
  if (entry === undefined) throw new Problem('AI_UNKNOWN', { ai: data.slice(at, at + 4), at: String(at) });
  const start = at + entry.ai.length;
  const end = endOfField(data, start, entry);
  return { element: { ai: entry.ai, value: data.slice(start, end) }, end };
}

function endOfField(data: string, start: number, entry: ApplicationIdentifier): number {
  const separator = data.indexOf(FNC1, start);
  const limit = separator < 0 ? data.length : separator;
  return entry.predefinedLength ? Math.min(start + entry.maxLength, limit) : limit;
}

function malformed(at: number): Problem {
  return new Problem('ELEMENT_STRING_MALFORMED', { at: String(at) });
}

/**
 * The form under a barcode. An opening bracket in a value gets a backslash, so that reading it back is certain.
 *
 * @param elements e.g. 01, 10
 * @returns e.g. `(01)09520000000011(10)LO26-001`
 */
export function formatBracketed(elements: readonly AiValue[]): string {
  return elements.map(({ ai, value }) => `(${ai})${value.replaceAll('(', '\\(')}`).join('');
}

/**
 * The form in a symbol: fields of predefined length first, then the others with FNC1 (U+001D) between them, which is
 * the shortest. The leading FNC1, which tells GS1 from other data, belongs to the symbol and is not written here.
 *
 * @param elements e.g. 01, 10, 17
 * @returns e.g. `010952000000001117271231` + `10LO26-001`
 * @throws Problem AI_UNKNOWN
 */
export function formatScanned(elements: readonly AiValue[]): string {
  const predefined = elements.filter(({ ai }) => knownAi(ai).predefinedLength);
  const others = elements.filter(({ ai }) => !knownAi(ai).predefinedLength);
  return joined(predefined, '') + joined(others, FNC1);
}

function joined(elements: readonly AiValue[], separator: string): string {
  return elements.map(({ ai, value }) => ai + value).join(separator);
}
