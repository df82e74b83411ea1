/** Batches as their institution deals with them: uploaded by one person, approved by another, watched, cancelled, taken away. */
import { createHash } from 'node:crypto';
import { canonicalJson } from '#domain/canonical-json.js';
import { trustScopeOf, type CredentialClaims } from '#domain/credential/claims.js';
import type { DiplomaRowError } from '#domain/credential/diploma-rows.js';
import { Problem, require } from '#domain/errors.js';
import { epochMs, instantOf } from '#domain/instant.js';
import { authorise } from '#domain/trust/authorise.js';
import type { Caller } from '../callers.js';
import type { HeldDid } from '../dids/held-did.js';
import type { IssueClock } from '../issue-clock.js';
import type { TrustCopy } from '../ledger/trust-copy.js';
import type { DiplomaNumbers } from '../credentials/diploma-numbers.js';
import { putJson } from '../store/issuer-store.js';
import { approved, AT_WORK, cancelled, requireApprovable, requirePossible, type Batch, type BatchState } from './batch.js';
import { BatchJob, seedRow, type JobParts } from './batch-job.js';
import type { BatchOrder } from './batch-order.js';
import { drawSlots, type SlotParts } from './batch-slots.js';
import { storeUpload } from './batch-upload.js';
import type { Institution } from './institution.js';
import { JobLine } from './job-line.js';
import { SEED_BYTES } from './seeded-chance.js';

export interface BatchDeskParts extends Omit<JobParts, 'onProgress' | 'sets' | 'lists'> {
  readonly sets: JobParts['sets'] & SlotParts['sets'];
  readonly lists: JobParts['lists'] & SlotParts['lists'];
  readonly numbers: DiplomaNumbers;
  readonly trust: TrustCopy;
  readonly clock: IssueClock;
  readonly institutionOf: (caller: Caller) => Promise<Institution>;
  readonly randomBytes: (length: number) => Buffer;
  /** Told of faults of ours in the background. */
  readonly onFault: (error: unknown) => void;
}

/** How far a job is, since this state of it began or was taken up again. */
export interface Progress {
  readonly state: BatchState;
  readonly done: number;
  readonly of: number;
  readonly perSecond: number;
  /** whole seconds; absent while nothing can be said */
  readonly secondsLeft?: number;
  /** what it waits for, if it does */
  readonly waiting?: Problem;
}

interface Pace {
  state: BatchState;
  since: number;
  from: number;
  done: number;
  waiting: Problem | undefined;
}

/** Batches of one organisation that wait for somebody. */
const MOST_OPEN = 20;
/** Files on their way here at the same time; they are looked into one after the other, for each takes many times its size. */
const READ_AT_ONCE = 8;
const SHOWN_ERRORS = 100;
const KEPT_MS = 30 * 24 * 3_600_000;

export class BatchDesk {
  readonly #parts: BatchDeskParts;
  readonly #line: JobLine;
  readonly #paces = new Map<string, Pace>();
  #reading = 0;

