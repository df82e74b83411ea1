/** Bulk import of products and serial numbers from spreadsheets, as a Fastify plugin. */
import { Readable } from 'node:stream';
import multipart from '@fastify/multipart';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Problem, require } from '#domain/errors.js';
import { object, oneOf, optional } from '#domain/shape.js';
import { described } from '../openapi.js';
import { errorFile } from './error-file.js';
import { importJson } from './import-json.js';
import { importKind } from './import-runner.js';
import { ImportService, type ImportOrder } from './import-service.js';
import { USUAL_LIMITS, type ImportDependencies } from './ports.js';
import { templateFile } from './template-file.js';

const ACCESS = { access: 'partner', scope: 'import:write' } as const;
const TAGS = ['import'];

interface Routing {
  readonly deps: ImportDependencies;
  readonly imports: ImportService;
}

const kindName = oneOf('products', 'serials');
const truth = oneOf('true', 'false');
const readOptions = object({ kind: kindName, dryRun: optional(truth), mode: optional(oneOf('all-or-nothing', 'skip-bad-rows')) });

const job = { type: 'object', additionalProperties: true, description: 'state, counts, progress and the first errors' };
const file = { type: 'string', description: 'CSV' };

/**
 * @returns a plugin to be registered behind the gate that authorises requests: `app.register(importRoutes(deps))`. It
 *   takes up the imports that an earlier run left open, and stops at the end of the batch under way when the
 *   application closes
 */
export function importRoutes(deps: ImportDependencies): (app: FastifyInstance) => Promise<void> {
  return async (app) => {
    const imports = new ImportService(deps);
    await imports.open();
    app.addHook('onClose', () => imports.close());
    await app.register(multipart, { limits: { files: 2, fields: 1, parts: 3, fileSize: 2 * (deps.limits?.bytes ?? USUAL_LIMITS.bytes) } });
    app.addContentTypeParser(['text/csv', 'application/csv'], (_request, payload, done) => done(null, payload));
    const routing = { deps, imports };
    template(app);
    start(app, routing);
    read(app, routing);
    readErrors(app, routing);
    cancel(app, routing);
  };
}

function template(app: FastifyInstance): void {
  app.route({
    method: 'GET', url: '/v1/imports/templates/:file', config: ACCESS,
    schema: described({ tags: TAGS, summary: 'An empty file to begin with: products.csv or serials.csv', response: { 200: file } }),
    handler: async (request, reply) => {
      const { file: name = '' } = request.params as { file?: string };
      const kind = name.replace(/\.csv$/, '');
      if (kind === name || (kind !== 'products' && kind !== 'serials')) throw new Problem('ROUTE_UNKNOWN');
      return sendCsv(reply, `${kind}.csv`).send(templateFile(importKind(kind)));
    },
  });
}

function start(app: FastifyInstance, { deps, imports }: Routing): void {
  app.route({
    method: 'POST', url: '/v1/imports', config: ACCESS,
    schema: described({
      tags: TAGS, summary: 'Import a file: ?kind=products|serials, &dryRun=true to check only, &mode=skip-bad-rows to write the good rows of a file with bad ones',
      response: { 202: job },
    }),
    handler: async (request, reply) => {
      const order = orderOf(request, deps);
      const { id } = await imports.start(order, bodyOf(request));
      return reply.code(202).header('Location', `/v1/imports/${id}`).send(importJson(await imports.view(id, order.owner)));
    },
  });
}

/** @throws Problem FIELD_MISSING, FIELD_UNKNOWN, FIELD_WRONG_VALUE of the query, IDEMPOTENCY_KEY_WRONG */
function orderOf(request: FastifyRequest, deps: ImportDependencies): ImportOrder {
  const { kind, dryRun = 'false', mode = 'all-or-nothing' } = readOptions(request.query);
  const key = request.headers['idempotency-key'];
  require(key === undefined || typeof key === 'string', 'IDEMPOTENCY_KEY_WRONG', { field: 'Idempotency-Key' });
  return {
    kind, mode, dryRun: dryRun === 'true', owner: deps.principal(request),
    ...(key === undefined ? {} : { repeat: { key, request: `POST /v1/imports ${kind} ${mode} ${dryRun}` } }),
  };
}

/**
 * The file, as the body itself or as the one part of a form.
 *
 * @throws Problem CONTENT_TYPE_WRONG
 */
function bodyOf(request: FastifyRequest): AsyncIterable<Buffer> {
  const { 'content-encoding': encoding = 'identity' } = request.headers;
  require(encoding === 'identity', 'CONTENT_TYPE_WRONG', { encoding });
  if (request.isMultipart()) return whole(onlyFile(request));
  require(request.body instanceof Readable, 'CONTENT_TYPE_WRONG', { expected: 'text/csv or multipart/form-data' });
  return whole(request.body);
}

async function* onlyFile(request: FastifyRequest): AsyncGenerator<Buffer> {
  let files = 0;
  for await (const part of request.parts()) {
    files += 1;
    if (part.type !== 'file' || files > 1) throw new Problem('IMPORT_FILE_MISSING');
    yield* part.file;
  }
  require(files === 1, 'IMPORT_FILE_MISSING');
}

/** What breaks off or is no form is the sender's doing. */
async function* whole(body: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield* body;
  } catch (error) {
    throw error instanceof Problem ? error : new Problem('REQUEST_UNREADABLE', { reason: error instanceof Error ? error.message.slice(0, 100) : '' });
  }
}

function read(app: FastifyInstance, { deps, imports }: Routing): void {
  app.route({
    method: 'GET', url: '/v1/imports/:id', config: ACCESS,
    schema: described({ tags: TAGS, summary: 'How far an import is, and what is wrong', response: { 200: job } }),
    handler: async (request) => importJson(await imports.view(idOf(request), deps.principal(request))),
  });
}

function readErrors(app: FastifyInstance, { deps, imports }: Routing): void {
  app.route({
    method: 'GET', url: '/v1/imports/:id/errors.csv', config: ACCESS,
    schema: described({ tags: TAGS, summary: 'All that is wrong with a file, to be opened in a spreadsheet', response: { 200: file } }),
    handler: async (request, reply) => {
      const errors = await imports.errors(idOf(request), deps.principal(request));
      return sendCsv(reply, 'errors.csv').send(Readable.from(errorFile(errors)));
    },
  });
}

function cancel(app: FastifyInstance, { deps, imports }: Routing): void {
  app.route({
    method: 'POST', url: '/v1/imports/:id/cancel', config: ACCESS,
    schema: described({ tags: TAGS, summary: 'Stop an import; what is written stays', response: { 202: job } }),
    handler: async (request, reply) => reply.code(202).send(importJson(await imports.cancel(idOf(request), deps.principal(request)))),
  });
}

const idOf = (request: FastifyRequest): string => (request.params as { id?: string }).id ?? '';

function sendCsv(reply: FastifyReply, name: string): FastifyReply {
  return reply.type('text/csv; charset=utf-8').header('Content-Disposition', `attachment; filename="${name}"`).header('Cache-Control', 'no-store');
}
