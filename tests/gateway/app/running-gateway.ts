/** A real gateway on a real embedded ledger in a folder of its own, with organisations that have keys. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { InjectOptions } from 'fastify';
import { contracts } from '../../../chaincode/index.js';
import { loadConfig } from '../../../gateway/config.js';
import { startGateway, type Gateway, type StartOptions } from '../../../gateway/start.js';

type Json = Record<string, unknown>;

export interface Answer {
  readonly status: number;
  readonly body: Json;
  readonly text: string;
  readonly headers: Readonly<Record<string, unknown>>;
}

/** Somebody who calls with a key of its own. */
export interface Caller {
  readonly organisation: string;
  readonly key: string;
  post(url: string, body: unknown, headers?: Record<string, string>): Promise<Answer>;
  get(url: string): Promise<Answer>;
  delete(url: string): Promise<Answer>;
}

export interface RunningGateway extends Gateway {
  readonly folder: string;
  readonly operator: Caller;
  call(options: InjectOptions): Promise<Answer>;
  caller(organisation: string, key: string): Caller;
  /** Registers an organisation, its prefix if it has one, and gives it a key with all scopes of its type. */
  enrol(id: string, type: string, province: string, prefix?: string): Promise<Caller>;
  /** Ends the gateway and removes its folder. */
  remove(): Promise<void>;
}

export interface FixtureOptions extends Partial<StartOptions> {
  readonly env?: Readonly<Record<string, string>>;
  /** of an earlier run */
  readonly folder?: string;
  readonly operatorKey?: string;
}

export async function runGateway({ env = {}, folder: known, operatorKey, ...options }: FixtureOptions = {}): Promise<RunningGateway> {
  const folder = known ?? await mkdtemp(join(tmpdir(), 'minhchung-gateway-'));
  const settings = loadConfig({ GATEWAY_DATA: folder, GATEWAY_LOG_LEVEL: 'silent', GATEWAY_REQUESTS_PER_MINUTE: '1000000', GATEWAY_PUBLIC_REQUESTS_PER_MINUTE: '1000000', ...env });
  const gateway = await startGateway(settings, { contracts, ...options });
  const call = async (request: InjectOptions): Promise<Answer> => {
    const { statusCode, payload, headers } = await gateway.app.inject(request);
    return { status: statusCode, text: payload, headers, body: String(headers['content-type']).includes('json') ? JSON.parse(payload) as Json : {} };
  };
  const caller = (organisation: string, key: string): Caller => {
    const authorization = `Bearer ${key}`;
    return {
      organisation, key,
      post: (url, body, headers = {}) => call({ method: 'POST', url, headers: { authorization, 'content-type': 'application/json', ...headers }, payload: JSON.stringify(body) }),
      get: (url) => call({ method: 'GET', url, headers: { authorization } }),
      delete: (url) => call({ method: 'DELETE', url, headers: { authorization } }),
    };
  };
  const operator = caller('so-dang-ky', gateway.operatorKey ?? operatorKey ?? '');
  const enrol = async (id: string, type: string, province: string, prefix?: string): Promise<Caller> => {
    mustBe(201, await operator.post('/v1/organisations', { id, type, name: `Tổ chức ${id}`, address: 'Phố Ví Dụ 1', province, fictional: 'yes' }));
    if (prefix !== undefined) mustBe(201, await operator.post(`/v1/organisations/${id}/prefixes`, { prefix }));
    const { body } = mustBe(201, await operator.post(`/v1/organisations/${id}/api-keys`, { label: 'test' }));
    return caller(id, String(body['text']));
  };
  const remove = async (): Promise<void> => {
    await gateway.close();
    await rm(folder, { recursive: true, force: true });
  };
  return { ...gateway, folder, operator, call, caller, enrol, remove };
}

/** The answer, if it has this status; else an error that shows it. */
export function mustBe(status: number, answer: Answer): Answer {
  if (answer.status !== status) throw new Error(`expected ${status}, got ${answer.status}: ${answer.text.slice(0, 2000)}`);
  return answer;
}
