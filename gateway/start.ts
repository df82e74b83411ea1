/** Opens everything the gateway needs, in order, and closes it in the reverse one. */
import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { buildGateway } from './app.js';
import { openChosenLedger } from './chosen-ledger.js';
import type { Settings } from './config.js';
import { systemClock, type Clock } from './ledger/clock.js';
import { openDurableStore, type DurableStore } from './ledger/durable-store.js';
import type { OpenEmbeddedOptions } from './ledger/open-embedded.js';
import { openLedger, type GatewayLedger } from './ledger/open-ledger.js';
import type { OpenedLedger } from './ledger/opened-ledger.js';
import { MediaStore } from './media/media-store.js';
import { OfflineTransactions } from './offline-signing/offline-signing.js';
import { PreparedTransactions } from './offline-signing/prepared-transactions.js';
import { publicRecords, type PublicRecords } from './public/public-records.js';
import { Receipts } from './public/receipts.js';
import { openReadModel, type ReadModel } from './read-model/read-model.js';
import { openSignedReads } from './read-model/signed-reads.js';
import { ReportDesk } from './reports/report-desk.js';
import { ReportInbox } from './reports/report-inbox.js';
import { SerialOrders } from './serials/serial-orders.js';
import { SsccCounter } from './serials/sscc-counter.js';
import type { Services } from './services.js';
import { ApiKeys } from './tenants/api-keys.js';
import { Identities } from './tenants/identities.js';
import { KeyCustody } from './tenants/key-custody.js';
import { LocalRequests } from './tenants/local-requests.js';
import { ensureOperatorKey } from './tenants/operator.js';
import { OwnKeys } from './tenants/own-keys.js';
import { TransactionOwners } from './tenants/transaction-owners.js';
import { recordIndexer } from './trace/record-index.js';
import { RecordReader } from './trace/record-reader.js';
import { WhereaboutsReader } from './trace/whereabouts.js';
import { TrustRegistry } from './trust/trust-registry.js';

/** How long a start waits for the copy for reading; a large one goes on behind, and `/readyz` tells. */
const CATCH_UP_MS = 1_000;
const DAY_MS = 24 * 3_600_000;

export interface StartOptions {
  /** `contracts` of `chaincode/index.ts`: handed in, because the gateway does not know them. */
  readonly contracts: OpenEmbeddedOptions['contracts'];
  /** Told once, at the first disk error: time to stop the program. */
  readonly onFailure?: (error: Error) => void;
  readonly clock?: Clock;
}

export interface Gateway {
  /** Built and ready; not listening. */
  readonly app: FastifyInstance;
  readonly services: Services;
  /** The verifier's port, for one process. */
  readonly publicRecords: PublicRecords;
  /** The verifier's port for citizens' reports, for one process. */
  readonly reportInbox: Pick<ReportInbox, 'file'>;
  /** The operator's first key, when it was made by this start. */
  readonly operatorKey?: string;
  close(): Promise<void>;
}

/**
 * Opens the ledger that the settings choose, the read model and the gateway's own data, and builds the application.
 *
 * @param settings from `loadConfig`
 * @throws Problem LEDGER_…, FABRIC_CONNECTION_WRONG, STORE_…, OUTBOX_DAMAGED, TENANT_DATA_DAMAGED
 */
export async function startGateway(settings: Settings, options: StartOptions): Promise<Gateway> {
  const opened: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (const one of opened.splice(0).reverse()) await one();
  };
  try {
    const services = await openServices(settings, options, opened);
    const { keys, clock } = services;
    const operatorKey = await ensureOperatorKey({ keys, registrar: settings.registrar, folder: settings.dataFolder, clock });
    const app = await buildGateway(services);
    opened.push(() => app.close());
    return { app, services, publicRecords: publicRecords(services), reportInbox: services.inbox, close, ...(operatorKey === undefined ? {} : { operatorKey }) };
  } catch (error) {
    await close();
    throw error;
  }
}

type Opened = (() => Promise<void>)[];

