// oxlint-disable-next-line import/no-unassigned-import -- @peculiar/x509 needs it before it is loaded
import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import * as x509 from '@peculiar/x509';
import fc from 'fast-check';
import { guardedFetch, type Destination, type GuardedFetch, type GuardedFetchOptions } from '../../../../verifier/server/guarded-fetch.js';
import { isPublicAddress } from '../../../../verifier/server/public-address.js';
import { openCanary, type Canary } from './canary.js';
import { PRIVATE_NAMES, PRIVATE_SPELLINGS } from './private-addresses.js';

/** An address of everybody's, which in these tests leads to a server of their own. */
const PUBLIC = '93.184.216.34';

let canary: Canary;
let server: Server;
let answer: (request: IncomingMessage, response: ServerResponse) => void = () => undefined;
let asked: string[] = [];
let connected: Destination[] = [];

beforeAll(async () => {
  canary = await openCanary();
  server = createServer((request, response) => {
    asked.push(`${request.headers.host}${request.url}`);
    answer(request, response);
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await canary.close();
});
beforeEach(() => {
  [asked, connected] = [[], []];
  answer = (_, response) => response.end('found');
});

/** The one public address is the test's server; every other is really connected to, so that a canary would notice. */
function toServer(destination: Destination): Socket {
  connected.push(destination);
  const port = destination.address === PUBLIC ? (server.address() as AddressInfo).port : destination.port;
  return connect({ host: destination.address === PUBLIC ? '127.0.0.1' : destination.address, port });
}

function fetcher(options: GuardedFetchOptions = {}): GuardedFetch {
  return guardedFetch({ resolve: async () => [PUBLIC], connect: toServer, timeout: 2_000, ...options });
}

const refused = (reason?: string): object => ({ code: 'FETCH_ADDRESS_REFUSED', ...(reason === undefined ? {} : { fields: expect.objectContaining({ reason }) as object }) });
const failedWith = (reason: string): object => ({ code: 'FETCH_FAILED', fields: expect.objectContaining({ reason }) as object });

describe('what a public address answers', () => {
  test('is the text; the name goes into Host and the certificate check', async () => {
    expect(await fetcher()('https://cap.example/status/a?b=c')).toBe('found');
    expect(asked).toEqual(['cap.example/status/a?b=c']);
    expect(connected).toEqual([{ address: PUBLIC, port: 443, tlsName: 'cap.example' }]);
  });

  test('also on port 8443, and by an address itself', async () => {
    await fetcher()('https://cap.example:8443/x');
    await fetcher()(`https://${PUBLIC}/x`);
    expect(connected).toEqual([{ address: PUBLIC, port: 8443, tlsName: 'cap.example' }, { address: PUBLIC, port: 443, tlsName: PUBLIC }]);
  });

  test('one redirect to another public place is followed, a second is not', async () => {
    answer = (request, response) => (request.url === '/a' ? response.writeHead(302, { location: 'https://two.example/b' }).end() : response.end('b'));
    expect(await fetcher()('https://one.example/a')).toBe('b');
    expect(asked).toEqual(['one.example/a', 'two.example/b']);
    answer = (_, response) => response.writeHead(307, { location: '/again' }).end();
    await expect(fetcher()('https://one.example/a')).rejects.toMatchObject(failedWith('too many redirects'));
  });

  test.each<[string, typeof answer, string]>([
    ['404', (_, response) => response.writeHead(404).end(), 'status 404'], ['500', (_, response) => response.writeHead(500).end(), 'status 500'],
    ['204', (_, response) => response.writeHead(204).end(), 'status 204'], ['a redirect to nowhere', (_, response) => response.writeHead(302).end(), 'status 302'],
    ['what is not UTF-8', (_, response) => response.end(Buffer.from([0xff, 0xfe])), 'ERR_ENCODING_INVALID_ENCODED_DATA'],
    ['less than it promised', (_, response) => { response.writeHead(200, { 'content-length': '10' }); response.write('abc'); setImmediate(() => response.destroy()); }, 'ECONNRESET'],
    ['too much, promised', (_, response) => { response.writeHead(200, { 'content-length': '99999999' }); response.write(Buffer.alloc(300_000)); }, 'longer than 262144 bytes'],
    ['no HTTP', (request) => request.socket.end('hello\r\n\r\n'), 'HPE_INVALID_CONSTANT'],
    ['a header without end', (request) => { request.socket.write(`HTTP/1.1 200 OK\r\nx: ${'a'.repeat(100_000)}`); }, 'HPE_HEADER_OVERFLOW'],
  ])('%s is a failure', async (_, wrong, reason) => {
    answer = wrong;
    await expect(fetcher()('https://cap.example/')).rejects.toMatchObject(failedWith(reason));
  });

  test('an endless body ends at 256 KiB', async () => {
    let sent = 0;
    answer = (_, response) => {
      const more = (): void => {
        sent += 65_536;
        if (response.destroyed) return;
        if (response.write(Buffer.alloc(65_536, 0x20))) setImmediate(more);
        else response.once('drain', more);
      };
      more();
    };
    await expect(fetcher()('https://cap.example/')).rejects.toMatchObject(failedWith('longer than 262144 bytes'));
    expect(sent).toBeLessThan(20_000_000);
  });

  test.each<[string, typeof answer]>([
    ['a byte now and then', (_, response) => { const drip = setInterval(() => { if (!response.write(' ')) clearInterval(drip); }, 20); response.once('close', () => clearInterval(drip)); }],
    ['silence', () => undefined],
    ['a redirect to silence', (request, response) => { if (request.url === '/') response.writeHead(302, { location: '/silent' }).end(); }],
  ])('%s ends by the clock', async (_, slow) => {
    answer = slow;
    await expect(fetcher({ timeout: 150 })('https://cap.example/')).rejects.toMatchObject(failedWith('timeout'));
  });

  test('a resolver that never answers ends by the clock, and one that fails is told', async () => {
    await expect(fetcher({ timeout: 50, resolve: () => new Promise(() => undefined) })('https://cap.example/')).rejects.toMatchObject(failedWith('timeout'));
    await expect(fetcher({ resolve: () => Promise.reject(Object.assign(new Error('no'), { code: 'ENOTFOUND' })) })('https://cap.example/')).rejects.toMatchObject(failedWith('ENOTFOUND'));
    await expect(fetcher({ resolve: async () => [] })('https://cap.example/')).rejects.toMatchObject(refused());
  });
});

test('there are at least sixty spellings, all different, and none is a public address', () => {
  expect(PRIVATE_SPELLINGS.length).toBeGreaterThanOrEqual(60);
  expect(new Set(PRIVATE_SPELLINGS.map(({ host }) => host)).size).toBe(PRIVATE_SPELLINGS.length);
});

describe('what leads inside is never connected to', () => {
  const every = PRIVATE_SPELLINGS.map(({ host, why }) => [host, why] as const);
  /** With the canaries' ports beside the allowed ones, which nobody listens on here. */
  const addressesOf = (host: string): readonly string[] => ['', ':8443', `:${canary.port4}`, `:${canary.port6}`].map((port) => `https://${host}${port}/status/x`);

  test.each(every)('%s, directly (%s)', async (host) => {
    for (const url of addressesOf(host)) await expect(fetcher({ resolve: async () => ['127.0.0.1'] })(url), url).rejects.toMatchObject(refused());
    expect([connected, canary.hits()]).toEqual([[], 0]);
  });

  test.each(every)('%s, by a redirect (%s)', async (host) => {
    for (const location of addressesOf(host)) {
      answer = (request) => request.socket.end(`HTTP/1.1 302 Found\r\nlocation: ${location}\r\ncontent-length: 0\r\n\r\n`);
      await expect(fetcher({ resolve: async (name) => (name === 'cap.example' ? [PUBLIC] : ['127.0.0.1']) })('https://cap.example/'), location).rejects.toMatchObject(refused());
    }
    expect([connected.every(({ address }) => address === PUBLIC), canary.hits()]).toEqual([true, 0]);
  });

  const literals = PRIVATE_SPELLINGS.flatMap(({ host, why }) => (URL.canParse(`https://${host}/`) ? [[new URL(`https://${host}/`).hostname.replaceAll(/[[\]]/g, ''), why] as const] : []));
  test.each(literals)('a name that resolves to %s (%s)', async (address) => {
    for (const resolve of [async () => [address], async () => [PUBLIC, address], async () => [address, PUBLIC]]) await expect(fetcher({ resolve })('https://cap.example/')).rejects.toMatchObject(refused('not a public address'));
    expect([connected, canary.hits()]).toEqual([[], 0]);
  });

  test.each(PRIVATE_NAMES)('the name %s, by the system\'s own resolver or none', async (name) => {
    await expect(guardedFetch({ timeout: 2_000 })(`https://${name}/`)).rejects.toMatchObject({ code: expect.stringMatching(/^FETCH_/) as string });
    expect(canary.hits()).toBe(0);
  });

  test('rebinding: a name is resolved once, and the connection goes to the answer that was looked at', async () => {
    let times = 0;
    const resolve = async (): Promise<readonly string[]> => (times++ === 0 ? [PUBLIC] : ['127.0.0.1', '::1']);
    expect(await fetcher({ resolve })('https://cap.example/')).toBe('found');
    expect([times, connected.map(({ address }) => address)]).toEqual([1, [PUBLIC]]);
  });

  test('rebinding over a redirect to the same name: looked at again, and refused', async () => {
    let times = 0;
    answer = (_, response) => response.writeHead(302, { location: '/b' }).end();
    await expect(fetcher({ resolve: async () => (times++ === 0 ? [PUBLIC] : ['127.0.0.1']) })('https://cap.example/a')).rejects.toMatchObject(refused());
    expect([times, canary.hits()]).toEqual([2, 0]);
  });

  test.each([
    ['http', 'http://cap.example/'], ['ftp', 'ftp://cap.example/'], ['file', 'file:///etc/passwd'], ['data', 'data:text/plain,x'], ['javascript', 'javascript:1'], ['blob', 'blob:https://cap.example/x'],
    ['unix', 'unix:/run/x'], ['gopher', 'gopher://cap.example/'], ['a user', 'https://a@cap.example/'], ['a password', 'https://:b@cap.example/'], ['a user that looks like a host', 'https://cap.example@127.0.0.1/'],
    ['port 22', 'https://cap.example:22/'], ['port 80', 'https://cap.example:80/'], ['port 0', 'https://cap.example:0/'], ['a path', '/status/x'], ['nothing', ''], ['a long one', `https://cap.example/${'a'.repeat(500)}`],
  ])('%s is refused before anything is resolved', async (_, url) => {
    let resolved = 0;
    await expect(fetcher({ resolve: async () => { resolved += 1; return [PUBLIC]; } })(url)).rejects.toMatchObject(refused());
    expect([resolved, connected]).toEqual([0, []]);
  });

  test('a redirect to what is no address is refused', async () => {
    answer = (_, response) => response.writeHead(302, { location: 'https://[' }).end();
    await expect(fetcher()('https://cap.example/')).rejects.toMatchObject(refused('no URL'));
  });

  test('a redirect from https down to http is refused', async () => {
    answer = (_, response) => response.writeHead(301, { location: 'http://cap.example/' }).end();
    await expect(fetcher()('https://cap.example/')).rejects.toMatchObject(refused('not https'));
  });

  test('whatever an IPv4 address is, its verdict is that of every way to write it', () => {
    fc.assert(fc.property(fc.nat(0xffff_ffff), (number) => {
      const dotted = [24, 16, 8, 0].map((shift) => (number >>> shift) & 255).join('.');
      const isPublic = isPublicAddress(dotted);
      const spelt = [`${number}`, `0x${number.toString(16)}`, `0${number.toString(8)}`].map((text) => new URL(`https://${text}/`).hostname);
      expect(spelt).toEqual([dotted, dotted, dotted]);
      expect(isPublicAddress(`::ffff:${dotted}`)).toBe(isPublic);
      expect(isPublicAddress(`64:ff9b::${dotted}`)).toBe(false);
      expect(isPublicAddress(`::${dotted}`)).toBe(false);
    }));
  });

  test.each(['2606:4700::1111', '2a00:1450:4001:81b::200e', '1.1.1.1', '::ffff:8.8.8.8'])('%s is everybody\'s', (address) => expect(isPublicAddress(address)).toBe(true));
  test.each(['', 'localhost', '1.1.1', '1.1.1.1/8', '2606:4700::1111%eth0', 'fe80::1%1', '1.1.1.1 '])('%j is no address that could be', (address) => expect(isPublicAddress(address)).toBe(false));
});

describe('own origins', () => {
  const own = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  test('the operator\'s own may be inside, and plain', async () => {
    expect(await guardedFetch({ ownOrigins: [own()] })(`${own()}/status/a`)).toBe('found');
  });

  test.each(['http://localhost:PORT', 'https://127.0.0.1:PORT', 'http://127.0.0.1', 'http://[::1]:PORT', 'http://127.0.0.2:PORT'])('%s is not it, to the letter', async (other) => {
    const { port } = server.address() as AddressInfo;
    await expect(guardedFetch({ ownOrigins: [own()], timeout: 500 })(`${other.replace('PORT', String(port))}/x`)).rejects.toMatchObject(refused());
    expect(asked).toEqual([]);
  });

  test('a user in its address is refused; a redirect from it leads no further inside', async () => {
    await expect(guardedFetch({ ownOrigins: [own()] })(own().replace('//', '//a@'))).rejects.toMatchObject(refused());
    answer = (_, response) => response.writeHead(302, { location: `https://127.0.0.1:${canary.port4}/` }).end();
    await expect(guardedFetch({ ownOrigins: [own()] })(own())).rejects.toMatchObject(refused());
    expect(canary.hits()).toBe(0);
  });
});

async function selfSigned(name: string): Promise<{ key: string; cert: string }> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const day = 86_400_000;
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({ name: `CN=${name}`, notBefore: new Date(Date.now() - day), notAfter: new Date(Date.now() + day), keys, signingAlgorithm: algorithm }, webcrypto as never);
  return { key: x509.PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey), 'PRIVATE KEY'), cert: certificate.toString('pem') };
}

test('TLS: a certificate that nobody vouches for is no answer', async () => {
  const tls = createTlsServer(await selfSigned('localhost'), (_, response) => response.end('x'));
  await new Promise<void>((resolve) => { tls.listen(0, '127.0.0.1', resolve); });
  const origin = `https://localhost:${(tls.address() as AddressInfo).port}`;
  await expect(guardedFetch({ ownOrigins: [origin] })(`${origin}/`)).rejects.toMatchObject(failedWith('DEPTH_ZERO_SELF_SIGNED_CERT'));
  tls.closeAllConnections();
  tls.close();
});
