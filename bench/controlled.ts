/**
 * What it costs that the regulator endorses controlled chemicals (docs/decisions/0007): goods and chemicals on one network,
 * and the goods once more under a policy of the whole chaincode. Needs Fabric's programs (FABRIC_BIN, or the PATH).
 */
import type { Caller } from '#domain/access.js';
import type { Json } from '#domain/canonical-json.js';
import { controlledPolicy } from '#domain/endorsement.js';
import { Problem } from '#domain/errors.js';
import type { TransactionName } from '#domain/transactions.js';
import { LedgerFailure } from '../gateway/ledger/ledger.js';
import type { GatewayLedger } from '../gateway/ledger/open-ledger.js';
import { findPrograms } from '../network/fabric/programs.js';
import { FabricWorld, LOT } from '../tests/fabric/fabric-world.js';
import type { ContractWorld } from '../tests/support/contract-world.js';
import { ACETONE_CAN, ACETONE_DRUM, buyer, foundRegistry, grantLicence, maker, openAcetoneLot, openTeaLot, serial, TEA, trader } from '../tests/support/fictional.js';
import { LedgerWorld } from '../tests/support/ledger-world.js';
import type { BenchRow } from './bench-row.js';
import { BenchNetwork } from './fabric-network.js';
import { serialNumber } from './load-data.js';
import { rateOf } from './paced-rate.js';

const MEMBERS = ['RegulatorMSP', 'IndustryMSP', 'EducationMSP'];
const CONCURRENCY = 8;
const PATIENCE = 100;
const SHIPMENTS = 16;
const CONTAINERS = 20;

interface World {
  readonly ledger: Pick<GatewayLedger, 'evaluate'>;
  call(caller: Caller, name: TransactionName, request: Json): Promise<unknown>;
}

/** Milliseconds of processor time that everything concerned has used so far. */
type CpuMeter = () => Promise<number>;

/** A ledger on which everybody is registered, with numbers that were not used yet. */
class Place {
  readonly about: string;
  readonly cpu: CpuMeter;
  readonly #world: World;
  #made = 0;

  constructor(about: string, world: World, cpu: CpuMeter) {
    this.about = about;
    this.#world = world;
    this.cpu = cpu;
  }

  async found(): Promise<void> {
    const founding = { call: this.call.bind(this), read: () => undefined } as unknown as ContractWorld;
    await foundRegistry(founding);
    await openTeaLot(founding, LOT);
    await openAcetoneLot(founding);
    await grantLicence(founding, 'GP-1', buyer, '1000000');
  }

  /** Another peer than the one that told of the last commit may endorse the next transaction, and lag behind a little. */
  async call(caller: Caller, name: TransactionName, request: Json): Promise<unknown> {
    for (let tries = 0; ; tries++) {
      try {
        return await this.#world.call(caller, name, request);
      } catch (error) {
        const lags = error instanceof LedgerFailure || (error instanceof Problem && error.code.endsWith('_UNKNOWN'));
        if (!lags || tries >= PATIENCE) throw error;
      }
    }
  }

  async commission(count: number): Promise<void> {
    await this.call(maker, 'goods:commission', { gtin: TEA, lot: LOT, serials: Array.from({ length: count }, () => serialNumber(this.#made++)) });
  }

  /** A lot, and all of it into containers of a kilogram. @returns their keys */
  async fill(count: number): Promise<string[]> {
    const lot = `AC-${this.#made++}`;
    const serials = Array.from({ length: count }, () => serialNumber(this.#made++));
    await this.call(trader, 'goods:openLot', { gtin: ACETONE_DRUM, lot, producedOn: '2026-11-01', province: '75', bulk: { mass: String(count), components: [{ substance: 'acetone', content: '98' }] } });
    const into = serials.map((one) => ({ gtin: ACETONE_CAN, serial: one, mass: '1' }));
    await this.call(trader, 'chemical:split', { from: `/01/${ACETONE_DRUM}/10/${lot}`, into, remaining: '0', loss: '0' });
    return serials.map((one) => serial(ACETONE_CAN, one));
  }

  async ship(items: readonly string[]): Promise<void> {
    await this.call(trader, 'goods:ship', { number: `V${this.#made++}`, to: buyer.organisation, items: [...items] });
  }

  async read(item: string): Promise<void> {
    await this.#world.ledger.evaluate('goods:readItem', [item]);
  }

  /** Rate, latency and processor time of one thing. */
  async measure(what: string, count: number, act: (index: number) => Promise<unknown>, concurrency = CONCURRENCY): Promise<BenchRow[]> {
    const name = `${this.about}: ${what}`;
    const before = await this.cpu();
    const { perSecond, p50 } = await rateOf(count, concurrency, act);
    const used = await this.cpu() - before;
    return [{ name, value: perSecond, unit: 'a second' }, { name: `${name}: p50`, value: p50, unit: 'ms' }, { name: `${name}: processor time`, value: used / count, unit: 'ms' }];
  }
}

/** Eight of each at once, but for sales, which would contend for one quota. */
async function figures(place: Place): Promise<BenchRow[]> {
  await place.found();
  await rateOf(200, CONCURRENCY, async () => place.commission(1)); // warm
  const cans = (await Promise.all(Array.from({ length: SHIPMENTS }, async () => place.fill(CONTAINERS)))).flat();
  return [
    ...await place.measure('goods:commission of 1', 400, async () => place.commission(1)),
    ...await place.measure('goods:commission of 100', 80, async () => place.commission(100)),
    ...await place.measure('goods:openLot and chemical:split into 10', 80, async () => place.fill(10)),
    ...await place.measure('goods:openLot and chemical:split into 100', 24, async () => place.fill(100)),
    ...await place.measure('dossier of other goods', 800, async () => place.read(serial(TEA, serialNumber(0)))),
    ...await place.measure('dossier of a container', 800, async () => place.read(cans[0] ?? '')),
    ...await place.measure(`goods:ship of ${CONTAINERS} containers`, SHIPMENTS, async (index) => place.ship(cans.slice(CONTAINERS * index, CONTAINERS * (index + 1))), 1),
  ];
}

async function onFabric(network: BenchNetwork): Promise<BenchRow[]> {
  await network.up();
  const rows: BenchRow[] = [];
  const whole = 'contracts-whole';
  await network.deployUnder(whole, controlledPolicy(MEMBERS));
  for (const [about, options] of [['Fabric', {}], ['Fabric, one policy for all', { chaincode: whole }]] as const) {
    const world = await FabricWorld.open({ connection: network.connection, ...options });
    rows.push(...await figures(new Place(about, world, async () => sum(await network.cpu()))));
    await world.close();
  }
  return rows;
}

async function onEmbedded(): Promise<BenchRow[]> {
  const world = await LedgerWorld.open();
  try {
    return await figures(new Place('embedded', world, async () => sum(process.cpuUsage()) / 1000));
  } finally {
    await world.close();
  }
}

const sum = (parts: object): number => Object.values(parts).reduce((total: number, part: number) => total + part, 0);

async function programsAreThere(): Promise<boolean> {
  try {
    await findPrograms(process.env['FABRIC_BIN'], process.env);
    return true;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    console.log(`not run: controlled, on Fabric (${error.message})`);
    return false;
  }
}

export async function bench(): Promise<readonly BenchRow[]> {
  const embedded = await onEmbedded();
  if (!await programsAreThere()) return embedded;
  const network = await BenchNetwork.plan();
  try {
    return [...embedded, ...await onFabric(network)];
  } finally {
    await network.close();
  }
}
