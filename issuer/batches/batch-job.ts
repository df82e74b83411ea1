/**
 * An approved batch on its way: signed, committed to, published. Each step goes by chunks that are on the disk before the
 * next, and begins where the chunks of an earlier run end, so that a job that dies goes on with the same bytes: ids and salts
 * come from the seed, and the indices of the approval are written down with it.
 *
 * ES256 takes a new random number for every signature, so signing twice gives two signatures. That is left as it is: each
 * signature is stored before anything is made of it, and the one that is stored is the credential. To derive the number from
 * the text instead (RFC 6979) would mean to sign outside OpenSSL, with the private key in this program's own numbers.
 */
import { commitmentTree, type CommitmentTree } from '#domain/credential/commitment-tree.js';
import { Problem, require, type ProblemCode } from '#domain/errors.js';
import { putRecord, publicRow, secretsRow } from '../credentials/credential-record.js';
import { planCredential, type Plan } from '../credentials/plan.js';
import { leafOf, sha256, signClaims } from '../credentials/signing.js';
import type { DidRows } from '../dids/did-rows.js';
import type { HeldDid, HeldKey } from '../dids/held-did.js';
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
import { slotRun } from './batch-slots.js';
import { CHUNK } from './chunks.js';
import type { GoodRow } from './diploma-table.js';
import { orderOfRow } from './row-order.js';
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
  readonly lists: Pick<StatusLists, 'urlOf'>;
  readonly sets: Pick<ListSets, 'run' | 'giveBack'>;
  readonly turns: InTurn;
  readonly now: () => number;
  /** Resolves after `ms`, or when `signal` is aborted. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Told after each chunk, and of what is waited for. */
  readonly onProgress: (batch: string, progress: { readonly state: BatchState; readonly done: number; readonly waiting?: Problem }) => void;
}

