/**
 * The embedded ledger: a small Fabric-compatible peer and orderer inside this process. Clients speak to it as to a
 * Fabric peer, contracts run in it as on one, and its blocks can be checked with any Fabric verifier.
 */
import { randomBytes } from 'node:crypto';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import { CONTROLLED_COLLECTION } from '#domain/endorsement.js';
import { Problem } from '#domain/errors.js';
import type { Authority } from '../enrolment/authority.js';
import type { EnrolmentRequest, Identity } from '../enrolment/identity.js';
import { AccessControl } from './access-control.js';
import { signaturesMetadata, type BlockHeader, type BlockSigner } from './block.js';
import type { BlockFeed } from './block-feed.js';
import { prepareBlock } from './block-preparation.js';
import { BlockStore, type ChainHead } from './block-store.js';
import { ChaincodeProcess } from './chaincode-process.js';
import { decodeGenesisEnvelope, encodeGenesisEnvelope, OPERATOR_MSP } from './channel-config.js';
import { CommitNotices } from './commit-notices.js';
import { DELIVER_SERVICE, deliverService } from './deliver-service.js';
import { Endorser, RecentEndorsements } from './endorser.js';
import type { ContractClass } from '../shim/fabric-shim-parts.js';
import { GATEWAY_SERVICE, gatewayService } from './gateway-service.js';
import { HeadFile } from './head-file.js';
import { LedgerDirectory } from './ledger-directory.js';
import { LevelStore } from './level-store.js';
import { Membership, type TrustRoots } from './membership.js';
import { Orderer, type CommitStep } from './orderer.js';
import { querySystemChaincode } from './query-system-chaincode.js';
import { RecordSeal } from './record-seal.js';
import { checkHeadOfChain } from './start-check.js';
import { CODE, type CheckContext } from './transaction-check.js';
import { verifyChain, type ChainReport, type VerifyProgress } from './verify-chain.js';
import { WorldState } from './world-state.js';

export interface EmbeddedLedgerOptions {
  /** Where everything is kept, e.g. `data/ledger`; made if missing, readable by its owner alone. */
  readonly dir: string;
  /** e.g. `minhchung` */
  readonly channel: string;
  /** Contract classes by chaincode name, as a peer would load them; the first one of a chaincode is its default contract. */
  readonly chaincodes: Readonly<Record<string, readonly ContractClass[]>>;
  /** Organisations whose clients may propose transactions, e.g. `['RegulatorMSP', 'IndustryMSP', 'EducationMSP']`. */
  readonly organisations: readonly string[];
  /** A block is cut this long after its first transaction came. Default 5. */
  readonly batchTimeoutMs?: number;
  /** A block is cut when it holds this many transactions. Default 500. */
  readonly maxMessages?: number;
  /** Where the gRPC services listen; default `127.0.0.1:0`, a free port. */
  readonly listen?: string;
  /** A transaction function that has not answered after this time fails. Default 30,000. */
  readonly simulationTimeoutMs?: number;
  /** So many proposals run side by side; further ones are refused. Default 1,000. */
  readonly maxConcurrentProposals?: number;
  /** Judges certificates and the time clients put into proposals. Default: the system's clock. */
  readonly clock?: () => Date;
  /**
   * For tests: runs every transaction twice, in surroundings that differ in clock, time zone and language, and refuses
   * it if the results differ, as peers of several organisations would. Changes globals of the whole process.
   */
  readonly simulateTwice?: boolean;
  /** For tests: called at each step of a commit; what it throws counts as an I/O error. */
  readonly atCommitStep?: (step: CommitStep) => void;
}

export interface EmbeddedLedger {
  /** `host:port` of the Gateway and Deliver services, without TLS. */
  readonly address: string;
  readonly channel: string;
  /** Root certificates as PEM of all organisations, the operator's (`OperatorMSP`) too. */
  roots(): TrustRoots;
  /** Enrols a member of one of the channel's organisations; @throws Problem LEDGER_OPENED_DIFFERENTLY for another one */
  enrol(request: EnrolmentRequest & { readonly mspId: string }): Promise<Identity>;
  /** Makes a certificate for a key that a member keeps itself. @returns PEM; @throws as `enrol`, and CERTIFICATION_REQUEST_WRONG */
  certify(request: EnrolmentRequest & { readonly mspId: string }, certificationRequest: string): Promise<string>;
  /** Number of blocks on the disk; block 0 is the configuration. */
  height(): number;
  /** False after the first damaged record or I/O error: from then on the ledger is read-only. */
  healthy(): boolean;
  /** What made it unhealthy. */
  failure(): Problem | undefined;
  /** Recomputes everything from block 0 and compares it with what is stored; the ledger may go on meanwhile. */
  verifyChain(onProgress?: VerifyProgress): Promise<ChainReport>;
  /** Ends the services, writes what was submitted, and closes the store. */
  close(): Promise<void>;
}

