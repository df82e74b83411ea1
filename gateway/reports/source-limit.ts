/** How many reports one source may send in a day; in memory alone, because whose address it was is nobody's business later. */
import { Problem } from '#domain/errors.js';
import { sourceOf } from '#domain/ip-network.js';

const DAY_MS = 24 * 3_600_000;
/** How many sources are remembered; whoever was seen first is forgotten first. */
const MOST_SOURCES = 50_000;

export class SourceLimit {
  readonly #most: number;
  readonly #now: () => number;
  #day = -1;
  readonly #counts = new Map<string, number>();

  /** @param now milliseconds since 1970 */
  constructor(most: number, now: () => number) {
    this.#most = most;
    this.#now = now;
  }

  /**
   * Counts one report.
   *
   * @param address of whoever sends it, as the socket or a trusted proxy says, e.g. `2001:db8::1`
   * @throws Problem RATE_LIMITED with the seconds until the day, in UTC, is over
   */
  take(address: string): void {
    this.#turnDay();
    const source = sourceOf(address);
    const count = this.#counts.get(source) ?? 0;
    if (count >= this.#most) throw new Problem('RATE_LIMITED', { seconds: String(Math.ceil((DAY_MS - this.#now() % DAY_MS) / 1000)) });
    if (count === 0 && this.#counts.size >= MOST_SOURCES) this.#forgetFirst();
    this.#counts.set(source, count + 1);
  }

  #turnDay(): void {
    const day = Math.floor(this.#now() / DAY_MS);
    if (day === this.#day) return;
    this.#day = day;
    this.#counts.clear();
  }

  #forgetFirst(): void {
    const [first] = this.#counts.keys();
    if (first !== undefined) this.#counts.delete(first);
  }
}
