/**
 * The whole country's register through the contracts, batched, beside raw LevelDB batches of the same bytes; the page of
 * a serial while there are few and when there are many, beside a Fastify that answers a constant; then how long a
 * start takes with all of it there, and the most memory that the process ever had.
 *
 * BENCH_SCALE=0.01 loads a hundredth.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Fastify from 'fastify';
import { Level } from 'level';
import type { Json } from '#domain/canonical-json.js';
import type { OrganisationId } from '#domain/registry/organisation.js';
import type { TransactionName } from '#domain/transactions.js';
import { answersPerSecond } from './answers-per-second.js';
import type { BenchRow } from './bench-row.js';
import { GatewayWorld, type Who } from './gateway-world.js';
import { ENTERPRISES, enterprise, enterpriseId, gtinOf, prefixOf, productsOf, serialNumber } from './load-data.js';
import { peakMemoryMiB } from './peak-memory.js';

const SCALE = Number(process.env['BENCH_SCALE'] ?? 1);
const SERIALS = Math.round(1_000_000 * SCALE);
const FEW_SERIALS = Math.min(10_000, SERIALS);
const FIRMS = Math.max(1, Math.round(ENTERPRISES * SCALE));
const AT_ONCE = 6;
/** More than are answered in the measured time. */
const NEVER_SCANNED = 8_000;
const LOT = 'L1';
const REGISTRAR: Who = { organisation: 'so-dang-ky' as OrganisationId, role: 'registrar' };

interface Job {
  readonly who: Who;
  readonly name: TransactionName;
  readonly request: Json;
  readonly records: number;
}

const firm = (number: number): Who => ({ organisation: enterpriseId(number) as OrganisationId, role: 'enterprise' });

function* registryJobs(): Generator<Job> {
  for (let number = 0; number < FIRMS; number += 100) {
    const steps: Json[] = [];
    for (let n = number; n < Math.min(FIRMS, number + 100); n++) {
      steps.push({ transaction: 'registry:registerOrganisation', request: enterprise(n) });
      steps.push({ transaction: 'registry:grantPrefix', request: { organisation: enterpriseId(n), prefix: prefixOf(n) } });
    }
    yield { who: REGISTRAR, name: 'goods:capture', request: { steps }, records: steps.length };
  }
}

function* productJobs(): Generator<Job> {
  for (let number = 0; number < FIRMS; number++) {
    const products = productsOf(number);
    yield { who: firm(number), name: 'goods:registerProducts', request: { products }, records: products.length };
  }
}

function* serialJobs(first: number, last: number): Generator<Job> {
  for (let from = first; from < last; from += 1000) {
    const serials = Array.from({ length: Math.min(1000, last - from) }, (_, index) => serialNumber(from + index));
    yield { who: firm(0), name: 'goods:commission', request: { gtin: gtinOf(0, 0), lot: LOT, serials }, records: serials.length };
  }
}

/** Runs jobs a few at once; a line of progress every two seconds on the error stream. */
async function run(world: GatewayWorld, label: string, jobs: Iterable<Job>): Promise<BenchRow> {
  const source = jobs[Symbol.iterator]();
  const from = performance.now();
  let records = 0;
  let told = from;
  const worker = async (): Promise<void> => {
    for (let job = source.next(); job.done !== true; job = source.next()) {
      await world.call(job.value.who, job.value.name, job.value.request);
      records += job.value.records;
      if (performance.now() - told < 2000) continue;
      told = performance.now();
      process.stderr.write(`\r${label}: ${records.toLocaleString('en-US')} records, ${Math.round(records / ((told - from) / 1000)).toLocaleString('en-US')}/s   `);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  await world.settle();
  process.stderr.write(`\r${label}: ${records.toLocaleString('en-US')} records${' '.repeat(30)}\n`);
  return { name: `${label}, until they can be read`, value: records / ((performance.now() - from) / 1000), unit: 'records/s' };
}

/** Certificates for every enterprise, made beforehand so that the loading is not measured with them. */
async function certifyAll(world: GatewayWorld): Promise<BenchRow> {
  const from = performance.now();
  for (let number = 0; number < FIRMS; number += AT_ONCE) {
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, FIRMS - number) }, async (_, index) => world.certify(firm(number + index))));
  }
  return { name: `certify ${FIRMS} enterprises (key, certificate, files)`, value: FIRMS / ((performance.now() - from) / 1000), unit: 'identities/s' };
}

