/** Pictures as files named by their own SHA-256: what a product's record names cannot be exchanged later. */
import { createHash } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Problem, require } from '#domain/errors.js';
import { syncFolder } from '../tenants/identity-files.js';
import { pictureType, type PictureType } from './picture-type.js';

/** Largest picture: 2 MB. */
export const LARGEST_PICTURE = 2_000_000;

const DIGEST = /^[0-9a-f]{64}$/;

export interface Picture {
  readonly type: PictureType;
  readonly bytes: Buffer;
}

export interface StoredPicture {
  /** SHA-256, 64 hexadecimal digits */
  readonly digest: string;
  readonly type: PictureType;
  readonly bytes: number;
}

export class MediaStore {
  readonly #folder: string;
  #count = 0;

  /** @param folder e.g. `data/gateway/media`; made when first used */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * Keeps a picture; durable when this returns. The same picture twice is one file.
   *
   * @throws Problem MEDIA_TOO_LARGE, MEDIA_NOT_A_PICTURE
   */
  async put(bytes: Buffer): Promise<StoredPicture> {
    require(bytes.length <= LARGEST_PICTURE, 'MEDIA_TOO_LARGE', { largest: String(LARGEST_PICTURE) });
    const type = pictureType(bytes);
    if (type === undefined) throw new Problem('MEDIA_NOT_A_PICTURE', { expected: 'JPEG, PNG or WebP' });
    const digest = createHash('sha256').update(bytes).digest('hex');
    const path = this.#pathOf(digest);
    if (await readIfThere(path) === undefined) await this.#write(path, bytes);
    return { digest, type, bytes: bytes.length };
  }

  /** @throws Problem MEDIA_UNKNOWN for a digest nobody stored, FIELD_WRONG_VALUE for a text that is none */
  async get(digest: string): Promise<Picture> {
    require(DIGEST.test(digest), 'FIELD_WRONG_VALUE', { field: 'digest', expected: '64 small hexadecimal digits' });
    const bytes = await readIfThere(this.#pathOf(digest));
    const type = bytes === undefined ? undefined : pictureType(bytes);
    // A file that a bad disk has changed is not the picture that the ledger names.
    const whole = bytes !== undefined && createHash('sha256').update(bytes).digest('hex') === digest;
    if (!whole || type === undefined) throw new Problem('MEDIA_UNKNOWN', { digest });
    return { type, bytes };
  }

  #pathOf(digest: string): string {
    return join(this.#folder, digest.slice(0, 2), digest);
  }

  async #write(path: string, bytes: Buffer): Promise<void> {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const temporary = `${path}.${process.pid}-${this.#count++}.new`;
    const file = await open(temporary, 'wx', 0o600);
    try {
      await file.writeFile(bytes);
      await file.sync();
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    } finally {
      await file.close();
    }
    await rename(temporary, path);
    await syncFolder(dirname(path));
  }
}

async function readIfThere(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
