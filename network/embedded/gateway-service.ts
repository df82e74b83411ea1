/** Fabric's `gateway.Gateway` service (`gateway/gateway.proto`), so that unchanged Fabric clients work against this ledger. */
import { status, type sendUnaryData, type ServerUnaryCall, type ServerWritableStream, type ServiceDefinition, type UntypedServiceImplementation } from '@grpc/grpc-js';
import { Problem } from '#domain/errors.js';
import type { AccessControl } from './access-control.js';
import type { Outcome } from './block-preparation.js';
import { followBlocks, type BlockFeed } from './block-feed.js';
import type { TransactionPlace } from './block-store.js';
import { MAX_TRANSACTION_BYTES } from './channel-config.js';
import { eventsOfBlock, firstEventBlock, type EventRequest } from './chaincode-event-reader.js';
import type { Endorser } from './endorser.js';
import type { CommitNotices } from './commit-notices.js';
import type { Orderer } from './orderer.js';
import { bytesFields, decodeHeader } from './proposal-message.js';
import { RpcFailure, serviceFailure } from './rpc-failure.js';
import { checkTransaction, CODE, UNPROVEN_ID_CODES, type CheckContext } from './transaction-check.js';
import { encodeResponse } from './transaction-message.js';
import { asBytes, asNumber, asText, eachField, MalformedMessage, MessageWriter } from './wire-format.js';

const EMPTY = Buffer.alloc(0);

type UnaryCall = ServerUnaryCall<Buffer, Buffer>;
type StreamCall = ServerWritableStream<Buffer, Buffer>;

/** Requests and answers stay bytes: the service reads what it needs out of them. */
const asIs = (bytes: Buffer): Buffer => bytes;
const unary = (name: string): ServiceDefinition[string] => ({
  path: `/gateway.Gateway/${name}`, requestStream: false, responseStream: false,
  requestSerialize: asIs, requestDeserialize: asIs, responseSerialize: asIs, responseDeserialize: asIs,
});

export const GATEWAY_SERVICE: ServiceDefinition = {
  endorse: unary('Endorse'),
  submit: unary('Submit'),
  commitStatus: unary('CommitStatus'),
  evaluate: unary('Evaluate'),
  chaincodeEvents: { ...unary('ChaincodeEvents'), responseStream: true },
};

export interface GatewayParts {
  readonly channel: string;
  readonly access: AccessControl;
  readonly endorser: Endorser;
  readonly orderer: Orderer;
  readonly notices: CommitNotices;
  readonly feed: BlockFeed;
  readonly checkContext: CheckContext;
  readonly maxConcurrentProposals: number;
}

/** The service's methods over the ledger's parts. */
export function gatewayService(parts: GatewayParts): UntypedServiceImplementation {
  const simulations = new ConcurrencyLimit(parts.maxConcurrentProposals);
  return {
    evaluate: answering((call) => simulations.run(() => evaluate(parts, call.request))),
    endorse: answering((call) => simulations.run(() => endorse(parts, call.request))),
    submit: answering((call) => submit(parts, call.request)),
    commitStatus: answering((call) => commitStatus(parts, call)),
    chaincodeEvents: (call: StreamCall) => { void streamEvents(parts, call); },
  };
}

/** As a peer does, so that an overload is refused at once instead of being answered too late. */
class ConcurrencyLimit {
  readonly #limit: number;
  #running = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** @throws RpcFailure RESOURCE_EXHAUSTED if the limit is reached */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running >= this.#limit) throw new RpcFailure(status.RESOURCE_EXHAUSTED, `too many requests for /gateway.Gateway, exceeding concurrency limit (${this.#limit})`);
    this.#running += 1;
    try {
      return await work();
    } finally {
      this.#running -= 1;
    }
  }
}

function answering(handle: (call: UnaryCall) => Promise<Buffer>) {
  return (call: UnaryCall, callback: sendUnaryData<Buffer>): void => {
    const answer = async (): Promise<void> => {
      try {
        callback(null, await handle(call));
      } catch (error) {
        callback(serviceFailure(error));
      }
    };
    void answer();
  };
}

async function evaluate(parts: GatewayParts, request: Buffer): Promise<Buffer> {
  const response = await parts.endorser.evaluate(signedProposalOf(request));
  return new MessageWriter().message(1, encodeResponse(response)).finish();
}

async function endorse(parts: GatewayParts, request: Buffer): Promise<Buffer> {
  const envelope = await parts.endorser.endorse(signedProposalOf(request), endorsingOrganisationsOf(request));
  return new MessageWriter().message(1, envelope).finish();
}

/** Field 4 of `EndorseRequest`: organisations whose peers are to endorse; none for the choice of the peer. */
function endorsingOrganisationsOf(request: Buffer): string[] {
  const organisations: string[] = [];
  readRequest(() => { eachField(request, (field, value) => { if (field === 4) organisations.push(asText(value)); }); });
  return organisations;
}

/** Field 3 of `EvaluateRequest` and `EndorseRequest`. */
function signedProposalOf(request: Buffer): Buffer {
  const [, , proposal] = readRequest(() => bytesFields(request, 3));
  if (proposal === undefined) throw new RpcFailure(status.INVALID_ARGUMENT, 'the proposed transaction must contain a signed proposal');
  return proposal;
}

