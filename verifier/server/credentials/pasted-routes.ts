/** Credentials as text: the form at `/credentials`, and `POST /credentials/verify` for machines (W3C credentials API). */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { PROBLEMS } from '#domain/errors.js';
import { pastedLink, pastedText } from '../../core/credential/pasted-text.js';
import { errorAnswer } from '../error-answer.js';
import { sendProblem } from '../problem-answer.js';
import { requireSameSite } from '../same-site.js';
import { answerCredential } from './credential-answer.js';
import { credentialJson } from './credential-json.js';
import { credentialPage, pastePage } from './credential-pages.js';
import { credentialAsk, type CredentialService, scripted, sendJson, sendPage } from './credential-service.js';
import { postedFields, postedJson } from './posted-body.js';
import { readVerifyRequest } from './verify-request.js';

const FORM_METHODS = 'GET, HEAD, POST, OPTIONS';
const API_METHODS = 'POST, OPTIONS';

export function pastedRoutes(app: FastifyInstance, service: CredentialService): void {
  const refuse = errorAnswer(service, true, 'json');
  app.get('/credentials', async (request, reply) => showForm(service, request, reply));
  app.post('/credentials', async (request, reply) => judgePasted(service, request, reply));
  app.options('/credentials', async (_, reply) => reply.code(204).header('allow', FORM_METHODS).send());
  app.post('/credentials/verify', { errorHandler: (error, request, reply) => void refuse(error, request, reply) }, async (request, reply) => verify(service, request, forAnybody(reply)));
  app.get('/credentials/verify', async (request, reply) => sendProblem(reply.header('allow', API_METHODS), 'METHOD_NOT_ALLOWED', 405, credentialAsk(service, request).ask));
  app.options('/credentials/verify', async (_, reply) => forAnybody(reply).code(204).header('allow', API_METHODS).send());
}

/** Any page may ask: the answer is the same for everybody, and no cookie goes along. */
function forAnybody(reply: FastifyReply): FastifyReply {
  return reply.header('access-control-allow-methods', API_METHODS).header('access-control-allow-headers', 'Accept, Accept-Language, Content-Type');
}

function showForm(service: CredentialService, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { frame } = credentialAsk(service, request);
  return sendPage(reply, pastePage({ frame: scripted(frame, 'pasted', service) }).markup);
}

async function judgePasted(service: CredentialService, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  requireSameSite(request.headers, service.site, 'FORM_FROM_ELSEWHERE');
  const { frame, ask } = credentialAsk(service, request);
  const form = scripted(frame, 'pasted', service);
  const typed = postedFields(request)['text'];
  const text = pastedText(typeof typed === 'string' ? typed : '');
  if (text === '') return sendPage(reply, pastePage({ frame: form, error: PROBLEMS.CREDENTIAL_TEXT_MALFORMED[ask.language] }).markup, { status: 400, isPrivate: true });
  const link = pastedLink(text);
  if (link !== undefined) return sendPage(reply, pastePage({ frame: form, link }).markup, { isPrivate: true });
  const answer = await answerCredential(text, service);
  service.metrics.judged(answer.state, 'html');
  return sendPage(reply, credentialPage({ frame, answer, worker: service.worker }).markup, { isPrivate: true });
}

/** Judged is answered 200, whatever came of it; refused is only what cannot be judged. */
async function verify(service: CredentialService, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { language } = credentialAsk(service, request).ask;
  const answer = await answerCredential(readVerifyRequest(postedJson(request)), service);
  service.metrics.judged(answer.state, 'json');
  return sendJson(reply, credentialJson(answer, language), { isPrivate: true });
}
