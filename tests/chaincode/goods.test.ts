import { beforeEach, describe, expect, test } from 'vitest';
import type { Dossier } from '#domain/goods/dossier.js';
import type { Instant } from '#domain/instant.js';
import { ContractWorld } from '../support/contract-world.js';
import { PREFIX, TEA, buyer, foundRegistry, gtin, inspector, maker, openTeaLot, reader, registrar, serial, shop, sscc, tea, trader } from '../support/fictional.js';
import { rejectsWith } from '../support/rejects-with.js';

const LOT = 'L26-001';
const UNIT = sscc(PREFIX['tra-shan'], 1);
const PALLET = sscc(PREFIX['tra-shan'], 2);
const S1 = serial(TEA, 'S1');
const S2 = serial(TEA, 'S2');
const S3 = serial(TEA, 'S3');

let world: ContractWorld;

const commission = async (...serials: string[]): Promise<unknown> => world.call(maker, 'goods:commission', { gtin: TEA, lot: LOT, serials });
const pack = async (unit: string, ...items: string[]): Promise<unknown> => world.call(maker, 'goods:pack', { unit, items });
const ship = async (number: string, ...items: string[]): Promise<unknown> => world.call(maker, 'goods:ship', { number, to: shop.organisation, items });
const receive = async (number: string, answer: { received?: string[]; short?: string[]; damaged?: string[]; over?: string[] }): Promise<unknown> =>
  world.call(shop, 'goods:receive', { from: maker.organisation, number, received: [], short: [], damaged: [], over: [], ...answer });
const custody = (item: string): unknown => (world.read(item, 'serial') ?? world.read(item, 'unit'))?.custody;
const dossier = async (item: string): Promise<Dossier> => world.call<Dossier>(reader, 'goods:readItem', item);

beforeEach(async () => {
  world = new ContractWorld();
  await foundRegistry(world);
  await openTeaLot(world);
});

describe('registry', () => {
  test.each([
    ['the same prefix', '952000'], ['a longer one inside it', '9520001'], ['a shorter one around it', '9520'],
  ])('%s is refused to another organisation', async (_, prefix) => {
    await rejectsWith(world.call(registrar, 'registry:grantPrefix', { organisation: 'cua-hang-sao', prefix }), 'PREFIX_ALREADY_GRANTED', { prefix });
  });

  test('an organisation registers once, and must be there to be granted a prefix', async () => {
    await rejectsWith(world.call(registrar, 'registry:registerOrganisation', { id: 'tra-shan', type: 'enterprise', name: 'x', address: 'y', province: '01' }), 'ORGANISATION_ALREADY_REGISTERED');
    await rejectsWith(world.call(registrar, 'registry:grantPrefix', { organisation: 'nobody-here', prefix: '953000' }), 'ORGANISATION_UNKNOWN');
  });

  test('a key has a period, and ends once', async () => {
    const key = { organisation: 'tra-shan', keyId: 'k1' };
    await world.call(registrar, 'registry:registerKey', { ...key, algorithm: 'ES256', publicKey: 'A'.repeat(60) });
    world.now = '2026-12-01T00:00:00.000Z' as Instant;
    await world.call(registrar, 'registry:retireKey', { ...key, reason: 'superseded' });
    expect(world.all('organisation-key')[0]).toMatchObject({ from: '2026-11-20T08:00:00.000Z', to: '2026-12-01T00:00:00.000Z', reason: 'superseded' });
    await rejectsWith(world.call(registrar, 'registry:retireKey', { ...key, reason: 'compromised' }), 'KEY_ALREADY_RETIRED');
  });
});

