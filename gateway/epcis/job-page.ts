/** Which page of the list of jobs is asked for. */
import { require } from '#domain/errors.js';
import type { PagePosition } from './page-token.js';

const USUAL_PAGE = 30;
const LARGEST_PAGE = 100;

/**
 * @param query e.g. `{ perPage: '10', nextPageToken: '…' }`
 * @throws Problem EPCIS_PARAMETER_UNKNOWN, EPCIS_PARAMETER_WRONG, EPCIS_PAGE_TOKEN_WRONG
 */
export function readJobPage(query: Readonly<Record<string, unknown>>, open: (token: string) => PagePosition): { readonly limit: number; readonly position: PagePosition } {
  const { perPage, nextPageToken, ...others } = query;
  const [unknown] = Object.keys(others);
  require(unknown === undefined, 'EPCIS_PARAMETER_UNKNOWN', { parameter: (unknown ?? '').slice(0, 100) });
  require(nextPageToken === undefined || typeof nextPageToken === 'string', 'EPCIS_PARAMETER_WRONG', { parameter: 'nextPageToken', expected: 'once' });
  const stated = perPage ?? String(USUAL_PAGE);
  require(typeof stated === 'string' && /^[1-9]\d{0,8}$/.test(stated), 'EPCIS_PARAMETER_WRONG', { parameter: 'perPage', expected: 'whole number from 1' });
  return { limit: Math.min(LARGEST_PAGE, Number(stated)), position: nextPageToken === undefined ? {} : open(nextPageToken) };
}
