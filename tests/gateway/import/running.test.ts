import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SubmitFault } from '../epcis/world-ledger.js';
import { openImportApp, type ImportApp, type Job } from './import-app.js';
import { products, serials, productFile, productRow } from './sample-files.js';

let imports: ImportApp;
beforeEach(async () => { imports = await openImportApp(); });
afterEach(async () => {
  expect(imports.faults).toEqual([]);
  await imports.close();
});

const away = (times: number): SubmitFault[] => Array.from({ length: times }, () => 'unreachable');
const jobAt = async (location: unknown): Promise<Job> => (await imports.get(String(location))).json<Job>();

/** Goes on until `condition`; the machine decides how often the event loop turns, the test does not. */
async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!await condition()) await new Promise(setImmediate);
}

describe('while an import runs', () => {
  it('it tells how far it is, how fast, and how long it will take', async () => {
    imports.ledger.faults = [undefined as never, undefined as never, ...away(1)];
    const { headers } = await imports.upload('kind=serials', serials(4000));
    await until(() => imports.clock.waiting.length > 0);
    expect(await jobAt(headers.location)).toMatchObject({ state: 'writing', rows: { read: 4000, bad: 0, written: 2000 }, progress: { part: 0.5, rowsPerSecond: 0 } });
    imports.clock.advance(100);
    expect(await jobAt(headers.location)).toMatchObject({ progress: { part: 0.5, rowsPerSecond: 10_000, secondsLeft: 1 } });
    imports.clock.advance(100);
    await until(async () => (await jobAt(headers.location)).state === 'done');
    expect(await jobAt(headers.location)).not.toHaveProperty('progress');
  });

  it('it stops at the end of the batch under way when told to, and what is written stays', async () => {
    imports.ledger.faults = [undefined as never, ...away(1)];
    const answer = await imports.upload('kind=serials', serials(4000));
    await until(() => imports.clock.waiting.length > 0);
    const cancelled = await imports.cancel(answer.json<Job>().id);
    expect([cancelled.statusCode, cancelled.json<Job>().state]).toEqual([202, 'writing']);
    imports.clock.advance(200);
    expect(await imports.ended(answer)).toMatchObject({ state: 'cancelled', rows: { read: 4000, written: 2000 } });
    expect(imports.ledger.world.all('serial')).toHaveLength(2000);
    const again = await imports.cancel(answer.json<Job>().id);
    expect([again.statusCode, again.json()]).toMatchObject([409, { code: 'IMPORT_FINISHED', fields: { state: 'cancelled' } }]);
  });

  it('it stops at once while it is checked', async () => {
    const held: (() => void)[] = [];
    await imports.close();
    imports = await openImportApp({ foresee: () => new Promise((resolve) => { held.push(() => resolve(undefined)); }) });
    const answer = await imports.upload('kind=serials', serials(2000));
    await until(() => held.length === 1);
    await imports.cancel(answer.json<Job>().id);
    await until(async () => {
      held.shift()?.();
      return (await jobAt(answer.headers.location)).state === 'cancelled';
    });
    expect(await imports.ended(answer)).toMatchObject({ state: 'cancelled', rows: { written: 0 } });
    expect(imports.ledger.submitted).toEqual([]);
  });

  it('others of the same enterprise wait, and only so many', async () => {
    imports.ledger.faults = away(1000);
    const first = await imports.upload('kind=serials', serials(10));
    const second = await imports.upload('kind=products', products(2));
    await until(() => imports.clock.waiting.length > 0);
    expect((await jobAt(second.headers.location)).state).toBe('checking');
    for (let n = 2; n < 10; n++) expect((await imports.upload('kind=products', products(n))).statusCode).toBe(202);
    const refused = await imports.upload('kind=products', products(11));
    expect([refused.statusCode, refused.json()]).toMatchObject([429, { code: 'IMPORT_TOO_MANY_JOBS', fields: { most: '10' } }]);
    imports.ledger.faults = [];
    imports.clock.advance(200);
    expect((await imports.ended(first)).state).toBe('done');
    expect((await imports.ended(second)).state).toBe('done');
  });
});

describe('a row that the ledger refuses after all', () => {
  it('ends an import of all or nothing, which says how far it came', async () => {
    await imports.close();
    imports = await openImportApp({ foresee: async () => undefined });
    await imports.run('kind=products', productFile(productRow(600)));
    const job = await imports.run('kind=products', products(1200));
    expect(job).toMatchObject({ state: 'failed', rows: { read: 1200, bad: 0, written: 500 }, problem: { code: 'PRODUCT_ALREADY_REGISTERED', fields: { row: '600' } } });
    expect(imports.ledger.world.all('product')).toHaveLength(502);
  });

  it('in the first batch leaves nothing written', async () => {
    await imports.close();
    imports = await openImportApp({ foresee: async () => undefined });
    await imports.run('kind=products', productFile(productRow(5)));
    expect(await imports.run('kind=products', products(10))).toMatchObject({ state: 'refused', rows: { written: 0 }, problem: { fields: { row: '5' } } });
  });

  it('is left out where bad rows are, and told', async () => {
    await imports.close();
    imports = await openImportApp({ foresee: async () => undefined });
    await imports.run('kind=products', productFile(productRow(5), productRow(600), productRow(601)));
    const job = await imports.run('kind=products&mode=skip-bad-rows', products(1200));
    expect(job).toMatchObject({ state: 'done', rows: { read: 1200, bad: 3, written: 1197 } });
    expect(job.errors.map(({ row, column, code }) => [row, column, code])).toEqual([5, 600, 601].map((row) => [row, 'Mã GTIN', 'PRODUCT_ALREADY_REGISTERED']));
    expect(imports.ledger.submitted.slice(1).map(({ key }) => key.split('-').slice(2).join('-'))).toEqual(['0-0', '0-1', '1-0', '1-1', '1-2', '2-0']);
  });

  it('that is about no row ends it in any case', async () => {
    await imports.close();
    imports = await openImportApp({ foresee: async () => undefined });
    imports.ledger.world.state.delete('organisation/tra-shan');
    const job = await imports.run('kind=serials&mode=skip-bad-rows', serials(10));
    expect(job).toMatchObject({ state: 'refused', problem: { code: 'ORGANISATION_UNKNOWN' } });
  });
});