async function submit(parts: GatewayParts, request: Buffer): Promise<Buffer> {
  const [, channelId = EMPTY, envelope] = readRequest(() => bytesFields(request, 3));
  if (envelope === undefined) throw new RpcFailure(status.INVALID_ARGUMENT, 'a prepared transaction is required');
  const [payload = EMPTY, signature = EMPTY] = readRequest(() => bytesFields(envelope, 2));
  if (signature.length === 0) throw new RpcFailure(status.INVALID_ARGUMENT, 'prepared transaction must be signed');
  if (channelId.toString('utf8') !== parts.channel) throw new RpcFailure(status.FAILED_PRECONDITION, `channel '${channelId.toString('utf8')}' not found`);
  if (envelope.length > MAX_TRANSACTION_BYTES) {
    throw new RpcFailure(status.ABORTED, `received unsuccessful response from orderer: status=BAD_REQUEST, info=message payload is ${envelope.length} bytes and exceeds maximum allowed ${MAX_TRANSACTION_BYTES} bytes`);
  }
  const header = readRequest(() => decodeHeader(bytesFields(payload, 1)[0] ?? EMPTY));
  parts.access.assertWriter(header.signature.creator);
  const checked = await checkTransaction(envelope, parts.checkContext);
  if (checked.code === CODE.targetChannelNotFound) throw new RpcFailure(status.ABORTED, 'received unsuccessful response from orderer: status=NOT_FOUND, info=channel not found');
  parts.orderer.submit({ envelope, checked });
  return EMPTY;
}

/** Waits until the transaction is committed; ends only with it, with the call, or with the ledger. */
async function commitStatus(parts: GatewayParts, call: UnaryCall): Promise<Buffer> {
  const [request = EMPTY, signature = EMPTY] = readRequest(() => bytesFields(call.request, 2));
  const [transactionId = EMPTY, channel = EMPTY, identity = EMPTY] = readRequest(() => bytesFields(request, 3));
  if (transactionId.length === 0) throw new RpcFailure(status.INVALID_ARGUMENT, 'transaction ID should not be empty');
  await parts.access.assertReader({ message: request, identity, signature }, channel.toString('utf8'));
  const outcome = await outcomeOf(parts, call, transactionId.toString('utf8'));
  return new MessageWriter().number(1, outcome.code).number(2, outcome.block).finish();
}

/** Only blocks that are announced count, and a wrongly signed copy only if the genuine transaction is not on its way. */
function isDecided(parts: GatewayParts, transactionId: string, { code, version }: TransactionPlace): boolean {
  if (version.block >= parts.feed.height()) return false;
  return !UNPROVEN_ID_CODES.has(code) || !parts.orderer.isPending(transactionId);
}

async function outcomeOf(parts: GatewayParts, call: UnaryCall, transactionId: string): Promise<Outcome> {
  const place = parts.feed.blocks.place(transactionId);
  if (place !== undefined && isDecided(parts, transactionId, place)) return { transactionId, code: place.code, block: place.version.block };
  const failure = parts.feed.failure();
  if (failure !== undefined) throw failure;
  return new Promise<Outcome>((resolve, reject) => {
    const stop = parts.notices.onOutcome(transactionId, (result) => {
      if (result instanceof Problem) reject(result);
      else resolve(result);
    });
    call.once('cancelled', () => {
      stop();
      reject(new RpcFailure(status.CANCELLED, 'the call was cancelled'));
    });
  });
}

/** Sends the chaincode's events block by block, first the old ones, then each new one, until the call ends. */
async function streamEvents(parts: GatewayParts, call: StreamCall): Promise<void> {
  try {
    const request = await readEventRequest(parts, call.request);
    const first = firstEventBlock(request, parts.feed);
    await followBlocks(parts.feed, call, { first }, (number) => eventsOfBlock(number, request, parts.feed));
    call.end();
  } catch (error) {
    call.emit('error', serviceFailure(error));
  }
}

async function readEventRequest(parts: GatewayParts, signed: Buffer): Promise<EventRequest> {
  const [request = EMPTY, signature = EMPTY] = readRequest(() => bytesFields(signed, 2));
  const fields = readRequest(() => decodeEventRequest(request));
  await parts.access.assertReader({ message: request, identity: fields.identity, signature }, fields.channel);
  return fields.request;
}

function decodeEventRequest(raw: Buffer): { channel: string; identity: Buffer; request: EventRequest } {
  const found = { channel: '', chaincode: '', identity: EMPTY as Buffer, startBlock: undefined as number | undefined, after: '' };
  eachField(raw, (field, value) => {
    if (field === 1) found.channel = asText(value);
    else if (field === 2) found.chaincode = asText(value);
    else if (field === 3) found.identity = asBytes(value);
    else if (field === 4) found.startBlock = startBlockOf(asBytes(value));
    else if (field === 5) found.after = asText(value);
  });
  return { channel: found.channel, identity: found.identity, request: { chaincodeName: found.chaincode, startBlock: found.startBlock, afterTransactionId: found.after } };
}

/** Out of `orderer.SeekPosition`: field 3 `specified`, or `undefined` for "from the next block on". */
function startBlockOf(position: Buffer): number | undefined {
  const [, , specified] = bytesFields(position, 3);
  if (specified === undefined) return undefined;
  let number = 0;
  eachField(specified, (field, value) => { if (field === 1) number = asNumber(value); });
  return number;
}

function readRequest<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof MalformedMessage) throw new RpcFailure(status.INVALID_ARGUMENT, `invalid request: ${error.message}`);
    throw error;
  }
}