describe('registering', () => {
  test("another company's GTIN", async () => {
    const foreign = gtin(PREFIX['cua-hang-sao'], 7);
    await rejectsWith(world.call(maker, 'goods:registerProduct', { ...tea, gtin: foreign }), 'PREFIX_NOT_HELD', { number: foreign, organisation: 'tra-shan' });
  });

  test('a GTIN twice', async () => {
    await rejectsWith(world.call(maker, 'goods:registerProduct', tea), 'PRODUCT_ALREADY_REGISTERED', { gtin: TEA });
  });

  test('a wrong check digit', async () => {
    await rejectsWith(world.call(maker, 'goods:registerProduct', { ...tea, gtin: '09520000000012' }), 'GTIN_CHECK_DIGIT_WRONG', { field: 'gtin' });
  });

  test('many at once are registered together or not at all', async () => {
    const fresh = [2, 3].map((item) => ({ ...tea, gtin: gtin(PREFIX['tra-shan'], item) }));
    await rejectsWith(world.call(maker, 'goods:registerProducts', { products: [...fresh, tea] }), 'PRODUCT_ALREADY_REGISTERED');
    expect(world.all('product')).toHaveLength(1);
    await world.call(maker, 'goods:registerProducts', { products: fresh });
    expect(world.all('product')).toHaveLength(3);
  });

  test.each([
    ['no expiry for goods that expire', { producedOn: '2026-11-01' }],
    ['expiry before production', { producedOn: '2026-11-01', expiresOn: '2026-10-01' }],
  ])('a lot with %s', async (_, dates) => {
    await rejectsWith(world.call(maker, 'goods:openLot', { gtin: TEA, lot: 'L2', province: '15', ...dates }), 'LOT_DATES_WRONG', { field: 'expiresOn' });
  });

  test('a lot of a product that another registered', async () => {
    await rejectsWith(world.call(shop, 'goods:openLot', { gtin: TEA, lot: 'L2', producedOn: '2026-11-01', expiresOn: '2027-01-01', province: '15' }), 'PREFIX_NOT_HELD');
  });

  test('a serial twice, and nothing of that transaction is written', async () => {
    await commission('S1');
    await rejectsWith(commission('S2', 'S1'), 'ITEM_ALREADY_COMMISSIONED', { item: S1, field: 'serials[1]' });
    expect(world.all('serial')).toHaveLength(1);
    await rejectsWith(commission('S3', 'S3'), 'LIST_REPEATS', { field: 'serials' });
  });

  test('a happening in the future', async () => {
    const happenedAt = '2026-11-20T09:00:00Z';
    await rejectsWith(world.call(maker, 'goods:commission', { gtin: TEA, lot: LOT, serials: ['S1'], happenedAt }), 'HAPPENED_IN_FUTURE', { field: 'happenedAt' });
  });
});

describe('packing', () => {
  beforeEach(async () => commission('S1', 'S2', 'S3'));

  test('what is inside a unit cannot move by itself', async () => {
    await pack(UNIT, S1);
    await rejectsWith(ship('X', S1), 'ITEM_IS_PACKED', { item: S1, parent: `/00/${UNIT}` });
    await rejectsWith(world.call(maker, 'goods:end', { as: 'sold', items: [S1] }), 'ITEM_IS_PACKED');
    await rejectsWith(pack(PALLET, S1), 'ITEM_IS_PACKED');
  });

  test("a unit needs the packer's own prefix", async () => {
    await rejectsWith(pack(sscc(PREFIX['cua-hang-sao'], 1), S1), 'PREFIX_NOT_HELD');
  });

  test('a unit cannot be packed into itself or into what it holds', async () => {
    await pack(UNIT, S1);
    await rejectsWith(pack(UNIT, `/00/${UNIT}`), 'UNIT_TOO_DEEP');
    await pack(PALLET, `/00/${UNIT}`);
    await rejectsWith(pack(UNIT, `/00/${PALLET}`), 'UNIT_ALREADY_PACKED');
  });

  test('units nest five deep, no deeper', async () => {
    let item = S1;
    for (let level = 1; level <= 5; level++) {
      await pack(sscc(PREFIX['tra-shan'], 10 + level), item);
      item = `/00/${sscc(PREFIX['tra-shan'], 10 + level)}`;
    }
    await rejectsWith(pack(sscc(PREFIX['tra-shan'], 16), item), 'UNIT_TOO_DEEP');
  });

  test('unpacking gives back what went in', async () => {
    await pack(UNIT, S1, S2);
    await world.call(maker, 'goods:unpack', { unit: UNIT, items: [S1] });
    expect(custody(S1)).toEqual({ state: 'in-stock', holder: 'tra-shan' });
    expect(world.read(`/00/${UNIT}`, 'unit')?.contents).toEqual([S2]);
    await rejectsWith(world.call(maker, 'goods:unpack', { unit: UNIT, items: [S1] }), 'ITEM_NOT_PACKED_HERE');
  });
});

