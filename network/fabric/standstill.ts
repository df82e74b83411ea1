/** When an orderer counts as locked up: requests wait, and no block comes. Pure: time comes in. */

/** What is seen of an orderer from outside. */
export interface OrdererSight {
  /** Blocks that it has. */
  readonly height: number;
  /** Requests that wait to be ordered. */
  readonly waiting: number;
  /** Number of its process. */
  readonly pid: number;
}

/** A view change takes up to so long where nothing is wrong but a dead leader, on a busy machine. */
export const FIRST_PATIENCE_MS = 30_000;
/** Where too few orderers are there, all stand still, and starting them again and again does not help. */
const DOUBLINGS = 4;

/** Whether one orderer has stood still for too long. */
export class Standstill {
  readonly #firstPatienceMs: number;
  #doublings = 0;
  #highest = -1;
  #before: OrdererSight | undefined;
  #since = 0;

  /** @param firstPatienceMs how long a first standstill may last; each further one at the same block twice as long, up to 16 times */
  constructor(firstPatienceMs: number = FIRST_PATIENCE_MS) {
    this.#firstPatienceMs = firstPatienceMs;
  }

  /**
   * @param sight `undefined` if nothing could be seen, which is no standstill: something else is the matter, or is being done
   * @param now milliseconds of a clock that only goes forward
   * @returns true if that is too long: it is to be started again
   */
  lasts(sight: OrdererSight | undefined, now: number): boolean {
    const still = isStill(this.#before, sight);
    this.#before = sight;
    if (sight !== undefined && sight.height > this.#highest) {
      this.#highest = sight.height;
      this.#doublings = 0;
    }
    if (!still) this.#since = now;
    return now - this.#since >= this.#firstPatienceMs * 2 ** this.#doublings;
  }

  /** Says that it is started again, now. */
  startsAgain(now: number): void {
    this.#since = now;
    this.#doublings = Math.min(this.#doublings + 1, DOUBLINGS);
  }
}

function isStill(before: OrdererSight | undefined, sight: OrdererSight | undefined): boolean {
  return before !== undefined && sight !== undefined && sight.waiting > 0 && sight.height === before.height && sight.pid === before.pid;
}
