/** What the routes work with: opened by `start.ts`, by tests in the same way. */
import type { TrustRoots } from '#domain/goods/public-item.js';
import type { Clock } from './ledger/clock.js';
import type { DurableStore } from './ledger/durable-store.js';
import type { GatewayLedger } from './ledger/open-ledger.js';
import type { MediaStore } from './media/media-store.js';
import type { OfflineTransactions } from './offline-signing/offline-signing.js';
import type { Receipts } from './public/receipts.js';
import type { ReadModel } from './read-model/read-model.js';
import type { ReportDesk } from './reports/report-desk.js';
import type { ReportInbox } from './reports/report-inbox.js';
import type { SerialOrders } from './serials/serial-orders.js';
import type { SsccCounter } from './serials/sscc-counter.js';
import type { Settings } from './config.js';
import type { ApiKeys } from './tenants/api-keys.js';
import type { Identities } from './tenants/identities.js';
import type { KeyCustody } from './tenants/key-custody.js';
import type { LocalRequests } from './tenants/local-requests.js';
import type { OwnKeys } from './tenants/own-keys.js';
import type { TransactionOwners } from './tenants/transaction-owners.js';
import type { RecordReader } from './trace/record-reader.js';
import type { WhereaboutsReader } from './trace/whereabouts.js';
import type { TrustRegistry } from './trust/trust-registry.js';

export interface Services {
  readonly settings: Settings;
  readonly clock: Clock;
  readonly ledger: GatewayLedger;
  readonly model: ReadModel;
  readonly records: RecordReader;
  readonly whereabouts: WhereaboutsReader;
  /** the gateway's own rows: keys, orders, counters */
  readonly store: DurableStore;
  readonly keys: ApiKeys;
  readonly identities: Identities;
  /** who keeps an organisation's keys */
  readonly custody: KeyCustody;
  readonly ownKeys: OwnKeys;
  /** what organisations sign by themselves */
  readonly offline: OfflineTransactions;
  readonly owners: TransactionOwners;
  readonly requests: LocalRequests;
  readonly orders: SerialOrders;
  readonly ssccs: SsccCounter;
  readonly media: MediaStore;
  readonly receipts: Receipts;
  /** where citizens' reports come in */
  readonly inbox: ReportInbox;
  /** where they are read */
  readonly desk: ReportDesk;
  /** who may issue which credentials, as one snapshot */
  readonly registry: TrustRegistry;
  readonly trust: TrustRoots;
  /** what made the ledger read-only, where it lives in this process */
  readonly ledgerFailure: () => Error | undefined;
  readonly randomBytes: (length: number) => Uint8Array;
}
