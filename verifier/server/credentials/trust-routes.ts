/** What a browser judges by for itself: registry, status lists and commitments as this server has them, each with its proof where there is one. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from '#domain/errors.js';
import { at, list } from '#domain/shape.js';
import { did } from '#domain/trust/did.js';
import { digest } from '#domain/trust/records.js';
import type { TrustSnapshot } from '#domain/trust/snapshot.js';
import { sendCompressible } from '../compression.js';
import { CACHE, varies } from '../headers.js';
import { sendProblem } from '../problem-answer.js';
import { parameterOf, rawUrl } from '../raw-url.js';
import { statusOf } from '../refusal-status.js';
import { checkWords } from './check-words.js';
import { credentialAsk, type CredentialService, sendJson } from './credential-service.js';
import { snapshotPart } from './snapshot-part.js';

export function trustRoutes(app: FastifyInstance, service: CredentialService): void {
  app.get('/trust/snapshot', async (request, reply) => refusing(service, request, reply, async () => sendSnapshot(service, request, reply)));
  app.get('/trust/status', async (request, reply) => refusing(service, request, reply, async () => sendList(service, request, reply)));
  app.get<{ Params: { readonly root: string } }>('/trust/commitments/:root', async (request, reply) => refusing(service, request, reply, async () => sendCommitment(service, request.params.root, reply)));
  app.get('/credential-words.json', async (request, reply) => sendWords(service, request, reply));
}

async function refusing(service: CredentialService, request: unknown, reply: FastifyReply, answer: () => Promise<FastifyReply>): Promise<FastifyReply> {
  try {
    return await answer();
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return sendProblem(reply, error, statusOf(error.code), { ...credentialAsk(service, request as FastifyRequest).ask, format: 'json' });
  }
}

const dids = list(did, { max: 8 });
const TEXTS = new WeakMap<TrustSnapshot, string>();

/** Whole, or with `?did=` (again for each) as much as credentials of these issuers are judged by. Its age stands in it. */
async function sendSnapshot({ worker }: CredentialService, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  if (!worker.isReady) throw new Problem('TRUST_SNAPSHOT_STALE');
  const wanted = didsIn(rawUrl(request.raw.url ?? '/').query);
  if (wanted.length > 0) return sendJson(reply, snapshotPart(worker.register, at('did', () => dids(wanted))));
  const { snapshot } = worker.register;
  const text = TEXTS.get(snapshot) ?? JSON.stringify(snapshot);
  TEXTS.set(snapshot, text);
  return sendCompressible(reply.header('cache-control', 'no-cache').type('application/json; charset=utf-8'), text);
}

function didsIn(query: string): readonly (string | undefined)[] {
  return query.split('&', 16).filter((each) => each.startsWith('did=')).map((each) => parameterOf(each, 'did'));
}

/** The token itself, signed by its issuer: this server's word is not needed for it. */
async function sendList({ worker }: CredentialService, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const url = parameterOf(rawUrl(request.raw.url ?? '/').query, 'list') ?? '';
  const held = worker.listAt(url);
  if (held === undefined) throw new Problem('STATUS_LIST_UNKNOWN', { list: url.slice(0, 200) });
  return reply.header('cache-control', 'no-cache').type('application/vc+jwt').send(held.jwt);
}

async function sendCommitment({ commitments }: CredentialService, root: string, reply: FastifyReply): Promise<FastifyReply> {
  const found = await commitments.of(at('root', () => digest(root)));
  if ('published' in found) return sendJson(reply, { ...found.published, trust: found.trust });
  throw new Problem(found.answer === 'unknown' ? 'COMMITMENT_UNKNOWN' : 'LEDGER_UNREACHABLE', { root });
}

/** For a page that judges by itself and need not hold every sentence. */
function sendWords(service: CredentialService, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { language } = credentialAsk(service, request).ask;
  const open = varies(reply).header('cache-control', CACHE.page).header('content-language', language);
  return sendCompressible(open.type('application/json; charset=utf-8'), JSON.stringify(checkWords(language)));
}
