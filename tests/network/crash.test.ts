/** Killing the ledger at random moments and at every step of a commit: nothing acknowledged is lost, doubled or torn. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { describe, expect, test } from 'vitest';
import type { CommitStep } from '../../network/embedded/orderer.js';
import { buildChild } from './child-program.js';
import { inspect } from './inspect-ledger.js';
import { randomFrom } from './seeded-random.js';
import { inTemporaryDirectory, ledgerOptions, withLedger } from './temporary-ledger.js';

const KILLS = Number(process.env['LEDGER_KILLS'] ?? 20);
const STEPS: readonly CommitStep[] = ['before-prepare', 'before-write', 'after-write', 'after-head', 'after-notice'];
const EVERY_STEP_AT = [1, 2, 7];

/** Starts a ledger under load; @returns the numbers it acknowledged before it died */
async function runUntilKilled(dir: string, first: number, killAfterMs: number | undefined, step: readonly string[] = []): Promise<number[]> {
  const program = await buildChild('tests/network/ledger-child.ts');
  const child = spawn(process.execPath, [program, dir, String(first), ...step], { stdio: ['ignore', 'pipe', 'pipe'] });
  const errors: string[] = [];
  child.stderr.on('data', (text: Buffer) => { errors.push(text.toString()); });
  const acknowledged: number[] = [];
  const dead = new Promise<NodeJS.Signals | null>((resolve) => { child.once('exit', (_, signal) => { resolve(signal); }); });
  for await (const line of createInterface({ input: child.stdout })) {
    if (line === 'ready' && killAfterMs !== undefined) setTimeout(() => child.kill('SIGKILL'), killAfterMs);
    if (line.startsWith('ack ')) acknowledged.push(Number(line.slice(4)));
  }
  expect([await dead, errors.join('')]).toEqual(['SIGKILL', '']);
  return acknowledged;
}

describe('killing the ledger', () => {
  test(`${KILLS} times at random moments under load`, async () => {
    const seed = Date.now();
    console.info(`crash test: ${KILLS} kills, seed ${seed}`);
    const random = randomFrom(seed);
    await inTemporaryDirectory(async (dir) => {
      const acknowledged = new Set<number>();
      let next = 0;
      for (let kill = 0; kill < KILLS; kill += 1) {
        for (const n of await runUntilKilled(dir, next, 20 + random() * 300)) acknowledged.add(n);
        next += 10_000;
        const inspectNow = kill % 10 === 9 || kill === KILLS - 1; // verifying the chain takes longer, the longer it is
        if (inspectNow) await withLedger(ledgerOptions(dir), async ({ ledger, client }) => { await inspect(ledger, client, acknowledged); });
      }
      expect(acknowledged.size, 'no write was acknowledged at all').toBeGreaterThan(KILLS);
    });
  }, 60_000 + KILLS * 5_000);

  test.each(STEPS.flatMap((step) => EVERY_STEP_AT.map((occurrence) => [step, occurrence] as const)))('at the step %s, the %d. time', async (step, occurrence) => {
    await inTemporaryDirectory(async (dir) => {
      const acknowledged = new Set(await runUntilKilled(dir, 0, undefined, [step, String(occurrence)]));
      await withLedger(ledgerOptions(dir), async ({ ledger, client }) => {
        const stored = await inspect(ledger, client, acknowledged);
        const written = step === 'before-prepare' || step === 'before-write' ? occurrence : occurrence + 1;
        // A block is prepared while the one before may still be on its way to the disk.
        const heights = step === 'before-prepare' ? [written - 1, written] : [written];
        expect(heights).toContain(ledger.height());
        expect(stored.length).toBeGreaterThanOrEqual(acknowledged.size);
      });
    });
  });

  test('is seen by this inspection when a write is acknowledged that was never made (control)', async () => {
    await inTemporaryDirectory(async (dir) => {
      const acknowledged = new Set(await runUntilKilled(dir, 0, 300));
      acknowledged.add(1_000_000);
      await withLedger(ledgerOptions(dir), async ({ ledger, client }) => {
        await expect(inspect(ledger, client, acknowledged)).rejects.toThrow(/lost/);
      });
    });
  });
});