/** What is destroyed when a batch has ended. */
const WORKING = ['row', 'signed', 'leaf'] as const;

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
  /** Of all that was signed, once it is made. */
  #tree: CommitmentTree | undefined;

  constructor(parts: JobParts, id: string, signal: AbortSignal) {
    this.#parts = parts;
    this.#id = id;
    this.#signal = signal;
  }

  /** Runs until the batch has ended, is stopped, is cancelled, or the program stops; of one that has ended, what it leaves behind goes. */
  async run(): Promise<void> {
    await this.#work();
    const { batches, store } = this.#parts;
    if (this.#batch.state === 'cancelled') await this.#giveBack();
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
    if (this.#batch.state === 'signing') await this.#sign();
    if (this.#batch.state === 'committing') await this.#commit();
    if (this.#batch.state === 'publishing') await this.#publish();
  }

  get #batch(): Batch {
    const batch = this.#parts.batches.find(this.#id);
    if (batch === undefined) throw new Error(`no batch ${this.#id}`);
    return batch;
  }

  async #sign(): Promise<void> {
    const { batches, store, sets } = this.#parts;
    const [key, held] = [this.#key(), this.#parts.dids.known(this.#batch.did)];
    const seed = Buffer.from(String(await store.json(seedRow(this.#id))), 'hex');
    for await (const [chunk, rows] of this.#todo()) {
      const slots = await sets.run(slotRun(this.#batch, chunk));
      const signed: SignedRow[] = [];
      for (const [at, row] of rows.entries()) signed.push(await this.#signed(row, slots[at], seededChance(seed, chunk * CHUNK + at), { key, held }));
      const leaves = await Promise.all(signed.map(async ({ jwt, secrets }) => Buffer.from(await leafOf(jwt, secrets.salt)).toString('base64url')));
      await batches.write([batches.chunk('signed', this.#id, chunk, signed), batches.chunk('leaf', this.#id, chunk, leaves)]);
      this.#tell(chunk * CHUNK + rows.length);
    }
    const { root } = await this.#wholeTree();
    await this.#enter('committing', { root });
  }

  async #signed(row: GoodRow, slot: Slot | undefined, chance: Pick<Chance, 'token' | 'urnUuid'>, { key, held }: { key: HeldKey; held: HeldDid }): Promise<SignedRow> {
    const { agent, lists } = this.#parts;
    const { did, issuedAt = 0 } = this.#batch;
    if (slot === undefined) throw new Problem('ISSUER_DATA_DAMAGED', { row: `status index of row ${row.row}` });
    const { record, secrets } = planCredential({
      order: orderOfRow(did, row), held, keyId: key.keyId, slot, now: issuedAt * 1000,
      chance, urlOf: (set, purpose) => lists.urlOf(set, purpose),
    });
    return { row: row.row, record, secrets, jwt: await signClaims(record.claims, key, agent) };
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
  async #wholeTree(): Promise<CommitmentTree> {
    if (this.#tree !== undefined) return this.#tree;
    const leaves: Uint8Array[] = [];
    for await (const leaf of this.#parts.batches.read<string>('leaf', this.#id)) leaves.push(Buffer.from(leaf, 'base64url'));
    this.#tree = await commitmentTree(leaves, sha256);
    return this.#tree;
  }

  /**
   * Of a batch that was cancelled, what was never signed has no use for its indices. What was, keeps them for good: so do those
   * of the chunk that may have been under way when the program died.
   */
  async #giveBack(): Promise<void> {
    const { batches, sets } = this.#parts;
    const batch = this.#batch;
    if (batch.approvedAt === undefined || batch.lostIndices !== undefined) return;
    const unused = await batches.countChunks('signed', this.#id) + 1;
    for (let chunk = unused; chunk * CHUNK < batch.rows; chunk += 1) await sets.giveBack(slotRun(batch, chunk));
    await batches.save({ ...batch, lostIndices: Math.min(batch.rows, unused * CHUNK) });
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
    const tree = await this.#wholeTree();
    require(tree.root === this.#batch.root, 'BATCH_ROOT_OTHER', { root: tree.root });
    const places: Place[] = [];
    const names: Change[] = [];
    for await (const rows of this.#stored()) {
      await batches.write(rows.flatMap((signed, at) => recordRows(signed, this.#id, tree.placeOf(places.length + at))));
      for (const { row, record } of rows) {
        places.push({ row, id: record.id });
        names.push(putJson(publicRow(record.publicId), record.id));
      }
      this.#tell(places.length);
    }
    await this.#enter('issued', { endedAt: now() }, [...names, ...batches.chunks('place', this.#id, places)]);
  }

  /** Chunks of rows that are not signed yet. */
  async *#todo(): AsyncGenerator<[number, readonly GoodRow[]]> {
    const { batches } = this.#parts;
    for (let chunk = await batches.countChunks('signed', this.#id); ; chunk += 1) {
      this.#requireWanted();
      const rows = await batches.readChunk<GoodRow>('row', this.#id, chunk);
      if (rows === undefined) return;
      yield [chunk, rows];
    }
  }

  async *#stored(): AsyncGenerator<readonly SignedRow[]> {
    for (let chunk = 0; ; chunk += 1) {
      this.#requireWanted();
      const rows = await this.#parts.batches.readChunk<SignedRow>('signed', this.#id, chunk);
      if (rows === undefined) return;
      yield rows;
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

/** The credential of one row, as far as it is before there is a tree. */
interface SignedRow extends Plan {
  readonly row: number;
  readonly jwt: string;
}

function recordRows({ record, secrets, jwt }: SignedRow, batch: string, place: ReturnType<CommitmentTree['placeOf']>): Change[] {
  return [putRecord({ ...record, batch, state: 'issued', jwt, place }), putJson(secretsRow(record.id), secrets)];
}

/** The issuer's own disk: nothing gets better by waiting. */
const OURS: ReadonlySet<ProblemCode> = new Set(['STORE_FAILED', 'ISSUER_DATA_DAMAGED']);
