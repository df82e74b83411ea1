/** Says no in time: a bound on what is worked on at once, and on what each address may ask for and send. */
import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Problem, require } from '#domain/errors.js';

export interface RequestLimits {
  /** requests of one address a minute: generous, for many phones can stand behind one */
  readonly requestsPerMinute: number;
  /** reports of one address an hour */
  readonly reportsPerHour: number;
  /** names asked for by what stands on a paper, of one address an hour */
  readonly revealsPerHour: number;
  /** requests worked on at once */
  readonly mostInFlight: number;
}

/** How many addresses are remembered; the one seen longest ago is forgotten first. */
const REMEMBERED = 20_000;
const MINUTE_MS = 60_000;
const NO_HEADERS = { 'x-ratelimit-limit': false, 'x-ratelimit-remaining': false, 'x-ratelimit-reset': false } as const;

/**
 * Puts both bounds in front of all routes that are added once the plugin is there (`app.after`), but for those whose
 * config says `rateLimit: false`. An address is the socket's, or a trusted proxy's word for it; of IPv6 its first 64 bits.
 */
export function limitRequests(app: FastifyInstance, { requestsPerMinute, mostInFlight }: RequestLimits): void {
  boundInFlight(app, mostInFlight);
  void app.register(rateLimit, {
    global: true, hook: 'onRequest', cache: REMEMBERED, timeWindow: MINUTE_MS, max: requestsPerMinute,
    addHeaders: NO_HEADERS, addHeadersOnExceeding: NO_HEADERS,
    errorResponseBuilder: (_request, { ttl }) => new Problem('RATE_LIMITED', { seconds: String(Math.ceil(ttl / 1000)) }),
  });
}

/** Counts one request of an address. Throws Problem RATE_LIMITED. */
export type CountRequest = (request: FastifyRequest) => Promise<void>;

/** Counts reports apart from other requests. To be called when the plugin is there. */
export function reportCounter(app: FastifyInstance, { reportsPerHour }: RequestLimits): CountRequest {
  return hourly(app, reportsPerHour);
}

/** The same for attempts at a name. */
export function revealCounter(app: FastifyInstance, { revealsPerHour }: RequestLimits): CountRequest {
  return hourly(app, revealsPerHour);
}

function hourly(app: FastifyInstance, max: number): CountRequest {
  const count = app.createRateLimit({ max, timeWindow: 60 * MINUTE_MS });
  return async (request) => {
    const counted = await count(request);
    require(counted.isAllowed || !counted.isExceeded, 'RATE_LIMITED', { seconds: String('ttlInSeconds' in counted ? counted.ttlInSeconds : 0) });
  };
}

function boundInFlight(app: FastifyInstance, most: number): void {
  let working = 0;
  app.addHook('onRequest', async (request, reply) => {
    // Whoever watches must be answered most of all when there is too much to do.
    if (PROBES.has(request.routeOptions.url ?? '')) return;
    require(working < most, 'OVERLOADED', { seconds: '1' });
    working++;
    reply.raw.once('close', () => working--);
  });
}

const PROBES: ReadonlySet<string> = new Set(['/healthz', '/readyz', '/metrics']);
