/** Records of controlled chemicals are attested where nobody writes without the regulator (docs/decisions/0007). */
import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { LedgerRecord } from '#domain/records.js';
import { ContractWorld } from '../support/contract-world.js';
import { ACETONE_CAN, ACETONE_DRUM, TEA, buyer, foundRegistry, grantLicence, inspector, maker, openAcetoneLot, openTeaLot, serial, shop, sscc, trader } from '../support/fictional.js';
import { rejectsWith } from '../support/rejects-with.js';

const LOT = `/01/${ACETONE_DRUM}/10/AC-01`;
const UNIT = sscc('952100', 1);
const can = (number: number): string => serial(ACETONE_CAN, `C${number}`);
const cans = (count: number) => Array.from({ length: count }, (_, index) => ({ gtin: ACETONE_CAN, serial: `C${index + 1}`, mass: '25' }));
const split = (count: number, remaining: string): Promise<unknown> => world.call(trader, 'chemical:split', { from: LOT, into: cans(count), remaining, loss: '0' });
const ship = (number: string, ...items: string[]): Promise<unknown> => world.call(trader, 'goods:ship', { number, to: buyer.organisation, items });

let world: ContractWorld;
beforeEach(async () => {
  world = new ContractWorld();
  await foundRegistry(world);
});

/** Runs a step. @returns kinds of the records that it attested, each key checked against what stands there */
async function attestedBy(step: () => Promise<unknown>): Promise<string[]> {
  const before = new Map(world.attested);
  await step();
  const changed = [...world.attested].filter(([key, hash]) => before.get(key) !== hash);
  for (const [key, hash] of world.attested) expect(createHash('sha256').update(world.state.get(key) ?? '').digest('hex'), key).toBe(hash);
  return [...new Set(changed.map(([key]) => (JSON.parse(String(world.state.get(key))) as LedgerRecord).kind))].sort();
}

describe('what is attested', () => {
  test('rights, and the goods themselves, from the licence to the last milligram', async () => {
    expect(await attestedBy(() => openAcetoneLot(world))).toEqual(['event', 'licence', 'licence-of', 'lot', 'product']);
    expect(await attestedBy(() => split(4, '100'))).toEqual(['event', 'lot', 'serial']);
    expect(await attestedBy(() => world.call(buyer, 'chemical:declareUse', { substance: 'acetone', purpose: '15', perYear: '500' }))).toEqual(['use-declaration']);
    await grantLicence(world, 'GP-1', buyer, '60');
    expect(await attestedBy(() => ship('V1', can(1)))).toEqual(['event', 'quota', 'serial', 'shipment']);
    expect(await attestedBy(() => world.call(buyer, 'goods:receive', { from: trader.organisation, number: 'V1', received: [can(1)], short: [], damaged: [], over: [] }))).toEqual(['event', 'serial', 'shipment']);
    expect(await attestedBy(() => world.call(buyer, 'chemical:draw', { item: can(1), mass: '25', as: 'used', reason: 'pha sơn' }))).toEqual(['event', 'serial']);
    expect(await attestedBy(() => world.call(inspector, 'goods:recallLot', { gtin: ACETONE_DRUM, lot: 'AC-01', reason: 'sai nhãn', instruction: 'trả lại' }))).toEqual(['event', 'lot']);
  });

  test('a unit while it holds one container, and ever after', async () => {
    await openAcetoneLot(world);
    await grantLicence(world, 'GP-1', buyer, '60');
    await split(1, '175');
    expect(await attestedBy(() => world.call(trader, 'goods:pack', { unit: UNIT, items: [can(1)] }))).toEqual(['event', 'serial', 'unit']);
    expect(await attestedBy(() => ship('V1', `/00/${UNIT}`))).toEqual(['event', 'quota', 'shipment', 'unit']);
    await world.call(trader, 'goods:cancelShipment', { number: 'V1', reason: 'đổi xe' });
    await world.call(trader, 'goods:unpack', { unit: UNIT });
    expect(await attestedBy(() => world.call(inspector, 'goods:hold', { items: [`/00/${UNIT}`], cause: 'seized', reason: 'kiểm tra' }))).toEqual(['unit']);
  });

  test('the lot that containers of another trade item belong to', async () => {
    await openAcetoneLot(world);
    await split(1, '175');
    expect(world.attested.has(`/01/${ACETONE_CAN}/10/AC-01`)).toBe(true);
  });

  test('nothing of other goods', async () => {
    await openTeaLot(world);
    await world.call(maker, 'goods:commission', { gtin: TEA, lot: 'L26-001', serials: ['S1', 'S2'] });
    await world.call(maker, 'goods:pack', { unit: sscc('952000', 1), items: [serial(TEA, 'S1')] });
    await world.call(maker, 'goods:ship', { number: 'T1', to: shop.organisation, items: [`/00/${sscc('952000', 1)}`, serial(TEA, 'S2')] });
    expect([...world.attested]).toEqual([]);
  });
});

