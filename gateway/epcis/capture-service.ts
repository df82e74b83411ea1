/** Captures from the posting of a document to its job's end. */
import { captureItems, type CaptureItem } from './capture-request.js';
import { runCapture } from './capture-runner.js';
import { CaptureStore, type CaptureJob, type ErrorBehaviour } from './capture-store.js';
import { readDocument, readLoneEvent } from '#domain/epcis/document.js';
import type { EventPlace } from '#domain/epcis/own-uris.js';
import { Problem, require } from '#domain/errors.js';
import { isJobId, jobId } from '../jobs/job-id.js';
import { JobQueue } from '../jobs/job-queue.js';
import type { JobOwner } from '../jobs/ledger-writer.js';
import { CAPTURE_LIMIT } from './negotiation.js';
import type { EpcisDependencies } from './ports.js';

/** Jobs of one organisation that may wait. */
const MOST_WAITING = 100;
const AT_ONCE = 4;

export class CaptureService {
  readonly #deps: EpcisDependencies;
  readonly #captures: CaptureStore;
  readonly #queue: JobQueue;

  constructor(deps: EpcisDependencies) {
    this.#deps = deps;
    this.#captures = new CaptureStore(deps.store);
    const tools = { submit: deps.submit, captures: this.#captures, clock: deps.clock };
    this.#queue = new JobQueue({ run: (id, signal) => runCapture(tools, id, signal), atOnce: AT_ONCE, onFault: (error) => deps.onFault(error) });
  }

  /** Takes up the jobs that an earlier run left open. */
  async open(): Promise<void> {
    for (const { id, owner } of await this.#captures.open()) this.#queue.add(owner.organisation, id);
  }

  async close(): Promise<void> {
    await this.#queue.close();
  }

  /**
   * Stores a job for a document.
   *
   * @param body parsed from strict JSON
   * @throws Problem EPCIS_TOO_MANY_EVENTS, EPCIS_TOO_MANY_JOBS, the codes of a document that is none, and those of
   *   kind `malformed` and `too-large` of its events
   */
  async captureDocument(body: unknown, behaviour: ErrorBehaviour, owner: JobOwner): Promise<CaptureJob> {
    this.#requireRoom(owner);
    const { events, prefixes } = readDocument(body);
    require(events.length <= CAPTURE_LIMIT, 'EPCIS_TOO_MANY_EVENTS', { most: String(CAPTURE_LIMIT), events: String(events.length) });
    const list = isQueryDocument(body) ? 'epcisBody.queryResults.resultsBody.eventList' : 'epcisBody.eventList';
    return this.#start(await captureItems(events, prefixes, owner.organisation, this.#deps.register, (index) => `${list}[${index}]`), behaviour, owner);
  }

  /**
   * Stores a job for one event.
   *
   * @throws Problem as `captureDocument`; also what cannot be done, for nobody waits for a job to say so
   */
  async captureEvent(body: unknown, owner: JobOwner): Promise<CaptureJob> {
    this.#requireRoom(owner);
    const { event, prefixes } = readLoneEvent(body);
    const [item] = await captureItems([event], prefixes, owner.organisation, this.#deps.register, () => '');
    if (item?.refusal !== undefined) throw new Problem(item.refusal.code, item.refusal.fields);
    return this.#start(item === undefined ? [] : [item], 'rollback', owner);
  }

  /** The job after it has ended, or as it is after `withinMs`. */
  async ended({ id, owner }: CaptureJob, withinMs: number): Promise<CaptureJob> {
    const patience = new AbortController();
    await Promise.race([this.#queue.ended(id), this.#deps.clock.wait(withinMs, patience.signal)]);
    patience.abort();
    return this.job(id, owner);
  }

  /** @throws Problem EPCIS_JOB_UNKNOWN, also for another organisation's */
  async job(id: string, owner: JobOwner): Promise<CaptureJob> {
    const job = isJobId(id) ? await this.#captures.job(id) : undefined;
    require(job?.owner.organisation === owner.organisation, 'EPCIS_JOB_UNKNOWN', { captureID: id.slice(0, 60) });
    return job;
  }

  /** The newest first. */
  async jobs(owner: JobOwner, limit: number, after: string | undefined): Promise<{ jobs: CaptureJob[]; more: boolean }> {
    return this.#captures.list(owner.organisation, limit, after);
  }

  /** Where an event stands that was captured here under this id: the sender's own, or its event hash. */
  async placeOfId({ organisation }: JobOwner, eventID: string): Promise<EventPlace | undefined> {
    const hash = await this.#captures.hashOfId(organisation, eventID) ?? eventID;
    return this.#captures.placeOfHash(organisation, hash);
  }

  #requireRoom(owner: JobOwner): void {
    require(this.#queue.length(owner.organisation) < MOST_WAITING, 'EPCIS_TOO_MANY_JOBS', { most: String(MOST_WAITING) });
  }

  async #start(items: readonly CaptureItem[], behaviour: ErrorBehaviour, { organisation, type }: JobOwner): Promise<CaptureJob> {
    const { clock, randomBytes } = this.#deps;
    const now = clock.now();
    const job: CaptureJob = { id: jobId(now, randomBytes), owner: { organisation, type }, behaviour, createdAt: now, errors: [], events: items.length, next: 0, places: [] };
    await this.#captures.create(job, items);
    this.#queue.add(organisation, job.id);
    return job;
  }
}

function isQueryDocument(body: unknown): boolean {
  return (body as { readonly type?: unknown }).type === 'EPCISQueryDocument';
}
