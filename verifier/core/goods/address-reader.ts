import type { AiValue } from '#domain/gs1/identification.js';
import { decodeOnce } from '#domain/gs1/percent-encoding.js';
import { type ScannedItem, scannedItem } from './scanned-item.js';

/**
 * Reads what an address names, without judging whether it is a right GS1 link: the server has refused the wrong ones
 * by GS1's whole table, and a page need not load that table to see which item it stands at. For every link that the
 * strict reader accepts, both read the same.
 *
 * @param path as the browser shows it, e.g. `/01/09520000000011/10/A%2FB`
 * @param query with or without the question mark, e.g. `?17=271231&lang=en`
 * @returns e.g. level `lot`, key `/01/09520000000011/10/A%2FB`; `undefined` for a path that is not made of pairs of
 *   an AI and a value, such as `/scan` or an EPC in binary
 */
export function readAddress(path: string, query: string): ScannedItem | undefined {
  const [primaryKey, ...qualifiers] = pairsOf(path) ?? [];
  const attributes = attributesOf(query.replace(/^\?/, ''));
  return primaryKey === undefined || attributes === undefined ? undefined : scannedItem({ primaryKey, qualifiers, attributes });
}

function pairsOf(path: string): AiValue[] | undefined {
  const [root, ...segments] = path.replace(/\/$/, '').split('/');
  if (root !== '' || segments.length % 2 !== 0) return undefined;
  const pairs: AiValue[] = [];
  for (let at = 0; at < segments.length; at += 2) {
    const pair = pairOf(segments[at] ?? '', segments[at + 1] ?? '');
    if (pair === undefined) return undefined;
    pairs.push(pair);
  }
  return pairs;
}

function attributesOf(query: string): AiValue[] | undefined {
  const attributes: AiValue[] = [];
  for (const parameter of query.split('&')) {
    const [, ai, text = ''] = /^(\d+)=(.*)$/.exec(parameter) ?? [];
    if (ai === undefined) continue;
    const pair = pairOf(ai, text.replaceAll('+', ' '));
    if (pair === undefined) return undefined;
    attributes.push(pair);
  }
  return attributes;
}

function pairOf(ai: string, text: string): AiValue | undefined {
  const value = decodeOnce(text);
  return /^\d{2,4}$/.test(ai) && value !== undefined ? { ai, value } : undefined;
}
