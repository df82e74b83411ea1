import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Dossier } from '#domain/goods/dossier.js';
import type { PublicItem } from '#domain/goods/public-item.js';
import { expectedRead } from '../../../verifier/core/goods/expected-read.js';
import { verifyReceipt, type ReceiptVerdict } from '../../../verifier/core/receipt.js';
import { nodeCrypto } from '../../../verifier/server/node-crypto.js';
import { mustBe, runGateway, type Caller, type RunningGateway } from '../app/running-gateway.js';
import { serialKeyOf, TEA, teaLot, teaProduct } from '../app/sample-goods.js';

let gateway: RunningGateway;
let maker: Caller;
let shop: Caller;

beforeAll(async () => {
  gateway = await runGateway();
  maker = await gateway.enrol('che-shan', 'enterprise', '15', '9520000');
  shop = await gateway.enrol('sieu-thi-sao', 'enterprise', '79');
  mustBe(201, await maker.post('/v1/products', teaProduct));
});
afterAll(async () => gateway.remove());

async function commissioned(lot: string): Promise<string[]> {
  mustBe(201, await maker.post(`/v1/products/${TEA}/lots`, { ...teaLot, lot }));
  const serials = ['A', 'B', 'C'].map((letter) => lot + letter);
  mustBe(200, await maker.post(`/v1/products/${TEA}/lots/${lot}/commission`, { serials, happenedAt: '2026-11-02T08:00:00+07:00', province: '22' }));
  return serials.map((serial) => serialKeyOf(TEA, serial));
}

const publicItem = async (key: string): Promise<PublicItem> => mustBe(200, await gateway.call({ url: `/v1/public/items?key=${encodeURIComponent(key)}` })).body as unknown as PublicItem;
const receiptOf = async (key: string): Promise<string> => mustBe(200, await gateway.call({ url: `/v1/public/receipts?key=${encodeURIComponent(key)}` })).text;
const check = async (key: string, receipt: string): Promise<ReceiptVerdict> => verifyReceipt(receipt, expectedRead(key, await gateway.publicRecords.trust(), Date.now()), nodeCrypto());

describe('what anybody may ask of a code', () => {
  it.each([
    ['a serial nobody commissioned', `/01/${TEA}/21/NOBODY`, ['product']],
    ['a product nobody registered', '/01/09520000000028', []],
    ['a lot nobody opened', `/01/${TEA}/10/NONE`, ['product']],
    ['a unit nobody packed', '/00/095200000000000011', []],
  ])('%s is answered like any other', async (_what, key, known) => {
    const item = await publicItem(key);
    expect(item.dossier).toMatchObject({ item: key, inside: [] });
    expect(Object.keys(item.dossier).filter((name) => ['product', 'lot', 'serial', 'unit'].includes(name))).toEqual(known);
    expect(item.journey).toEqual([]);
    expect(Object.keys(item)).toEqual(['dossier', 'journey', 'asOf']);
  });

  it('is what peers answer, word for word', async () => {
    const [first = '', second = ''] = await commissioned('D1');
    mustBe(200, await maker.post('/v1/packings', { unit: '095200000000000028', items: [first] }));
    mustBe(200, await maker.post(`/v1/products/${TEA}/lots/D1/recall`, { reason: 'x', instruction: 'y' }));
    for (const key of [first, second, '/00/095200000000000028', `/01/${TEA}`, `/01/${TEA}/10/D1`, `/01/${TEA}/21/NOBODY`]) {
      const peers = JSON.parse(await gateway.services.ledger.evaluate('goods:readItem', [key])) as Dossier;
      expect((await publicItem(key)).dossier).toEqual(peers);
      expect((await gateway.publicRecords.item(key)).dossier).toEqual(peers);
    }
  });

  it('says how fresh it is, and may be kept for seconds', async () => {
    const { asOf } = await publicItem(`/01/${TEA}`);
    expect(asOf).toEqual({ height: expect.stringMatching(/^\d+$/), blockTime: expect.stringMatching(/Z$/), knownAt: expect.stringMatching(/Z$/) });
    const { headers } = await gateway.call({ url: `/v1/public/items?key=/01/${TEA}` });
    expect([headers['cache-control'], headers['access-control-allow-origin']]).toEqual(['public, max-age=5', '*']);
  });
});

interface Unit { readonly sscc: string; readonly item: string }

