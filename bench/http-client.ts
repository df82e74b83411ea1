/**
 * Asks a server over keep-alive connections as fast as it answers, in a process of its own: what it costs to ask must
 * show neither in the server's rate nor in its memory. Started by fork with one `Round` a message, answers a count.
 */
import { connect, type Socket } from 'node:net';

export interface Round {
  readonly port: number;
  /** Asked one after the other, from the first again when all were asked. */
  readonly paths: readonly string[];
  readonly connections: number;
  readonly milliseconds: number;
}

export interface RoundResult {
  readonly answers: number;
  readonly spentMs: number;
  readonly failure?: string;
}

const HEAD_END = Buffer.from('\r\n\r\n');

/** Reads one connection's answers; each must be a 200 with its length told. */
class Connection {
  readonly #socket: Socket;
  readonly #onAnswer: () => void;
  readonly #onFailure: (why: string) => void;
  #received: Buffer = Buffer.alloc(0);

  constructor(port: number, onAnswer: () => void, onFailure: (why: string) => void) {
    this.#onAnswer = onAnswer;
    this.#onFailure = onFailure;
    this.#socket = connect(port, '127.0.0.1').setNoDelay();
    this.#socket.on('data', (bytes) => this.#read(bytes));
    this.#socket.on('error', (error) => onFailure(error.message));
  }

  ask(path: string): void {
    this.#socket.write(`GET ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\naccept: text/html\r\n\r\n`);
  }

  end(): void {
    this.#socket.destroy();
  }

  #read(bytes: Buffer): void {
    this.#received = this.#received.length === 0 ? bytes : Buffer.concat([this.#received, bytes]);
    const headEnd = this.#received.indexOf(HEAD_END);
    if (headEnd === -1) return;
    const head = this.#received.toString('latin1', 0, headEnd);
    const length = /\r\ncontent-length: (\d+)/iu.exec(head)?.[1];
    if (!head.startsWith('HTTP/1.1 200') || length === undefined) return this.#onFailure(head.slice(0, 300));
    if (this.#received.length < headEnd + HEAD_END.length + Number(length)) return;
    this.#received = Buffer.alloc(0);
    this.#onAnswer();
  }
}

async function run({ port, paths, connections, milliseconds }: Round): Promise<RoundResult> {
  const from = performance.now();
  let answers = 0;
  let next = 0;
  const open: Connection[] = [];
  const failure = await Promise.race(Array.from({ length: connections }, async () => new Promise<string | undefined>((resolve) => {
    const path = (): string => paths[next++ % paths.length] ?? '/';
    const connection = new Connection(port, () => {
      answers++;
      if (performance.now() - from < milliseconds) connection.ask(path());
      else resolve(undefined);
    }, resolve);
    open.push(connection);
    connection.ask(path());
  })));
  const spentMs = performance.now() - from;
  for (const connection of open) connection.end();
  return { answers, spentMs, ...(failure === undefined ? {} : { failure }) };
}

process.on('message', (round: Round) => {
  void run(round).then((result) => process.send?.(result));
});