describe('a request', () => {
  it.each([
    ['kind=lots', 400, 'FIELD_WRONG_VALUE', 'kind'], ['', 400, 'FIELD_MISSING', 'kind'], ['kind=products&dryRun=maybe', 400, 'FIELD_WRONG_VALUE', 'dryRun'],
    ['kind=products&mode=hope', 400, 'FIELD_WRONG_VALUE', 'mode'], ['kind=products&colour=red', 400, 'FIELD_UNKNOWN', 'colour'], ['kind=products&kind=serials', 400, 'FIELD_WRONG_VALUE', 'kind'],
  ])('with ?%s is refused', async (query, status, code, field) => {
    const answer = await imports.upload(query, products(1));
    expect([answer.statusCode, answer.json()]).toMatchObject([status, { code, field }]);
  });

  it.each<[Record<string, string>, string]>([
    [{ 'content-type': 'application/json' }, '{}'], [{ 'content-type': 'text/plain' }, 'x'], [{ 'content-encoding': 'gzip' }, 'x'],
  ])('of %o is refused', async (headers, body) => {
    const answer = await imports.upload('kind=products', body, headers);
    expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([415, 'CONTENT_TYPE_WRONG']);
    expect(await imports.spooled()).toEqual([]);
  });

  it('repeated with its key is answered with the same import', async () => {
    const headers = { 'idempotency-key': 'k1' };
    const first = await imports.upload('kind=products', products(3), headers);
    expect((await imports.ended(first)).state).toBe('done');
    const again = await imports.upload('kind=products', products(3), headers);
    expect([again.statusCode, again.json<Job>().id, again.json<Job>().state]).toEqual([202, first.json<Job>().id, 'done']);
    for (const [query, file] of [['kind=products', products(4)], ['kind=products&mode=skip-bad-rows', products(3)], ['kind=products&dryRun=true', products(3)]] as const) {
      const other = await imports.upload(query, file, headers);
      expect([other.statusCode, other.json<{ code: string }>().code]).toEqual([409, 'IDEMPOTENCY_KEY_REUSED']);
    }
    expect(await imports.spooled()).toEqual([]);
    expect(imports.ledger.submitted).toHaveLength(1);
  });

  it('many times at once with one key makes one import', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => imports.upload('kind=products', products(3), { 'idempotency-key': 'k2' })));
    expect(new Set(answers.map((answer) => answer.json<Job>().id)).size).toBe(1);
    await imports.ended(answers[0]!);
    expect([imports.ledger.committed, await imports.spooled()]).toEqual([1, []]);
  });

  it('about another\'s import is not answered', async () => {
    const answer = await imports.upload('kind=products', products(1));
    await imports.ended(answer);
    const { id } = answer.json<Job>();
    for (const url of [`/v1/imports/${id}`, `/v1/imports/${id}/errors.csv`]) {
      const refused = await imports.get(url, 'cua-hang-sao');
      expect([refused.statusCode, refused.json<{ code: string }>().code]).toEqual([404, 'IMPORT_UNKNOWN']);
    }
    expect((await imports.cancel(id, 'cua-hang-sao')).statusCode).toBe(404);
    expect((await imports.get('/v1/imports/..%2f..%2fpasswd')).json()).toMatchObject({ code: 'IMPORT_UNKNOWN' });
    expect((await imports.get(`/v1/imports/${id}`, 'nobody')).statusCode).toBe(401);
  });
});

describe('a template', () => {
  it.each(['products', 'serials'])('of %s can be filled in a spreadsheet and imported', async (kind) => {
    const answer = await imports.get(`/v1/imports/templates/${kind}.csv`);
    expect(answer.headers).toMatchObject({ 'content-type': 'text/csv; charset=utf-8', 'content-disposition': `attachment; filename="${kind}.csv"` });
    expect(answer.body.startsWith('\ufeff"Mã GTIN"')).toBe(true);
    await imports.close();
    imports = await openImportApp({ foresee: async () => undefined });
    expect(await imports.run(`kind=${kind}&dryRun=true`, answer.body)).toMatchObject({ state: 'done', rows: { read: 1, bad: 0 } });
  });

  it.each(['lots.csv', 'products', 'products.xlsx', '.csv'])('%s is not there', async (file) => {
    expect((await imports.get(`/v1/imports/templates/${file}`)).json()).toMatchObject({ code: 'ROUTE_UNKNOWN' });
  });
});
