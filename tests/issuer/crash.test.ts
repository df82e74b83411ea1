/** Killing the issuer at every step of an issuance, and at random: nothing handed out is lost, doubled or made differently. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { CredentialRecord } from '../../issuer/credentials/credential-record.js';
import type { Step } from '../../issuer/credentials/settling.js';
import { openIssuerStore } from '../../issuer/store/issuer-store.js';
import { randomFrom } from '../network/seeded-random.js';
import { buildChild } from '../network/child-program.js';
import { mustBe } from '../gateway/app/running-gateway.js';
import type { ChildOrder } from './issuing-child.js';
import { diplomaRequest, issuerWorld, licenceRequest, payloadOf, type IssuerWorld } from './issuer-world.js';

const KILLS = Number(process.env['ISSUER_KILLS'] ?? 6);

type Json = Record<string, unknown>;
interface ChildAnswer {
  readonly at: number;
  readonly status: number;
  readonly body: Json;
}

/** Where the gateway is killed the child at: when it is asked, or when it has done what was asked and has not answered. */
interface WireKill {
  readonly path: RegExp;
  readonly when: 'asked' | 'done';
}

let world: IssuerWorld;
let server: Server;
let origin: string;
let folder: string;
let child: ChildProcess | undefined;
let wireKill: WireKill | undefined;

beforeAll(async () => {
  world = await issuerWorld();
  await world.issuer.close();
  server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => void answerFrom(request, Buffer.concat(pieces), response).catch(() => response.destroy()));
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.close();
  await world.gateway.remove();
  await rm(world.folder, { recursive: true, force: true });
});
beforeEach(async () => {
  // Each test begins with the DIDs and keys of the world, and no credential.
  folder = await mkdtemp(join(tmpdir(), 'minhchung-crash-'));
  await cp(world.folder, folder, { recursive: true });
  wireKill = undefined;
});
afterEach(async () => rm(folder, { recursive: true, force: true }));

/** Hands a request on to the gateway, and kills the child where the test says so: then it gets no answer. */
async function answerFrom({ method = '', url = '', headers }: IncomingMessage, payload: Buffer, response: ServerResponse): Promise<void> {
  const kills = wireKill?.path.test(`${method} ${url}`) === true ? wireKill.when : 'never';
  const asking = child;
  if (kills === 'asked') return kill(asking, response);
  const kept = Object.entries(headers).filter(([name]) => ['authorization', 'idempotency-key', 'content-type'].includes(name));
  const answer = await world.gateway.app.inject({ method: method as 'GET', url, payload, headers: Object.fromEntries(kept) });
  if (kills === 'done') return kill(asking, response);
  response.writeHead(answer.statusCode, { 'content-type': 'application/json' }).end(answer.payload);
}

/** Whoever asked: answers to several requests of one child come after its end, when the next one may be running. */
function kill(asking: ChildProcess | undefined, response: ServerResponse): void {
  asking?.kill('SIGKILL');
  response.destroy();
}

/** Runs the child until it ends. @returns what it answered, and whether it was killed */
async function run(order: Omit<ChildOrder, 'folder' | 'gateway'>, killAfterMs?: number): Promise<{ answers: ChildAnswer[]; killed: boolean; left: number | undefined }> {
  const program = await buildChild('tests/issuer/issuing-child.ts');
  const started = spawn(process.execPath, [program, JSON.stringify({ ...order, folder, gateway: origin } satisfies ChildOrder)], { stdio: ['ignore', 'pipe', 'pipe'] });
  child = started;
  const errors: string[] = [];
  started.stderr.on('data', (text: Buffer) => { errors.push(text.toString()); });
  const ended = once(started, 'exit');
  const answers: ChildAnswer[] = [];
  let left: number | undefined;
  for await (const line of createInterface({ input: started.stdout })) {
    const told = parsed(line);
    if ('ready' in told && killAfterMs !== undefined) setTimeout(() => started.kill('SIGKILL'), killAfterMs);
    if ('left' in told) left = Number(told['left']);
    if ('at' in told) answers.push(told as unknown as ChildAnswer);
  }
  const [code, signal] = await ended as [number | null, string | null];
  expect([errors.join(''), signal ?? code]).toEqual(['', signal === null ? 0 : 'SIGKILL']);
  return { answers, killed: signal === 'SIGKILL', left };
}