/** The same writes as plain batches, synced, into a database with nothing around it. */
async function raw(world: GatewayWorld): Promise<BenchRow> {
  const dir = await mkdtemp(join(tmpdir(), 'minhchung-raw-'));
  const db = new Level<string, Uint8Array>(dir, { valueEncoding: 'view' });
  await db.open();
  const stop = new AbortController();
  const { ledger } = world.gateway.services;
  const height = await ledger.height();
  let records = 0;
  let spent = 0;
  for await (const block of ledger.blocks(1n, stop.signal)) {
    for (const transaction of block.transactions) {
      const batch = transaction.writes.flatMap(({ key, value }) => (value === null ? [] : [{ type: 'put' as const, key, value: Uint8Array.from(value) }]));
      const from = performance.now();
      await db.batch(batch, { sync: true });
      spent += performance.now() - from;
      records += batch.length;
    }
    if (block.number + 1n >= height) break;
  }
  stop.abort();
  await db.close();
  await rm(dir, { recursive: true, force: true });
  return { name: 'the same writes as raw LevelDB batches, synced', value: records / (spent / 1000), unit: 'records/s' };
}

async function pages(world: GatewayWorld, serials: number): Promise<BenchRow[]> {
  const constant = Fastify({ logger: false });
  const item = (index: number): string => `/01/${gtinOf(0, 0)}/21/${serialNumber(index)}`;
  const page = (await world.verifier.inject({ url: item(1), headers: { accept: 'text/html' } })).body;
  constant.get('/word', async (_, reply) => reply.type('text/html').send('constant'));
  constant.get('/page', async (_, reply) => reply.type('text/html').send(page));
  await constant.listen({ host: '127.0.0.1', port: 0 });
  const manyItems = Array.from({ length: Math.min(NEVER_SCANNED, serials) }, (_, index) => item((index * 7919 + 13) % serials));
  const rows = [
    { name: 'Fastify answering a constant', value: await answersPerSecond(constant, ['/word']), unit: 'answers/s' },
    { name: `Fastify answering the same page as a constant, ${page.length.toLocaleString('en-US')} characters`, value: await answersPerSecond(constant, ['/page']), unit: 'answers/s' },
    { name: `page of one serial scanned again, ${serials.toLocaleString('en-US')} serials`, value: await answersPerSecond(world.verifier, [item(1)]), unit: 'pages/s' },
    { name: `pages of serials never scanned before, ${serials.toLocaleString('en-US')} serials`, value: await answersPerSecond(world.verifier, manyItems), unit: 'pages/s' },
  ];
  await constant.close();
  return rows;
}

async function reopen(folder: string): Promise<BenchRow> {
  const from = performance.now();
  const world = await GatewayWorld.open(folder);
  const answer = await world.verifier.inject({ url: `/01/${gtinOf(0, 0)}/21/${serialNumber(1)}` });
  const spent = performance.now() - from;
  if (answer.statusCode !== 200) throw new Error(`after a restart: ${answer.statusCode}`);
  await world.close();
  return { name: 'open with all of it there, to the first page', value: spent / 1000, unit: 's' };
}

export async function bench(): Promise<readonly BenchRow[]> {
  const folder = await mkdtemp(join(tmpdir(), 'minhchung-bench-'));
  const world = await GatewayWorld.open(folder);
  const rows: BenchRow[] = [await run(world, `register ${FIRMS} enterprises and their prefixes`, registryJobs())];
  await world.verifier.listen({ host: '127.0.0.1', port: 0 });
  rows.push(await certifyAll(world));
  rows.push(await run(world, 'register products', productJobs()));
  await world.call(firm(0), 'goods:openLot', { gtin: gtinOf(0, 0), lot: LOT, producedOn: '2026-11-01', expiresOn: '2027-11-01', province: '01' });
  await run(world, 'the first serials', serialJobs(0, FEW_SERIALS));
  const few = await pages(world, FEW_SERIALS);
  rows.push(await run(world, 'commission serials', serialJobs(FEW_SERIALS, SERIALS)));
  const baseline = await raw(world);
  rows.push(baseline, ...rows.filter((row) => row.unit === 'records/s').map((row) => ({ name: `ratio to raw: ${row.name}`, value: row.value / baseline.value, unit: '×' })));
  rows.push(...few, ...await pages(world, SERIALS));
  rows.push({ name: 'most memory of the process', value: peakMemoryMiB(), unit: 'MiB' });
  await world.close();
  rows.push(await reopen(folder));
  await rm(folder, { recursive: true, force: true });
  return rows;
}
