/** Lists in pages: a page ends with a cursor that continues right after its last row, whatever happened in between. */
import { Buffer } from 'node:buffer';
import { Problem } from '#domain/errors.js';
import type { RowStore } from './row-store.js';

export interface PageRequest {
  /** 1 to 1000 */
  readonly limit: number;
  /** the `next` of the page before */
  readonly after?: string;
  /** from the end of the list */
  readonly reverse?: boolean;
}

export interface Page<T> {
  readonly rows: readonly T[];
  /** absent on the last page */
  readonly next?: string;
}

const MOST_ROWS = 1000;

/**
 * @param prefix what the row keys start with
 * @param base the part of it that every cursor leaves out, e.g. `s`
 * @throws Problem FIELD_WRONG_VALUE for a limit out of bounds, or a cursor of another list
 */
export async function readPage(store: RowStore, prefix: string, base: string, request: PageRequest): Promise<Page<[string, Buffer]>> {
  const { limit, after, reverse = false } = request;
  if (!Number.isInteger(limit) || limit < 1 || limit > MOST_ROWS) throw new Problem('FIELD_WRONG_VALUE', { field: 'limit' });
  const start = after === undefined ? undefined : base + readCursor(after);
  if (start !== undefined && !start.startsWith(prefix)) throw new Problem('FIELD_WRONG_VALUE', { field: 'after' });
  const rows: [string, Buffer][] = [];
  for await (const entry of store.rows(rangeOf(prefix, start, reverse))) {
    if (rows.length === limit) return { rows, next: cursor(rows, base) };
    rows.push(entry);
  }
  return { rows };
}

function rangeOf(prefix: string, start: string | undefined, reverse: boolean): { gte?: string; gt?: string; lt: string; reverse: boolean } {
  const end = afterPrefix(prefix);
  if (start === undefined) return { gte: prefix, lt: end, reverse };
  return reverse ? { gte: prefix, lt: start, reverse } : { gt: start, lt: end, reverse };
}

/**
 * The first text after all texts with this prefix, in the order of UTF-8 bytes, which is that of code points: the last
 * code point that can be raised is, and what follows it is dropped.
 */
export function afterPrefix(prefix: string): string {
  const points = Array.from(prefix);
  for (let at = points.length - 1; at >= 0; at--) {
    const point = points[at]?.codePointAt(0) ?? 0;
    // The surrogates are no characters: U+D7FF is followed by U+E000.
    if (point < 0x10ffff) return points.slice(0, at).join('') + String.fromCodePoint(point === 0xd7ff ? 0xe000 : point + 1);
  }
  throw new RangeError('no text comes after this prefix');
}

function cursor(rows: readonly [string, Buffer][], base: string): string {
  const [key] = rows.at(-1) ?? [''];
  return Buffer.from(key.slice(base.length)).toString('base64url');
}

function readCursor(text: string): string {
  const key = Buffer.from(text, 'base64url').toString();
  if (Buffer.from(key).toString('base64url') !== text) throw new Problem('FIELD_WRONG_VALUE', { field: 'after' });
  return key;
}
