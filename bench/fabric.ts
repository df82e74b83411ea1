/**
 * The contracts on a Fabric network of three peers and four BFT orderers on this machine, made for this run, through the
 * gateway's own ledger port; and the same on the embedded ledger, in turn. Needs Fabric's programs (FABRIC_BIN, or the PATH).
 */
import { canonicalJson, type Json } from '#domain/canonical-json.js';
import type { Caller } from '#domain/access.js';
import { Problem } from '#domain/errors.js';
import type { TransactionName } from '#domain/transactions.js';
import { systemClock } from '../gateway/ledger/clock.js';
import { followBlocks } from '../gateway/ledger/follow-blocks.js';
import type { LedgerIdentity } from '../gateway/ledger/ledger.js';
import type { GatewayLedger } from '../gateway/ledger/open-ledger.js';
import { findPrograms } from '../network/fabric/programs.js';
import { FabricWorld, LOT } from '../tests/fabric/fabric-world.js';
import type { ContractWorld } from '../tests/support/contract-world.js';
import { foundRegistry, maker, openTeaLot, reader, serial, TEA } from '../tests/support/fictional.js';
import { LedgerWorld } from '../tests/support/ledger-world.js';
import type { BenchRow } from './bench-row.js';
import { BenchNetwork, type CpuUse } from './fabric-network.js';
import { serialNumber } from './load-data.js';
import { rateOf, type Rate } from './paced-rate.js';

const WARM = 300;
const SINGLES = 600;
const RATIO_ROUNDS = 6;
const RATIO_SINGLES = 300;
const BATCH_CONCURRENCY = 8;

/** A ledger with the tea's lot open, and serials that are not on it yet. */
interface Place {
  readonly ledger: GatewayLedger;
  identity(caller: Caller): Promise<LedgerIdentity>;
  call(caller: Caller, name: TransactionName, request: Json): Promise<unknown>;
  made: number;
}

const founded = async (world: Omit<Place, 'made'>): Promise<Place> => {
  const founding = { call: world.call.bind(world), read: () => undefined } as unknown as ContractWorld;
  await foundRegistry(founding);
  await openTeaLot(founding, LOT);
  return Object.assign(world, { made: 0 });
};

async function commission(place: Place, count: number): Promise<void> {
  const serials = Array.from({ length: count }, () => serialNumber(place.made++));
  await place.call(maker, 'goods:commission', { gtin: TEA, lot: LOT, serials });
}

const single = async (place: Place, count: number, concurrency: number): Promise<Rate> => rateOf(count, concurrency, async () => commission(place, 1));

function speed(name: string, { perSecond, p50, p99 }: Rate): BenchRow[] {
  return [
    { name, value: perSecond, unit: 'transactions/s' },
    { name: `${name}: p50`, value: p50, unit: 'ms' },
    { name: `${name}: p99`, value: p99, unit: 'ms' },
  ];
}

/** One record a transaction, with 1 to 128 at once. */
async function singles(about: string, place: Place): Promise<BenchRow[]> {
  await single(place, WARM, 32);
  const rows: BenchRow[] = [];
  for (const concurrency of [1, 8, 32, 128]) {
    const count = concurrency === 1 ? SINGLES / 6 : SINGLES * Math.min(2, concurrency / 16);
    rows.push(...speed(`${about}: 1 record a transaction, ${concurrency} at once`, await single(place, count, concurrency)));
  }
  return rows;
}

/** Records a second at eight at once. */
async function batches(about: string, place: Place): Promise<BenchRow[]> {
  await single(place, WARM / 2, BATCH_CONCURRENCY);
  const rows: BenchRow[] = [];
  for (const [size, count] of [[1, 400], [10, 300], [100, 120], [1000, 48]] as const) {
    const { perSecond } = await rateOf(count, BATCH_CONCURRENCY, async () => commission(place, size));
    rows.push({ name: `${about}: ${size} records a transaction, ${BATCH_CONCURRENCY} at once`, value: perSecond * size, unit: 'records/s' });
  }
  const [one, ...more] = rows.map(({ value }) => value);
  rows.push({ name: `${about}: the best of these beside single records`, value: Math.max(...more) / (one ?? 1), unit: '×' });
  return rows;
}

