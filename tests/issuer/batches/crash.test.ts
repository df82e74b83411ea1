/** Killing the issuer at random moments of a bulk job: what comes out is what an undisturbed run gives, byte for byte. */
import { existsSync } from 'node:fs';
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mustBe } from '../../gateway/app/running-gateway.js';
import { bundleProgram, startProgram, type Program, type RunningProgram } from '../../gateway/child-program.js';
import { randomFrom } from '../../network/seeded-random.js';
import { grant, UNIVERSITY } from '../issuer-world.js';
import { parseDid } from '#domain/trust/did.js';
import type { ChildLine, ChildSettings, Outcome } from './batch-child.js';
import { batchWorld, type BatchWorld } from './batch-world.js';
import { classFile } from './graduates.js';
import { judge, type Get } from './judging.js';

const ROWS = Number(process.env['BATCH_ROWS'] ?? 300);
const KILLS = Number(process.env['BATCH_KILLS'] ?? 12);
const SEED = Number(process.env['BATCH_SEED'] ?? Date.now() % 1_000_000);
/** So much of the job passes between two kills, on the average half of it. */
const PART_OF_JOB = 0.3;
/** One kill in so many falls into the start of the program. */
const AT_START = 5;
const START_MS = 600;

let world: BatchWorld;
let program: Program;
let gateway: string;
let folder: string;
const random = randomFrom(SEED);
/** In which state the batch was taken up how often. */
const takenUp = new Map<string, number>();

beforeAll(async () => {
  world = await batchWorld();
  program = await bundleProgram('tests/issuer/batches/batch-child.ts');
  gateway = await world.gateway.app.listen({ host: '127.0.0.1', port: 0 });
  folder = await mkdtemp(join(tmpdir(), 'minhchung-batch-'));
});
afterAll(async () => {
  await program.remove();
  await rm(folder, { recursive: true, force: true });
  await world.remove();
});

/** A batch that is approved and has hardly begun, in a folder to be copied. */
async function approvedBatch(name: string, did: string): Promise<{ from: string; batch: string }> {
  const file = classFile(ROWS, (row) => row.map((cell, at) => (at === 3 || at === 4 ? `${name}${cell}` : cell)));
  const { body } = mustBe(201, await world.upload(file, { did, graduates: String(ROWS) }));
  const batch = String(body['id']);
  mustBe(202, await world.approve(batch));
  await world.issuer.close();
  const from = join(folder, name);
  await cp(world.folder, from, { recursive: true });
  await world.restart();
  await world.until(batch, 'issued'); // it takes up the batch as well: a third run of the same
  return { from, batch };
}

interface Run {
  readonly outcomes: readonly Outcome[];
  /** from the start of the job to its end */
  readonly tookMs: number;
}

/** Digest of each chunk of signatures, as soon as it was once seen. */
type Signed = Map<number, string>;

/** @returns what came out, or `undefined` if it was killed */
async function runOnce(settings: ChildSettings, killAfter: KillAfter, signed: Signed): Promise<Run | undefined> {
  const child = startProgram(program, settings);
  const times = await followed(child, killAfter, signed);
  const { code, signal } = await child.ended;
  if (signal === 'SIGKILL') return undefined;
  expect(code).toBe(0);
  const outcomes = (await readFile(settings.outcome, 'utf8')).split('\n').map((line) => JSON.parse(line) as Outcome);
  return { outcomes, tookMs: times.issued - times.ready };
}

/** Milliseconds from the start of the program, or from when it is ready. */
interface KillAfter {
  readonly start?: number;
  readonly ready?: number;
}

/** Follows a program to its end, and brings that about. */
async function followed(child: RunningProgram, killAfter: KillAfter, signed: Signed): Promise<Record<ChildLine['is'], number>> {
  const times = { open: 0, ready: 0, issued: 0 };
  const timers: NodeJS.Timeout[] = [];
  const killIn = (ms: number | undefined): void => {
    if (ms !== undefined) timers.push(setTimeout(() => child.process.kill('SIGKILL'), ms));
  };
  killIn(killAfter.start);
  for await (const line of child.lines as AsyncIterable<ChildLine | undefined>) {
    if (line === undefined) continue;
    times[line.is] = performance.now();
    if (line.is === 'open') noteOpen(line, signed);
    if (line.is === 'ready') killIn(killAfter.ready);
  }
  timers.forEach((timer) => { clearTimeout(timer); });
  return times;
}

function noteOpen({ state, signed: digests }: Extract<ChildLine, { is: 'open' }>, signed: Signed): void {
  takenUp.set(state, (takenUp.get(state) ?? 0) + 1);
  digests.forEach((digest, chunk) => { remember(signed, chunk, digest); });
}

