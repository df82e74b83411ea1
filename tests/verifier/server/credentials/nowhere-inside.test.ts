/** Every place that fetches × every spelling of an address inside × directly, by a redirect, by rebinding: nobody is reached. */
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Problem } from '#domain/errors.js';
import type { ItemKey } from '#domain/gs1/item-key.js';
import { instantOf } from '#domain/instant.js';
import type { Did } from '#domain/trust/did.js';
import type { TrustSnapshot } from '#domain/trust/snapshot.js';
import { httpGateway } from '../../../../issuer/ledger/gateway-api.js';
import { httpTrustSource } from '../../../../verifier/server/credentials/http-trust-source.js';
import { askOverHttp } from '../../../../verifier/server/credentials/issuer-service.js';
import { guardedFetch } from '../../../../verifier/server/guarded-fetch.js';
import { httpPublicRecords } from '../../../../verifier/server/http-public-records.js';
import { httpReportInbox } from '../../../../verifier/server/http-report-inbox.js';
import { nodeCrypto } from '../../../../verifier/server/node-crypto.js';
import { nodeInflate } from '../../../../verifier/server/node-inflate.js';
import { TrustWorker } from '../../../../verifier/server/trust-worker.js';
import { issuerOf, keyRecordOf, NOW, SAMPLES, SNAPSHOT } from '../../../support/credential-maker.js';
import { openCanary, type Canary } from './canary.js';
import { PRIVATE_SPELLINGS } from './private-addresses.js';

/** An address of everybody's, which here leads to a server of the test's own. */
const PUBLIC = '93.184.216.34';
const SIGNER = issuerOf('ChemicalLicenceCredential', 'ES256');
const LIST = SAMPLES.ChemicalLicenceCredential.status.revocation.list.split('/').at(-1) ?? '';

let canary: Canary;
let server: Server;
/** Where the public server sends whoever asks; absent: it answers. */
let location: string | undefined;
let arrived = 0;

