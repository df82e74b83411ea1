/** A real issuer beside a real gateway on a real embedded ledger, with an authority, a university and a registrar that may issue. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { InjectOptions } from 'fastify';
import { instantOf } from '#domain/instant.js';
import { parseDid, type Did } from '#domain/trust/did.js';
import { loadIssuerConfig } from '../../issuer/config.js';
import type { GatewayAnswer, GatewayApi } from '../../issuer/ledger/gateway-api.js';
import { injectedGateway } from '../../issuer/ledger/injected-gateway.js';
import { startIssuer, type Issuer, type StartIssuerOptions } from '../../issuer/start.js';
import { mustBe, runGateway, type Answer, type Caller, type RunningGateway } from '../gateway/app/running-gateway.js';

export const ORIGIN = 'http://localhost:8082';
export const AUTHORITY = parseDid('did:web:localhost%3A8082:cuc-hoa-chat');
export const UNIVERSITY = parseDid('did:web:localhost%3A8082:dai-hoc-vi-du');
export const REGISTRAR = parseDid('did:web:localhost%3A8082:so-dang-ky');

const UNTIL = '2040-01-01T00:00:00Z';

export interface IssuerWorld {
  readonly gateway: RunningGateway;
  readonly folder: string;
  readonly authority: Caller;
  readonly university: Caller;
  readonly trader: Caller;
  /** The issuer as it runs now. */
  readonly issuer: Issuer;
  /** What every request to the gateway was, in order, and how it was answered. */
  readonly asked: { readonly method: string; readonly path: string; readonly body: unknown; readonly idempotencyKey: string | undefined; readonly status: number }[];
  /** Put between issuer and gateway: throws or answers in the gateway's place. */
  between: ((path: string, ask: () => ReturnType<GatewayApi>, idempotencyKey: string | undefined) => ReturnType<GatewayApi>) | undefined;
  /** Milliseconds by which the ledger's own time, as the issuer is told it, is ahead of this host's. */
  ledgerAhead: number;
  /** True: the gateway does not recognise a request that it was sent before. */
  forgetful: boolean;
  call(options: InjectOptions): Promise<Answer>;
  get(url: string, headers?: Record<string, string>): Promise<Answer>;
  post(caller: Caller | undefined, url: string, body: unknown, headers?: Record<string, string>): Promise<Answer>;
  /** Ends the issuer and starts it again on the same data. */
  restart(options?: Partial<StartIssuerOptions>, env?: Readonly<Record<string, string>>): Promise<void>;
  /** The same, with work on the data between. */
  whileStopped(work: () => Promise<void>): Promise<void>;
  remove(): Promise<void>;
}

export interface WorldOptions extends Partial<StartIssuerOptions> {
  readonly env?: Readonly<Record<string, string>>;
  /** false: nobody has a DID yet */
  readonly dids?: boolean;
}

export async function issuerWorld({ env = {}, dids = true, ...options }: WorldOptions = {}): Promise<IssuerWorld> {
  const gateway = await runGateway();
  const folder = await mkdtemp(join(tmpdir(), 'minhchung-issuer-'));
  const asked: IssuerWorld['asked'] = [];
  const inner = injectedGateway(gateway.app);
  const api: GatewayApi = async (method, path, body, key, idempotencyKey) => {
    const ask = async (): ReturnType<GatewayApi> => later(await inner(method, path, body, key, world.forgetful ? undefined : idempotencyKey), world.ledgerAhead);
    const answer = await (world.between === undefined ? ask() : world.between(path, ask, idempotencyKey));
    asked.push({ method, path, body, idempotencyKey, status: answer.status });
    return answer;
  };
  const open = async (more: Partial<StartIssuerOptions>, moreEnv: Readonly<Record<string, string>>): Promise<Issuer> => startIssuer(
    loadIssuerConfig({ ISSUER_DATA: folder, ISSUER_LOG_LEVEL: 'silent', ISSUER_REQUESTS_PER_MINUTE: '1000000', ...env, ...moreEnv }),
    { gateway: api, background: false, ...options, ...more },
  );
  const call = async (request: InjectOptions): Promise<Answer> => {
    const { statusCode, payload, headers } = await world.issuer.app.inject(request);
    return { status: statusCode, text: payload, headers, body: String(headers['content-type']).includes('json') && payload !== '' ? JSON.parse(payload) as Record<string, unknown> : {} };
  };
  const world: { -readonly [K in keyof IssuerWorld]: IssuerWorld[K] } = {
    gateway, folder, asked, between: undefined, ledgerAhead: 0, forgetful: false, call,
    authority: await gateway.enrol('cuc-hoa-chat', 'authority', '01'),
    university: await gateway.enrol('dai-hoc-vi-du', 'institution', '48'),
    trader: await gateway.enrol('hoa-chat-dong-nai', 'enterprise', '75', '9520001'),
    issuer: await open({}, {}),
    get: async (url, headers = {}) => call({ method: 'GET', url, headers }),
    post: async (caller, url, body, headers = {}) => call({
      method: 'POST', url, headers: { 'content-type': 'application/json', ...(caller === undefined ? {} : { authorization: `Bearer ${caller.key}` }), ...headers }, payload: JSON.stringify(body),
    }),
    restart: async (more = {}, moreEnv = {}) => {
      await world.issuer.close();
      world.issuer = await open(more, moreEnv);
    },
    whileStopped: async (work) => {
      await world.issuer.close();
      await work();
      world.issuer = await open({}, {});
    },
    remove: async () => {
      await world.issuer.close();
      await gateway.remove();
      await rm(folder, { recursive: true, force: true });
    },
  };
  if (dids) await giveRights(world);
  return world;
}

