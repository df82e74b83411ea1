/** A block without its content (Fabric's `peer.FilteredBlock`): per transaction its id, type, code, and event name. */
import { METADATA } from './block.js';
import type { BlockStore } from './block-store.js';
import { bytesFields } from './proposal-message.js';
import { decodeEnvelope, decodeTransaction } from './transaction-message.js';
import { MessageWriter } from './wire-format.js';

const ENDORSER_TRANSACTION = 3; // common.HeaderType.ENDORSER_TRANSACTION

/** @throws Problem LEDGER_RECORD_DAMAGED */
export function filteredBlock(channel: string, number: number, blocks: BlockStore): MessageWriter {
  const { frame, transactionCount } = blocks.block(number);
  const flags = frame.metadata[METADATA.transactionsFilter] ?? Buffer.alloc(0);
  const block = new MessageWriter().text(1, channel).number(2, number);
  blocks.envelopes(number, transactionCount).forEach((envelope, index) => {
    block.message(4, filteredTransaction(envelope, flags[index] ?? 0));
  });
  return block;
}

function filteredTransaction(envelope: Buffer, code: number): MessageWriter {
  try {
    const message = decodeEnvelope(envelope);
    const { type, transactionId } = message.header.channel;
    const transaction = new MessageWriter().text(1, transactionId).number(2, type).number(3, code);
    return type === ENDORSER_TRANSACTION ? transaction.message(4, actions(decodeTransaction(message).event)) : transaction;
  } catch {
    return new MessageWriter().number(3, code); // an unreadable envelope stands in the block with its code alone
  }
}

/** `FilteredTransactionActions`: the event without its payload. */
function actions(event: Buffer): MessageWriter {
  if (event.length === 0) return new MessageWriter();
  const [chaincode = Buffer.alloc(0), transactionId = Buffer.alloc(0), name = Buffer.alloc(0)] = bytesFields(event, 3);
  const filtered = new MessageWriter().bytes(1, chaincode).bytes(2, transactionId).bytes(3, name);
  return new MessageWriter().message(1, new MessageWriter().message(1, filtered));
}
