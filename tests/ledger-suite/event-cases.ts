/** Events, block streams and status: what a client learns afterwards. */
import { expect } from 'vitest';
import { common, gateway, peer } from '@hyperledger/fabric-protos';
import { StatusCode, type ChaincodeEvent, type CloseableAsyncIterable } from '@hyperledger/fabric-gateway';
import { decode, type LedgerBench, type LedgerCase } from './ledger-bench.js';
import { flagsOf, parseTransaction, payloadOf } from './fabric-block.js';

const EVENTS = 'Fabric Gateway, ChaincodeEvents';
const DELIVER = 'Fabric peer, Deliver';
/** Which of the two comes depends on who looks at the clock first, client or peer. */
const CANCELLED = 1;
const DEADLINE_EXCEEDED = 4;

async function take<T>(stream: CloseableAsyncIterable<T>, count: number): Promise<T[]> {
  const taken: T[] = [];
  try {
    for await (const item of stream) {
      taken.push(item);
      if (taken.length === count) break;
    }
  } finally {
    stream.close();
  }
  return taken;
}

const shown = (events: readonly ChaincodeEvent[]): string[][] => events.map(({ eventName, payload }) => [eventName, decode(payload)]);

export const EVENT_CASES: readonly LedgerCase[] = [
  {
    name: 'of several events of one transaction only the last one is delivered', source: EVENTS,
    run: async (bench) => {
      const { block } = await bench.commit(await bench.endorse('twoEvents', bench.key('e'), 'payload'));
      const events = await bench.client.network.getChaincodeEvents(bench.ledger.chaincode, { startBlock: block });
      expect(shown(await take(events, 1))).toEqual([['second', 'payload']]);
    },
  },
  {
    name: 'an invalid transaction has no event', source: EVENTS,
    run: async (bench) => {
      const loser = await bench.endorse('bumpWithEvent', bench.key('n'));
      const { block } = await bench.commit(await bench.endorse('bump', bench.key('n')));
      expect((await bench.commit(loser)).code).toBe(StatusCode.MVCC_READ_CONFLICT);
      await bench.submit('twoEvents', bench.key('marker'), 'marker');
      const events = await bench.client.network.getChaincodeEvents(bench.ledger.chaincode, { startBlock: block });
      const own = (await take(events, 1)).filter((event) => event.transactionId === loser.getTransactionId());
      expect(own).toEqual([]);
    },
  },
  {
    name: 'events can be taken up again after the last one seen', source: EVENTS,
    run: async (bench) => {
      const transactions = await Promise.all(['1', '2', '3'].map((n) => bench.endorse('twoEvents', bench.key(n), n)));
      const commits = [];
      for (const transaction of transactions) commits.push(await transaction.submit());
      const [first] = await Promise.all(commits.map((commit) => commit.getStatus()));
      const { network } = bench.client;
      const all = await take(await network.getChaincodeEvents(bench.ledger.chaincode, { startBlock: first!.blockNumber }), 3);
      const checkpoint = { getBlockNumber: () => all[0]!.blockNumber, getTransactionId: () => all[0]!.transactionId };
      const rest = await take(await network.getChaincodeEvents(bench.ledger.chaincode, { checkpoint }), 2);
      expect(rest.map((event) => event.transactionId)).toEqual(all.slice(1).map((event) => event.transactionId));
    },
  },
  {
    name: 'a stream without start gives what comes from now on', source: EVENTS,
    run: async (bench) => {
      await bench.submit('twoEvents', bench.key('old'), 'old');
      const events = await bench.client.network.getChaincodeEvents(bench.ledger.chaincode);
      const stream = { waiting: true };
      const next = take(events, 1).finally(() => { stream.waiting = false; });
      // The stream starts when its request has arrived, which nothing announces: so events go on until one is seen.
      for (let n = 0; stream.waiting && n < 200; n += 1) await bench.submit('twoEvents', bench.key(`live-${n}`), bench.key('live'));
      expect(stream.waiting).toBe(false);
      expect(shown(await next)).toEqual([['second', bench.key('live')]]);
    },
  },
  {
    name: 'blocks come from any start, without gaps, and follow the chain', source: DELIVER,
    run: async (bench) => {
      const start = await bench.height() - 2n;
      const blocks = await bench.client.network.getBlockEvents({ startBlock: start });
      const received = take(blocks, 6);
      for (let n = 0; n < 4; n += 1) await bench.submit('put', bench.key(String(n)), '1');
      expect((await received).map((block) => BigInt(block.getHeader()!.getNumber()))).toEqual(Array.from({ length: 6 }, (_, n) => start + BigInt(n)));
    },
  },
  {
    name: 'block 0 is the configuration', source: DELIVER,
    run: async (bench) => {
      const [block] = await take(await bench.client.network.getBlockEvents({ startBlock: 0n }), 1);
      const header = payloadOf(block!.getData()!.getDataList_asU8()[0]!).getHeader()!;
      const channel = common.ChannelHeader.deserializeBinary(header.getChannelHeader_asU8());
      expect([channel.getType(), channel.getChannelId()]).toEqual([common.HeaderType.CONFIG, bench.ledger.channel]);
    },
  },
  {
    name: 'a stream of blocks can be closed while it waits', source: DELIVER,
    run: async (bench) => {
      const blocks = await bench.client.network.getBlockEvents({ startBlock: await bench.height() });
      const iterator = blocks[Symbol.asyncIterator]();
      const waiting = iterator.next();
      blocks.close();
      await expect(waiting).rejects.toMatchObject({ code: 1 });
      expect(await bench.evaluate('get', bench.key('still there'))).toBe('');
    },
  },
  {
    name: 'filtered blocks tell id, code and event of each transaction, and no content', source: DELIVER,
    run: async (bench) => {
      const transaction = await bench.endorse('twoEvents', bench.key('f'), 'canary-payload');
      const { block } = await bench.commit(transaction);
      const [filtered] = await take(await bench.client.network.getFilteredBlockEvents({ startBlock: block }), 1);
      const own = filtered!.getFilteredTransactionsList().find((entry) => entry.getTxid() === transaction.getTransactionId())!;
      const event = own.getTransactionActions()!.getChaincodeActionsList()[0]!.getChaincodeEvent()!;
      expect([filtered!.getChannelId(), filtered!.getNumber(), own.getTxValidationCode(), event.getEventName()])
        .toEqual([bench.ledger.channel, Number(block), peer.TxValidationCode.VALID, 'second']);
      expect(Buffer.from(filtered!.serializeBinary()).includes('canary-payload')).toBe(false);
    },
  },
  {
    name: 'the block tells the code of every transaction', source: DELIVER,
    run: async (bench) => {
      const both = [await bench.endorse('bump', bench.key('n')), await bench.endorse('bump', bench.key('n'))];
      const ordered = [await both[0]!.submit(), await both[1]!.submit()];
      const statuses = await Promise.all(ordered.map((commit) => commit.getStatus()));
      for (const { blockNumber, transactionId, code } of statuses) {
        const [block] = await take(await bench.client.network.getBlockEvents({ startBlock: blockNumber }), 1);
        const index = block!.getData()!.getDataList_asU8().findIndex((envelope) => parseTransaction(envelope, {}).txId === transactionId);
        expect(flagsOf(block!)[index]).toBe(code);
      }
    },
  },
  {
    name: 'the status of a transaction can be asked long after', source: 'Fabric Gateway, CommitStatus',
    run: async (bench) => {
      const transaction = await bench.endorse('put', bench.key('s'), '1');
      const commit = await transaction.submit();
      const first = await commit.getStatus();
      await bench.submit('put', bench.key('later'), '1');
      expect(await commit.getStatus()).toEqual(first);
    },
  },
  {
    name: 'the status of a transaction that was never submitted does not come', source: 'Fabric Gateway, CommitStatus',
    run: async (bench) => {
      const { transaction, unsubmitted } = await unsubmittedCommit(bench);
      await expect(unsubmitted.getStatus({ deadline: Date.now() + 300 })).rejects.toMatchObject({ name: 'CommitStatusError', code: expect.toBeOneOf([CANCELLED, DEADLINE_EXCEEDED]) as number });
      expect((await bench.commit(transaction)).code).toBe(StatusCode.VALID);
    },
  },
];

/** A commit object for a transaction that is endorsed but not submitted: another one's, with the id replaced. */
async function unsubmittedCommit(bench: LedgerBench) {
  const submitted = await (await bench.endorse('put', bench.key('one'), '1')).submit();
  const transaction = await bench.endorse('put', bench.key('two'), '1');
  const signed = gateway.SignedCommitStatusRequest.deserializeBinary(submitted.getBytes());
  const request = gateway.CommitStatusRequest.deserializeBinary(signed.getRequest_asU8());
  request.setTransactionId(transaction.getTransactionId());
  signed.setRequest(request.serializeBinary());
  signed.setSignature('');
  return { transaction, unsubmitted: bench.client.gateway.newCommit(signed.serializeBinary()) };
}
