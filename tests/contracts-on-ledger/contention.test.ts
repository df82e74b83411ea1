/** Many at once on the real embedded ledger: what must have one winner has one, and no gram is sold twice. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Problem } from '#domain/errors.js';
import type { QuotaRecord } from '#domain/chemistry/licence.js';
import type { SerialRecord } from '#domain/goods/records.js';
import { ACETONE_CAN, ACETONE_DRUM, TEA, buyer, foundRegistry, grantLicence, maker, openAcetoneLot, openTeaLot, serial, shop, trader } from '../support/fictional.js';
import type { ContractWorld } from '../support/contract-world.js';
import { LedgerWorld } from '../support/ledger-world.js';

const ROUNDS = Number(process.env['CONTENTION_ROUNDS'] ?? 5);
let world: LedgerWorld;

/** The fictional set-up speaks to either world; `read` there is a plain map's. */
const founding = (): ContractWorld => ({ call: world.call.bind(world), read: () => undefined }) as unknown as ContractWorld;

beforeAll(async () => {
  world = await LedgerWorld.open();
  await foundRegistry(founding());
  await openTeaLot(founding());
  await openAcetoneLot(founding(), 'AC-01', '5000');
});
afterAll(async () => world.close());

/** Codes of the refusals, and how many were let through. */
async function outcomes(attempts: readonly Promise<unknown>[]): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const one of await Promise.allSettled(attempts)) {
    const name = one.status === 'fulfilled' ? 'done' : one.reason instanceof Problem ? one.reason.code : String(one.reason);
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

describe('one item', () => {
  test(`200 ship it at once: exactly one does, ${ROUNDS} rounds (CONTENTION_ROUNDS)`, { timeout: 300_000 }, async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const item = serial(TEA, `R${round}`);
      await world.call(maker, 'goods:commission', { gtin: TEA, lot: 'L26-001', serials: [`R${round}`] });
      const attempts = Array.from({ length: 200 }, async (_, index) => world.call(maker, 'goods:ship', { number: `R${round}-${index}`, to: shop.organisation, items: [item] }));
      expect(await outcomes(attempts)).toEqual({ done: 1, ITEM_IN_TRANSIT: 199 });
    }
  });

  test('two commission the same serial: one does', async () => {
    const attempts = Array.from({ length: 20 }, async () => world.call(maker, 'goods:commission', { gtin: TEA, lot: 'L26-001', serials: ['TWICE'] }));
    expect(await outcomes(attempts)).toEqual({ done: 1, ITEM_ALREADY_COMMISSIONED: 19 });
  });
});

describe('one quota', () => {
  test('200 shipments at once against one licence: never over, never a lost gram', { timeout: 300_000 }, async () => {
    await grantLicence(founding(), 'GP-1', buyer, '1234.5');
    const cans = Array.from({ length: 200 }, (_, index) => ({ gtin: ACETONE_CAN, serial: `Q${index}`, mass: '25' }));
    await world.call(trader, 'chemical:split', { from: `/01/${ACETONE_DRUM}/10/AC-01`, into: cans, remaining: '0', loss: '0' });
    const attempts = cans.map(async (can) => world.call(trader, 'goods:ship', { number: can.serial, to: buyer.organisation, items: [serial(ACETONE_CAN, can.serial)] }));
    const counts = await outcomes(attempts);
    expect(counts).toEqual({ done: 50, QUOTA_EXCEEDED: 150 }); // 1234.5 kg / 24.5 kg a can
    const quota = await world.read<QuotaRecord>('registry:readRecord', 'quota/GP-1/1/2026').catch(() => undefined);
    const year = quota ?? await world.read<QuotaRecord>('registry:readRecord', `quota/GP-1/1/${new Date().getUTCFullYear()}`);
    expect(year.used).toBe(String(50n * 24_500_000n));
    const moving = await Promise.all(cans.map(async (can) => world.read<SerialRecord>('registry:readRecord', serial(ACETONE_CAN, can.serial))));
    expect(moving.filter((one) => one.custody.state === 'in-transit')).toHaveLength(50);
    expect(moving.reduce((sum, one) => sum + BigInt(one.content?.components[0]?.mass ?? '0'), 0n)).toBe(4_900_000_000n);
  });
});