async function openServices(settings: Settings, options: StartOptions, opened: Opened): Promise<Services> {
  const clock = options.clock ?? systemClock;
  const folder = join(settings.dataFolder, 'gateway');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const chosen = await opening(opened, openChosenLedger(settings, options.contracts));
  const store = await opening(opened, openDurableStore(join(folder, 'store'), options.onFailure));
  const custody = await KeyCustody.open(store);
  const identities = new Identities({ folder: join(folder, 'identities'), enrol: async (request) => chosen.enrol(request), readsAs: chosen.ownOrganisation, custody, clock });
  const ledger = await opening(opened, connect(settings, options, { chosen, identities, clock, folder }));
  const model = await opening(opened, openReadModel({ dir: join(folder, 'read-model'), ledger, namespace: chosen.connection.chaincode, indexer: recordIndexer, clock, ...told(options) }));
  await catchUp(model, clock);
  const prepared = await PreparedTransactions.open({ store, clock });
  const parts = { settings, clock, ledger, model, store, identities, custody, prepared, chosen, folder };
  const services = assemble(parts, await ApiKeys.open({ store, clock, randomBytes }));
  opened.push(tidying(services));
  return services;
}

/** A large copy goes on being made behind; a copy that cannot be made at all ends the start. */
async function catchUp(model: ReadModel, clock: Clock): Promise<void> {
  const patience = new AbortController();
  await Promise.race([model.caughtUp(), clock.wait(CATCH_UP_MS, patience.signal)]);
  patience.abort();
}

/** Once a day, what nobody can ask for any more goes. */
function tidying({ owners, requests, desk, clock }: Services): () => Promise<void> {
  const closing = new AbortController();
  const run = async (): Promise<void> => {
    while (!closing.signal.aborted) {
      await owners.forgetOld();
      await requests.forgetOld();
      await desk.forgetOld();
      await clock.wait(DAY_MS, closing.signal);
    }
  };
  // A store that fails tells of it itself.
  const running = run().catch(() => undefined);
  return async () => {
    closing.abort();
    await running;
  };
}

/** Remembers how to close what is opened. */
async function opening<T extends { close(): Promise<void> }>(opened: Opened, open: Promise<T>): Promise<T> {
  const resource = await open;
  opened.push(() => resource.close());
  return resource;
}

function told({ onFailure }: StartOptions): { onFailure?: (error: Error) => void } {
  return onFailure === undefined ? {} : { onFailure };
}

interface Connecting {
  readonly chosen: OpenedLedger;
  readonly identities: Identities;
  readonly clock: Clock;
  readonly folder: string;
}

/** The gateway's own identity reads only. */
async function connect(settings: Settings, options: StartOptions, { chosen, identities, clock, folder }: Connecting): Promise<GatewayLedger> {
  const identity = await identities.identityOf(settings.registrar, 'reader');
  return openLedger({
    fabric: { ...chosen.connection, identity }, outboxDirectory: join(folder, 'outbox'), clock, answerWithinMs: settings.commitWithinMs,
    ...(options.onFailure === undefined ? {} : { onStoreFailure: options.onFailure }),
  });
}

interface Parts extends Connecting {
  readonly settings: Settings;
  readonly ledger: GatewayLedger;
  readonly model: ReadModel;
  readonly store: DurableStore;
  readonly custody: KeyCustody;
  readonly prepared: PreparedTransactions;
}

function assemble({ settings, clock, ledger, model, store, identities, custody, prepared, chosen, folder }: Parts, keys: ApiKeys): Services {
  const records = new RecordReader(model);
  const owners = new TransactionOwners(store, clock);
  const requests = new LocalRequests(store, clock);
  const inbox = new ReportInbox({ store, requests, records, clock, randomBytes, limits: settings });
  return {
    settings, clock, ledger, model, records, store, keys, identities, custody, owners, randomBytes,
    ownKeys: new OwnKeys({ certify: async (request, wanted) => chosen.certify(request, wanted), store, clock, randomBytes }),
    offline: new OfflineTransactions({ ledger, clientOf: async (certificate) => chosen.clientOf(certificate), prepared }),
    whereabouts: new WhereaboutsReader(records),
    registry: new TrustRegistry({ records, clock }),
    requests, inbox,
    desk: new ReportDesk({ store, requests, records, clock, onRemoved: (count) => inbox.removed(count) }),
    orders: new SerialOrders(store),
    ssccs: new SsccCounter(store),
    media: new MediaStore(join(folder, 'media')),
    receipts: new Receipts(openSignedReads({ ledger, model, namespace: chosen.connection.chaincode })),
    trust: chosen.trust,
    ledgerFailure: () => chosen.failure(),
  };
}
