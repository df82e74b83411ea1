/**
 * Turns for those who contend for one key. Of transactions that read and write the same key at the same time, one
 * per block succeeds. Once two have collided, those that come from this gateway go one after the other: random waits
 * alone would let each fail, and fill blocks, many times over.
 */
import { deferred } from './deferred.js';
import type { SignedTransaction } from './ledger.js';
import { WireReader } from './protobuf-wire.js';
import { readSetOf, writtenKeys } from './transaction-reader.js';

interface Lane {
  /** those who wait and the one whose turn it is */
  length: number;
  last: Promise<void>;
}

export class ContentionLanes {
  readonly #lanes = new Map<string, Lane>();

  /** True while somebody has, or waits for, a turn at the key that this transaction reads and writes. */
  isContended(signed: SignedTransaction): boolean {
    return this.#lanes.size > 0 && this.#lanes.has(contendedKey(signed) ?? '');
  }

  /**
   * Waits for its turn at the key that the transaction reads and writes.
   *
   * @returns ends the turn; to be called once
   */
  async enter(signed: SignedTransaction): Promise<() => void> {
    const key = contendedKey(signed) ?? '';
    const lane = this.#lanes.get(key) ?? { length: 0, last: Promise.resolve() };
    this.#lanes.set(key, lane);
    const before = lane.last;
    const turn = deferred<void>();
    lane.length++;
    lane.last = turn.promise;
    await before;
    return () => {
      turn.resolve();
      if (--lane.length === 0) this.#lanes.delete(key);
    };
  }
}

/** The first key that a transaction both reads and writes, or if there is none, that it reads. */
export function contendedKey({ bytes }: SignedTransaction): string | undefined {
  const payload = payloadIn(bytes);
  const written = writtenKeys(payload);
  const { reads } = readSetOf(payload);
  const own = reads.filter(({ namespace }) => written.some((write) => write.namespace === namespace));
  return (own.find(({ namespace, key }) => written.some((write) => write.namespace === namespace && write.key === key)) ?? own[0])?.key;
}

/** `gateway.PreparedTransaction` → `common.Envelope` → its payload. */
function payloadIn(bytes: Uint8Array): Uint8Array {
  const prepared = new WireReader(bytes);
  let payload: Uint8Array = new Uint8Array();
  while (prepared.next()) {
    if (prepared.field !== 2) continue;
    const envelope = prepared.nested();
    while (envelope.next()) if (envelope.field === 1) payload = envelope.view();
  }
  return payload;
}
