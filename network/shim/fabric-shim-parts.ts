/**
 * The parts of fabric-shim that it does not export, in this one file: the chaincode's side of the protocol, its server
 * and the dispatcher from function names to contract methods. Its package has no `exports` map, so the paths are stable.
 *
 * What the packages do to the whole process at load is undone here too.
 */
import { createRequire } from 'node:module';
import { JSONSerializer, type Contract } from 'fabric-contract-api';
import type { peer } from '@hyperledger/fabric-protos';
import { batchState, type StateHandler } from './batched-state.js';

const load = createRequire(import.meta.url);

/** A contract class as contracts export it: made anew by the shim, without arguments. */
export type ContractClass = new () => Contract;

/** A message of the chaincode protocol, as far as the shim reads it. */
export interface PeerMessage {
  getType(): number;
  getPayload_asU8(): Uint8Array;
  getTxid(): string;
  getChannelId(): string;
  getProposal(): { getSignature(): Uint8Array; getProposalBytes(): Uint8Array } | undefined;
  getChaincodeEvent(): undefined;
}

/** The stream between peer and chaincode: `write` carries messages to the peer, `data` events those from it. */
export interface ChaincodeStream {
  on(event: string, listener: (message: PeerMessage) => void): void;
  write(message: peer.ChaincodeMessage): void;
  end(): void;
}

/** The chaincode's end of the protocol; the stub calls its `handle…` methods with collection, key, and so on. */
interface MessageHandler {
  chat(opening: peer.ChaincodeMessage): void;
  [method: string]: (...parameters: never[]) => unknown;
}

interface ShimStub {
  createCompositeKey(objectType: string, attributes: string[]): string;
}

interface ContractDispatcher {
  Invoke(stub: ShimStub): Promise<unknown>;
}

type MessageHandlerClass = (new (stream: ChaincodeStream, dispatcher: ContractDispatcher) => MessageHandler) & { readonly prototype: MessageHandler };
type DispatcherClass = new (contracts: ContractClass[], serializers: object, metadata: object, title: string, version: string) => ContractDispatcher;

/** The shim's gRPC server, to which the peer connects; one conversation per connection. */
interface ShimServer {
  start(): Promise<void>;
  readonly _server: { tryShutdown(done: () => void): void; forceShutdown(): void };
}

type ServerClass = new (dispatcher: ContractDispatcher, options: object) => ShimServer;

interface LoggerModule {
  getLogger(name: string): object;
}

const SHIM_LOGGERS = ['lib/chaincode.js', 'lib/handler.js', 'lib/iterators.js', 'lib/stub.js', 'contracts-spi/chaincodefromcontract.js', 'contracts-spi/datamarshall.js'];
const CONTRACT_API_LOGGERS = ['./lib/contract.js', './lib/jsontransactionserializer.js'];

const REMEMBERED_CERTIFICATES = 1_000;

/** Methods that take keys, with the place of the one key that must not be empty; a range may begin with nothing. */
const METHODS_WITH_KEYS = { handleGetState: 1, handlePutState: 1, handleDeleteState: 1, handleGetHistoryForKey: 0, handleGetStateByRange: undefined } as const;

const shim = loadShim();

function loadShim(): { handler: MessageHandlerClass; dispatcher: DispatcherClass } {
  const { ChaincodeMessageHandler } = load('fabric-shim/lib/handler.js') as { ChaincodeMessageHandler: MessageHandlerClass };
  const dispatcher = load('fabric-shim/lib/contract-spi/chaincodefromcontract.js') as DispatcherClass;
  silence(load('fabric-shim/lib/logger.js') as LoggerModule, SHIM_LOGGERS);
  silence(load('fabric-contract-api/lib/logger.js') as LoggerModule, CONTRACT_API_LOGGERS);
  removeSwallowingHandlers();
  rememberCertificates();
  batchState(ChaincodeMessageHandler.prototype as unknown as StateHandler);
  for (const [method, place] of Object.entries(METHODS_WITH_KEYS)) refuseMalformedKeys(ChaincodeMessageHandler.prototype, method, place);
  return { handler: ChaincodeMessageHandler, dispatcher };
}

/** Both packages log each message several times; winston works through every line even if none is shown. */
function silence(logging: LoggerModule, names: readonly string[]): void {
  const silent = Object.fromEntries(['debug', 'info', 'warn', 'error'].map((level) => [level, () => undefined]));
  for (const name of names) Object.assign(logging.getLogger(name), silent);
}

/**
 * Both packages install handlers that log an uncaught exception, or a rejection nobody handles, and let the process go
 * on. A process that keeps a ledger must not go on after a bug of ours.
 */
