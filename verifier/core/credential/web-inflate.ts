/** Unpacking gzip with the web platform's own stream (Compression Streams), never further than allowed. */
import { joined } from '../bytes.js';
import type { Inflate } from './status-list.js';

interface Chunk {
  readonly done: boolean;
  readonly value?: Uint8Array | undefined;
}

/** The part of `DecompressionStream` that is used here. */
export interface GzipStream {
  readonly writable: { getWriter(): { write(bytes: Uint8Array): Promise<void>; close(): Promise<void> } };
  readonly readable: { getReader(): { read(): Promise<Chunk>; cancel(): Promise<void> } };
}

/**
 * @param open e.g. `() => new DecompressionStream('gzip')`
 * @returns rejects for what is no gzip, and as soon as there is more than allowed
 */
export function webInflate(open: () => GzipStream): Inflate {
  return async (gzip, most) => {
    const { writable, readable } = open();
    const writer = writable.getWriter();
    // What goes wrong in writing goes wrong in reading too, and is told there.
    writer.write(gzip).catch(() => undefined);
    writer.close().catch(() => undefined);
    return readAtMost(readable.getReader(), most);
  };
}

async function readAtMost(reader: ReturnType<GzipStream['readable']['getReader']>, most: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for (let chunk = await reader.read(); chunk.value !== undefined; chunk = await reader.read()) {
    length += chunk.value.length;
    if (length > most) {
      await reader.cancel();
      throw new RangeError(`more than ${most} bytes`);
    }
    parts.push(chunk.value);
  }
  return joined(...parts);
}
