import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { zipArchive, type ZipEntry } from '../../../issuer/documents/zip-writer.js';
import { ZipArchive } from '../../../issuer/batches/table/zip-archive.js';

const AT = Date.UTC(2026, 10, 20, 17, 30, 41);

async function written(entries: Iterable<ZipEntry>): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of zipArchive(entries, AT)) pieces.push(piece);
  return Buffer.concat(pieces);
}

it('gives every entry back, whatever its name and content', async () => {
  const entry = fc.record({ name: fc.string({ minLength: 1, maxLength: 40, unit: 'grapheme' }), content: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)) });
  await fc.assert(fc.asyncProperty(fc.uniqueArray(entry, { selector: ({ name }) => name, maxLength: 20 }), async (entries) => {
    const archive = new ZipArchive(await written(entries), { entries: 20, inflated: 100_000 });
    for (const { name, content } of entries) expect(archive.read(Buffer.from(name).toString())?.equals(content)).toBe(true);
  }), { numRuns: 200 });
});

it('is an archive to a program of others, with Vietnamese names and the time in Viet Nam', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'minhchung-zip-'));
  try {
    const file = join(folder, 'a.zip');
    writeFileSync(file, await written([{ name: 'Văn bằng/0001 Nguyễn.txt', content: Buffer.from('xin chào') }, { name: 'rỗng.txt', content: Buffer.alloc(0) }]));
    const script = 'import sys, zipfile, json; z = zipfile.ZipFile(sys.argv[1]); assert z.testzip() is None; print(json.dumps([[i.filename, z.read(i).decode(), list(i.date_time)] for i in z.infolist()]))';
    expect(JSON.parse(execFileSync('python3', ['-c', script, file], { encoding: 'utf8' }))).toEqual([
      ['Văn bằng/0001 Nguyễn.txt', 'xin chào', [2026, 11, 21, 0, 30, 40]], ['rỗng.txt', '', [2026, 11, 21, 0, 30, 40]],
    ]);
    expect(readFileSync(file).length).toBeGreaterThan(0);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it('refuses more entries than its format counts', async () => {
  const entries = (function* many(): Generator<ZipEntry> {
    for (let at = 0; at <= 0xffff; at += 1) yield { name: String(at), content: Buffer.alloc(0) };
  })();
  await expect(written(entries)).rejects.toThrow(RangeError);
});
