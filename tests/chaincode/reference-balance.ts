/** What the contracts must agree with to the milligram: masses in plain maps, no code of the product's. */

/** A container of the model: whole mass and component mass, and who has it. */
interface Vessel { mass: bigint; component: bigint; holder: string }

export class ReferenceBalance {
  readonly vessels = new Map<string, Vessel>();
  made = 0n;
  lost = 0n;
  used = 0n;

  make(name: string, holder: string, mass: bigint, component: bigint): void {
    this.vessels.set(name, { mass, component, holder });
    this.made += component;
  }

  /** Parts by name, then what stays, then what is lost: the component follows the mass, largest remainder first. */
  split(from: string, parts: readonly [string, bigint][], remaining: bigint, loss: bigint): void {
    const source = this.#of(from);
    const shares = share(source.component, [...parts.map(([, mass]) => mass), remaining, loss]);
    parts.forEach(([name, mass], index) => this.vessels.set(name, { mass, component: shares[index]!, holder: source.holder }));
    this.lost += shares.at(-1)!;
    this.vessels.set(from, { ...source, mass: remaining, component: shares.at(-2)! });
  }

  move(name: string, to: string): void {
    this.#of(name).holder = to;
  }

  draw(name: string, mass: bigint, as: 'used' | 'lost'): void {
    const vessel = this.#of(name);
    const [out, rest] = share(vessel.component, [mass, vessel.mass - mass]);
    this[as] += out!;
    this.vessels.set(name, { ...vessel, mass: vessel.mass - mass, component: rest! });
  }

  /** Law of the balance: made = on hand + lost + used. */
  holds(): boolean {
    return [...this.vessels.values()].reduce((sum, one) => sum + one.component, 0n) + this.lost + this.used === this.made;
  }

  #of(name: string): Vessel {
    const vessel = this.vessels.get(name);
    if (vessel === undefined) throw new Error(`no vessel ${name}`);
    return vessel;
  }
}

function share(total: bigint, weights: readonly bigint[]): bigint[] {
  const sum = weights.reduce((a, b) => a + b, 0n);
  const order = weights.map((weight, index) => ({ index, floor: (total * weight) / sum, rest: (total * weight) % sum }));
  let left = total - order.reduce((a, b) => a + b.floor, 0n);
  for (const one of [...order].sort((a, b) => (a.rest === b.rest ? a.index - b.index : a.rest > b.rest ? -1 : 1))) if (left-- > 0n) one.floor += 1n;
  return order.map((one) => one.floor);
}