const DEFAULTS = { batchTimeoutMs: 5, maxMessages: 500, listen: '127.0.0.1:0', simulationTimeoutMs: 30_000, maxConcurrentProposals: 1_000, simulateTwice: false } as const;
/** What the chaincode's definition names on a network of peers. */
const COLLECTIONS: ReadonlySet<string> = new Set([CONTROLLED_COLLECTION]);
const NONCE_BYTES = 24;
const MAX_GRPC_MESSAGE_BYTES = 100 * 1024 * 1024; // Fabric's own limit

/**
 * Opens the ledger in `dir`, or makes a new one there.
 *
 * @throws Problem LEDGER_IN_USE, LEDGER_OPENED_DIFFERENTLY, LEDGER_RECORD_DAMAGED
 */
export async function openEmbeddedLedger(options: EmbeddedLedgerOptions): Promise<EmbeddedLedger> {
  const settings = { ...DEFAULTS, clock: () => new Date(), ...options };
  const directory = await LedgerDirectory.open(settings.dir);
  const seal = new RecordSeal(await directory.sealKey());
  const store = await LevelStore.open(directory.store, seal);
  try {
    return await openOver(store, directory, settings);
  } catch (error) {
    await store.close();
    throw error;
  }
}

type Settings = EmbeddedLedgerOptions & Required<Pick<EmbeddedLedgerOptions, 'batchTimeoutMs' | 'maxMessages' | 'listen' | 'simulationTimeoutMs' | 'maxConcurrentProposals' | 'simulateTwice' | 'clock'>>;

async function openOver(store: LevelStore, directory: LedgerDirectory, settings: Settings): Promise<EmbeddedLedger> {
  const [peer, ordererNode] = [await directory.node('peer', settings.clock()), await directory.node('orderer', settings.clock())];
  const signHeader = (header: BlockHeader): Buffer => signaturesMetadata(header, ordererNode, randomBytes(NONCE_BYTES));
  const parts = { store, blocks: new BlockStore(store), state: new WorldState(store), signHeader, notices: new CommitNotices() };
  const { stored, noted } = await checkHeadOfChain(store, directory.headFile);
  const head = stored ?? await writeGenesis(parts, directory, settings);
  const headFile = await HeadFile.open(directory.headFile, store.seal, head, noted);
  try {
    return await openServices({ ...parts, headFile, peer, ordererNode, head, directory, settings });
  } catch (error) {
    await headFile.close();
    throw error;
  }
}

interface OpenedParts extends LedgerParts {
  readonly headFile: HeadFile;
  readonly peer: BlockSigner;
  readonly ordererNode: BlockSigner;
  readonly head: ChainHead;
  readonly directory: LedgerDirectory;
  readonly settings: Settings;
}

async function openServices(parts: OpenedParts): Promise<EmbeddedLedger> {
  const { store, blocks, headFile, directory, settings } = parts;
  const config = decodeGenesisEnvelope(blocks.envelope({ block: 0, transaction: 0 }));
  assertSameChannel(config, settings);
  const membership = new Membership(config.roots);
  assertOwnNodes(membership, [parts.peer, parts.ordererNode]);
  const orderer = new Orderer({ batchTimeoutMs: settings.batchTimeoutMs, maxMessages: settings.maxMessages, atStep: settings.atCommitStep }, parts, parts.head);
  const services = await serve({ ...parts, orderer, membership });
  const authorityOf = authorities(config.roots, directory, settings);
  return {
    address: services.address, channel: settings.channel,
    roots: () => config.roots,
    enrol: async (request) => (await authorityOf(request.mspId)).enrol(request),
    certify: async (request, certificationRequest) => (await authorityOf(request.mspId)).certify(request, certificationRequest),
    height: () => orderer.height,
    healthy: () => store.failure === undefined,
    failure: () => store.failure,
    verifyChain: (onProgress) => verifyChain(store, directory.scratch, onProgress),
    close: async () => {
      services.stop();
      await orderer.close();
      await headFile.close();
      await store.close();
    },
  };
}

/** Each organisation's authority is opened once: reading its key and root costs more than a certificate does. */
function authorities(roots: TrustRoots, directory: LedgerDirectory, { clock }: Settings): (mspId: string) => Promise<Authority> {
  const opened = new Map<string, Promise<Authority>>();
  const open = async (mspId: string): Promise<Authority> => {
    const authority = await directory.authority(mspId, clock);
    if (authority === undefined || roots[mspId]?.includes(authority.certificatePem) !== true) throw new Problem('LEDGER_OPENED_DIFFERENTLY', { organisation: mspId });
    return authority;
  };
  return async (mspId) => {
    const known = opened.get(mspId) ?? open(mspId);
    opened.set(mspId, known);
    known.catch(() => opened.delete(mspId));
    return known;
  };
}

