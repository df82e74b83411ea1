/** How often the two numbers of one paper may be guessed wrong: a day of birth alone has some twenty thousand values. */
import { Problem } from '#domain/errors.js';

const WINDOW_MS = 3_600_000;
/** Papers that are remembered; the one guessed at longest ago is forgotten first. */
const MOST_REMEMBERED = 50_000;

interface Guesses {
  readonly since: number;
  count: number;
}

export class RevealLimit {
  readonly #most: number;
  readonly #now: () => number;
  readonly #guesses = new Map<string, Guesses>();

  /**
   * @param most guesses an hour for one paper
   * @param now milliseconds since 1970
   */
  constructor(most: number, now: () => number) {
    this.#most = most;
    this.#now = now;
  }

  /** Counts one guess. Throws RATE_LIMITED with the seconds until the next is taken. */
  take(paper: string): void {
    const now = this.#now();
    const known = this.#guesses.get(paper);
    const guesses = known === undefined || now >= known.since + WINDOW_MS ? { since: now, count: 0 } : known;
    if (guesses.count >= this.#most) throw new Problem('RATE_LIMITED', { seconds: String(Math.ceil((guesses.since + WINDOW_MS - now) / 1000)) });
    guesses.count++;
    this.#guesses.delete(paper);
    if (this.#guesses.size >= MOST_REMEMBERED) this.#forgetOldest();
    this.#guesses.set(paper, guesses);
  }

  /** Whoever has the paper may look at it as often as they like. */
  forget(paper: string): void {
    this.#guesses.delete(paper);
  }

  #forgetOldest(): void {
    const [oldest] = this.#guesses.keys();
    if (oldest !== undefined) this.#guesses.delete(oldest);
  }
}
