/**
 * Writers at the public API. Each of the first kind draws a gram at a time from an acetone can of its own, and knows after
 * each answer what must be left in it: a gram lost or drawn twice shows at once. Those of the second kind apply tea labels.
 */
import { CAN, DRUM, TEA, TEA_MAKER, TRADER, type CastMember } from '../../gateway/demonstration/cast.js';
import { until } from '../../network/fabric/until.js';
import { ApiClient } from './api-client.js';

const CANS = 4;
const CAN_MILLIGRAMS = 25_000_000;
const GRAM = 1_000;
const LOT = 'SM26-11';
const PATIENCE_MS = 120_000;

export class ApiLoad {
  /** what must not be: empty at the end */
  readonly errors: string[] = [];
  readonly #trader: ApiClient;
  readonly #maker: ApiClient;
  readonly #drawn = Array.from({ length: CANS }, () => 0);
  readonly #applied: string[] = [];
  readonly #running: Promise<unknown>[] = [];
  #stopping = false;

  private constructor(trader: ApiClient, maker: ApiClient) {
    this.#trader = trader;
    this.#maker = maker;
  }

  /** Registers both enterprises and their goods, as the operator and as themselves, and begins. */
  static async begin(address: () => string, operatorKey: string): Promise<ApiLoad> {
    const operator = new ApiClient(address, operatorKey);
    const load = new ApiLoad(await enterprise(operator, TRADER, address), await enterprise(operator, TEA_MAKER, address));
    await load.#openCans();
    await load.#maker.write('tea', '/v1/products', TEA);
    await load.#maker.write('tea-lot', `/v1/products/${TEA.gtin}/lots`, { lot: LOT, producedOn: '2026-11-02', expiresOn: '2028-11-01', province: TEA_MAKER.province });
    for (let can = 0; can < CANS; can++) load.#running.push(load.#draw(can));
    load.#running.push(load.#apply('A'), load.#apply('B'));
    return load;
  }

  /** How many writes have been acknowledged. */
  get acknowledged(): number {
    return this.#applied.length + this.#drawn.reduce((sum, one) => sum + one, 0);
  }

  /** How often there was no answer, or none that decided. */
  get doubts(): number {
    return this.#trader.doubts + this.#maker.doubts;
  }

  /** Waits until so many more are acknowledged. */
  async more(count: number): Promise<void> {
    const goal = this.acknowledged + count;
    await until({ what: `${count} more to be acknowledged${this.errors.map((error) => `; ${error}`).join('')}`, withinMs: PATIENCE_MS }, () => this.acknowledged >= goal || this.errors.length > 0);
  }

  /** Waits for what is under way, and compares what can be read with what was acknowledged. */
  async stop(scan: (item: string) => Promise<number>): Promise<readonly string[]> {
    this.#stopping = true;
    await Promise.all(this.#running);
    for (const [can, drawn] of this.#drawn.entries()) {
      const item = itemOf(can);
      const { body } = await this.#trader.read(`/v1/items?key=${encodeURIComponent(item)}`);
      const mass = Number((body as { dossier: { serial: { content: { mass: string } } } }).dossier.serial.content.mass);
      this.#compare(`milligrams in can ${can}`, mass, CAN_MILLIGRAMS - drawn * GRAM);
      this.#compare(`draws from can ${can}`, (await events(this.#trader, item, 'draw')), drawn);
    }
    for (const serial of this.#applied) {
      const item = `/01/${TEA.gtin}/21/${serial}`;
      this.#compare(`commissioning of ${serial}`, await events(this.#maker, item, 'commission'), 1);
      this.#compare(`status of the page of ${serial}`, await scan(item), 200);
    }
    return this.errors;
  }

  async #openCans(): Promise<void> {
    for (const product of [DRUM, CAN]) await this.#trader.write(product.gtin, '/v1/products', product);
    await this.#trader.write('drum', `/v1/products/${DRUM.gtin}/lots`, {
      lot: 'AX26-114', producedOn: '2026-11-03', province: TRADER.province, bulk: { mass: String(25 * CANS), components: [{ substance: 'acetone', content: '99.5' }] },
    });
    const into = Array.from({ length: CANS }, (_, can) => ({ gtin: CAN.gtin, serial: `CAN${can}`, mass: '25' }));
    await this.#trader.write('cans', '/v1/splits', { from: `/01/${DRUM.gtin}/10/AX26-114`, into, remaining: '0', loss: '0' });
  }

  async #draw(can: number): Promise<void> {
    await this.#untilStopped(async (count) => {
      const { remaining } = await this.#trader.write(`draw-${can}-${count}`, '/v1/draws', { item: itemOf(can), mass: '0.001', as: 'destroyed', reason: 'Thử tải' });
      this.#drawn[can] = count + 1;
      this.#compare(`left in can ${can} after draw ${count}`, Math.round(Number(remaining) * 1_000_000), CAN_MILLIGRAMS - (count + 1) * GRAM);
    });
  }

  async #apply(name: string): Promise<void> {
    await this.#untilStopped(async (count) => {
      const serial = `${name}${count}`;
      await this.#maker.write(serial, `/v1/products/${TEA.gtin}/lots/${LOT}/commission`, { serials: [serial] });
      this.#applied.push(serial);
    });
  }

  async #untilStopped(act: (count: number) => Promise<void>): Promise<void> {
    try {
      for (let count = 0; !this.#stopping; count++) await act(count);
    } catch (error) {
      this.errors.push(String(error));
    }
  }

  #compare(what: string, found: number, wanted: number): void {
    if (found !== wanted) this.errors.push(`${what}: ${found} instead of ${wanted}`);
  }
}

const itemOf = (can: number): string => `/01/${CAN.gtin}/21/CAN${can}`;

async function enterprise(operator: ApiClient, { prefix, ...organisation }: CastMember, address: () => string): Promise<ApiClient> {
  await operator.write(organisation.id, '/v1/organisations', { ...organisation, fictional: 'yes' });
  await operator.write(`prefix-${organisation.id}`, `/v1/organisations/${organisation.id}/prefixes`, { prefix });
  const { text } = await operator.write(`key-${organisation.id}`, `/v1/organisations/${organisation.id}/api-keys`, { label: 'load' });
  return new ApiClient(address, String(text));
}

async function events(client: ApiClient, item: string, step: string): Promise<number> {
  const { body } = await client.read(`/v1/items/events?key=${encodeURIComponent(item)}`);
  return (body as { events: { step: string; part: string }[] }).events.filter((one) => one.step === step).length;
}
