/** Routes that carry one transaction to the ledger: the same road for all, so that none forgets a step. */
import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify';
import { canonicalJson, type Json } from '#domain/canonical-json.js';
import { Problem, require } from '#domain/errors.js';
import type { TransactionName } from '#domain/transactions.js';
import { principalOf, type Access } from '../access.js';
import { withoutFields, type JsonSchema, type RequestForm } from '../forms/request-form.js';
import type { Idempotency, SubmitAnswer } from '../ledger/ledger.js';
import { described } from '../openapi.js';
import type { Services } from '../services.js';
import type { Principal } from '../tenants/principal.js';
import { requireScopes, SCOPE_OF_TRANSACTION, type SingleTransaction } from '../tenants/transaction-scopes.js';
import { answersOfWrite, pathSchema } from './answers.js';

export interface WriteRoute {
  readonly method?: HTTPMethods;
  /** e.g. `/v1/products/:gtin/lots` */
  readonly url: string;
  readonly access?: Access;
  readonly tag: string;
  readonly summary: string;
  /** its scope is the route's */
  readonly transaction: SingleTransaction;
  readonly form: RequestForm;
  /** Fields of the request that stand in the path, by the path's names for them. */
  readonly fromPath?: Readonly<Record<string, string>>;
  /** Something new comes into being: 201, and where it is found. */
  readonly location?: (request: Readonly<Record<string, unknown>>) => string;
}

/** Adds one route for each row. */
export function writeRoutes(app: FastifyInstance, services: Services, rows: readonly WriteRoute[]): void {
  for (const row of rows) addWriteRoute(app, services, row);
}

function addWriteRoute(app: FastifyInstance, services: Services, row: WriteRoute): void {
  const { method = 'POST', url, access = 'partner', tag, summary, form, fromPath = {} } = row;
  app.route({
    method, url,
    config: { access, scope: SCOPE_OF_TRANSACTION[row.transaction] },
    schema: described({ tags: [tag], summary, repeatable: true, ...paramsSchema(fromPath), body: bodySchema(form, Object.values(fromPath)), response: answersOfWrite(row.location !== undefined) }),
    handler: async (request, reply) => {
      const body = joinPath(request.body, request.params as Readonly<Record<string, string>>, fromPath);
      form.shape(body);
      const answer = await submitAs(services, request, row.transaction, body);
      if (row.location !== undefined && answer.status === 'committed') reply.code(201).header('Location', row.location(body));
      return answerOf(answer, reply);
    },
  });
}

/** Without what the path says, and with an example to try. */
export function bodySchema({ schema, example }: Pick<RequestForm, 'schema' | 'example'>, inPath: readonly string[] = []): JsonSchema {
  const fields = Object.entries(example).filter(([name]) => !inPath.includes(name));
  return { ...withoutFields(schema, inPath), examples: [Object.fromEntries(fields)] };
}

function paramsSchema(fromPath: Readonly<Record<string, string>>): { params?: JsonSchema } {
  const names = Object.keys(fromPath);
  return names.length === 0 ? {} : { params: pathSchema(...names) };
}

/**
 * The transaction's request: the body, and what the path says. A body that says it too could say otherwise.
 *
 * @throws Problem FIELD_WRONG_TYPE for a body that is no object, FIELD_UNKNOWN for a field that belongs in the path
 */
export function joinPath(body: unknown, params: Readonly<Record<string, string>>, fromPath: Readonly<Record<string, string>>): Readonly<Record<string, unknown>> {
  const given = body ?? {};
  if (typeof given !== 'object' || Array.isArray(given)) throw new Problem('FIELD_WRONG_TYPE', { field: '', expected: 'object' });
  const joined: Record<string, unknown> = { ...given };
  for (const [name, field] of Object.entries(fromPath)) {
    require(!Object.hasOwn(given, field), 'FIELD_UNKNOWN', { field, expected: 'in the path only' });
    joined[field] = params[name];
  }
  return joined;
}

/**
 * Submits in the name of whoever calls, and notes whose transaction it is.
 *
 * @param body already read by the transaction's shape
 * @throws Problem what the contract refuses, SCOPE_MISSING, CALLER_NOT_ALLOWED, IDEMPOTENCY_…, OUTBOX_FULL; LedgerFailure
 */
export async function submitAs(services: Services, request: FastifyRequest, transaction: TransactionName, body: Readonly<Record<string, unknown>>): Promise<SubmitAnswer> {
  const principal = principalOf(request);
  requireScopes(principal, transaction, body);
  const text = canonicalJson(body as Json);
  const key = idempotencyOf(request, principal, text);
  return submitFor(services, principal, { transaction, text, ...(key === undefined ? {} : { key }) });
}

export interface Submitting {
  readonly transaction: TransactionName;
  readonly text: string;
  readonly key?: Idempotency;
}

/** Submits one request text; waits, within the time for an answer, until the copy for reading shows it. */
export async function submitFor(services: Services, principal: Pick<Principal, 'organisation' | 'type'>, { transaction, text, key }: Submitting): Promise<SubmitAnswer> {
  const { ledger, identities, owners } = services;
  const identity = await identities.identityFor(principal.organisation, principal.type, transaction);
  const answer = await ledger.submit(transaction, [text], { identity, ...(key === undefined ? {} : { idempotency: key }) });
  await owners.note(answer.transactionId, principal.organisation, answer.status === 'pending');
  if (answer.status === 'committed') await services.model.waitFor(answer.block, AbortSignal.timeout(services.settings.commitWithinMs));
  return answer;
}

/** The caller's key, bound to its organisation, the address and the body. */
export function idempotencyOf(request: Pick<FastifyRequest, 'headers' | 'method' | 'url'>, principal: Principal, body: string): Idempotency | undefined {
  const key = idempotencyKeyOf(request);
  if (key === undefined) return undefined;
  return { principal: principal.organisation, key, body: `${request.method} ${request.url}\n${body}` };
}

/** The caller's key as it stands in the request. @throws Problem IDEMPOTENCY_KEY_WRONG */
export function idempotencyKeyOf({ headers }: Pick<FastifyRequest, 'headers'>): string | undefined {
  const key = headers['idempotency-key'];
  if (key !== undefined && typeof key !== 'string') throw new Problem('IDEMPOTENCY_KEY_WRONG', { field: 'Idempotency-Key' });
  return key;
}

/** Committed: what the contract answered, with block and id. Not known yet: 202, and where it will be. */
export function answerOf(answer: SubmitAnswer, reply: FastifyReply): Record<string, unknown> {
  if (answer.status === 'pending') {
    reply.code(202).header('Location', `/v1/transactions/${answer.transactionId}`).header('Retry-After', '1');
    return { transactionId: answer.transactionId, status: 'pending' };
  }
  return committedBody(answer);
}

export function committedBody({ transactionId, block, result }: Extract<SubmitAnswer, { status: 'committed' }>): Record<string, unknown> {
  return { transactionId, block: String(block), ...(JSON.parse(result) as Record<string, unknown>) };
}
