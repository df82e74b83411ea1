/**
 * The chain's head a second time, outside LevelDB. If the end of LevelDB's log is damaged, LevelDB opens without a word
 * and the newest blocks are gone; this file still knows that they were there.
 */
import { open, readFile, type FileHandle } from 'node:fs/promises';
import { writeDurably } from '../enrolment/identity-files.js';
import { decodeHead, encodeHead, type ChainHead } from './block-store.js';
import type { RecordSeal } from './record-seal.js';

const SLOT_BYTES = 128;
const RECORD = 'head file';

/**
 * Two slots, written in turn without waiting for the disk: after a power cut the file may be behind, never ahead, and
 * never without any readable slot, because the first one is on the disk before the file has its name.
 */
export class HeadFile {
  readonly #file: FileHandle;
  readonly #seal: RecordSeal;

  private constructor(file: FileHandle, seal: RecordSeal) {
    this.#file = file;
    this.#seal = seal;
  }

  /** @returns the newest head noted, or `undefined` if there is no file, or none of it can be read */
  static async read(path: string, seal: RecordSeal): Promise<ChainHead | undefined> {
    const slots = await readIfThere(path);
    const heads = [0, SLOT_BYTES].map((at) => decodeSlot(slots.subarray(at, at + SLOT_BYTES), seal)).filter((head) => head !== undefined);
    return heads.sort((a, b) => b.height - a.height)[0];
  }

  /** Opens the file for writing; makes it, durably, if `noted` says that there is none to go on with. */
  static async open(path: string, seal: RecordSeal, head: ChainHead, noted: ChainHead | undefined): Promise<HeadFile> {
    if (noted === undefined) await writeDurably(path, Buffer.concat([encodeSlot(head, seal), encodeSlot(head, seal)]));
    return new HeadFile(await open(path, 'r+'), seal);
  }

  async write(head: ChainHead): Promise<void> {
    await this.#file.write(encodeSlot(head, this.#seal), 0, SLOT_BYTES, (head.height % 2) * SLOT_BYTES);
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}

function encodeSlot(head: ChainHead, seal: RecordSeal): Buffer {
  const slot = Buffer.alloc(SLOT_BYTES);
  const record = seal.seal(RECORD, encodeHead(head));
  slot.writeUInt16BE(record.length, 0);
  record.copy(slot, 2);
  return slot;
}

function decodeSlot(slot: Buffer, seal: RecordSeal): ChainHead | undefined {
  if (slot.length < SLOT_BYTES) return undefined;
  const length = slot.readUInt16BE(0);
  if (length === 0 || length > SLOT_BYTES - 2) return undefined;
  try {
    return decodeHead(seal.open(RECORD, slot.subarray(2, 2 + length)));
  } catch {
    return undefined; // one slot may be damaged; the other one holds the head before
  }
}

async function readIfThere(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return Buffer.alloc(0);
    throw error;
  }
}
