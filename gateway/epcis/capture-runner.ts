/**
 * Runs capture jobs (EPCIS 2.0 section 8.1.4): `rollback` as one ledger transaction, which happens wholly or not at
 * all, `proceed` as one for each event. Success means committed. What is done with is stored before the next step.
 */
import { canonicalJson, type Json } from '#domain/canonical-json.js';
import type { EventPlace } from '#domain/epcis/own-uris.js';
import type { Problem } from '#domain/errors.js';
import { settle, type Submit } from '../jobs/ledger-writer.js';
import type { StoredProblem } from '../jobs/stored-problem.js';
import type { Clock } from '../ledger/clock.js';
import type { CaptureItem } from './capture-request.js';
import type { Captured, CaptureJob, CaptureStore, JobError } from './capture-store.js';

export interface RunnerTools {
  readonly submit: Submit;
  readonly captures: CaptureStore;
  readonly clock: Clock;
}

/** The ledger port knows an idempotency key for seven days; beyond it, asking again could do it again. */
const LONGEST_INTERRUPTION_MS = 6 * 24 * 3_600_000;

/** Runs one job to its end, or until `signal`. */
export async function runCapture(tools: RunnerTools, id: string, signal: AbortSignal): Promise<void> {
  const job = await tools.captures.job(id);
  if (job === undefined || job.finishedAt !== undefined) return;
  if (tools.clock.now() - job.createdAt > LONGEST_INTERRUPTION_MS) {
    await finish(tools, { ...job, errors: [...job.errors, { code: 'EPCIS_JOB_TOO_OLD', fields: {} }] }, []);
    return;
  }
  const items = await tools.captures.items(id);
  await (job.behaviour === 'rollback' ? runRollback(tools, job, items, signal) : runProceed(tools, job, items, signal));
}

async function finish({ captures, clock }: RunnerTools, job: CaptureJob, captured: readonly Captured[]): Promise<void> {
  await captures.progress({ ...job, finishedAt: clock.now() }, captured);
}

/** What is to be done about one event, given all that was captured before it. */
type Plan =
  | { readonly present: EventPlace }
  | { readonly refusal: StoredProblem }
  | { readonly item: CaptureItem; readonly step: NonNullable<CaptureItem['step']> }
  /** the same event as an earlier one of this document */
  | { readonly sameAs: number };

async function planOf(captures: CaptureStore, organisation: string, item: CaptureItem): Promise<Plan> {
  const { hash, eventID, step, refusal } = item;
  if (refusal !== undefined || step === undefined || hash === undefined) return { refusal: refusal ?? { code: 'EPCIS_OPERATION_UNSUPPORTED', fields: {} } };
  const present = await captures.placeOfHash(organisation, hash);
  const known = eventID === undefined ? undefined : await captures.hashOfId(organisation, eventID);
  if (known !== undefined && known !== hash) return { refusal: { code: 'EPCIS_EVENT_ID_REUSED', fields: { eventID: eventID ?? '' } } };
  return present === undefined ? { item, step } : { present };
}

async function plansOf(captures: CaptureStore, job: CaptureJob, items: readonly CaptureItem[]): Promise<Plan[]> {
  const seen = new Map<string, number>();
  const ids = new Map<string, string>();
  const plans: Plan[] = [];
  for (const [index, item] of items.entries()) {
    const plan = await planOf(captures, job.owner.organisation, item);
    plans.push('step' in plan ? againstOthers(plan, index, seen, ids) : plan);
  }
  return plans;
}

/** Two events of one document may be the same, or claim the same id. */
function againstOthers(plan: Extract<Plan, { step: unknown }>, index: number, seen: Map<string, number>, ids: Map<string, string>): Plan {
  const { hash = '', eventID } = plan.item;
  const owner = eventID === undefined ? hash : ids.get(eventID) ?? hash;
  if (owner !== hash) return { refusal: { code: 'EPCIS_EVENT_ID_REUSED', fields: { eventID: eventID ?? '' } } };
  if (eventID !== undefined) ids.set(eventID, hash);
  const earlier = seen.get(hash);
  if (earlier !== undefined) return { sameAs: earlier };
  seen.set(hash, index);
  return plan;
}

