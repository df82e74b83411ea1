import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canonicalJson } from '#domain/canonical-json.js';
import { CREDENTIAL_TYPES, CREDENTIAL_TYPE_NAMES } from '#domain/credential/credential-type.js';
import { evidence, rootOf } from '#domain/credential/commitment.js';
import { mustBe, type Answer } from '../gateway/app/running-gateway.js';
import { diplomaRequest, identityRequest, issued, issuerWorld, licenceRequest, type IssuerWorld } from './issuer-world.js';

let world: IssuerWorld;
beforeAll(async () => {
  world = await issuerWorld();
});
afterAll(async () => world.remove());

const reveal = async (publicId: string, serialNumber: string, dateOfBirth: string): Promise<Answer> => world.post(undefined, `/public/credentials/${publicId}/reveal`, { serialNumber, dateOfBirth });

describe('a public record', () => {
  it.each([['too short', 'abc'], ['of other characters', `${'+'.repeat(21)}A`], ['not canonical', `${'A'.repeat(21)}B`]])('with a name that is %s is no record', async (_, name) => {
    expect((await world.get(`/public/credentials/${encodeURIComponent(name)}`)).body).toMatchObject({ status: 400, code: 'FIELD_WRONG_VALUE', field: 'id' });
  });

  it('that nobody issued is not there', async () => {
    expect((await world.get(`/public/credentials/${'A'.repeat(22)}`)).body).toMatchObject({ status: 404, code: 'CREDENTIAL_UNKNOWN', fields: {} });
  });

  it('has the text without what is personal, and a box', async () => {
    const { jwt, publicId, text } = await issued(world, world.university, diplomaRequest('C 1'));
    const { body, headers } = mustBe(200, await world.get(`/public/credentials/${publicId}`));
    expect(Object.keys(body).sort()).toEqual(['id', 'issuedAt', 'sealed', 'text']);
    expect(body).toMatchObject({ id: publicId, text: `${jwt}#${text.split('#')[1] ?? ''}` });
    expect(headers).toMatchObject({ 'access-control-allow-origin': '*', 'cache-control': 'public, max-age=5' });
    for (const disclosure of text.split('~').slice(1, -1)) expect(JSON.stringify(body)).not.toContain(disclosure);
  });

  it('has no box where nothing is hidden', async () => {
    const { publicId } = await issued(world, world.authority, licenceRequest('C/1'));
    expect(mustBe(200, await world.get(`/public/credentials/${publicId}`)).body).not.toHaveProperty('sealed');
  });

  it('leads by its evidence to a root that is on the ledger', async () => {
    const { jwt, text } = await issued(world, world.gateway.operator, identityRequest());
    const given = evidence(JSON.parse(Buffer.from(text.split('#')[1] ?? '', 'base64url').toString()));
    const hash = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest();
    expect(await rootOf(given, hash(Buffer.from(jwt)), hash)).toBe(given.root);
    expect(mustBe(200, await world.gateway.call({ url: `/public/commitments/${given.root}` })).body).toMatchObject({ record: { root: given.root, count: 1 } });
  });

  it('opens its box with the key of the printed code, by WebCrypto as a browser does it, and with no other', async () => {
    const { link, publicId, text } = await issued(world, world.university, diplomaRequest('C 2'));
    expect(link).toMatch(new RegExp(`^http://localhost:8080/c/${publicId}#[A-Za-z0-9_-]{22}$`));
    const box = Buffer.from(String(mustBe(200, await world.get(`/public/credentials/${publicId}`)).body['sealed']), 'base64url');
    const opened = await openInBrowser(box, Buffer.from(link.split('#')[1] ?? '', 'base64url'));
    expect(opened).toBe(text.split('~').slice(1, -1).join('~'));
    await expect(openInBrowser(box, Buffer.alloc(16))).rejects.toThrow();
  });
});

async function openInBrowser(box: Buffer, key: Buffer): Promise<string> {
  const secret = await crypto.subtle.importKey('raw', Uint8Array.from(key), 'HKDF', false, ['deriveKey']);
  const derived = await crypto.subtle.deriveKey({ name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info: new TextEncoder().encode('minhchung disclosures v1') }, secret, { name: 'AES-GCM', length: 256 }, false, ['decrypt']);
  const opened = await crypto.subtle.decrypt({ name: 'AES-GCM', iv: Uint8Array.from(box.subarray(0, 12)) }, derived, Uint8Array.from(box.subarray(12)));
  return Buffer.from(opened).toString();
}

