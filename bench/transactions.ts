/** Single-record transactions, and records in batches, through the gateway's port onto the embedded ledger. */
import { serialNumber } from './load-data.js';
import type { BenchRow } from './bench-row.js';
import { TEA, foundRegistry, maker, openTeaLot, reader } from '../tests/support/fictional.js';
import type { ContractWorld } from '../tests/support/contract-world.js';
import { LedgerWorld } from '../tests/support/ledger-world.js';

const LOT = 'L26-001';

/** Calls `act` `count` times, `concurrency` at once; how many a second. */
async function rate(count: number, concurrency: number, act: (index: number) => Promise<unknown>): Promise<number> {
  let next = 0;
  const from = performance.now();
  await Promise.all(Array.from({ length: concurrency }, async () => {
    while (next < count) await act(next++);
  }));
  return count / ((performance.now() - from) / 1000);
}

export async function bench(): Promise<readonly BenchRow[]> {
  const world = await LedgerWorld.open();
  try {
    return await measure(world);
  } finally {
    await world.close();
  }
}

async function measure(world: LedgerWorld): Promise<readonly BenchRow[]> {
  const founding = { call: world.call.bind(world), read: () => undefined } as unknown as ContractWorld;
  await foundRegistry(founding);
  await openTeaLot(founding);
  let made = 0;
  const commission = async (count: number): Promise<unknown> => {
    const serials = Array.from({ length: count }, () => serialNumber(made++));
    return world.call(maker, 'goods:commission', { gtin: TEA, lot: LOT, serials });
  };
  await rate(200, 32, async () => commission(1)); // warm
  const rows: BenchRow[] = [];
  for (const concurrency of [1, 8, 32, 128]) rows.push({ name: `1 record a transaction, ${concurrency} at once`, value: await rate(concurrency === 1 ? 200 : 2000, concurrency, async () => commission(1)), unit: 'transactions/s' });
  for (const size of [10, 100, 1000]) rows.push({ name: `${size} records a transaction, 8 at once`, value: size * await rate(Math.max(40, 20_000 / size), 8, async () => commission(size)), unit: 'records/s' });
  const item = `/01/${TEA}/21/${serialNumber(0)}`;
  rows.push({ name: 'evaluate a dossier, 32 at once', value: await rate(3000, 32, async () => world.ledger.evaluate('goods:readItem', [item])), unit: 'calls/s' });
  const session = world.ledger.ledgerFor(await world.identity(reader));
  rows.push({ name: 'signed read of a dossier (receipt), 32 at once', value: await rate(2000, 32, async () => session.signedRead('goods:readItem', [item])), unit: 'receipts/s' });
  return rows;
}
