/** What a report is about: the code as it was scanned or typed, and what it names where it can be read. */
import { Problem } from '#domain/errors.js';
import { REPORT_LIMITS } from '#domain/goods/citizen-report.js';
import { spelledOut } from '#domain/text.js';
import { type ScannedItem, scannedItem } from '../core/goods/scanned-item.js';
import { addressOf } from './item-address.js';
import { readCode } from './scan-code.js';

export interface ReportedCode {
  /** Plain text; empty where there is no code. */
  readonly code: string;
  /** Of a code that could be read. */
  readonly read?: { readonly scanned: ScannedItem; readonly address: string };
}

/**
 * @param text e.g. `/01/09520000000011/21/7QK2M9ZD4XWA`, `https://evil.example/01/…`, `]d201…` with control characters
 * @returns the code in characters that can be seen, and its reading
 */
export function reportedCode(text: string): ReportedCode {
  const found = text.slice(0, REPORT_LIMITS.code);
  const plain = spelledOut(spelledOut(found).slice(0, REPORT_LIMITS.code));
  const read = readingOf(text);
  // What a scanner sends holds separators that no form brings back: the address says the same.
  return read === undefined ? { code: plain } : { code: plain === found.trim() ? plain : read.address, read };
}

function readingOf(text: string): ReportedCode['read'] {
  try {
    const { link } = readCode(text);
    const address = addressOf(link);
    return address.length > REPORT_LIMITS.code ? undefined : { scanned: scannedItem(link), address };
  } catch (error) {
    if (error instanceof Problem) return undefined;
    throw error;
  }
}

/** Characters that may stand in a query as they are (RFC 3986 3.4), which keeps addresses short and readable. */
const AS_THEY_ARE: Readonly<Record<string, string>> = { '%2F': '/', '%3F': '?', '%3D': '=', '%3A': ':' };

/**
 * Where a code is reported.
 *
 * @returns e.g. `/report?code=/01/09520000000011/21/S1&lang=vi`
 */
export function reportAddress(code: string, language: string): string {
  const value = encodeURIComponent(code.toWellFormed()).replaceAll(/%(?:2F|3F|3D|3A)/g, (one) => AS_THEY_ARE[one] ?? one);
  return `/report?code=${value}&lang=${language}`;
}
