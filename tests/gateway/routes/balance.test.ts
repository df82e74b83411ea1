import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { holderOf, type Dossier } from '#domain/goods/dossier.js';
import { formatKilograms } from '#domain/quantity/mass.js';
import { mustBe, runGateway, type Caller, type RunningGateway } from '../app/running-gateway.js';
import { acetone, acetoneLot, CAN, DRUM, serialKeyOf } from '../app/sample-goods.js';

let gateway: RunningGateway;
let traders: [Caller, Caller];

const licence = (holder: string): Record<string, unknown> => ({
  id: `GP-${holder}`, number: '1', holder, validFrom: '2026-01-01', validTo: '2031-12-31', lines: [{ line: 'L1', substance: 'acetone', least: '1', most: '100', perYear: '100000' }],
});

beforeAll(async () => {
  gateway = await runGateway();
  const authority = await gateway.enrol('cuc-hoa-chat', 'authority', '01');
  traders = [await gateway.enrol('dong-nai', 'enterprise', '75', '9520001'), await gateway.enrol('hai-phong', 'enterprise', '31')];
  for (const { organisation } of traders) mustBe(201, await authority.post('/v1/licences', licence(organisation)));
  for (const gtin of [DRUM, CAN]) mustBe(201, await traders[0].post('/v1/products', acetone(gtin, 'Axeton')));
});
afterAll(async () => gateway.remove());

interface Story { readonly lot: string; readonly cans: readonly string[]; readonly units: readonly { sscc: string; item: string }[] }

async function begin(lot: string): Promise<Story> {
  const [maker] = traders;
  mustBe(201, await maker.post(`/v1/products/${DRUM}/lots`, { ...acetoneLot, lot }));
  const serials = Array.from({ length: 8 }, (_, index) => `${lot}-${index}`);
  // Masses that 98.5 % does not divide evenly: every milligram of remainder has to be somewhere.
  mustBe(200, await maker.post('/v1/splits', { from: `/01/${DRUM}/10/${lot}`, into: serials.map((serial) => ({ gtin: CAN, serial, mass: '7.777777' })), remaining: '137.777783', loss: '0.000001', lossReason: 'x' }));
  const units = mustBe(201, await maker.post('/v1/sscc', { count: 2 })).body['units'] as { sscc: string; item: string }[];
  const cans = serials.map((serial) => serialKeyOf(CAN, serial));
  // Two cans on the road in a carton on a pallet, so that every story has them.
  mustBe(200, await maker.post('/v1/packings', { unit: units[0]!.sscc, items: cans.slice(6) }));
  mustBe(200, await maker.post('/v1/packings', { unit: units[1]!.sscc, items: [units[0]!.item] }));
  mustBe(201, await maker.post('/v1/shipments', { number: `${lot}-4`, to: 'hai-phong', items: [units[1]!.item] }));
  return { lot, cans, units };
}

const STEPS = ['pack', 'nest', 'unpack', 'ship', 'receive', 'draw', 'destroy', 'lose', 'pour'] as const;

/** Does what can be done; what is refused changes nothing. */
async function act(step: (typeof STEPS)[number], who: number, pick: number, { lot, cans, units }: Story): Promise<void> {
  const caller = traders[who as 0 | 1];
  const other = traders[who === 0 ? 1 : 0];
  const can = cans[pick % cans.length]!;
  const unit = units[pick % 2]!;
  const number = `${lot}-${pick % 5}`;
  const requests: Record<(typeof STEPS)[number], () => Promise<unknown>> = {
    pack: () => caller.post('/v1/packings', { unit: unit.sscc, items: [can, cans[(pick + 3) % cans.length]] }),
    nest: () => caller.post('/v1/packings', { unit: unit.sscc, items: [units[(pick + 1) % 2]!.item] }),
    unpack: () => caller.post('/v1/unpackings', { unit: unit.sscc }),
    ship: () => caller.post('/v1/shipments', { number, to: other.organisation, items: [pick % 3 === 0 ? can : unit.item] }),
    receive: async () => {
      const { status, body } = await caller.get(`/v1/shipments/${other.organisation}/${number}`);
      if (status === 200) await caller.post(`/v1/shipments/${other.organisation}/${number}/receipt`, { received: body['items'], short: [], damaged: [], over: [] });
    },
    draw: () => caller.post('/v1/draws', { item: can, mass: '0.333333', as: 'used', reason: 'x' }),
    destroy: () => caller.post('/v1/draws', { item: can, mass: '7.777777', as: 'destroyed', reason: 'x' }),
    lose: () => caller.post('/v1/reports', { as: 'lost', items: [can], reason: 'x' }),
    pour: () => caller.post('/v1/splits', { from: can, into: [{ gtin: CAN, serial: `${lot}P${pick}`, mass: '1' }], remaining: '6.777777', loss: '0' }),
  };
  await requests[step]();
}