async function reads(about: string, place: Place): Promise<BenchRow[]> {
  const item = serial(TEA, serialNumber(0));
  const session = place.ledger.ledgerFor(await place.identity(reader));
  const evaluate = await rateOf(2000, 32, async () => place.ledger.evaluate('goods:readItem', [item]));
  const receipts = await rateOf(800, 32, async () => session.signedRead('goods:readItem', [item]));
  return [
    { name: `${about}: evaluate a dossier, 32 at once`, value: evaluate.perSecond, unit: 'calls/s' },
    { name: `${about}: signed read of a dossier (receipt), 32 at once`, value: receipts.perSecond, unit: 'receipts/s' },
  ];
}

/** Bytes that one `goods:commission` of one serial writes, keys and values, as its block has them. */
async function bytesOfOne(place: Place): Promise<number> {
  const request = canonicalJson({ gtin: TEA, lot: LOT, serials: [serialNumber(place.made++)] });
  const answer = await place.ledger.submit('goods:commission', [request], { identity: await place.identity(maker) });
  if (answer.status !== 'committed') throw new Error(`the first serial is ${answer.status}`);
  const ended = new AbortController();
  const { ledger } = place;
  // Peers that are as busy as these may be passed over in between.
  const blocks = followBlocks({ open: (from, signal) => ledger.blocks(from, signal), from: answer.block, signal: ended.signal, clock: systemClock });
  for await (const { transactions } of blocks) {
    ended.abort();
    const writes = transactions.find(({ id }) => id === answer.transactionId)?.writes ?? [];
    return writes.reduce((sum, { key, value }) => sum + Buffer.byteLength(key) + (value?.length ?? 0), 0);
  }
  throw new Error('no block came');
}

/** Rounds of both in turn, so that what else the machine does meets both alike; same policy, same way through the outbox. */
async function besideBarePut(network: BenchNetwork, place: Place): Promise<BenchRow[]> {
  const bare = await FabricWorld.open({ connection: network.connection, chaincode: 'probe' });
  try {
    const identity = await bare.identity(maker);
    const bytes = await bytesOfOne(place);
    let number = 0;
    const put = async (): Promise<void> => {
      const key = `bare-${String(number++).padStart(8, '0')}`;
      const { status } = await bare.ledger.submit('put', [key, 'x'.repeat(bytes - key.length)], { identity });
      if (status !== 'committed') throw new Error(`a put is ${status}`);
    };
    await rateOf(WARM, 32, put);
    let [ours, theirs] = [0, 0];
    for (let round = 0; round < RATIO_ROUNDS; round++) {
      ours += RATIO_SINGLES / (await single(place, RATIO_SINGLES, 32)).perSecond;
      theirs += RATIO_SINGLES / (await rateOf(RATIO_SINGLES, 32, put)).perSecond;
    }
    const count = RATIO_ROUNDS * RATIO_SINGLES;
    return [
      { name: `Fabric: bare put of the same ${bytes} bytes, 32 at once`, value: count / theirs, unit: 'transactions/s' },
      { name: 'Fabric: goods:commission of one serial, 32 at once, in turn with it', value: count / ours, unit: 'transactions/s' },
      { name: 'Fabric: ratio of commission to bare put', value: theirs / ours, unit: '×' },
    ];
  } finally {
    await bare.close();
  }
}

/** Where the processor time of a single-record transaction goes. */
async function cpuOfOne(network: BenchNetwork, place: Place): Promise<BenchRow[]> {
  const before = await network.cpu();
  await single(place, SINGLES, 32);
  const after = await network.cpu();
  return (Object.keys(before) as (keyof CpuUse)[]).map((kind) => ({ name: `Fabric: processor time of a single-record transaction, ${kind}`, value: (after[kind] - before[kind]) / SINGLES, unit: 'ms' }));
}

const seconds = (from: number): number => (performance.now() - from) / 1000;

