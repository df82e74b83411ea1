/** The test mode that runs every transaction in two surroundings finds what depends on them, and lets the rest through. */
import { Contract, type Context } from 'fabric-contract-api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEmbeddedLedger, type EmbeddedLedger } from '../../network/embedded/embedded-ledger.js';
import { connectClient, type LedgerClient } from '../ledger-suite/ledger-client.js';
import { ProbeContract } from '../ledger-suite/probe-contract.js';
import { CHANNEL, ledgerOptions } from './temporary-ledger.js';

let calls = 0;

/** What a contract must not look at, one thing per function. */
const SURROUNDINGS: Readonly<Record<string, () => string>> = {
  clock: () => String(Date.now()),
  newDate: () => new Date().toISOString().slice(0, 10),
  dateText: () => Date().slice(0, 10),
  timer: () => String(Math.floor(performance.now() / 1000)),
  zone: () => String(new Date(0).getHours()),
  zoneOffset: () => String(new Date(0).getTimezoneOffset()),
  localDate: () => new Date(Date.UTC(2026, 0, 1)).toLocaleDateString(),
  chance: () => String(Math.random()),
  identifier: () => crypto.randomUUID(),
  letterOrder: () => ['z', 'ä', 'a'].sort((a, b) => a.localeCompare(b)).join(''),
  collation: () => ['z', 'å', 'a'].sort(new Intl.Collator().compare).join(''),
  numberText: () => (1234.5).toLocaleString(),
  numberFormat: () => new Intl.NumberFormat().format(1234.5),
  ownState: () => { calls += 1; return String(calls); },
};

class DependentContract extends Contract {
  constructor() {
    super('DependentContract');
  }

  async write(ctx: Context, what: string): Promise<void> {
    await ctx.stub.putState('x', Buffer.from(SURROUNDINGS[what]!()));
  }

  async respond(_ctx: Context, what: string): Promise<string> {
    return SURROUNDINGS[what]!();
  }

  async announce(ctx: Context, what: string): Promise<void> {
    ctx.stub.setEvent('event', Buffer.from(SURROUNDINGS[what]!()));
  }

  async readKeyNamedBy(ctx: Context, what: string): Promise<void> {
    await ctx.stub.getState(SURROUNDINGS[what]!());
  }

  /** Only what the transaction itself brings: the same everywhere. */
  async independent(ctx: Context, key: string): Promise<string> {
    const time = ctx.stub.getDateTimestamp().toISOString();
    await ctx.stub.putState(key, Buffer.from(`${time} ${ctx.stub.getTxID()}`));
    ctx.stub.setEvent('event', Buffer.from(time));
    return `${['z', 'ä', 'a'].sort((a, b) => (a < b ? -1 : 1)).join('')} ${new Date(Date.UTC(2026, 10, 20)).toISOString()}`;
  }
}

let dir: string;
let ledger: EmbeddedLedger;
let client: LedgerClient;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'twice-'));
  ledger = await openEmbeddedLedger(ledgerOptions(dir, { chaincodes: { dependent: [DependentContract], probe: [ProbeContract] }, simulateTwice: true }));
  client = connectClient({ address: ledger.address, channel: CHANNEL, identity: await ledger.enrol({ mspId: 'IndustryMSP', commonName: 'x', role: 'client' }) });
});
afterAll(async () => {
  client.close();
  await ledger.close();
  await rm(dir, { recursive: true });
});

describe('a transaction run in two surroundings', () => {
  test.each(Object.keys(SURROUNDINGS))('is refused if it writes what depends on: %s', async (what) => {
    await expect(client.contract('dependent').submitTransaction('write', what)).rejects.toMatchObject({
      name: 'EndorseError', details: [{ message: expect.stringContaining('not deterministic, its read-write set depends on the surroundings') as string }],
    });
  });

  test.each([['respond', 'response'], ['announce', 'event'], ['readKeyNamedBy', 'read-write set']])('is refused if the dependence shows elsewhere: %s', async (name, part) => {
    await expect(client.contract('dependent').submitTransaction(name, 'zone')).rejects.toMatchObject({
      details: [{ message: expect.stringContaining(`its ${part} depends on the surroundings`) as string }],
    });
  });

  test('is let through, and ordered once, if nothing depends on them', async () => {
    const height = ledger.height();
    await client.contract('dependent').submitTransaction('independent', 'key');
    await client.contract('probe').submitTransaction('bump', 'n');
    expect(Buffer.from(await client.contract('probe').evaluateTransaction('get', 'n')).toString()).toBe('1');
    expect(ledger.height()).toBe(height + 2);
  });

  test('many at a time keep their surroundings apart', async () => {
    const before = Date.now();
    const answers = await Promise.allSettled(Array.from({ length: 60 }, async (_, n) => (n % 2 === 0
      ? client.contract('dependent').submitTransaction('independent', `k${n}`) : client.contract('dependent').submitTransaction('write', 'clock'))));
    expect(answers.map(({ status }) => status)).toEqual(answers.map((_, n) => (n % 2 === 0 ? 'fulfilled' : 'rejected')));
    expect(Math.abs(Date.now() - before)).toBeLessThan(60_000); // the process itself keeps its own clock
    expect([new Date(0) instanceof Date, new Date(0).getHours()]).toEqual([true, new Date(0).getUTCHours() - new Date(0).getTimezoneOffset() / 60]);
  });

  test('a contract that throws is refused with its own words', async () => {
    await expect(client.contract('probe').submitTransaction('fail', 'PROBE {}')).rejects.toMatchObject({ details: [{ message: 'chaincode response 500, PROBE {}' }] });
  });
});
