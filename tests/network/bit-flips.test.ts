/** One flipped bit somewhere in the stored ledger: it is found, and whatever the ledger still answers is right. */
import { fork, type ChildProcess } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Level } from 'level';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Identity } from '../../network/enrolment/identity.js';
import { buildChild } from './child-program.js';
import { everyAnswer, subjectsOf, type Answers, type Subjects } from './every-answer.js';
import type { Finding, Inspection } from './flip-inspector.js';
import { randomFrom } from './seeded-random.js';
import { copyLedger, fillLedger, ledgerOptions, withLedger } from './temporary-ledger.js';

const FLIPS = Number(process.env['LEDGER_BIT_FLIPS'] ?? 60);
const seed = Number(process.env['LEDGER_SEED'] ?? Date.now() % 1e9);
const random = randomFrom(seed);

type Records = ReadonlyMap<string, string>;

let directory: string;
let original: string;
let copy: string;
let identity: Identity;
let subjects: Subjects;
let genuine: Answers;
let records: Records;

beforeAll(async () => {
  console.info(`bit flips: ${FLIPS} of records, ${FLIPS} of files, seed ${seed}`);
  directory = await mkdtemp(join(tmpdir(), 'flip-'));
  original = join(directory, 'original');
  copy = join(directory, 'copy');
  await fillLedger(original);
  await withLedger(ledgerOptions(original), async (opened) => {
    ({ identity } = opened);
    await opened.client.contract('probe').submitTransaction('put', 'k5', 'written after the tables');
    subjects = await subjectsOf(opened.client, opened.ledger.height());
    genuine = await everyAnswer(opened.client, subjects);
  });
  records = new Map(await askInspector<[string, string][]>({ raw: original }) as [string, string][]);
});
afterAll(async () => {
  inspector?.kill();
  await rm(directory, { recursive: true });
});

let inspector: ChildProcess | undefined;

/** Sends a message to the inspector, started anew if the last one died; @returns its answer, or `undefined` if it died */
async function askInspector<T>(message: Inspection | { raw: string }): Promise<T | undefined> {
  inspector ??= fork(await buildChild('tests/network/flip-inspector.ts'), { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
  const child = inspector;
  return new Promise((resolve) => {
    const died = (): void => {
      inspector = undefined;
      resolve(undefined);
    };
    child.once('exit', died);
    child.once('message', (answer) => {
      child.off('exit', died);
      resolve(answer as T);
    });
    child.send(message);
  });
}

async function inspectCopy(): Promise<Finding> {
  const known = [...genuine].map(([question, answer]): [string, string] => [question, answer!]);
  return await askInspector<Finding>({ dir: copy, identity, subjects, genuine: known }) ?? { found: 'process ended', wrong: [], unexplained: [] };
}

function flip(bytes: Buffer): void {
  const bit = Math.floor(random() * bytes.length * 8);
  bytes[bit >> 3]! ^= 1 << (bit & 7);
}

const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)]!;

describe('a flipped bit', () => {
  test('the genuine ledger answers every question the same way again, and nothing is found (control)', async () => {
    await copyLedger(original, copy);
    expect(await inspectCopy()).toEqual({ found: 'nothing', wrong: [], unexplained: [] });
    expect([...genuine.values()].filter((answer) => answer === undefined)).toEqual([]);
  });

  test(`in a stored record is found each of ${FLIPS} times, and nothing wrong is served`, async () => {
    const failures: string[] = [];
    for (let n = 0; n < FLIPS; n += 1) {
      await copyLedger(original, copy);
      const name = pick([...records.keys()]);
      await flipRecord(name);
      const finding = await inspectCopy();
      if (finding.found === 'nothing' || finding.wrong.length + finding.unexplained.length > 0) failures.push(`${JSON.stringify(name)} ${JSON.stringify(finding)}`);
    }
    expect(failures).toEqual([]);
  }, 60_000 + FLIPS * 4_000);

  test(`in a stored file never leads to a wrong answer, ${FLIPS} times`, async () => {
    const counts = new Map<string, number>();
    const count = (what: string): void => { counts.set(what, (counts.get(what) ?? 0) + 1); };
    const failures: string[] = [];
    for (let n = 0; n < FLIPS; n += 1) {
      await copyLedger(original, copy);
      const file = pick(await filesOf(copy));
      const bytes = await readFile(file);
      flip(bytes);
      await writeFile(file, bytes);
      const finding = await inspectCopy();
      count(finding.found);
      if (finding.wrong.length + finding.unexplained.length > 0) failures.push(`${file}: ${JSON.stringify(finding)}`);
      await copyLedger(original, copy);
      await writeFile(file, bytes);
      if (await levelIsSilentlyWrong()) count('silent in LevelDB alone');
    }
    console.info(`bit flips in files: ${JSON.stringify(Object.fromEntries(counts))}`);
    expect(failures).toEqual([]);
    expect(counts.get('silent in LevelDB alone'), 'control: no flip reached the data').toBeGreaterThan(0);
  }, 60_000 + FLIPS * 4_000);
});

async function flipRecord(name: string): Promise<void> {
  const level = new Level<string, Buffer>(join(copy, 'store'), { keyEncoding: 'utf8', valueEncoding: 'buffer' });
  const record = await level.get(name);
  if (record === undefined) throw new Error(`no record ${name}`);
  flip(record);
  await level.put(name, record);
  await level.close();
}

/** Files that hold the ledger's content: tables, logs, manifests, the head file, the seal's key. */
async function filesOf(dir: string): Promise<string[]> {
  const stored = (await readdir(join(dir, 'store'))).filter((name) => !['LOCK', 'LOG', 'LOG.old'].includes(name));
  const files = [...stored.map((name) => join(dir, 'store', name)), join(dir, 'head'), join(dir, 'record-seal.key')];
  const sizes = await Promise.all(files.map(async (file) => (await readFile(file)).length));
  return files.filter((_, index) => sizes[index]! > 0);
}

/** True if LevelDB opens the damaged copy without complaint and gives other records than it should. */
async function levelIsSilentlyWrong(): Promise<boolean> {
  const answer = await askInspector<[string, string][] | 'refused'>({ raw: copy });
  if (answer === undefined || answer === 'refused') return false;
  const found = new Map(answer);
  return found.size !== records.size || [...records].some(([name, record]) => found.get(name) !== record);
}
