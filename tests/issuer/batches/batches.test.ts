import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import writeWorkbook from 'write-excel-file/node';
import { Problem, type ProblemCode } from '#domain/errors.js';
import { withBatches } from '../../../issuer/batches/add-batches.js';
import { injectedGateway } from '../../../issuer/ledger/injected-gateway.js';
import type { IssuerAgent } from '../../../issuer/veramo-agent.js';
import { mustBe } from '../../gateway/app/running-gateway.js';
import { diplomaRequest, issued } from '../issuer-world.js';
import { batchWorld, YEAR, type BatchWorld } from './batch-world.js';
import { classFile, graduates } from './graduates.js';

let world: BatchWorld;
beforeAll(async () => {
  world = await batchWorld();
});
afterAll(async () => world.remove());

/** Rows with numbers that no other test uses. */
const named = (prefix: string) => (row: string[]): string[] => row.map((cell, at) => (at === 3 || at === 4 ? `${prefix}${cell}` : cell));
const commitments = (): number => world.asked.filter(({ path, method }) => method === 'POST' && path.endsWith('/commitments')).length;

/** Starts the issuer anew with a watcher before its agent. */
async function withSigner(watched: (sign: IssuerAgent['signCredential']) => IssuerAgent['signCredential']): Promise<void> {
  const more = withBatches(injectedGateway(world.gateway.app));
  await world.restart({ more: (parts) => more({ ...parts, agent: { ...parts.agent, signCredential: watched(async (...order) => parts.agent.signCredential(...order)) } }) });
}

/** Set and index in a credential. */
function indexIn(credential: object): string {
  const [entry] = (credential as { credentialStatus: { id: string; statusListCredential: string; statusListIndex: string }[] }).credentialStatus;
  return `${String(entry?.statusListCredential.split('/').at(-1)?.split('-')[0])} ${String(entry?.statusListIndex)}`;
}

/** Those that a batch holds, in the same words. */
async function indicesOf(batch: string): Promise<Set<string>> {
  const held = new Set<string>();
  for await (const [key] of world.issuer.parts.store.rows(`slot-run/${batch}`)) {
    for (const { set, index } of await world.issuer.parts.sets.run(key.slice('slot-run/'.length))) held.add(`${set} ${index}`);
  }
  return held;
}

/** Rows of a batch's work that are still there. */
async function leftOf(batch: string): Promise<string[]> {
  const left: string[] = [];
  for (const kind of ['row', 'signed', 'leaf', 'seed']) for await (const [key] of world.issuer.parts.store.rows(`batch-${kind}/${batch}`)) left.push(key);
  return left;
}

const codeOf = (answer: { body: Record<string, unknown> }): unknown => answer.body['code'];

