/** Whatever a person types or a scanner sends, as a link. */
import { Problem, require } from '#domain/errors.js';
import { parseDigitalLink, parseDigitalLinkPath } from '#domain/gs1/digital-link.js';
import { parseElementString } from '#domain/gs1/element-string.js';
import { parseGtin } from '#domain/gs1/gtin.js';
import { identify } from '#domain/gs1/identification.js';
import { parseSscc } from '#domain/gs1/item-key.js';
import type { LinkContent } from '../core/goods/scanned-item.js';
import { rawUrl } from './raw-url.js';

export interface ScannedCode {
  readonly link: LinkContent;
  /** Host and port of a whole link, e.g. `id.example.org`: a label may lead somewhere else than here. */
  readonly domain?: string;
}

const LONGEST = 4_096;
const WITH_SCHEME = /^https?:\/\//i;
const WITHOUT_SCHEME = /^[a-z0-9][a-z0-9.-]*\.[a-z]{2,}(?::\d+)?\//i;
const GTIN = /^(?:\d{8}|\d{12,14})$/;
const SSCC = /^\d{18}$/;
const LENIENT = { shortGtins: true } as const;

/**
 * Reads a link (with or without https), a path, an element string as scanned or in brackets, or the plain digits of
 * a GTIN or SSCC. Blanks are left out: no GS1 value holds one, and people type them for readability.
 *
 * @param text e.g. `(01) 09520000000011 (10) LO26-001`, `9520000000011`
 * @throws Problem SCAN_EMPTY, LINK_TOO_LONG, and the codes of the parsers
 */
export function readCode(text: string): ScannedCode {
  require(text.length <= LONGEST, 'LINK_TOO_LONG', { length: String(text.length) });
  const code = text.replaceAll(/\s/g, '');
  require(code !== '', 'SCAN_EMPTY', { field: 'code' });
  if (WITH_SCHEME.test(code)) return wholeLink(code);
  if (WITHOUT_SCHEME.test(code)) return wholeLink(`https://${code}`);
  return { link: code.startsWith('/') ? pathLink(code) : elements(code) };
}

function wholeLink(uri: string): ScannedCode {
  const scheme = uri.slice(0, uri.indexOf(':')).toLowerCase();
  const link = parseDigitalLink(scheme + uri.slice(scheme.length), LENIENT);
  return { link, domain: link.domain };
}

function pathLink(code: string): LinkContent {
  const { path, query } = rawUrl(code);
  return parseDigitalLinkPath(path, query, LENIENT);
}

function elements(code: string): LinkContent {
  if (GTIN.test(code)) return only('01', parseGtin(code));
  if (SSCC.test(code)) return only('00', parseSscc(code));
  if (/^\d+$/.test(code) && code.length < 16) throw new Problem('GTIN_MALFORMED', { gtin: code });
  return identify(parseElementString(code));
}

function only(ai: string, value: string): LinkContent {
  return { primaryKey: { ai, value }, qualifiers: [], attributes: [] };
}