  constructor(parts: BatchDeskParts) {
    this.#parts = parts;
    const jobs: JobParts = { ...parts, onProgress: (batch, progress) => this.#note(batch, progress) };
    this.#line = new JobLine({ run: async (id, signal) => new BatchJob(jobs, id, signal).run(), onFault: parts.onFault });
  }

  /** Takes up what an earlier run left open, and destroys what it should have destroyed. */
  async open(): Promise<void> {
    const { batches, now } = this.#parts;
    for (const batch of batches.list()) {
      if (AT_WORK.has(batch.state) || batch.state === 'issued' || batch.state === 'cancelled') this.#line.add(batch.id);
      if ((batch.state === 'refused' || batch.state === 'cancelled') && batch.preparedAt < now() - KEPT_MS) await batches.forget(batch);
    }
  }

  async close(): Promise<void> {
    await this.#line.close();
  }

  /** Resolves when a batch's job has run as far as it goes for now. */
  async settled(id: string): Promise<void> {
    await this.#line.ended(id);
  }

  /**
   * Takes a file. The same file with the same order is the same batch, until that is refused or cancelled.
   *
   * @returns the batch, and whether it is new
   * @throws Problem DID_…, BATCH_TOO_MANY_OPEN, BATCH_TOO_MANY_UPLOADS, those of the table; rows that are wrong are no
   *   refusal, but a batch in state `refused`
   */
  async upload(caller: Caller, order: BatchOrder, body: () => Promise<Buffer>): Promise<{ batch: Batch; isNew: boolean }> {
    this.#own(caller, order.did);
    require(this.#reading < READ_AT_ONCE, 'BATCH_TOO_MANY_UPLOADS', { most: String(READ_AT_ONCE) });
    this.#reading += 1;
    try {
      const bytes = await body();
      return await this.#parts.turns.run('batch upload', async () => this.#take(caller, order, bytes));
    } finally {
      this.#reading -= 1;
    }
  }

  async #take(caller: Caller, order: BatchOrder, bytes: Buffer): Promise<{ batch: Batch; isNew: boolean }> {
    const { batches, institutionOf, now, numbers } = this.#parts;
    const file = createHash('sha256').update(bytes).digest('hex');
    const name = [caller.organisation, file, canonicalJson({ ...order, defaults: { ...order.defaults } })];
    const known = await batches.ofFile(name);
    if (known !== undefined && known.state !== 'refused' && known.state !== 'cancelled') return { batch: known, isNew: false };
    const open = batches.list(caller.organisation).filter(({ endedAt }) => endedAt === undefined).length;
    require(open < MOST_OPEN, 'BATCH_TOO_MANY_OPEN', { most: String(MOST_OPEN) });
    const upload = { id: this.#newId(), order, bytes, file, issuer: await institutionOf(caller), by: caller.key.id, now: now() };
    const batch = await storeUpload({ batches, numbers }, upload, (id) => batches.file(name, id));
    return { batch, isNew: true };
  }

  /** Sorts by the time, and cannot be guessed. */
  #newId(): string {
    return this.#parts.now().toString(16).padStart(12, '0') + this.#parts.randomBytes(10).toString('hex');
  }

  /** The caller's batches, the newest first. */
  list(caller: Caller): Batch[] {
    return this.#parts.batches.list(caller.organisation);
  }

  /** @throws Problem BATCH_UNKNOWN */
  find(caller: Caller, id: string): Batch {
    return this.#parts.batches.own(id, caller.organisation);
  }

  progress(batch: Batch): Progress | undefined {
    const pace = this.#paces.get(batch.id);
    if (pace === undefined || !AT_WORK.has(batch.state)) return undefined;
    const seconds = (this.#parts.now() - pace.since) / 1000;
    const perSecond = seconds <= 0 ? 0 : Math.round((pace.done - pace.from) / seconds);
    const left = perSecond === 0 ? {} : { secondsLeft: Math.ceil((batch.rows - pace.done) / perSecond) };
    return { state: batch.state, done: pace.done, of: batch.rows, perSecond, ...left, ...(pace.waiting === undefined ? {} : { waiting: pace.waiting }) };
  }

  /** All errors that are kept. Throws BATCH_UNKNOWN. */
  errors(caller: Caller, id: string): AsyncGenerator<DiplomaRowError> {
    return this.#parts.batches.errors(this.find(caller, id).id);
  }

  async firstErrors(batch: Batch): Promise<DiplomaRowError[]> {
    return [...await this.#parts.batches.readChunk<DiplomaRowError>('error', batch.id, 0) ?? []].slice(0, SHOWN_ERRORS);
  }

  /**
   * Approves a batch, and starts its job: everything that its credentials will say is settled with this. To approve one that
   * is at work changes nothing, but that the ledger is asked with this caller's key from now on.
   *
   * @throws Problem BATCH_UNKNOWN, BATCH_STATE_WRONG, BATCH_SAME_PERSON, DID_…, CLOCK_…, GRANT_… and the other codes of
   *   `authorise`, LEDGER_UNREACHABLE
   */
  async approve(caller: Caller, id: string): Promise<Batch> {
    const { batches, turns, standing, lists } = this.#parts;
    requireApprovable(this.find(caller, id), caller.key.id);
    const { did } = this.find(caller, id);
    this.#own(caller, did);
    await standing.remember(did, caller);
    await lists.ready(did);
    const batch = await turns.run(`batch ${id}`, async () => {
      const now = batches.own(id, caller.organisation);
      requireApprovable(now, caller.key.id);
      return AT_WORK.has(now.state) ? now : this.#begin(now, caller.key.id);
    });
    this.#line.add(id);
    return batch;
  }

  async #begin(batch: Batch, by: string): Promise<Batch> {
    const { batches, clock, dids, randomBytes } = this.#parts;
    const now = await clock.read();
    const { keyId } = dids.signingKey(batch.did);
    await this.#authorise(batch, keyId, now);
    await batches.drop(batch.id, ['signed', 'leaf']); // of a run that was stopped
    const next = approved(batch, { by, now, keyId });
    const slots = await drawSlots(next, this.#parts);
    try {
      return await batches.save(next, [...slots.rows, putJson(seedRow(batch.id), randomBytes(SEED_BYTES).toString('hex')), clock.noting(now)]);
    } catch (error) {
      slots.release();
      throw error;
    }
  }

  /** What a verifier would refuse is not begun; the ledger decides, this copy says it early. */
  async #authorise({ did, institution }: Batch, keyId: string, now: number): Promise<void> {
    const trust = await this.#parts.trust.current();
    const at = instantOf(Math.floor(now / 1000) * 1000);
    const known = instantOf(Math.max(now, epochMs(trust.knownAt)));
    const scope = trustScopeOf({ type: 'DiplomaCredential', subjectClaims: { institution } } as CredentialClaims);
    const { answer, code = 'GRANT_MISSING' } = authorise({ did, keyId, action: 'issue', type: 'DiplomaCredential', scope, at, known }, trust);
    if (answer !== 'AUTHORISED') throw new Problem(code, { did, type: 'DiplomaCredential', ...(code === 'GRANT_SCOPE_NARROWER' ? { province: institution.province } : {}) });
  }

  /** Ends a batch of which nobody outside has seen anything. Throws BATCH_UNKNOWN, BATCH_STATE_WRONG. */
  async cancel(caller: Caller, id: string): Promise<Batch> {
    const { batches, turns, now } = this.#parts;
    requirePossible(this.find(caller, id), 'cancel');
    const batch = await turns.run(`batch ${id}`, async () => batches.save(cancelled(batches.own(id, caller.organisation), now())));
    this.#line.add(id);
    return batch;
  }

  /** @throws Problem DID_NOT_HERE, DID_NOT_HELD */
  #own({ organisation }: Caller, did: string): HeldDid {
    const held = this.#parts.dids.known(did);
    require(held.organisation === organisation, 'DID_NOT_HELD', { did, organisation });
    return held;
  }

  #note(batch: string, { state, done, waiting }: { state: BatchState; done: number; waiting?: Problem }): void {
    const pace = this.#paces.get(batch);
    if (!AT_WORK.has(state)) this.#paces.delete(batch);
    else if (pace?.state === state) Object.assign(pace, { done: Math.max(done, pace.done), waiting });
    else this.#paces.set(batch, { state, since: this.#parts.now(), from: done, done, waiting });
  }
}
