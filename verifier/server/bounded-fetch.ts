import { Problem } from '#domain/errors.js';

/** A body that was read whole. */
export interface Fetched {
  readonly bytes: Uint8Array;
  /** Media type without parameters, in small letters, e.g. `image/jpeg`. */
  readonly type: string;
}

/** An answer of any status, read whole. */
export interface Answered extends Fetched {
  readonly status: number;
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
  return exchange(url, {}, timeout, async (response) => {
    if (response.status === 404) return discarded(response);
    if (response.status !== 200) throw unreachable(`status ${response.status}`);
    return read(response, largest);
  });
}

/**
 * Posts within the same limits.
 *
 * @returns the answer, whatever its status is
 * @throws Problem LEDGER_UNREACHABLE where none came whole and in time
 */
export async function boundedPost(url: URL, { headers, body }: { readonly headers: Readonly<Record<string, string>>; readonly body: string }, largest: number, timeout: number): Promise<Answered> {
  return exchange(url, { method: 'POST', headers, body }, timeout, async (response) => ({ status: response.status, ...await read(response, largest) }));
}

/**
 * Gets within the same limits, with headers.
 *
 * @returns the answer, whatever its status is, and its ETag as it stands in the header
 * @throws Problem LEDGER_UNREACHABLE where none came whole and in time
 */
export async function boundedGet(url: URL, headers: Readonly<Record<string, string>>, largest: number, timeout: number): Promise<Answered & { readonly etag: string | undefined }> {
  return exchange(url, { headers }, timeout, async (response) => ({
    status: response.status, etag: response.headers.get('etag') ?? undefined, ...await read(response, largest),
  }));
}

async function exchange<T>(url: URL, request: RequestInit, timeout: number, take: (response: Response) => Promise<T>): Promise<T> {
  try {
    return await take(await fetch(url, { ...request, redirect: 'error', signal: AbortSignal.timeout(timeout) }));
  } catch (error) {
    throw error instanceof Problem ? error : unreachable(error instanceof Error ? error.name : 'unknown');
  }
}

async function read(response: Response, largest: number): Promise<Fetched> {
  const type = (response.headers.get('content-type') ?? '').split(';', 1)[0] ?? '';
  return { bytes: await readWithin(response, largest), type: type.trim().toLowerCase() };
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
