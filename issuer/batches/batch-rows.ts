/**
 * What is stored of batches. A batch's working rows go when it ends; what stays is the batch itself, which names no person.
 *
 * | key | content |
 * |---|---|
 * | `batch/{id}` | the batch |
 * | `batch-file/{hidden}` | which batch a file was uploaded as |
 * | `batch-row/{id}/{chunk}` | rows that are to be issued |
 * | `batch-error/{id}/{chunk}` | what is wrong with others |
 * | `batch-signed/{id}/{chunk}` | the signed credentials, with all that was chosen for them |
 * | `batch-leaf/{id}/{chunk}` | their leaves in the batch's tree |
 * | `batch-place/{id}/{chunk}` | where each row's credential stands, once it is issued |
 */
import type { DiplomaRowError } from '#domain/credential/diploma-rows.js';
import { Problem } from '#domain/errors.js';
import type { OrganisationId } from '#domain/registry/organisation.js';
import { putJson, type Change, type IssuerStore } from '../store/issuer-store.js';
import { BATCHES, batchRow, type Batch } from './batch.js';
import { chunked, chunkName } from './chunks.js';

const FILES = 'batch-file/';

/** Kinds of working rows, each below a prefix of its own. */
export type Working = 'row' | 'error' | 'signed' | 'leaf' | 'place';

const prefixOf = (kind: Working, id: string): string => `batch-${kind}/${id}/`;

export class BatchRows {
  readonly #store: IssuerStore;
  readonly #batches: Map<string, Batch>;

  private constructor(store: IssuerStore, batches: Map<string, Batch>) {
    this.#store = store;
    this.#batches = batches;
  }

  /** @throws Problem ISSUER_DATA_DAMAGED */
  static async open(store: IssuerStore): Promise<BatchRows> {
    const batches = new Map<string, Batch>();
    for await (const [, row] of store.rows(BATCHES)) {
      const batch = JSON.parse(row.toString()) as Batch;
      batches.set(batch.id, batch);
    }
    return new BatchRows(store, batches);
  }

  find(id: string): Batch | undefined {
    return this.#batches.get(id);
  }

  /** One of an organisation's own. Throws BATCH_UNKNOWN also for others'. */
  own(id: string, organisation: OrganisationId): Batch {
    const batch = this.#batches.get(id);
    if (batch?.organisation !== organisation) throw new Problem('BATCH_UNKNOWN', { batch: id.slice(0, 60) });
    return batch;
  }

  /** The newest first. */
  list(organisation?: OrganisationId): Batch[] {
    const all = [...this.#batches.values()].filter((batch) => organisation === undefined || batch.organisation === organisation);
    return all.sort((one, other) => (one.id < other.id ? 1 : -1));
  }

  /** Stores the batch with what belongs to its new state, all or nothing. */
  async save(batch: Batch, changes: readonly Change[] = []): Promise<Batch> {
    await this.#store.write([...changes, putJson(batchRow(batch.id), batch)]);
    this.#batches.set(batch.id, batch);
    return batch;
  }

  /** The batch that a file was uploaded as. */
  async ofFile(parts: readonly string[]): Promise<Batch | undefined> {
    const id = await this.#store.json(this.#fileKey(parts)) as string | undefined;
    return id === undefined ? undefined : this.#batches.get(id);
  }

  /** The row that remembers it. */
  file(parts: readonly string[], id: string): Change {
    return putJson(this.#fileKey(parts), id);
  }

  #fileKey(parts: readonly string[]): string {
    return FILES + this.#store.hiddenName(['batch file', ...parts]);
  }

  /** The rows of one chunk. */
  chunk(kind: Working, id: string, chunk: number, content: readonly unknown[]): Change {
    return putJson(prefixOf(kind, id) + chunkName(chunk), content);
  }

  /** All chunks of some content. */
  chunks(kind: Working, id: string, content: readonly unknown[]): Change[] {
    return Array.from(chunked(content), (part, chunk) => this.chunk(kind, id, chunk, part));
  }

  async readChunk<T>(kind: Working, id: string, chunk: number): Promise<readonly T[] | undefined> {
    return await this.#store.json(prefixOf(kind, id) + chunkName(chunk)) as readonly T[] | undefined;
  }

  /** How many chunks there are; they are written in order. */
  async countChunks(kind: Working, id: string): Promise<number> {
    let count = 0;
    for await (const _ of this.#store.rows(prefixOf(kind, id))) count += 1;
    return count;
  }

  /** Everything of a kind, in order. */
  async *read<T>(kind: Working, id: string): AsyncGenerator<T> {
    for await (const [, row] of this.#store.rows(prefixOf(kind, id))) yield* JSON.parse(row.toString()) as readonly T[];
  }

  /** What is wrong with a file, in the order of its rows. */
  errors(id: string): AsyncGenerator<DiplomaRowError> {
    return this.read('error', id);
  }

  async write(changes: readonly Change[]): Promise<void> {
    await this.#store.write(changes);
  }

  /** Destroys working rows: what they said of people is in no file any more. */
  async drop(id: string, kinds: readonly Working[]): Promise<void> {
    for (const kind of kinds) {
      const removals: Change[] = [];
      for await (const [key] of this.#store.rows(prefixOf(kind, id))) removals.push({ key });
      if (removals.length > 0) await this.#store.erase(removals);
    }
  }

  /** Forgets a batch, and its errors with it. */
  async forget(batch: Batch): Promise<void> {
    await this.drop(batch.id, ['row', 'error', 'signed', 'leaf', 'place']);
    await this.#store.write([{ key: batchRow(batch.id) }]);
    this.#batches.delete(batch.id);
  }
}
