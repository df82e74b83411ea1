import { beforeEach, describe, expect, test } from 'vitest';
import type { Instant } from '#domain/instant.js';
import { ContractWorld } from '../support/contract-world.js';
import { ACETONE_CAN, ACETONE_DRUM, TEA, acetone, authority, buyer, foundRegistry, grantLicence, gtin, inspector, maker, openAcetoneLot, openTeaLot, serial, shop, sscc, trader } from '../support/fictional.js';
import { rejectsWith } from '../support/rejects-with.js';

const LOT = `/01/${ACETONE_DRUM}/10/AC-01`;
let world: ContractWorld;

const can = (number: number): string => serial(ACETONE_CAN, `C${number}`);
const into = (count: number, mass: string): { gtin: string; serial: string; mass: string }[] =>
  Array.from({ length: count }, (_, index) => ({ gtin: ACETONE_CAN, serial: `C${index + 1}`, mass }));
const split = async (parts: ReturnType<typeof into>, remaining: string, loss = '0', lossReason?: string): Promise<unknown> =>
  world.call(trader, 'chemical:split', { from: LOT, into: parts, remaining, loss, ...(lossReason === undefined ? {} : { lossReason }) });
const ship = async (number: string, ...items: string[]): Promise<unknown> => world.call(trader, 'goods:ship', { number, to: buyer.organisation, items });
const used = (): string => world.all('quota').find((one) => one.licence === 'GP-1')?.used ?? '0';

beforeEach(async () => {
  world = new ContractWorld();
  await foundRegistry(world);
  await openAcetoneLot(world);
});

