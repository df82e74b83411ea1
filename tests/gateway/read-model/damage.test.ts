import { Buffer } from 'node:buffer';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Level } from 'level';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Problem } from '#domain/errors.js';
import { systemClock } from '../../../gateway/ledger/clock.js';
import { openRow, sealRow } from '../../../gateway/ledger/sealed-row.js';
import { openReadModel, type ReadModel } from '../../../gateway/read-model/read-model.js';
import { BlockChain, NAMESPACE } from '../ledger/fabric-blocks.js';
import { bundleProgram, startProgram, type Program } from '../child-program.js';
import { writeChain } from './chain-file.js';
import { ChainLedger } from './chain-ledger.js';
import type { ProjectingLine, ProjectingSettings } from './projecting-program.js';

/** Enough for LevelDB to have table files as well as a journal. */
const ROWS = 600;
let dir = '';
let whole = '';
let digest = '';
const chain = new BlockChain();

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'damage-'));
  whole = join(dir, 'whole');
  for (let n = 0; n < ROWS; n += 20) {
    chain.add(Array.from({ length: 20 }, (_, i) => ({ time: 1_700_000_000_000 + n, writes: [{ key: `k${String(n + i).padStart(4, '0')}`, value: valueOf(n + i) }] })));
  }
  const first = await model(whole);
  await first.caughtUp();
  digest = await first.digest();
  await first.close();
  await compacted(whole);
  for (let n = 0; n < 5; n++) chain.add([{ time: 1_700_000_001_000, writes: [{ key: `late${n}`, value: 'late' }] }]);
  const second = await model(whole);
  await second.caughtUp();
  digest = await second.digest();
  await second.close();
});
afterAll(() => rm(dir, { recursive: true, force: true }));

const valueOf = (n: number): string => `value ${n} ${'abcdefghij'.repeat(n % 7)}`;
const model = (folder: string, ledger = new ChainLedger(chain)): Promise<ReadModel> =>
  openReadModel({ dir: folder, ledger, namespace: NAMESPACE, indexer: { version: 'length-1', entries: ({ value }) => [{ index: 'length', key: String(value.length) }] }, clock: systemClock });

/** Moves what stands in the journal into table files. */
async function compacted(folder: string): Promise<void> {
  const level = new Level<string, Buffer>(folder, { valueEncoding: 'buffer' }) as Level<string, Buffer> & { compactRange(from: string, to: string): Promise<void> };
  await level.open();
  await level.compactRange('', '\u{10ffff}');
  await level.close();
}

/** Everything that a reader might be told, with refusals as such; a wrong answer fails the test. */
async function asked(reader: ReadModel): Promise<void> {
  for (let n = 0; n < ROWS; n += 1) rightOrRefused(() => reader.get(`k${String(n).padStart(4, '0')}`)?.value.toString(), valueOf(n));
  for (let n = 0; n < 5; n++) rightOrRefused(() => reader.get(`late${n}`)?.value.toString(), 'late');
  const page = await reader.range('k', { limit: 1000 }).catch(refused);
  if (page !== undefined) expect(page.rows).toHaveLength(ROWS);
}

function rightOrRefused(ask: () => string | undefined, expected: string): void {
  try {
    expect(ask()).toBe(expected);
  } catch (error) {
    refused(error);
  }
}

function refused(error: unknown): undefined {
  if (!(error instanceof Problem)) throw error;
  expect(['READ_MODEL_DAMAGED', 'READ_MODEL_CHECKING']).toContain(error.code);
}

/** A reproducible sequence of places. */
function* places(seed: number): Generator<number> {
  for (let x = seed; ; x = (Math.imul(x, 1_664_525) + 1_013_904_223) >>> 0) yield x;
}

