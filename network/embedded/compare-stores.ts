/** Two stores record by record, in the order of names. */
import { recordDamaged } from './record-seal.js';
import type { Entry, LevelStore, Snapshot } from './level-store.js';

const FIRST_NAME = '\u0000';
const AFTER_LAST_NAME = '\u{10ffff}';

export interface Comparison {
  /** Records that are equal in both. */
  readonly records: number;
  readonly difference?: { readonly where: string; readonly what: string };
}

/** @param snapshot of `stored`; @throws Problem LEDGER_RECORD_DAMAGED */
export async function firstDifference(stored: LevelStore, recomputed: LevelStore, snapshot: Snapshot): Promise<Comparison> {
  const [left, right] = [entriesOf(stored, snapshot), entriesOf(recomputed)];
  try {
    for (let records = 0; ; records += 1) {
      const [a, b] = [(await left.next()).value, (await right.next()).value];
      if (a === undefined && b === undefined) return { records };
      const difference = compare(a ?? END, b ?? END);
      if (difference !== undefined) return { records, difference };
    }
  } finally {
    await left.return();
    await right.return();
  }
}

async function* entriesOf(store: LevelStore, snapshot?: Snapshot): AsyncGenerator<Entry, void, void> {
  for await (const page of store.entries({ from: FIRST_NAME, to: AFTER_LAST_NAME, snapshot })) yield* page;
}

/** Stands after all records of the store that has fewer. */
const END: Entry = { name: AFTER_LAST_NAME, content: Buffer.alloc(0) };

function compare(stored: Entry, recomputed: Entry): Comparison['difference'] {
  const order = Buffer.compare(Buffer.from(stored.name, 'utf8'), Buffer.from(recomputed.name, 'utf8'));
  if (order > 0) return at(recomputed.name, 'the record is missing');
  if (order < 0) return at(stored.name, 'no block accounts for this record');
  return stored.content.equals(recomputed.content) ? undefined : at(stored.name, 'the content is not what the blocks say');
}

function at(name: string, what: string): { where: string; what: string } {
  return { where: recordDamaged(name, what).fields['record'] ?? name, what };
}
