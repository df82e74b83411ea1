/** The public records over HTTP, from a gateway in another process. */
import { Problem } from '#domain/errors.js';
import type { TrustRoots } from '#domain/goods/public-item.js';
import type { ItemKey } from '#domain/gs1/item-key.js';
import type { Shape } from '#domain/shape.js';
import { parseStrictJson } from '#domain/strict-json.js';
import { boundedFetch, type Fetched } from './bounded-fetch.js';
import { publicItem, trustRoots } from './public-item-shape.js';
import type { PublicRecords } from './public-records.js';

export interface HttpPublicRecordsOptions {
  /** e.g. `http://127.0.0.1:8081` */
  readonly gateway: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Milliseconds that one question may take; 3000 unless stated. */
  readonly timeout?: number;
}

/** Largest answers, in bytes. */
const LARGEST = { item: 2_000_000, receipt: 400_000, media: 2_500_000, trust: 1_000_000 } as const;
/** Every scan needs the roots, and they change only with the members of the network. */
const TRUST_LASTS_MS = 30_000;

/**
 * Asks a gateway's public routes. The same question asked again while it is under way is asked once.
 *
 * @returns a port whose methods reject with Problem LEDGER_UNREACHABLE where the gateway does not answer in time, is
 *   too long or refuses, and with the codes of `publicItem` and `parseStrictJson` where it answers nonsense
 */
export function httpPublicRecords({ gateway, now, timeout = 3_000 }: HttpPublicRecordsOptions): PublicRecords {
  const get = singleFlight((path: string, largest: number) => boundedFetch(new URL(path, gateway), largest, timeout));
  const json = async <T>(path: string, largest: number, shape: Shape<T>): Promise<T> => shape(parseStrictJson(textOf(await get(path, largest)), largest));
  const trust = remembered(() => json('/v1/public/trust', LARGEST.trust, trustRoots), now);
  return {
    item: (key) => json(`/v1/public/items?${about(key)}`, LARGEST.item, publicItem),
    receipt: async (key) => textOf(await get(`/v1/public/receipts?${about(key)}`, LARGEST.receipt)),
    media: (digest) => get(`/v1/public/media/${encodeURIComponent(digest)}`, LARGEST.media),
    trust,
  };
}

function about(key: ItemKey): string {
  return `key=${encodeURIComponent(key)}`;
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** An unknown item is an answer, so 404 for one is none. */
function textOf(fetched: Fetched | undefined): string {
  if (fetched === undefined) throw new Problem('LEDGER_UNREACHABLE', { reason: 'status 404' });
  try {
    return utf8.decode(fetched.bytes);
  } catch {
    throw new Problem('TEXT_NOT_PLAIN'); // TypeError is the decoder's only error
  }
}

type Get = (path: string, largest: number) => Promise<Fetched | undefined>;

function singleFlight(ask: Get): Get {
  const underWay = new Map<string, Promise<Fetched | undefined>>();
  return async (path, largest) => {
    const known = underWay.get(path);
    if (known !== undefined) return known;
    const asked = ask(path, largest);
    underWay.set(path, asked);
    try {
      return await asked;
    } finally {
      underWay.delete(path);
    }
  };
}

/** Keeps an answer for a while; a refusal is not kept. */
function remembered(ask: () => Promise<TrustRoots>, now: () => number): () => Promise<TrustRoots> {
  let kept: { readonly trust: TrustRoots; readonly until: number } | undefined;
  return async () => {
    if (kept !== undefined && now() < kept.until) return kept.trust;
    const trust = await ask();
    kept = { trust, until: now() + TRUST_LASTS_MS };
    return trust;
  };
}
