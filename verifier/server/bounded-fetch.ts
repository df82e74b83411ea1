import { Problem } from '#domain/errors.js';

/** A body that was read whole. */
export interface Fetched {
  readonly bytes: Uint8Array;
  /** Media type without parameters, in small letters, e.g. `image/jpeg`. */
  readonly type: string;
}

/**
 * Gets an address within limits of time and size; follows no redirect.
 *
 * @param largest bytes of the body
 * @param timeout milliseconds for all of it
 * @returns `undefined` for 404
 * @throws Problem LEDGER_UNREACHABLE for everything else that is not a whole 200 in time
 */
export async function boundedFetch(url: URL, largest: number, timeout: number): Promise<Fetched | undefined> {
  try {
    const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(timeout) });
    if (response.status === 404) return await discarded(response);
    if (response.status !== 200) throw unreachable(`status ${response.status}`);
    const type = (response.headers.get('content-type') ?? '').split(';', 1)[0] ?? '';
    return { bytes: await readWithin(response, largest), type: type.trim().toLowerCase() };
  } catch (error) {
    throw error instanceof Problem ? error : unreachable(error instanceof Error ? error.name : 'unknown');
  }
}

async function discarded(response: Response): Promise<undefined> {
  await response.body?.cancel();
  return undefined;
}

/** Reads piece by piece, so that an endless answer ends here. */
async function readWithin(response: Response, largest: number): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of response.body ?? []) {
    length += piece.length;
    if (length > largest) throw unreachable(`longer than ${largest} bytes`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

function unreachable(reason: string): Problem {
  return new Problem('LEDGER_UNREACHABLE', { reason });
}
