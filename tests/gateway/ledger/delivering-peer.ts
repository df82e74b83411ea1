/** A peer that delivers the blocks it is given, over gRPC as Fabric's `protos.Deliver` does, and says of them what it likes. */
import { Buffer } from 'node:buffer';
import { Server, ServerCredentials, type ServerDuplexStream } from '@grpc/grpc-js';
import { common, orderer, peer } from '@hyperledger/fabric-protos';
import { readBlock } from '../../../gateway/ledger/block-reader.js';

type Stream = ServerDuplexStream<Buffer, Buffer>;

const asIs = (bytes: Buffer): Buffer => bytes;
const method = (path: string): object => ({ path: `/protos.Deliver/${path}`, requestStream: true, responseStream: true, requestSerialize: asIs, requestDeserialize: asIs, responseSerialize: asIs, responseDeserialize: asIs });

export class DeliveringPeer {
  readonly mspId: string;
  readonly address: string;
  readonly #server: Server;
  readonly #blocks: readonly Uint8Array[];
  /** numbers of blocks of which it cannot make the filtered form */
  readonly #unfilterable: ReadonlySet<number>;

  private constructor(mspId: string, port: number, server: Server, blocks: readonly Uint8Array[], unfilterable: readonly number[]) {
    this.mspId = mspId;
    this.address = `127.0.0.1:${port}`;
    this.#server = server;
    this.#blocks = blocks;
    this.#unfilterable = new Set(unfilterable);
  }

  static async start(mspId: string, blocks: readonly Uint8Array[], unfilterable: readonly number[] = []): Promise<DeliveringPeer> {
    const server = new Server();
    const port = await new Promise<number>((resolve, reject) => {
      server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) => { if (error === null) resolve(bound); else reject(error); });
    });
    const self = new DeliveringPeer(mspId, port, server, blocks, unfilterable);
    server.addService({ Deliver: method('Deliver'), DeliverFiltered: method('DeliverFiltered') } as never, {
      Deliver: (stream: Stream) => stream.once('data', (envelope: Buffer) => self.#deliver(stream, envelope, false)),
      DeliverFiltered: (stream: Stream) => stream.once('data', (envelope: Buffer) => self.#deliver(stream, envelope, true)),
    });
    return self;
  }

  stop(): void {
    this.#server.forceShutdown();
  }

  #deliver(stream: Stream, envelope: Buffer, filtered: boolean): void {
    stream.on('error', () => undefined);
    const payload = common.Payload.deserializeBinary(common.Envelope.deserializeBinary(envelope).getPayload_asU8());
    const seek = orderer.SeekInfo.deserializeBinary(payload.getData_asU8());
    const [start, stop] = [seek.getStart(), seek.getStop()].map((at) => at?.getSpecified()?.getNumber() ?? this.#blocks.length - 1) as [number, number];
    for (let number = start; number < this.#blocks.length && number <= stop; number++) {
      if (filtered && this.#unfilterable.has(number)) return refuse(stream);
      stream.write(this.#response(number, filtered));
    }
  }

  #response(number: number, filtered: boolean): Buffer {
    const response = new peer.DeliverResponse();
    const bytes = this.#blocks[number] ?? Buffer.alloc(0);
    if (filtered) response.setFilteredBlock(filteredForm(bytes));
    else response.setBlock(common.Block.deserializeBinary(bytes));
    return Buffer.from(response.serializeBinary());
  }
}

function refuse(stream: Stream): void {
  const response = new peer.DeliverResponse();
  response.setStatus(common.Status.BAD_REQUEST);
  stream.write(Buffer.from(response.serializeBinary()));
  stream.end();
}

function filteredForm(bytes: Uint8Array): peer.FilteredBlock {
  const { number, transactions } = readBlock(bytes);
  const block = new peer.FilteredBlock();
  block.setNumber(Number(number));
  block.setFilteredTransactionsList(transactions.map(({ id, code }) => {
    const one = new peer.FilteredTransaction();
    one.setTxid(id);
    one.setTxValidationCode(code as 0);
    return one;
  }));
  return block;
}