/** A signature that was once on the disk is the signature. */
function remember(signed: Signed, chunk: number, digest: string): void {
  expect(signed.get(chunk) ?? digest).toBe(digest);
  signed.set(chunk, digest);
}

async function copied(from: string, name: string): Promise<Pick<ChildSettings, 'folder' | 'outcome'>> {
  const to = join(folder, name);
  await rm(to, { recursive: true, force: true });
  await cp(from, to, { recursive: true });
  await rm(`${to}.outcome`, { force: true });
  return { folder: to, outcome: `${to}.outcome` };
}

const signature = /^([^.]+\.[^.]+)\.([^~]+)(~.*~)#.*$/;
/** All of a credential that does not hang on a signature. */
const unsigned = ({ text, ...rest }: Outcome): object => ({ ...rest, text: text.replace(signature, '$1$3') });

describe(`a job of ${ROWS} rows, killed ${KILLS} times at random moments (seed ${SEED})`, () => {
  it.each([['EdDSA', 'K'], ['ES256', 'W']] as const)('gives the same credentials as an undisturbed one: %s', async (algorithm, name) => {
    const did = algorithm === 'ES256' ? UNIVERSITY : await edDsaDid();
    const { from, batch } = await approvedBatch(name, did);
    const settings = { gateway, batch, seed: SEED };
    const undisturbed = await runOnce({ ...settings, ...await copied(from, `${name}-undisturbed`) }, {}, new Map());
    if (undisturbed === undefined) throw new Error('nobody killed it');
    check(undisturbed.outcomes);
    takenUp.clear();
    let kills = 0;
    for (let round = 0; kills < KILLS; round += 1) {
      const one = { ...settings, ...await copied(from, `${name}-killed`) };
      const { outcomes, killed } = await runKilled(one, undisturbed.tookMs, KILLS - kills);
      kills += killed;
      check(outcomes);
      expect(outcomes.map(unsigned)).toEqual(undisturbed.outcomes.map(unsigned));
      if (algorithm === 'EdDSA') expect(outcomes).toEqual(undisturbed.outcomes);
    }
    expect(kills).toBe(KILLS);
    console.info(`${algorithm}: ${kills} kills, seed ${SEED}, taken up in`, Object.fromEntries(takenUp));
    await judged(undisturbed.outcomes);
  }, 120_000 + KILLS * 20_000);

  it('compares what it says it compares (control)', async () => {
    const [one, other] = ['a.b.c~d~#e', 'a.b.x~d~#y'].map((text) => unsigned({ text } as Outcome));
    expect(one).toEqual(other);
    expect(unsigned({ text: 'a.b.c~D~#e' } as Outcome)).not.toEqual(one);
    expect(existsSync(program.file)).toBe(true);
  });
});

/** Kills at random moments until the job has come to its end, or there were enough. */
async function runKilled(settings: ChildSettings, jobMs: number, most: number): Promise<{ outcomes: readonly Outcome[]; killed: number }> {
  const signed: Signed = new Map();
  for (let killed = 0; killed < most; killed += 1) {
    const atStart = Math.floor(random() * AT_START) === 0;
    const run = await runOnce(settings, atStart ? { start: random() * START_MS } : { ready: random() * jobMs * PART_OF_JOB }, signed);
    if (run !== undefined) return { outcomes: run.outcomes, killed };
  }
  const last = await runOnce(settings, {}, signed);
  if (last === undefined) throw new Error('nobody killed it');
  return { outcomes: last.outcomes, killed: most };
}

function check(outcomes: readonly Outcome[]): void {
  expect(outcomes).toHaveLength(ROWS);
  for (const name of ['id', 'publicId', 'slot', 'revealKey', 'row'] as const) expect(new Set(outcomes.map((one) => one[name])).size, name).toBe(ROWS);
}

async function edDsaDid(): Promise<string> {
  const { body } = mustBe(201, await world.post(world.gateway.operator, '/v1/dids', { organisation: 'dai-hoc-vi-du', method: 'key', algorithm: 'EdDSA' }));
  await grant(world, 'DH-ED', parseDid(String(body['did'])), { credentialType: 'DiplomaCredential', scope: { provinces: ['48'] } });
  return String(body['did']);
}

/** The verifier takes them: the ledger knows their root. */
async function judged(outcomes: readonly Outcome[]): Promise<void> {
  const get: Get = async (path) => (path.startsWith('/public/trust') || path.startsWith('/public/commitments') ? world.gateway.call({ method: 'GET', url: path }) : world.get(path));
  const verdicts = await judge(outcomes.map(({ text }) => text), get);
  expect(verdicts.filter(({ verdict }) => verdict !== 'verified').map(({ report }) => JSON.stringify(report))).toEqual([]);
}