function removeSwallowingHandlers(): void {
  for (const listener of process.listeners('uncaughtException')) {
    if (listener.name === 'bound _uncaughtException') process.removeListener('uncaughtException', listener);
  }
  for (const listener of process.listeners('unhandledRejection')) {
    if (listener.name === 'loggerUnhandledRejectionFn') process.removeListener('unhandledRejection', listener);
  }
}

/** The shim parses the caller's certificate anew for every transaction, which takes longer than most contracts. */
function rememberCertificates(): void {
  const { Certificate } = createRequire(load.resolve('fabric-shim'))('@fidm/x509') as { Certificate: { fromPEM(pem: Buffer | string): object } };
  const parse = Certificate.fromPEM.bind(Certificate);
  const known = new Map<string, object>();
  Certificate.fromPEM = (pem) => {
    const text = pem.toString();
    const certificate = known.get(text) ?? parse(pem);
    if (known.size >= REMEMBERED_CERTIFICATES) known.clear();
    known.set(text, certificate);
    return certificate;
  };
}

/** Opens the shim's end of a conversation; what the contracts throw becomes the response, never an exception here. */
export function startChaincode(name: string, contracts: readonly ContractClass[], stream: ChaincodeStream, opening: peer.ChaincodeMessage): void {
  new shim.handler(stream, dispatcherOf(name, contracts)).chat(opening);
}

export interface ChaincodeServerOptions {
  /** Name of the chaincode, e.g. `minhchung`. */
  readonly name: string;
  /** Classes as a peer would load them; the first one is the default contract. */
  readonly contracts: readonly ContractClass[];
  /** The package that the peer has installed: it calls no other server. */
  readonly packageId: string;
  /** e.g. `127.0.0.1:17104` */
  readonly listen: string;
  /** PEM; whoever connects must have a certificate of `clientRoot`. */
  readonly tls: { readonly certificate: Buffer; readonly key: Buffer; readonly clientRoot: Buffer };
}

/** What is being worked on when a server is told to stop gets so long to end. */
const DRAIN_MS = 1_000;

/**
 * Serves contracts to a peer ("chaincode as an external service").
 *
 * @returns how to stop it
 * @throws Error if the address cannot be listened on
 */
export async function startChaincodeServer({ name, contracts, packageId, listen, tls }: ChaincodeServerOptions): Promise<() => Promise<void>> {
  const Server = load('fabric-shim/lib/server.js') as ServerClass;
  const server = new Server(dispatcherOf(name, contracts), {
    ccid: packageId, address: listen, tlsProps: { key: tls.key, cert: tls.certificate, clientCACerts: tls.clientRoot },
    'grpc.max_receive_message_length': -1, 'grpc.max_send_message_length': -1,
  });
  await server.start();
  return () => new Promise((resolve) => {
    const force = setTimeout(() => { server._server.forceShutdown(); }, DRAIN_MS);
    server._server.tryShutdown(() => {
      clearTimeout(force);
      resolve();
    });
  });
}

function dispatcherOf(name: string, contracts: readonly ContractClass[]): ContractDispatcher {
  const serializers = { transaction: 'jsonSerializer', serializers: { jsonSerializer: JSONSerializer } };
  // The dispatcher appends its own contract to the array it is given: hence a fresh one.
  return new StrictKeyDispatcher([...contracts], serializers, {}, name, '1.0');
}

/**
 * On its way to the peer a lone surrogate is silently dropped from a key, so that two keys would become one. An empty key
 * is taken by a Fabric peer, which then hides it from ranges: nobody can mean that.
 */
function refuseMalformedKeys(handler: MessageHandler, method: string, place: number | undefined): void {
  const original = handler[method] as (...parameters: unknown[]) => unknown;
  handler[method] = async function checked(this: unknown, ...parameters: unknown[]) {
    if (parameters.some((parameter) => typeof parameter === 'string' && !parameter.isWellFormed())) throw new Error('the key contains a lone surrogate');
    if (place !== undefined && parameters[place] === '') throw new Error('the key is empty');
    return original.apply(this, parameters);
  };
}

/**
 * The shim builds composite keys by joining with U+0000 without looking into the parts, so that `['a', 'b']` and
 * `['a\u0000b']` become one key.
 */
class StrictKeyDispatcher extends shim.dispatcher {
  override Invoke(stub: ShimStub): Promise<unknown> {
    const join = stub.createCompositeKey.bind(stub);
    stub.createCompositeKey = (objectType, attributes) => {
      for (const part of [objectType, ...attributes]) assertKeyPart(part);
      return join(objectType, attributes);
    };
    return super.Invoke(stub);
  }
}

function assertKeyPart(part: unknown): void {
  if (typeof part !== 'string' || part === '') return; // the shim refuses these in its own words
  if (part.includes('\u0000')) throw new Error('a part of a composite key contains U+0000');
  if (!part.isWellFormed()) throw new Error('a part of a composite key contains a lone surrogate');
}