const readItem = async (key: string): Promise<Dossier> => JSON.parse(await gateway.services.ledger.evaluate('goods:readItem', [key])) as Dossier;

/** Milligrams of acetone by holder, in bulk, in containers and on the road, by what peers answer for each thing alone. */
async function referenceOf({ lot }: Story, keys: readonly string[]): Promise<Map<string, bigint>> {
  const sums = new Map<string, bigint>();
  const add = (name: string, mass: string | undefined): void => void sums.set(name, (sums.get(name) ?? 0n) + BigInt(mass ?? '0'));
  const { lot: opened } = await readItem(`/01/${DRUM}/10/${lot}`);
  add('dong-nai bulk', opened?.bulk?.components[0]?.mass);
  for (const key of keys) {
    const { serial, inside } = await readItem(key);
    if (serial === undefined) continue;
    const place = PLACES[(inside.at(-1) ?? serial).custody.state];
    if (place !== undefined) add(`${String(holderOf(serial, inside))} ${place}`, serial.content?.components[0]?.mass);
  }
  return sums;
}

/** What is gone is in no balance. */
const PLACES: Readonly<Record<string, string>> = { 'in-stock': 'container', 'in-transit': 'in-transit' };

interface Line { readonly item: string; readonly place: string; readonly mass: string }

/** The same from the balances of both traders, of this story's things alone. */
async function balanceOf({ lot }: Story): Promise<Map<string, bigint>> {
  const sums = new Map<string, bigint>();
  for (const trader of traders) {
    const [substance] = mustBe(200, await trader.get('/v1/balance')).body['substances'] as { lines: Line[]; total: string; bulk: string; containers: string; inTransit: string }[];
    if (substance === undefined) continue;
    const all = substance.lines.reduce((sum, { mass }) => sum + milligrams(mass), 0n);
    expect(substance.total).toBe(formatKilograms(all));
    expect(milligrams(substance.bulk) + milligrams(substance.containers) + milligrams(substance.inTransit)).toBe(all);
    for (const { place, mass } of substance.lines.filter(({ item }) => ofLot(item, lot))) {
      const name = `${trader.organisation} ${place}`;
      sums.set(name, (sums.get(name) ?? 0n) + milligrams(mass));
    }
  }
  return sums;
}

const ofLot = (item: string, lot: string): boolean => new RegExp(`/(?:10|21)/${lot}(?:$|[-P])`).test(item);

function milligrams(kilograms: string): bigint {
  const [whole = '0', fraction = ''] = kilograms.split('.');
  return BigInt(whole + fraction.padEnd(6, '0'));
}

const withoutNoughts = (sums: ReadonlyMap<string, bigint>): Map<string, bigint> => new Map([...sums].filter(([, sum]) => sum > 0n));

describe('the balance', () => {
  it('is to the milligram what peers answer thing by thing, after any story', async () => {
    let run = 0;
    await fc.assert(fc.asyncProperty(fc.array(fc.tuple(fc.constantFrom(...STEPS), fc.nat(1), fc.nat(29)), { minLength: 12, maxLength: 25 }), async (steps) => {
      const story = await begin(`B${run++}`);
      for (const [step, who, pick] of steps) await act(step, who, pick, story);
      const keys = [...story.cans, ...Array.from({ length: 30 }, (_, pick) => serialKeyOf(CAN, `${story.lot}P${pick}`))];
      expect(withoutNoughts(await balanceOf(story))).toEqual(withoutNoughts(await referenceOf(story, keys)));
    }), { numRuns: 6 });
  });
});