describe('an upload', () => {
  it('with one bad row stores what is wrong, issues nothing, and cannot be approved', async () => {
    const before = commitments();
    const { body } = mustBe(201, await world.upload(classFile(50, (row, at) => named('B')(at === 30 ? row.with(2, '31/02/2004') : row)), { graduates: '50' }));
    expect(body).toMatchObject({ state: 'refused', rows: { read: 50, bad: 1 }, problem: { code: 'BATCH_ROWS_REFUSED' } });
    expect(body['errors']).toEqual([expect.objectContaining({ row: 32, column: 'Ngày sinh', code: 'IMPORT_DATE_WRONG', value: '31/02/2004', messageVi: expect.stringContaining('Ngày') as string })]);
    const file = await world.file(String(body['errorsFile']));
    expect(file.headers['content-type']).toBe('text/csv; charset=utf-8');
    expect(file.payload).toContain('"32","Ngày sinh","31/02/2004",');
    const refused = await world.approve(String(body['id']));
    expect([refused.status, codeOf(refused)]).toEqual([409, 'BATCH_STATE_WRONG']);
    expect(commitments()).toBe(before);
  });

  it('that is mended is another batch, and takes the numbers that the bad one named', async () => {
    const bad = mustBe(201, await world.upload(classFile(5, (row, at) => named('C')(at === 2 ? row.with(1, '') : row)), { graduates: '5' })).body;
    expect(bad['state']).toBe('refused');
    const good = mustBe(201, await world.upload(classFile(5, named('C')), { graduates: '5' })).body;
    expect(good).toMatchObject({ state: 'prepared', rows: { read: 5, bad: 0 } });
    expect(good['id']).not.toBe(bad['id']);
  });

  it('of the same file with the same words is the same batch', async () => {
    const file = classFile(4, named('D'));
    const first = mustBe(201, await world.upload(file, { graduates: '4' })).body;
    expect(mustBe(200, await world.upload(file, { graduates: '4' })).body).toEqual(first);
    const other = mustBe(201, await world.upload(file, { graduates: '4', issuePlace: 'Huế' })).body;
    expect(other).toMatchObject({ state: 'refused', errors: expect.arrayContaining([expect.objectContaining({ code: 'DIPLOMA_NUMBER_IN_BATCH', column: 'Số hiệu', row: 2 })]) as unknown[] });
  });

  it('is refused when the decision names another number of graduates', async () => {
    const { body } = mustBe(201, await world.upload(classFile(6, named('E')), { graduates: '7' }));
    expect(body).toMatchObject({ state: 'refused', rows: { read: 6, bad: 0 }, errors: [{ row: 0, code: 'BATCH_COUNT_DIFFERS', fields: { stated: '7', found: '6' } }] });
  });

  it('twice at the same time gives its numbers to one batch', async () => {
    const answers = await Promise.all([world.upload(classFile(3, named('F')), { graduates: '3' }), world.upload(classFile(3, named('F')), { graduates: '3', issuePlace: 'Huế' })]);
    expect(answers.map(({ body }) => body['state']).sort()).toEqual(['prepared', 'refused']);
  });

  it('may be a workbook, or a form', async () => {
    const rows = [['Họ và tên', 'Ngày sinh', 'Số hiệu', 'Số vào sổ'], ['Lê An', new Date(Date.UTC(2003, 4, 31)), 'G1', 'G1']];
    const workbook = await writeWorkbook(rows.map((row) => row.map((value) => (value instanceof Date ? { value, type: Date, format: 'dd/mm/yyyy' } : { value })))).toBuffer();
    expect(mustBe(201, await world.upload(workbook, { graduates: '1' }, { type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet' })).body['state']).toBe('prepared');
    const form = Buffer.concat([Buffer.from('--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\nContent-Type: text/csv\r\n\r\n'), classFile(2, named('H')), Buffer.from('\r\n--x--\r\n')]);
    expect(mustBe(201, await world.upload(form, { graduates: '2' }, { type: 'multipart/form-data; boundary=x' })).body['state']).toBe('prepared');
  });

  it.each<[string, () => ReturnType<BatchWorld['upload']>, number, ProblemCode, object?]>([
    ['without a key', async () => world.call({ method: 'POST', url: '/v1/batches', headers: { 'content-type': 'text/csv' }, payload: 'a' }), 401, 'API_KEY_MISSING'],
    ['by an enterprise', async () => world.upload(classFile(1), { graduates: '1' }, { by: world.trader }), 403, 'SCOPE_MISSING'],
    ['with the DID of another organisation', async () => world.upload(classFile(1), { graduates: '1' }, { by: world.authority }), 403, 'DID_NOT_HELD'],
    ['with a DID that nobody holds here', async () => world.upload(classFile(1), { graduates: '1', did: 'did:web:elsewhere.example' }), 404, 'DID_NOT_HERE'],
    ['without saying how many graduate', async () => world.upload(classFile(1)), 400, 'FIELD_WRONG_VALUE'],
    ['of none', async () => world.upload(classFile(1), { graduates: '0' }), 400, 'FIELD_WRONG_VALUE', { field: 'graduates' }],
    ['of more than a batch holds', async () => world.upload(classFile(1), { graduates: '10001' }), 400, 'FIELD_WRONG_VALUE', { field: 'graduates' }],
    ['with words that are none', async () => world.upload(classFile(1), { graduates: '1', mode: 'sometimes' }), 400, 'FIELD_WRONG_VALUE'],
    ['with a date that is none', async () => world.upload(classFile(1), { graduates: '1', issueDate: '2026-02-30' }), 400, 'DATE_INVALID', { field: 'issueDate' }],
    ['with hidden characters', async () => world.upload(classFile(1), { graduates: '1', title: 'Bằng\u202e cử nhân' }), 400, 'TEXT_NOT_PLAIN', { field: 'title' }],
    ['of JSON', async () => world.upload(Buffer.from('{}'), { graduates: '1' }, { type: 'application/json' }), 415, 'CONTENT_TYPE_WRONG'],
    ['of two files in a form', async () => world.upload(Buffer.from(['a', 'b'].map((name) => `--x\r\nContent-Disposition: form-data; name="${name}"; filename="${name}"\r\n\r\na\r\n`).join('').concat('--x--\r\n')), { graduates: '1' }, { type: 'multipart/form-data; boundary=x' }), 400, 'IMPORT_FILE_MISSING'],
    ['of a form that breaks off', async () => world.upload(Buffer.from('--x\r\nContent-Disposition: form-data; name="a"; filename="a"\r\n\r\na'), { graduates: '1' }, { type: 'multipart/form-data; boundary=x' }), 400, 'REQUEST_UNREADABLE'],
    ['of nothing', async () => world.upload(Buffer.alloc(0), { graduates: '1' }), 400, 'IMPORT_FILE_EMPTY'],
    ['of nine megabytes', async () => world.upload(Buffer.alloc(9 * 1024 * 1024, 'a'), { graduates: '1' }), 413, 'IMPORT_FILE_TOO_LARGE'],
    ['of a column that nobody knows', async () => world.upload(Buffer.from('Họ và tên;Ngày sinh;Số hiệu;Số vào sổ;Màu\n'), { graduates: '1' }), 400, 'IMPORT_COLUMN_UNKNOWN'],
  ])('%s is refused whole', async (_name, upload, status, code, fields) => {
    const answer = await upload();
    expect([answer.status, codeOf(answer)]).toEqual([status, code]);
    expect(answer.headers['content-type']).toBe('application/problem+json');
    if (fields !== undefined) expect(answer.body).toMatchObject(fields);
  });

  it('beyond what one institution may leave waiting is refused', async () => {
    const other = await batchWorld();
    try {
      const answers: [number, unknown][] = [];
      for (let at = 0; at < 21; at += 1) {
        const answer = await other.upload(classFile(1, named(`W${at}-`)), { graduates: '1' });
        answers.push([answer.status, codeOf(answer)]);
      }
      expect(answers.slice(0, 20).every(([status]) => status === 201)).toBe(true);
      expect(answers[20]).toEqual([429, 'BATCH_TOO_MANY_OPEN']);
    } finally {
      await other.remove();
    }
  });
});

describe('an approval', () => {
  it('by whoever prepared it is refused, whatever else is right', async () => {
    const id = await world.prepared(classFile(2, named('J')), 2);
    const answer = await world.approve(id, world.preparer);
    expect([answer.status, codeOf(answer)]).toEqual([403, 'BATCH_SAME_PERSON']);
    expect(await world.batch(id)).toMatchObject({ state: 'prepared' });
  });

  it('by another organisation does not even find it', async () => {
    const id = await world.prepared(classFile(2, named('K')), 2);
    const answer = await world.approve(id, world.authority);
    expect([answer.status, codeOf(answer)]).toEqual([404, 'BATCH_UNKNOWN']);
  });

  it.each(['0', 'x'.repeat(32), '0'.repeat(32)])('of %s finds nothing', async (id) => {
    const answer = await world.approve(id);
    expect([answer.status, codeOf(answer)]).toEqual([404, 'BATCH_UNKNOWN']);
  });

  it('issues all of them under one commitment, and repeated changes nothing', async () => {
    const before = commitments();
    const id = await world.prepared(classFile(250, named('L')), 250);
    expect(mustBe(202, await world.approve(id)).body['approvedBy']).not.toBe((await world.batch(id))['preparedBy']);
    mustBe(202, await world.approve(id));
    const batch = await world.until(id, 'issued');
    expect(batch).toMatchObject({ rows: { read: 250, bad: 0 }, root: expect.stringMatching(/^[0-9a-f]{64}$/) as string, archive: `/v1/batches/${id}/diplomas.zip` });
    expect(commitments()).toBe(before + 1);
    const again = await world.approve(id);
    expect([again.status, codeOf(again)]).toEqual([409, 'BATCH_STATE_WRONG']);
    const { body } = mustBe(200, await world.gateway.call({ method: 'GET', url: `/public/commitments/${String(batch['root'])}` }));
    expect(body['record']).toMatchObject({ count: 250, root: batch['root'] });
  });

  it('makes the numbers issued for good: neither another batch nor a batch after a single diploma may use them', async () => {
    const id = await world.prepared(classFile(3, named('M')), 3);
    await world.approve(id);
    await world.until(id, 'issued');
    await issued(world, world.university, diplomaRequest('MS 1'));
    const file = Buffer.from(['Họ và tên;Ngày sinh;Số hiệu;Số vào sổ', 'A B;1/1/2003;mvd 0000002;x1', 'A B;1/1/2003;x2;M3 /2026/ĐHVD', 'A B;1/1/2003;MS 1;MS 1/2026/ĐHVD'].join('\n'));
    const { body } = mustBe(201, await world.upload(file, { graduates: '3' }));
    expect(body['errors']).toMatchObject([
      { row: 2, column: 'Số hiệu', code: 'DIPLOMA_NUMBER_ISSUED', value: 'mvd 0000002' }, { row: 3, column: 'Số vào sổ', code: 'DIPLOMA_NUMBER_ISSUED' },
      { row: 4, column: 'Số hiệu', code: 'DIPLOMA_NUMBER_ISSUED' }, { row: 4, column: 'Số vào sổ', code: 'DIPLOMA_NUMBER_ISSUED' },
    ]);
  });

  it('without the right to issue is refused at once, and nothing is begun', async () => {
    const other = await batchWorld();
    try {
      mustBe(200, await other.gateway.operator.post('/v1/trust/grants/DH/revocation', { effect: 'from-now', reason: 'ví dụ' }));
      const id = await other.prepared(classFile(2), 2);
      const answer = await other.approve(id);
      expect([answer.status, codeOf(answer)]).toEqual([422, 'GRANT_REVOKED']);
      expect(await other.batch(id)).toMatchObject({ state: 'prepared' });
    } finally {
      await other.remove();
    }
  });
});

describe('the ledger', () => {
  it('that refuses the commitment stops the batch: nobody sees anything of it, and a new approval begins anew', async () => {
    const id = await world.prepared(classFile(120, named('N')), 120);
    world.between = async (path, ask) => (path.endsWith('/commitments') ? { status: 422, body: { code: 'GRANT_REVOKED', fields: {} } } : ask());
    const refusedAt = world.asked.length;
    mustBe(202, await world.approve(id));
    expect(await world.until(id, 'stopped')).toMatchObject({ problem: { code: 'GRANT_REVOKED' } });
    const rows = await world.file(`/v1/batches/${id}/credentials`);
    expect([rows.statusCode, (rows.json as () => unknown)()]).toMatchObject([409, { code: 'BATCH_STATE_WRONG' }]);
    world.between = undefined;
    mustBe(202, await world.approve(id));
    await world.until(id, 'issued');
    const roots = world.asked.slice(refusedAt).filter(({ path }) => path === '/v1/trust/commitments').map(({ body }) => (body as { root: string }).root);
    expect(new Set(roots).size, 'a plan that was stopped is not used again').toBe(2);
  });

  it.each([[503, 'LEDGER_UNREACHABLE', 'PU'], [409, 'LEDGER_CONFLICT', 'PC'], [422, 'LEDGER_REJECTED', 'PR'], [403, 'SCOPE_MISSING', 'PS']])('that does not say no to what is asked, but %d %s, is waited for, and the batch says so', async (status, code, prefix) => {
    const id = await world.prepared(classFile(2, named(prefix)), 2);
    let tries = 0;
    world.between = async (path, ask) => (!path.endsWith('/commitments') || tries++ > 0 ? ask() : { status, body: { code, fields: {} } });
    mustBe(202, await world.approve(id));
    const waiting = await world.until(id, 'committing');
    expect((await world.until(id, 'issued'))['root']).toBe(waiting['root']);
    expect(tries).toBe(2);
    world.between = undefined;
  });

  it('that took the commitment, and would refuse it by now, has it: the batch is issued', async () => {
    const id = await world.prepared(classFile(2, named('PT')), 2);
    let tries = 0;
    world.between = async (path, ask) => {
      if (!path.endsWith('/commitments')) return ask();
      if (tries++ > 0) return { status: 422, body: { code: 'GRANT_REVOKED', fields: {} } };
      await ask();
      return { status: 202, body: { status: 'pending' } };
    };
    mustBe(202, await world.approve(id));
    await world.until(id, 'issued');
    expect(tries).toBe(2);
    world.between = undefined;
  });

  it('that took the commitment but whose answer was lost has it once', async () => {
    const id = await world.prepared(classFile(2, named('Q')), 2);
    let lost = false;
    world.between = async (path, ask) => {
      const answer = await ask();
      if (!path.endsWith('/commitments') || lost) return answer;
      lost = true;
      throw new Problem('LEDGER_UNREACHABLE', { reason: 'test' });
    };
    mustBe(202, await world.approve(id));
    await world.until(id, 'issued');
    world.between = undefined;
    expect(lost).toBe(true);
  });
});

describe('a cancellation', () => {
  const cancel = async (id: string, by = world.preparer): ReturnType<BatchWorld['call']> => world.call({ method: 'POST', url: `/v1/batches/${id}/cancellation`, headers: { authorization: `Bearer ${by.key}` } });

  it('before the approval gives the numbers back', async () => {
    const id = await world.prepared(classFile(3, named('R')), 3);
    expect(mustBe(200, await cancel(id)).body['state']).toBe('cancelled');
    expect((await world.approve(id)).status).toBe(409);
    expect((await cancel(id)).status).toBe(409);
    await world.prepared(classFile(3, named('R')), 3);
  });

  it('while the job runs ends it before anything is committed to; indices that were signed with are never given back', async () => {
    const before = commitments();
    const id = await world.prepared(classFile(1_000, named('S')), 1_000);
    const signedWith: string[] = [];
    await withSigner((sign) => async (credential, key) => {
      signedWith.push(indexIn(credential));
      if (signedWith.length === 150) mustBe(200, await cancel(id));
      return sign(credential, key);
    });
    mustBe(202, await world.approve(id));
    for (let batch = await world.batch(id); batch['lostIndices'] === undefined; batch = await world.batch(id)) await new Promise(setImmediate);
    await world.restart(); // waits for the job, and finds nothing to take up
    expect(await world.batch(id)).toMatchObject({ state: 'cancelled', lostIndices: 300 }); // two chunks, and one for safety
    expect([commitments(), signedWith.length]).toEqual([before, 200]);
    const held = await indicesOf(id);
    expect([held.size, signedWith.filter((index) => !held.has(index))]).toEqual([300, []]);
    expect(await leftOf(id)).toEqual([]);
  });

  it('of what the ledger stopped loses the indices of every approval', async () => {
    const id = await world.prepared(classFile(150, named('SS')), 150);
    world.between = async (path, ask) => (path.endsWith('/commitments') ? { status: 422, body: { code: 'GRANT_REVOKED', fields: {} } } : ask());
    for (const lost of [undefined, 150]) {
      mustBe(202, await world.approve(id));
      expect((await world.until(id, 'stopped'))['lostIndices']).toBe(lost);
    }
    world.between = undefined;
    mustBe(200, await cancel(id));
    await world.restart();
    expect([(await world.batch(id))['lostIndices'], (await indicesOf(id)).size]).toEqual([300, 300]);
  });

  it('after the commitment is refused', async () => {
    const id = await world.prepared(classFile(2, named('T')), 2);
    await world.approve(id);
    await world.until(id, 'issued');
    const answer = await cancel(id);
    expect([answer.status, codeOf(answer)]).toEqual([409, 'BATCH_STATE_WRONG']);
  });
});

describe('what is said of batches', () => {
  it('is for their own institution, the newest first', async () => {
    const list = async (by = world.preparer): Promise<Record<string, unknown>[]> => mustBe(200, await world.get('/v1/batches', { authorization: `Bearer ${by.key}` })).body['batches'] as Record<string, unknown>[];
    const own = await list();
    expect(own.length).toBeGreaterThan(5);
    const times = own.map(({ preparedAt }) => String(preparedAt));
    expect(times).toEqual([...times].sort().reverse());
    expect(await list(world.authority)).toEqual([]);
  });

  it('names no person', async () => {
    const everything = JSON.stringify(await Promise.all((mustBe(200, await world.get('/v1/batches', { authorization: `Bearer ${world.preparer.key}` })).body['batches'] as { id: string }[]).map(async ({ id }) => world.batch(id))));
    expect(everything).not.toContain('Nguyễn');
  });

  it('shows how far a job is: done of all, rate, time left', async () => {
    const id = await world.prepared(classFile(1_500, named('U')), 1_500);
    mustBe(202, await world.approve(id));
    const seen: Record<string, unknown>[] = [];
    for (let batch = await world.batch(id); batch['state'] !== 'issued'; batch = await world.batch(id)) {
      if (batch['progress'] !== undefined) seen.push(batch['progress'] as Record<string, unknown>);
      await new Promise(setImmediate);
    }
    const done = seen.filter(({ state }) => state === 'signing').map((one) => Number(one['done']));
    expect(done.length).toBeGreaterThan(2);
    expect(done).toEqual([...done].sort((one, other) => one - other));
    expect(seen.every(({ of, done: count }) => of === 1_500 && Number(count) <= 1_500)).toBe(true);
    expect(seen.some(({ secondsLeft }) => secondsLeft !== undefined)).toBe(true);
    expect(await world.batch(id)).not.toHaveProperty('progress');
  });

  it('includes a template that issues as it is', async () => {
    const template = await world.file('/v1/batches/template.csv');
    const { body } = mustBe(201, await world.upload(Buffer.from(template.payload.replaceAll('2026', String(YEAR))), { graduates: '1' }));
    expect(body['state']).toBe('prepared');
    expect(graduates(1)).toHaveLength(1);
  });

  it('is described in the document of the API', async () => {
    const { paths } = mustBe(200, await world.get('/openapi.json')).body as { paths: Record<string, Record<string, { security?: unknown[]; requestBody?: { content: object }; parameters?: { name: string }[] }>> };
    const own = Object.entries(paths).filter(([path]) => path.startsWith('/v1/batches'));
    expect(own.map(([path]) => path).sort()).toEqual([
      '/v1/batches', '/v1/batches/template.csv', '/v1/batches/{id}', '/v1/batches/{id}/approval', '/v1/batches/{id}/cancellation', '/v1/batches/{id}/credentials',
      '/v1/batches/{id}/credentials/{file}', '/v1/batches/{id}/diplomas.pdf', '/v1/batches/{id}/diplomas.zip', '/v1/batches/{id}/errors.csv',
    ]);
    const section = readFileSync('issuer/README.md', 'utf8').split('\n## Many diplomas at once\n')[1]?.split('\n## ')[0] ?? '';
    const documented = Array.from(section.matchAll(/^\| ([A-Z]+) \| `([^`]+)` \| `([^`]+)` \|$/gm), ([, method, url, access]) => ({ method, url, access }));
    expect(documented).toEqual(world.issuer.app.issuerRoutes.filter(({ url }) => url.startsWith('/v1/batches')));
    expect(own.flatMap(([, methods]) => Object.values(methods)).every(({ security }) => security !== undefined)).toBe(true);
    expect(Object.keys(paths['/v1/batches']?.['post']?.requestBody?.content ?? {})).toContain('text/csv');
    expect(paths['/v1/batches']?.['post']?.parameters?.map(({ name }) => name)).toContain('graduates');
  });
});
