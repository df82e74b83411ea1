/**
 * An approved batch on its way: planned, signed, committed to, published. Each step goes by chunks that are on the disk
 * before the next, and begins where the chunks of an earlier run end, so that a job that dies goes on with the same bytes.
 *
 * ES256 takes a new random number for every signature, so signing twice gives two signatures. That is left as it is: each
 * signature is stored before anything is made of it, and the one that is stored is the credential. To derive the number from
 * the text instead (RFC 6979) would mean to sign outside OpenSSL, with the private key in this program's own numbers.
 */
import { commitmentTree, type CommitmentTree } from '#domain/credential/commitment-tree.js';
import { Problem, require, type ProblemCode } from '#domain/errors.js';
import { putRecord, publicRow, secretsRow, uniqueRow } from '../credentials/credential-record.js';
import { planCredential, type Plan } from '../credentials/plan.js';
import { leafOf, sha256, signClaims } from '../credentials/signing.js';
import type { DidRows } from '../dids/did-rows.js';
import type { HeldKey } from '../dids/held-did.js';
import type { InTurn } from '../in-turn.js';
import { isFinal } from '../ledger/gateway-answer.js';
import type { StandingKeys } from '../ledger/standing-keys.js';
import type { TrustLedger } from '../ledger/trust-ledger.js';
import type { Chance } from '../random-names.js';
import type { ListSets, Slot } from '../status/list-sets.js';
import type { StatusLists } from '../status/status-lists.js';
import { putJson, type Change, type IssuerStore } from '../store/issuer-store.js';
import type { IssuerAgent } from '../veramo-agent.js';
import type { Batch, BatchState } from './batch.js';
import type { BatchRows } from './batch-rows.js';
import { CHUNK } from './chunks.js';
import { orderOfRow, type ReadyRow } from './row-order.js';
import { seededChance } from './seeded-chance.js';

/** Where an issued credential stands. */
export interface Place {
  /** in the file */
  readonly row: number;
  /** `jti` */
  readonly id: string;
}

export interface JobParts {
  readonly store: IssuerStore;
  readonly batches: BatchRows;
  readonly dids: DidRows;
  readonly agent: Pick<IssuerAgent, 'signCredential'>;
  readonly ledger: Pick<TrustLedger, 'commit'>;
  readonly standing: StandingKeys;
  readonly lists: Pick<StatusLists, 'ready' | 'urlOf'>;
  readonly sets: Pick<ListSets, 'draw' | 'claiming'>;
  readonly chance: Chance;
  readonly turns: InTurn;
  readonly now: () => number;
  /** Resolves after `ms`, or when `signal` is aborted. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Told after each chunk, and of what is waited for. */
  readonly onProgress: (batch: string, progress: { readonly state: BatchState; readonly done: number; readonly waiting?: Problem }) => void;
}

/** What is destroyed when a batch has ended. */
const WORKING = ['row', 'plan', 'jwt', 'leaf'] as const;

/** The row of a batch's seed; it goes when everything that comes from it is written down. */
export const seedRow = (id: string): string => `batch-seed/${id}`;

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;

/** Thrown and caught here: the batch was cancelled, or the program stops. */
class Left extends Error {}

export class BatchJob {
  readonly #parts: JobParts;
  readonly #id: string;
  readonly #signal: AbortSignal;

  constructor(parts: JobParts, id: string, signal: AbortSignal) {
    this.#parts = parts;
    this.#id = id;
    this.#signal = signal;
  }

