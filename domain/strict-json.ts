/** JSON as everybody must read it: no duplicate key, bounded depth and length, well-formed text. */
import { Problem } from './errors.js';

const DEEPEST = 32;

/**
 * Reads JSON text, refusing what two parsers could read differently.
 *
 * @param text e.g. `{"gtin":"09520000000011"}`
 * @param longest in UTF-16 units
 * @throws Problem TEXT_TOO_LONG, TEXT_NOT_JSON, TEXT_NOT_PLAIN (lone surrogate), JSON_TOO_DEEP, JSON_DUPLICATE_KEY
 */
export function parseStrictJson(text: string, longest: number): unknown {
  if (text.length > longest) throw new Problem('TEXT_TOO_LONG', { longest: String(longest) });
  if (!text.isWellFormed()) throw new Problem('TEXT_NOT_PLAIN');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Problem('TEXT_NOT_JSON'); // the parser's own words name positions, not what to mend
  }
  refuseRepeatedKeys(text);
  return value;
}

/** Walks text already known to be JSON: only strings and brackets matter. */
function refuseRepeatedKeys(text: string): void {
  const open: (Set<string> | undefined)[] = [];
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 0x22) i = readString(text, i, open.at(-1));
    else if (c === 0x7b || c === 0x5b) enter(open, c === 0x7b);
    else if (c === 0x7d || c === 0x5d) open.pop();
  }
}

function enter(open: (Set<string> | undefined)[], isObject: boolean): void {
  if (open.length >= DEEPEST) throw new Problem('JSON_TOO_DEEP', { deepest: String(DEEPEST) });
  open.push(isObject ? new Set() : undefined);
}

/** Returns the index of the closing quote; a string followed by a colon is a key of the object that is open. */
function readString(text: string, start: number, keys: Set<string> | undefined): number {
  let end = start + 1;
  while (text.charCodeAt(end) !== 0x22) end += text.charCodeAt(end) === 0x5c ? 2 : 1;
  if (keys !== undefined && isFollowedByColon(text, end + 1)) addKey(keys, text.slice(start, end + 1));
  return end;
}

function isFollowedByColon(text: string, from: number): boolean {
  let i = from;
  while (i < text.length && text.charCodeAt(i) <= 0x20) i++;
  return text.charCodeAt(i) === 0x3a;
}

function addKey(keys: Set<string>, quoted: string): void {
  const key = JSON.parse(quoted) as string; // `"a"` and `"\u0061"` are one key
  if (keys.has(key)) throw new Problem('JSON_DUPLICATE_KEY', { field: key.slice(0, 60) });
  keys.add(key);
}
