/** Orders of serials on the disk: a head that changes, and the serials, which do not. */
import { Problem, require } from '#domain/errors.js';
import type { Serial } from '#domain/gs1/item-key.js';
import { SERIAL_RANDOM_BYTES, serialFromRandom } from '#domain/gs1/serial-number.js';
import type { OrganisationId } from '#domain/registry/organisation.js';
import { OneAtATime } from '../jobs/one-at-a-time.js';
import type { Change, DurableStore } from '../ledger/durable-store.js';
import { openRow, sealRow } from '../ledger/sealed-row.js';
import { getJson, openJson, putJson } from '../sealed-json.js';
import type { SerialOrder } from './serial-order.js';

const HEAD = 'serial-order/';
const SERIALS = 'serial-order-list/';
const OF = 'serial-order-of/';

/** Makes the serials of an order: each of 60 random bits, no two alike. */
export function randomSerials(count: number, randomBytes: (length: number) => Uint8Array): Serial[] {
  const serials = new Set<string>();
  while (serials.size < count) {
    const bytes = randomBytes((count - serials.size) * SERIAL_RANDOM_BYTES);
    for (let at = 0; at < bytes.length; at += SERIAL_RANDOM_BYTES) serials.add(serialFromRandom(bytes.subarray(at, at + SERIAL_RANDOM_BYTES)));
  }
  return [...serials] as Serial[];
}

export class SerialOrders {
  readonly #store: DurableStore;
  readonly #changing = new OneAtATime();

  constructor(store: DurableStore) {
    this.#store = store;
  }

  /** The rows of a new order. */
  rowsOf(order: SerialOrder, serials: readonly Serial[]): Change[] {
    const key = SERIALS + order.id;
    const text = Buffer.from(serials.join('\n'));
    return [
      putJson(HEAD + order.id, order),
      { key, value: sealRow(key, text.length, (row) => row.set(text)) },
      putJson(`${OF}${order.organisation}/${order.createdAt}/${order.id}`, order.id),
    ];
  }

  /** @throws Problem SERIAL_ORDER_UNKNOWN, also for an order of somebody else */
  async load(id: string, organisation: OrganisationId): Promise<SerialOrder> {
    const order = await getJson(this.#store, HEAD + id.slice(0, 60)) as SerialOrder | undefined;
    require(order?.organisation === organisation, 'SERIAL_ORDER_UNKNOWN', { order: id.slice(0, 60) });
    return order;
  }

  /** The serials of an order, in the order in which they are printed. */
  async serials(id: string): Promise<Serial[]> {
    const key = SERIALS + id;
    const row = await this.#store.get(key);
    const content = row === undefined ? undefined : openRow(key, row);
    if (content === undefined) throw new Problem('TENANT_DATA_DAMAGED', { row: key });
    return content.toString('utf8').split('\n') as Serial[];
  }

  /**
   * The ids of an organisation's orders, the oldest first.
   *
   * @param after the last id of the page before
   */
  async list(organisation: OrganisationId, limit: number, after?: string): Promise<{ ids: string[]; more: boolean }> {
    const ids: string[] = [];
    let reached = after === undefined;
    for await (const [key, row] of this.#store.rows(`${OF}${organisation}/`)) {
      const id = openJson(key, row) as string;
      if (reached && ids.length === limit) return { ids, more: true };
      if (reached) ids.push(id);
      reached ||= id === after;
    }
    return { ids, more: false };
  }

  /**
   * Changes an order's head, one change after the other.
   *
   * @throws Problem SERIAL_ORDER_UNKNOWN, STORE_FAILED, and whatever `change` refuses
   */
  async change(id: string, organisation: OrganisationId, change: (order: SerialOrder) => Promise<SerialOrder>): Promise<SerialOrder> {
    return this.alone(id, async () => {
      const changed = await change(await this.load(id, organisation));
      await this.#store.write([putJson(HEAD + id, changed)], true);
      return changed;
    });
  }

  /** Runs `work` when nothing else that was begun so is at work on the same order. */
  async alone<T>(id: string, work: () => Promise<T>): Promise<T> {
    return this.#changing.run(id, work);
  }
}
