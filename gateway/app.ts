/** The gateway as an application: everything that changes its behaviour is here, listening is not. */
import Fastify, { type FastifyInstance } from 'fastify';
import { Problem } from '#domain/errors.js';
import { guardRoutes, type RouteAccess } from './access.js';
import { answerBrokenRequest } from './broken-request.js';
import { addBulkInterfaces } from './bulk-interfaces.js';
import { Metrics } from './metrics.js';
import { collectOpenApi, openApiRoutes } from './openapi.js';
import { boundLoad } from './overload.js';
import { answerError, sendProblem } from './problem.js';
import { publicRecords } from './public/public-records.js';
import { publicRoutes } from './public/public-routes.js';
import { reportFilingRoute } from './public/report-filing-route.js';
import { publicTrustRoutes } from './public/trust-routes.js';
import { apiKeyRoutes } from './routes/api-keys.js';
import { chemicalRoutes } from './routes/chemicals.js';
import { citizenReportRoutes } from './routes/citizen-reports.js';
import { commissionRoutes } from './routes/commission.js';
import { endingRoutes } from './routes/endings.js';
import { healthRoutes } from './routes/health.js';
import { itemRoutes } from './routes/items.js';
import { labelRoutes } from './routes/labels.js';
import { licenceRoutes } from './routes/licences.js';
import { mediaRoutes } from './routes/media.js';
import { offlineTransactionRoutes } from './routes/offline-transactions.js';
import { organisationRoutes } from './routes/organisations.js';
import { ownKeyRoutes } from './routes/own-keys.js';
import { packingRoutes } from './routes/packing.js';
import { productRoutes } from './routes/products.js';
import { recallRoutes } from './routes/recalls.js';
import { serialOrderRoutes } from './routes/serial-orders.js';
import { shipmentRoutes } from './routes/shipments.js';
import { transactionRoutes } from './routes/transactions.js';
import { trustRoutes } from './routes/trust.js';
import { whoamiRoute } from './routes/whoami.js';
import { setSecurityHeaders } from './security-headers.js';
import type { Services } from './services.js';
import { LONGEST_JSON, readStrictBodies } from './strict-body.js';

declare module 'fastify' {
  interface FastifyInstance {
    /** Every route with who may call it. */
    readonly routeAccess: readonly RouteAccess[];
  }
}

/** Twice the longest value of a path, percent-encoded: 20 characters, three bytes of text for each. */
const LONGEST_PARAMETER = 128;
const SECOND_MS = 1000;

const SERVER = {
  bodyLimit: LONGEST_JSON,
  /** a connection on which nothing moves; a large order of serials is commissioned in one request */
  connectionTimeout: 120 * SECOND_MS,
  /** a client that sends a request slowly */
  requestTimeout: 30 * SECOND_MS,
  keepAliveTimeout: 65 * SECOND_MS,
  return503OnClosing: true,
  forceCloseConnections: 'idle' as const,
  routerOptions: { maxParamLength: LONGEST_PARAMETER },
  http: { maxHeaderSize: 16_384, headersTimeout: 20 * SECOND_MS },
  ajv: { customOptions: { coerceTypes: false as const, removeAdditional: false as const, useDefaults: false, allErrors: false } },
};

/**
 * Builds the gateway; `listen` or `inject` is the caller's.
 *
 * @param services opened by `start.ts`
 * @throws Error where a route states no access: the program must not start then
 */
export async function buildGateway(services: Services): Promise<FastifyInstance> {
  const { settings } = services;
  const app = Fastify({
    ...SERVER,
    trustProxy: settings.trustedProxies.length === 0 ? false : [...settings.trustedProxies],
    logger: settings.logLevel === 'silent' ? false : { level: settings.logLevel },
    frameworkErrors: (error, request, reply) => void answerError(error, request, reply),
    clientErrorHandler: answerBrokenRequest,
  });
  app.server.maxConnections = settings.mostConnections;
  app.setErrorHandler(answerError);
  setSecurityHeaders(app);
  app.decorate('routeAccess', guardRoutes(app, { authenticate: (header) => services.keys.authenticate(header) }));
  await boundLoad(app, settings);
  app.setNotFoundHandler({ preHandler: app.rateLimit() }, (request, reply) => sendProblem(new Problem('ROUTE_UNKNOWN'), request, reply));
  readStrictBodies(app);
  await addRoutes(app, services);
  await app.ready();
  return app;
}

async function addRoutes(app: FastifyInstance, services: Services): Promise<void> {
  const metrics = new Metrics();
  metrics.watch(app);
  tellFreshness(app, services);
  await collectOpenApi(app);
  for (const add of [
    productRoutes, serialOrderRoutes, commissionRoutes, labelRoutes, packingRoutes, shipmentRoutes, endingRoutes, recallRoutes,
    itemRoutes, chemicalRoutes, licenceRoutes, organisationRoutes, whoamiRoute, apiKeyRoutes, mediaRoutes, transactionRoutes, ownKeyRoutes, offlineTransactionRoutes, citizenReportRoutes, trustRoutes,
  ]) add(app, services);
  await addBulkInterfaces(app, services);
  const records = publicRecords(services);
  publicRoutes(app, records);
  publicTrustRoutes(app, records, services.registry);
  reportFilingRoute(app, services);
  healthRoutes(app, services, metrics);
  await openApiRoutes(app);
}

/** How fresh an answer is stands above every one, also where its body is one record (D7); taken before it is read. */
function tellFreshness(app: FastifyInstance, { records }: Services): void {
  app.addHook('preHandler', async (request, reply) => {
    if (request.method !== 'GET' || !request.url.startsWith('/v1/')) return;
    const { height, knownAt } = records.asOf();
    reply.header('Ledger-Height', height).header('Ledger-Known-At', knownAt);
  });
}
