/**
 * Any process is killed at any time, the platform's own program among them, while enterprises write through its public API:
 * what was acknowledged is there once, as the same API and the public pages tell it.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { StartedProgram } from '../e2e/started-program.js';
import { randomFrom } from '../network/seeded-random.js';
import { ApiLoad } from './api-load.js';
import { FailingNetwork } from './failing-network.js';

const KILLS = Number(process.env['FABRIC_KILLS'] ?? 6);
const SEED = Number(process.env['FABRIC_SEED'] ?? Date.now() % 1_000_000);
/** So many are to be acknowledged while something is dead, and again before the next thing dies. */
const SOME = 10;

let network: FailingNetwork;
let folder: string;
let program: StartedProgram;
const opened: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  network = await FailingNetwork.make();
  opened.push(async () => network.close());
  folder = await mkdtemp(join(tmpdir(), 'minhchung-kills-'));
  opened.push(async () => rm(folder, { recursive: true }));
  process.env['GATEWAY_FABRIC'] = network.folder.connection;
  program = await StartedProgram.start(folder, '--empty');
  opened.push(async () => program.stop());
});

afterAll(async () => {
  for (const close of opened.reverse()) await close();
});

const PROGRAM = 'program';
const KEEPER = 'keeper';

/** Kills one and brings it back, with writes going on as far as they can. */
async function strike(name: string, load: ApiLoad): Promise<void> {
  if (name === PROGRAM) {
    await program.stop('SIGKILL');
    program = await StartedProgram.start(folder, '--empty');
    return;
  }
  await network.kill(name);
  if (name === KEEPER) return network.up();
  await load.more(SOME);
  if (!name.startsWith('chaincode-')) await network.start(name);
}

describe('any process', () => {
  test(`${KILLS} kills under load (FABRIC_KILLS), seed ${SEED} (FABRIC_SEED)`, { timeout: 7_200_000 }, async () => {
    const random = randomFrom(SEED);
    const load = await ApiLoad.begin(() => program.gateway, (await readFile(join(folder, 'operator-key.txt'), 'utf8')).trim());
    const killed: string[] = [];
    for (let count = 0; count < KILLS; count++) {
      await load.more(SOME);
      const names = [PROGRAM, KEEPER, ...network.peers, ...network.orderers, ...network.chaincodes];
      const name = names[Math.floor(random() * names.length)]!;
      killed.push(name);
      await strike(name, load);
    }
    await load.more(SOME);
    const errors = await load.stop(async (item) => (await program.scan(item)).status);
    console.info(`${KILLS} kills: ${load.acknowledged} acknowledged, ${load.doubts} answers that decided nothing; ${JSON.stringify(tally(killed))}`);
    expect(errors).toEqual([]);
    await network.settled();
  });
});

/** How often each kind of process was killed. */
function tally(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) {
    const [kind = ''] = name.split('-');
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}
