/**
 * The ledger behind a Fabric gateway service (a real peer's or the embedded ledger's), over fabric-gateway. Only this
 * file and `deliver-stream.ts` know that library and gRPC.
 */
import { Buffer } from 'node:buffer';
import { Client, credentials, type ChannelCredentials } from '@grpc/grpc-js';
import { connect, GatewayError, hash, type Contract, type Gateway } from '@hyperledger/fabric-gateway';
import { gateway, msp } from '@hyperledger/fabric-protos';
import { parseLedgerMessage, type Problem } from '#domain/errors.js';
import { readBlock, readFilteredBlock } from './block-reader.js';
import { deliver } from './deliver-stream.js';
import { LedgerFailure, type BlockStatuses, type LedgerBlock, type LedgerConnection, type LedgerIdentity, type LedgerReader, type LedgerSession, type SignedTransaction, type Stage, type TransientData } from './ledger.js';
import { nativeSigner } from './native-signer.js';
import { WireReader } from './protobuf-wire.js';
import { grpcName, retryAfterGrpc } from './retry.js';

/** How long each step may take, in milliseconds. */
export interface Deadlines {
  readonly evaluate: number;
  readonly endorse: number;
  readonly submit: number;
  readonly status: number;
}

const DEADLINES: Deadlines = { evaluate: 5000, endorse: 5000, submit: 5000, status: 3000 };

export interface FabricLedgerOptions {
  /** e.g. `localhost:7051` */
  readonly address: string;
  /** e.g. `minhchung` */
  readonly channel: string;
  /** the name the contracts were committed under, e.g. `trace` */
  readonly chaincode: string;
  /** the gateway's own identity: it reads blocks and the height */
  readonly identity: LedgerIdentity;
  /** absent: no TLS, as to the embedded ledger on this machine */
  readonly tls?: LedgerTls;
  readonly deadlines?: Partial<Deadlines>;
  /** MSP ids whose peers must all sign a receipt; absent: as many as the endorsement policy asks for */
  readonly receiptSigners?: readonly string[];
  /** e.g. `ordererCheck(…)`: throws for a block that must not be believed */
  readonly checkBlock?: (serialisedBlock: Uint8Array) => void;
}

export interface LedgerTls {
  /** PEM of the authority that signed the peer's TLS certificate */
  readonly rootCertificate: string;
  /** the name in the peer's certificate, if it is not the address's */
  readonly serverName?: string;
  /** PEM pair, where the peer asks for a client certificate */
  readonly client?: { readonly certificate: string; readonly privateKey: string };
}

/**
 * Opens one gRPC connection that many identities share. Connects when first used, and again whenever it is lost.
 *
 * @throws TypeError if the identity's key is not on P-256
 */
export function openFabricLedger(options: FabricLedgerOptions): LedgerConnection {
  const client = new Client(dialAddress(options), channelCredentials(options.tls), channelOptions(options.tls));
  const sessions = new WeakMap<LedgerIdentity, FabricSession>();
  const ledgerFor = (identity: LedgerIdentity): FabricSession => {
    const known = sessions.get(identity);
    if (known !== undefined) return known;
    const session = new FabricSession(client, identity, options);
    sessions.set(identity, session);
    return session;
  };
  const own = ledgerFor(options.identity);
  return {
    ledgerFor,
    reader: own,
    send: (signed) => own.send(signed),
    statuses: (from, signal) => own.statuses(from, signal),
    commitStatus: (transactionId) => own.commitStatus(transactionId),
    close: () => client.close(),
  };
}

/**
 * Where to dial: with TLS this machine by its name, for Node warns when the name to check is an address (DEP0123).
 *
 * @returns e.g. `localhost:7051` for `127.0.0.1:7051` with TLS
 */
export function dialAddress({ address, tls }: Pick<FabricLedgerOptions, 'address' | 'tls'>): string {
  return tls === undefined ? address : address.replace(/^(127\.0\.0\.1|\[::1\])(?=:)/, 'localhost');
}

function channelCredentials(tls: LedgerTls | undefined): ChannelCredentials {
  if (tls === undefined) return credentials.createInsecure();
  return credentials.createSsl(pem(tls.rootCertificate), pem(tls.client?.privateKey), pem(tls.client?.certificate));
}

function pem(text: string | undefined): Buffer | null {
  return text === undefined ? null : Buffer.from(text);
}

/**
 * No limit to message sizes: an endorsed batch holds its arguments and its write set, beyond gRPC's 4 MB. Keepalive
 * ends a link that has died silently, no more often than peers allow (60 s).
 */
function channelOptions(tls: LedgerTls | undefined): Record<string, string | number> {
  return {
    'grpc.max_receive_message_length': -1,
    'grpc.max_send_message_length': -1,
    'grpc.keepalive_time_ms': 120_000,
    'grpc.keepalive_timeout_ms': 20_000,
    'grpc.initial_reconnect_backoff_ms': 100,
    'grpc.max_reconnect_backoff_ms': 2000,
    'grpc.use_local_subchannel_pool': 1,
    ...(tls?.serverName === undefined ? {} : { 'grpc.ssl_target_name_override': tls.serverName }),
  };
}

class FabricSession implements LedgerSession, LedgerReader {
  readonly #client: Client;
  readonly #options: FabricLedgerOptions;
  readonly #gateway: Gateway;
  readonly #contract: Contract;
  readonly #sign: (message: Uint8Array) => Promise<Uint8Array>;

  constructor(client: Client, identity: LedgerIdentity, options: FabricLedgerOptions) {
    this.#client = client;
    this.#options = options;
    this.#sign = nativeSigner(identity.privateKey);
    this.#gateway = connectAs(client, identity, this.#sign, { ...DEADLINES, ...options.deadlines });
    this.#contract = this.#gateway.getNetwork(options.channel).getContract(options.chaincode);
  }

