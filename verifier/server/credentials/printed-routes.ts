/** The pages behind the QR codes on paper: `GET /c/{id}`, and the name for whoever types what stands on the paper. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { cellDate, cellNumber, tidyText } from '#domain/credential/diploma-cells.js';
import { parseRegisterNumber } from '#domain/credential/personal-data.js';
import { publicCredentialId, type RevealRequest } from '#domain/credential/reveal.js';
import { Problem, PROBLEMS } from '#domain/errors.js';
import { matching, parsedBy } from '#domain/shape.js';
import { withDisclosures } from '../../core/credential/with-disclosures.js';
import { type Language, type Words, words } from '../../core/goods/language.js';
import { sendProblem } from '../problem-answer.js';
import { retryAfter, statusOf } from '../refusal-status.js';
import { refusalText } from '../refusal-wording.js';
import { requireSameSite } from '../same-site.js';
import { answerCredential, type CredentialAnswer } from './credential-answer.js';
import { credentialJson } from './credential-json.js';
import { credentialPage, type NoRecord, noRecordPage } from './credential-pages.js';
import { type CredentialAsk, credentialAsk, type CredentialService, scripted, sendJson, sendPage } from './credential-service.js';
import type { PublicCredential } from './credential-sources.js';
import type { RevealField, RevealForm } from './holder-part.js';
import { postedFields } from './posted-body.js';

interface ById {
  readonly Params: { readonly id: string };
}

export function printedRoutes(app: FastifyInstance, service: CredentialService): void {
  app.get<ById>('/c/:id', async (request, reply) => showPrinted(service, request, reply));
  app.post<ById>('/c/:id/reveal', async (request, reply) => reveal(service, request, reply));
  app.get<ById>('/c/:id/reveal', async (request, reply) => showPrinted(service, request, reply));
  app.options('/c/:id/reveal', async (_, reply) => reply.code(204).header('allow', 'GET, HEAD, POST, OPTIONS').send());
}

/** The switch of the language and a reload lead to the page itself, also from an answer to what was posted. */
function askOf(service: CredentialService, request: FastifyRequest<ById>): CredentialAsk {
  const asked = credentialAsk(service, request);
  return credentialAsk(service, request, { path: `/c/${encodeURIComponent(request.params.id)}`, query: asked.ask.url.query });
}

async function showPrinted(service: CredentialService, request: FastifyRequest<ById>, reply: FastifyReply): Promise<FastifyReply> {
  const asked = askOf(service, request);
  const record = await recordOf(service, request.params.id);
  if (typeof record === 'string') return sendNoRecord(service, record, asked, reply);
  const answer = await answerCredential(record.text, service);
  service.metrics.judged(answer.state, asked.isPage ? 'html' : 'json');
  if (asked.isPage) return sendPage(reply, credentialPage({ frame: scripted(asked.frame, 'printed', service), answer, worker: service.worker, record }).markup);
  const trust = await service.trust().catch(service.onFault);
  return sendJson(reply, credentialJson(answer, asked.ask.language, { record, trust: trust ?? undefined }));
}

async function recordOf({ credentials, onFault }: CredentialService, id: string): Promise<PublicCredential | NoRecord> {
  try {
    return await credentials.record(publicCredentialId(id)) ?? 'unknown';
  } catch (error) {
    if (error instanceof Problem && error.code === 'PERSONAL_DATA_ERASED') return 'erased';
    if (error instanceof Problem && error.code !== 'ISSUER_UNREACHABLE') return 'unknown';
    onFault(error);
    return 'unreachable';
  }
}

const NO_RECORD = { unknown: 'CREDENTIAL_UNKNOWN', erased: 'PERSONAL_DATA_ERASED', unreachable: 'ISSUER_UNREACHABLE' } as const;

function sendNoRecord(service: CredentialService, why: NoRecord, { ask, frame, isPage }: CredentialAsk, reply: FastifyReply): FastifyReply {
  const code = NO_RECORD[why];
  const status = statusOf(code);
  if (status === 503) reply.header('retry-after', '30');
  return isPage ? sendPage(reply, noRecordPage(scripted(frame, 'pasted', service), why).markup, { status }) : sendProblem(reply, code, status, ask);
}

