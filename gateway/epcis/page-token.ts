/** Tokens that continue a query: bound to the query, to whoever asked and to an hour, and made by nobody else. */
import { Buffer } from 'node:buffer';
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { Problem, require } from '#domain/errors.js';
import type { Clock } from '../ledger/clock.js';

/** Where the next page begins. */
export interface PagePosition {
  /** the cursor of a list that is walked */
  readonly after?: string;
  /** the place of the last event shown, in a result that is sorted as a whole */
  readonly sortKey?: string;
  /** how many events `eventCountLimit` leaves */
  readonly left?: number;
}

const LIFETIME_MS = 3_600_000;
const SEAL_BYTES = 16;

export class PageTokens {
  readonly #secret: Uint8Array;
  readonly #clock: Pick<Clock, 'now'>;

  /** @param secret at least 16 random bytes; tokens of another secret, e.g. of an earlier run, are refused */
  constructor(secret: Uint8Array, clock: Pick<Clock, 'now'>) {
    this.#secret = secret;
    this.#clock = clock;
  }

  /**
   * @param query whatever the token is bound to, as one text
   * @returns the token and when it expires, milliseconds since 1970
   */
  issue(position: PagePosition, query: string): { readonly token: string; readonly expires: number } {
    const expires = this.#clock.now() + LIFETIME_MS;
    const content = Buffer.from(JSON.stringify({ position, query: digest(query), expires }));
    return { token: Buffer.concat([this.#seal(content), content]).toString('base64url'), expires };
  }

  /** @throws Problem EPCIS_PAGE_TOKEN_WRONG: of another query or secret, or expired */
  open(token: string, query: string): PagePosition {
    const bytes = Buffer.from(token, 'base64url');
    const content = bytes.subarray(SEAL_BYTES);
    const genuine = bytes.length > SEAL_BYTES && timingSafeEqual(bytes.subarray(0, SEAL_BYTES), this.#seal(content));
    require(genuine, 'EPCIS_PAGE_TOKEN_WRONG', { parameter: 'nextPageToken' });
    const stated = JSON.parse(content.toString()) as { position: PagePosition; query: string; expires: number };
    if (stated.query !== digest(query) || stated.expires < this.#clock.now()) throw new Problem('EPCIS_PAGE_TOKEN_WRONG', { parameter: 'nextPageToken' });
    return stated.position;
  }

  #seal(content: Buffer): Buffer {
    return createHmac('sha256', this.#secret).update(content).digest().subarray(0, SEAL_BYTES);
  }
}

function digest(query: string): string {
  return createHash('sha256').update(query).digest('base64url');
}
