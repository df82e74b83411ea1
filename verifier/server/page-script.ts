import { hash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { constants, gzipSync } from 'node:zlib';

/** The bundled script of the page, and the address under which it never changes. */
export interface PageScript {
  readonly text: string;
  /** e.g. `/page.js?h=3f2a91c0d4e5f607` */
  readonly address: string;
  readonly hash: string;
  /** The text in gzip, made once. */
  readonly gzip: Buffer;
}

/**
 * Reads what `build-page` made.
 *
 * @param path e.g. `dist/verifier/page.js`
 * @throws Error with the file system's code if it is not there
 */
export async function loadPageScript(path: string): Promise<PageScript> {
  return pageScript(await readFile(path, 'utf8'));
}

/** @param path under which it is served */
export function pageScript(text: string, path = '/page.js'): PageScript {
  const short = hash('sha256', text).slice(0, 16);
  return { text, hash: short, address: `${path}?h=${short}`, gzip: gzipSync(text, { level: constants.Z_BEST_COMPRESSION }) };
}