async function reveal(service: CredentialService, request: FastifyRequest<ById>, reply: FastifyReply): Promise<FastifyReply> {
  requireSameSite(request.headers, service.site, 'FORM_FROM_ELSEWHERE');
  const asked = askOf(service, request);
  const typed = postedFields(request);
  const record = await recordOf(service, request.params.id);
  if (typeof record === 'string') return sendNoRecord(service, record, asked, reply);
  try {
    const wanted = revealRequestIn(typed);
    await service.countReveal(request);
    const disclosures = await service.credentials.reveal(record.id, wanted, request.ip);
    return await sendRevealed(service, asked, record, disclosures, reply);
  } catch (error) {
    return sendNotRevealed(service, asked, record, { typed, error }, reply);
  }
}

async function sendRevealed(service: CredentialService, { ask, frame, isPage }: CredentialAsk, record: PublicCredential, disclosures: readonly string[], reply: FastifyReply): Promise<FastifyReply> {
  const answer = await answerCredential(withDisclosures(record.text, disclosures), service);
  if (!isPage) return sendJson(reply, credentialJson(answer, ask.language, { record }), { isPrivate: true });
  // The browser has nothing to check again here: it was not told what was typed.
  return sendPage(reply, credentialPage({ frame, answer, worker: service.worker, record }).markup, { isPrivate: true });
}

interface NotRevealed {
  readonly typed: Readonly<Record<string, unknown>>;
  readonly error: unknown;
}

/** The page as it was, and in the form what is wrong. */
async function sendNotRevealed(service: CredentialService, { ask, frame, isPage }: CredentialAsk, record: PublicCredential, { typed, error }: NotRevealed, reply: FastifyReply): Promise<FastifyReply> {
  if (!(error instanceof Problem)) throw error;
  if (error.kind === 'unavailable') service.onFault(error);
  const status = statusOf(error.code);
  const wait = retryAfter(error);
  if (wait !== undefined) reply.header('retry-after', wait);
  if (!isPage) return sendProblem(reply, error, status, ask);
  const answer: CredentialAnswer = await answerCredential(record.text, service);
  const form: RevealForm = { id: record.id, values: textsIn(typed), errors: errorsOf(error, ask.language) };
  return sendPage(reply, credentialPage({ frame: scripted(frame, 'printed', service), answer, worker: service.worker, record, form }).markup, { status, isPrivate: true });
}

const FIELDS = { serialNumber: parsedBy((text) => parseRegisterNumber(cellNumber(text))), dateOfBirth: parsedBy((text) => cellDate(text)) } as const;
/** An empty field is a missing one, whatever it would be read as. */
const filled = matching(/\S/, 'text');

/** Written as people write: days first, numbers with any spaces. Throws Problem with the field's name. */
function revealRequestIn(typed: Readonly<Record<string, unknown>>): RevealRequest {
  const read = <T>(name: RevealField, shape: (value: unknown) => T): T => {
    try {
      return shape(filled(typed[name] ?? ''));
    } catch (error) {
      throw error instanceof Problem ? new Problem(error.code, { field: name }) : error;
    }
  };
  return { serialNumber: read('serialNumber', FIELDS.serialNumber), dateOfBirth: read('dateOfBirth', FIELDS.dateOfBirth) };
}

function textsIn(typed: Readonly<Record<string, unknown>>): RevealForm['values'] {
  const names = ['serialNumber', 'dateOfBirth'] as const;
  return Object.fromEntries(names.flatMap((name) => (typeof typed[name] === 'string' ? [[name, tidyText(typed[name]).slice(0, 60)]] : [])));
}

const MENDING: Readonly<Record<RevealField, Words>> = {
  serialNumber: words('Hãy nhập số hiệu như in trên giấy.', 'Type the serial number as it is printed on the paper.'),
  dateOfBirth: words('Hãy nhập ngày sinh theo ngày/tháng/năm, ví dụ 05/09/2001.', 'Type the date of birth as day/month/year, for example 05/09/2001.'),
};

function errorsOf(problem: Problem, language: Language): RevealForm['errors'] {
  const field = problem.fields['field'];
  if (field === 'serialNumber' || field === 'dateOfBirth') return new Map([[field, MENDING[field][language]]]);
  return new Map([['both', problem.code === 'RATE_LIMITED' ? refusalText(problem, language) : PROBLEMS[problem.code][language]]]);
}
