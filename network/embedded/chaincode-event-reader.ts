/** Chaincode events out of stored blocks: one per valid transaction at most. */
import { METADATA } from './block.js';
import type { BlockFeed } from './block-feed.js';
import { CODE } from './transaction-check.js';
import { decodeEnvelope, decodeTransaction, eventOrigin } from './transaction-message.js';
import { MessageWriter } from './wire-format.js';

export interface EventRequest {
  readonly chaincodeName: string;
  /** First block to look at; `undefined` means the next one to come. */
  readonly startBlock: number | undefined;
  /** Events up to and including this transaction's are left out; empty if none. */
  readonly afterTransactionId: string;
}

/** The block to start with: that of the last transaction seen, the one asked for, or the next one. */
export function firstEventBlock(request: EventRequest, feed: BlockFeed): number {
  const seen = request.afterTransactionId === '' ? undefined : feed.blocks.place(request.afterTransactionId);
  return seen?.version.block ?? request.startBlock ?? feed.height();
}

/** @returns `gateway.ChaincodeEventsResponse`, or `undefined` if the block holds no event asked for */
export function eventsOfBlock(number: number, request: EventRequest, feed: BlockFeed): Buffer | undefined {
  const events = validEvents(number, feed).filter((event) => eventOrigin(event).chaincodeName === request.chaincodeName);
  const wanted = afterTransaction(events, number, request, feed);
  if (wanted.length === 0) return undefined;
  const response = new MessageWriter();
  for (const event of wanted) response.element(1, event);
  return response.number(2, number).finish();
}

function validEvents(number: number, feed: BlockFeed): Buffer[] {
  const { frame, transactionCount } = feed.blocks.block(number);
  const flags = frame.metadata[METADATA.transactionsFilter] ?? Buffer.alloc(0);
  if (number === 0) return []; // block 0 holds the configuration
  return feed.blocks.envelopes(number, transactionCount)
    .filter((_, index) => flags[index] === CODE.valid)
    .map((envelope) => decodeTransaction(decodeEnvelope(envelope)).event)
    .filter((event) => event.length > 0);
}

/** In the block of the last transaction seen, only the events of later transactions. */
function afterTransaction(events: Buffer[], number: number, request: EventRequest, feed: BlockFeed): Buffer[] {
  if (request.afterTransactionId === '') return events;
  const seen = feed.blocks.place(request.afterTransactionId)?.version;
  if (seen?.block !== number) return events;
  return events.filter((event) => (feed.blocks.place(eventOrigin(event).transactionId)?.version.transaction ?? 0) > seen.transaction);
}
