/** Writes of several steps in one transaction: all happen or none, and the answer speaks of the body's own members. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Json } from '#domain/canonical-json.js';
import { Problem, within } from '#domain/errors.js';
import type { TransactionName } from '#domain/transactions.js';
import type { SubmitAnswer } from '../ledger/ledger.js';
import type { Services } from '../services.js';
import { answerOf, submitAs } from './write-route.js';

/** One step of a `goods:capture`. */
export interface WriteStep {
  readonly transaction: TransactionName;
  readonly request: Json;
  /** Where it stands in the body, e.g. `statusLists[0]`; empty for the body itself. */
  readonly place: string;
}

/**
 * Submits the steps in the name of whoever calls; a single one as the transaction that it is.
 *
 * @throws Problem what a contract refuses, its field as a path in the body; SCOPE_MISSING, CALLER_NOT_ALLOWED,
 *   IDEMPOTENCY_…, OUTBOX_FULL; LedgerFailure
 */
export async function submitSteps(services: Services, request: FastifyRequest, steps: readonly WriteStep[]): Promise<SubmitAnswer> {
  const [only] = steps;
  if (steps.length === 1 && only !== undefined) return submitAs(services, request, only.transaction, only.request as Readonly<Record<string, unknown>>);
  try {
    return await submitAs(services, request, 'goods:capture', { steps: steps.map((step) => ({ transaction: step.transaction, request: step.request })) });
  } catch (error) {
    throw error instanceof Problem ? placedInBody(error, steps) : error;
  }
}

const STEP = /^steps\[(\d+)\]\.?/;

/** `steps[1].lines[0]` of the capture is `lines[0]` of the body, if the second step is the body itself. */
function placedInBody(problem: Problem, steps: readonly WriteStep[]): Problem {
  const { field = '', ...fields } = problem.fields;
  const [before = '', number] = STEP.exec(field) ?? [];
  const step = steps[Number(number)];
  if (step === undefined) return problem;
  const inside = field.slice(before.length);
  const own = new Problem(problem.code, { ...fields, ...(inside === '' ? {} : { field: inside }) });
  return step.place === '' ? own : within(step.place, own);
}

/** What each step answered, under its place in the body: `{ licence, statusLists: [{ … }] }`. */
export function stepAnswer(answer: SubmitAnswer, steps: readonly WriteStep[], reply: FastifyReply): Record<string, unknown> {
  const body = answerOf(answer, reply);
  if (steps.length === 1 || answer.status === 'pending') return body;
  const { answers, ...rest } = body as { readonly answers: readonly object[] };
  return steps.reduce<Record<string, unknown>>((joined, { place }, index) => placed(joined, place, answers[index] ?? {}), rest);
}

function placed(joined: Record<string, unknown>, place: string, one: object): Record<string, unknown> {
  if (place === '') return { ...joined, ...one };
  const name = place.replace(/\[\d+\]$/, '');
  if (name === place) return { ...joined, [name]: one };
  return { ...joined, [name]: [...(joined[name] ?? []) as readonly object[], one] };
}