async function runRollback(tools: RunnerTools, job: CaptureJob, items: readonly CaptureItem[], signal: AbortSignal): Promise<void> {
  const plans = await plansOf(tools.captures, job, items);
  const errors = plans.flatMap((plan, event): JobError[] => ('refusal' in plan ? [{ event, ...plan.refusal }] : []));
  if (errors.length > 0) {
    await finish(tools, { ...job, errors }, []);
    return;
  }
  const todo = plans.flatMap((plan, event) => ('step' in plan ? [{ event, ...plan }] : []));
  const outcome = todo.length === 0 ? undefined : await settle(tools.submit, captureOf(job, `epcis-${job.id}`, todo.map(({ step }) => step)), tools.clock, signal);
  if (outcome?.status === 'stopped') return;
  if (outcome?.status === 'refused') {
    await finish(tools, { ...job, errors: [errorOf(outcome.problem, todo.map(({ event }) => event))] }, []);
    return;
  }
  const transactionId = outcome?.transactionId ?? '';
  const captured = todo.map(({ item, event }, index): Captured & { event: number } => ({ item, event, place: { transactionId, index } }));
  await finish(tools, { ...job, places: placesOf(plans, captured) }, captured);
}

function captureOf(job: CaptureJob, key: string, steps: readonly NonNullable<CaptureItem['step']>[]): Parameters<Submit>[0] {
  return { owner: job.owner, transaction: 'goods:capture', argument: canonicalJson({ steps: steps as unknown as Json }), key };
}

/** Every step of a capture writes one event, in the order of the steps. */
function placesOf(plans: readonly Plan[], captured: readonly (Captured & { event: number })[]): (EventPlace | null)[] {
  const fresh = new Map(captured.map(({ event, place }) => [event, place]));
  return plans.map((plan, event) => {
    if ('present' in plan) return plan.present;
    return fresh.get('sameAs' in plan ? plan.sameAs : event) ?? null;
  });
}

/** The contract may name the step that it refused, from 0; the event's place in the document may be another. */
function errorOf(problem: Problem, events: readonly number[]): JobError {
  const { field = '', ...fields } = problem.fields;
  const [, step, inRequest = ''] = /^(?:steps\[(\d+)\])?\.?(?:request)?\.?(.*)$/.exec(field) ?? [];
  const event = step === undefined ? onlyOne(events) : events[Number(step)];
  return { code: problem.code, fields: inRequest === '' ? fields : { ...fields, field: inRequest }, ...(event === undefined ? {} : { event }) };
}

function onlyOne(events: readonly number[]): number | undefined {
  return events.length === 1 ? events[0] : undefined;
}

async function runProceed(tools: RunnerTools, job: CaptureJob, items: readonly CaptureItem[], signal: AbortSignal): Promise<void> {
  const errors = [...job.errors];
  const places = [...job.places];
  for (let event = job.next; event < items.length; event++) {
    const done = await captureOne(tools, job, items[event] ?? {}, event, signal);
    if (done === 'stopped') return;
    errors.push(...done.errors);
    places.push(done.place);
    const now = { ...job, next: event + 1, errors, places };
    await (now.next < items.length ? tools.captures.progress(now, done.captured) : finish(tools, now, done.captured));
  }
}

interface One {
  readonly place: EventPlace | null;
  readonly errors: readonly JobError[];
  readonly captured: readonly Captured[];
}

async function captureOne(tools: RunnerTools, job: CaptureJob, item: CaptureItem, event: number, signal: AbortSignal): Promise<One | 'stopped'> {
  const plan = await planOf(tools.captures, job.owner.organisation, item);
  if ('refusal' in plan) return failed({ event, ...plan.refusal });
  if ('present' in plan) return { place: plan.present, errors: [], captured: [] };
  if (!('step' in plan)) throw new Error('one event alone has no other');
  const outcome = await settle(tools.submit, captureOf(job, `epcis-${job.id}-${event}`, [plan.step]), tools.clock, signal);
  if (outcome.status === 'stopped') return 'stopped';
  if (outcome.status === 'refused') return failed(errorOf(outcome.problem, [event]));
  const place = { transactionId: outcome.transactionId, index: 0 };
  return { place, errors: [], captured: [{ item, place }] };
}

const failed = (error: JobError): One => ({ place: null, errors: [error], captured: [] });
