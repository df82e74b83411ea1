/** Settings → a ledger to read and to write: the connection and its outbox. */
import { systemClock, type Clock } from './clock.js';
import { openDurableStore } from './durable-store.js';
import { openFabricLedger, type FabricLedgerOptions } from './fabric-ledger.js';
import type { Ledger, LedgerIdentity, LedgerReader, OfflineSigning } from './ledger.js';
import { openOutbox, type OutboxHealth, type OutboxOptions } from './outbox.js';
import type { PeerReport } from './peer-standing.js';

export interface OpenLedgerOptions extends Omit<OutboxOptions, 'store' | 'connection'> {
  readonly fabric: FabricLedgerOptions;
  /** where waiting transactions are stored, e.g. `data/gateway/outbox` */
  readonly outboxDirectory: string;
  /** told once, at the first disk error: time to stop the program */
  readonly onStoreFailure?: (error: Error) => void;
}

/** Everything the gateway needs of its ledger. Evaluates as the gateway's own identity. */
export interface GatewayLedger extends Ledger {
  /** The ledger as this identity may read it; the same object gives the same session. */
  ledgerFor(identity: LedgerIdentity): LedgerReader;
  /** For those who keep their keys themselves. */
  readonly offline: OfflineSigning;
  health(): OutboxHealth;
  /** The peers that can be asked, and what is known of each. */
  peers(): readonly PeerReport[];
  close(): Promise<void>;
}

/**
 * Opens the connection (it connects when first used) and the outbox.
 *
 * @throws Problem STORE_IN_USE, STORE_FAILED, OUTBOX_DAMAGED, LEDGER_DIFFERENT
 */
export async function openLedger(options: OpenLedgerOptions): Promise<GatewayLedger> {
  const { fabric, outboxDirectory, onStoreFailure, ...rest } = options;
  const clock: Clock = rest.clock ?? systemClock;
  const store = await openDurableStore(outboxDirectory, onStoreFailure);
  const connection = openFabricLedger({ clock, ...fabric });
  const { reader } = connection;
  try {
    const outbox = await openOutbox({ ...rest, clock, store, connection, genesisHash: fabric.genesisHash });
    return {
      evaluate: (transaction, args) => reader.evaluate(transaction, args),
      signedRead: (transaction, args) => reader.signedRead(transaction, args),
      blocks: (from, signal) => reader.blocks(from, signal),
      height: () => reader.height(),
      submit: (transaction, args, how) => outbox.submit(transaction, args, how),
      submitSigned: (signed, idempotency) => outbox.submitSigned(signed, idempotency),
      outcome: (transactionId) => outbox.outcome(transactionId),
      outcomeUnder: (idempotency) => outbox.outcomeUnder(idempotency),
      ledgerFor: (identity) => connection.ledgerFor(identity),
      offline: connection.offline,
      health: () => outbox.health(),
      peers: () => connection.peers(),
      close: async () => {
        await outbox.close();
        connection.close();
      },
    };
  } catch (error) {
    connection.close();
    await store.close();
    throw error;
  }
}
