/**
 * Status indices of a batch: all of them are drawn with its approval, and written down with it, a row for each chunk. So they
 * are on the disk before anything is signed with them; and a job that is cut short goes on to the same ones.
 */
import type { Did } from '#domain/trust/did.js';
import type { ListSets, Slot } from '../status/list-sets.js';
import type { StatusLists } from '../status/status-lists.js';
import type { Change } from '../store/issuer-store.js';
import type { Batch } from './batch.js';
import { chunked, chunkName } from './chunks.js';

export interface SlotParts {
  readonly sets: Pick<ListSets, 'draw' | 'release' | 'claimingRun' | 'giveBack'>;
  readonly lists: Pick<StatusLists, 'ready'>;
}

/** Of one approval: what was signed after an earlier one, and stopped, keeps its indices. */
export function slotRun({ id, stoppedIndices = 0 }: Pick<Batch, 'id' | 'stoppedIndices'>, chunk: number): string {
  return `${id}-${stoppedIndices}-${chunkName(chunk)}`;
}

/**
 * Draws the indices of an approved batch.
 *
 * @returns the rows that make them the batch's, and how to give them back if those are not written
 * @throws Problem as {@link StatusLists.ready}, where a set is full and the next must be published first
 */
export async function drawSlots(batch: Batch, { sets, lists }: SlotParts): Promise<{ readonly rows: Change[]; readonly release: () => void }> {
  const slots: Slot[] = [];
  const release = (): void => slots.forEach((slot) => { sets.release(slot); });
  try {
    while (slots.length < batch.rows) slots.push(await drawn(batch.did, { sets, lists }));
  } catch (error) {
    release();
    throw error;
  }
  return { rows: Array.from(chunked(slots), (part, chunk) => sets.claimingRun(part, slotRun(batch, chunk))), release };
}

/** Where a set of lists is full, the next one is made, and published, before anything points at it. */
async function drawn(did: Did, { sets, lists }: SlotParts): Promise<Slot> {
  for (;;) {
    const slot = sets.draw(did);
    if (slot !== undefined) return slot;
    await lists.ready(did);
  }
}
