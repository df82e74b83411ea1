/** What LevelDB believes unread: every single bit of it, and the sums of CRC-32C behind it. */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Level } from 'level';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { crc32c, maskedCrc32c } from '../../network/embedded/crc32c.js';
import { liveTables } from '../../network/embedded/live-tables.js';
import { checkTables } from '../../network/embedded/table-check.js';
import { refusal } from './refusal.js';

const FOOTER_BYTES = 48;

describe('CRC-32C', () => {
  test.each([
    ['RFC 3720 B.4: 32 bytes of zeros', Buffer.alloc(32), 0x8a9136aa],
    ['RFC 3720 B.4: 32 bytes of ones', Buffer.alloc(32, 0xff), 0x62a8ab43],
    ['RFC 3720 B.4: 32 incrementing bytes', Buffer.from(Array.from({ length: 32 }, (_, n) => n)), 0x46dd794e],
    ['RFC 3720 B.4: 32 decrementing bytes', Buffer.from(Array.from({ length: 32 }, (_, n) => 31 - n)), 0x113fdb5c],
    ['catalogue of parametrised CRCs: check value', Buffer.from('123456789'), 0xe3069283],
    ['nothing', Buffer.alloc(0), 0],
  ])('%s', (_source, bytes, sum) => {
    expect(crc32c(bytes)).toBe(sum);
  });

  test('a masked sum is the sum rotated by 15 bits, and a constant', () => {
    expect(maskedCrc32c(Buffer.from('123456789'))).toBe((((0xe3069283 >>> 15) | (0xe3069283 << 17)) + 0xa282ead8) >>> 0);
  });
});

describe('the tables of a store', () => {
  let directory: string;
  let table: string;
  let bytes: Buffer;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'tables-'));
    const level = new Level(directory);
    await level.batch(Array.from({ length: 400 }, (_, n) => ({ type: 'put' as const, key: `key ${String(n).padStart(4, '0')}`, value: `value ${n} `.repeat(8) })));
    await (level as unknown as { compactRange(from: string, to: string): Promise<void> }).compactRange('', '\u{10ffff}');
    await level.close();
    table = join(directory, (await readdir(directory)).find((name) => name.endsWith('.ldb'))!);
    bytes = await readFile(table);
  });
  afterAll(async () => rm(directory, { recursive: true }));

  test('are those of the manifest, and all well (control)', () => {
    expect(liveTables(directory)).toEqual([Number(table.match(/(\d+)\.ldb$/u)![1])]);
    expect(() => checkTables(directory)).not.toThrow();
  });

  test('nothing is checked where no store is', () => {
    expect(() => checkTables(join(directory, 'none'))).not.toThrow();
  });

  test('a half written table that the manifest does not name is nobody\'s', async () => {
    await writeFile(join(directory, '999999.ldb'), 'half');
    expect(() => checkTables(directory)).not.toThrow();
    await rm(join(directory, '999999.ldb'));
  });

  test('each flipped bit of index, filter, directory and footer is found', async () => {
    const [first, end] = [bytes.length - checkedBytes(bytes), bytes.length];
    const missed: number[] = [];
    for (let bit = first * 8; bit < end * 8; bit += 1) {
      const damaged = Buffer.from(bytes);
      damaged[bit >> 3]! ^= 1 << (bit & 7);
      if (saysTheSame(damaged, bytes)) continue;
      await writeFile(table, damaged);
      if (refusal(() => checkTables(directory)) !== 'LEDGER_RECORD_DAMAGED') missed.push(bit);
    }
    await writeFile(table, bytes);
    expect(missed).toEqual([]);
  }, 60_000);

  test.each([
    ['cut short', async () => writeFile(table, bytes.subarray(0, -1))],
    ['empty', async () => writeFile(table, '')],
    ['gone', async () => rm(table)],
  ])('a table %s is found', async (_name, damage) => {
    await damage();
    expect(refusal(() => checkTables(directory))).toBe('LEDGER_RECORD_DAMAGED');
    await writeFile(table, bytes);
  });

  test('a flipped bit of the manifest is found, one that ends within a record is as LevelDB takes it', async () => {
    const manifest = join(directory, (await readFile(join(directory, 'CURRENT'), 'utf8')).trim());
    const genuine = await readFile(manifest);
    const damaged = Buffer.from(genuine);
    damaged[7]! ^= 1;
    await writeFile(manifest, damaged);
    expect(refusal(() => checkTables(directory))).toBe('LEDGER_RECORD_DAMAGED');
    await writeFile(manifest, genuine.subarray(0, -1));
    expect(liveTables(directory)).toEqual([]);
    await writeFile(manifest, genuine);
  });
});

/** The footer's four numbers leave room behind them that is never read. */
function saysTheSame(a: Buffer, b: Buffer): boolean {
  return a.subarray(0, -FOOTER_BYTES).equals(b.subarray(0, -FOOTER_BYTES)) && a.subarray(-8).equals(b.subarray(-8)) && String(handles(a)) === String(handles(b));
}

function handles(file: Buffer): number[] {
  const numbers: number[] = [];
  for (let at = file.length - FOOTER_BYTES; numbers.length < 4;) {
    const { value, next } = varint(file, at);
    numbers.push(value);
    at = next;
  }
  return numbers;
}

/** How much of the file is directory, index, footer and, before them, filter: it starts where the directory says. */
function checkedBytes(file: Buffer): number {
  const directoryAt = handles(file)[0]!;
  const entry = file.subarray(directoryAt + 3);
  const nameLength = file[directoryAt + 1]!;
  return file.length - varint(entry, nameLength).value;
}

function varint(bytes: Buffer, from: number): { value: number; next: number } {
  let value = 0;
  for (let count = 0; ; count += 1) {
    const byte = bytes[from + count]!;
    value += (byte & 127) * 2 ** (7 * count);
    if (byte < 128) return { value, next: from + count + 1 };
  }
}
