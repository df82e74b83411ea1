/**
 * The whole country's register through the contracts, batched, beside raw LevelDB batches of the same bytes; then how
 * long opening takes with all of it there, and the most memory that the process ever had.
 *
 * BENCH_SCALE=0.01 loads a hundredth.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Level } from 'level';
import type { Caller } from '#domain/access.js';
import type { Json } from '#domain/canonical-json.js';
import type { OrganisationId } from '#domain/registry/organisation.js';
import type { TransactionName } from '#domain/transactions.js';
import { registrar } from '../tests/support/fictional.js';
import { LedgerWorld } from '../tests/support/ledger-world.js';
import type { BenchRow } from './bench-row.js';
import { ENTERPRISES, enterprise, enterpriseId, gtinOf, prefixOf, productsOf, serialNumber } from './load-data.js';
import { peakMemoryMiB } from './peak-memory.js';

const SCALE = Number(process.env['BENCH_SCALE'] ?? 1);
const SERIALS = Math.round(1_000_000 * SCALE);
const FIRMS = Math.max(1, Math.round(ENTERPRISES * SCALE));
const AT_ONCE = 6;

interface Job {
  readonly caller: Caller;
  readonly name: TransactionName;
  readonly request: Json;
  readonly records: number;
}

const firm = (number: number): Caller => ({ msp: 'IndustryMSP', role: 'enterprise', organisation: enterpriseId(number) as OrganisationId });
const LOT = 'L1';

function* registryJobs(): Generator<Job> {
  for (let number = 0; number < FIRMS; number += 100) {
    const steps: Json[] = [];
    for (let n = number; n < Math.min(FIRMS, number + 100); n++) {
      steps.push({ transaction: 'registry:registerOrganisation', request: enterprise(n) });
      steps.push({ transaction: 'registry:grantPrefix', request: { organisation: enterpriseId(n), prefix: prefixOf(n) } });
    }
    yield { caller: registrar, name: 'goods:capture', request: { steps }, records: steps.length };
  }
}

function* productJobs(): Generator<Job> {
  for (let number = 0; number < FIRMS; number++) {
    const products = productsOf(number);
    yield { caller: firm(number), name: 'goods:registerProducts', request: { products }, records: products.length };
  }
}

function* serialJobs(): Generator<Job> {
  for (let from = 0; from < SERIALS; from += 1000) {
    const serials = Array.from({ length: Math.min(1000, SERIALS - from) }, (_, index) => serialNumber(from + index));
    yield { caller: firm(0), name: 'goods:commission', request: { gtin: gtinOf(0, 0), lot: LOT, serials }, records: serials.length };
  }
}

/** Runs jobs a few at once; a line of progress every two seconds on the error stream. */
async function run(world: LedgerWorld, label: string, jobs: Iterable<Job>): Promise<BenchRow> {
  const source = jobs[Symbol.iterator]();
  const from = performance.now();
  let records = 0;
  let told = from;
  const worker = async (): Promise<void> => {
    for (let job = source.next(); job.done !== true; job = source.next()) {
      await world.call(job.value.caller, job.value.name, job.value.request);
      records += job.value.records;
      if (performance.now() - told > 2000) {
        told = performance.now();
        process.stderr.write(`\r${label}: ${records.toLocaleString('en-US')} records, ${Math.round(records / ((told - from) / 1000)).toLocaleString('en-US')}/s   `);
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  process.stderr.write(`\r${label}: ${records.toLocaleString('en-US')} records${' '.repeat(30)}\n`);
  return { name: label, value: records / ((performance.now() - from) / 1000), unit: 'records/s' };
}

/** Certificates for every enterprise, made beforehand so that the loading is not measured with them. */
async function enrolAll(world: LedgerWorld): Promise<BenchRow> {
  const from = performance.now();
  for (let number = 0; number < FIRMS; number += AT_ONCE) {
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, FIRMS - number) }, async (_, index) => world.identity(firm(number + index))));
  }
  return { name: `certify ${FIRMS} enterprises (key, certificate)`, value: FIRMS / ((performance.now() - from) / 1000), unit: 'identities/s' };
}

/** The same writes as plain batches of a thousand, synced, into a database with nothing around it. */
async function raw(world: LedgerWorld): Promise<BenchRow> {
  const dir = await mkdtemp(join(tmpdir(), 'minhchung-raw-'));
  const db = new Level<string, Uint8Array>(dir, { valueEncoding: 'view' });
  await db.open();
  let records = 0;
  let spent = 0;
  for await (const block of world.ledger.blocks(1n, AbortSignal.timeout(3_600_000))) {
    for (const transaction of block.transactions) {
      const batch = transaction.writes.flatMap(({ key, value }) => (value === null ? [] : [{ type: 'put' as const, key, value: Uint8Array.from(value) }]));
      const from = performance.now();
      await db.batch(batch, { sync: true });
      spent += performance.now() - from;
      records += batch.length;
    }
    if (block.number + 1n >= await world.ledger.height()) break;
  }
  await db.close();
  await rm(dir, { recursive: true, force: true });
  return { name: 'the same writes as raw LevelDB batches, synced', value: records / (spent / 1000), unit: 'records/s' };
}

export async function bench(): Promise<readonly BenchRow[]> {
  const world = await LedgerWorld.open();
  try {
    const rows: BenchRow[] = [await run(world, `register ${FIRMS} enterprises and their prefixes`, registryJobs())];
    rows.push(await enrolAll(world));
    rows.push(await run(world, 'register products', productJobs()));
    await world.call(firm(0), 'goods:openLot', { gtin: gtinOf(0, 0), lot: LOT, producedOn: '2026-11-01', expiresOn: '2027-11-01', province: '01' });
    rows.push(await run(world, 'commission serials', serialJobs()));
    const baseline = await raw(world);
    rows.push(baseline);
    for (const row of rows.filter((one) => one.unit === 'records/s' && one !== baseline)) rows.push({ name: `ratio to raw: ${row.name}`, value: row.value / baseline.value, unit: '×' });
    rows.push({ name: 'most memory of the process', value: peakMemoryMiB(), unit: 'MiB' });
    return rows;
  } finally {
    await world.close();
  }
}
