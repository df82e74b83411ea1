/** Fabric's `protos.Deliver` service of a peer (`peer/events.proto`): whole blocks, or only ids, codes and events. */
import type { ServerDuplexStream, ServiceDefinition, UntypedServiceImplementation } from '@grpc/grpc-js';
import { common } from '@hyperledger/fabric-protos';
import type { AccessControl } from './access-control.js';
import { followBlocks, type BlockFeed } from './block-feed.js';
import { filteredBlock } from './filtered-block.js';
import { bytesFields } from './proposal-message.js';
import { decodeSeekInfo, firstBlockOf, lastBlockOf, type SeekInfo } from './seek-info.js';
import { decodeEnvelope, type SignedMessage } from './transaction-message.js';
import { MalformedMessage, MessageWriter } from './wire-format.js';

type DeliverCall = ServerDuplexStream<Buffer, Buffer>;

const STATUS = common.Status;
const asIs = (bytes: Buffer): Buffer => bytes;
const stream = (name: string): ServiceDefinition[string] => ({
  path: `/protos.Deliver/${name}`, requestStream: true, responseStream: true,
  requestSerialize: asIs, requestDeserialize: asIs, responseSerialize: asIs, responseDeserialize: asIs,
});

export const DELIVER_SERVICE: ServiceDefinition = {
  deliver: stream('Deliver'),
  deliverFiltered: stream('DeliverFiltered'),
  deliverWithPrivateData: stream('DeliverWithPrivateData'),
};

export interface DeliverParts {
  readonly channel: string;
  readonly access: AccessControl;
  readonly feed: BlockFeed;
}

/** The service's methods over the ledger's parts. */
export function deliverService(parts: DeliverParts): UntypedServiceImplementation {
  const { blocks } = parts.feed;
  return {
    deliver: (call: DeliverCall) => { serve(parts, call, (number) => new MessageWriter().element(2, blocks.blockBytes(number)).finish()); },
    deliverFiltered: (call: DeliverCall) => { serve(parts, call, (number) => new MessageWriter().message(3, filteredBlock(parts.channel, number, blocks)).finish()); },
    // There is no private data here, so each block comes with an empty map of it.
    deliverWithPrivateData: (call: DeliverCall) => {
      serve(parts, call, (number) => new MessageWriter().message(4, new MessageWriter().element(1, blocks.blockBytes(number))).finish());
    },
  };
}

/** One seek after the other, as they come; the first one refused ends the stream, as on a peer. */
function serve(parts: DeliverParts, call: DeliverCall, blockMessage: (number: number) => Buffer): void {
  let previous: Promise<boolean> = Promise.resolve(true);
  call.on('data', (envelope: Buffer) => {
    previous = previous.then((open) => (open ? deliverOnce(parts, call, envelope, blockMessage) : false));
  });
  const endAfterwards = async (): Promise<void> => { if (await previous) call.end(); };
  call.on('end', () => { void endAfterwards(); });
  call.on('error', () => undefined); // the client is gone: `cancelled` ends the delivery
}

/** @returns true if the stream stays open for a further seek */
async function deliverOnce(parts: DeliverParts, call: DeliverCall, envelope: Buffer, blockMessage: (number: number) => Buffer): Promise<boolean> {
  const code = await deliver(parts, call, envelope, blockMessage);
  if (call.cancelled) return false;
  call.write(new MessageWriter().number(1, code).finish());
  if (code !== STATUS.SUCCESS) call.end();
  return code === STATUS.SUCCESS;
}

async function deliver(parts: DeliverParts, call: DeliverCall, envelope: Buffer, blockMessage: (number: number) => Buffer): Promise<number> {
  const seek = await readSeek(parts, envelope);
  if (typeof seek === 'number') return seek;
  const height = parts.feed.height();
  const first = firstBlockOf(seek.start, height);
  const last = lastBlockOf(seek, first, height);
  if (last < first) return STATUS.BAD_REQUEST;
  if (first > height || (seek.failIfNotReady && first >= height)) return STATUS.NOT_FOUND;
  try {
    const end = seek.failIfNotReady ? Math.min(last, height - 1) : last;
    await followBlocks(parts.feed, call, { first, last: end }, blockMessage);
    return end < last ? STATUS.NOT_FOUND : STATUS.SUCCESS;
  } catch {
    return STATUS.SERVICE_UNAVAILABLE; // the store has noted what it found; the ledger is unhealthy from now on
  }
}

/** @returns the seek, or the status that refuses it */
async function readSeek(parts: DeliverParts, envelope: Buffer): Promise<SeekInfo | number> {
  let message: SignedMessage;
  let seek: SeekInfo | undefined;
  try {
    message = decodeEnvelope(envelope);
    seek = decodeSeekInfo(message.data);
  } catch (error) {
    if (error instanceof MalformedMessage) return STATUS.BAD_REQUEST;
    throw error;
  }
  if (message.header.channel.channelId !== parts.channel) return STATUS.NOT_FOUND;
  const [identity = Buffer.alloc(0)] = bytesFields(message.header.signature.raw, 1);
  if (await parts.access.reader({ message: message.payload, identity, signature: message.signature }) === undefined) return STATUS.FORBIDDEN;
  return seek ?? STATUS.BAD_REQUEST;
}
