/** Everything of which the address does not depend on goods: home, pictures, script, descriptions, health. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { sendCompressible, variesByEncoding } from './compression.js';
import { CACHE, varies } from './headers.js';
import { acceptsGzip } from './negotiation.js';
import { homePage } from './pages.js';
import type { PageScript } from './page-script.js';
import { MARK_FILE } from './parts/icons.js';
import { sendProblem } from './problem-answer.js';
import { rawUrl } from './raw-url.js';
import { CONTEXT_PATH, LINKSET_CONTEXT, resolverDescription } from './resolver-description.js';
import { scanAsk } from './scan-ask.js';
import type { ScanService } from './scan-routes.js';

export function fixedRoutes(app: FastifyInstance, service: ScanService, script: PageScript | undefined): void {
  app.get('/', async (request, reply) => home(service, request, reply));
  app.get<{ Params: { digest: string } }>('/media/:digest', async (request, reply) => media(service, request, reply));
  app.get<{ Querystring: { h?: string } }>('/page.js', async (request, reply) => sendScript(service, script, request, reply));
  app.get('/icon.svg', async (_, reply) => text(reply, 'image/svg+xml', MARK_FILE, CACHE.page));
  app.get('/robots.txt', async (_, reply) => text(reply, 'text/plain; charset=utf-8', ROBOTS, CACHE.page));
  app.get('/.well-known/gs1resolver', async (_, reply) => text(reply, 'application/json; charset=utf-8', JSON.stringify(resolverDescription(service.site)), CACHE.page));
  app.get(CONTEXT_PATH, async (_, reply) => text(reply, 'application/ld+json', JSON.stringify(LINKSET_CONTEXT), CACHE.page));
  app.get('/healthz', UNCOUNTED, async (_, reply) => text(reply, 'text/plain; charset=utf-8', 'ok\n', CACHE.never));
  app.get('/readyz', UNCOUNTED, async (_, reply) => ready(service, reply));
  app.get('/metrics', UNCOUNTED, async (_, reply) => text(reply, 'text/plain; version=0.0.4; charset=utf-8', service.metrics.text(), CACHE.never));
}

/** Whoever watches asks often, and is to be answered always. */
const UNCOUNTED = { config: { rateLimit: false } } as const;

/** The register is for people who hold goods, not for those who would list it. */
const ROBOTS = 'User-agent: *\nAllow: /$\nDisallow: /\n';

function home({ site }: ScanService, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const frame = scanAsk(request, rawUrl(request.raw.url ?? '/'), site);
  return text(varies(reply), 'text/html; charset=utf-8', homePage(frame).markup, CACHE.page);
}

const JAVASCRIPT = 'text/javascript; charset=utf-8';
const DIGEST = /^[0-9a-f]{64}$/;
/** What a browser shows as a picture and nothing else: no SVG, which can hold script. */
const PICTURES: ReadonlySet<string> = new Set(['image/jpeg', 'image/png', 'image/webp', 'image/avif']);

async function media(service: ScanService, request: FastifyRequest<{ Params: { digest: string } }>, reply: FastifyReply): Promise<FastifyReply> {
  const { digest } = request.params;
  const found = DIGEST.test(digest) ? await service.records.media(digest) : undefined;
  if (found === undefined || !PICTURES.has(found.type)) return unknown('MEDIA_UNKNOWN', service, request, reply);
  return reply.type(found.type).header('cache-control', CACHE.forever).send(found.bytes);
}

/** A script under an address with its hash never changes. */
export async function sendScript(service: ScanService, script: PageScript | undefined, request: FastifyRequest<{ Querystring: { h?: string } }>, reply: FastifyReply): Promise<FastifyReply> {
  if (script === undefined) return unknown('ROUTE_UNKNOWN', service, request, reply);
  const cache = request.query.h === script.hash ? CACHE.forever : CACHE.never;
  variesByEncoding(reply).type(JAVASCRIPT).header('cache-control', cache);
  if (!acceptsGzip(request.headers['accept-encoding'])) return reply.send(script.text);
  return reply.header('content-encoding', 'gzip').send(script.gzip);
}

function unknown(code: 'MEDIA_UNKNOWN' | 'ROUTE_UNKNOWN', { site }: ScanService, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return sendProblem(varies(reply), code, 404, scanAsk(request, rawUrl(request.raw.url ?? '/'), site));
}

async function ready(service: ScanService, reply: FastifyReply): Promise<FastifyReply> {
  const isReady = await answers(service);
  return text(reply.code(isReady ? 200 : 503), 'text/plain; charset=utf-8', isReady ? 'ready\n' : 'the register does not answer\n', CACHE.never);
}

async function answers({ records, onFault }: ScanService): Promise<boolean> {
  try {
    await records.trust();
    return true;
  } catch (error) {
    onFault(error);
    return false;
  }
}

function text(reply: FastifyReply, type: string, body: string, cache: string): FastifyReply {
  return sendCompressible(reply.type(type).header('cache-control', cache), body);
}
