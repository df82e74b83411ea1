/** The gateway's HTTP API as a port: the issuer writes to the ledger, and learns who calls, through nothing else. */
import { Problem } from '#domain/errors.js';
import type { Json } from '#domain/canonical-json.js';

export interface GatewayAnswer {
  readonly status: number;
  /** Parsed JSON; `undefined` where there is none. */
  readonly body: unknown;
}

/**
 * Asks the gateway once.
 *
 * @param path with its query, e.g. `/v1/whoami`
 * @param key API key of whoever is meant, e.g. `mc_7QK2M9ZD4XWA_…`; `undefined` for public routes
 * @param idempotencyKey the same key with the same body again has no second effect
 * @throws Problem LEDGER_UNREACHABLE where no answer came: what was asked for may have happened or not
 */
export type GatewayApi = (method: 'GET' | 'POST', path: string, body: Json | undefined, key: string | undefined, idempotencyKey?: string) => Promise<GatewayAnswer>;

export interface HttpGatewayOptions {
  /** e.g. `http://127.0.0.1:8081` */
  readonly origin: string;
  /** milliseconds for one request and its answer */
  readonly patience: number;
}

/** Longest answer that is read: the trust registry of a whole country. */
const LARGEST = 64 * 1024 * 1024;

/** The port over HTTP; follows no redirect. */
export function httpGateway({ origin, patience }: HttpGatewayOptions): GatewayApi {
  return async (method, path, body, key, idempotencyKey) => {
    try {
      const response = await fetch(new URL(path, origin), {
        method, redirect: 'error', signal: AbortSignal.timeout(patience),
        headers: headersOf(body, key, idempotencyKey), ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return { status: response.status, body: jsonOf(await readWithin(response)) };
    } catch (error) {
      throw error instanceof Problem ? error : unreachable(error instanceof Error ? error.name : 'unknown');
    }
  };
}

function headersOf(body: Json | undefined, key: string | undefined, idempotencyKey: string | undefined): Record<string, string> {
  return {
    accept: 'application/json, application/problem+json',
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
    ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
  };
}

/** Reads piece by piece, so that an endless answer ends here. */
async function readWithin(response: Response): Promise<string> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of response.body ?? []) {
    length += piece.length;
    if (length > LARGEST) throw unreachable(`longer than ${LARGEST} bytes`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
}

function jsonOf(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw unreachable('the answer is not JSON'); // whoever answered, it was not the gateway
  }
}

function unreachable(reason: string): Problem {
  return new Problem('LEDGER_UNREACHABLE', { reason });
}
