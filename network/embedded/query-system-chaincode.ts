/** Fabric's `qscc`: questions about the chain itself, endorsed like any answer, so that a client may keep them as proof. */
import { METADATA, headerHash } from './block.js';
import type { ChainHead, BlockStore, TransactionPlace } from './block-store.js';
import type { SystemChaincode } from './endorser.js';
import type { SignedProposal } from './proposal-message.js';
import { asText, eachField, MessageWriter } from './wire-format.js';

type Answer = (argument: string) => Buffer;

/**
 * @param blocks the stored chain
 * @param head newest block on the disk
 */
export function querySystemChaincode(channel: string, blocks: BlockStore, head: () => ChainHead): SystemChaincode {
  const answers: Readonly<Record<string, Answer>> = {
    GetChainInfo: () => chainInfo(blocks, head()),
    GetBlockByNumber: (number) => blocks.blockBytes(existingNumber(number, head().height)),
    GetBlockByHash: (hash) => blocks.blockBytes(existing(blocks.numberOfHash(Buffer.from(hash, 'latin1')), 'block')),
    GetTransactionByID: (id) => processedTransaction(existing(blocks.place(id), `transaction ${id}`), blocks),
    GetBlockByTxID: (id) => blocks.blockBytes(existing(blocks.place(id), `transaction ${id}`).version.block),
  };
  return {
    invoke: (proposal) => {
      const [name = '', forChannel = '', argument = ''] = textArguments(proposal);
      const answer = Object.hasOwn(answers, name) ? answers[name] : undefined;
      if (answer === undefined) throw new Error(`Requested function ${name} not found.`);
      if (forChannel !== channel) throw new Error(`Invalid chain ID, ${forChannel}`);
      return answer(argument);
    },
  };
}

/** Arguments byte for byte as text: a block's hash is one of them. */
function textArguments(proposal: SignedProposal): string[] {
  const list: string[] = [];
  eachField(proposal.input, (field, value) => {
    if (field === 1) list.push(Buffer.isBuffer(value) ? value.toString('latin1') : asText(value));
  });
  return list;
}

/** `common.BlockchainInfo`. */
function chainInfo(blocks: BlockStore, head: ChainHead): Buffer {
  const { frame } = blocks.block(head.height - 1);
  return new MessageWriter().number(1, head.height).bytes(2, headerHash(frame.header)).bytes(3, frame.header.previousHash).finish();
}

/** `peer.ProcessedTransaction`: the envelope and its validation code. */
function processedTransaction(place: TransactionPlace, blocks: BlockStore): Buffer {
  const { frame } = blocks.block(place.version.block);
  const flags = frame.metadata[METADATA.transactionsFilter] ?? Buffer.alloc(0);
  const envelope = blocks.envelope(place.version);
  return new MessageWriter().element(1, envelope).number(2, flags[place.version.transaction] ?? 0).finish();
}

function existingNumber(text: string, height: number): number {
  const number = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (!(number < height)) throw new Error(`Failed to get block number ${text}, error no such block number [${text}] in index`);
  return number;
}

function existing<T>(found: T | undefined, what: string): T {
  if (found === undefined) throw new Error(`Failed to get ${what}: entry not found in index`);
  return found;
}
