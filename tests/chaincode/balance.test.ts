/**
 * Random lives of chemicals on the contracts against a reference model: equal to the milligram after every step
 * (`domain.md` C5, C6). BALANCE_SEQUENCES sets how many; a failing seed is printed by fast-check.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatKilograms } from '#domain/quantity/mass.js';
import { ContractWorld } from '../support/contract-world.js';
import { ACETONE_CAN, ACETONE_DRUM, buyer, foundRegistry, grantLicence, openAcetoneLot, serial, trader } from '../support/fictional.js';
import type { Caller } from '#domain/access.js';
import { ReferenceBalance } from './reference-balance.js';

const SEQUENCES = Number(process.env['BALANCE_SEQUENCES'] ?? 3000);
const BULK = `/01/${ACETONE_DRUM}/10/AC-01`;
const START = 200_000_000n;

/** Numbers from 0 to 999 stand for shares of what is there, and for which container is meant. */
const step = fc.record({
  do: fc.constantFrom('split', 'split', 'ship', 'receive', 'draw', 'lose'),
  pick: fc.nat(999),
  shares: fc.array(fc.integer({ min: 1, max: 999 }), { minLength: 1, maxLength: 4 }),
  rest: fc.nat(999),
  loss: fc.constantFrom(0, 0, 1, 17),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

class Run {
  readonly world = new ContractWorld();
  readonly model = new ReferenceBalance();
  readonly #moving = new Map<string, { number: string; item: string }>();
  #names = 0;
  readonly #spoil: (model: ReferenceBalance) => void;

  constructor(spoil: (model: ReferenceBalance) => void = () => {}) {
    this.#spoil = spoil;
  }

  async found(): Promise<void> {
    await foundRegistry(this.world);
    await openAcetoneLot(this.world);
    await grantLicence(this.world, 'GP-1', buyer, '1000000');
    await grantLicence(this.world, 'GP-2', trader, '1000000');
    this.model.make(BULK, 'hoa-chat-ban-mai', START, 196_000_000n);
  }

  async act(one: Step): Promise<void> {
    if (one.do === 'split') await this.#split(one);
    else if (one.do === 'ship') await this.#ship(one);
    else if (one.do === 'receive') await this.#receive(one);
    else await this.#draw(one);
    this.#spoil(this.model);
    this.compare();
  }

  /** A container with something in it that is not on the road. */
  #pick(one: Step, containersOnly: boolean): string | undefined {
    const free = [...this.model.vessels].filter(([name, vessel]) => vessel.mass > 0n && !this.#moving.has(name) && (!containersOnly || name !== BULK));
    return free[one.pick % Math.max(1, free.length)]?.[0];
  }

  #caller(name: string): Caller {
    return this.model.vessels.get(name)?.holder === trader.organisation ? trader : buyer;
  }

  async #split(one: Step): Promise<void> {
    const from = this.#pick(one, false);
    if (from === undefined || this.#caller(from) !== trader) return; // the buyer has no product of its own to fill
    const mass = this.model.vessels.get(from)!.mass;
    const total = BigInt(one.shares.reduce((a, b) => a + b, 0) + one.rest + one.loss);
    const parts = one.shares.map((share): [string, bigint] => [serial(ACETONE_CAN, `N${this.#names++}`), (mass * BigInt(share)) / total]).filter(([, part]) => part > 0n);
    if (parts.length === 0) return;
    const loss = (mass * BigInt(one.loss)) / total;
    const remaining = mass - loss - parts.reduce((sum, [, part]) => sum + part, 0n);
    await this.world.call(trader, 'chemical:split', {
      from, remaining: formatKilograms(remaining), loss: formatKilograms(loss), lossReason: 'cân',
      into: parts.map(([name, part]) => ({ gtin: ACETONE_CAN, serial: name.split('/').at(-1)!, mass: formatKilograms(part) })),
    });
    this.model.split(from, parts, remaining, loss);
  }

  async #ship(one: Step): Promise<void> {
    const item = this.#pick(one, true);
    if (item === undefined) return;
    const from = this.#caller(item);
    const number = `V${this.#names++}`;
    await this.world.call(from, 'goods:ship', { number, to: (from === trader ? buyer : trader).organisation, items: [item] });
    this.#moving.set(item, { number, item });
  }

  async #receive(one: Step): Promise<void> {
    const all = [...this.#moving.values()];
    const shipment = all[one.pick % Math.max(1, all.length)];
    if (shipment === undefined) return;
    const from = this.#caller(shipment.item);
    const to = from === trader ? buyer : trader;
    await this.world.call(to, 'goods:receive', { from: from.organisation, number: shipment.number, received: [shipment.item], short: [], damaged: [], over: [] });
    this.model.move(shipment.item, to.organisation);
    this.#moving.delete(shipment.item);
  }

  async #draw(one: Step): Promise<void> {
    const item = this.#pick(one, true);
    if (item === undefined) return;
    const { mass } = this.model.vessels.get(item)!;
    const amount = (mass * BigInt(1 + (one.rest % 1000))) / 1000n;
    if (amount === 0n) return;
    const as = one.do === 'lose' ? 'lost' : 'used';
    await this.world.call(this.#caller(item), 'chemical:draw', { item, mass: formatKilograms(amount), as, reason: 'thử' });
    this.model.draw(item, amount, as);
  }

  compare(): void {
    const seen = new Map(this.world.all('serial').map((one) => [serial(one.gtin, one.serial), one.content]));
    seen.set(BULK, this.world.read(BULK, 'lot')?.bulk);
    const actual = [...seen].map(([name, content]) => [name, content?.mass, content?.components[0]?.mass]).sort();
    const expected = [...this.model.vessels].map(([name, one]) => [name, String(one.mass), String(one.component)]).sort();
    expect(actual).toEqual(expected);
    expect(this.model.holds()).toBe(true);
  }
}

const sequence = fc.array(step, { minLength: 5, maxLength: 25 });

test(`${SEQUENCES} random sequences agree with the reference to the milligram after every step`, { timeout: 600_000 }, async () => {
  let steps = 0;
  await fc.assert(fc.asyncProperty(sequence, async (all) => {
    const run = new Run();
    await run.found();
    for (const one of all) await run.act(one);
    steps += all.length;
  }), { numRuns: SEQUENCES });
  console.log(`${SEQUENCES} sequences, ${steps} steps`);
});

test('control: a milligram that the model loses is found', async () => {
  const run = new Run((model) => {
    for (const [name, vessel] of model.vessels) if (name !== BULK && vessel.component > 0n) { vessel.component -= 1n; return; }
  });
  await run.found();
  const faulty = async (): Promise<void> => run.act({ do: 'split', pick: 0, shares: [1, 2], rest: 1, loss: 0 });
  await expect(faulty()).rejects.toThrow();
});
