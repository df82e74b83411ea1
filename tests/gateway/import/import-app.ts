/** The import routes behind the real gate, over the real contracts and a real store, without a network. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Fastify, { type FastifyInstance, type LightMyRequestResponse } from 'fastify';
import { Problem } from '#domain/errors.js';
import type { OrganisationId } from '#domain/registry/organisation.js';
import { guardRoutes, principalOf } from '../../../gateway/access.js';
import { foreseenBy } from '../../../gateway/import/record-foresight.js';
import type { ImportDependencies, ImportLimits } from '../../../gateway/import/ports.js';
import { importRoutes } from '../../../gateway/import/routes.js';
import type { DurableStore } from '../../../gateway/ledger/durable-store.js';
import { answerError } from '../../../gateway/problem.js';
import { readStrictBodies } from '../../../gateway/strict-body.js';
import { LocalRequests } from '../../../gateway/tenants/local-requests.js';
import { SCOPES_OF_TYPE } from '../../../gateway/tenants/scopes.js';
import { openTestStore } from '../epcis/epcis-app.js';
import { WorldLedger } from '../epcis/world-ledger.js';
import { ManualClock } from '../manual-clock.js';

export type Job = Record<string, unknown> & {
  readonly id: string;
  readonly state: string;
  readonly rows: { readonly read: number; readonly bad: number; readonly written: number };
  readonly errors: readonly Record<string, unknown>[];
  readonly problem?: Record<string, unknown>;
};

export interface ImportApp {
  readonly app: FastifyInstance;
  readonly ledger: WorldLedger;
  readonly clock: ManualClock;
  readonly faults: unknown[];
  readonly directory: string;
  get(url: string, as?: string): Promise<LightMyRequestResponse>;
  upload(query: string, body: string | Buffer, headers?: Record<string, string>): Promise<LightMyRequestResponse>;
  cancel(id: string, as?: string): Promise<LightMyRequestResponse>;
  /** The job once it has ended and its file is gone. */
  ended(answer: LightMyRequestResponse): Promise<Job>;
  /** Uploads and waits for the end. */
  run(query: string, body: string | Buffer): Promise<Job>;
  errorsFile(id: string): Promise<string>;
  spooled(): Promise<string[]>;
  close(): Promise<void>;
}

export interface ImportAppOptions {
  readonly ledger?: WorldLedger;
  readonly store?: DurableStore;
  readonly clock?: ManualClock;
  readonly directory?: string;
  readonly limits?: Partial<ImportLimits>;
  readonly foresee?: ImportDependencies['foresee'];
}

export async function openImportApp(options: ImportAppOptions = {}): Promise<ImportApp> {
  const ledger = options.ledger ?? await WorldLedger.withTea();
  const own = options.store === undefined ? await openTestStore() : undefined;
  const store = options.store ?? own!.store;
  const directory = options.directory ?? await mkdtemp(join(tmpdir(), 'minhchung-import-'));
  const clock = options.clock ?? new ManualClock(Date.parse('2026-11-20T09:00:00Z'));
  const faults: unknown[] = [];
  const load = ((key: string, kind: never) => ledger.world.read(key, kind)) as Parameters<typeof foreseenBy>[0]['load'];
  const app = Fastify();
  app.setErrorHandler(answerError);
  guardRoutes(app, { authenticate: (header) => principalNamed(header) });
  readStrictBodies(app);
  await app.register(importRoutes({
    submit: ledger.submit, foresee: options.foresee ?? foreseenBy({ load }), store, directory, clock, randomBytes,
    requests: new LocalRequests(store, clock), principal: principalOf, onFault: (error) => faults.push(error),
    ...(options.limits === undefined ? {} : { limits: options.limits }),
  }));
  await app.ready();
  const get: ImportApp['get'] = (url, as = 'tra-shan') => app.inject({ method: 'GET', url, headers: { authorization: `Bearer ${as}` } });
  const upload: ImportApp['upload'] = (query, body, headers = {}) => app.inject({
    method: 'POST', url: `/v1/imports?${query}`, payload: body,
    headers: { authorization: 'Bearer tra-shan', 'content-type': 'text/csv', ...headers },
  });
  const ended = async (answer: LightMyRequestResponse): Promise<Job> => {
    if (answer.statusCode !== 202) throw new Error(`no job: ${answer.statusCode} ${answer.body}`);
    for (;;) {
      const job = (await get(String(answer.headers.location))).json<Job>();
      if (job['finishedAt'] !== undefined && !(await readdir(directory)).includes(`${job.id}.csv`)) return job;
      await new Promise(setImmediate);
    }
  };
  return {
    app, ledger, clock, faults, directory, get, upload, ended,
    cancel: (id, as = 'tra-shan') => app.inject({ method: 'POST', url: `/v1/imports/${id}/cancel`, headers: { authorization: `Bearer ${as}` } }),
    run: async (query, body) => ended(await upload(query, body)),
    errorsFile: async (id) => (await get(`/v1/imports/${id}/errors.csv`)).body,
    spooled: () => readdir(directory),
    close: async () => {
      await app.close();
      await own?.remove();
      if (options.directory === undefined) await rm(directory, { recursive: true, force: true });
    },
  };
}

function principalNamed(header: string | undefined): NonNullable<Parameters<typeof principalOf>[0]['principal']> {
  const organisation = header?.slice('Bearer '.length) ?? '';
  if (!['tra-shan', 'cua-hang-sao', 'hoa-chat-ban-mai'].includes(organisation)) throw new Problem('API_KEY_MISSING');
  return { keyId: 'test', organisation: organisation as OrganisationId, type: 'enterprise', scopes: new Set(SCOPES_OF_TYPE['enterprise']) };
}
