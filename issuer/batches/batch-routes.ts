/** Batches over HTTP: upload, row errors, approval by somebody else, progress, files to take away. */
import { Readable } from 'node:stream';
import multipart from '@fastify/multipart';
import type { FastifyInstance, FastifyReply, FastifyRequest, FastifySchema } from 'fastify';
import { DIPLOMA_LEVELS, STUDY_MODES } from '#domain/credential/diploma.js';
import { Problem, require } from '#domain/errors.js';
import { publicCredentialPath } from '#domain/credential/reveal.js';
import { described, objectOf, type JsonSchema } from '../http/described.js';
import { callerOf } from '../http/guard.js';
import type { Batch } from './batch.js';
import { requirePossible } from './batch.js';
import type { BatchDesk } from './batch-desk.js';
import { BATCH_SCHEMA, batchJson, type BatchView } from './batch-json.js';
import { readBatchOrder } from './batch-order.js';
import { errorFile } from './error-file.js';
import type { IssuedDiplomas } from './issued-diplomas.js';
import { TABLE_LIMITS } from './table/table.js';
import { templateFile } from './template-file.js';
import { fileOf, FILE_TYPES } from './upload-body.js';

const TAG = 'batches';
const PREPARER = { issuerAccess: 'credentials:prepare' } as const;
const APPROVER = { issuerAccess: 'credentials:write' } as const;
const PAGE = 100;

export interface BatchRouting {
  readonly desk: BatchDesk;
  readonly issued: IssuedDiplomas;
  /** of the verifier, e.g. `https://xac-minh.example` */
  readonly verifier: string;
}

/** @returns a plugin for the issuer's application; when that closes, the job under way stops at the end of its chunk */
export function batchRoutes(routing: BatchRouting): (app: FastifyInstance) => Promise<void> {
  return async (app) => {
    await app.register(async (scope) => {
      await scope.register(multipart, { limits: { files: 2, fields: 1, parts: 3, fileSize: TABLE_LIMITS.bytes + 1 } });
      scope.addContentTypeParser(FILE_TYPES, (_request, payload, done) => done(null, payload));
      for (const add of [uploadRoute, listRoute, templateRoute, readRoute, errorsRoute, approvalRoute, cancellationRoute, rowsRoute, rowFileRoute, classRoutes]) add(scope, routing);
    });
    app.addHook('onClose', async () => routing.desk.close());
    await routing.desk.open();
  };
}

const text: JsonSchema = { type: 'string' };
const FILE: JsonSchema = { type: 'string', format: 'binary' };

/** A route whose answer is a file. */
function fileSchema(type: string, words: Omit<Parameters<typeof described>[0], 'tag' | 'response'>): FastifySchema {
  return { ...described({ tag: TAG, ...words, response: { '200': FILE } }), produces: [type] };
}

const UPLOAD_QUERY: JsonSchema = objectOf({
  did: { ...text, description: 'of the institution that issues' }, graduates: { ...text, pattern: '^\\d{1,5}$', description: 'how many graduates the decision names' },
}, {
  assurance: { enum: ['native', 'digitised'], description: 'native where absent; digitised: copied from a register of paper diplomas' },
  level: { enum: DIPLOMA_LEVELS }, mode: { enum: STUDY_MODES }, title: text, titleEn: text, field: text, fieldEn: text,
  graduationYear: { ...text, pattern: '^\\d{4}$' }, decisionNumber: text, issuePlace: text, issueDate: { ...text, description: 'yyyy-mm-dd' },
});

function uploadRoute(app: FastifyInstance, { desk }: BatchRouting): void {
  const summary = 'Upload a class as CSV or XLSX, as the body or as a form with one file. What the query states holds for every row that does not say otherwise; nothing is issued by this';
  app.route({
    method: 'POST', url: '/v1/batches', config: PREPARER,
    schema: {
      ...described({ tag: TAG, summary, body: FILE, response: { '200': { ...BATCH_SCHEMA, description: 'the file was uploaded before' }, '201': BATCH_SCHEMA } }),
      querystring: UPLOAD_QUERY, consumes: [...FILE_TYPES, 'multipart/form-data'],
    },
    handler: async (request, reply) => {
      const { batch, isNew } = await desk.upload(callerOf(request), readBatchOrder(request.query), async () => fileOf(request, TABLE_LIMITS.bytes));
      return reply.code(isNew ? 201 : 200).header('Location', `/v1/batches/${batch.id}`).send(batchJson(await viewOf(batch, desk)));
    },
  });
}

