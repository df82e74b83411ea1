import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Level } from 'level';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openEmbeddedLedger } from '../../network/embedded/embedded-ledger.js';
import { LedgerDirectory } from '../../network/embedded/ledger-directory.js';
import { RecordSeal } from '../../network/embedded/record-seal.js';
import { buildChild } from './child-program.js';
import { CHAINCODE, copyLedger, fillLedger, inTemporaryDirectory, ledgerOptions, withLedger } from './temporary-ledger.js';

let filled: string;
beforeAll(async () => {
  filled = await mkdtemp(join(tmpdir(), 'filled-ledger-'));
  await fillLedger(filled);
});
afterAll(async () => { await rm(filled, { recursive: true }); });

/** Runs `use` with a copy of the filled ledger. */
async function inCopy(use: (dir: string) => Promise<void>): Promise<void> {
  await inTemporaryDirectory(async (dir) => {
    await copyLedger(filled, join(dir, 'ledger'));
    await use(join(dir, 'ledger'));
  });
}

/** Changes one record of a closed ledger as somebody could who has the seal's key. */
async function rewrite(dir: string, prefix: string, change: (content: Buffer) => Buffer | undefined): Promise<void> {
  const directory = await LedgerDirectory.openExisting(dir);
  const seal = new RecordSeal(await directory.sealKey());
  const level = new Level<string, Buffer>(directory.store, { keyEncoding: 'utf8', valueEncoding: 'buffer' });
  await level.open();
  for await (const [name, record] of level.iterator()) {
    if (!name.startsWith(prefix)) continue;
    const content = change(Buffer.from(seal.open(name, record)));
    if (content === undefined) await level.del(name);
    else await level.put(name, seal.seal(name, content));
    break;
  }
  await level.close();
}

const flipLast = (content: Buffer): Buffer => {
  content[content.length - 1]! ^= 1;
  return content;
};

describe('verifying the chain', () => {
  test('finds nothing in a ledger that is as it must be', async () => {
    await inCopy(async (dir) => {
      const ledger = await openEmbeddedLedger(ledgerOptions(dir));
      const progress: number[] = [];
      const report = await ledger.verifyChain(({ block }) => { progress.push(block); });
      expect(report).toMatchObject({ ok: true, blocks: ledger.height(), genesisHash: expect.stringMatching(/^[0-9a-f]{64}$/) as string });
      expect(report.records).toBeGreaterThan(140);
      expect(progress).toEqual(Array.from({ length: ledger.height() }, (_, n) => n));
      await ledger.close();
    });
  });

  test.each([
    ['a value of the state', 's\u0000probe\u0000k1', flipLast, 's\\u0000probe\\u0000k1', 'not what the blocks say'],
    ['a hash in a collection', 's\u0000probe$$hcontrolled\u0000', flipLast, 's\\u0000probe$$hcontrolled\\u0000', 'not what the blocks say'],
    ['a removed key', 's\u0000probe\u0000last', () => undefined, 's\\u0000probe\\u0000last', 'missing'],
    ['a history entry', 'h\u0000', flipLast, 'h\\u0000probe', 'not what the blocks say'],
    ['a removed history entry', 'h\u0000', () => undefined, 'h\\u0000probe', 'missing'],
    ['a transaction\'s code', 't\u0000', flipLast, 't\\u0000', 'not what the blocks say'],
    ['an envelope', 'x\u0000000000000003', flipLast, 'block 3', 'hash of the data'],
    ['a removed envelope', 'x\u0000000000000003', () => undefined, 'x\\u0000000000000003', 'missing'],
    ['a block\'s metadata', 'b\u0000000000000004', flipLast, 'b\\u0000000000000004', 'not what the blocks say'],
    ['a block\'s header', 'b\u0000000000000004', (content: Buffer) => { content[20]! ^= 1; return content; }, 'block 4', 'hash|header'],
    ['a removed block', 'b\u0000000000000002', () => undefined, 'b\\u0000000000000002', 'missing'],
  ] as const)('finds %s changed by somebody who has the key of the seals', async (_, name, change, where, what) => {
    await inCopy(async (dir) => {
      await rewrite(dir, name, change);
      const report = await verifyByCommand(dir);
      expect(report.status).toBe(1);
      expect(report.found).toMatchObject({ ok: false, difference: { where: expect.stringContaining(where) as string, what: expect.stringMatching(what) as string } });
    });
  });

  test('finds a record that no block accounts for', async () => {
    await inCopy(async (dir) => {
      const directory = await LedgerDirectory.openExisting(dir);
      const level = new Level<string, Buffer>(directory.store, { keyEncoding: 'utf8', valueEncoding: 'buffer' });
      await level.put('s\u0000probe\u0000planted', new RecordSeal(await directory.sealKey()).seal('s\u0000probe\u0000planted', Buffer.alloc(20)));
      await level.close();
      expect((await verifyByCommand(dir)).found).toMatchObject({ ok: false, difference: { where: 's\\u0000probe\\u0000planted', what: 'no block accounts for this record' } });
    });
  });

  test('by command: 0 for a good ledger, 2 for none', async () => {
    await inCopy(async (dir) => {
      expect(await verifyByCommand(dir)).toMatchObject({ status: 0, found: { ok: true } });
      expect((await verifyByCommand(join(dir, 'nothing'))).status).toBe(2);
    });
  });

  test('goes on beside a ledger in use', async () => {
    await inCopy(async (dir) => {
      await withLedger(ledgerOptions(dir), async ({ ledger, client }) => {
        const verifying = ledger.verifyChain();
        for (let n = 0; n < 10; n += 1) await client.contract(CHAINCODE).submitTransaction('put', 'k1', `later ${n}`);
        expect(await verifying).toMatchObject({ ok: true });
      });
    });
  });
});

async function verifyByCommand(dir: string): Promise<{ status: number; found: unknown }> {
  const command = await buildChild('network/embedded/verify-chain-command.ts');
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [command, dir]);
    return { status: 0, found: JSON.parse(stdout) };
  } catch (error) {
    const { code, stdout } = error as { code: number; stdout: string };
    return { status: code, found: stdout === '' ? undefined : JSON.parse(stdout) };
  }
}
