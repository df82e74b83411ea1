/** Says no in time: a bound on what is worked on at once, and on how many requests each caller may make. */
import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from '#domain/errors.js';

export interface OverloadOptions {
  /** requests of one organisation a minute */
  readonly requestsPerMinute: number;
  /** requests without a key of one address a minute */
  readonly publicRequestsPerMinute: number;
  /** requests worked on at once */
  readonly mostInFlight: number;
}

/** How many callers are remembered; the one seen longest ago is forgotten first. */
const REMEMBERED_CALLERS = 10_000;

/** Puts both bounds in front of all routes that are added afterwards. */
export async function boundLoad(app: FastifyInstance, options: OverloadOptions): Promise<void> {
  boundInFlight(app, options.mostInFlight);
  await app.register(rateLimit, {
    global: true,
    hook: 'onRequest',
    timeWindow: 60_000,
    cache: REMEMBERED_CALLERS,
    keyGenerator: callerOf,
    max: (request) => (request.principal === undefined ? options.publicRequestsPerMinute : options.requestsPerMinute),
    errorResponseBuilder: (_request, { ttl }) => new Problem('RATE_LIMITED', { seconds: String(Math.ceil(ttl / 1000)) }),
  });
}

/** Counted for the organisation, which a caller cannot forge; an address counts only where there is no key. */
function callerOf(request: FastifyRequest): string {
  return request.principal === undefined ? `address ${request.ip}` : `organisation ${request.principal.organisation}`;
}

function boundInFlight(app: FastifyInstance, most: number): void {
  const working = new WeakSet<FastifyRequest>();
  let count = 0;
  app.addHook('onRequest', async (request, reply) => {
    if (isProbe(request)) return;
    if (count >= most) throw overloaded(reply);
    count++;
    working.add(request);
    reply.raw.once('close', () => {
      if (working.delete(request)) count--;
    });
  });
}

/** Whoever watches must be answered most of all when there is too much to do. */
function isProbe(request: FastifyRequest): boolean {
  return request.routeOptions.url === '/healthz' || request.routeOptions.url === '/readyz';
}

function overloaded(reply: FastifyReply): Problem {
  reply.header('Retry-After', '1');
  return new Problem('OVERLOADED');
}
