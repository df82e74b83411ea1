import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { holderOf, type Dossier } from '#domain/goods/dossier.js';
import type { Custody } from '#domain/lifecycle/item.js';
import { mustBe, runGateway, type Caller, type RunningGateway } from '../app/running-gateway.js';
import { serialKeyOf, TEA, teaLot, teaProduct } from '../app/sample-goods.js';

let gateway: RunningGateway;
const callers: Caller[] = [];
const PROVINCES: Readonly<Record<string, string>> = { 'che-shan': '15', 'kho-mien-nam': '79', 'sieu-thi-sao': '48' };

beforeAll(async () => {
  gateway = await runGateway();
  for (const [index, [id, province]] of Object.entries(PROVINCES).entries()) callers.push(await gateway.enrol(id, 'enterprise', province, `952000${index}`));
  mustBe(201, await callers[0]!.post('/v1/products', teaProduct));
});
afterAll(async () => gateway.remove());

interface Place { readonly item: string; readonly holder: string; readonly state: string; readonly province?: string; readonly carrier?: string; readonly hold?: string }
interface Group { readonly holder: string; readonly state: string; readonly province: string; readonly hold?: string; readonly to?: string; readonly count: number; readonly loose: number; readonly carrierCount: number; readonly carriers: readonly { item: string; count: number }[] }

/** Where one serial is, by what a peer answers for it alone: no index, no read model. */
async function referencePlace(item: string): Promise<Place> {
  const dossier = JSON.parse(await gateway.services.ledger.evaluate('goods:readItem', [item])) as Dossier;
  const outer = dossier.inside.at(-1);
  const [own, outermost] = [dossier.serial!.custody, (outer ?? dossier.serial!).custody];
  const holder = String(holderOf(dossier.serial, dossier.inside));
  const hold = holdOf(own) ?? holdOf(outermost);
  const province = 'province' in outermost ? outermost.province : PROVINCES[holder];
  return { item, holder, state: outermost.state, province: String(province), ...(outer === undefined ? {} : { carrier: `/00/${outer.sscc}` }), ...(hold === undefined ? {} : { hold }) };
}

const holdOf = (custody: Custody): string | undefined => ('hold' in custody ? custody.hold?.cause : undefined);

