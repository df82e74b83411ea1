/** Citizens' reports: the form at GET /report, what is sent at POST /report. No cookie, no session, no redirect. */
import { randomBytes } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from '#domain/errors.js';
import { type FiledReport, REPORT_FIELDS, type ReportForm, reportForm } from '#domain/goods/citizen-report.js';
import { object } from '#domain/shape.js';
import { sendCompressible } from './compression.js';
import { errorAnswer } from './error-answer.js';
import { CACHE, varies } from './headers.js';
import type { PageFrame } from './parts/document.js';
import type { ReportField, ReportFormContent } from './parts/report-form.js';
import { sendProblem } from './problem-answer.js';
import { parameterOf, rawUrl } from './raw-url.js';
import { retryAfter, statusOf } from './refusal-status.js';
import { readReportBodies, type ReportBody } from './report-body.js';
import type { ReportInbox } from './report-inbox.js';
import { type Found, mendingText, notReceivedPage, receivedPage, reportPage } from './report-pages.js';
import { reportAddress, type ReportedCode, reportedCode } from './reported-code.js';
import { requireSameSite } from './same-site.js';
import { answerScan } from './scan-answer.js';
import { type ScanAsk, scanAsk } from './scan-ask.js';
import type { ScanService } from './scan-routes.js';

export interface ReportService extends ScanService {
  readonly inbox: ReportInbox;
  /** Counts a report of whoever sends it. Throws Problem RATE_LIMITED. */
  readonly countReport: (request: FastifyRequest) => Promise<void>;
}

export const REPORT_METHODS = 'GET, HEAD, POST, OPTIONS';

export function reportRoutes(app: FastifyInstance, service: ReportService): void {
  readReportBodies(app);
  app.setErrorHandler(errorAnswer(service, true));
  app.get('/report', async (request, reply) => showForm(service, request, reply));
  app.post('/report', async (request, reply) => takeReport(service, request, reply));
  app.options('/report', async (_, reply) => reply.code(204).header('allow', REPORT_METHODS).send());
}

async function showForm(service: ReportService, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const url = rawUrl(request.raw.url ?? '/');
  const subject = reportedCode(parameterOf(url.query, 'code') ?? '');
  const found = await foundOf(subject, service);
  const content = { token: randomBytes(16).toString('base64url'), code: subject.code, shown: stateOf(found), values: {}, errors: new Map() };
  return sendPage(reply, 200, reportPage(frameOf(scanAsk(request, url, service.site), subject), content, found).markup);
}

/** What the code's own page says: the reader may have come straight here, or hours after. */
async function foundOf({ read }: ReportedCode, service: ReportService): Promise<Found> {
  return read === undefined ? undefined : answerScan(read.scanned, service);
}

function stateOf(found: Found): string {
  return found?.state ?? 'malformed';
}

/** The switch of the language leads to the form, also from an answer to what was posted. */
function frameOf<T extends PageFrame>(frame: T, { code }: ReportedCode): T {
  const [path = '', query = ''] = reportAddress(code, frame.language).split('?', 2);
  return { ...frame, url: { path, query } };
}

/** Old browsers tell where a post comes from only if the page lets them. */
function sendPage(reply: FastifyReply, status: number, markup: string): FastifyReply {
  varies(reply).code(status).header('cache-control', CACHE.never).header('referrer-policy', 'same-origin').type('text/html; charset=utf-8');
  return sendCompressible(reply, markup);
}

/** One post, as far as it is known when it has to be answered. */
interface Sending {
  readonly ask: ScanAsk;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly subject: ReportedCode;
  readonly found: Found;
}

async function takeReport(service: ReportService, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  requireSameSite(request.headers, service.site);
  const body = request.body as ReportBody | undefined;
  if (body === undefined) throw new Problem('CONTENT_TYPE_WRONG');
  const sending = await sendingOf(service, request, body);
  const problems = problemsOf(sending);
  if (problems.length > 0) return refuse(sending, problems, reply);
  let filed: FiledReport;
  try {
    await service.countReport(request);
    filed = await service.inbox.file(reportOf(sending), request.ip);
  } catch (error) {
    return notReceived(service, sending, error, reply);
  }
  return received(sending, filed, reply);
}

