/** Private keys are nowhere but in the vault: not in a file, a log, an answer, the environment (`trust.md` K12). */
import { createPrivateKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { mustBe } from '../gateway/app/running-gateway.js';
import { bytesOfFolder, spellings } from './folder-bytes.js';
import { diplomaRequest, issued, issuerWorld, UNIVERSITY, type IssuerWorld } from './issuer-world.js';

let world: IssuerWorld;
const written: string[] = [];
const streams = [process.stdout, process.stderr] as const;
const before = streams.map((stream) => stream.write.bind(stream));

beforeAll(async () => {
  for (const stream of streams) {
    stream.write = ((chunk: string | Uint8Array) => {
      written.push(chunk.toString());
      return true;
    });
  }
  world = await issuerWorld({ env: { ISSUER_LOG_LEVEL: 'debug' } });
});
afterAll(async () => {
  for (const [at, stream] of streams.entries()) stream.write = before[at]!;
  await world.remove();
});

/** The scalars of all keys, taken out of the sealed store as only a holder of the key file can. */
async function scalars(): Promise<Buffer[]> {
  const found: Buffer[] = [];
  for await (const [, pkcs8] of world.issuer.parts.store.rows('private-key/')) {
    const { d } = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' }).export({ format: 'jwk' });
    found.push(Buffer.from(d ?? '', 'base64url'));
  }
  return found;
}

it('in nine spellings, after making, using, rotating and refusing', async () => {
  const answers: string[] = [];
  const key = { authorization: `Bearer ${world.gateway.operator.key}`, 'content-type': 'application/json' };
  const ask = async (method: 'GET' | 'POST', url: string, body?: object): Promise<void> => {
    answers.push((await world.call({ method, url, headers: key, ...(body === undefined ? {} : { payload: body }) })).text);
  };
  for (const method of ['key', 'jwk']) for (const algorithm of ['ES256', 'EdDSA']) await ask('POST', '/v1/dids', { organisation: 'dai-hoc-vi-du', method, algorithm });
  answers.push((await issued(world, world.university, diplomaRequest('K 1'))).text);
  const did = encodeURIComponent(UNIVERSITY);
  await ask('POST', `/v1/dids/${did}/keys`, { algorithm: 'EdDSA' });
  await ask('POST', `/v1/dids/${did}/keys/key-1/retirement`, { reason: 'compromised' });
  await ask('POST', `/v1/dids/${did}/keys/key-77/retirement`, { reason: 'compromised' });
  await ask('POST', '/credentials/issue', { credential: { issuer: UNIVERSITY } });
  await ask('GET', '/v1/dids');
  await ask('GET', '/dai-hoc-vi-du/did.json');
  await ask('GET', '/openapi.json');
  mustBe(200, await world.get('/healthz'));

  const keys = await scalars();
  expect(keys.length).toBeGreaterThanOrEqual(8);
  expect(keys.every((one) => one.length === 32)).toBe(true);
  const places = { files: await bytesOfFolder(world.folder), log: Buffer.from(written.join('')), answers: Buffer.from(answers.join('\n')), environment: Buffer.from(JSON.stringify(process.env)), asked: Buffer.from(JSON.stringify(world.asked)) };
  expect([places.log.length > 1_000, places.files.length > 10_000, places.answers.length > 5_000]).toEqual([true, true, true]);
  for (const [place, bytes] of Object.entries(places)) {
    for (const scalar of keys) expect([place, spellings(scalar).findIndex((one) => bytes.includes(one))]).toEqual([place, -1]);
  }
});

it('nor is the key that opens them, but in its own file', async () => {
  const secret = Buffer.from((await readFile(`${world.folder}/key-encryption-key`, 'utf8')).trim(), 'base64url');
  const places = [await bytesOfFolder(world.folder, ['key-encryption-key']), Buffer.from(written.join('')), Buffer.from(JSON.stringify(process.env))];
  expect(spellings(secret).filter((one) => places.some((bytes) => bytes.includes(one)))).toEqual([]);
});

it('nor are the API keys that are kept to finish what was begun', async () => {
  const text = world.university.key;
  expect((await world.issuer.parts.standing.keyOf(UNIVERSITY))).toBe(text);
  const places = [await bytesOfFolder(world.folder), Buffer.from(written.join(''))];
  for (const one of spellings(Buffer.from(text.slice('mc_7QK2M9ZD4XWA_'.length), 'base64url'))) expect(places.some((bytes) => bytes.includes(one))).toBe(false);
  expect(places.some((bytes) => bytes.includes(Buffer.from(text)))).toBe(false);
});

it('this look finds what is there', async () => {
  const [scalar = Buffer.alloc(0)] = await scalars();
  for (const one of spellings(scalar)) expect(Buffer.concat([Buffer.from('…'), one, Buffer.from('…')]).includes(one)).toBe(true);
  const hidden = Buffer.from(`x${Buffer.concat([Buffer.from('ab'), scalar, Buffer.from('cd')]).toString('base64')}y`);
  expect(spellings(scalar).some((one) => hidden.includes(one))).toBe(true);
});