async function viewOf(batch: Batch, desk: BatchDesk): Promise<BatchView> {
  const progress = desk.progress(batch);
  return { batch, ...(progress === undefined ? {} : { progress }), ...(batch.state === 'refused' ? { errors: await desk.firstErrors(batch) } : {}) };
}

function listRoute(app: FastifyInstance, { desk }: BatchRouting): void {
  app.route({
    method: 'GET', url: '/v1/batches', config: PREPARER,
    schema: described({ tag: TAG, summary: 'The newest hundred batches of the caller\'s institution', response: { '200': objectOf({ batches: { type: 'array', items: BATCH_SCHEMA } }) } }),
    handler: async (request) => ({ batches: desk.list(callerOf(request)).slice(0, PAGE).map((batch) => batchJson({ batch })) }),
  });
}

function templateRoute(app: FastifyInstance): void {
  app.route({
    method: 'GET', url: '/v1/batches/template.csv', config: PREPARER,
    schema: fileSchema('text/csv', { summary: 'An empty table to begin with' }),
    handler: async (_request, reply) => sendFile(reply, 'text/csv; charset=utf-8', 'mau-danh-sach-tot-nghiep.csv').send(templateFile()),
  });
}

function readRoute(app: FastifyInstance, { desk }: BatchRouting): void {
  app.route({
    method: 'GET', url: '/v1/batches/:id', config: PREPARER,
    schema: described({ tag: TAG, summary: 'How far a batch is, and what is wrong with it', params: ['id'], response: { '200': BATCH_SCHEMA } }),
    handler: async (request) => batchJson(await viewOf(desk.find(callerOf(request), idOf(request)), desk)),
  });
}

function errorsRoute(app: FastifyInstance, { desk }: BatchRouting): void {
  app.route({
    method: 'GET', url: '/v1/batches/:id/errors.csv', config: PREPARER,
    schema: fileSchema('text/csv', { summary: 'Everything that is wrong with a file, to be opened in a spreadsheet', params: ['id'] }),
    handler: async (request, reply) => {
      const errors = desk.errors(callerOf(request), idOf(request));
      return sendFile(reply, 'text/csv; charset=utf-8', 'loi.csv').send(Readable.from(errorFile(errors)));
    },
  });
}

function approvalRoute(app: FastifyInstance, { desk }: BatchRouting): void {
  app.route({
    method: 'POST', url: '/v1/batches/:id/approval', config: APPROVER,
    schema: described({ tag: TAG, summary: 'Approve a batch that somebody else prepared: its diplomas are issued, all or none', params: ['id'], response: { '202': BATCH_SCHEMA } }),
    handler: async (request, reply) => reply.code(202).send(batchJson(await viewOf(await desk.approve(callerOf(request), idOf(request)), desk))),
  });
}

function cancellationRoute(app: FastifyInstance, { desk }: BatchRouting): void {
  app.route({
    method: 'POST', url: '/v1/batches/:id/cancellation', config: PREPARER,
    schema: described({ tag: TAG, summary: 'End a batch that is not committed to yet', params: ['id'], response: { '200': BATCH_SCHEMA } }),
    handler: async (request) => batchJson({ batch: await desk.cancel(callerOf(request), idOf(request)) }),
  });
}

const ISSUED_ROW = objectOf({ row: { type: 'integer' }, credentialId: text, publicId: text, page: { ...text, description: 'at the verifier' }, erased: { type: 'boolean' } }, { text, pdf: text });

