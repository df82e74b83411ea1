/**
 * A power cut: the file system is stopped without writing what it holds in memory, as if the machine had gone dark.
 * Needs root, a loop device, ext4 and python3 (for one ioctl); where these are missing the test says so and is not run.
 */
import { execFileSync, spawn } from 'node:child_process';
import { accessSync, constants, mkdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, test } from 'vitest';
import { LevelStore } from '../../network/embedded/level-store.js';
import { RecordSeal } from '../../network/embedded/record-seal.js';
import { buildChild } from './child-program.js';
import { inspect } from './inspect-ledger.js';
import { randomFrom } from './seeded-random.js';
import { inTemporaryDirectory, ledgerOptions, withLedger } from './temporary-ledger.js';

const CUTS = Number(process.env['LEDGER_POWER_CUTS'] ?? 5);
const CONTROL_CUTS = 3;
/** So often one ledger goes on after a cut; then a new one is made, which may be cut while it is being made. */
const CUTS_PER_LEDGER = 5;
const seed = Date.now();
const random = randomFrom(seed);

/** EXT4_IOC_SHUTDOWN with "no flush of the log". */
const SHUTDOWN = 'import fcntl, os, struct, sys; fcntl.ioctl(os.open(sys.argv[1], os.O_RDONLY), 0x8004587d, struct.pack("I", 2))';

const run = (program: string, ...args: string[]): void => { execFileSync(program, args, { stdio: 'ignore' }); };

function machineAllowsIt(): boolean {
  try {
    accessSync('/dev/loop-control', constants.W_OK);
    for (const program of ['mkfs.ext4', 'python3', 'mount']) run('which', program);
    return process.getuid?.() === 0;
  } catch {
    return false;
  }
}

const possible = machineAllowsIt();
if (!possible) console.info('not run: power cuts (needs root, a loop device, mkfs.ext4, mount and python3)');
else console.info(`power cuts: ${CUTS}, seed ${seed}`);

/** A small disk of its own in `dir`; `use` gets its mount point. */
async function withDisk(dir: string, use: (mountPoint: string) => Promise<void>): Promise<void> {
  const [image, mountPoint] = [join(dir, 'disk.img'), join(dir, 'mnt')];
  run('truncate', '-s', '512M', image);
  run('mkfs.ext4', '-q', image);
  mkdirSync(mountPoint);
  run('mount', '-o', 'loop', image, mountPoint);
  try {
    await use(mountPoint);
  } finally {
    run('umount', mountPoint);
  }
}

/** Runs a writer on the disk, cuts the power, and brings the disk back; @returns what was acknowledged */
async function runUntilCut(program: string, dir: string, mountPoint: string, first: number): Promise<number[]> {
  const child = spawn(process.execPath, [await buildChild(program), dir, String(first)], { stdio: ['ignore', 'pipe', 'pipe'] });
  const errors: string[] = [];
  child.stderr.on('data', (text: Buffer) => { errors.push(text.toString()); });
  const acknowledged: number[] = [];
  const dead = new Promise<void>((resolve) => { child.once('exit', () => { resolve(); }); });
  let timer: NodeJS.Timeout | undefined;
  let isCut = false;
  const cut = (): void => {
    isCut = true;
    run('python3', '-c', SHUTDOWN, mountPoint);
    child.kill('SIGKILL');
  };
  for await (const line of createInterface({ input: child.stdout })) {
    if (line === 'ready') timer = setTimeout(cut, 150 + random() * 500);
    if (line.startsWith('ack ')) acknowledged.push(Number(line.slice(4)));
  }
  clearTimeout(timer);
  await dead; // by the kill, or by the errors it met a moment before
  expect(isCut, `the writer ended by itself: ${errors.join('')}`).toBe(true);
  const image = join(mountPoint, '..', 'disk.img');
  run('umount', mountPoint);
  run('mount', '-o', 'loop', image, mountPoint);
  return acknowledged;
}

/** How many of the acknowledged records are gone; all of them if LevelDB cannot even open the store. */
async function lostOf(acknowledged: readonly number[], storeDir: string): Promise<number> {
  const store = await LevelStore.open(storeDir, new RecordSeal(new Uint8Array(32))).catch(() => undefined);
  if (store === undefined) return acknowledged.length;
  const lost = acknowledged.filter((n) => store.get(`n${n}`) === undefined).length;
  await store.close();
  return lost;
}

describe.skipIf(!possible)('a power cut', () => {
  test(`${CUTS} times: no acknowledged write is lost, and the chain verifies`, async () => {
    await inTemporaryDirectory((dir) => withDisk(dir, async (mountPoint) => {
      let total = 0;
      for (let cut = 0; cut < CUTS;) {
        const acknowledged = new Set<number>();
        const ledgerDir = join(mountPoint, `ledger-${cut}`);
        for (const end = Math.min(cut + CUTS_PER_LEDGER, CUTS); cut < end; cut += 1) {
          for (const n of await runUntilCut('tests/network/ledger-child.ts', ledgerDir, mountPoint, cut * 10_000)) acknowledged.add(n);
          await withLedger(ledgerOptions(ledgerDir), async ({ ledger, client }) => { await inspect(ledger, client, acknowledged); });
        }
        await rm(ledgerDir, { recursive: true });
        total += acknowledged.size;
      }
      expect(total, 'no write was acknowledged at all').toBeGreaterThan(CUTS);
    }));
  }, 60_000 + CUTS * 15_000);

  test('loses writes that did not wait for the disk (control)', async () => {
    await inTemporaryDirectory((dir) => withDisk(dir, async (mountPoint) => {
      let lost = 0;
      for (let cut = 0; cut < CONTROL_CUTS; cut += 1) {
        const storeDir = join(mountPoint, `store-${cut}`);
        const acknowledged = await runUntilCut('tests/network/unsynced-child.ts', storeDir, mountPoint, 0);
        lost += await lostOf(acknowledged, storeDir);
      }
      expect(lost).toBeGreaterThan(0);
    }));
  }, 120_000);
});