  /** Runs until the batch has ended, is stopped, is cancelled, or the program stops; of one that has ended, what it leaves behind goes. */
  async run(): Promise<void> {
    await this.#work();
    const { batches, store } = this.#parts;
    if (this.#batch.state !== 'issued' && this.#batch.state !== 'cancelled') return;
    await batches.drop(this.#id, WORKING);
    if (await store.get(seedRow(this.#id)) !== undefined) await store.erase([{ key: seedRow(this.#id) }]);
  }

  async #work(): Promise<void> {
    for (let pause = FIRST_PAUSE_MS; !this.#signal.aborted; pause = Math.min(LONGEST_PAUSE_MS, pause * 2)) {
      try {
        return await this.#steps();
      } catch (error) {
        if (error instanceof Left) return;
        if (isFinal(error)) return this.#stop(error);
        if (!(error instanceof Problem) || OURS.has(error.code)) throw error;
        this.#tell(0, error);
        await this.#parts.wait(pause, this.#signal);
      }
    }
  }

  async #steps(): Promise<void> {
    if (this.#batch.state === 'planning') await this.#plan();
    if (this.#batch.state === 'signing') await this.#sign();
    if (this.#batch.state === 'committing') await this.#commit();
    if (this.#batch.state === 'publishing') await this.#publish();
  }

  get #batch(): Batch {
    const batch = this.#parts.batches.find(this.#id);
    if (batch === undefined) throw new Error(`no batch ${this.#id}`);
    return batch;
  }

  /** Ids and salts come from the seed; status indices are drawn, and are the credential's with the chunk that names it. */
  async #plan(): Promise<void> {
    const { batches, store, sets } = this.#parts;
    const seed = Buffer.from(String(await store.json(seedRow(this.#id))), 'hex');
    for await (const [chunk, rows] of this.#todo<ReadyRow>('row', 'plan')) {
      const plans: PlannedRow[] = [];
      for (const [at, row] of rows.entries()) plans.push(await this.#planned(row, seededChance(seed, chunk * CHUNK + at)));
      await batches.write([batches.chunk('plan', this.#id, chunk, plans), ...plans.map(({ plan: { record } }) => sets.claiming(record.slot, record.id))]);
      this.#tell(chunk * CHUNK + rows.length);
    }
    await this.#enter('signing');
  }

  async #planned(row: ReadyRow, chance: Pick<Chance, 'token' | 'urnUuid'>): Promise<PlannedRow> {
    const { dids, lists, chance: other } = this.#parts;
    const { did, keyId = '', issuedAt = 0 } = this.#batch;
    const plan = planCredential({
      order: orderOfRow(did, row), held: dids.known(did), keyId, slot: await this.#slot(), now: issuedAt * 1000, unique: row.unique,
      chance: { ...other, ...chance }, urlOf: (set, purpose) => lists.urlOf(set, purpose),
    });
    return { row: row.row, plan, content: row.content };
  }

  /** Where a set of lists is full, the next one is made, and published, before anything points at it. */
  async #slot(): Promise<Slot> {
    const { sets, lists } = this.#parts;
    const { did } = this.#batch;
    for (;;) {
      const slot = sets.draw(did);
      if (slot !== undefined) return slot;
      await lists.ready(did);
    }
  }

  async #sign(): Promise<void> {
    const { batches, agent } = this.#parts;
    const key = this.#key();
    for await (const [chunk, plans] of this.#todo<PlannedRow>('plan', 'jwt')) {
      const [jwts, leaves]: [string[], string[]] = [[], []];
      for (const { plan: { record, secrets } } of plans) {
        const jwt = await signClaims(record.claims, key, agent);
        jwts.push(jwt);
        leaves.push(Buffer.from(await leafOf(jwt, secrets.salt)).toString('base64url'));
      }
      await batches.write([batches.chunk('jwt', this.#id, chunk, jwts), batches.chunk('leaf', this.#id, chunk, leaves)]);
      this.#tell(chunk * CHUNK + plans.length);
    }
    const { root } = await this.#tree();
    await this.#enter('committing', { root });
  }

  /** @throws Problem DID_KEY_UNKNOWN, DID_KEY_COMPROMISED */
  #key(): HeldKey {
    const { did, keyId = '' } = this.#batch;
    const key = this.#parts.dids.known(did).keys.find((one) => one.keyId === keyId);
    if (key === undefined) throw new Problem('DID_KEY_UNKNOWN', { did, keyId });
    require(key.state !== 'compromised', 'DID_KEY_COMPROMISED', { keyId });
    return key;
  }

  /** The Merkle tree of all that was signed, in the order of the rows: from what is stored, so always the same. */
  async #tree(): Promise<CommitmentTree> {
    const leaves: Uint8Array[] = [];
    for await (const leaf of this.#parts.batches.read<string>('leaf', this.#id)) leaves.push(Buffer.from(leaf, 'base64url'));
    return commitmentTree(leaves, sha256);
  }

  async #commit(): Promise<void> {
    const { ledger, standing } = this.#parts;
    const { did, root = '', rows } = this.#batch;
    await ledger.commit(await standing.keyOf(did), { did, root, count: rows });
    await this.#enter('publishing');
  }

  /** Records come first and are seen by nobody: what makes them public are the rows that name them, and these are written at once. */
  async #publish(): Promise<void> {
    const { batches, now } = this.#parts;
    const tree = await this.#tree();
    require(tree.root === this.#batch.root, 'BATCH_ROOT_OTHER', { root: tree.root });
    const places: Place[] = [];
    const names: Change[] = [];
    for await (const [plans, jwts] of this.#signed()) {
      await batches.write(plans.flatMap((planned, at) => recordRows(planned, jwts[at] ?? '', tree.placeOf(places.length + at))));
      places.push(...plans.map(({ row, plan }) => ({ row, id: plan.record.id })));
      names.push(...plans.map(({ plan: { record } }) => putJson(publicRow(record.publicId), record.id)));
      this.#tell(places.length);
    }
    await this.#enter('issued', { endedAt: now() }, [...names, ...batches.chunks('place', this.#id, places)]);
  }

  /** Chunks of one kind that have no counterpart of the next kind yet. */
  async *#todo<T>(from: 'row' | 'plan', to: 'plan' | 'jwt'): AsyncGenerator<[number, readonly T[]]> {
    const { batches } = this.#parts;
    for (let chunk = await batches.countChunks(to, this.#id); ; chunk += 1) {
      this.#requireWanted();
      const content = await batches.readChunk<T>(from, this.#id, chunk);
      if (content === undefined) return;
      yield [chunk, content];
    }
  }

  async *#signed(): AsyncGenerator<[readonly PlannedRow[], readonly string[]]> {
    const { batches } = this.#parts;
    for (let chunk = 0; ; chunk += 1) {
      this.#requireWanted();
      const [plans, jwts] = [await batches.readChunk<PlannedRow>('plan', this.#id, chunk), await batches.readChunk<string>('jwt', this.#id, chunk)];
      if (plans === undefined || jwts === undefined) return;
      yield [plans, jwts];
    }
  }

  #requireWanted(): void {
    if (this.#signal.aborted || this.#batch.state === 'cancelled') throw new Left();
  }

  /** The next state, unless the batch was cancelled meanwhile: whoever comes second sees what the first wrote. */
  async #enter(state: BatchState, facts: Partial<Batch> = {}, changes: readonly Change[] = []): Promise<void> {
    const { batches, turns } = this.#parts;
    await turns.run(`batch ${this.#id}`, async () => {
      this.#requireWanted();
      await batches.save({ ...this.#batch, ...facts, state }, changes);
    });
    this.#tell(0);
  }

  /** Nothing of it was seen; whoever approves it again begins anew. */
  async #stop({ code, fields }: Problem): Promise<void> {
    const { batches, turns } = this.#parts;
    await turns.run(`batch ${this.#id}`, async () => {
      if (this.#batch.state !== 'cancelled') await batches.save({ ...this.#batch, state: 'stopped', problem: { code, fields } });
    });
  }

  #tell(done: number, waiting?: Problem): void {
    this.#parts.onProgress(this.#id, { state: this.#batch.state, done, ...(waiting === undefined ? {} : { waiting }) });
  }
}

/** What was chosen for the credential of one row. */
interface PlannedRow {
  readonly row: number;
  readonly plan: Plan;
  readonly content: ReadyRow['content'];
}

function recordRows({ plan: { record, secrets }, content }: PlannedRow, jwt: string, place: ReturnType<CommitmentTree['placeOf']>): Change[] {
  return [
    putRecord({ ...record, state: 'issued', jwt, place }), putJson(secretsRow(record.id), secrets), putJson(uniqueRow(record.unique), { id: record.id, content }),
  ];
}

/** The issuer's own disk: nothing gets better by waiting. */
const OURS: ReadonlySet<ProblemCode> = new Set(['STORE_FAILED', 'ISSUER_DATA_DAMAGED']);
