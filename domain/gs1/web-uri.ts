/** The parts of a web address that Digital Link needs (RFC 3986), taken apart without decoding anything. */
import { Problem, require } from '../errors.js';

export interface WebUri {
  /** Host and port, in small letters: `id.example.org` or `id.example.org:8443`. */
  readonly domain: string;
  /** From the first slash on, as written. */
  readonly path: string;
  /** What follows the question mark, as written; empty when there is none. */
  readonly query: string;
}

/** Longer than any QR code can hold in capitals; keeps the work for one link small. */
export const LONGEST_LINK = 4_296;

/** Unreserved and reserved characters and the percent sign (RFC 3986 2); nothing else may stand in a URI. */
const URI_CHARACTERS = /^[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=%]*$/;
/** Scheme in all small letters or all capitals (the smaller QR code), as the standard's readers expect it. */
const SCHEME = /^(?:https?|HTTPS?):\/\//;
/** A DNS name or IPv4 address and a port. No user in front of an @, which only serves to mislead the eye. */
const DOMAIN = /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?(?::\d{1,5})?$/;

/**
 * @param uri e.g. `HTTPS://ID.EXAMPLE.ORG/01/09520000000011?17=271231#top`
 * @returns e.g. `{ domain: 'id.example.org', path: '/01/09520000000011', query: '17=271231' }`; a fragment is dropped
 * @throws Problem LINK_TOO_LONG, LINK_NOT_A_URI (characters), LINK_SCHEME_WRONG, LINK_DOMAIN_WRONG
 */
export function splitWebUri(uri: string): WebUri {
  requireUriCharacters(uri);
  const scheme = SCHEME.exec(uri)?.[0];
  if (scheme === undefined) throw new Problem('LINK_SCHEME_WRONG', { link: uri.slice(0, 40) });
  const slash = uri.indexOf('/', scheme.length);
  const domain = parseDomain(uri.slice(scheme.length, slash < 0 ? uri.length : slash));
  const hash = uri.indexOf('#');
  const end = hash < 0 ? uri.length : hash;
  const mark = uri.indexOf('?');
  const pathEnd = mark < 0 || mark > end ? end : mark;
  return { domain, path: slash < 0 ? '' : uri.slice(slash, pathEnd), query: uri.slice(pathEnd + 1, end) };
}

/**
 * @param text any part of a URI, e.g. `/01/09520000000011`
 * @throws Problem LINK_TOO_LONG, LINK_NOT_A_URI
 */
export function requireUriCharacters(text: string): void {
  if (text.length > LONGEST_LINK) throw new Problem('LINK_TOO_LONG', { length: String(text.length) });
  if (!URI_CHARACTERS.test(text)) throw new Problem('LINK_NOT_A_URI', { link: text.slice(0, 200) });
}

/**
 * @param text e.g. `ID.Example.org:8443`
 * @returns e.g. `id.example.org:8443`
 * @throws Problem LINK_DOMAIN_WRONG
 */
export function parseDomain(text: string): string {
  const domain = text.toLowerCase();
  require(DOMAIN.test(domain) && !domain.includes('..'), 'LINK_DOMAIN_WRONG', { domain: text.slice(0, 100) });
  return domain;
}
