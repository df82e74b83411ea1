import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runGateway, type RunningGateway } from './running-gateway.js';

let gateway: RunningGateway;
let port: number;

beforeAll(async () => {
  gateway = await runGateway();
  await gateway.app.listen({ host: '127.0.0.1', port: 0 });
  ({ port } = gateway.app.server.address() as AddressInfo);
});
afterAll(async () => gateway.remove());

/** Everything that comes back until the connection is closed. */
async function exchange(bytes: string | Buffer): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.write(bytes);
  return text(socket);
}

describe('on a real socket', () => {
  it.each([
    ['no HTTP', 'hello\r\n\r\n'],
    ['a header in two lengths', 'POST /v1/endings HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx'],
    ['chunks and a length (request smuggling, RFC 9112 6.1)', 'POST /v1/endings HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
    ['headers without end', `GET / HTTP/1.1\r\nHost: x\r\nA: ${'a'.repeat(20_000)}\r\n\r\n`],
    ['bytes of TLS', Buffer.from('16030100f5010000f1', 'hex')],
  ])('%s is refused and the connection closed', async (_what, bytes) => {
    const answer = await exchange(bytes);
    expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\nContent-Type: application\/problem\+json\r\n/);
    expect(JSON.parse(answer.split('\r\n\r\n')[1] ?? '')).toMatchObject({ status: 400, code: 'REQUEST_UNREADABLE' });
  });

  it('an honest request is answered', async () => {
    const answer = await exchange('GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(answer).toContain('{"status":"ok"}');
  });

  it('has a time for everything a client can be slow with', () => {
    const { server } = gateway.app;
    expect([server.requestTimeout, server.headersTimeout, server.maxConnections, server.timeout]).toEqual([30_000, 20_000, 2000, 120_000]);
  });
});
