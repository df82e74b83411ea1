/**
 * How long an endorsement may take. What a transaction is told grows with the records that it touches, and so does the work: on
 * two cores, eight at once that write 1,000 serials each (15 kB) take longer than the five seconds that do for a single one. A
 * peer that does not answer at all is found out by other means (`peer-watch.ts`).
 */

/** A kilobyte is some seventy records. */
const MS_PER_BYTE = 1;
/** A peer gives up its endorsers by then (`peer.gateway.endorsementTimeout`). */
const LONGEST_MS = 30_000;

/**
 * @param leastMs for the smallest transaction, e.g. 5000
 * @param bytes of its arguments, or of the proposal that has them, e.g. 15000
 * @returns milliseconds, e.g. 20000
 */
export function endorseAllowance(leastMs: number, bytes: number): number {
  return Math.max(leastMs, Math.min(LONGEST_MS, leastMs + bytes * MS_PER_BYTE));
}