describe('handing over', () => {
  beforeEach(async () => {
    await commission('S1', 'S2', 'S3');
    await pack(UNIT, S1, S2);
  });

  test('a unit moves with what is in it: the contents are read, not written', async () => {
    const before = world.state.get(S1);
    await ship('DN-1', `/00/${UNIT}`);
    await receive('DN-1', { received: [`/00/${UNIT}`] });
    expect(world.state.get(S1)).toBe(before);
    const seen = await dossier(S1);
    expect(seen.inside.map((unit) => unit.custody.holder)).toEqual(['cua-hang-sao']);
    expect(seen.organisations.map((one) => one.id)).toEqual(['tra-shan', 'cua-hang-sao']);
    await world.call(shop, 'goods:unpack', { unit: UNIT });
    expect(custody(S1)).toEqual({ state: 'in-stock', holder: 'cua-hang-sao' });
  });

  test('short and damaged inside a unit, and over', async () => {
    await ship('DN-1', `/00/${UNIT}`);
    await receive('DN-1', { received: [`/00/${UNIT}`], short: [S1], damaged: [S2], over: [S3] });
    expect(custody(S1)).toMatchObject({ state: 'missing', holder: 'tra-shan' });
    expect(custody(S2)).toMatchObject({ state: 'in-stock', holder: 'cua-hang-sao', hold: { cause: 'damaged' } });
    expect(custody(S3)).toEqual({ state: 'in-stock', holder: 'tra-shan' });
    expect(world.all('shipment')[0]).toMatchObject({ state: 'received-with-difference', difference: { short: [S1], damaged: [S2], over: [S3] } });
    expect(world.read(`/00/${UNIT}`, 'unit')?.contents).toEqual([]);
  });

  test.each([
    ['an item nobody answered for', { received: [] }, 'SHIPMENT_ITEM_UNANSWERED'],
    ['an item answered for twice', { received: [S3], short: [S3] }, 'LIST_REPEATS'],
    ['an item that was not sent', { received: [S3, S1] }, 'ITEM_NOT_IN_SHIPMENT'],
    ['something short that was not in it', { received: [S3], short: [S1] }, 'ITEM_NOT_IN_SHIPMENT'],
    ['over, though it was sent', { received: [S3], over: [S3] }, 'LIST_REPEATS'],
  ] as const)('%s', async (_, answer, code) => {
    await ship('DN-2', S3);
    await rejectsWith(receive('DN-2', answer as never), code);
    expect(custody(S3)).toMatchObject({ state: 'in-transit' });
  });

  test('only the receiver named receives, once', async () => {
    await ship('DN-3', S3);
    const answer = { from: 'tra-shan', number: 'DN-3', received: [S3], short: [], damaged: [], over: [] };
    await rejectsWith(world.call(trader, 'goods:receive', answer), 'SHIPMENT_UNKNOWN');
    await world.call(shop, 'goods:receive', answer);
    await rejectsWith(world.call(shop, 'goods:receive', answer), 'SHIPMENT_CLOSED', { state: 'received' });
  });

  test('who does not hold a thing cannot ship, sell or report it', async () => {
    await rejectsWith(world.call(shop, 'goods:ship', { number: 'N', to: 'tra-shan', items: [S3] }), 'ITEM_NOT_HELD', { by: 'cua-hang-sao' });
    await rejectsWith(world.call(shop, 'goods:end', { as: 'sold', items: [S3] }), 'ITEM_NOT_HELD');
    await rejectsWith(world.call(shop, 'goods:report', { as: 'lost', items: [S3], reason: 'x' }), 'ITEM_NOT_HELD');
  });

  test('a cancelled shipment comes back', async () => {
    await ship('DN-4', S3);
    await rejectsWith(ship('DN-5', S3), 'ITEM_IN_TRANSIT');
    await world.call(maker, 'goods:cancelShipment', { number: 'DN-4', reason: 'xe hỏng' });
    expect(custody(S3)).toEqual({ state: 'in-stock', holder: 'tra-shan' });
    await rejectsWith(receive('DN-4', { received: [S3] }), 'SHIPMENT_CLOSED', { state: 'cancelled' });
  });

  test('to oneself, to nobody, under a number used before', async () => {
    await rejectsWith(world.call(maker, 'goods:ship', { number: 'A', to: 'tra-shan', items: [S3] }), 'SHIPMENT_TO_SELF', { field: 'to' });
    await rejectsWith(world.call(maker, 'goods:ship', { number: 'A', to: 'khong-co', items: [S3] }), 'ORGANISATION_UNKNOWN');
    await ship('DN-6', S3);
    await rejectsWith(ship('DN-6', `/00/${UNIT}`), 'SHIPMENT_ALREADY_SENT');
  });
});

