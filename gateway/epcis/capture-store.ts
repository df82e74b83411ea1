/**
 * What is remembered of captures, one durable store, keys below `epcis/`:
 *
 * | key | content |
 * |---|---|
 * | `job/{id}` | the job |
 * | `body/{id}` | its events, until it has ended |
 * | `open/{id}` | that it has not ended |
 * | `of/{organisation}/{id, newest first}` | the jobs of an organisation |
 * | `hash/{organisation}/{event hash}` | where the event stands on the ledger |
 * | `id/{organisation}/{eventID}` | which event a sender's own id was given to |
 */
import type { EventPlace } from '#domain/epcis/own-uris.js';
import { newestFirst } from '../jobs/job-id.js';
import type { JobOwner } from '../jobs/ledger-writer.js';
import type { StoredProblem } from '../jobs/stored-problem.js';
import type { Change, DurableStore } from '../ledger/durable-store.js';
import { getJson, putJson } from '../sealed-json.js';
import type { CaptureItem } from './capture-request.js';

export type ErrorBehaviour = 'rollback' | 'proceed';

export interface JobError extends StoredProblem {
  /** the event's place in the document, from 0; absent where it is not known */
  readonly event?: number;
}

export interface CaptureJob {
  readonly id: string;
  readonly owner: JobOwner;
  readonly behaviour: ErrorBehaviour;
  /** milliseconds since 1970 */
  readonly createdAt: number;
  readonly finishedAt?: number;
  readonly errors: readonly JobError[];
  readonly events: number;
  /** With `proceed`: how many events are done with. */
  readonly next: number;
  /** Where each captured event stands on the ledger, in the order of the document; `null` for those that do not. */
  readonly places: readonly (EventPlace | null)[];
}

/** An event that is on the ledger now. */
export interface Captured {
  readonly item: CaptureItem;
  readonly place: EventPlace;
}

const ROOT = 'epcis/';
const jobKey = (id: string): string => `${ROOT}job/${id}`;
const bodyKey = (id: string): string => `${ROOT}body/${id}`;
const openKey = (id: string): string => `${ROOT}open/${id}`;
const ofPrefix = (organisation: string): string => `${ROOT}of/${organisation}/`;
const hashKey = (organisation: string, hash: string): string => `${ROOT}hash/${organisation}/${hash}`;
const idKey = (organisation: string, eventID: string): string => `${ROOT}id/${organisation}/${eventID}`;

export class CaptureStore {
  readonly #store: DurableStore;

  constructor(store: DurableStore) {
    this.#store = store;
  }

  /** Stores a new job with all that it needs to run after a restart. */
  async create(job: CaptureJob, items: readonly CaptureItem[]): Promise<void> {
    const { id, owner } = job;
    const listed = { key: ofPrefix(owner.organisation) + newestFirst(id), value: Buffer.from(id) };
    await this.#store.write([putJson(jobKey(id), job), putJson(bodyKey(id), items), { key: openKey(id), value: Buffer.alloc(0) }, listed], true);
  }

  /** Stores how far a job has come, and what it brought onto the ledger, in one batch. */
  async progress(job: CaptureJob, captured: readonly Captured[]): Promise<void> {
    const { organisation } = job.owner;
    const ended: Change[] = job.finishedAt === undefined ? [] : [{ key: openKey(job.id) }, { key: bodyKey(job.id) }];
    await this.#store.write([putJson(jobKey(job.id), job), ...captured.flatMap((one) => namesOf(organisation, one)), ...ended], true);
  }

  async job(id: string): Promise<CaptureJob | undefined> {
    return await getJson(this.#store, jobKey(id)) as CaptureJob | undefined;
  }

  async items(id: string): Promise<readonly CaptureItem[]> {
    return (await getJson(this.#store, bodyKey(id)) ?? []) as readonly CaptureItem[];
  }

  /** The jobs that an earlier run left open, the oldest first. */
  async open(): Promise<CaptureJob[]> {
    const jobs: CaptureJob[] = [];
    for await (const [key] of this.#store.rows(openKey(''))) {
      const job = await this.job(key.slice(openKey('').length));
      if (job !== undefined) jobs.push(job);
    }
    return jobs;
  }

  /**
   * Jobs of an organisation, the newest first.
   *
   * @param after the id of the last job of the page before
   */
  async list(organisation: string, limit: number, after: string | undefined): Promise<{ jobs: CaptureJob[]; more: boolean }> {
    const start = after === undefined ? '' : ofPrefix(organisation) + newestFirst(after);
    const jobs: CaptureJob[] = [];
    for await (const [key, value] of this.#store.rows(ofPrefix(organisation))) {
      if (key <= start) continue;
      if (jobs.length === limit) return { jobs, more: true };
      const job = await this.job(value.toString());
      if (job !== undefined) jobs.push(job);
    }
    return { jobs, more: false };
  }

  /** Where an event with this hash stands, if this organisation captured it here. */
  async placeOfHash(organisation: string, hash: string): Promise<EventPlace | undefined> {
    return await getJson(this.#store, hashKey(organisation, hash)) as EventPlace | undefined;
  }

  /** The hash of the event that a sender's own id was given to. */
  async hashOfId(organisation: string, eventID: string): Promise<string | undefined> {
    return await getJson(this.#store, idKey(organisation, eventID)) as string | undefined;
  }
}

function namesOf(organisation: string, { item: { hash, eventID }, place }: Captured): Change[] {
  if (hash === undefined) return [];
  const byHash = putJson(hashKey(organisation, hash), { transactionId: place.transactionId, index: place.index });
  return eventID === undefined ? [byHash] : [byHash, putJson(idKey(organisation, eventID), hash)];
}