async function begin(network: BenchNetwork): Promise<{ rows: BenchRow[]; place: Place & { close(): Promise<void> } }> {
  const from = performance.now();
  await network.up();
  const up = seconds(from);
  const world = await FabricWorld.open({ connection: network.connection });
  await world.call({ ...maker, msp: 'RegulatorMSP', role: 'registrar' }, 'registry:registerOrganisation', { id: 'dau-tien', type: 'enterprise', name: 'Đầu tiên', address: 'Hà Nội', province: '01', fictional: 'yes' });
  const committed = seconds(from);
  const memory = await network.memory();
  return {
    rows: [
      { name: 'Fabric: from nothing to a network with the contracts on it', value: up, unit: 's' },
      { name: 'Fabric: from nothing to the first committed transaction', value: committed, unit: 's' },
      { name: 'Fabric: memory of all its processes then', value: memory / 1024 / 1024, unit: 'MiB' },
    ],
    place: Object.assign(world, await founded(world)),
  };
}

/** Stopped with all that was written, and started again. */
async function again(network: BenchNetwork): Promise<BenchRow[]> {
  const memory = await network.memory();
  await network.command.must('down');
  await network.dropProbe();
  const from = performance.now();
  await network.up();
  const up = seconds(from);
  const world = await FabricWorld.open({ connection: network.connection });
  try {
    await world.call({ ...maker, msp: 'RegulatorMSP', role: 'registrar' }, 'registry:registerOrganisation', { id: 'lan-nua', type: 'enterprise', name: 'Lần nữa', address: 'Hà Nội', province: '01', fictional: 'yes' });
    return [
      { name: 'Fabric: memory of all its processes after this bench', value: memory / 1024 / 1024, unit: 'MiB' },
      { name: 'Fabric: start with this data', value: up, unit: 's' },
      { name: 'Fabric: start with this data to the first committed transaction', value: seconds(from), unit: 's' },
    ];
  } finally {
    await world.close();
  }
}

async function underPolicy(network: BenchNetwork, about: string, policy: string): Promise<BenchRow[]> {
  const chaincode = `contracts-${about.slice(0, 1)}`;
  await network.deployUnder(chaincode, policy);
  const world = await FabricWorld.open({ connection: network.connection, chaincode });
  try {
    return await batches(`Fabric, ${about}`, await founded(world));
  } finally {
    await world.close();
  }
}

/** Says what comes next: the whole takes some minutes. */
async function part<T>(what: string, work: () => Promise<T>): Promise<T> {
  console.error(`… ${what}`);
  return work();
}

async function onFabric(network: BenchNetwork): Promise<BenchRow[]> {
  const { rows, place } = await begin(network);
  try {
    await network.deployProbe();
    rows.push(...await part('single records', async () => singles('Fabric', place)));
    rows.push(...await part('processor time', async () => cpuOfOne(network, place)));
    rows.push(...await part('beside a bare put', async () => besideBarePut(network, place)));
    rows.push(...await part('many records a transaction', async () => batches('Fabric, 2 endorsers', place)));
    rows.push(...await part('reads', async () => reads('Fabric', place)));
  } finally {
    await place.close();
  }
  rows.push(...await part('one endorser', async () => underPolicy(network, '1 endorser', "OR('RegulatorMSP.peer')")));
  rows.push(...await part('three endorsers', async () => underPolicy(network, '3 endorsers', "AND('RegulatorMSP.peer', 'IndustryMSP.peer', 'EducationMSP.peer')")));
  return [...rows, ...await part('down, and up again', async () => again(network))];
}

async function onEmbedded(): Promise<BenchRow[]> {
  const world = await LedgerWorld.open();
  try {
    const place = await founded(world);
    return [...await singles('embedded', place), ...await batches('embedded', place), ...await reads('embedded', place)];
  } finally {
    await world.close();
  }
}

export async function bench(): Promise<readonly BenchRow[]> {
  try {
    await findPrograms(process.env['FABRIC_BIN'], process.env);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    console.log(`not run: fabric (${error.message})`);
    return [];
  }
  const network = await BenchNetwork.plan();
  try {
    return [...await onFabric(network), ...await part('the embedded ledger', onEmbedded)];
  } finally {
    await network.close();
  }
}
