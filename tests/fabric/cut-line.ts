/** A line between a gateway and a peer that can be cut: TCP on 127.0.0.1, passed on as it comes. */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

interface Pair {
  readonly near: Socket;
  readonly far: Socket;
}

/**
 * `open`: both ways. `deaf`: what the gateway sends arrives, what the peer answers does not. `silent`: nothing passes, and
 * neither side is told. `cut`: connections are reset, and new ones refused.
 */
export type LineState = 'open' | 'deaf' | 'silent' | 'cut';

export class CutLine {
  readonly address: string;
  readonly #server: Server;
  readonly #target: number;
  readonly #pairs = new Set<Pair>();
  #state: LineState = 'open';

  private constructor(server: Server, target: number) {
    this.#server = server;
    this.#target = target;
    // TLS certificates name the machine, not its number.
    this.address = `localhost:${(server.address() as AddressInfo).port}`;
    server.on('connection', (near: Socket) => this.#join(near));
  }

  /** @param address of the peer, e.g. `localhost:20101` */
  static async to(address: string): Promise<CutLine> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new CutLine(server, Number(address.slice(address.lastIndexOf(':') + 1)));
  }

  become(state: LineState): void {
    this.#state = state;
    for (const pair of this.#pairs) this.#apply(pair);
  }

  async close(): Promise<void> {
    this.become('cut');
    this.#server.close();
    await once(this.#server, 'close');
  }

  #join(near: Socket): void {
    const pair: Pair = { near, far: connect({ host: '127.0.0.1', port: this.#target }) };
    this.#pairs.add(pair);
    near.on('data', (bytes) => { if (this.#state !== 'silent') pair.far.write(bytes); });
    pair.far.on('data', (bytes) => { if (this.#state === 'open') near.write(bytes); });
    for (const socket of [near, pair.far]) socket.on('error', () => undefined).on('close', () => this.#part(pair));
    this.#apply(pair);
  }

  #apply(pair: Pair): void {
    if (this.#state === 'cut') this.#part(pair);
  }

  #part(pair: Pair): void {
    if (!this.#pairs.delete(pair)) return;
    pair.near.resetAndDestroy();
    pair.far.destroy();
  }
}