  async evaluate(transaction: string, args: readonly string[]): Promise<string> {
    return textOf(await guarded('evaluate', () => this.#contract.evaluateTransaction(transaction, ...args)));
  }

  async endorse(transaction: string, args: readonly string[], transient: TransientData = {}): Promise<SignedTransaction> {
    const proposal = this.#contract.newProposal(transaction, { arguments: [...args], transientData: transient });
    const unsigned = await guarded('endorse', () => proposal.endorse(), proposal.getTransactionId());
    const signed = this.#gateway.newSignedTransaction(unsigned.getBytes(), await this.#sign(unsigned.getDigest()));
    return { transactionId: signed.getTransactionId(), bytes: signed.getBytes(), result: textOf(signed.getResult()) };
  }

  async signedRead(transaction: string, args: readonly string[]): Promise<Uint8Array> {
    const signers = this.#options.receiptSigners;
    const proposal = this.#contract.newProposal(transaction, { arguments: [...args], ...(signers === undefined ? {} : { endorsingOrganizations: [...signers] }) });
    const endorsed = await guarded('evaluate', () => proposal.endorse());
    // With `hash.none` the digest to be signed is the serialised payload itself.
    return endorsed.getDigest();
  }

  async send(signed: SignedTransaction): Promise<void> {
    // Bytes that are signed already are not signed again.
    await guarded('submit', () => this.#gateway.newTransaction(signed.bytes).submit(), signed.transactionId);
  }

  async commitStatus(transactionId: string): Promise<{ code: number; block: bigint } | undefined> {
    try {
      const status = await this.#gateway.newCommit(this.#commitRequest(transactionId)).getStatus();
      return { code: status.code, block: status.blockNumber };
    } catch (error) {
      if (error instanceof GatewayError) return undefined;
      throw error;
    }
  }

  #commitRequest(transactionId: string): Uint8Array {
    const { mspId, credentials: certificate } = this.#gateway.getIdentity();
    const creator = new msp.SerializedIdentity();
    creator.setMspid(mspId);
    creator.setIdBytes(certificate);
    const request = new gateway.CommitStatusRequest();
    request.setChannelId(this.#options.channel);
    request.setTransactionId(transactionId);
    request.setIdentity(creator.serializeBinary());
    const signable = new gateway.SignedCommitStatusRequest();
    signable.setRequest(request.serializeBinary());
    return signable.serializeBinary();
  }

  async height(): Promise<bigint> {
    const { channel } = this.#options;
    const contract = this.#gateway.getNetwork(channel).getContract('qscc');
    const info = new WireReader(await guarded('evaluate', () => contract.evaluateTransaction('GetChainInfo', channel)));
    let height = 0;
    while (info.next()) if (info.field === 1) height = info.number;
    return BigInt(height);
  }

  async *blocks(from: bigint, signal: AbortSignal): AsyncGenerator<LedgerBlock> {
    const network = this.#gateway.getNetwork(this.#options.channel);
    const unsigned = network.newBlockEventsRequest({ startBlock: from });
    const signed = this.#gateway.newSignedBlockEventsRequest(unsigned.getBytes(), await this.#sign(unsigned.getDigest()));
    for await (const delivery of deliver(this.#client, 'Deliver', signed.getBytes(), signal)) {
      if (!('block' in delivery)) continue;
      this.#options.checkBlock?.(delivery.block);
      yield readBlock(delivery.block);
    }
  }

  async *statuses(from: bigint, signal: AbortSignal): AsyncGenerator<BlockStatuses> {
    const network = this.#gateway.getNetwork(this.#options.channel);
    const unsigned = network.newFilteredBlockEventsRequest({ startBlock: from });
    const signed = this.#gateway.newSignedFilteredBlockEventsRequest(unsigned.getBytes(), await this.#sign(unsigned.getDigest()));
    for await (const delivery of deliver(this.#client, 'DeliverFiltered', signed.getBytes(), signal)) {
      if ('filtered' in delivery) yield readFilteredBlock(delivery.filtered);
    }
  }
}

function connectAs(client: Client, identity: LedgerIdentity, signer: (message: Uint8Array) => Promise<Uint8Array>, limits: Deadlines): Gateway {
  return connect({
    client,
    identity: { mspId: identity.mspId, credentials: Buffer.from(identity.certificate) },
    signer,
    hash: hash.none,
    evaluateOptions: within(limits.evaluate),
    endorseOptions: within(limits.endorse),
    submitOptions: within(limits.submit),
    commitStatusOptions: within(limits.status),
  });
}

function within(ms: number): () => { deadline: number } {
  return () => ({ deadline: Date.now() + ms });
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}

async function guarded<T>(stage: Exclude<Stage, 'status'>, call: () => Promise<T>, transactionId = ''): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    throw (stage === 'submit' ? undefined : refusalIn(error)) ?? failureOf(stage, error, transactionId);
  }
}

/** A contract's refusal: with several endorsers it stands in their details, with one also in the message itself. */
function refusalIn(error: GatewayError): Problem | undefined {
  for (const detail of error.details) {
    const problem = parseLedgerMessage(detail.message);
    if (problem !== undefined) return problem;
  }
  return parseLedgerMessage(error.message);
}

function failureOf(stage: Exclude<Stage, 'status'>, error: GatewayError, transactionId: string): LedgerFailure {
  const said = [error.message, ...error.details.map(({ mspId, message }) => `${mspId}: ${message}`)].join('; ');
  return new LedgerFailure({ stage, transactionId, retry: retryAfterGrpc(stage, error.code), code: grpcName(error.code) }, said, error);
}
