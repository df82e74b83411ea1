/**
 * What a new user does and sees, on the program as it is started, with a real browser: register, label, pack, ship,
 * receive, sell, scan, recall; and a controlled chemical that is refused until the buyer may have it.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AUTHORITY, CAN, PAINTER, SHOP, TEA, TEA_MAKER, TRADER } from '../../gateway/demonstration/cast.js';
import type { Landmarks } from '../../gateway/demonstration/story.js';
import { decode, withPagesOf } from '../gateway/labels/read-back.js';
import { openBrowser } from '../verifier/page/browser.js';
import type { StartedProgram, StartProgram } from './started-program.js';

/** @param start the program on the ledger that the story is to be told on */
export function enterpriseStory(start: StartProgram): void {
  let folder: string;
  let program: StartedProgram;
  let browser: Browser;
  let landmarks: Landmarks;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'minhchung-e2e-'));
    [program, browser] = [await start(folder), await openBrowser()];
    landmarks = await program.landmarks();
  }, 120_000);

  afterAll(async () => {
    await browser.close();
    await program.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const key = (member: { readonly id: string }): string => landmarks.apiKeys[member.id] ?? '';

  /** The band's words as a reader sees them. */
  async function band(item: string, language = 'vi'): Promise<string> {
    const page = await browser.newPage({ viewport: { width: 390, height: 844 } });
    try {
      await page.goto(`${program.verifier}${item}${item.includes('?') ? '&' : '?'}lang=${language}`);
      return (await page.locator('[role=status]').first().innerText()).replaceAll(/\s+/g, ' ').toUpperCase();
    } finally {
      await page.close();
    }
  }

  /** Posts and insists on success. */
  async function done(member: { readonly id: string }, path: string, body: unknown): Promise<Record<string, unknown>> {
    const answer = await program.call(key(member), path, body);
    expect({ path, ...answer }).toMatchObject({ status: expect.toSatisfy((status: number) => status === 200 || status === 201) as number });
    return answer.body;
  }

  describe('the demonstration', () => {
    test('prints addresses, a link with its QR code, and lines to try', () => {
      expect(program.output).toContain(landmarks.onShelf);
      expect(program.output).toContain('▄▄▄▄▄▄▄');
      expect(program.output).toContain(program.gateway);
    });

    test.each([
      ['onShelf', 'MÃ CÓ TRONG SỔ ĐĂNG KÝ', 'CODE IS ON THE REGISTER'],
      ['sold', 'MÃ NÀY ĐÃ', 'ALREADY'],
      ['recalled', 'ĐANG THU HỒI', 'RECALLED'],
      ['expired', 'HẾT HẠN', 'EXPIRED'],
      ['notYetOnSale', 'MÃ CHƯA ĐƯA RA BÁN', 'NOT YET ON SALE'],
      ['stolen', 'HÀNG BÁO MẤT', 'REPORTED LOST OR STOLEN'],
      ['can', 'MÃ CÓ TRONG SỔ ĐĂNG KÝ', 'CODE IS ON THE REGISTER'],
    ] as const)('%s: %s', async (landmark, vi, en) => {
      expect(await band(landmarks[landmark])).toContain(vi);
      expect(await band(landmarks[landmark], 'en')).toContain(en);
    });

    test.each([
      ['an unknown code', '/01/09529999999993', 404, 'KHÔNG CÓ MÃ NÀY'],
      ['a wrong check digit', '/01/09520000000012', 400, ''],
      ['a malformed link', '/01/09520000000011/21', 400, ''],
      ['a lot that is not the serial’s', '/01/09520000000011/10/SM26-08/21/', 200, ''],
    ])('%s (%s) answers %i in its own words', async (name, path, status) => {
      const item = name.startsWith('a lot') ? `${path}${landmarks.onShelf.split('/').at(-1) ?? ''}` : path;
      const answer = await fetch(program.verifier + item);
      expect(answer.status).toBe(status);
      const machine = await program.scan(item);
      expect(machine.status).toBe(status);
      if (status === 400) expect(machine.body['code']).toMatch(/^(AI|LINK)_[A-Z_]+$/);
    });

    test('the browser checks the ledger’s signature itself and says so', async () => {
      const page = await browser.newPage();
      await page.goto(`${program.verifier}${landmarks.onShelf}?lang=en`);
      await page.getByText('Your browser has checked by itself').waitFor();
      await page.close();
    });
  });

  describe('an enterprise, from registration to recall', () => {
    const lot = 'E2E-1';
    let serials: string[];
    const item = (index: number): string => `/01/${TEA.gtin}/21/${serials[index] ?? ''}`;

    test('labels are printed, and each symbol reads back as a link that answers', async () => {
      await done(TEA_MAKER, `/v1/products/${TEA.gtin}/lots`, { lot, producedOn: '2026-11-01', expiresOn: '2028-10-31', province: '15' });
      const order = await done(TEA_MAKER, `/v1/products/${TEA.gtin}/lots/${lot}/serials`, { count: 6 });
      const pdf = await program.download(key(TEA_MAKER), '/v1/labels', { order: order['id'], media: 'a4-24', language: 'vi' });
      const links = await withPagesOf(pdf, async (pages) => (await Promise.all(pages.slice(1).map(async (page) => decode(await page.picture(300), ['QRCode'])))).flat());
      expect(links).toHaveLength(6);
      serials = links.map((one) => new URL(one.text).pathname.split('/').at(-1) ?? '');
      expect(await band(item(0))).toContain('MÃ CHƯA ĐƯA RA BÁN');
      await done(TEA_MAKER, `/v1/products/${TEA.gtin}/lots/${lot}/commission`, { order: order['id'] });
      expect(await band(item(0))).toContain('MÃ CÓ TRONG SỔ ĐĂNG KÝ');
    });

    test('packed, shipped, received with a difference, sold', async () => {
      const { units: [{ sscc }] } = await done(TEA_MAKER, '/v1/sscc', { count: 1 }) as { units: [{ sscc: string }] };
      await done(TEA_MAKER, '/v1/packings', { unit: sscc, items: [0, 1, 2, 3].map(item) });
      await done(TEA_MAKER, '/v1/shipments', { number: 'E2E-1', to: SHOP.id, items: [`/00/${sscc}`] });
      await done(SHOP, `/v1/shipments/${TEA_MAKER.id}/E2E-1/receipt`, { received: [`/00/${sscc}`], short: [item(0)], damaged: [item(1)], over: [] });
      await done(SHOP, '/v1/unpackings', { unit: sscc });
      await done(SHOP, '/v1/endings', { as: 'sold', items: [item(2)] });
      expect(await band(item(2))).toContain('MÃ NÀY ĐÃ');
      const again = await program.call(key(SHOP), '/v1/endings', { as: 'sold', items: [item(2)] });
      expect(again).toMatchObject({ status: 409, body: { code: 'ITEM_ALREADY_SOLD' } });
    });

    test('another company’s GTIN is refused', async () => {
      const refused = await program.call(key(SHOP), '/v1/products', { ...TEA, gtin: '09520000000028' });
      expect(refused).toMatchObject({ status: 403, body: { code: 'PREFIX_NOT_HELD' } });
    });

    test('recalled: every page turns, and one call says where the goods are', async () => {
      await done(TEA_MAKER, `/v1/products/${TEA.gtin}/lots/${lot}/recall`, { reason: 'Thử thu hồi', instruction: 'Trả lại nơi mua' });
      for (const index of [0, 1, 2, 3, 4, 5]) expect(await band(item(index))).toContain('ĐANG THU HỒI');
      const { status, body } = await program.call(key(TEA_MAKER), `/v1/products/${TEA.gtin}/lots/${lot}/whereabouts`);
      expect(status).toBe(200);
      expect(JSON.stringify(body)).toContain(SHOP.id);
    });
  });

  describe('a controlled chemical', () => {
    const can = (number: number): string => `/01/${CAN.gtin}/21/AX114C${number}`;

    test('is refused to a buyer without a licence, with the reason', async () => {
      const refused = await program.call(key(TRADER), '/v1/shipments', { number: 'E2E-C1', to: SHOP.id, items: [can(3)] });
      expect(refused).toMatchObject({ status: 422, body: { code: 'BUYER_NOT_LICENSED' } });
    });

    test('and up to what a licence has left', async () => {
      const refused = await program.call(key(TRADER), '/v1/shipments', { number: 'E2E-C2', to: PAINTER.id, items: [can(3)] });
      expect(refused).toMatchObject({ status: 422, body: { code: 'QUOTA_EXCEEDED', fields: { allowed: '10.25' } } }); // 60 − 2 × 24.875
      await done(AUTHORITY, '/v1/licences', { id: 'E2E-GP', number: 'E2E', holder: PAINTER.id, validFrom: '2026-01-01', validTo: '2027-12-31', lines: [{ line: '1', substance: 'acetone', least: '5', most: '100', perYear: '30' }] });
      await done(TRADER, '/v1/shipments', { number: 'E2E-C3', to: PAINTER.id, items: [can(3)] });
      await done(AUTHORITY, '/v1/licences/E2E-GP/revocation', { from: '2026-01-02', reason: 'Thử thu hồi' });
      const after = await program.call(key(TRADER), '/v1/shipments', { number: 'E2E-C4', to: PAINTER.id, items: [can(4)] });
      expect(after).toMatchObject({ status: 422, body: { code: 'QUOTA_EXCEEDED' } });
    });
  });

  describe('a citizen', () => {
    test('reports a recalled box that is still sold: the authority and the maker read it, the shop does not', async () => {
      const page = await browser.newPage({ viewport: { width: 390, height: 844 } });
      await page.goto(`${program.verifier}${landmarks.recalled}?lang=en`);
      await page.getByRole('link', { name: 'Report it to the maker and the authority' }).click();
      await page.getByLabel('Still sold although recalled or expired').check();
      await page.getByLabel('Tell more').fill('Chợ Mới, quầy số 5');
      await page.getByRole('button', { name: 'Send the report' }).click();
      const reference = await page.locator('#reference').innerText();
      await page.close();
      const read = async (member: { readonly id: string }): Promise<number> => (await program.call(key(member), `/v1/citizen-reports/${reference}`)).status;
      expect([await read(AUTHORITY), await read(TEA_MAKER), await read(SHOP)]).toEqual([200, 200, 404]);
      const { body } = await program.call(key(AUTHORITY), '/v1/citizen-reports');
      expect(body['reports']).toEqual([expect.objectContaining({ reference, item: landmarks.recalled, lot: 'SM26-08', shown: 'recalled', judged: 'recalled', text: 'Chợ Mới, quầy số 5' })]);
    });
  });

  describe('stopping', () => {
    test('killed at once, it starts again with everything, and prints the same guide', async () => {
      await program.stop('SIGKILL');
      program = await start(folder);
      expect(program.output).toContain(landmarks.onShelf);
      expect(await band(landmarks.sold)).toContain('MÃ NÀY ĐÃ');
      expect(await program.stop()).toBe(0);
    });
  });
}
