/** How many answers a second a Fastify app gives over HTTP, to a client in another process. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance } from 'fastify';
import type { Round, RoundResult } from './http-client.js';

const CONNECTIONS = 16;
const WARM_UP_MS = 1000;
const MEASURED_MS = 3000;

/**
 * @param app listens already, on 127.0.0.1
 * @param paths asked in turn, e.g. `['/01/09521234543213']`; the warm-up asks the first only, unless there is just one
 */
export async function answersPerSecond(app: FastifyInstance, paths: readonly string[]): Promise<number> {
  const { port } = app.server.address() as AddressInfo;
  const client = fork(fileURLToPath(new URL('./http-client.js', import.meta.url)));
  try {
    const ask = async (some: readonly string[], milliseconds: number): Promise<RoundResult> => {
      const round: Round = { port, paths: some, connections: CONNECTIONS, milliseconds };
      client.send(round);
      const [result] = await once(client, 'message') as [RoundResult];
      if (result.failure !== undefined) throw new Error(result.failure);
      return result;
    };
    await ask(paths.slice(0, 1), WARM_UP_MS);
    const { answers, spentMs } = await ask(paths, MEASURED_MS);
    return answers / (spentMs / 1000);
  } finally {
    client.kill();
  }
}
