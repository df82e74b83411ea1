/** The public site: built here, listening elsewhere, so that tests meet the very same thing. */
import { fastify, type FastifyBaseLogger, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { CryptoPort } from '../core/crypto-port.js';
import type { CredentialChecks } from './credentials/credential-checks.js';
import { credentialRoutes } from './credentials/credential-routes.js';
import { errorAnswer } from './error-answer.js';
import { fixedRoutes } from './fixed-routes.js';
import { commonHeaders } from './headers.js';
import { Metrics } from './metrics.js';
import type { PageScript } from './page-script.js';
import { sendProblem } from './problem-answer.js';
import type { PublicRecords } from './public-records.js';
import { rawUrl } from './raw-url.js';
import { ReceiptVerdicts } from './receipt-verdicts.js';
import type { ReportInbox } from './report-inbox.js';
import { REPORT_METHODS, reportRoutes } from './report-routes.js';
import { type CountRequest, limitRequests, reportCounter, type RequestLimits, revealCounter } from './request-limits.js';
import { scanAsk } from './scan-ask.js';
import { answerLink, answerTyped, type ScanService } from './scan-routes.js';
import { type Operator, siteOf } from './site.js';

export interface VerifierDeps {
  readonly records: PublicRecords;
  /** Without it no page offers to report anything, and nothing is taken. */
  readonly inbox?: ReportInbox;
  /** Of `credentialChecks`; without them no credential is checked here. They are started and ended with the site. */
  readonly credentials?: CredentialChecks;
  /** `nodeCrypto()`, by which receipts are checked here. */
  readonly crypto: CryptoPort;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Scheme and host that readers see, e.g. `https://id.example.org`; https switches HSTS on. */
  readonly origin: string;
  readonly operator: Operator;
  /** Of `loadPageScript`; without it pages work, and browsers do not check for themselves. */
  readonly script?: PageScript;
  /** Without them nobody is refused: for measuring, and behind something that limits already. */
  readonly limits?: RequestLimits;
  /** Addresses or networks whose X-Forwarded-For is believed; none unless stated. */
  readonly trustedProxies?: readonly string[];
  readonly logger?: FastifyBaseLogger;
}

/** Longest address: one that a QR code can hold, and room for parameters. */
const LONGEST_HEAD = 16_384;

/**
 * Builds the site. It reads, and hands on what citizens report; no cookie, no redirect, no identity.
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
    trustProxy: deps.trustedProxies === undefined || deps.trustedProxies.length === 0 ? false : [...deps.trustedProxies],
    // A path whose percent signs are wrong never reaches a route; it is a malformed code like any other.
    frameworkErrors: (_, request, reply) => {
      reply.headers(headers);
      answerLink(service, request, reply).catch((error: unknown) => service.onFault(error));
    },
  });
  app.addHook('onRequest', async (_, reply) => void reply.headers(headers));
  app.addHook('onResponse', async (_, reply) => service.metrics.took(reply.elapsedTime / 1000));
  app.setErrorHandler(errorAnswer(service, false));
  if (deps.limits !== undefined) limitRequests(app, deps.limits);
  void app.after(() => addRoutes(app, service, deps));
  return app;
}

const METHODS = 'GET, HEAD, OPTIONS';
const COUNTS_NOTHING: CountRequest = async () => undefined;

function addRoutes(app: FastifyInstance, service: ScanService, { inbox, credentials, crypto, limits, script }: VerifierDeps): void {
  app.setNotFoundHandler(limits === undefined ? {} : { preHandler: app.rateLimit() }, async (request, reply) => refuseMethod(service, request, reply));
  fixedRoutes(app, service, script);
  app.get('/scan', async (request, reply) => answerTyped(service, request, reply));
  app.get('/*', async (request, reply) => answerLink(service, request, reply));
  app.options('/*', async (_, reply) => reply.code(204).header('allow', METHODS).send());
  // Apart, because only there a body is read.
  if (inbox !== undefined) {
    const countReport = limits === undefined ? COUNTS_NOTHING : reportCounter(app, limits);
    void app.register(async (reports) => reportRoutes(reports, { ...service, inbox, countReport }));
  }
  if (credentials === undefined) return;
  const countReveal = limits === undefined ? COUNTS_NOTHING : revealCounter(app, limits);
  service.metrics.alsoTell(() => credentials.worker.metrics());
  void app.register(async (apart) => credentialRoutes(apart, { ...service, ...credentials, crypto, countReveal }));
}

function serviceOf({ records, crypto, now, origin, operator, script, inbox, credentials, logger }: VerifierDeps): ScanService {
  const metrics = new Metrics();
  return {
    records, now, metrics,
    site: siteOf(origin, operator, script?.address, { reports: inbox !== undefined, credentials: credentials !== undefined }),
    verdicts: new ReceiptVerdicts(crypto),
    onFault: (error) => {
      metrics.fault();
      logger?.error({ err: error }, 'the register did not answer');
    },
  };
}

function refuseMethod({ site }: ScanService, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const url = rawUrl(request.raw.url ?? '/');
  const methods = url.path === '/report' && site.takesReports ? REPORT_METHODS : METHODS;
  return sendProblem(reply.header('allow', methods), 'METHOD_NOT_ALLOWED', 405, scanAsk(request, url, site));
}
