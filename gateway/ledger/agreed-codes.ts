/**
 * Whole blocks, each held back until peers of enough organisations say the same of its transactions. Orderers sign what a
 * block holds; which of it counts, nobody signs, so whoever delivers it could pass off what was refused.
 */
import { blockWrong } from './block-reader.js';
import type { BlockStatuses, LedgerBlock } from './ledger.js';

/**
 * @param blocks from one peer, in order, each checked against hashes and signatures
 * @param statuses opens what enough organisations agree on, from a block on
 * @returns the same blocks. Block 0 is not held back: its hash is pinned, and it writes nothing
 * @throws Problem LEDGER_BLOCK_WRONG with reason `codes` where the peer says otherwise; what `statuses` throws
 */
export async function* withAgreedCodes(blocks: AsyncIterable<LedgerBlock>, statuses: (from: bigint) => AsyncIterable<BlockStatuses>): AsyncGenerator<LedgerBlock> {
  let agreed: AsyncIterator<BlockStatuses> | undefined;
  try {
    for await (const block of blocks) {
      if (block.number > 0n) {
        agreed ??= statuses(block.number)[Symbol.asyncIterator]();
        const said = await agreed.next();
        if (said.done === true) return;
        if (!saysTheSame(block, said.value)) throw blockWrong(block.number, 'codes');
      }
      yield block;
    }
  } finally {
    await agreed?.return?.();
  }
}

/** Ids are in what the orderers signed. */
function saysTheSame({ number, transactions }: LedgerBlock, said: BlockStatuses): boolean {
  return number === said.number && transactions.length === said.transactions.length && transactions.every(({ code }, index) => code === said.transactions[index]?.code);
}