function rowsRoute(app: FastifyInstance, { desk, issued, verifier }: BatchRouting): void {
  app.route({
    method: 'GET', url: '/v1/batches/:id/credentials', config: PREPARER,
    schema: {
      ...described({ tag: TAG, summary: 'A hundred issued diplomas of a batch, in the order of the file', params: ['id'], response: { '200': objectOf({ credentials: { type: 'array', items: ISSUED_ROW } }, { next: { ...text, description: 'the value of `from` for the next hundred' } }) } }),
      querystring: objectOf({}, { from: { ...text, pattern: '^\\d{1,5}$' } }),
    },
    handler: async (request) => {
      const batch = downloadable(desk, request);
      const from = Number((request.query as { from?: string }).from ?? 0);
      const rows = await issued.list(batch, from, PAGE);
      const credentials = rows.map(({ row, id, publicId, erased }) => ({
        row, credentialId: id, publicId, page: verifier + publicCredentialPath(publicId), erased,
        ...(erased ? {} : { text: `/v1/batches/${batch.id}/credentials/${row}.txt`, pdf: `/v1/batches/${batch.id}/credentials/${row}.pdf` }),
      }));
      return { credentials, ...(rows.length < PAGE ? {} : { next: String(from + PAGE) }) };
    },
  });
}

function rowFileRoute(app: FastifyInstance, { desk, issued }: BatchRouting): void {
  app.route({
    method: 'GET', url: '/v1/batches/:id/credentials/:file', config: PREPARER,
    schema: fileSchema('application/pdf', { summary: 'One diploma by its row in the file: 17.txt the credential\'s text with its disclosures, 17.pdf the page to print', params: ['id', 'file'] }),
    handler: async (request, reply) => {
      const batch = downloadable(desk, request);
      const { file } = request.params as { readonly file: string };
      const [, row = '', kind = ''] = /^([1-9]\d{0,5})\.(txt|pdf)$/.exec(file) ?? [];
      require(kind !== '', 'BATCH_ROW_UNKNOWN', { row: file.slice(0, 20) });
      return kind === 'pdf'
        ? sendFile(reply, 'application/pdf', `van-bang-${row}.pdf`).send(await issued.pdf(batch, Number(row)))
        : sendFile(reply, 'text/plain; charset=utf-8', `van-bang-${row}.txt`).send(await issued.text(batch, Number(row)));
    },
  });
}

function classRoutes(app: FastifyInstance, { desk, issued }: BatchRouting): void {
  app.route({
    method: 'GET', url: '/v1/batches/:id/diplomas.zip', config: PREPARER,
    schema: fileSchema('application/zip', { summary: 'The class, to be handed out: a text and a PDF for each, and a list', params: ['id'] }),
    handler: async (request, reply) => {
      const batch = downloadable(desk, request);
      return sendFile(reply, 'application/zip', `van-bang-${batch.id}.zip`).send(streamOf(issued.archive(batch)));
    },
  });
  app.route({
    method: 'GET', url: '/v1/batches/:id/diplomas.pdf', config: PREPARER,
    schema: fileSchema('application/pdf', { summary: 'The class, to be printed: one PDF, a page for each, in the order of the file', params: ['id'] }),
    handler: async (request, reply) => {
      const batch = downloadable(desk, request);
      return sendFile(reply, 'application/pdf', `van-bang-${batch.id}.pdf`).send(streamOf(issued.classPdf(batch)));
    },
  });
}

/** @throws Problem BATCH_UNKNOWN, BATCH_STATE_WRONG */
function downloadable(desk: BatchDesk, request: FastifyRequest): Batch {
  const batch = desk.find(callerOf(request), idOf(request));
  requirePossible(batch, 'download');
  return batch;
}

/** Made as it is read: one piece waits while the one before is on its way. */
function streamOf(pieces: AsyncGenerator<Buffer>): Readable {
  return Readable.from(pieces, { objectMode: false, highWaterMark: 1 });
}

function idOf(request: FastifyRequest): string {
  const { id } = request.params as { readonly id: string };
  if (!/^[0-9a-f]{32}$/.test(id)) throw new Problem('BATCH_UNKNOWN', { batch: id.slice(0, 60) });
  return id;
}

function sendFile(reply: FastifyReply, type: string, name: string): FastifyReply {
  return reply.type(type).header('Content-Disposition', `attachment; filename="${name}"`).header('Cache-Control', 'no-store');
}
