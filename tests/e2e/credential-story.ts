/**
 * Credentials as their users meet them, on the program as it is started, with a real browser: a licence that opens and closes
 * the sale of a chemical, a class issued from a spreadsheet, a paper that an employer scans, and what turns its page.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CAN, TRADER } from '../../gateway/demonstration/cast.js';
import { CLASS_FACTS, PLASTICS, PROVINCE, UNIVERSITY } from '../../gateway/demonstration/credential-cast.js';
import type { CredentialLandmarks } from '../../gateway/demonstration/credential-story.js';
import { decode, withPagesOf } from '../gateway/labels/read-back.js';
import { openBrowser } from '../verifier/page/browser.js';
import type { StartedProgram, StartProgram } from './started-program.js';

/** @param start the program on the ledger that the story is to be told on */
export function credentialStory(start: StartProgram): void {
  let folder: string;
  let program: StartedProgram;
  let browser: Browser;
  let landmarks: CredentialLandmarks;
  let traderKey: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'minhchung-e2e-credentials-'));
    [program, browser] = [await start(folder), await openBrowser()];
    const all = await program.landmarks();
    landmarks = all.credentials;
    traderKey = all.apiKeys[TRADER.id] ?? '';
  }, 180_000);

  afterAll(async () => {
    await browser.close();
    await program.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const key = (name: string): string => landmarks.apiKeys[name] ?? '';
  const universityDid = (): string => landmarks.dids[UNIVERSITY.id] ?? '';
  const CONTEXTS = ['https://www.w3.org/2018/credentials/v1', 'https://minhchung.example/contexts/credentials/v1'];

  /** Words of the page, once the browser has judged too, and has written `until`. */
  async function pageWords(link: string, { scripts = true, language = 'vi', until = '', part = 'main' } = {}): Promise<string> {
    const context = await browser.newContext({ javaScriptEnabled: scripts, viewport: { width: 390, height: 844 } });
    const page = await context.newPage();
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url() + (request.postData() ?? '')));
    try {
      const [address = '', secret = 'none'] = link.split('#');
      await page.goto(`${address}?lang=${language}#${secret}`);
      if (scripts) await judgedHere(page);
      if (until !== '') await page.getByText(until).first().waitFor();
      expect(asked.filter((one) => one.includes(secret))).toEqual([]);
      return (await page.locator(part).first().innerText()).replaceAll(/\s+/g, ' ');
    } finally {
      await context.close();
    }
  }

  /** Waits until the browser has said what it found. */
  async function judgedHere(page: Page): Promise<void> {
    await page.waitForFunction(() => (document.getElementById('own-check')?.textContent ?? '') !== '');
  }

  async function verified(text: string): Promise<Record<string, unknown>> {
    const { status, body } = await program.ask(`${program.verifier}/credentials/verify`, undefined, { verifiableCredential: text });
    expect(status, JSON.stringify(body)).toBe(200);
    return body;
  }

  /** Asks again until the answer is there: the verifier reads the lists every few seconds. */
  async function eventually(question: () => Promise<boolean>): Promise<void> {
    await expect.poll(question, { timeout: 30_000, interval: 250 }).toBe(true);
  }

  describe('what the demonstration leaves to scan', () => {
    test.each([
      ['diploma', 'verified'], ['correctedDiploma', 'verified'], ['licence', 'verified'], ['identity', 'verified'],
      ['supersededDiploma', 'not-verified'], ['revokedDiploma', 'not-verified'], ['suspendedDiploma', 'not-verified'],
    ] as const)('%s is %s', async (name, verdict) => {
      const answer = await fetch(landmarks[name].split('#')[0] ?? '', { headers: { accept: 'application/json' } });
      expect(answer.status).toBe(200);
      expect((await answer.json() as { verdict: string }).verdict).toBe(verdict);
    });

    test('each in its own words', async () => {
      const words = await Promise.all((['diploma', 'supersededDiploma', 'revokedDiploma', 'suspendedDiploma'] as const).map(async (name) => pageWords(landmarks[name], { scripts: false, part: '[role=status]' })));
      expect(new Set(words).size).toBe(4);
    });
  });

  describe('a scanned diploma', () => {
    test('tells issuer and type, and the name only to whoever holds the paper', async () => {
      const holder = await pageWords(landmarks.diploma, { until: 'Nguyễn Thị Ví Dụ' });
      expect(holder).toContain(UNIVERSITY.name);
      expect(holder).toContain('Nguyễn Thị Ví Dụ');
      const stranger = await pageWords(landmarks.diploma.split('#')[0] ?? '');
      expect(stranger).toContain(UNIVERSITY.name);
      expect(stranger).not.toContain('Ví Dụ');
    });

    test('in English too', async () => {
      expect(await pageWords(landmarks.diploma, { language: 'en' })).toContain('Sen Hong University');
    });
  });

  describe('a graduating class', () => {
    const table = (date: string): string => ['STT;Họ và tên;Ngày sinh;Số hiệu văn bằng;Số vào sổ gốc cấp bằng;Xếp loại tốt nghiệp',
      `1;${'Đỗ Thị Thử'.normalize('NFD')};${date};E2E-0001;E2E/001;Giỏi`, '2;Bùi Văn Kiểm;05/06/2003;E2E-0002;E2E/002;Khá'].join('\n');

    async function upload(text: string): Promise<Record<string, unknown>> {
      const query = new URLSearchParams({ did: universityDid(), ...CLASS_FACTS, graduates: '2', decisionNumber: '77/QĐ-ĐHSH' });
      const answer = await fetch(`${program.issuer}/v1/batches?${query.toString()}`, { method: 'POST', headers: { authorization: `Bearer ${key(UNIVERSITY.id)}`, 'content-type': 'text/csv' }, body: text });
      return await answer.json() as Record<string, unknown>;
    }

    async function file(path: string): Promise<Uint8Array> {
      const answer = await fetch(program.issuer + path, { headers: { authorization: `Bearer ${key(UNIVERSITY.id)}` } });
      expect(answer.status).toBe(200);
      return new Uint8Array(await answer.arrayBuffer());
    }

    test('is refused with its row errors, mended, approved by another, and handed out as text and paper', async () => {
      const refused = await upload(table('31/02/2004'));
      expect(refused).toMatchObject({ state: 'refused', errors: [{ row: 2 }] });
      const batch = await upload(table('28/02/2004'));
      expect(batch['state']).toBe('prepared');
      const id = String(batch['id']);
      expect((await program.issue(key(UNIVERSITY.id), `/v1/batches/${id}/approval`, {})).status).toBe(403);
      expect((await program.issue(key('nguoi-duyet'), `/v1/batches/${id}/approval`, {})).status).toBe(202);
      await eventually(async () => (await program.issue(key(UNIVERSITY.id), `/v1/batches/${id}`)).body['state'] === 'issued');

      const text = Buffer.from(await file(`/v1/batches/${id}/credentials/2.txt`)).toString('utf8').trim();
      await eventually(async () => (await verified(text))['verified'] === true);
      expect(await verified(`${text.slice(0, 200)}${text[200] === 'A' ? 'B' : 'A'}${text.slice(201)}`)).toMatchObject({ verified: false });

      const [symbol] = (await withPagesOf(await file(`/v1/batches/${id}/credentials/2.pdf`), async (pages) => (await Promise.all(pages.map(async (page) => decode(await page.picture(300), ['QRCode'])))).flat()));
      expect(symbol?.text).toMatch(new RegExp(`^${program.verifier}/c/[A-Za-z0-9_-]{22}#[A-Za-z0-9_-]{22}$`));
      expect(await pageWords(symbol?.text ?? '', { until: 'Đỗ Thị Thử' })).toContain(UNIVERSITY.name);
    });
  });

  describe('a chemical licence', () => {
    const can = (number: number): string => `/01/${CAN.gtin}/21/AX114C${number}`;

    test('allows what it was given for, and its revocation refuses the next shipment at once', async () => {
      const allowed = await program.call(traderKey, '/v1/shipments', { number: 'E2E-V1', to: PLASTICS.id, items: [can(5)] });
      expect(allowed).toMatchObject({ status: expect.toSatisfy((status: number) => status < 300) as number });
      const revoked = await program.issue(key(PROVINCE.id), '/credentials/status', {
        credentialId: landmarks.licenceCredential, credentialStatus: { type: 'BitstringStatusListEntry', statusPurpose: 'revocation' }, status: true,
      });
      expect(revoked.status, JSON.stringify(revoked.body)).toBe(200);
      const refused = await program.call(traderKey, '/v1/shipments', { number: 'E2E-V2', to: PLASTICS.id, items: [can(6)] });
      expect(refused).toMatchObject({ status: 422, body: { code: 'BUYER_NOT_LICENSED' } });
      await eventually(async () => (await (await fetch(landmarks.licence, { headers: { accept: 'application/json' } })).json() as { verdict: string }).verdict === 'not-verified');
    });

    test('of a province is refused outside what was granted to it', async () => {
      const subject = {
        number: 'E2E/GP-HC', authority: { organisation: PROVINCE.id, name: PROVINCE.name }, holder: { organisation: PLASTICS.id, enterpriseNumber: '9900000021', name: PLASTICS.name },
        lines: [{ line: '1', substance: 'acetone', least: '5', most: '100', perYear: '10', site: { address: 'Hà Nội', province: '01' }, group: '2' }], fictional: 'yes',
      };
      const refused = await program.issue(key(PROVINCE.id), '/credentials/issue', {
        credential: { '@context': CONTEXTS, type: ['VerifiableCredential', 'ChemicalLicenceCredential'], issuer: landmarks.dids[PROVINCE.id], expirationDate: '2030-12-31T16:59:59Z', credentialSubject: subject },
      });
      expect(refused.status).toBeGreaterThanOrEqual(400);
      expect(refused.body['code']).toMatch(/^GRANT_/);
    });
  });

  describe('keys', () => {
    test('an old key still verifies what it signed in its time; a compromised one does not', async () => {
      const path = `/v1/dids/${encodeURIComponent(universityDid())}/keys`;
      const rotated = await program.issue(key(UNIVERSITY.id), path, {});
      expect(rotated.status, JSON.stringify(rotated.body)).toBe(201);
      const judged = async (): Promise<string> => (await (await fetch(landmarks.diploma.split('#')[0] ?? '', { headers: { accept: 'application/json' } })).json() as { verdict: string }).verdict;
      await eventually(async () => (await judged()) === 'verified');
      const [old] = rotated.body['keys'] as { keyId: string }[];
      const ended = await program.issue(key(UNIVERSITY.id), `${path}/${old?.keyId ?? ''}/retirement`, { reason: 'compromised' });
      expect(ended.status, JSON.stringify(ended.body)).toBe(200);
      await eventually(async () => (await judged()) === 'not-verified');
    });
  });
}
