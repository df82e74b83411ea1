/**
 * The one way out to addresses that somebody else chose: status lists and DID documents of issuers. A name is resolved
 * once, every answer is looked at, and the connection goes to an address that was looked at, so that no second answer
 * can lead inside.
 */
import { lookup } from 'node:dns/promises';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { connect as connectPlain, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { Problem, require } from '#domain/errors.js';
import { isPublicAddress, literalAddress } from './public-address.js';

/** Gets a text. Rejects with Problem FETCH_ADDRESS_REFUSED (asked nobody) or FETCH_FAILED, both with field `url`. */
export type GuardedFetch = (url: string) => Promise<string>;

/** Where a connection goes: a checked address, or an operator's own host by its name. */
export interface Destination {
  readonly address: string;
  readonly port: number;
  /** Name that the certificate must bear; `undefined` for plain http to an own origin. */
  readonly tlsName: string | undefined;
}

export interface GuardedFetchOptions {
  /** Origins that the operator set, taken exactly, e.g. `http://127.0.0.1:8082`: they may be inside, and plain. */
  readonly ownOrigins?: readonly string[];
  /** All addresses of a name; the system's resolver unless stated. */
  readonly resolve?: (host: string) => Promise<readonly string[]>;
  /** Opens a connection; TCP and TLS unless stated. */
  readonly connect?: (destination: Destination) => Socket;
  /** Milliseconds for all of it, redirect included. */
  readonly timeout?: number;
  /** Bytes of the body. */
  readonly largest?: number;
}

const PORTS: ReadonlySet<string> = new Set(['', '8443']);
const MOST_REDIRECTS = 1;
const LONGEST_URL = 500;
const TIMEOUT_MS = 3_000;
const LARGEST = 262_144;
const HEADERS = { 'accept': '*/*', 'accept-encoding': 'identity', 'user-agent': 'minhchung-verifier', 'connection': 'close' } as const;

/** @returns a fetcher; whatever it is given, it reaches public https and the operator's own origins, and nothing else */
export function guardedFetch(options: GuardedFetchOptions = {}): GuardedFetch {
  const { timeout = TIMEOUT_MS, ...rest } = options;
  const parts: Parts = { ownOrigins: new Set(rest.ownOrigins), resolve: rest.resolve ?? resolved, connect: rest.connect ?? opened, largest: rest.largest ?? LARGEST };
  return async (url) => {
    const signal = AbortSignal.timeout(timeout);
    try {
      return await follow(url, parts, signal, MOST_REDIRECTS);
    } catch (error) {
      if (error instanceof Problem) throw new Problem(error.code, { ...error.fields, url: url.slice(0, 200) });
      throw failed(signal.aborted ? 'timeout' : reasonOf(error), url.slice(0, 200));
    }
  };
}

interface Parts {
  readonly ownOrigins: ReadonlySet<string>;
  readonly resolve: (host: string) => Promise<readonly string[]>;
  readonly connect: (destination: Destination) => Socket;
  readonly largest: number;
}

async function follow(text: string, parts: Parts, signal: AbortSignal, redirects: number): Promise<string> {
  const url = urlOf(text);
  const response = await asked(url, parts.connect(await destinationOf(url, parts, signal)), signal);
  try {
    const location = redirectOf(response);
    if (location === undefined) return await bodyOf(response, parts.largest);
    if (redirects === 0) throw failed('too many redirects');
    return await follow(URL.canParse(location, url.href) ? new URL(location, url).href : '', parts, signal, redirects - 1);
  } finally {
    response.destroy();
  }
}

function urlOf(text: string): URL {
  const url = text.length <= LONGEST_URL && URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined) throw new Problem('FETCH_ADDRESS_REFUSED', { reason: 'no URL' });
  require(url.username === '' && url.password === '', 'FETCH_ADDRESS_REFUSED', { reason: 'user in the address' });
  return url;
}

async function destinationOf(url: URL, parts: Parts, signal: AbortSignal): Promise<Destination> {
  const { hostname, port, protocol } = url;
  const tlsName = protocol === 'https:' ? hostname : undefined;
  if (parts.ownOrigins.has(url.origin)) return { address: literalAddress(hostname) ?? hostname, port: Number(port) || (tlsName === undefined ? 80 : 443), tlsName };
  require(protocol === 'https:', 'FETCH_ADDRESS_REFUSED', { reason: 'not https' });
  require(PORTS.has(port), 'FETCH_ADDRESS_REFUSED', { reason: 'port' });
  return { address: await publicAddressOf(hostname, parts, signal), port: Number(port) || 443, tlsName };
}

/** One answer inside is enough to refuse the name: which of them would be used is not ours to choose. */
async function publicAddressOf(hostname: string, { resolve }: Parts, signal: AbortSignal): Promise<string> {
  const literal = literalAddress(hostname);
  const addresses = literal === undefined ? await inTime(resolve(hostname), signal) : [literal];
  require(addresses.length > 0 && addresses.every(isPublicAddress), 'FETCH_ADDRESS_REFUSED', { reason: 'not a public address' });
  return addresses[0] ?? '';
}

/** The system's resolver cannot be told to stop; nobody waits for it longer. */
function inTime<T>(answer: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(failed('timeout'));
    if (signal.aborted) return stop();
    signal.addEventListener('abort', stop, { once: true });
    answer.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}

async function resolved(host: string): Promise<readonly string[]> {
  return (await lookup(host, { all: true, verbatim: true })).map(({ address }) => address);
}

function opened({ address, port, tlsName }: Destination): Socket {
  if (tlsName === undefined) return connectPlain({ host: address, port });
  const servername = literalAddress(tlsName) === undefined ? { servername: tlsName } : {};
  return connectTls({ host: address, port, ALPNProtocols: ['http/1.1'], ...servername });
}

/** Speaks HTTP over exactly this connection. With `agent` stated, even as false, Node would open one of its own. */
function asked(url: URL, socket: Socket, signal: AbortSignal): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({ createConnection: () => socket, path: url.pathname + url.search, headers: { host: url.host, ...HEADERS }, signal });
    request.once('response', resolve);
    request.once('error', (error) => {
      socket.destroy();
      reject(error);
    });
    request.end();
  });
}

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

function redirectOf({ statusCode = 0, headers: { location } }: IncomingMessage): string | undefined {
  if (statusCode === 200) return undefined;
  if (REDIRECTS.has(statusCode) && location !== undefined) return location;
  throw failed(`status ${statusCode}`);
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Read piece by piece, so that an endless answer ends here. */
async function bodyOf(response: IncomingMessage, largest: number): Promise<string> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of response as AsyncIterable<Buffer>) {
    length += piece.length;
    if (length > largest) throw failed(`longer than ${largest} bytes`);
    pieces.push(piece);
  }
  return utf8.decode(Buffer.concat(pieces));
}

function failed(reason: string, url?: string): Problem {
  return new Problem('FETCH_FAILED', { reason, ...(url === undefined ? {} : { url }) });
}

/** A system's code, e.g. `ECONNREFUSED`; its message could name what is inside. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