async function sendingOf(service: ReportService, request: FastifyRequest, { fields, isForm }: ReportBody): Promise<Sending> {
  const code = fields['code'];
  const subject = reportedCode(typeof code === 'string' ? code : '');
  const ask = scanAsk(request, rawUrl(request.raw.url ?? '/'), service.site);
  const { code: _code, ...rest } = fields;
  return {
    ask: frameOf({ ...ask, format: isForm && ask.format === 'html' ? 'html' : 'json' }, subject),
    fields: { ...rest, ...(subject.code === '' ? withoutText(code) : { code: subject.code }) },
    subject, found: await foundOf(subject, service),
  };
}

/** A code that is no text stays what it is, to be refused as that. */
function withoutText(code: unknown): { code?: unknown } {
  return code === undefined || code === '' ? {} : { code };
}

/** Everything that is wrong, not only the first thing: a form is mended once. */
function problemsOf({ fields }: Sending): Problem[] {
  const unknown = Object.keys(fields).filter((name) => !Object.hasOwn(REPORT_FIELDS, name)).map((name) => new Problem('FIELD_UNKNOWN', { field: name.slice(0, 60) }));
  return [...unknown, ...Object.keys(REPORT_FIELDS).flatMap((name) => problemOf(name as keyof ReportForm, fields[name]) ?? [])];
}

function problemOf(name: keyof ReportForm, value: unknown): Problem | undefined {
  try {
    object({ [name]: REPORT_FIELDS[name] })(value === undefined ? {} : { [name]: value });
    return undefined;
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
}

function reportOf({ fields, subject, found }: Sending): Parameters<ReportInbox['file']>[0] {
  return { ...reportForm(fields), judged: stateOf(found), ...(subject.read === undefined ? {} : { address: subject.read.address }) };
}

function received({ ask, subject }: Sending, filed: FiledReport, reply: FastifyReply): FastifyReply {
  if (ask.format === 'html') return sendPage(reply, 201, receivedPage(ask, filed, subject.read?.address).markup);
  return varies(reply).code(201).header('cache-control', CACHE.never).type('application/json; charset=utf-8').send(JSON.stringify(filed));
}

function refuse(sending: Sending, problems: readonly Problem[], reply: FastifyReply): FastifyReply {
  const [first] = problems;
  const code = first?.code ?? 'FIELD_WRONG_VALUE';
  if (sending.ask.format !== 'html') return sendProblem(varies(reply), first ?? code, statusOf(code), sending.ask);
  const content = contentOf(sending, problems);
  // What no reader can mend, because no field of the page shows it.
  if (content.errors.size === 0) return sendPage(reply, statusOf(code), notReceivedPage(sending.ask, first, content, sending.found).markup);
  return sendPage(reply, statusOf(code), reportPage(sending.ask, content, sending.found).markup);
}

/** Whatever went wrong, the reader must not believe that it arrived. */
function notReceived(service: ReportService, sending: Sending, error: unknown, reply: FastifyReply): FastifyReply {
  const problem = error instanceof Problem ? error : undefined;
  if (problem === undefined || problem.kind === 'unavailable') service.onFault(error);
  const { code } = problem ?? { code: 'REPORT_NOT_DELIVERED' as const };
  const wait = problem === undefined ? undefined : retryAfter(problem);
  if (wait !== undefined) reply.header('retry-after', wait);
  if (sending.ask.format !== 'html') return sendProblem(varies(reply), problem ?? code, statusOf(code), sending.ask);
  return sendPage(reply, statusOf(code), notReceivedPage(sending.ask, problem, contentOf(sending, []), sending.found).markup);
}

const FILLED_IN = ['code', 'reason', 'text', 'province', 'contact'] as const satisfies readonly ReportField[];

/** The form as it was filled in; a token or state that is none of ours is replaced. */
function contentOf({ fields, subject, found, ask }: Sending, problems: readonly Problem[]): ReportFormContent {
  const typed = (name: string): string | undefined => (typeof fields[name] === 'string' ? fields[name] : undefined);
  const isRight = (name: keyof ReportForm): boolean => fields[name] !== undefined && problemOf(name, fields[name]) === undefined;
  return {
    token: isRight('token') ? String(fields['token']) : randomBytes(16).toString('base64url'),
    shown: isRight('shown') ? String(fields['shown']) : stateOf(found),
    code: subject.code,
    values: Object.fromEntries(FILLED_IN.flatMap((name) => { const value = typed(name); return value === undefined ? [] : [[name, value]]; })),
    errors: new Map(problems.flatMap((problem) => {
      const field = FILLED_IN.find((name) => name === problem.fields['field']);
      return field === undefined ? [] : [[field, mendingText(field, problem, ask.language)]];
    })),
  };
}