describe('splitting (domain.md 6: scenarios with known answers)', () => {
  test('200 kg into 8 × 25 kg without residue', async () => {
    await split(into(8, '25'), '0');
    expect(world.all('serial').map((one) => one.content)).toEqual(Array.from({ length: 8 }, () => ({ mass: '25000000', components: [{ substance: 'acetone', mass: '24500000' }] })));
    expect(world.all('lot').find((one) => one.bulk !== undefined)?.bulk).toEqual({ mass: '0', components: [{ substance: 'acetone', mass: '0' }] });
  });

  test('7 × 25 + 24 and no loss', async () => {
    await rejectsWith(split([...into(7, '25'), { gtin: ACETONE_CAN, serial: 'C8', mass: '24' }], '0'), 'BALANCE_MISMATCH', { whole: '200', parts: '199' });
  });

  test('the same with the loss declared and its reason', async () => {
    const parts = [...into(7, '25'), { gtin: ACETONE_CAN, serial: 'C8', mass: '24' }];
    await rejectsWith(split(parts, '0', '1'), 'FIELD_MISSING', { field: 'lossReason' });
    await split(parts, '0', '1', 'bay hơi khi chiết');
    expect(world.all('event').at(-1)).toMatchObject({ step: 'split', loss: '1000000', reason: 'bay hơi khi chiết' });
  });

  test('a can into bottles, by whoever holds it', async () => {
    await split(into(1, '25'), '175');
    await world.call(trader, 'chemical:split', { from: can(1), into: [{ gtin: ACETONE_CAN, serial: 'B1', mass: '10.000001' }], remaining: '14.999999', loss: '0' });
    const parts = ['C1', 'B1'].map((name) => world.read(serial(ACETONE_CAN, name), 'serial')?.content?.components[0]?.mass);
    expect(BigInt(parts[0] ?? 0) + BigInt(parts[1] ?? 0)).toBe(24_500_000n);
    await rejectsWith(world.call(buyer, 'chemical:split', { from: can(1), into: into(1, '1'), remaining: '13.999999', loss: '0' }), 'ITEM_NOT_HELD');
  });

  test.each([
    ['a float', '1e2', 'QUANTITY_MALFORMED'], ['a comma', '25,5', 'QUANTITY_MALFORMED'], ['a sign', '-25', 'QUANTITY_MALFORMED'],
    ['nought', '0', 'QUANTITY_ZERO'], ['finer than a milligram', '0.0000001', 'QUANTITY_MALFORMED'], ['empty', '', 'QUANTITY_MALFORMED'],
    ['hexadecimal', '0x10', 'QUANTITY_MALFORMED'], ['a leading zero', '025', 'QUANTITY_MALFORMED'],
  ] as const)('a mass written as %s', async (_, mass, code) => {
    await rejectsWith(split(into(1, mass), '175'), code, { field: 'into[0].mass' });
  });

  test('chemicals are split, not commissioned; other goods are not split', async () => {
    await rejectsWith(world.call(trader, 'goods:commission', { gtin: ACETONE_DRUM, lot: 'AC-01', serials: ['X'] }), 'LOT_IS_BULK');
    await openTeaLot(world);
    await rejectsWith(world.call(maker, 'chemical:split', { from: `/01/${TEA}/10/L26-001`, into: [{ gtin: TEA, serial: 'X', mass: '1' }], remaining: '0', loss: '0' }), 'CONTAINER_EMPTY');
  });

  const OTHER = gtin('952100', 3);
  test.each([
    ['states no components', undefined, {}],
    ['states another substance', [{ substance: 'toluene', least: '0', most: '100' }], { substance: 'acetone' }],
    ['holds less of it', [{ substance: 'acetone', least: '1', most: '5' }], { substance: 'acetone', least: '1', most: '5' }],
    ['holds more of it', [{ substance: 'acetone', least: '99', most: '100' }], { substance: 'acetone', least: '99', most: '100' }],
    ['must hold something besides', [{ substance: 'acetone', least: '95', most: '100' }, { substance: 'water', least: '1', most: '5' }], { substance: 'water', least: '1', most: '5' }],
  ] as const)('nothing goes into containers of a product that %s', async (_, components, fields) => {
    const { components: _stated, ...bare } = acetone(OTHER, 'Can');
    await world.call(trader, 'goods:registerProduct', { ...bare, ...(components === undefined ? {} : { components }) });
    const parts = [{ gtin: ACETONE_CAN, serial: 'C1', mass: '25' }, { gtin: OTHER, serial: 'P1', mass: '25' }];
    await rejectsWith(split(parts, '150'), 'CONTENT_OUT_OF_RANGE', { field: 'into[1].gtin', ...fields });
    expect(world.all('serial')).toEqual([]);
    await split(into(1, '25'), '175');
    const steps = [{ transaction: 'chemical:split', request: { from: can(1), into: [{ gtin: OTHER, serial: 'P1', mass: '1' }], remaining: '24', loss: '0' } }];
    await rejectsWith(world.call(trader, 'goods:capture', { steps }), 'CONTENT_OUT_OF_RANGE', { field: 'steps[0].into[0].gtin', ...fields });
  });

  test('a trace that is controlled by rounding alone does not go into a product that is not', async () => {
    const thin = { ...acetone(ACETONE_DRUM, 'x'), components: [{ substance: 'acetone', least: '1', most: '5' }] };
    const [from, to] = [gtin('952100', 4), OTHER];
    for (const number of [from, to]) await world.call(trader, 'goods:registerProduct', { ...thin, gtin: number });
    await world.call(trader, 'goods:openLot', { gtin: from, lot: 'TH-1', producedOn: '2026-11-01', province: '75', bulk: { mass: '1', components: [{ substance: 'acetone', content: '5' }] } });
    const pour = (name: string, mass: string, remaining: string): Promise<unknown> => world.call(trader, 'chemical:split', { from: `/01/${from}/10/TH-1`, into: [{ gtin: to, serial: name, mass }], remaining, loss: '0' });
    await rejectsWith(pour('T1', '0.000019', '0.999981'), 'CONTENT_OUT_OF_RANGE', { field: 'into[0].gtin' });
    await pour('T2', '0.00002', '0.99998');
  });

  test.each([['a lot outside the registered range', '90'], ['more than the whole', '100.1']])('%s', async (_, content) => {
    const bulk = { mass: '1', components: [{ substance: 'acetone', content }] };
    const refusal = content === '90' ? 'CONTENT_OUT_OF_RANGE' : 'CONTENT_ABOVE_WHOLE';
    await rejectsWith(world.call(trader, 'goods:openLot', { gtin: ACETONE_DRUM, lot: 'AC-9', producedOn: '2026-11-01', province: '75', bulk }), refusal);
  });

  test('a substance that the catalogue does not have', async () => {
    const product = { ...acetone(ACETONE_DRUM, 'x'), components: [{ substance: 'unobtainium', least: '1', most: '2' }] };
    await rejectsWith(world.call(trader, 'goods:registerProduct', product), 'SUBSTANCE_UNKNOWN', { field: 'components[0].substance' });
  });
});