describe('ends', () => {
  beforeEach(async () => commission('S1', 'S2'));

  test('sold once', async () => {
    await world.call(maker, 'goods:end', { as: 'sold', items: [S1] });
    expect(custody(S1)).toEqual({ state: 'sold', holder: 'tra-shan', at: '2026-11-20T08:00:00.000Z', province: '15' });
    await rejectsWith(world.call(maker, 'goods:end', { as: 'sold', items: [S1] }), 'ITEM_ALREADY_SOLD', { item: S1 });
    await rejectsWith(ship('X', S1), 'ITEM_ALREADY_SOLD');
  });

  test('lost, then found', async () => {
    await world.call(maker, 'goods:report', { as: 'stolen', items: [S1], reason: 'mất ở kho' });
    await rejectsWith(world.call(maker, 'goods:end', { as: 'sold', items: [S1] }), 'ITEM_GONE', { state: 'stolen' });
    await world.call(maker, 'goods:recover', { items: [S1], reason: 'tìm thấy' });
    expect(custody(S1)).toEqual({ state: 'in-stock', holder: 'tra-shan' });
    await rejectsWith(world.call(maker, 'goods:recover', { items: [S1], reason: 'x' }), 'ITEM_GONE', { state: 'in-stock' });
  });

  test('an expired lot is not sold, on the day in Viet Nam', async () => {
    world.now = '2027-12-31T16:59:59.000Z' as Instant; // 23:59:59 there: its last day
    await world.call(maker, 'goods:end', { as: 'sold', items: [S1] });
    world.now = '2027-12-31T17:00:00.000Z' as Instant;
    await rejectsWith(world.call(maker, 'goods:end', { as: 'sold', items: [S2] }), 'LOT_EXPIRED', { expiresOn: '2027-12-31' });
    await world.call(maker, 'goods:end', { as: 'destroyed', items: [S2] });
  });
});