describe('one flipped bit', () => {
  const expected = Object.fromEntries([...Array.from({ length: ROWS }, (_, n) => [`k${String(n).padStart(4, '0')}`, valueOf(n)]), ...Array.from({ length: 5 }, (_, n) => [`late${n}`, 'late'])]) as Record<string, string>;

  /** In a program of its own: LevelDB may abort it. Its supervisor starts it again. */
  async function supervised(program: Program, folder: string): Promise<ProjectingLine[]> {
    for (let starts = 0; starts < 6; starts++) {
      const run = startProgram(program, { dir: folder, chainFile: join(dir, 'chain.json'), namespace: NAMESPACE, expected } satisfies ProjectingSettings);
      const lines: ProjectingLine[] = [];
      for await (const line of run.lines) lines.push(line as ProjectingLine);
      const { code } = await run.ended;
      if (code === 0) return lines.filter((line) => !('height' in line));
    }
    throw new Error('it never starts');
  }

  it('anywhere in the files never changes an answer, and the model is the same again in the end', async () => {
    await writeChain(join(dir, 'chain.json'), chain);
    const program = await bundleProgram('tests/gateway/read-model/projecting-program.ts');
    const files = (await readdir(whole)).filter((name) => /\.(ldb|log)$|^(MANIFEST|CURRENT)/.test(name)).sort();
    expect(files.some((name) => name.endsWith('.ldb')) && files.some((name) => name.endsWith('.log'))).toBe(true);
    const random = places(20_261_120);
    const next = (): number => random.next().value as number;
    for (let round = 0; round < 40; round++) {
      const folder = join(dir, `flip-${round}`);
      await cp(whole, folder, { recursive: true });
      const file = join(folder, files[round % files.length] ?? '');
      const bytes = await readFile(file);
      const at = next() % Math.max(1, bytes.length);
      bytes[at] = (bytes[at] ?? 0) ^ (1 << (next() % 8));
      await writeFile(file, bytes);
      expect(await supervised(program, folder)).toEqual([{ digest }]);
      await rm(folder, { recursive: true });
    }
    await program.remove();
  });
});

/** A healthy store with one row changed behind the model's back. */
async function tampered(name: string, change: (level: Level<string, Buffer>) => Promise<void>): Promise<ReadModel> {
  const folder = join(dir, name);
  await cp(whole, folder, { recursive: true });
  const level = new Level<string, Buffer>(folder, { valueEncoding: 'buffer' });
  await level.open();
  await change(level);
  await level.close();
  return model(folder);
}

describe('damage that LevelDB does not see', () => {
  it.each<[string, (level: Level<string, Buffer>) => Promise<void>]>([
    ['a value', async (level) => { const row = await level.get('sk0001'); row[20] = (row[20] ?? 0) ^ 1; await level.put('sk0001', row); }],
    ['a row under another key', async (level) => { await level.put('sk0002', await level.get('sk0001')); }],
    ['a row too short', async (level) => { await level.put('sk0001', Buffer.from([1, 2])); }],
    ['a missing state', async (level) => { await level.del('sk0300'); }],
    ['a missing index entry', async (level) => { for await (const key of level.keys({ gte: 'i', limit: 1 })) await level.del(key); }],
    ['a row too many', async (level) => { await level.put('sk9999', sealRow('sk9999', 16, (row) => row.fill(0))); }],
    ['a missing block in the middle', async (level) => { await level.del('b00000000000f'); }],
    ['the last block missing', async (level) => { await level.del('b000000000023'); }],
    ['no checkpoint', async (level) => { await level.del('m'); }],
    ['a checkpoint that is not whole', async (level) => { const row = await level.get('m'); row[5] = (row[5] ?? 0) ^ 1; await level.put('m', row); }],
  ])('is found and mended: %s', async (name, change) => {
    const reader = await tampered(`tampered-${name.replaceAll(' ', '-')}`, change);
    await asked(reader);
    await expect.poll(async () => {
      await reader.caughtUp();
      return reader.health().refusal === undefined ? reader.digest() : 'rebuilding';
    }).toBe(digest);
    await reader.close();
  });
});

describe('rebuilding', () => {
  it('leaves alone what is not LevelDB\'s in its folder', async () => {
    const folder = join(dir, 'shared');
    await cp(whole, folder, { recursive: true });
    await writeFile(join(folder, 'notes.txt'), 'mine');
    await writeFile(join(folder, 'CURRENT'), 'nonsense');
    const reader = await model(folder);
    await reader.caughtUp();
    expect(await reader.digest()).toBe(digest);
    expect(await readFile(join(folder, 'notes.txt'), 'utf8')).toBe('mine');
    await reader.close();
  });
});

describe('a seal', () => {
  it('fits its row and key only', () => {
    const row = sealRow('key', 5, (out) => { out.write('value'); });
    expect(openRow('key', row)?.toString()).toBe('value');
    expect(openRow('kex', row)).toBeUndefined();
    for (let bit = 0; bit < row.length * 8; bit++) {
      const flipped = Buffer.from(row);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(openRow('key', flipped)).toBeUndefined();
    }
    for (let length = 0; length < row.length; length++) expect(openRow('key', row.subarray(0, length))).toBeUndefined();
  });
});
