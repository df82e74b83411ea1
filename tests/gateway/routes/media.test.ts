import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runGateway, type Answer, type Caller, type RunningGateway } from '../app/running-gateway.js';

let gateway: RunningGateway;
let maker: Caller;

beforeAll(async () => {
  gateway = await runGateway();
  maker = await gateway.enrol('che-shan', 'enterprise', '15', '9520000');
});
afterAll(async () => gateway.remove());

const store = async (bytes: Buffer, type: string): Promise<Answer> => gateway.call({
  method: 'POST', url: '/v1/media', headers: { 'authorization': `Bearer ${maker.key}`, 'content-type': type }, payload: bytes,
});

/** First bytes as the formats' standards give them: ISO/IEC 10918-1, ISO/IEC 15948, RFC 9649. */
const JPEG = Buffer.concat([Buffer.from('ffd8ffe000104a464946', 'hex'), Buffer.alloc(100, 1)]);
const PNG = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(100, 2)]);
const WEBP = Buffer.concat([Buffer.from('RIFF'), Buffer.alloc(4), Buffer.from('WEBPVP8 '), Buffer.alloc(100, 3)]);

describe('pictures', () => {
  it.each([['image/jpeg', JPEG], ['image/png', PNG], ['image/webp', WEBP]])('keeps %s under its digest, whatever the caller calls it', async (type, bytes) => {
    const digest = createHash('sha256').update(bytes).digest('hex');
    const stored = await store(bytes, 'image/png');
    expect(stored.status).toBe(201);
    expect(stored.body).toEqual({ digest, type, bytes: bytes.length });
    expect(stored.headers['location']).toBe(`/v1/public/media/${digest}`);
    const shown = await gateway.app.inject({ url: `/v1/public/media/${digest}` });
    expect(shown.headers['content-type']).toBe(type);
    expect(shown.headers['cache-control']).toContain('max-age=31536000');
    expect(shown.headers['x-content-type-options']).toBe('nosniff');
    expect(shown.rawPayload.equals(bytes)).toBe(true);
    expect((await gateway.publicRecords.media(digest))?.type).toBe(type);
  });

  it.each([
    ['a script that calls itself a picture', Buffer.from('<svg onload="alert(1)"/>'), 'image/png', 400, 'MEDIA_NOT_A_PICTURE'],
    ['nothing', Buffer.alloc(0), 'image/png', 400, 'MEDIA_NOT_A_PICTURE'],
    ['more than 2 MB', Buffer.concat([JPEG, Buffer.alloc(2_000_000)]), 'image/jpeg', 413, 'TEXT_TOO_LONG'],
    ['another type of content', JPEG, 'text/html', 415, 'CONTENT_TYPE_WRONG'],
    ['JSON', Buffer.from('{}'), 'application/json', 415, 'CONTENT_TYPE_WRONG'],
  ])('refuses %s', async (_what, bytes, type, status, code) => {
    const answer = await store(bytes, type);
    expect([answer.status, answer.body['code']]).toEqual([status, code]);
  });

  it('answers for a digest nobody stored', async () => {
    const digest = '0'.repeat(64);
    expect((await gateway.call({ url: `/v1/public/media/${digest}` })).body).toMatchObject({ status: 404, code: 'MEDIA_UNKNOWN', fields: { digest } });
    expect((await gateway.call({ url: '/v1/public/media/..%2F..%2Fetc%2Fpasswd' })).body).toMatchObject({ status: 400, code: 'FIELD_WRONG_VALUE', field: 'digest' });
    expect(await gateway.publicRecords.media(digest)).toBeUndefined();
  });
});
