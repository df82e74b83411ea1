/** Requests of one transaction that are made side by side travel together, and nobody else's with them. */
import { Buffer } from 'node:buffer';
import { setImmediate } from 'node:timers/promises';
import { peer } from '@hyperledger/fabric-protos';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { batchState, type StateHandler } from '../../network/shim/batched-state.js';
import { Gathering } from '../../network/shim/gathering.js';

const TYPE = peer.ChaincodeMessage.Type;
const CHANNEL = 'minhchung';

/** A handler as the shim has it, over a peer that keeps everything in memory and notes what it was sent. */
class RecordingHandler implements StateHandler {
  readonly state = new Map<string, Buffer>();
  readonly sent: string[] = [];
  answers = (count: number): number => count;

  async handleGetState(collection: string, key: string): Promise<Buffer> {
    this.sent.push(`get ${collection}${key}`);
    return this.state.get(key) ?? Buffer.alloc(0);
  }

  async handlePutState(collection: string, key: string, value: Uint8Array): Promise<Buffer> {
    this.sent.push(`put ${collection}${key}`);
    this.state.set(collection + key, Buffer.from(value));
    return Buffer.alloc(0);
  }

  async _askPeerAndListen(message: peer.ChaincodeMessage): Promise<Buffer> {
    const payload = Buffer.from(message.getPayload_asU8());
    if (message.getType() === TYPE.WRITE_BATCH_STATE) return this.#write(message.getTxid(), peer.WriteBatchState.deserializeBinary(payload).getRecList());
    const keys = peer.GetStateMultiple.deserializeBinary(payload).getKeysList();
    this.sent.push(`${message.getTxid()} gets ${keys.length}`);
    const result = new peer.GetStateMultipleResult();
    result.setValuesList(keys.slice(0, this.answers(keys.length)).map((key) => this.state.get(key) ?? Buffer.alloc(0)));
    return Buffer.from(result.serializeBinary());
  }

  #write(transaction: string, records: peer.WriteRecord[]): Buffer {
    this.sent.push(`${transaction} puts ${records.length}`);
    for (const record of records) {
      if (record.getKey() === 'bad') throw new Error('refused by the peer');
      this.state.set(record.getCollection() + record.getKey(), Buffer.from(record.getValue_asU8()));
    }
    return Buffer.alloc(0);
  }
}

/** A class of its own for each test: batching changes the prototype. */
function handler(): RecordingHandler & StateHandler {
  class Batched extends RecordingHandler {}
  batchState(Batched.prototype);
  return new Batched();
}

const read = async (one: StateHandler, key: string, transaction = 't1', collection = ''): Promise<string> => (await one.handleGetState(collection, key, CHANNEL, transaction)).toString();
const write = async (one: StateHandler, key: string, text: string, transaction = 't1', collection = ''): Promise<unknown> => one.handlePutState(collection, key, Buffer.from(text), CHANNEL, transaction);

describe('requests of a transaction', () => {
  it('that are alone go as they always went', async () => {
    const one = handler();
    await write(one, 'a', '1');
    expect(await read(one, 'a')).toBe('1');
    expect(await read(one, 'b')).toBe('');
    expect(one.sent).toEqual(['put a', 'get a', 'get b']);
  });

  it('that are made side by side go together, also after other promises', async () => {
    const one = handler();
    await Promise.all(['a', 'b', 'c'].map(async (key) => write(one, key, key.toUpperCase())));
    const late = async (key: string): Promise<string> => Promise.resolve().then(async () => Promise.resolve()).then(async () => read(one, key));
    expect(await Promise.all([read(one, 'a'), late('none'), late('c')])).toEqual(['A', '', 'C']);
    expect(one.sent).toEqual(['t1 puts 3', 't1 gets 3']);
  });

  it('keep apart from those of another transaction', async () => {
    const one = handler();
    await Promise.all([write(one, 'a', '1', 't1'), write(one, 'b', '2', 't2'), write(one, 'c', '3', 't1')]);
    expect(one.sent.toSorted()).toEqual(['put b', 't1 puts 2']);
  });

  it('for private data are written with their collection, and read one by one', async () => {
    const one = handler();
    await Promise.all([write(one, 'a', '1'), write(one, 'a', '2', 't1', 'controlled/')]);
    expect([...one.state].map(([key, value]) => [key, value.toString()])).toEqual([['a', '1'], ['controlled/a', '2']]);
    await Promise.all([read(one, 'a', 't1', 'controlled/'), read(one, 'b', 't1', 'controlled/')]);
    expect(one.sent).toEqual(['t1 puts 2', 'get controlled/a', 'get controlled/b']);
  });

  it('fail together, and those that come later do not', async () => {
    const one = handler();
    const outcomes = await Promise.allSettled([write(one, 'a', '1'), write(one, 'bad', '2')]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await expect(write(one, 'b', '3')).resolves.toBeDefined();
  });

  it('are never given each other\'s answers', async () => {
    const one = handler();
    one.answers = (count) => count - 1;
    const outcomes = await Promise.allSettled([read(one, 'a'), read(one, 'b')]);
    expect(outcomes.map((outcome) => (outcome.status === 'rejected' ? String(outcome.reason) : 'answered'))).toEqual(Array(2).fill('Error: the peer answered 1 of 2 requests'));
  });

  it('give what they would give one by one', async () => {
    const keys = fc.array(fc.string({ minLength: 1, unit: 'grapheme' }).filter((key) => key !== 'bad'), { minLength: 1, maxLength: 40 });
    await fc.assert(fc.asyncProperty(keys, async (names) => {
      const one = handler();
      await Promise.all(names.map(async (key, index) => write(one, key, `${index}`)));
      const found = await Promise.all(names.map(async (key) => read(one, key)));
      expect(found).toEqual(names.map((key) => `${names.lastIndexOf(key)}`));
    }));
  });
});

describe('what is gathered', () => {
  it.each<[what: string, sizes: readonly number[], parts: readonly number[]]>([
    ['nothing more than 1000 at once', Array<number>(2001).fill(10), [1000, 1000, 1]],
    ['nothing more than 4 MiB at once', [3, 1, 1, 5, 1].map((mebibytes) => mebibytes * 1024 * 1024), [2, 1, 1, 1]],
    ['one that is larger by itself', [9 * 1024 * 1024], [1]],
  ])('%s', async (_what, sizes, parts) => {
    const sent: number[] = [];
    const gathering = new Gathering<{ bytes: number }, number>(async (requests) => {
      sent.push(requests.length);
      return requests.map(({ bytes }) => bytes);
    });
    expect(await Promise.all(sizes.map(async (bytes) => gathering.ask({ bytes })))).toEqual(sizes);
    await setImmediate();
    expect(sent).toEqual(parts);
  });
});
