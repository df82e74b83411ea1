/**
 * The ledger behind the gateway services of Fabric peers, or of the embedded ledger. This file and those that it puts
 * together (`fabric-session.ts`, `peer-*.ts`, `deliver-*.ts`) alone know fabric-gateway and gRPC.
 */
import { readBlock } from './block-reader.js';
import { BlockTrust } from './block-trust.js';
import { systemClock, type Clock } from './clock.js';
import { FabricSession, type Deadlines } from './fabric-session.js';
import type { LedgerConnection, LedgerIdentity } from './ledger.js';
import { nativeSigner } from './native-signer.js';
import { OfflineSession } from './offline-session.js';
import { PeerChain } from './peer-chain.js';
import { openPeerLink, type PeerAddress } from './peer-link.js';
import { PeerWatch } from './peer-watch.js';
import type { RequiredEndorsers } from './required-endorsers.js';

const DEADLINES: Deadlines = { evaluate: 5000, endorse: 5000, submit: 5000, status: 3000 };

export interface FabricLedgerOptions {
  /** in the order in which they are preferred: the own organisation's first */
  readonly peers: readonly PeerAddress[];
  /** e.g. `minhchung` */
  readonly channel: string;
  /** the name the contracts were committed under, e.g. `trace` */
  readonly chaincode: string;
  /** the gateway's own identity: it reads blocks and heights */
  readonly identity: LedgerIdentity;
  readonly deadlines?: Partial<Deadlines>;
  /**
   * How many organisations must sign a receipt, and say the same of what became of a transaction, or that it is refused; all
   * of them where there are fewer. Absent: receipts as the endorsement policy has them, and the word of one peer
   */
  readonly minimumOrganisations?: number;
  /** Who must endorse what writes a collection of private data, where the gateway names endorsers because a peer is silent */
  readonly requiredEndorsers?: RequiredEndorsers;
  /** Hash of block 0's header, pinned: every block is then checked against it and its orderers. Absent: the peer is believed */
  readonly genesisHash?: string;
  /** milliseconds between questions to all peers; absent: only when somebody wants to know the height */
  readonly watchEveryMs?: number;
  readonly clock?: Clock;
}

/**
 * Opens a connection to each peer, shared by many identities. Connects when first used, and again whenever it is lost.
 *
 * @throws TypeError if the identity's key is not on P-256
 */
export function openFabricLedger(options: FabricLedgerOptions): LedgerConnection {
  const { channel, chaincode, identity, minimumOrganisations, requiredEndorsers, genesisHash, watchEveryMs, clock = systemClock } = options;
  const links = options.peers.map(openPeerLink);
  const agreeing = Math.min(minimumOrganisations ?? 1, new Set(options.peers.map(({ mspId }) => mspId)).size);
  const chain = new PeerChain({
    asker: { channel, identity, sign: nativeSigner(identity.privateKey) }, links, clock,
    statusQuorum: agreeing,
    ...(genesisHash === undefined ? {} : { trust: new BlockTrust(genesisHash, readBlock) }),
  });
  const watch = new PeerWatch({ links, ownOrganisation: identity.mspId, clock, ask: async (link, signal) => chain.heightOf(link, signal), ...(watchEveryMs === undefined ? {} : { everyMs: watchEveryMs }) });
  const session = {
    channel, chaincode, watch, agreeing, deadlines: { ...DEADLINES, ...options.deadlines },
    chain: { blocks: (from: bigint, signal: AbortSignal) => chain.blocks(watch, from, signal), height: async () => watch.height() },
    ...(minimumOrganisations === undefined ? {} : { minimumOrganisations }), ...(requiredEndorsers === undefined ? {} : { requiredEndorsers }),
  };
  const sessions = new WeakMap<LedgerIdentity, FabricSession>();
  const ledgerFor = (one: LedgerIdentity): FabricSession => {
    const known = sessions.get(one) ?? new FabricSession(one, session);
    sessions.set(one, known);
    return known;
  };
  const own = ledgerFor(identity);
  return {
    ledgerFor,
    reader: own,
    offline: new OfflineSession(session),
    send: async (signed) => own.send(signed),
    statuses: (from, signal) => chain.statuses(from, signal),
    commitStatus: async (transactionId) => own.commitStatus(transactionId),
    peers: () => watch.report(),
    close: () => {
      watch.close();
      for (const { client } of links) client.close();
    },
  };
}