describe('selling', () => {
  beforeEach(async () => split(into(8, '25'), '0'));

  test('to a buyer with neither licence nor declaration', async () => {
    await rejectsWith(ship('V1', can(1)), 'BUYER_NOT_LICENSED', { substance: 'acetone', licence: 'none', declaration: 'none' });
  });

  test('up to what the licence has left, the quota falling with each', async () => {
    await grantLicence(world, 'GP-1', buyer, '60');
    await ship('V1', can(1));
    expect(used()).toBe('24500000');
    await ship('V2', can(2));
    await rejectsWith(ship('V3', can(3)), 'QUOTA_EXCEEDED', { wanted: '24.5', allowed: '11', licence: 'GP-1' });
    expect(used()).toBe('49000000');
  });

  test('several cans of one shipment count together', async () => {
    await grantLicence(world, 'GP-1', buyer, '48.999999');
    await rejectsWith(ship('V1', can(1), can(2)), 'QUOTA_EXCEEDED', { wanted: '49', allowed: '48.999999' });
    await grantLicence(world, 'GP-2', buyer, '49');
    expect(await ship('V1', can(1), can(2))).toMatchObject({ allowances: [{ substance: 'acetone', mass: '49000000', by: { licence: 'GP-2', line: '1' } }] });
  });

  test('a cancelled shipment gives its quota back', async () => {
    await grantLicence(world, 'GP-1', buyer, '60');
    await ship('V1', can(1), can(2));
    await world.call(trader, 'goods:cancelShipment', { number: 'V1', reason: 'đổi xe' });
    expect(used()).toBe('0');
  });

  test('a new year, a new quota', async () => {
    await grantLicence(world, 'GP-1', buyer, '24.5');
    await ship('V1', can(1));
    await rejectsWith(ship('V2', can(2)), 'QUOTA_EXCEEDED', { allowed: '0' });
    world.now = '2026-12-31T17:00:00.000Z' as Instant; // midnight in Viet Nam
    await ship('V2', can(2));
  });

  test.each([
    ['expired', '2026-06-30', undefined, 'GP-1: expired'],
    ['revoked that day', '2027-12-31', '2026-11-20', 'GP-1: revoked'],
  ] as const)('a licence %s', async (_, until, revokedFrom, standing) => {
    await grantLicence(world, 'GP-1', buyer, '60', until);
    if (revokedFrom !== undefined) await world.call(authority, 'chemical:revokeLicence', { id: 'GP-1', from: revokedFrom, reason: 'vi phạm' });
    await rejectsWith(ship('V1', can(1)), 'BUYER_NOT_LICENSED', { licence: standing });
  });

  test('a revocation of tomorrow does not refuse today', async () => {
    await grantLicence(world, 'GP-1', buyer, '60');
    await world.call(authority, 'chemical:revokeLicence', { id: 'GP-1', from: '2026-11-21', reason: 'vi phạm' });
    await ship('V1', can(1));
    await rejectsWith(world.call(authority, 'chemical:revokeLicence', { id: 'GP-1', from: '2026-11-22', reason: 'x' }), 'LICENCE_ALREADY_REVOKED', { licence: 'GP-1', from: '2026-11-21' });
  });

  test('a revocation to come is brought forward, and nothing is sold from then on', async () => {
    await grantLicence(world, 'GP-1', buyer, '60');
    await world.call(authority, 'chemical:revokeLicence', { id: 'GP-1', from: '2026-12-20', reason: 'hết nhu cầu' });
    await ship('V1', can(1));
    expect(await world.call(authority, 'chemical:revokeLicence', { id: 'GP-1', from: '2026-11-20', reason: 'gian dối' })).toEqual({ licence: 'GP-1', from: '2026-11-20' });
    await rejectsWith(ship('V2', can(2)), 'BUYER_NOT_LICENSED', { licence: 'GP-1: revoked' });
    expect(world.read('licence/GP-1', 'licence')?.revocation).toMatchObject({ from: '2026-11-20', reason: 'gian dối' });
    await rejectsWith(world.call(authority, 'chemical:revokeLicence', { id: 'GP-1', from: '2026-11-19', reason: 'x' }), 'LICENCE_ALREADY_REVOKED', { from: '2026-11-20' });
  });

  test('a licence whose end is announced is suspended and reinstated, and ends when it was to', async () => {
    await grantLicence(world, 'GP-1', buyer, '60');
    await world.call(authority, 'chemical:revokeLicence', { id: 'GP-1', from: '2026-11-22', reason: 'x' });
    await world.call(authority, 'chemical:suspendLicence', { id: 'GP-1', reason: 'x' });
    await rejectsWith(ship('V1', can(1)), 'BUYER_LICENCE_SUSPENDED', { licence: 'GP-1' });
    world.now = '2026-11-21T10:00:00.000Z' as Instant;
    await world.call(authority, 'chemical:reinstateLicence', { id: 'GP-1', reason: 'x' });
    await ship('V1', can(1));
    world.now = '2026-11-21T17:00:00.000Z' as Instant;
    await rejectsWith(ship('V2', can(2)), 'BUYER_NOT_LICENSED', { licence: 'GP-1: revoked' });
    await rejectsWith(world.call(authority, 'chemical:suspendLicence', { id: 'GP-1', reason: 'x' }), 'LICENCE_ALREADY_REVOKED', { licence: 'GP-1' });
  });

  test('a declaration allows the sale at once, and first use from day 30', async () => {
    await world.call(buyer, 'chemical:declareUse', { substance: 'acetone', purpose: '15', perYear: '500' });
    expect(await ship('V1', can(1))).toMatchObject({ allowances: [{ by: { declaration: true, firstUseFrom: '2026-12-20' } }] });
    await world.call(buyer, 'goods:receive', { from: trader.organisation, number: 'V1', received: [can(1)], short: [], damaged: [], over: [] });
    const draw = { item: can(1), mass: '1', as: 'used', reason: 'pha sơn' };
    world.now = '2026-12-19T10:00:00.000Z' as Instant; // day 29
    await rejectsWith(world.call(buyer, 'chemical:draw', draw), 'FIRST_USE_TOO_EARLY', { from: '2026-12-20' });
    world.now = '2026-12-20T10:00:00.000Z' as Instant; // day 30
    expect(await world.call(buyer, 'chemical:draw', draw)).toMatchObject({ remaining: '24' });
  });

  test('a seller whose own licence is revoked', async () => {
    await grantLicence(world, 'GP-1', buyer, '60');
    await world.call(authority, 'chemical:revokeLicence', { id: 'GP-BAN-MAI', from: '2026-11-20', reason: 'vi phạm' });
    await rejectsWith(ship('V1', can(1)), 'SELLER_NOT_LICENSED', { substance: 'acetone' });
  });

  describe('while a licence is suspended', () => {
    const suspension = { id: 'GP-1', reason: 'chờ kết luận thanh tra' };
    const minutes = (count: number): Instant => new Date(Date.parse('2026-11-20T08:00:00.000Z') + count * 60_000).toISOString() as Instant;

    beforeEach(async () => {
      world.now = minutes(0);
      await grantLicence(world, 'GP-1', buyer, '100');
      await ship('V0', can(8));
    });

    test('nothing is sold to its holder, and again once it is reinstated', async () => {
      expect(await world.call(authority, 'chemical:suspendLicence', suspension)).toEqual({ licence: 'GP-1', suspendedAt: minutes(0) });
      await rejectsWith(ship('V1', can(1)), 'BUYER_LICENCE_SUSPENDED', { substance: 'acetone', licence: 'GP-1' });
      world.now = minutes(5);
      await rejectsWith(ship('V1', can(1)), 'BUYER_LICENCE_SUSPENDED', { licence: 'GP-1' });
      await world.call(authority, 'chemical:reinstateLicence', { id: 'GP-1', reason: 'đã khắc phục' });
      await ship('V1', can(1));
      expect(world.read('licence/GP-1', 'licence')?.suspensions).toEqual([
        { at: minutes(0), by: 'cuc-hoa-chat', reason: 'chờ kết luận thanh tra', lifted: { at: minutes(5), by: 'cuc-hoa-chat', reason: 'đã khắc phục' } },
      ]);
      expect(used()).toBe('49000000');
    });

    test('nothing is sold by its holder', async () => {
      await world.call(authority, 'chemical:suspendLicence', { ...suspension, id: 'GP-BAN-MAI' });
      await rejectsWith(ship('V1', can(1)), 'SELLER_LICENCE_SUSPENDED', { substance: 'acetone', licence: 'GP-BAN-MAI' });
      await world.call(authority, 'chemical:reinstateLicence', { id: 'GP-BAN-MAI', reason: 'x' });
      await ship('V1', can(1));
    });

    test('another licence in force still allows, and its quota is what counts', async () => {
      await grantLicence(world, 'GP-2', buyer, '24.5');
      await world.call(authority, 'chemical:suspendLicence', suspension);
      expect(await ship('V1', can(1))).toMatchObject({ allowances: [{ by: { licence: 'GP-2' } }] });
      await rejectsWith(ship('V2', can(2)), 'QUOTA_EXCEEDED', { licence: 'GP-2', allowed: '0' });
    });

    test('what left before, and is recorded now, is judged as of then', async () => {
      world.now = minutes(10);
      await world.call(authority, 'chemical:suspendLicence', suspension);
      world.now = minutes(20);
      const shipped = async (number: string, item: string, happenedAt: Instant): Promise<unknown> => world.call(trader, 'goods:ship', { number, to: buyer.organisation, items: [item], happenedAt });
      await rejectsWith(shipped('V1', can(1), minutes(10)), 'BUYER_LICENCE_SUSPENDED', { licence: 'GP-1' });
      await shipped('V1', can(1), minutes(9));
    });

    test('it can be revoked, and is nothing else any more', async () => {
      await world.call(authority, 'chemical:suspendLicence', suspension);
      await world.call(authority, 'chemical:revokeLicence', { id: 'GP-1', from: '2026-11-20', reason: 'x' });
      await rejectsWith(ship('V1', can(1)), 'BUYER_NOT_LICENSED', { licence: 'GP-1: revoked' });
      await rejectsWith(world.call(authority, 'chemical:reinstateLicence', suspension), 'LICENCE_ALREADY_REVOKED', { licence: 'GP-1' });
    });

    test.each([
      ['of another authority', inspector, 'GP-1', 'CALLER_NOT_ALLOWED'], ['by its holder', buyer, 'GP-1', 'CALLER_NOT_ALLOWED'], ['that nobody knows', authority, 'GP-9', 'LICENCE_UNKNOWN'],
    ] as const)('a licence %s is neither suspended nor reinstated', async (_what, caller, id, code) => {
      for (const transaction of ['chemical:suspendLicence', 'chemical:reinstateLicence'] as const) await rejectsWith(world.call(caller, transaction, { id, reason: 'x' }), code);
    });

    test('only once, and only while it is', async () => {
      await rejectsWith(world.call(authority, 'chemical:reinstateLicence', suspension), 'LICENCE_NOT_SUSPENDED', { licence: 'GP-1' });
      await world.call(authority, 'chemical:suspendLicence', suspension);
      await rejectsWith(world.call(authority, 'chemical:suspendLicence', suspension), 'LICENCE_ALREADY_SUSPENDED', { licence: 'GP-1' });
    });
  });

  test('inside a logistic unit the gate is the same', async () => {
    await world.call(trader, 'goods:pack', { unit: sscc('952100', 1), items: [can(1)] });
    await rejectsWith(ship('V1', `/00/${sscc('952100', 1)}`), 'BUYER_NOT_LICENSED');
  });

  test('tea needs no licence', async () => {
    await openTeaLot(world);
    await world.call(maker, 'goods:commission', { gtin: TEA, lot: 'L26-001', serials: ['S1'] });
    await world.call(maker, 'goods:ship', { number: 'T1', to: shop.organisation, items: [serial(TEA, 'S1')] });
  });
});

