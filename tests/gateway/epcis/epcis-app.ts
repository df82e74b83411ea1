/** The EPCIS routes behind the real gate, over the real contracts and a real store, without a network. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Fastify, { type FastifyInstance, type LightMyRequestResponse } from 'fastify';
import { Problem } from '#domain/errors.js';
import type { OrganisationId } from '#domain/registry/organisation.js';
import { guardRoutes, principalOf, type RouteAccess } from '../../../gateway/access.js';
import { epcisRoutes } from '../../../gateway/epcis/routes.js';
import { openDurableStore, type DurableStore } from '../../../gateway/ledger/durable-store.js';
import { answerError } from '../../../gateway/problem.js';
import { SCOPES_OF_TYPE, type OrganisationType } from '../../../gateway/tenants/scopes.js';
import { ManualClock } from '../manual-clock.js';
import { WorldLedger } from './world-ledger.js';

const TYPES: Readonly<Record<string, OrganisationType>> = {
  'tra-shan': 'enterprise', 'cua-hang-sao': 'enterprise', 'hoa-chat-ban-mai': 'enterprise', 'thi-truong': 'authority', 'truong': 'institution',
};

export interface EpcisApp {
  readonly app: FastifyInstance;
  readonly ledger: WorldLedger;
  readonly store: DurableStore;
  readonly clock: ManualClock;
  readonly access: readonly RouteAccess[];
  readonly faults: unknown[];
  get(url: string, as?: string, headers?: Record<string, string>): Promise<LightMyRequestResponse>;
  post(url: string, body: unknown, as?: string, headers?: Record<string, string>): Promise<LightMyRequestResponse>;
  /** The job that an answer leads to, once it has ended. */
  ended(answer: LightMyRequestResponse, as?: string): Promise<Record<string, unknown>>;
  close(): Promise<void>;
}

export interface EpcisAppOptions {
  readonly ledger?: WorldLedger;
  readonly store?: DurableStore;
  readonly clock?: ManualClock;
}

export async function openTestStore(): Promise<{ store: DurableStore; remove: () => Promise<void> }> {
  const directory = await mkdtemp(join(tmpdir(), 'minhchung-store-'));
  const store = await openDurableStore(directory);
  return { store, remove: async () => { await store.close(); await rm(directory, { recursive: true, force: true }); } };
}

export async function openEpcisApp(options: EpcisAppOptions = {}): Promise<EpcisApp> {
  const ledger = options.ledger ?? await WorldLedger.withTea();
  const own = options.store === undefined ? await openTestStore() : undefined;
  const store = options.store ?? own!.store;
  const clock = options.clock ?? new ManualClock(Date.parse('2026-11-20T09:00:00Z'));
  const faults: unknown[] = [];
  const app = Fastify();
  app.setErrorHandler(answerError);
  const access = guardRoutes(app, { authenticate: (header) => principalNamed(header) });
  await app.register(epcisRoutes({
    submit: ledger.submit, events: ledger.events, register: ledger.register, store, clock, randomBytes,
    principal: principalOf, onFault: (error) => faults.push(error),
  }));
  await app.ready();
  const get: EpcisApp['get'] = (url, as = 'tra-shan', headers = {}) => app.inject({ method: 'GET', url, headers: { authorization: `Bearer ${as}`, ...headers } });
  const post: EpcisApp['post'] = (url, body, as = 'tra-shan', headers = {}) => app.inject({
    method: 'POST', url, headers: { authorization: `Bearer ${as}`, 'content-type': 'application/ld+json', ...headers },
    payload: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return {
    app, ledger, store, clock, access, faults, get, post,
    ended: (answer, as) => jobEnded((url) => get(url, as), answer),
    close: async () => {
      await app.close();
      await own?.remove();
    },
  };
}

async function jobEnded(get: (url: string) => Promise<LightMyRequestResponse>, answer: LightMyRequestResponse): Promise<Record<string, unknown>> {
  const { location } = answer.headers;
  if (answer.statusCode !== 202 || location === undefined) throw new Error(`no job: ${answer.statusCode} ${answer.body}`);
  for (;;) {
    const job = (await get(location)).json<Record<string, unknown>>();
    if (job['running'] !== true) return job;
    await new Promise(setImmediate);
  }
}

function principalNamed(header: string | undefined): NonNullable<Parameters<typeof principalOf>[0]['principal']> {
  const organisation = header?.slice('Bearer '.length) ?? '';
  const type = TYPES[organisation];
  if (type === undefined) throw new Problem('API_KEY_MISSING');
  return { keyId: 'test', organisation: organisation as OrganisationId, type, scopes: new Set(SCOPES_OF_TYPE[type]) };
}
