/** A peer of a hostile organisation: it passes on to an honest ledger what it is asked, and answers what a test has it answer. */
import { Client, credentials, Server, ServerCredentials, type sendUnaryData, type ServerDuplexStream, type ServerUnaryCall, type ServiceDefinition } from '@grpc/grpc-js';

const UNARY = ['Endorse', 'Evaluate', 'Submit', 'CommitStatus'] as const;
const STREAMS = ['Deliver', 'DeliverFiltered'] as const;

export type Method = (typeof UNARY)[number];

/** An error of gRPC. */
export interface Refusal {
  readonly code: number;
  readonly details: string;
}

/** What it says in place of the honest answer. */
export type Lie = (request: Buffer, honest: Buffer) => Buffer | Refusal;

const asIs = (bytes: Buffer): Buffer => bytes;

function definition(path: string, stream: boolean): ServiceDefinition[string] {
  return { path, requestStream: stream, responseStream: stream, requestSerialize: asIs, requestDeserialize: asIs, responseSerialize: asIs, responseDeserialize: asIs };
}

export class RoguePeer {
  /** by method; none: honest */
  readonly lies: Partial<Record<Method, Lie>> = {};
  /** what it says to a method that it does not even pass on */
  readonly refusals: Partial<Record<Method, Refusal>> = {};
  readonly address: string;
  readonly #server: Server;
  readonly #honest: Client;

  private constructor(server: Server, honest: Client, port: number) {
    this.#server = server;
    this.#honest = honest;
    this.address = `127.0.0.1:${port}`;
  }

  /** @param honest address of the ledger that is behind it */
  static async before(honest: string): Promise<RoguePeer> {
    const server = new Server();
    const client = new Client(honest, credentials.createInsecure());
    const port = await new Promise<number>((resolve, reject) => {
      server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) => { if (error === null) resolve(bound); else reject(error); });
    });
    const rogue = new RoguePeer(server, client, port);
    const path = (service: string, name: string): string => `/${service}/${name}`;
    server.addService(Object.fromEntries(UNARY.map((name) => [name, definition(path('gateway.Gateway', name), false)])), Object.fromEntries(UNARY.map((name) => [name, rogue.#answering(name, path('gateway.Gateway', name))])));
    server.addService(Object.fromEntries(STREAMS.map((name) => [name, definition(path('protos.Deliver', name), true)])), Object.fromEntries(STREAMS.map((name) => [name, rogue.#streaming(path('protos.Deliver', name))])));
    return rogue;
  }

  close(): void {
    this.#honest.close();
    this.#server.forceShutdown();
  }

  #answering(name: Method, path: string) {
    return ({ request }: ServerUnaryCall<Buffer, Buffer>, done: sendUnaryData<Buffer>): void => {
      const refusal = this.refusals[name];
      if (refusal !== undefined) {
        done(refusal);
        return;
      }
      this.#honest.makeUnaryRequest(path, asIs, asIs, request, (error, answer) => {
        const lie = this.lies[name];
        if (error !== null || answer === undefined || lie === undefined) {
          done(error, answer);
          return;
        }
        const said = lie(request, answer);
        if (Buffer.isBuffer(said)) done(null, said);
        else done(said);
      });
    };
  }

  #streaming(path: string) {
    return (call: ServerDuplexStream<Buffer, Buffer>): void => {
      const honest = this.#honest.makeBidiStreamRequest<Buffer, Buffer>(path, asIs, asIs);
      honest.on('data', (bytes: Buffer) => call.write(bytes));
      honest.on('error', () => call.end());
      honest.on('end', () => call.end());
      call.on('data', (bytes: Buffer) => honest.write(bytes));
      call.on('cancelled', () => honest.cancel());
    };
  }
}