/** Counts places by holder, state, province and hold. */
function fold(places: readonly Place[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { holder, state, province, hold } of places) {
    const name = [holder, state, province, hold ?? ''].join(' ');
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}

async function allPlaces(lot: string): Promise<Place[]> {
  const places: Place[] = [];
  let after = '';
  do {
    const { body } = mustBe(200, await callers[0]!.get(`/v1/products/${TEA}/lots/${lot}/whereabouts?limit=7${after}`));
    places.push(...(body['serials'] as Place[]));
    after = body['next'] === undefined ? '' : `&after=${body['next'] as string}`;
  } while (after !== '');
  return places;
}

const STEPS = ['pack', 'unpack', 'ship', 'receive', 'cancel', 'sell', 'lose', 'recover', 'hold', 'release'] as const;
const COUNT = 24;

/** Does what can be done; what is refused changes nothing, and is part of the story. */
async function act(step: (typeof STEPS)[number], who: number, pick: number, lot: string, story: Story): Promise<void> {
  const caller = callers[who % callers.length]!;
  const items = story.items.filter((_, index) => (index * 7 + pick) % 5 === 0);
  const unit = story.units[pick % story.units.length]!;
  const number = `${lot}-${pick % 6}`;
  const to = callers[(who + 1 + pick) % callers.length]!.organisation;
  const requests: Record<(typeof STEPS)[number], () => Promise<unknown>> = {
    pack: () => caller.post('/v1/packings', { unit: unit.sscc, items: pick % 4 === 0 ? [story.units[(pick + 1) % story.units.length]!.item] : items }),
    unpack: () => caller.post('/v1/unpackings', { unit: unit.sscc }),
    ship: () => caller.post('/v1/shipments', { number, to, items: pick % 2 === 0 ? [unit.item] : items }),
    receive: async () => {
      for (const from of Object.keys(PROVINCES)) {
        const shipment = await caller.get(`/v1/shipments/${from}/${number}`);
        const sent = (shipment.body['items'] ?? []) as string[];
        if (shipment.status === 200) await caller.post(`/v1/shipments/${from}/${number}/receipt`, { received: sent.slice(1), short: [], damaged: sent.slice(0, 1), over: [] });
      }
    },
    cancel: () => caller.post(`/v1/shipments/${number}/cancellation`, { reason: 'x' }),
    sell: () => caller.post('/v1/endings', { as: 'sold', items: items.slice(0, 1), province: '92' }),
    lose: () => caller.post('/v1/reports', { as: 'lost', items: pick % 3 === 0 ? [unit.item] : items.slice(0, 1), reason: 'x' }),
    recover: () => caller.post('/v1/recoveries', { items: pick % 3 === 0 ? [unit.item] : items.slice(0, 1), reason: 'x' }),
    hold: () => caller.post('/v1/holds', { items: pick % 2 === 0 ? [unit.item] : items.slice(0, 2), cause: 'quarantined', reason: 'x' }),
    release: () => caller.post('/v1/releases', { items: pick % 2 === 0 ? [unit.item] : items.slice(0, 2), reason: 'x' }),
  };
  await requests[step]();
}

interface Story { readonly items: readonly string[]; readonly units: readonly { sscc: string; item: string }[] }

async function begin(lot: string): Promise<Story> {
  const serials = Array.from({ length: COUNT }, (_, index) => `${lot}${index}`);
  mustBe(201, await callers[0]!.post(`/v1/products/${TEA}/lots`, { ...teaLot, lot }));
  mustBe(200, await callers[0]!.post(`/v1/products/${TEA}/lots/${lot}/commission`, { serials }));
  const units = mustBe(201, await callers[0]!.post('/v1/sscc', { count: 4 })).body['units'] as { sscc: string; item: string }[];
  // A carton on a pallet to begin with, so that every story has nesting in it.
  mustBe(200, await callers[0]!.post('/v1/packings', { unit: units[0]!.sscc, items: serials.slice(0, 4).map((serial) => serialKeyOf(TEA, serial)) }));
  mustBe(200, await callers[0]!.post('/v1/packings', { unit: units[1]!.sscc, items: [units[0]!.item, serialKeyOf(TEA, serials[4]!)] }));
  return { items: serials.map((serial) => serialKeyOf(TEA, serial)), units };
}

describe('where a lot is', () => {
  it('is what peers answer serial by serial, after any story', async () => {
    let run = 0;
    await fc.assert(fc.asyncProperty(
      fc.array(fc.tuple(fc.constantFrom(...STEPS), fc.nat(2), fc.nat(59)), { minLength: 15, maxLength: 30 }),
      async (steps) => {
        const lot = `W${run++}`;
        const story = await begin(lot);
        for (const [step, who, pick] of steps) await act(step, who, pick, lot, story);
        const reference = await Promise.all(story.items.map(referencePlace));
        const head = mustBe(200, await callers[0]!.get(`/v1/products/${TEA}/lots/${lot}/whereabouts?limit=1`)).body;
        const groups = head['groups'] as Group[];
        const counted = new Map<string, number>();
        for (const { holder, state, province, hold, count } of groups) {
          const name = [holder, state, province, hold ?? ''].join(' ');
          counted.set(name, (counted.get(name) ?? 0) + count);
        }
        expect(counted).toEqual(fold(reference));
        expect(head['total']).toBe(COUNT);
        for (const { count, loose, carriers, carrierCount } of groups) {
          expect(loose + carriers.reduce((sum, one) => sum + one.count, 0)).toBe(count);
          expect(carriers).toHaveLength(carrierCount);
        }
        const places = await allPlaces(lot);
        const bare = places.map(({ item, holder, state, province, carrier, hold }) => ({ item, holder, state, province, ...(carrier === undefined ? {} : { carrier }), ...(hold === undefined ? {} : { hold }) }));
        expect(new Map(bare.map((place) => [place.item, place]))).toEqual(new Map(reference.map((place) => [place.item, place])));
      },
    ), { numRuns: 8 });
  });

  it('lists the serials of one holder or state, page by page', async () => {
    const { items } = await begin('F1');
    mustBe(200, await callers[0]!.post('/v1/endings', { as: 'sold', items: items.slice(10, 13) }));
    const url = `/v1/products/${TEA}/lots/F1/whereabouts?state=sold`;
    const first = mustBe(200, await callers[0]!.get(`${url}&limit=2`)).body;
    expect((first['serials'] as Place[]).map(({ state }) => state)).toEqual(['sold', 'sold']);
    const second = mustBe(200, await callers[0]!.get(`${url}&limit=2&after=${String(first['next'])}`)).body;
    expect(second).not.toHaveProperty('groups');
    expect([...(first['serials'] as Place[]), ...(second['serials'] as Place[])].map(({ item }) => item).sort()).toEqual(items.slice(10, 13).sort());
    expect(mustBe(200, await callers[0]!.get(`/v1/products/${TEA}/lots/F1/whereabouts?holder=kho-mien-nam`)).body['serials']).toEqual([]);
  });

  it('of an empty lot is nowhere', async () => {
    mustBe(201, await callers[0]!.post(`/v1/products/${TEA}/lots`, { ...teaLot, lot: 'E1' }));
    expect(mustBe(200, await callers[0]!.get(`/v1/products/${TEA}/lots/E1/whereabouts`)).body).toMatchObject({ total: 0, groups: [], serials: [] });
  });

  it('in transit says to whom', async () => {
    const { units } = await begin('T1');
    mustBe(201, await callers[0]!.post('/v1/shipments', { number: 'T1', to: 'sieu-thi-sao', items: [units[1]!.item] }));
    const { body } = mustBe(200, await callers[0]!.get(`/v1/products/${TEA}/lots/T1/whereabouts`));
    expect(body['groups']).toContainEqual({
      holder: 'che-shan', holderName: 'Tổ chức che-shan', state: 'in-transit', province: '15', to: 'sieu-thi-sao', count: 5, loose: 0, carrierCount: 1, carriers: [{ item: units[1]!.item, count: 5 }],
    });
  });
});
