/**
 * Which table files a LevelDB store consists of, read from its manifest (LevelDB doc/impl.md and doc/log_format.md).
 * Other table files may lie beside them, half written when a process was killed; LevelDB removes those when it opens.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { maskedCrc32c } from './crc32c.js';
import { recordDamaged } from './record-seal.js';
import { VarintReader } from './varint-reader.js';

const LOG_BLOCK_BYTES = 32_768;
const LOG_HEADER_BYTES = 7;
/** Parts of one log record: whole, or first, middle, last. */
const [FULL, FIRST, , LAST] = [1, 2, 3, 4];

/**
 * @param directory of a store that no process has open, e.g. `data/ledger/store`
 * @returns file numbers; none if there is no store yet
 * @throws Problem LEDGER_RECORD_DAMAGED
 */
export function liveTables(directory: string): number[] {
  const current = join(directory, 'CURRENT');
  if (!existsSync(current)) return [];
  const manifest = readFileSync(current, 'utf8').trimEnd();
  if (!/^MANIFEST-\d+$/u.test(manifest) || !existsSync(join(directory, manifest))) throw recordDamaged('CURRENT', 'names no manifest');
  const live = new Set<number>();
  for (const edit of logRecords(readFileSync(join(directory, manifest)), manifest)) applyEdit(edit, live);
  return [...live].sort((a, b) => a - b);
}

/** Records are cut into parts where a block of the log ends. */
function* logRecords(log: Buffer, name: string): Generator<Buffer, void, void> {
  let parts: Buffer[] = [];
  for (let part = partAt(log, 0, name); part !== undefined; part = partAt(log, part.end, name)) {
    parts = part.type === FULL || part.type === FIRST ? [part.content] : [...parts, part.content];
    if (part.type === FULL || part.type === LAST) yield Buffer.concat(parts);
  }
}

interface LogPart {
  readonly type: number;
  readonly content: Buffer;
  readonly end: number;
}

/** `undefined` at the end: a part that ends with the file was being written when the process died, as LevelDB takes it too. */
function partAt(log: Buffer, from: number, name: string): LogPart | undefined {
  const left = LOG_BLOCK_BYTES - (from % LOG_BLOCK_BYTES);
  const at = left < LOG_HEADER_BYTES ? from + left : from;
  if (at + LOG_HEADER_BYTES > log.length) return undefined;
  const end = at + LOG_HEADER_BYTES + log.readUInt16LE(at + 4);
  if (end > log.length) return undefined;
  if (maskedCrc32c(log.subarray(at + 6, end)) !== log.readUInt32LE(at)) throw recordDamaged(name, 'checksum');
  return { type: log.readUInt8(at + 6), content: log.subarray(at + LOG_HEADER_BYTES, end), end };
}

/** Fields of a version edit (LevelDB db/version_edit.cc), each a tag and its values. */
function applyEdit(edit: Buffer, live: Set<number>): void {
  const reader = new VarintReader(edit);
  const skipNumber = (): void => { reader.number(); };
  const skipText = (): void => { reader.text(); };
  const fields: Record<number, () => void> = {
    1: skipText, 2: skipNumber, 3: skipNumber, 4: skipNumber, 9: skipNumber,
    5: () => { reader.number(); reader.text(); },
    6: () => { reader.number(); live.delete(reader.number()); },
    7: () => { reader.number(); live.add(reader.number()); reader.number(); reader.text(); reader.text(); },
  };
  while (!reader.atEnd) {
    const tag = reader.number();
    const read = fields[tag];
    if (read === undefined) throw recordDamaged('MANIFEST', `field ${tag}`);
    read();
  }
}
