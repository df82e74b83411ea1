import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mustBe, runGateway, type Caller, type RunningGateway } from '../app/running-gateway.js';
import { acetone, acetoneLot, CAN, DRUM, serialKeyOf } from '../app/sample-goods.js';

let gateway: RunningGateway;
let maker: Caller;
let buyer: Caller;
let lab: Caller;
let authority: Caller;

const line = { line: 'L1', substance: 'acetone', least: '90', most: '100', perYear: '100' };
const licence = (id: string, holder: string): Record<string, unknown> => ({ id, number: `${id}/GP`, holder, validFrom: '2026-01-01', validTo: '2031-12-31', lines: [line] });

beforeAll(async () => {
  gateway = await runGateway();
  maker = await gateway.enrol('hoa-chat-dong-nai', 'enterprise', '75', '9520001');
  buyer = await gateway.enrol('son-hai-phong', 'enterprise', '31');
  lab = await gateway.enrol('phong-thi-nghiem', 'enterprise', '48');
  authority = await gateway.enrol('cuc-hoa-chat', 'authority', '01');
  for (const [gtin, name] of [[DRUM, 'Axeton phuy'], [CAN, 'Axeton can 25 kg']] as const) mustBe(201, await maker.post('/v1/products', acetone(gtin, name)));
  mustBe(201, await authority.post('/v1/licences', licence('GP-BAN', 'hoa-chat-dong-nai')));
  mustBe(201, await authority.post('/v1/licences', licence('GP-MUA', 'son-hai-phong')));
});
afterAll(async () => gateway.remove());

/** Fresh 200 kg of which four cans of 25 kg are filled. */
async function cans(lot: string): Promise<string[]> {
  mustBe(201, await maker.post(`/v1/products/${DRUM}/lots`, { ...acetoneLot, lot }));
  const serials = ['A', 'B', 'C', 'D'].map((letter) => `${lot}${letter}`);
  mustBe(200, await maker.post('/v1/splits', {
    from: `/01/${DRUM}/10/${lot}`, into: serials.map((serial) => ({ gtin: CAN, serial, mass: '25' })), remaining: '99.5', loss: '0.5', lossReason: 'Bay hơi',
  }));
  return serials.map((serial) => serialKeyOf(CAN, serial));
}

const NOTHING = { bulk: '0', containers: '0', inTransit: '0', total: '0', lines: [] };

interface SubstanceBalance { readonly bulk: string; readonly containers: string; readonly inTransit: string; readonly total: string; readonly lines: readonly { item: string; place: string; mass: string; carrier?: string }[] }

async function acetoneOf(caller: Caller): Promise<SubstanceBalance> {
  const substances = mustBe(200, await caller.get('/v1/balance')).body['substances'] as (SubstanceBalance & { substance: string })[];
  return substances.find(({ substance }) => substance === 'acetone') ?? NOTHING;
}

const grams = (kilograms: string): bigint => {
  const [whole = '0', fraction = ''] = kilograms.split('.');
  return BigInt(whole + fraction.padEnd(6, '0'));
};