/** A killed program may leave half a line. */
function parsed(line: string): Json {
  try {
    return JSON.parse(line) as Json;
  } catch {
    return {};
  }
}

/** What stands in the issuer's data. */
async function stored(): Promise<{ records: CredentialRecord[]; slots: string[] }> {
  const store = await openIssuerStore({ folder, keyFile: join(folder, 'key-encryption-key') });
  const records: CredentialRecord[] = [];
  const slots: string[] = [];
  for await (const [, row] of store.rows('credential/')) records.push(JSON.parse(row.toString()) as CredentialRecord);
  for await (const [key] of store.rows('slot/')) slots.push(key);
  await store.close();
  return { records, slots };
}

async function isCommitted(record: CredentialRecord): Promise<boolean> {
  const { status, body } = await world.gateway.call({ url: `/public/commitments/${record.place?.root ?? ''}` });
  return status === 200 && (body['record'] as Json)['count'] === 1;
}

const issue = (number: string): ChildOrder['requests'][number] => ({ url: '/credentials/issue', body: diplomaRequest(number) });
const textOf = ({ body }: ChildAnswer): string => String(body['verifiableCredential']);

/** Runs again until the end and compares with what was there when the program died. */
async function expectSame(requests: ChildOrder['requests'], key: string): Promise<ChildAnswer[]> {
  const before = await stored();
  const { answers, killed, left } = await run({ requests, key });
  expect([killed, left, answers.map(({ status }) => status)]).toEqual([false, 0, requests.map(({ url }) => (url.endsWith('issue') ? 201 : 200))]);
  const after = await stored();
  for (const record of before.records.filter(({ state }) => state !== 'refused')) {
    const now = after.records.find(({ id }) => id === record.id);
    expect([now?.state, now?.claims, now?.publicId, now?.slot]).toEqual(['issued', record.claims, record.publicId, record.slot]);
    if (record.jwt !== undefined) expect([now?.jwt, now?.place]).toEqual([record.jwt, record.place]);
  }
  expect(after.records.length).toBe(new Set(after.slots).size);
  for (const record of after.records) expect(await isCommitted(record)).toBe(true);
  return answers;
}

const STEPS: readonly Step[] = ['planned', 'signed', 'committed', 'issued'];

describe('an issuance that dies', () => {
  it.each(STEPS)('at the step %s is one credential, the planned one, in the end', async (step) => {
    const requests = [issue(`CR ${step}`)];
    const { killed, answers } = await run({ requests, key: world.university.key, killAt: { step, occurrence: 1 } });
    expect([killed, answers]).toEqual([true, []]);
    const { records } = await stored();
    expect(records.map(({ state }) => state)).toEqual([step === 'planned' ? 'planned' : step === 'issued' ? 'issued' : 'signed']);
    const [first] = await expectSame(requests, world.university.key);
    const [again] = await expectSame(requests, world.university.key);
    expect(textOf(again!)).toBe(textOf(first!));
    expect((await stored()).records).toHaveLength(1);
  });

  it.each([
    ['POST /v1/trust/status-lists', 'asked'], ['POST /v1/trust/status-lists', 'done'], ['POST /v1/trust/commitments', 'asked'], ['POST /v1/trust/commitments', 'done'], ['GET /public/trust', 'done'],
  ] as const)('when the ledger is %s (%s) is committed to once', async (path, when) => {
    const requests = [issue(`CW ${path.split('/').at(-1) ?? ''} ${when}`)];
    wireKill = { path: new RegExp(`^${path}$`), when };
    expect((await run({ requests, key: world.university.key })).killed).toBe(true);
    wireKill = undefined;
    await expectSame(requests, world.university.key);
    expect((await stored()).records).toHaveLength(1);
  });

  it.each(['asked', 'done'] as const)('as a licence (%s) is recorded on the ledger once, with its commitment', async (when) => {
    const requests = [{ url: '/credentials/issue', body: licenceRequest(`CR/${when}`) }];
    wireKill = { path: /^POST \/v1\/licences$/, when };
    expect((await run({ requests, key: world.authority.key })).killed).toBe(true);
    wireKill = undefined;
    const [answer] = await expectSame(requests, world.authority.key);
    const licence = mustBe(200, await world.authority.get(`/v1/licences/${String(answer?.body['credentialId']).slice(9)}`)).body;
    expect(licence).toMatchObject({ standing: 'in-force', licence: { number: `CR/${when}` } });
  });
});