describe('what was changed without the regulator', () => {
  /** As two organisations could that run another program than the one agreed on. */
  const tamper = (key: string, change: (record: Record<string, unknown>) => object): void => {
    const record = JSON.parse(String(world.state.get(key))) as Record<string, unknown>;
    world.state.set(key, Buffer.from(JSON.stringify(change(record))));
  };

  const without = (record: object, member: string): object => Object.fromEntries(Object.entries(record).filter(([name]) => name !== member));

  beforeEach(async () => {
    await openAcetoneLot(world);
    await grantLicence(world, 'GP-1', buyer, '60');
    await split(3, '125');
    await ship('V1', can(1));
    await world.call(trader, 'goods:pack', { unit: UNIT, items: [can(2)] });
  });

  test.each([
    ['a licence with more a year', 'licence/GP-1', (record: object) => ({ ...record, lines: [{ line: '1', substance: 'acetone', least: '5', most: '100', perYear: '9999' }] }), () => ship('V2', can(3))],
    ['a quota that was never charged', 'quota/GP-1/1/2026', (record: object) => ({ ...record, used: '0' }), () => ship('V2', can(3))],
    ['a container with another content', can(3), (record: object) => ({ ...record, content: { mass: '1', components: [] } }), () => ship('V2', can(3))],
    ['a container made out to be other goods', can(3), (record: object) => without(record, 'content'), () => world.call(trader, 'goods:end', { as: 'sold', items: [can(3)] })],
    ['a bulk that grew', LOT, (record: object) => ({ ...record, bulk: { mass: '900000000', components: [] } }), () => split(1, '0')],
    ['a lot under another certificate', LOT, (record: object) => ({ ...record, certificate: 'f'.repeat(64) }), () => split(1, '0')],
    ['a product without its components', `/01/${ACETONE_CAN}`, (record: object) => without(record, 'components'), () => world.call(trader, 'goods:commission', { gtin: ACETONE_CAN, lot: 'AC-01', serials: ['X'] })],
    ['a unit in other hands', `/00/${UNIT}`, (record: object) => ({ ...record, custody: { state: 'in-stock', holder: buyer.organisation } }), () => world.call(buyer, 'goods:unpack', { unit: UNIT })],
    ['a shipment to somebody else', 'shipment/hoa-chat-ban-mai/V1', (record: object) => ({ ...record, to: shop.organisation }), () => world.call(shop, 'goods:receive', { from: trader.organisation, number: 'V1', received: [can(1)], short: [], damaged: [], over: [] })],
  ] as const)('%s', async (_, key, change, step) => {
    tamper(key, change);
    await rejectsWith(step(), 'CONTROLLED_RECORD_ALTERED', { record: key });
  });

  test('a container that vanished cannot be made a second time', async () => {
    world.state.delete(can(3));
    await rejectsWith(world.call(trader, 'chemical:split', { from: LOT, into: [{ gtin: ACETONE_CAN, serial: 'C3', mass: '25' }], remaining: '100', loss: '0' }), 'CONTROLLED_RECORD_ALTERED', { record: can(3) });
  });

  test('is not shown to anybody either', async () => {
    tamper(can(3), (record) => ({ ...record, maker: 'nobody' }));
    await rejectsWith(world.call(buyer, 'goods:readItem', can(3)), 'CONTROLLED_RECORD_ALTERED', { record: can(3) });
  });
});

describe('records from before there were attestations', () => {
  test('count, and are attested when they are next written', async () => {
    await openAcetoneLot(world);
    await grantLicence(world, 'GP-1', buyer, '60');
    await split(2, '150');
    world.attested.clear();
    expect(await attestedBy(() => ship('V1', can(1)))).toEqual(['event', 'quota', 'serial', 'shipment']);
    expect([...world.attested.keys()].filter((key) => key.startsWith('/01/'))).toEqual([can(1)]);
  });
});

describe('the price', () => {
  test('other goods are asked for by product and lot, not one by one', async () => {
    await openTeaLot(world);
    const serials = Array.from({ length: 50 }, (_, index) => `S${index}`);
    const asked = vi.spyOn(world.attested, 'get');
    await world.call(maker, 'goods:commission', { gtin: TEA, lot: 'L26-001', serials });
    expect(asked.mock.calls.map(([key]) => key).sort()).toEqual([`/01/${TEA}`, `/01/${TEA}/10/L26-001`]);
    asked.mockClear();
    await world.call(maker, 'goods:ship', { number: 'T1', to: shop.organisation, items: serials.map((one) => serial(TEA, one)) });
    expect(asked.mock.calls.map(([key]) => key).sort()).toEqual([`/01/${TEA}`, `/01/${TEA}/10/L26-001`, 'shipment/tra-shan/T1']);
  });
});
