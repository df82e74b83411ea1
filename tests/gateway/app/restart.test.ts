import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { mustBe, runGateway } from './running-gateway.js';
import { serialKeyOf, TEA, teaLot, teaProduct } from './sample-goods.js';

const folders: string[] = [];
afterEach(async () => Promise.all(folders.splice(0).map(async (folder) => rm(folder, { recursive: true, force: true }))));

async function freshFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'minhchung-restart-'));
  folders.push(folder);
  return folder;
}

describe('after a restart', () => {
  it('keys, organisations, orders, numbers and goods are as they were', async () => {
    const folder = await freshFolder();
    const first = await runGateway({ folder });
    const maker = await first.enrol('che-shan', 'enterprise', '15', '9520000');
    mustBe(201, await maker.post('/v1/products', teaProduct));
    mustBe(201, await maker.post(`/v1/products/${TEA}/lots`, teaLot));
    const { body: order } = mustBe(201, await maker.post(`/v1/products/${TEA}/lots/LO26-001/serials`, { count: 3 }, { 'idempotency-key': 'order' }));
    const { body: taken } = mustBe(201, await maker.post('/v1/sscc', { count: 3 }));
    const { body: done } = mustBe(200, await maker.post(`/v1/products/${TEA}/lots/LO26-001/commission`, { serials: ['AAA'] }, { 'idempotency-key': 'commission' }));
    const gone = mustBe(201, await first.operator.post('/v1/organisations/che-shan/api-keys', { label: 'gone' })).body;
    mustBe(200, await first.operator.delete(`/v1/api-keys/${(gone['apiKey'] as { id: string }).id}`));
    const digest = await first.services.model.digest();
    await first.close();

    const second = await runGateway({ folder });
    expect(second.operatorKey).toBeUndefined();
    expect(await second.services.model.digest()).toBe(digest);
    const again = second.caller('che-shan', maker.key);
    expect(mustBe(200, await again.get(`/v1/serial-orders/${String(order['id'])}`)).body).toMatchObject({ id: order['id'], count: 3 });
    expect(mustBe(201, await again.post(`/v1/products/${TEA}/lots/LO26-001/serials`, { count: 3 }, { 'idempotency-key': 'order' })).body['id']).toBe(order['id']);
    expect(mustBe(200, await again.post(`/v1/products/${TEA}/lots/LO26-001/commission`, { serials: ['AAA'] }, { 'idempotency-key': 'commission' })).body).toEqual(done);
    expect(mustBe(200, await again.get(`/v1/transactions/${String(done['transactionId'])}`)).body['status']).toBe('committed');
    const ssccs = (body: Record<string, unknown>): string[] => (body['units'] as { sscc: string }[]).map(({ sscc }) => sscc);
    const next = mustBe(201, await again.post('/v1/sscc', { count: 3 })).body;
    expect(new Set([...ssccs(taken), ...ssccs(next)]).size).toBe(6);
    expect((await second.caller('che-shan', String(gone['text'])).get('/v1/products')).body['code']).toBe('API_KEY_REVOKED');
    mustBe(200, await again.post('/v1/endings', { as: 'sold', items: [serialKeyOf(TEA, 'AAA')] }));
    expect(mustBe(200, await second.caller('so-dang-ky', first.operator.key).get('/v1/organisations')).body['organisations']).toHaveLength(1);
    await second.close();
  });

  it('the operator gets a new key only when none of the old works', async () => {
    const folder = await freshFolder();
    const first = await runGateway({ folder });
    const id = String(first.operatorKey).slice(3, 15);
    expect((await readFile(join(folder, 'operator-key.txt'), 'utf8')).trim()).toBe(first.operatorKey);
    mustBe(200, await first.operator.delete(`/v1/api-keys/${id}`));
    expect((await first.operator.get('/v1/organisations')).body['code']).toBe('API_KEY_REVOKED');
    await first.close();
    const second = await runGateway({ folder });
    expect(second.operatorKey).toMatch(/^mc_/);
    expect(second.operatorKey).not.toBe(first.operatorKey);
    mustBe(200, await second.operator.get('/v1/organisations'));
    await second.close();
  });
});

describe('on the disk', () => {
  it('secrets are readable by their owner alone, and API keys are nowhere in clear', async () => {
    const folder = await freshFolder();
    const gateway = await runGateway({ folder });
    const maker = await gateway.enrol('che-shan', 'enterprise', '15', '9520000');
    await gateway.close();
    const identity = join(folder, 'gateway/identities/che-shan/enterprise.pem');
    for (const file of [identity, join(folder, 'operator-key.txt')]) expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readFile(identity, 'utf8')).toMatch(/BEGIN CERTIFICATE[\s\S]+BEGIN PRIVATE KEY/);
    const secret = Buffer.from(maker.key.slice(-43));
    const files = (await readdir(join(folder, 'gateway'), { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
    expect(files.length).toBeGreaterThan(3);
    for (const { parentPath, name } of files) expect([name, (await readFile(join(parentPath, name))).includes(secret)]).toEqual([name, false]);
  });

  it('a folder belongs to one gateway at a time', async () => {
    const folder = await freshFolder();
    const gateway = await runGateway({ folder });
    await expect(runGateway({ folder })).rejects.toMatchObject({ code: 'LEDGER_IN_USE' });
    await gateway.close();
  });
});
