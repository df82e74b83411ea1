/** The public site: built here, listening elsewhere, so that tests meet the very same thing. */
import { fastify, type FastifyBaseLogger, type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { Problem } from '#domain/errors.js';
import type { CryptoPort } from '../core/crypto-port.js';
import { fixedRoutes } from './fixed-routes.js';
import { CACHE, commonHeaders } from './headers.js';
import { Metrics } from './metrics.js';
import type { PageScript } from './page-script.js';
import { sendFault, sendProblem } from './problem-answer.js';
import type { PublicRecords } from './public-records.js';
import { rawUrl } from './raw-url.js';
import { ReceiptVerdicts } from './receipt-verdicts.js';
import { scanAsk } from './scan-ask.js';
import { answerLink, answerTyped, type ScanService } from './scan-routes.js';
import { type Operator, siteOf } from './site.js';

export interface VerifierDeps {
  readonly records: PublicRecords;
  /** `nodeCrypto()`, by which receipts are checked here. */
  readonly crypto: CryptoPort;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Scheme and host that readers see, e.g. `https://id.example.org`; https switches HSTS on. */
  readonly origin: string;
  readonly operator: Operator;
  /** Of `loadPageScript`; without it pages work, and browsers do not check for themselves. */
  readonly script?: PageScript;
  readonly logger?: FastifyBaseLogger;
}

/** Longest address: one that a QR code can hold, and room for parameters. */
const LONGEST_HEAD = 16_384;

/**
 * Builds the site. Only reads: GET, HEAD and OPTIONS, no cookie, no redirect, no identity.
 *
 * @returns a Fastify instance to `listen` with, or to `inject` into
 */
export function buildVerifier(deps: VerifierDeps): FastifyInstance {
  const service = serviceOf(deps);
  const headers = commonHeaders(service.site);
  const app = fastify({
    ...(deps.logger === undefined ? { logger: false } : { loggerInstance: deps.logger }),
    http: { maxHeaderSize: LONGEST_HEAD },
    requestTimeout: 10_000,
    bodyLimit: 1024,
    // A path whose percent signs are wrong never reaches a route; it is a malformed code like any other.
    frameworkErrors: (_, request, reply) => {
      reply.headers(headers);
      answerLink(service, request, reply).catch((error: unknown) => service.onFault(error));
    },
  });
  app.addHook('onRequest', async (_, reply) => void reply.headers(headers));
  app.addHook('onResponse', async (_, reply) => service.metrics.took(reply.elapsedTime / 1000));
  app.setErrorHandler(async (error: FastifyError, request, reply) => failed(service, error, request, reply));
  app.setNotFoundHandler(async (request, reply) => refuseMethod(service, request, reply));
  fixedRoutes(app, service, deps.script);
  app.get('/scan', async (request, reply) => answerTyped(service, request, reply));
  app.get('/*', async (request, reply) => answerLink(service, request, reply));
  app.options('/*', async (_, reply) => reply.code(204).header('allow', METHODS).send());
  return app;
}

const METHODS = 'GET, HEAD, OPTIONS';

function serviceOf({ records, crypto, now, origin, operator, script, logger }: VerifierDeps): ScanService {
  const metrics = new Metrics();
  return {
    records, now, metrics,
    site: siteOf(origin, operator, script?.address),
    verdicts: new ReceiptVerdicts(crypto),
    onFault: (error) => {
      metrics.fault();
      logger?.error({ err: error }, 'the register did not answer');
    },
  };
}

function refuseMethod({ site }: ScanService, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const frame = scanAsk(request, rawUrl(request.raw.url ?? '/'), site);
  return sendProblem(reply.header('allow', METHODS), 'METHOD_NOT_ALLOWED', 405, frame);
}

/** What the register refuses or cannot do now has its own status; anything else is a fault of ours, told without detail. */
function failed(service: ScanService, error: FastifyError | Problem, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const frame = scanAsk(request, rawUrl(request.raw.url ?? '/'), service.site);
  reply.header('cache-control', CACHE.never);
  if (error instanceof Problem && error.kind === 'unavailable') return sendProblem(reply, error, 503, frame);
  service.onFault(error);
  return sendFault(reply, frame);
}
