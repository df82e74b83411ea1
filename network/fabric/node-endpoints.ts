/** What nodes answer over HTTPS on this machine: health, metrics, channel participation. All ask for the certificate with which nodes are administered. */
import { readFile } from 'node:fs/promises';
import { request, type Agent } from 'node:https';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import type { NodeFolder } from './network-folder.js';

/** A port of this machine, and the folder that holds the root of its node's TLS certificate. */
export interface NodePort {
  readonly port: number;
  readonly node: NodeFolder;
}

/** One node's administrative port, and the folder of the identity that opens it. */
export interface Endpoint extends NodePort {
  readonly operations: string;
}

export interface EndpointAnswer {
  readonly status: number;
  readonly body: string;
}

export interface EndpointRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly contentType?: string;
  readonly body?: Uint8Array;
}

const LONGEST_ANSWER_MS = 10_000;
const LONGEST_HANDSHAKE_MS = 2_000;

/**
 * @param agent keeps connections for whoever asks again and again; left out, each question has its own
 * @throws Error if nobody listens or the certificates do not fit
 */
export async function ask({ port, node, operations }: Endpoint, { method, path, contentType, body }: EndpointRequest, agent: Agent | false = false): Promise<EndpointAnswer> {
  const [ca, cert, key] = await Promise.all([node.tlsRoot, join(operations, 'certificate.pem'), join(operations, 'key.pem')].map((file) => readFile(file)));
  return new Promise((resolve, reject) => {
    const headers = contentType === undefined ? {} : { 'content-type': contentType };
    const sent = request({ host: 'localhost', port, method, path, ca, cert, key, headers, agent, timeout: LONGEST_ANSWER_MS }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => { resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') }); });
      response.on('error', reject);
    });
    sent.on('timeout', () => sent.destroy(new Error(`no answer within ${LONGEST_ANSWER_MS} ms`)));
    sent.on('error', reject);
    sent.end(body);
  });
}

/** True if the node calls itself healthy on its operations port. */
export async function isHealthy(operations: Endpoint): Promise<boolean> {
  return (await ask(operations, { method: 'GET', path: '/healthz' })).status === 200;
}

/**
 * One number of a node's Prometheus metrics.
 *
 * @param name with labels as they are written, e.g. `ledger_blockchain_height{channel="minhchung"}`
 * @returns `undefined` if the node does not tell it
 */
export async function metric(operations: Endpoint, name: string): Promise<number | undefined> {
  const { body } = await ask(operations, { method: 'GET', path: '/metrics' });
  const line = body.split('\n').find((one) => one.startsWith(`${name} `));
  return line === undefined ? undefined : Number(line.slice(name.length + 1));
}

/** True if the node answers on a gRPC port: it listens long before it does. */
export async function isServing({ port, node }: NodePort): Promise<boolean> {
  const ca = await readFile(node.tlsRoot);
  return new Promise((resolve) => {
    const socket = connectTls({ host: 'localhost', port, ca, servername: 'localhost', ALPNProtocols: ['h2'] });
    const settle = (serving: boolean) => (): void => {
      socket.destroy();
      resolve(serving);
    };
    socket.once('secureConnect', settle(true)).once('error', settle(false)).setTimeout(LONGEST_HANDSHAKE_MS, settle(false));
  });
}

/** True if this machine lets a server listen on the port. @param listen e.g. `127.0.0.1` */
export async function isFree(port: number, listen: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => { resolve(false); });
    server.listen(port, listen, () => server.close(() => { resolve(true); }));
  });
}

/** True if somebody listens on the port. @param listen e.g. `127.0.0.1` */
export async function isListening(port: number, listen: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: listen, port });
    const settle = (listening: boolean) => (): void => {
      socket.destroy();
      resolve(listening);
    };
    socket.once('connect', settle(true)).once('error', settle(false)).setTimeout(1_000, settle(false));
  });
}