describe('a drum becomes cans, and cans change hands', () => {
  it('keeps every milligram accounted for, in bulk, containers and transit', async () => {
    const before = grams((await acetoneOf(maker)).total);
    const items = await cans('K1');
    const filled = await acetoneOf(maker);
    // 200 kg of 98.5 % less 0.5 kg of loss, of which 0.4925 kg is acetone
    expect(grams(filled.total) - before).toBe(grams('196.5075'));
    mustBe(200, await maker.post('/v1/packings', { unit: await sscc(), items: items.slice(0, 2) }));
    const packed = await acetoneOf(maker);
    expect(packed.total).toBe(filled.total);
    expect(packed.containers).toBe(filled.containers);
  });

  it('moves with the unit around it, and is charged to the buyer\'s licence', async () => {
    const [first = '', second = ''] = await cans('K2');
    const unit = await sscc();
    mustBe(200, await maker.post('/v1/packings', { unit, items: [first, second] }));
    const makerBefore = await acetoneOf(maker);
    const buyerBefore = grams((await acetoneOf(buyer)).total);
    mustBe(201, await maker.post('/v1/shipments', { number: 'HC-2', to: 'son-hai-phong', items: [`/00/${unit}`] }));
    const onTheRoad = await acetoneOf(maker);
    expect(onTheRoad.total).toBe(makerBefore.total);
    expect(grams(onTheRoad.inTransit) - grams(makerBefore.inTransit)).toBe(grams('49.25'));
    mustBe(200, await buyer.post('/v1/shipments/hoa-chat-dong-nai/HC-2/receipt', { received: [`/00/${unit}`], short: [], damaged: [], over: [] }));
    expect(grams((await acetoneOf(buyer)).total) - buyerBefore).toBe(grams('49.25'));
    expect(grams(makerBefore.total) - grams((await acetoneOf(maker)).total)).toBe(grams('49.25'));
    const view = mustBe(200, await buyer.get('/v1/licences/GP-MUA')).body;
    expect(view).toMatchObject({ standing: 'in-force', quotas: [{ line: 'L1', substance: 'acetone', perYear: '100', used: '49.25', left: '50.75' }] });
    expect((await acetoneOf(buyer)).lines).toContainEqual(expect.objectContaining({ item: first, place: 'container', carrier: `/00/${unit}` }));
  });

  it('previews: allowed up to what the licence has left', async () => {
    const items = await cans('K3');
    await gateway.enrol('son-nho', 'enterprise', '92');
    mustBe(201, await authority.post('/v1/licences', { ...licence('GP-NHO', 'son-nho'), lines: [{ ...line, perYear: '60.5' }] }));
    const preview = mustBe(200, await maker.post('/v1/shipments/preview', { number: 'HC-3', to: 'son-nho', items })).body;
    expect(preview).toMatchObject({ allowed: false, allowedUpTo: '60.5', because: { code: 'QUOTA_EXCEEDED', fields: { substance: 'acetone', wanted: '98.5', allowed: '60.5', licence: 'GP-NHO' } } });
    expect(mustBe(200, await maker.post('/v1/shipments/preview', { number: 'HC-3', to: 'son-nho', items: items.slice(0, 2) })).body).toMatchObject({ allowed: true });
    const stranger = mustBe(200, await maker.post('/v1/shipments/preview', { number: 'HC-3', to: 'phong-thi-nghiem', items })).body;
    expect(stranger).toMatchObject({ allowed: false, because: { code: 'BUYER_NOT_LICENSED' } });
  });

  it('sells on a declaration of use, which forbids use for thirty days', async () => {
    const [item = ''] = await cans('K4');
    mustBe(200, await lab.post('/v1/use-declarations', { substance: 'acetone', purpose: '07', perYear: '50' }));
    mustBe(201, await maker.post('/v1/shipments', { number: 'HC-4', to: 'phong-thi-nghiem', items: [item] }));
    mustBe(200, await lab.post('/v1/shipments/hoa-chat-dong-nai/HC-4/receipt', { received: [item], short: [], damaged: [], over: [] }));
    const early = await lab.post('/v1/draws', { item, mass: '1', as: 'used', reason: 'Rửa' });
    expect(early.status).toBe(422);
    expect(early.body).toMatchObject({ code: 'FIRST_USE_TOO_EARLY', fields: { item } });
    mustBe(200, await lab.post('/v1/draws', { item, mass: '25', as: 'destroyed', reason: 'Biên bản hủy' }));
    expect(await acetoneOf(lab)).toEqual(NOTHING);
  });

  it('a licence revoked gives no right any more, and stays to be read by those it concerns', async () => {
    mustBe(201, await authority.post('/v1/licences', licence('GP-CU', 'phong-thi-nghiem')));
    mustBe(200, await authority.post('/v1/licences/GP-CU/revocation', { from: '2026-01-02', reason: 'Không còn đủ điều kiện' }));
    expect(mustBe(200, await lab.get('/v1/licences/GP-CU')).body).toMatchObject({ standing: 'revoked' });
    const stranger = await buyer.get('/v1/licences/GP-CU');
    expect(stranger.status).toBe(404);
    expect(stranger.body).toMatchObject({ code: 'LICENCE_UNKNOWN', fields: { licence: 'GP-CU' } });
    expect((mustBe(200, await lab.get('/v1/licences')).body['licences'] as { id: string }[]).map(({ id }) => id)).toEqual(['GP-CU']);
    expect((mustBe(200, await authority.get('/v1/licences')).body['licences'] as { id: string }[]).map(({ id }) => id)).toEqual(expect.arrayContaining(['GP-BAN', 'GP-CU', 'GP-MUA']));
  });

  it('refuses parts that do not make up the whole, with both sums', async () => {
    mustBe(201, await maker.post(`/v1/products/${DRUM}/lots`, { ...acetoneLot, lot: 'K6' }));
    const answer = await maker.post('/v1/splits', { from: `/01/${DRUM}/10/K6`, into: [{ gtin: CAN, serial: 'K6A', mass: '25' }], remaining: '174', loss: '0' });
    expect(answer.status).toBe(422);
    expect(answer.body).toMatchObject({ code: 'BALANCE_MISMATCH', fields: { whole: '200', parts: '199' } });
  });
});

async function sscc(): Promise<string> {
  const { body } = mustBe(201, await maker.post('/v1/sscc', { count: 1 }));
  return (body['units'] as [{ sscc: string }])[0].sscc;
}
