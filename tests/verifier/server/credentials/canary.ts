/** Listeners on this machine that count whoever comes: nobody may. */
import { createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

export interface Canary {
  /** Connections so far. */
  readonly hits: () => number;
  readonly port4: number;
  readonly port6: number;
  close(): Promise<void>;
}

/** On 127.0.0.1 and ::1, on ports that the system gives. */
export async function openCanary(): Promise<Canary> {
  let hits = 0;
  const sockets = new Set<Socket>();
  const listen = async (host: string): Promise<Server> => {
    const server = createServer((socket) => {
      hits += 1;
      sockets.add(socket);
      socket.end('HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nhits');
    });
    await new Promise<void>((resolve, reject) => { server.once('error', reject).listen(0, host, resolve); });
    return server;
  };
  const servers = [await listen('127.0.0.1'), await listen('::1')];
  const [port4 = 0, port6 = 0] = servers.map((server) => (server.address() as AddressInfo).port);
  return {
    hits: () => hits, port4, port6,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await Promise.all(servers.map((server) => new Promise((resolve) => { server.close(resolve); })));
    },
  };
}