describe('measures', () => {
  const measure = { gtin: TEA, lot: LOT, reason: 'phát hiện tạp chất', instruction: 'trả lại nơi mua' };
  beforeEach(async () => commission('S1', 'S2'));

  test('a recalled lot is neither sold nor shipped, whoever recalled it', async () => {
    await world.call(maker, 'goods:recallLot', measure);
    await rejectsWith(ship('X', S1), 'LOT_RECALLED', { lot: LOT });
    await rejectsWith(world.call(maker, 'goods:end', { as: 'sold', items: [S1] }), 'LOT_RECALLED');
    await rejectsWith(world.call(maker, 'goods:recallLot', measure), 'LOT_RECALLED');
    await world.call(maker, 'goods:endRecall', { gtin: TEA, lot: LOT, reason: 'xong' });
    await ship('X', S1);
  });

  test("an authority's measure is lifted by an authority only", async () => {
    await world.call(inspector, 'goods:suspendLot', measure);
    await rejectsWith(ship('X', S1), 'LOT_SUSPENDED');
    await rejectsWith(world.call(maker, 'goods:releaseLot', { gtin: TEA, lot: LOT, reason: 'x' }), 'CALLER_NOT_ALLOWED', { orderedBy: 'thi-truong' });
    await world.call(inspector, 'goods:releaseLot', { gtin: TEA, lot: LOT, reason: 'đạt' });
    await rejectsWith(world.call(inspector, 'goods:releaseLot', { gtin: TEA, lot: LOT, reason: 'x' }), 'LOT_NOT_SUSPENDED');
  });

  test("another enterprise touches neither the lot nor the things", async () => {
    await rejectsWith(world.call(buyer, 'goods:recallLot', measure), 'ITEM_NOT_HELD');
    await rejectsWith(world.call(buyer, 'goods:hold', { items: [S1], cause: 'suspended', reason: 'x' }), 'ITEM_NOT_HELD');
  });

  test('a held thing stays, also after unpacking the unit that was held', async () => {
    await pack(UNIT, S1);
    await world.call(inspector, 'goods:hold', { items: [`/00/${UNIT}`], cause: 'seized', reason: 'kiểm tra' });
    await rejectsWith(ship('X', `/00/${UNIT}`), 'ITEM_ON_HOLD', { cause: 'seized' });
    await world.call(maker, 'goods:unpack', { unit: UNIT });
    await rejectsWith(ship('X', S1), 'ITEM_ON_HOLD', { item: S1, cause: 'seized' });
    await rejectsWith(world.call(maker, 'goods:release', { items: [S1], reason: 'x' }), 'CALLER_NOT_ALLOWED');
    await world.call(inspector, 'goods:release', { items: [S1], reason: 'đạt' });
    await ship('X', S1);
  });

  test('only an inspector seizes', async () => {
    await rejectsWith(world.call(maker, 'goods:hold', { items: [S1], cause: 'seized', reason: 'x' }), 'CALLER_NOT_ALLOWED', { cause: 'seized' });
  });
});

describe('capture', () => {
  test('steps build on each other within one transaction', async () => {
    const answers = await world.call(maker, 'goods:capture', { steps: [
      { transaction: 'goods:commission', request: { gtin: TEA, lot: LOT, serials: ['S1'] } },
      { transaction: 'goods:pack', request: { unit: UNIT, items: [S1] } },
      { transaction: 'goods:ship', request: { number: 'C1', to: 'cua-hang-sao', items: [`/00/${UNIT}`] } },
    ] });
    expect(answers).toMatchObject({ answers: [{ commissioned: 1 }, { packed: 1 }, { shipped: 1 }] });
    expect(world.all('event').map((event) => event.step)).toEqual(['open-lot', 'commission', 'pack', 'ship']);
  });

  test('one refused step undoes all, and names its place', async () => {
    const steps = [
      { transaction: 'goods:commission', request: { gtin: TEA, lot: LOT, serials: ['S1'] } },
      { transaction: 'goods:end', request: { as: 'sold', items: [S2] } },
    ];
    await rejectsWith(world.call(maker, 'goods:capture', { steps }), 'ITEM_UNKNOWN', { item: S2, field: 'steps[1]' });
    expect(world.all('serial')).toEqual([]);
  });

  test.each([
    ['a capture inside a capture', 'goods:capture'], ['a read', 'goods:readItem'], ['a property of every object', 'constructor'],
  ])('%s is no step', async (_, transaction) => {
    await rejectsWith(world.call(maker, 'goods:capture', { steps: [{ transaction, request: {} }] }), 'TRANSACTION_UNKNOWN');
  });

  test('a step needs the right that its transaction needs', async () => {
    await rejectsWith(world.call(maker, 'goods:capture', { steps: [{ transaction: 'chemical:recordLicence', request: {} }] }), 'CALLER_NOT_ALLOWED');
  });
});

describe('reading', () => {
  test('absence is answered, not refused: a receipt can prove it', async () => {
    const unknown = serial(TEA, 'NOT-THERE');
    expect(await dossier(unknown)).toMatchObject({ item: unknown, product: { gtin: TEA }, inside: [] });
    expect((await dossier(unknown)).serial).toBeUndefined();
  });

  test.each([['another spelling', '/01/9520000000011'], ['a lot beside the serial', `/01/${TEA}/10/${LOT}/21/S1`]])('%s is not a key', async (_, key) => {
    await rejectsWith(dossier(key), 'ITEM_KEY_NOT_CANONICAL');
  });
});