describe('a journey', () => {
  it('is told in the order in which things happened, late entries in their place', async () => {
    const [item = ''] = await commissioned('J1');
    mustBe(200, await maker.post('/v1/endings', { as: 'sold', items: [item], happenedAt: '2026-11-01T00:00:00Z', province: '01' }));
    const { journey = [] } = await publicItem(item);
    expect(journey.map(({ step, at, province }) => [step, at, province])).toEqual([
      ['sold', '2026-11-01T00:00:00.000Z', '01'],
      ['commission', '2026-11-02T01:00:00.000Z', '22'],
      ['open-lot', expect.stringMatching(/Z$/), '15'],
    ]);
    const [sold, , opened] = journey;
    expect((sold?.recordedAt ?? '') > (opened?.at ?? 'z')).toBe(true);
  });

  it('holds what happened to the units around the item while it was in them, and nothing after', async () => {
    const [stays = '', leaves = '', other = ''] = await commissioned('J2');
    const [carton, pallet] = mustBe(201, await maker.post('/v1/sscc', { count: 2 })).body['units'] as [Unit, Unit];
    mustBe(200, await maker.post('/v1/packings', { unit: carton.sscc, items: [stays, leaves] }));
    mustBe(200, await maker.post('/v1/packings', { unit: pallet.sscc, items: [carton.item] }));
    mustBe(201, await maker.post('/v1/shipments', { number: 'J2', to: 'sieu-thi-sao', items: [pallet.item] }));
    mustBe(200, await shop.post('/v1/shipments/che-shan/J2/receipt', { received: [pallet.item], short: [], damaged: [], over: [] }));
    mustBe(200, await shop.post('/v1/unpackings', { unit: pallet.sscc }));
    mustBe(200, await shop.post('/v1/unpackings', { unit: carton.sscc, items: [leaves] }));
    mustBe(200, await shop.post('/v1/holds', { items: [carton.item], cause: 'quarantined', reason: 'x' }));
    const steps = async (key: string): Promise<string[]> => {
      const { events } = mustBe(200, await maker.get(`/v1/items/events?key=${key}`)).body as { events: { step: string }[] };
      return events.map(({ step }) => step);
    };
    expect(await steps(leaves)).toEqual(['open-lot', 'commission', 'pack', 'pack', 'ship', 'receive', 'unpack', 'unpack']);
    expect(await steps(stays)).toEqual(['open-lot', 'commission', 'pack', 'pack', 'ship', 'receive', 'unpack', 'hold']);
    expect(await steps(other)).toEqual(['open-lot', 'commission']);
    expect(await steps(carton.item)).toEqual(['pack', 'pack', 'ship', 'receive', 'unpack', 'unpack', 'hold']);
    expect((await publicItem(leaves)).journey?.map(({ step }) => step)).not.toContain('hold');
  });
});

describe('a receipt', () => {
  it('proves the answer to whoever pinned the roots, and nothing else', async () => {
    const [item = '', other = ''] = await commissioned('R1');
    const receipt = await receiptOf(item);
    const verdict = await check(item, receipt);
    expect(verdict.verdict).toBe('verified');
    if (verdict.verdict === 'verified') expect(JSON.parse(verdict.facts.response)).toEqual((await publicItem(item)).dossier);
    expect((await check(other, receipt)).verdict).toBe('not-verified');
    const unknown = `/01/${TEA}/21/NOBODY`;
    expect((await check(unknown, await receiptOf(unknown))).verdict).toBe('verified');
    expect(await gateway.publicRecords.receipt(item)).toBe(receipt);
  });

  it('is the same until what it proves changes', async () => {
    const [item = '', other = ''] = await commissioned('R2');
    const before = await receiptOf(item);
    mustBe(200, await maker.post('/v1/endings', { as: 'sold', items: [other] }));
    expect(await receiptOf(item)).toBe(before);
    mustBe(200, await maker.post(`/v1/products/${TEA}/lots/R2/recall`, { reason: 'x', instruction: 'y' }));
    const after = await receiptOf(item);
    expect(after).not.toBe(before);
    const verdict = await check(item, after);
    expect(verdict.verdict === 'verified' && JSON.parse(verdict.facts.response)).toMatchObject({ lot: { recall: { reason: 'x' } } });
  });

  it('is refused for what is no key', async () => {
    for (const [key, code] of [['x', 'ITEM_KEY_MALFORMED'], [`/01/${TEA}/21/a%2fb`, 'ITEM_KEY_NOT_CANONICAL']] as const) {
      const answer = await gateway.call({ url: `/v1/public/receipts?key=${encodeURIComponent(key)}` });
      expect([answer.status, answer.body['code']]).toEqual([400, code]);
      await expect(gateway.publicRecords.receipt(key)).rejects.toMatchObject({ code });
      await expect(gateway.publicRecords.item(key)).rejects.toMatchObject({ code });
    }
  });
});

describe('the roots of trust', () => {
  it('are the certificates of every organisation, and the word that one operator signs', async () => {
    const trust = mustBe(200, await gateway.call({ url: '/v1/public/trust' })).body;
    expect(trust).toMatchObject({ channel: 'minhchung', chaincode: 'minhchung', minimumOrganisations: 1, ledger: 'embedded' });
    for (const member of ['RegulatorMSP', 'IndustryMSP', 'EducationMSP']) expect((trust['roots'] as Record<string, string[]>)[member]?.[0]).toMatch(/^-----BEGIN CERTIFICATE-----/);
    expect(await gateway.publicRecords.trust()).toEqual(trust);
    expect(JSON.stringify(trust)).not.toContain('PRIVATE');
  });
});
