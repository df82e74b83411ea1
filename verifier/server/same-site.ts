/** Posts from other sites are refused: nobody's visitors are to be made senders without knowing it. */
import type { IncomingHttpHeaders } from 'node:http';
import { type ProblemCode, require } from '#domain/errors.js';
import type { Site } from './site.js';

/**
 * Browsers say by themselves where a request comes from: in Sec-Fetch-Site (W3C Fetch Metadata), older ones and those
 * on an insecure origin in Origin (RFC 6454). What says neither is no browser, and nobody's visitor.
 *
 * @param code of the refusal
 * @throws Problem with it, REPORT_FROM_ELSEWHERE unless stated
 */
export function requireSameSite(headers: IncomingHttpHeaders, { origin }: Pick<Site, 'origin'>, code: ProblemCode = 'REPORT_FROM_ELSEWHERE'): void {
  const { 'sec-fetch-site': site, origin: from } = headers;
  if (site !== undefined) return require(site === 'same-origin' || site === 'none', code, { site: site.slice(0, 40) });
  return require(from === undefined || from === origin, code, { origin: (from ?? '').slice(0, 100) });
}
