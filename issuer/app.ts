/** The issuer as an application: everything that changes its behaviour is here, listening is not. */
import rateLimit from '@fastify/rate-limit';
import Fastify, { type FastifyInstance } from 'fastify';
import { Problem } from '#domain/errors.js';
import { collectOpenApi, openApiRoute } from './http/described.js';
import { guardRoutes, type IssuerRouteAccess } from './http/guard.js';
import { answerError, sendProblem } from './http/problem-answer.js';
import { readStrictJson } from './http/strict-json.js';
import { credentialRoutes } from './routes/credentials.js';
import { didRoutes } from './routes/dids.js';
import { healthRoutes } from './routes/health.js';
import { publicRoutes } from './routes/public.js';
import type { IssuerServices } from './services.js';

declare module 'fastify' {
  interface FastifyInstance {
    /** Every route of the issuer with who may call it. */
    readonly issuerRoutes: readonly IssuerRouteAccess[];
  }
}

/** Longest JSON body: a licence of fifty lines in Vietnamese is a tenth of it. */
const LONGEST_JSON = 262_144;
/** A DID in a path, percent-encoded. */
const LONGEST_PARAMETER = 900;
const SECOND_MS = 1000;
const REMEMBERED_ADDRESSES = 10_000;

const SERVER = {
  bodyLimit: LONGEST_JSON,
  connectionTimeout: 120 * SECOND_MS,
  requestTimeout: 30 * SECOND_MS,
  keepAliveTimeout: 65 * SECOND_MS,
  return503OnClosing: true,
  forceCloseConnections: 'idle' as const,
  routerOptions: { maxParamLength: LONGEST_PARAMETER },
  http: { maxHeaderSize: 16_384, headersTimeout: 20 * SECOND_MS },
  ajv: { customOptions: { coerceTypes: false as const, removeAdditional: false as const, useDefaults: false, allErrors: false } },
};

const HEADERS = {
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'Strict-Transport-Security': 'max-age=31536000; includeSubDomains',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
} as const;

/** More routes for the same application, e.g. those of bulk jobs. */
export type AddRoutes = (app: FastifyInstance) => void | Promise<void>;

/**
 * Builds the issuer; `listen` or `inject` is the caller's.
 *
 * @param services opened by `start.ts`
 * @throws Error where a route states no access: the program must not start then
 */
export async function buildIssuer(services: IssuerServices, more: readonly AddRoutes[] = []): Promise<FastifyInstance> {
  const { settings } = services;
  const app = Fastify({
    ...SERVER,
    trustProxy: settings.trustedProxies.length === 0 ? false : [...settings.trustedProxies],
    logger: settings.logLevel === 'silent' ? false : { level: settings.logLevel },
    frameworkErrors: (error, request, reply) => void answerError(error, request, reply),
  });
  app.setErrorHandler(answerError);
  setHeaders(app);
  await app.register(rateLimit, {
    global: true, hook: 'onRequest', timeWindow: 60_000, cache: REMEMBERED_ADDRESSES, max: settings.requestsPerMinute,
    errorResponseBuilder: (_request, { ttl }) => new Problem('RATE_LIMITED', { seconds: String(Math.ceil(ttl / 1000)) }),
  });
  app.decorate('issuerRoutes', guardRoutes(app, services.callers));
  app.setNotFoundHandler({ preHandler: app.rateLimit() }, (request, reply) => sendProblem(new Problem('ROUTE_UNKNOWN'), request, reply));
  readStrictJson(app, LONGEST_JSON);
  await collectOpenApi(app);
  for (const add of [credentialRoutes, didRoutes, publicRoutes, healthRoutes]) add(app, services);
  for (const add of more) await add(app);
  openApiRoute(app);
  await app.ready();
  return app;
}

function setHeaders(app: FastifyInstance): void {
  app.addHook('onSend', async (_request, reply) => {
    for (const [name, value] of Object.entries(HEADERS)) if (!reply.hasHeader(name)) reply.header(name, value);
    if (!reply.hasHeader('Cache-Control')) reply.header('Cache-Control', 'no-store');
  });
}