describe('revealing', () => {
  it('refuses with one answer whatever is wrong', async () => {
    const diploma = await issued(world, world.university, diplomaRequest('D 1'));
    const licence = await issued(world, world.authority, licenceRequest('D/1'));
    const answers = [
      await reveal(diploma.publicId, 'D 1', '2004-05-18'), await reveal(diploma.publicId, 'D 2', '2004-05-17'), await reveal(diploma.publicId, 'D 2', '2004-05-18'),
      await reveal(licence.publicId, 'D 1', '2004-05-17'), await reveal('A'.repeat(22), 'D 1', '2004-05-17'), await reveal('A'.repeat(22), '0', '1900-01-01'),
    ];
    expect(new Set(answers.map(({ text, status }) => `${status} ${text}`)).size).toBe(1);
    expect(answers[0]?.body).toMatchObject({ status: 422, code: 'REVEAL_REFUSED', fields: {} });
    expect(new Set(answers.map(({ headers }) => String(headers['content-length']))).size).toBe(1);
  });

  it.each([[{}, 'serialNumber'], [{ serialNumber: 'D 1' }, 'dateOfBirth'], [{ serialNumber: 'D 1', dateOfBirth: '17/05/2004' }, 'dateOfBirth'], [{ serialNumber: 'D 1', dateOfBirth: '2004-05-17', name: 'x' }, 'name']])('reads %j strictly', async (body, field) => {
    expect((await world.post(undefined, `/public/credentials/${'A'.repeat(22)}/reveal`, body)).body).toMatchObject({ status: 400, field });
  });

  it.each([['as printed', 'D 3'], ['in small letters and without the space', 'd3']])('shows the disclosures to whoever has both numbers, %s', async (_, typed) => {
    const { publicId, text } = await issued(world, world.university, diplomaRequest('D 3'));
    const answer = mustBe(200, await reveal(publicId, typed, '2004-05-17'));
    expect(answer.body).toEqual({ disclosures: text.split('~').slice(1, -1) });
    expect(answer.headers['cache-control']).toBe('no-store');
  });

  it('stops guesses at one paper, not looks at others, until the hour is over', async () => {
    const clock = { ahead: 0 };
    await world.restart({ now: () => Date.now() + clock.ahead });
    const [one, two] = [await issued(world, world.university, diplomaRequest('D 4')), await issued(world, world.university, diplomaRequest('D 5'))];
    for (let guess = 0; guess < 10; guess++) expect((await reveal(one.publicId, 'D 4', `2004-06-${10 + guess}`)).status).toBe(422);
    const stopped = await reveal(one.publicId, 'D 4', '2004-05-17');
    expect(stopped).toMatchObject({ status: 429, body: { code: 'RATE_LIMITED' } });
    expect(Number(stopped.headers['retry-after'])).toBeGreaterThan(3_500);
    mustBe(200, await reveal(two.publicId, 'D 5', '2004-05-17'));
    clock.ahead = 3_600_000;
    mustBe(200, await reveal(one.publicId, 'D 4', '2004-05-17'));
    await world.restart();
  });

  it('does not stop whoever has the paper, however often they look', async () => {
    const { publicId } = await issued(world, world.university, diplomaRequest('D 6'));
    for (let look = 0; look < 30; look++) mustBe(200, await reveal(publicId, 'D 6', '2004-05-17'));
  });
});

describe('schemas', () => {
  it.each(CREDENTIAL_TYPE_NAMES)('of %s is served as it was digested, for ever', async (type) => {
    const { schemaId, schemaDigest } = CREDENTIAL_TYPES[type];
    const { text, headers, body } = mustBe(200, await world.get(`/schemas/${schemaId.split('/').at(-1) ?? ''}`));
    expect(`sha256-${createHash('sha256').update(text).digest('base64')}`).toBe(schemaDigest);
    expect([headers['content-type'], headers['cache-control'], canonicalJson(body as never)]).toEqual(['application/schema+json', 'public, max-age=31536000, immutable', text]);
  });

  it('of nothing are not there', async () => {
    expect((await world.get('/schemas/x.json')).body).toMatchObject({ status: 404, code: 'SCHEMA_UNKNOWN' });
  });
});