interface LedgerParts {
  readonly store: LevelStore;
  readonly blocks: BlockStore;
  readonly state: WorldState;
  readonly signHeader: (header: BlockHeader) => Buffer;
  readonly notices: CommitNotices;
}

/** Block 0: written once, when the store is empty. */
async function writeGenesis(parts: LedgerParts, directory: LedgerDirectory, settings: Settings): Promise<ChainHead> {
  const roots: Record<string, string[]> = {};
  for (const mspId of [...settings.organisations, OPERATOR_MSP]) roots[mspId] = [(await directory.organisation(mspId)).certificatePem];
  const envelope = encodeGenesisEnvelope({ channel: settings.channel, organisations: settings.organisations, roots, maxMessages: settings.maxMessages, batchTimeoutMs: settings.batchTimeoutMs });
  const checked = { transactionId: '', code: CODE.valid, chaincodeName: '', sets: [], event: Buffer.alloc(0) };
  const prepared = await prepareBlock([{ envelope, checked }], { head: undefined, unwritten: undefined }, parts);
  await parts.store.write(prepared.changes);
  await directory.sync();
  return prepared.head;
}

function assertSameChannel(config: { channel: string; organisations: readonly string[] }, settings: Settings): void {
  const wanted = [...settings.organisations].sort().join(' ');
  const found = config.organisations.join(' ');
  if (config.channel !== settings.channel || found !== wanted) {
    throw new Problem('LEDGER_OPENED_DIFFERENTLY', { channel: config.channel, organisations: found });
  }
}

/** The operator's nodes must chain to the root in block 0, or nobody could check what they sign. */
function assertOwnNodes(membership: Membership, nodes: readonly BlockSigner[]): void {
  for (const { identity } of nodes) {
    if (membership.member(identity)?.mspId !== OPERATOR_MSP) throw new Problem('LEDGER_OPENED_DIFFERENTLY', { organisation: OPERATOR_MSP });
  }
}

async function serve(parts: OpenedParts & { orderer: Orderer; membership: Membership }): Promise<{ address: string; stop: () => void }> {
  const { settings, blocks, orderer, notices, store, membership } = parts;
  const server = new Server({ 'grpc.max_receive_message_length': MAX_GRPC_MESSAGE_BYTES, 'grpc.max_send_message_length': MAX_GRPC_MESSAGE_BYTES });
  const organisations = new Set(settings.organisations);
  const chaincodes = new Map(Object.entries(settings.chaincodes).map(([name, contracts]) => [name, new ChaincodeProcess(name, contracts)]));
  const access = new AccessControl({ channel: settings.channel, organisations, membership, clock: settings.clock });
  const recent = new RecentEndorsements();
  const feed: BlockFeed = { blocks, notices, height: () => orderer.height, failure: () => store.failure };
  const checkContext: CheckContext = {
    channel: settings.channel, organisations, membership,
    isOwnEndorsement: (payload, endorsement) => recent.has(payload, endorsement),
  };
  const address = await bind(server, settings.listen);
  const endorser = new Endorser({
    channel: settings.channel, address, access, chaincodes, collections: COLLECTIONS, store, state: parts.state, blocks, signer: parts.peer,
    systemChaincodes: new Map([['qscc', querySystemChaincode(settings.channel, blocks, () => existingHead(orderer))]]),
    onEndorsed: (payload, endorsement) => { recent.remember(payload, endorsement); },
    simulateTwice: settings.simulateTwice, timeoutMs: settings.simulationTimeoutMs,
  });
  server.addService(GATEWAY_SERVICE, gatewayService({ channel: settings.channel, access, endorser, orderer, notices, feed, checkContext, maxConcurrentProposals: settings.maxConcurrentProposals }));
  server.addService(DELIVER_SERVICE, deliverService({ channel: settings.channel, access, feed }));
  return { address, stop: () => { server.forceShutdown(); } };
}

function existingHead(orderer: Orderer): ChainHead {
  if (orderer.head === undefined) throw new Error('the chain has no block');
  return orderer.head;
}

async function bind(server: Server, listen: string): Promise<string> {
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync(listen, ServerCredentials.createInsecure(), (error, bound) => {
      if (error === null) resolve(bound);
      else reject(error);
    });
  });
  return `${listen.slice(0, listen.lastIndexOf(':'))}:${port}`;
}
