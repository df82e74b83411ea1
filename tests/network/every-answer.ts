/** Every question a small ledger can be asked, and what it answers. */
import { createHash } from 'node:crypto';
import { common } from '@hyperledger/fabric-protos';
import { CONTROLLED_COLLECTION } from '#domain/endorsement.js';
import { CHAINCODE, CHANNEL } from './temporary-ledger.js';
import type { LedgerClient } from '../ledger-suite/ledger-client.js';
import { payloadOf } from '../ledger-suite/fabric-block.js';

const DEADLINE_MS = 5_000;

/** Question → answer; `undefined` where the ledger refused to answer. */
export type Answers = ReadonlyMap<string, string | undefined>;

/** What the questions are about: taken from the ledger while it was known to be good. */
export interface Subjects {
  readonly keys: readonly string[];
  readonly transactionIds: readonly string[];
  readonly height: number;
}

export async function subjectsOf(client: LedgerClient, height: number): Promise<Subjects> {
  const blocks = await readBlocks(client, height);
  const transactionIds = blocks.flatMap((block) => block.getData()!.getDataList_asU8().map(transactionIdOf)).filter((id) => id !== '');
  const keys = JSON.parse(await ask(client, CHAINCODE, 'keys', 'a', 'z')) as string[];
  return { keys: [...keys, 'k3', 'never', '\u0000lot\u0000a\u00001\u0000'], transactionIds: [...new Set(transactionIds)], height };
}

/** Asks everything; a refusal is an answer too, of its own kind. */
export async function everyAnswer(client: LedgerClient, { keys, transactionIds, height }: Subjects): Promise<Answers> {
  const answers = new Map<string, string | undefined>();
  const note = async (question: string, answer: () => Promise<string>): Promise<void> => {
    answers.set(question, await answer().catch(() => undefined));
  };
  for (const key of keys) {
    await note(`value of ${key}`, () => ask(client, CHAINCODE, 'get', key));
    await note(`history of ${key}`, () => ask(client, CHAINCODE, 'history', key));
    await note(`private hash of ${key}`, () => ask(client, CHAINCODE, 'privateHash', CONTROLLED_COLLECTION, key));
  }
  await note('range', () => ask(client, CHAINCODE, 'keys', '', ''));
  await note('composite keys', () => ask(client, CHAINCODE, 'partial', '["lot"]'));
  await note('page', () => ask(client, CHAINCODE, 'page', 'k', 'l', '3', ''));
  await note('chain', () => ask(client, 'qscc', 'GetChainInfo', CHANNEL));
  for (const id of transactionIds) {
    await note(`transaction ${id}`, () => ask(client, 'qscc', 'GetTransactionByID', CHANNEL, id));
    await note(`block of ${id}`, () => ask(client, 'qscc', 'GetBlockByTxID', CHANNEL, id));
  }
  for (let number = 0; number < height; number += 1) await note(`block ${number}`, () => ask(client, 'qscc', 'GetBlockByNumber', CHANNEL, String(number)));
  await note('all blocks', async () => (await readBlocks(client, height)).map((block) => digest(block.serializeBinary())).join());
  return answers;
}

async function ask(client: LedgerClient, chaincode: string, name: string, ...args: string[]): Promise<string> {
  const proposal = client.contract(chaincode).newProposal(name, { arguments: args });
  const answer = await proposal.evaluate({ deadline: Date.now() + DEADLINE_MS });
  return chaincode === 'qscc' ? digest(answer) : Buffer.from(answer).toString('utf8');
}

async function readBlocks(client: LedgerClient, height: number): Promise<common.Block[]> {
  const stream = await client.network.newBlockEventsRequest({ startBlock: 0n }).getEvents({ deadline: Date.now() + DEADLINE_MS });
  const blocks: common.Block[] = [];
  try {
    for await (const block of stream) {
      blocks.push(block);
      if (blocks.length === height) break;
    }
  } finally {
    stream.close();
  }
  return blocks;
}

const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

function transactionIdOf(envelope: Uint8Array): string {
  return common.ChannelHeader.deserializeBinary(payloadOf(envelope).getHeader()!.getChannelHeader_asU8()).getTxId();
}