/** A snapshot of the registry as a ledger gives it whose time is ahead; any other answer as it is. */
function later(answer: GatewayAnswer, ahead: number): GatewayAnswer {
  const { body } = answer;
  if (typeof body !== 'object' || body === null || !('knownAt' in body) || ahead === 0) return answer;
  return { ...answer, body: { ...body, knownAt: instantOf(Date.parse(String(body.knownAt)) + ahead) } };
}

/** DIDs by the registrar, and the grants by which they may issue. */
async function giveRights(world: IssuerWorld): Promise<void> {
  const { operator } = world.gateway;
  mustBe(201, await operator.post('/v1/organisations', { id: 'so-dang-ky', type: 'registrar', name: 'Sổ đăng ký Ví Dụ', address: 'Phố Ví Dụ 1', province: '01', fictional: 'yes' }));
  for (const organisation of ['cuc-hoa-chat', 'dai-hoc-vi-du', 'so-dang-ky']) mustBe(201, await world.post(operator, '/v1/dids', { organisation }));
  await grant(world, 'HC', AUTHORITY, { credentialType: 'ChemicalLicenceCredential', scope: { provinces: 'all', substances: 'all' } });
  await grant(world, 'DH', UNIVERSITY, { credentialType: 'DiplomaCredential', scope: { provinces: ['48'] } });
  await grant(world, 'DN', REGISTRAR, { credentialType: 'EnterpriseIdentityCredential', scope: { provinces: 'all' } });
}

export async function grant(world: IssuerWorld, id: string, grantee: Did, change: object): Promise<void> {
  const body = { id, grantee, actions: ['issue'], until: UNTIL, depth: 0, legalBasis: 'Quyết định ví dụ', ...change };
  mustBe(201, await world.gateway.operator.post('/v1/trust/grants', body));
}

const CONTEXTS = ['https://www.w3.org/2018/credentials/v1', 'https://minhchung.example/contexts/credentials/v1'];

/** The body of a request for a diploma. */
export function diplomaRequest(number: string, change: Record<string, unknown> = {}, options?: object): Record<string, unknown> {
  return {
    credential: {
      '@context': CONTEXTS, type: ['VerifiableCredential', 'DiplomaCredential'], issuer: UNIVERSITY,
      credentialSubject: {
        institution: { organisation: 'dai-hoc-vi-du', name: 'Đại học Ví Dụ', nameEn: 'Example University', province: '48' },
        level: 'bachelor', title: 'Bằng cử nhân', titleEn: 'The degree of Bachelor', field: 'Hóa học', mode: 'full-time', graduationYear: 2026,
        decisionNumber: '128/QĐ-ĐHVD', issuePlace: 'Đà Nẵng', issueDate: '2026-07-15', assurance: 'native', fictional: 'yes',
        fullName: 'Nguyễn Thị Mây Trắng', dateOfBirth: '2004-05-17', serialNumber: number, registerNumber: `${number}/2026/ĐHVD`, classification: 'very-good',
        ...change,
      },
    },
    ...(options === undefined ? {} : { options }),
  };
}

/** The body of a request for a licence. */
export function licenceRequest(number: string, change: Record<string, unknown> = {}, outer: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    credential: {
      '@context': CONTEXTS, type: ['VerifiableCredential', 'ChemicalLicenceCredential'], issuer: AUTHORITY, expirationDate: '2031-11-20T16:59:59Z',
      credentialSubject: {
        number, authority: { organisation: 'cuc-hoa-chat', name: 'Cục Hóa chất Ví Dụ' },
        holder: { organisation: 'hoa-chat-dong-nai', enterpriseNumber: '0100000001', name: 'Hóa chất Đồng Nai' }, fictional: 'yes',
        lines: [{ line: 'L1', substance: 'acetone', least: '90', most: '100', perYear: '5000', site: { address: 'Đường Ví Dụ 2', province: '75' }, group: '1' }],
        ...change,
      },
      ...outer,
    },
  };
}

/** The body of a request for an enterprise's identity. */
export function identityRequest(change: Record<string, unknown> = {}, outer: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    credential: {
      '@context': CONTEXTS, type: ['VerifiableCredential', 'EnterpriseIdentityCredential'], issuer: REGISTRAR, expirationDate: '2031-11-20T00:00:00Z',
      credentialSubject: {
        id: 'did:web:hoa-chat-dong-nai.example', enterpriseNumber: '0100000001', organisation: 'hoa-chat-dong-nai', name: 'Hóa chất Đồng Nai', address: 'Phố Ví Dụ 1', province: '75',
        gs1Prefixes: ['9520001'], fictional: 'yes', ...change,
      },
      ...outer,
    },
  };
}

/** A credential that is handed out, or an error that shows the answer. */
export async function issued(world: IssuerWorld, caller: Caller, body: unknown): Promise<{ id: string; text: string; jwt: string; publicId: string; link: string }> {
  const answer = mustBe(201, await world.post(caller, '/credentials/issue', body)).body;
  return { id: String(answer['credentialId']), text: String(answer['verifiableCredential']), jwt: String(answer['jwt']), publicId: String(answer['publicId']), link: String(answer['link']) };
}

/** The payload of a JWT. */
export function payloadOf(jwt: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>;
}
