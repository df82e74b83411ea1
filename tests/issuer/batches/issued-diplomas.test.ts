import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readDisclosure } from '#domain/credential/disclosure.js';
import { openDisclosures } from '../../../issuer/credentials/sealed-disclosures.js';
import { ZipArchive } from '../../../issuer/batches/table/zip-archive.js';
import { blurred, decode, withPagesOf } from '../../gateway/labels/read-back.js';
import { mustBe } from '../../gateway/app/running-gateway.js';
import { batchWorld, type BatchWorld } from './batch-world.js';
import { classFile, graduates } from './graduates.js';
import { judge, part, type Get } from './judging.js';

const COUNT = 230;
const CLASSES = ['excellent', 'very-good', 'good', 'average'];

let world: BatchWorld;
let get: Get;
let id: string;
let seenEarly: number[];
let texts: string[];

/** Names of all public records that the issuer has planned, from its own store. */
async function plannedIds(): Promise<string[]> {
  const ids: string[] = [];
  for await (const [, row] of world.issuer.parts.store.rows(`batch-signed/${id}/`)) {
    ids.push(...(JSON.parse(row.toString()) as { record: { publicId: string } }[]).map(({ record }) => record.publicId));
  }
  return ids;
}

const statusesOf = async (ids: readonly string[]): Promise<number[]> => Promise.all(ids.map(async (one) => (await world.get(`/public/credentials/${one}`)).status));

beforeAll(async () => {
  world = await batchWorld();
  get = async (path) => (path.startsWith('/public/trust') || path.startsWith('/public/commitments') ? world.gateway.call({ method: 'GET', url: path }) : world.get(path));
  id = await world.prepared(classFile(COUNT), COUNT);
  world.between = async (path, ask) => {
    if (path === '/v1/trust/commitments') seenEarly = await statusesOf(await plannedIds());
    return ask();
  };
  mustBe(202, await world.approve(id));
  await world.until(id, 'issued');
  world.between = undefined;
  texts = await Promise.all(Array.from({ length: COUNT }, async (_, at) => (await world.file(`/v1/batches/${id}/credentials/${at + 2}.txt`)).payload));
});
afterAll(async () => world.remove());

interface Row {
  readonly row: number;
  readonly credentialId: string;
  readonly publicId: string;
  readonly page: string;
  readonly text?: string;
  readonly erased: boolean;
}

async function listed(): Promise<Row[]> {
  const rows: Row[] = [];
  for (let next: string | undefined = '0'; next !== undefined;) {
    const { body } = mustBe(200, await world.get(`/v1/batches/${id}/credentials?from=${next}`, { authorization: `Bearer ${world.preparer.key}` }));
    rows.push(...body['credentials'] as Row[]);
    next = body['next'] as string | undefined;
  }
  return rows;
}

describe('an issued class', () => {
  it('was seen by nobody before its root stood on the ledger, and by everybody after', async () => {
    expect(seenEarly).toEqual(Array.from({ length: COUNT }, () => 404));
    expect(await statusesOf((await listed()).map(({ publicId }) => publicId))).toEqual(Array.from({ length: COUNT }, () => 200));
  });

  it('is one credential for each row, in the order of the file, with ids and indices of its own', async () => {
    const rows = await listed();
    expect(rows.map(({ row }) => row)).toEqual(Array.from({ length: COUNT }, (_, at) => at + 2));
    const payloads = texts.map((text) => part(text.split('.')[1] ?? '') as { jti: string; sub: string; vc: { credentialStatus: { statusListIndex: string; statusListCredential: string }[] } });
    expect(payloads.map(({ jti }) => jti)).toEqual(rows.map(({ credentialId }) => credentialId));
    for (const values of [payloads.map(({ jti }) => jti), payloads.map(({ sub }) => sub), rows.map(({ publicId }) => publicId), payloads.map(({ vc: { credentialStatus: [first] } }) => `${first?.statusListCredential} ${first?.statusListIndex}`)]) {
      expect(new Set(values).size).toBe(COUNT);
    }
  });

  it('is verified, every one of it, and says of whom what the file said', async () => {
    const verdicts = await judge(texts, get);
    expect(verdicts.map(({ verdict, report }) => (verdict === 'verified' ? verdict : JSON.stringify(report)))).toEqual(Array.from({ length: COUNT }, () => 'verified'));
    const [first] = verdicts;
    expect(Object.values(first?.report ?? {}).filter(({ result }) => result === 'pass').length).toBeGreaterThan(11);
    expect(verdicts.map(({ facts }) => facts?.disclosed)).toEqual(graduates(COUNT).map(([, fullName, born = '', serialNumber, registerNumber], at) => ({
      fullName, dateOfBirth: born.split('/').reverse().join('-'), serialNumber, registerNumber, classification: CLASSES[at % 4],
    })));
  });

  it('is refused by a verifier when one of it was not committed to', async () => {
    const [text = ''] = texts;
    const hiding: Get = async (path) => (path.startsWith('/public/commitments') ? { status: 404, body: {}, text: '', headers: {} } : get(path));
    const [verdict] = await judge([text], hiding);
    expect([verdict?.verdict, verdict?.report.commitment]).toEqual(['not-verified', { result: 'fail', code: 'CREDENTIAL_NOT_LOGGED' }]);
  });

  it('shows nothing personal to the ledger, nor to whoever has only the public record', async () => {
    const written = JSON.stringify(world.asked.map(({ body }) => body));
    const [row] = await listed();
    const shown = mustBe(200, await world.get(`/public/credentials/${row?.publicId}`)).text;
    for (const secret of graduates(COUNT).flatMap(([, name = '', , serial = '', register = '']) => [name, serial, register])) {
      expect(written.includes(secret)).toBe(false);
      expect(shown.includes(secret)).toBe(false);
    }
  });

  it('leaves no copy of anybody but in the credentials themselves', async () => {
    const kept = async (): Promise<string[]> => {
      const keys: string[] = [];
      for (const kind of ['row', 'signed', 'leaf', 'seed']) for await (const [key] of world.issuer.parts.store.rows(`batch-${kind}/${id}`)) keys.push(key);
      return keys;
    };
    await expect.poll(kept, { timeout: 20_000 }).toEqual([]); // the job tidies up when everybody sees the class already
  });
});

