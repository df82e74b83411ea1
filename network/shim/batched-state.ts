/**
 * Reads and writes of one transaction that a contract asks for side by side travel to the peer in one message (Fabric 3.1,
 * `GET_STATE_MULTIPLE` and `WRITE_BATCH_STATE` of `peer/chaincode_shim.proto`). The shim for Node sends one at a time and
 * waits for each answer, which takes longer than anything else that a transaction of many records does. The peer's read and
 * write sets are the same either way, so organisations with and without it agree.
 */
import { Buffer } from 'node:buffer';
import { peer } from '@hyperledger/fabric-protos';
import { Gathering } from './gathering.js';

/** The part of the shim's handler that is used here; `channel` and `transaction` say whose request it is. */
export interface StateHandler {
  handleGetState(collection: string, key: string, channel: string, transaction: string): Promise<Buffer>;
  handlePutState(collection: string, key: string, value: Uint8Array, channel: string, transaction: string): Promise<Buffer>;
  _askPeerAndListen(message: peer.ChaincodeMessage, method: string): Promise<Buffer>;
}

interface Read {
  readonly key: string;
  readonly bytes: number;
}

interface Write extends Read {
  readonly collection: string;
  readonly value: Uint8Array;
}

/** What one transaction has asked for and not sent yet. */
interface Gathered {
  readonly reads: Gathering<Read, Buffer>;
  readonly writes: Gathering<Write, Buffer>;
}

const { GET_STATE_MULTIPLE, WRITE_BATCH_STATE } = peer.ChaincodeMessage.Type;
const NOTHING = Buffer.alloc(0);

type ReadOne = (this: StateHandler, ...request: Parameters<StateHandler['handleGetState']>) => Promise<Buffer>;
type WriteOne = (this: StateHandler, ...request: Parameters<StateHandler['handlePutState']>) => Promise<Buffer>;

/** Has all handlers of this class send together what is asked for at once. A request by itself goes as the shim sends it. */
export function batchState(prototype: StateHandler): void {
  const batches = new StateBatches(Reflect.get(prototype, 'handleGetState'), Reflect.get(prototype, 'handlePutState'));
  prototype.handleGetState = function read(this: StateHandler, ...request) {
    return batches.read(this, ...request);
  };
  prototype.handlePutState = function write(this: StateHandler, ...request) {
    return batches.write(this, ...request);
  };
}

class StateBatches {
  readonly #readOne: ReadOne;
  readonly #writeOne: WriteOne;
  readonly #gathered = new WeakMap<StateHandler, Map<string, Gathered>>();

  constructor(readOne: ReadOne, writeOne: WriteOne) {
    this.#readOne = readOne;
    this.#writeOne = writeOne;
  }

  read(handler: StateHandler, ...[collection, key, channel, transaction]: Parameters<ReadOne>): Promise<Buffer> {
    if (collection !== '') return this.#readOne.call(handler, collection, key, channel, transaction);
    return this.#of(handler, channel, transaction).reads.ask({ key, bytes: key.length });
  }

  write(handler: StateHandler, ...[collection, key, value, channel, transaction]: Parameters<WriteOne>): Promise<Buffer> {
    return this.#of(handler, channel, transaction).writes.ask({ collection, key, value, bytes: key.length + value.length });
  }

  #of(handler: StateHandler, channel: string, transaction: string): Gathered {
    const transactions = this.#gathered.get(handler) ?? new Map<string, Gathered>();
    this.#gathered.set(handler, transactions);
    const name = channel + transaction;
    const known = transactions.get(name);
    if (known !== undefined) return known;
    const gathered = this.#gather(handler, channel, transaction);
    transactions.set(name, gathered);
    // By then it is sent: what comes later is gathered anew.
    setImmediate(() => transactions.delete(name));
    return gathered;
  }

  #gather(handler: StateHandler, channel: string, transaction: string): Gathered {
    const reads = new Gathering<Read, Buffer>(async (all) => {
      const [only] = all;
      if (only !== undefined && all.length === 1) return [await this.#readOne.call(handler, '', only.key, channel, transaction)];
      return readAll(handler, all, messageOf(GET_STATE_MULTIPLE, channel, transaction));
    });
    const writes = new Gathering<Write, Buffer>(async (all) => {
      const [only] = all;
      if (only !== undefined && all.length === 1) return [await this.#writeOne.call(handler, only.collection, only.key, only.value, channel, transaction)];
      return writeAll(handler, all, messageOf(WRITE_BATCH_STATE, channel, transaction));
    });
    return { reads, writes };
  }
}

function messageOf(type: peer.ChaincodeMessage.TypeMap[keyof peer.ChaincodeMessage.TypeMap], channel: string, transaction: string): peer.ChaincodeMessage {
  const message = new peer.ChaincodeMessage();
  message.setType(type);
  message.setChannelId(channel);
  message.setTxid(transaction);
  return message;
}

async function readAll(handler: StateHandler, reads: readonly Read[], message: peer.ChaincodeMessage): Promise<Buffer[]> {
  const request = new peer.GetStateMultiple();
  request.setKeysList(reads.map(({ key }) => key));
  message.setPayload(request.serializeBinary());
  const answer = await handler._askPeerAndListen(message, 'GetStateMultiple');
  return peer.GetStateMultipleResult.deserializeBinary(answer).getValuesList_asU8().map((value) => Buffer.from(value));
}

async function writeAll(handler: StateHandler, writes: readonly Write[], message: peer.ChaincodeMessage): Promise<Buffer[]> {
  const request = new peer.WriteBatchState();
  request.setRecList(writes.map(writeRecord));
  message.setPayload(request.serializeBinary());
  await handler._askPeerAndListen(message, 'WriteBatchState');
  return writes.map(() => NOTHING);
}

function writeRecord({ collection, key, value }: Write): peer.WriteRecord {
  const record = new peer.WriteRecord();
  record.setType(peer.WriteRecord.Type.PUT_STATE);
  record.setKey(key);
  record.setValue(value);
  record.setCollection(collection);
  return record;
}
