/**
 * How fast credentials are issued, beside the one thing that nothing can save: the signature itself. Processor time of one
 * credential, each step in turn within one run, so that the ratios hold on a machine that others use too.
 */
import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { parseDid, type Did } from '#domain/trust/did.js';
import type { SignatureAlgorithm } from '#domain/trust/public-key.js';
import { encodeCredentialJwt, type UnsignedCredential } from '../issuer/credentials/jwt-encoder.js';
import { signClaims } from '../issuer/credentials/signing.js';
import type { Batch } from '../issuer/batches/batch.js';
import type { CredentialRecord } from '../issuer/credentials/credential-record.js';
import { mustBe } from '../tests/gateway/app/running-gateway.js';
import { batchWorld, type BatchWorld } from '../tests/issuer/batches/batch-world.js';
import { classFile } from '../tests/issuer/batches/graduates.js';
import { grant } from '../tests/issuer/issuer-world.js';
import type { BenchRow } from './bench-row.js';

const TURNS = 9;
const EACH = 1_000;
const CLASS = 2_000;
const CLASSES = 3;
const POLL_MS = 10;

/** Microseconds of processor time that one of `count` takes. */
async function cpuOf(count: number, work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / count;
}

const median = (values: readonly number[]): number => [...values].sort((one, other) => one - other)[values.length >> 1] ?? NaN;

interface Issued {
  /** microseconds for each credential: of the processor, in each state of the batch, and by the clock */
  readonly cpu: number;
  readonly states: ReadonlyMap<string, number>;
  readonly wall: number;
  /** one of them */
  readonly record: CredentialRecord;
}

async function issueClass(world: BatchWorld, did: Did, name: string): Promise<Issued> {
  const file = classFile(CLASS, (row) => row.map((cell, at) => (at === 3 || at === 4 ? `${name}${cell}` : cell)));
  const { body } = mustBe(201, await world.upload(file, { did, graduates: String(CLASS) }));
  const id = String(body['id']);
  const from = performance.now();
  const states = new Map<string, number>();
  const cpu = await cpuOf(CLASS, async () => {
    mustBe(202, await world.approve(id));
    await ended(world, id, states);
  });
  const wall = ((performance.now() - from) * 1000) / CLASS;
  const rows = mustBe(200, await world.get(`/v1/batches/${id}/credentials`, { authorization: `Bearer ${world.preparer.key}` })).body['credentials'] as { credentialId: string }[];
  return { cpu, states, wall, record: await world.issuer.parts.rows.known(rows[0]?.credentialId ?? '') };
}

/** Waits for the end, and takes down what each state took; asked so seldom that asking does not count. */
async function ended(world: BatchWorld, id: string, states: Map<string, number>): Promise<void> {
  for (let state = 'signing'; state !== 'issued';) {
    const spent = await cpuOf(CLASS, async () => new Promise((resolve) => { setTimeout(resolve, POLL_MS); }));
    states.set(state, (states.get(state) ?? 0) + spent);
    const batch = await world.issuer.parts.store.json(`batch/${id}`) as Batch;
    state = batch.state;
  }
}

interface Steps {
  readonly [name: string]: () => Promise<unknown>;
}

/** What one credential takes, from the signature alone to everything that is done before it is stored. */
function stepsOf(world: BatchWorld, record: CredentialRecord, algorithm: SignatureAlgorithm, privateKey: KeyObject): Steps {
  const { agent, dids } = world.issuer.parts;
  const key = dids.signingKey(record.claims.issuer);
  const [header = '', payload = ''] = (record.jwt ?? '').split('.');
  const input = Buffer.from(`${header}.${payload}`);
  const raw = (data: Uint8Array): Buffer => (algorithm === 'ES256' ? sign('sha256', data, { key: privateKey, dsaEncoding: 'ieee-p1363' }) : sign(undefined, data, privateKey));
  const { vc } = JSON.parse(Buffer.from(payload, 'base64url').toString()) as { readonly vc: UnsignedCredential };
  const credential: UnsignedCredential = { ...vc, issuer: record.claims.issuer, issuanceDate: '2026-11-20T08:00:00Z' };
  const encoder = { did: record.claims.issuer, algorithm, kid: `${record.claims.issuer}#${key.keyId}`, sign: async (data: string | Uint8Array) => raw(Buffer.from(data)).toString('base64url') };
  return {
    'node:crypto alone': async () => raw(input),
    'did-jwt-vc on node:crypto': async () => encodeCredentialJwt(credential, encoder),
    'through Veramo': async () => agent.signCredential(credential, key),
    'signed and compared with the plan': async () => signClaims(record.claims, key, agent),
  };
}

async function measured(world: BatchWorld, did: Did, algorithm: SignatureAlgorithm): Promise<BenchRow[]> {
  const { record } = await issueClass(world, did, `${algorithm}-warm-`);
  const classes: Issued[] = [];
  for (let turn = 0; turn < CLASSES; turn += 1) classes.push(await issueClass(world, did, `${algorithm}-${turn}-`));
  const { privateKey } = algorithm === 'ES256' ? generateKeyPairSync('ec', { namedCurve: 'P-256' }) : generateKeyPairSync('ed25519');
  const steps = Object.entries(stepsOf(world, record, algorithm, privateKey));
  const times = new Map(steps.map(([name]) => [name, [] as number[]]));
  for (let turn = 0; turn < TURNS; turn += 1) {
    for (const [name, step] of steps) {
      times.get(name)?.push(await cpuOf(EACH, async () => {
        for (let one = 0; one < EACH; one += 1) await step();
      }));
    }
  }
  const raw = median(times.get('node:crypto alone') ?? []);
  const whole = median(classes.map(({ cpu }) => cpu));
  const rows = steps.flatMap(([name]): BenchRow[] => rowsOf(`${algorithm}: ${name}`, median(times.get(name) ?? []), raw));
  const states = ['signing', 'publishing'].map((state): BenchRow => ({ name: `${algorithm}: of that, ${state}`, value: median(classes.map((one) => one.states.get(state) ?? 0)), unit: 'µs' }));
  return [...rows, ...rowsOf(`${algorithm}: a batch, from approval to issued`, whole, raw), ...states, { name: `${algorithm}: a batch by the clock`, value: 1_000_000 / median(classes.map(({ wall }) => wall)), unit: 'credentials/s' }];
}

function rowsOf(name: string, micros: number, raw: number): BenchRow[] {
  return [{ name, value: micros, unit: 'µs' }, { name: `${name}, of the signature alone`, value: raw / micros, unit: 'ratio' }];
}

/** Processor time of one credential on the way to being issued, for both kinds of keys. */
export async function bench(): Promise<readonly BenchRow[]> {
  const world = await batchWorld();
  try {
    const rows: BenchRow[] = [];
    for (const algorithm of ['ES256', 'EdDSA'] as const) rows.push(...await measured(world, await didOf(world, algorithm), algorithm));
    return rows;
  } finally {
    await world.remove();
  }
}

async function didOf(world: BatchWorld, algorithm: SignatureAlgorithm): Promise<Did> {
  const { body } = mustBe(201, await world.post(world.gateway.operator, '/v1/dids', { organisation: 'dai-hoc-vi-du', method: 'key', algorithm }));
  const did = parseDid(String(body['did']));
  await grant(world, `DH-${algorithm}`, did, { credentialType: 'DiplomaCredential', scope: { provinces: ['48'] } });
  return did;
}