describe('a diploma on paper', () => {
  it('leads with its code to the public record, and opens what is sealed there', async () => {
    const pdf = await world.file(`/v1/batches/${id}/credentials/9.pdf`);
    expect(pdf.headers['content-type']).toBe('application/pdf');
    await withPagesOf(pdf.rawPayload, async ([page]) => {
      expect(page?.text).toContain('0000008');
      const [symbol] = await decode(blurred(await page!.picture()), ['QRCode']);
      const [, publicId = '', key = ''] = /^http:\/\/localhost:8080\/c\/([\w-]{22})#([\w-]{22})$/.exec(symbol?.text ?? '') ?? [];
      const record = mustBe(200, await world.get(`/public/credentials/${publicId}`)).body;
      expect(String(record['text']).split('#')[0]).toBe(texts[7]?.split('~')[0]);
      const opened = openDisclosures(String(record['sealed']), key).map(readDisclosure);
      expect(Object.fromEntries(opened.map(({ name, value }) => [name, value]))).toMatchObject({ serialNumber: 'VD 0000008', fullName: graduates(8)[7]?.[1] });
    });
  });

  it.each([['999.txt', 404, 'BATCH_ROW_UNKNOWN'], ['1.pdf', 404, 'BATCH_ROW_UNKNOWN'], ['0.txt', 404, 'BATCH_ROW_UNKNOWN'], ['2.doc', 404, 'BATCH_ROW_UNKNOWN'], ['..%2f2.txt', 404, 'BATCH_ROW_UNKNOWN']])('%s is not there', async (file, status, code) => {
    const answer = await world.file(`/v1/batches/${id}/credentials/${file}`);
    expect([answer.statusCode, (JSON.parse(answer.payload) as { code: string }).code]).toEqual([status, code]);
  });

  it('of one institution is not given to another', async () => {
    for (const path of ['credentials/2.pdf', 'credentials/2.txt', 'credentials', 'diplomas.zip', 'diplomas.pdf', 'errors.csv', '']) {
      expect((await world.file(`/v1/batches/${id}/${path}`.replace(/\/$/, ''), world.authority)).statusCode).toBe(404);
    }
  });
});

describe('the class to take away', () => {
  it('is one archive with a text and a PDF for each, and a list in which no cell is a formula', async () => {
    const answer = await world.file(`/v1/batches/${id}/diplomas.zip`);
    expect([answer.headers['content-type'], answer.headers['content-length']]).toEqual(['application/zip', undefined]);
    const archive = new ZipArchive(answer.rawPayload, { entries: 3 * COUNT, inflated: 1e9 });
    for (const at of [0, 117, COUNT - 1]) {
      const name = `${String(at + 2).padStart(5, '0')}_VD-${String(at + 1).padStart(7, '0')}`;
      expect(archive.read(`van-ban/${name}.txt`)?.toString()).toBe(texts[at]);
      expect(archive.read(`pdf/${name}.pdf`)?.equals((await world.file(`/v1/batches/${id}/credentials/${at + 2}.pdf`)).rawPayload)).toBe(true);
    }
    const list = archive.read('danh-sach.csv')?.toString().trimEnd().split('\r\n') ?? [];
    expect(list).toHaveLength(COUNT + 1);
    expect(list[1]).toContain('"2","Nguyễn Thị Mây","VD 0000001"');
    expect(list.flatMap((line) => line.split('","')).every((cell) => !/^"?[=+@-]/.test(cell))).toBe(true);
  });

  it('is one PDF for the printer, a page for each, in order', async () => {
    const answer = await world.file(`/v1/batches/${id}/diplomas.pdf`);
    await withPagesOf(answer.rawPayload, async (pages) => {
      expect(pages.map(({ text }) => /VD \d{7}/.exec(text)?.[0])).toEqual(graduates(COUNT).map(([, , , serial]) => serial));
    });
  });

  it('goes on without those whose data were erased, and says so', async () => {
    const [, second] = await listed();
    mustBe(200, await world.call({ method: 'DELETE', url: `/v1/credentials/${second?.credentialId}/personal-data`, headers: { authorization: `Bearer ${world.approver.key}` } }));
    const gone = await world.file(`/v1/batches/${id}/credentials/3.txt`);
    expect([gone.statusCode, (JSON.parse(gone.payload) as { code: string }).code]).toEqual([404, 'PERSONAL_DATA_ERASED']);
    expect((await world.file(`/v1/batches/${id}/credentials/3.pdf`)).statusCode).toBe(404);
    const { rawPayload } = await world.file(`/v1/batches/${id}/diplomas.zip`);
    expect(rawPayload.includes('00003_VD-0000002')).toBe(false);
    const list = new ZipArchive(rawPayload, { entries: 3 * COUNT, inflated: 1e9 }).read('danh-sach.csv')?.toString().split('\r\n') ?? [];
    expect(list[2]).toBe(`"3","","","","${second?.credentialId}","","","đã xóa dữ liệu cá nhân · personal data erased"`);
    expect((await listed())[1]).toMatchObject({ row: 3, erased: true });
    await withPagesOf((await world.file(`/v1/batches/${id}/diplomas.pdf`)).rawPayload, async (pages) => { expect(pages).toHaveLength(COUNT - 1); });
  });
});