describe('a change of status that dies', () => {
  const revocation = (id: unknown): ChildOrder['requests'][number] => ({ url: '/credentials/status', body: { credentialId: id, credentialStatus: { type: 'BitstringStatusListEntry', statusPurpose: 'revocation' }, status: true } });

  it.each([['asked', /^POST \/v1\/licences\/[^/]+\/revocation$/], ['done', /^POST \/v1\/licences\/[^/]+\/revocation$/]] as const)('at the revocation of a licence (%s) is carried out', async (when, path) => {
    const made = await run({ requests: [{ url: '/credentials/issue', body: licenceRequest(`CS/${when}`) }], key: world.authority.key });
    const id = made.answers[0]?.body['credentialId'];
    wireKill = { path, when };
    expect((await run({ requests: [revocation(id)], key: world.authority.key })).killed).toBe(true);
    wireKill = undefined;
    const [answer] = await expectSame([revocation(id)], world.authority.key);
    expect(answer?.body).toMatchObject({ status: { revocation: true } });
    expect(mustBe(200, await world.authority.get(`/v1/licences/${String(id).slice(9)}`)).body).toMatchObject({ standing: 'revoked' });
  });

  it.each([['superseded', 1], ['published', 1]] as const)('at the step %s of a correction links both in the end', async (step, occurrence) => {
    const made = await run({ requests: [issue(`CK ${step}`)], key: world.university.key });
    const id = made.answers[0]?.body['credentialId'];
    const correction = [{ url: '/credentials/issue', body: diplomaRequest(`CK ${step}`, { fullName: 'Trần Thị Mây', replaces: { credential: id, decisionNumber: '9/QĐ' } }) }];
    expect((await run({ requests: correction, key: world.university.key, killAt: { step, occurrence } })).killed).toBe(true);
    const [answer] = await expectSame(correction, world.university.key);
    const { records } = await stored();
    const old = records.find((one) => one.id === id);
    expect([old?.superseded?.id, old?.wanted]).toEqual([answer?.body['credentialId'], { refresh: true }]);
  });
});

it(`killed ${KILLS} times at random among twenty at once: each paper once, each index once, and what was told stays`, async () => {
  const seed = Number(process.env['ISSUER_SEED'] ?? 20_261_120);
  console.info(`issuer crash test: ${KILLS} kills, seed ${seed}`);
  const random = randomFrom(seed);
  const told = new Map<string, string>();
  const note = (requests: ChildOrder['requests'], answers: readonly ChildAnswer[]): void => {
    for (const answer of answers.filter(({ status }) => status === 201)) {
      const name = JSON.stringify(requests[answer.at]);
      expect(told.get(name) ?? textOf(answer)).toBe(textOf(answer));
      told.set(name, textOf(answer));
    }
  };
  const all: ChildOrder['requests'][number][] = [];
  const kills = { count: 0, unfinished: 0 };
  for (let round = 0; round < KILLS; round++) {
    const requests = Array.from({ length: 20 }, (_, n) => issue(`RD ${round}-${n}`));
    all.push(...requests);
    const { answers, killed } = await run({ requests, key: world.university.key }, 5 + random() * 200);
    note(requests, answers);
    kills.count += killed ? 1 : 0;
    kills.unfinished += answers.length < 20 ? 1 : 0;
  }
  note(all, await expectSame(all, world.university.key));
  const payloads = [...told.values()].map((text) => payloadOf(text.split('~')[0] ?? ''));
  expect([told.size, new Set(payloads.map(({ jti }) => jti)).size, (await stored()).records.length]).toEqual([all.length, all.length, all.length]);
  expect(kills.unfinished, 'no kill came in time').toBeGreaterThan(0);
}, 60_000 + KILLS * 10_000);