beforeAll(async () => {
  canary = await openCanary();
  server = createServer((request) => {
    arrived += 1;
    // Written by hand: some of these spellings no library would send.
    request.socket.end(`HTTP/1.1 ${location === undefined ? '200 OK' : `302 Found\r\nlocation: ${location}`}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`);
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await canary.close();
});
beforeEach(() => {
  [location, arrived] = [undefined, 0];
});

const portOf = (): number => (server.address() as AddressInfo).port;

type Resolve = (host: string) => Promise<readonly string[]>;

/** The worker with its real way out; only the one public address leads elsewhere, every other is really connected to. */
function workerWith(resolve: Resolve, asked: string[], refusals: string[], snapshot: TrustSnapshot): TrustWorker {
  const fetch = guardedFetch({
    timeout: 2_000, resolve,
    connect: ({ address, port }) => (address === PUBLIC ? connect({ host: '127.0.0.1', port: portOf() }) : connect({ host: address, port })),
  });
  const text = async (url: string): Promise<string> => {
    asked.push(url);
    return fetch(url).catch((error: unknown) => {
      refusals.push(error instanceof Problem ? error.code : String(error));
      throw error;
    });
  };
  return new TrustWorker({ trust: { trustSnapshot: async () => snapshot }, published: { text }, issuerOrigin: 'https://cap.example', crypto: nodeCrypto(), inflate: nodeInflate, now: () => NOW });
}

/** The register as far as these fetches need it: one list by its name, or one DID with a key. */
function registerOf(place: Place, did: Did): TrustSnapshot {
  const empty = { ...SNAPSHOT, knownAt: instantOf(NOW), dids: [], keys: [], lists: [] };
  if (place === 'a DID document') return { ...empty, dids: [{ ...SNAPSHOT.dids[0]!, did }], keys: [{ ...keyRecordOf(SIGNER), did }] };
  return { ...empty, lists: [{ kind: 'status-list', did: SIGNER.did, list: LIST, purpose: 'revocation', version: 1, hash: 'a'.repeat(64), publishedAt: instantOf(NOW) }] };
}

const PLACES = ['a status list', 'a DID document'] as const;
type Place = (typeof PLACES)[number];

/** Lets the worker fetch from `authority`, which may be spelt in any way. */
async function fetchFrom(authority: string, place: Place, resolve: Resolve): Promise<{ asked: string[]; refusals: string[] }> {
  const [asked, refusals]: [string[], string[]] = [[], []];
  const worker = workerWith(resolve, asked, refusals, registerOf(place, `did:web:${authority.replace(/:(?=\d+$)/, '%3A')}` as Did));
  if (place === 'a status list') {
    const leads = location;
    location = undefined;
    await worker.round(); // what the register names is fetched from the own issuer; what a credential names, in the next round
    [location, arrived, asked.length, refusals.length] = [leads, 0, 0, 0];
    worker.want({ url: `https://${authority}/status/${LIST}`, purpose: 'revocation', by: SIGNER.did });
  }
  await worker.round();
  await worker.close();
  return { asked, refusals };
}

/** Without a port, with one that is allowed, and with those on which the canaries listen. */
const ports = (): readonly string[] => ['', ':8443', `:${canary.port4}`, `:${canary.port6}`];
const nobody: Resolve = async () => ['127.0.0.1', '::1'];
const REFUSED = 'FETCH_ADDRESS_REFUSED';
const every = PRIVATE_SPELLINGS.map(({ host, why }) => [host, why] as const);

describe.each(PLACES)('%s', (place) => {
  test.each(every)('at %s, directly (%s)', async (host) => {
    for (const port of ports()) {
      const { asked, refusals } = await fetchFrom(`${host}${port}`, place, nobody);
      // A did:web whose host is no name is not even asked for.
      if (place === 'a status list') expect(asked.length).toBe(1);
      expect(refusals).toEqual(asked.map(() => REFUSED));
    }
    expect([arrived, canary.hits()]).toEqual([0, 0]);
  });

  test.each(every)('that leads to %s by a redirect (%s)', async (host) => {
    for (const port of ports()) {
      [location, arrived] = [`https://${host}${port}/x`, 0];
      const { refusals } = await fetchFrom('lists.example', place, async (name) => (name === 'lists.example' || name === 'cap.example' ? [PUBLIC] : ['127.0.0.1', '::1']));
      expect([refusals, arrived]).toEqual([[REFUSED], 1]);
    }
    expect(canary.hits()).toBe(0);
  });

  const addresses = every.flatMap(([host, why]) => (URL.canParse(`https://${host}/`) ? [[new URL(`https://${host}/`).hostname.replaceAll(/[[\]]/g, ''), why] as const] : []));
  test.each(addresses)('whose name leads to %s the second time (%s)', async (address) => {
    let times = 0;
    location = 'https://lists.example/again';
    const { refusals } = await fetchFrom('lists.example', place, async (name) => (name === 'cap.example' || times++ === 0 ? [PUBLIC] : [address]));
    expect([refusals, times, arrived, canary.hits()]).toEqual([[REFUSED], 2, 1, 0]);
  });
});

/** Programs that the operator named: they may be inside, and none of them may send their asker elsewhere. */
const OWN: readonly (readonly [string, (origin: string) => Promise<unknown>])[] = [
  ['the issuer', (origin) => askOverHttp(origin)({ method: 'GET', path: '/public/credentials/x', headers: {} })],
  ['the issuer, posted to', (origin) => askOverHttp(origin)({ method: 'POST', path: '/public/credentials/x/reveal', headers: {}, body: '{}' })],
  ['the registry', (origin) => httpTrustSource({ gateway: origin }).trustSnapshot()],
  ['a commitment', (origin) => httpTrustSource({ gateway: origin }).commitment('a'.repeat(64))],
  ['a public record', (origin) => httpPublicRecords({ gateway: origin, now: () => NOW }).item('/01/09520000000011' as ItemKey)],
  ['the inbox of reports', (origin) => httpReportInbox({ gateway: origin }).file({ token: 'a'.repeat(16), code: 'x', reason: 'other' } as never, '192.0.2.7')],
  ['the issuer\'s gateway', (origin) => httpGateway({ origin, patience: 2_000 })('GET', '/public/trust', undefined, undefined)],
];

test.each(OWN)('%s: a redirect to any of them is followed by nobody', async (_, ask) => {
  for (const [at, [host]] of every.entries()) {
    location = `http://${host}:${at % 2 === 0 ? canary.port4 : canary.port6}/x`;
    await expect(ask(`http://127.0.0.1:${portOf()}`)).rejects.toBeInstanceOf(Problem);
  }
  expect([arrived, canary.hits()]).toEqual([every.length, 0]);
});

test('a canary that is asked notices (control)', async () => {
  const fetch = guardedFetch({ ownOrigins: [`http://127.0.0.1:${canary.port4}`], timeout: 2_000 });
  await fetch(`http://127.0.0.1:${canary.port4}/x`).catch(() => undefined);
  expect(canary.hits()).toBe(1);
});
