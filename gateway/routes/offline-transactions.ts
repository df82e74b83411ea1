/** Transactions that an organisation signs by itself: prepared, endorsed, submitted, with a signature between the steps. */
import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { instantOf } from '#domain/instant.js';
import { principalOf } from '../access.js';
import { objectSchema } from '../forms/request-form.js';
import { DIGEST, INSTANT, TRANSACTION_ID } from '../forms/schema-parts.js';
import { OFFLINE_TRANSACTION, SIGNATURE } from '../forms/signing-forms.js';
import type { SubmitAnswer, UnsignedBytes } from '../ledger/ledger.js';
import { described } from '../openapi.js';
import type { Services } from '../services.js';
import type { Principal } from '../tenants/principal.js';
import { answers, answersOfWrite, anything, pathSchema } from './answers.js';
import { pathParameter } from './paging.js';
import { answerOf, bodySchema, idempotencyKeyOf } from './write-route.js';

const SIGNING = { access: 'partner', scope: 'signing:write' } as const;
const TAG = 'signing';

const TO_SIGN = {
  transactionId: TRANSACTION_ID, sign: { type: 'string', description: 'base64 of the bytes to be signed' },
  digest: { ...DIGEST, description: 'SHA-256 of these bytes' }, expiresAt: INSTANT,
} as const;

export function offlineTransactionRoutes(app: FastifyInstance, services: Services): void {
  propose(app, services);
  endorse(app, services);
  submit(app, services);
}

function toSign({ transactionId, bytes }: UnsignedBytes, expiresAt: number): Record<string, string> {
  return {
    transactionId, sign: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64'),
    digest: createHash('sha256').update(bytes).digest('hex'), expiresAt: instantOf(expiresAt),
  };
}

/** Notes whose transaction it is, and waits until the copy for reading shows it. */
async function answered({ owners, model, settings }: Services, { organisation }: Principal, answer: SubmitAnswer, reply: FastifyReply): Promise<Record<string, unknown>> {
  await owners.note(answer.transactionId, organisation, answer.status === 'pending');
  if (answer.status === 'committed') await model.waitFor(answer.block, AbortSignal.timeout(settings.commitWithinMs));
  return answerOf(answer, reply);
}

function propose(app: FastifyInstance, services: Services): void {
  const schema = described({
    tags: [TAG], summary: 'Prepare a transaction: the bytes of its proposal are to be signed. With the key of a request that was submitted before: what became of it',
    repeatable: true, body: bodySchema(OFFLINE_TRANSACTION), response: { ...answersOfWrite(false), ...answers(objectSchema(TO_SIGN), '201') },
  });
  app.route({
    method: 'POST', url: '/v1/offline-transactions', config: SIGNING, schema,
    handler: async (request, reply) => {
      const principal = principalOf(request);
      const proposed = await services.offline.propose(principal, OFFLINE_TRANSACTION.shape(request.body), idempotencyKeyOf(request));
      if ('submitted' in proposed) return answered(services, principal, proposed.submitted, reply);
      reply.code(201);
      return toSign(proposed.prepared.proposal, proposed.prepared.expiresAt);
    },
  });
}

function endorse(app: FastifyInstance, { offline }: Services): void {
  const schema = described({
    tags: [TAG], summary: 'Hand in the signature of a proposal: peers judge it, and the bytes of the transaction are to be signed', params: pathSchema('id'), body: bodySchema(SIGNATURE),
    response: answers(objectSchema({ ...TO_SIGN, result: anything('what the contract will answer') })),
  });
  app.route({
    method: 'POST', url: '/v1/offline-transactions/:id/endorsement', config: SIGNING, schema,
    handler: async (request) => {
      const { signature } = SIGNATURE.shape(request.body);
      const { proposal, endorsed = { ...proposal, result: '{}' }, expiresAt } = await offline.endorse(principalOf(request), pathParameter(request, 'id'), signature);
      return { ...toSign(endorsed, expiresAt), result: JSON.parse(endorsed.result) as unknown };
    },
  });
}

function submit(app: FastifyInstance, services: Services): void {
  const schema = described({
    tags: [TAG], summary: 'Hand in the signature of a transaction: it is stored and sent', params: pathSchema('id'), repeatable: true, body: bodySchema(SIGNATURE), response: answersOfWrite(false),
  });
  app.route({
    method: 'POST', url: '/v1/offline-transactions/:id/submission', config: SIGNING, schema,
    handler: async (request, reply) => {
      const { signature } = SIGNATURE.shape(request.body);
      const principal = principalOf(request);
      const answer = await services.offline.submit(principal, pathParameter(request, 'id'), signature, idempotencyKeyOf(request));
      return answered(services, principal, answer, reply);
    },
  });
}
