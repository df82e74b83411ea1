import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { buildVerifier } from '../../../verifier/server/build-verifier.js';
import { httpPublicRecords } from '../../../verifier/server/http-public-records.js';
import { nodeCrypto } from '../../../verifier/server/node-crypto.js';
import type { PublicRecords } from '../../../verifier/server/public-records.js';
import { NOW } from '../certificate-builder.js';
import { dossierOf, IMAGE, itemOf, LABEL, LOT_DOSSIER, LOT_KEY, MAKER, measure, NOTHING, PRODUCT_DOSSIER, product, receiptFor, SERIAL_KEY, serial, trustOf, unit, UNIT_DOSSIER } from '../goods-fixtures.js';
import { newWorld, type World } from '../receipt-builder.js';
import { OPERATOR, ORIGIN } from './shop-window.js';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

let server: Server;
let world: World;
let answer: Answer;
let asked: string[] = [];
let now = 0;

beforeAll(async () => {
  world = await newWorld();
  server = createServer((request, response) => {
    asked.push(request.url ?? '');
    answer(request, response);
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
});
afterAll(() => { server.closeAllConnections(); server.close(); });
afterEach(() => { asked = []; });

const records = (timeout = 2_000): PublicRecords =>
  httpPublicRecords({ gateway: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, now: () => now, timeout });

const says = (body: string | Buffer, status = 200, type = 'application/json'): Answer => (_, response) => {
  response.writeHead(status, { 'content-type': type });
  response.end(body);
};

describe('items', () => {
  const hazard = { ...product, importer: product.producer, hazard: { signalWord: 'warning', pictograms: ['GHS02'], unNumber: '1090' } } as const;
  const custody = { state: 'in-transit', holder: MAKER, shipment: 'shipment/a/1', hold: { cause: 'seized', reason: 'x', by: MAKER, at: measure.at } } as const;

  test.each([
    ['a serial', itemOf(dossierOf())], ['a lot', itemOf(LOT_DOSSIER)], ['a product', itemOf(PRODUCT_DOSSIER)], ['a unit', itemOf(UNIT_DOSSIER)], ['nothing', itemOf(NOTHING(SERIAL_KEY), { journey: [] })],
    ['a recall and a hold', itemOf(dossierOf({ lot: { ...LOT_DOSSIER.lot!, recall: measure, suspension: measure }, serial: { ...serial, custody }, inside: [unit] }))],
    ['a chemical', itemOf(dossierOf({ product: hazard, serial: { ...serial, content: { mass: '25000000', components: [{ substance: 'acetone', mass: '24750000' }] } } }))],
  ])('%s arrives as it was sent', async (_, item) => {
    answer = says(JSON.stringify(item));
    expect(await records().item(SERIAL_KEY)).toEqual(item);
    expect(asked).toEqual([`/v1/public/items?key=${encodeURIComponent(SERIAL_KEY)}`]);
  });

  test.each<[string, Answer, string, Record<string, string>]>([
    ['not JSON', says('<html>'), 'TEXT_NOT_JSON', {}],
    ['a key twice', says('{"dossier":{},"dossier":{}}'), 'JSON_DUPLICATE_KEY', {}],
    ['not UTF-8', says(Buffer.from([0x22, 0xff, 0x22])), 'TEXT_NOT_PLAIN', {}],
    ['a field too many', says(JSON.stringify({ ...itemOf(dossierOf()), extra: 1 })), 'FIELD_UNKNOWN', { field: 'extra' }],
    ['a field too few', says(JSON.stringify({ dossier: dossierOf(), journey: [] })), 'FIELD_MISSING', { field: 'asOf' }],
    ['hidden characters in a name', says(JSON.stringify(itemOf(dossierOf({ product: { ...product, name: 'a\u202eb' } })))), 'TEXT_NOT_PLAIN', { field: 'dossier.product.name' }],
    ['a name too long', says(JSON.stringify(itemOf(dossierOf({ product: { ...product, name: 'a'.repeat(201) } })))), 'TEXT_TOO_LONG', { field: 'dossier.product.name' }],
    ['a state that nobody knows', says(JSON.stringify(itemOf(dossierOf({ serial: { ...serial, custody: { ...serial.custody, state: '__proto__' } as never } })))), 'FIELD_WRONG_VALUE', { field: 'dossier.serial.custody.state' }],
    ['an instant in another form', says(JSON.stringify({ ...itemOf(dossierOf()), asOf: { height: '1', blockTime: '2026-11-20T15:30:00+07:00', knownAt: '2026-11-20T08:30:00.000Z' } })), 'INSTANT_INVALID', { field: 'asOf.blockTime' }],
    ['a step that nobody knows', says(JSON.stringify({ ...itemOf(dossierOf()), journey: [{ step: 'teleport', at: measure.at, recordedAt: measure.at, province: '01' }] })), 'FIELD_WRONG_VALUE', { field: 'journey[0].step' }],
    ['500', says('{}', 500), 'LEDGER_UNREACHABLE', { reason: 'status 500' }],
    ['404', says('{}', 404), 'LEDGER_UNREACHABLE', { reason: 'status 404' }],
    ['a redirect', (_, response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(), 'LEDGER_UNREACHABLE', {}],
    ['a broken connection', (_, response) => response.destroy(), 'LEDGER_UNREACHABLE', {}],
  ])('%s is refused', async (_, wrong, code, fields) => {
    answer = wrong;
    await expect(records().item(SERIAL_KEY)).rejects.toMatchObject({ code, fields });
  });

  test('an endless answer ends', async () => {
    answer = (_, response) => {
      response.writeHead(200);
      const more = (): void => { if (response.writable && response.write(Buffer.alloc(65_536, 0x20))) setImmediate(more); else response.once('drain', more); };
      more();
    };
    await expect(records().item(SERIAL_KEY)).rejects.toMatchObject({ code: 'LEDGER_UNREACHABLE', fields: { reason: 'longer than 2000000 bytes' } });
  });

  test('silence ends too', async () => {
    answer = () => undefined;
    await expect(records(50).item(SERIAL_KEY)).rejects.toMatchObject({ code: 'LEDGER_UNREACHABLE', fields: { reason: 'TimeoutError' } });
  });

  test('the same question at the same time is asked once; afterwards anew', async () => {
    answer = says(JSON.stringify(itemOf(dossierOf())));
    const port = records();
    const mine = (): string[] => asked.filter((path) => path.includes(encodeURIComponent(LOT_KEY)));
    await Promise.all([port.item(LOT_KEY), port.item(LOT_KEY), port.item(LOT_KEY)]);
    expect(mine().length).toBe(1);
    await port.item(LOT_KEY);
    expect(mine().length).toBe(2);
  });
});

test('the site over this port proves what it shows, from bytes to band', async () => {
  answer = (request, response) => {
    const path = request.url ?? '';
    const body = path.startsWith('/v1/public/items') ? JSON.stringify(itemOf(dossierOf())) : path.startsWith('/v1/public/receipts') ? receiptFor(world, dossierOf()) : JSON.stringify(trustOf(world));
    says(body)(request, response);
  };
  const app = buildVerifier({ records: records(), crypto: nodeCrypto(), now: () => NOW, origin: ORIGIN, operator: OPERATOR });
  const got = await app.inject({ url: LABEL, headers: { accept: 'application/json' } });
  expect([got.statusCode, got.json()]).toEqual([200, expect.objectContaining({ verdict: 'verified', band: expect.objectContaining({ state: 'registered' }) })]);
  answer = says('{}', 500);
  expect((await app.inject({ url: `/01/09520000000028`, headers: { accept: 'application/json' } })).statusCode).toBe(503);
  await app.close();
});

describe('receipts, pictures, roots', () => {
  test('a receipt is text, unread', async () => {
    answer = says('{"format":"minhchung-receipt-1"}');
    expect(await records().receipt(SERIAL_KEY)).toBe('{"format":"minhchung-receipt-1"}');
    expect(asked).toEqual([`/v1/public/receipts?key=${encodeURIComponent(SERIAL_KEY)}`]);
  });

  test('a picture has bytes and a type', async () => {
    answer = says(Buffer.from([1, 2, 3]), 200, 'IMAGE/PNG; charset=binary');
    expect(await records().media(IMAGE)).toEqual({ bytes: Buffer.from([1, 2, 3]), type: 'image/png' });
    expect(asked).toEqual([`/v1/public/media/${IMAGE}`]);
  });

  test('a picture that is not there is an answer', async () => {
    answer = says('', 404);
    expect(await records().media(IMAGE)).toBeUndefined();
  });

  test('roots are kept for half a minute', async () => {
    answer = says(JSON.stringify(trustOf(world)));
    const port = records();
    now = 1000;
    expect(await port.trust()).toEqual(trustOf(world));
    now = 30_999;
    await port.trust();
    expect(asked.length).toBe(1);
    now = 31_000;
    await port.trust();
    expect(asked).toEqual(['/v1/public/trust', '/v1/public/trust']);
  });

  test.each([
    ['no minimum', { minimumOrganisations: 0 }, 'FIELD_WRONG_VALUE', 'minimumOrganisations'],
    ['no certificate', { roots: { Org1MSP: [] } }, 'LIST_EMPTY', 'roots.Org1MSP'],
    ['another kind of ledger', { ledger: 'paper' }, 'FIELD_WRONG_VALUE', 'ledger'],
  ])('roots with %s are refused, and not kept', async (_, change, code, field) => {
    answer = says(JSON.stringify({ ...trustOf(world), ...change }));
    const port = records();
    await expect(port.trust()).rejects.toMatchObject({ code, fields: { field } });
    answer = says(JSON.stringify(trustOf(world)));
    expect(await port.trust()).toEqual(trustOf(world));
  });
});
