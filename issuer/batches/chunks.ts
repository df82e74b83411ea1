/** Many small things as fewer rows: one row of the store holds a hundred, so that sealing and flushing are paid for once. */

export const CHUNK = 100;

/** @returns e.g. `0007`: chunks stand in the order of their names */
export function chunkName(chunk: number): string {
  return String(chunk).padStart(4, '0');
}

/** The chunk that holds a place. */
export function chunkOf(place: number): number {
  return Math.floor(place / CHUNK);
}

export function* chunked<T>(all: readonly T[]): Generator<readonly T[]> {
  for (let from = 0; from < all.length; from += CHUNK) yield all.slice(from, from + CHUNK);
}