describe('drawing', () => {
  beforeEach(async () => split(into(2, '25'), '150'));

  test('more than there is', async () => {
    await rejectsWith(world.call(trader, 'chemical:draw', { item: can(1), mass: '25.000001', as: 'used', reason: 'x' }), 'BALANCE_MISMATCH', { whole: '25' });
  });

  test.each([['used', 'used'], ['destroyed', 'destroyed'], ['lost', 'lost']] as const)('all of it, %s', async (as, state) => {
    await world.call(trader, 'chemical:draw', { item: can(1), mass: '25', as, reason: 'hết' });
    expect(world.read(can(1), 'serial')).toMatchObject({ custody: { state }, content: { mass: '0', components: [{ substance: 'acetone', mass: '0' }] } });
  });
});

describe('licences', () => {
  test.each([
    ['ends before it begins', { validTo: '2025-12-31' }, 'LICENCE_PERIOD_WRONG'],
    ['for nobody', { holder: 'khong-ai' }, 'ORGANISATION_UNKNOWN'],
    ['without lines', { lines: [] }, 'LIST_EMPTY'],
  ] as const)('a licence that is %s', async (_, change, code) => {
    const licence = { id: 'GP-9', number: '9', holder: buyer.organisation, validFrom: '2026-01-01', validTo: '2026-12-31', lines: [{ line: '1', substance: 'acetone', least: '5', most: '100', perYear: '1' }] };
    await rejectsWith(world.call(authority, 'chemical:recordLicence', { ...licence, ...change }), code);
  });

  test('is recorded once', async () => {
    await grantLicence(world, 'GP-1', buyer, '60');
    await rejectsWith(grantLicence(world, 'GP-1', buyer, '600'), 'LICENCE_ALREADY_RECORDED', { licence: 'GP-1' });
  });
});
