import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Problem } from '#domain/errors.js';
import type { CitizenReport } from '#domain/goods/citizen-report.js';
import { instantOf } from '#domain/instant.js';
import { pageBundle } from '../../../verifier/build-page.js';
import { loadPageScript } from '../../../verifier/server/page-script.js';
import { NOW } from '../certificate-builder.js';
import { CASES, openWindow, type Window } from '../server/shop-window.js';
import { INSECURE_HOST, openBrowser } from './browser.js';
import { overhang, violations } from './page-measures.js';

const REFERENCE = 'BC-7QK2M9ZD4XWA';
let taken: CitizenReport[] = [];
let refusal: Problem | undefined;

let browser: Browser;
let window: Window;
let base: string;
beforeAll(async () => {
  const outfile = join(tmpdir(), `minhchung-report-page-${process.pid}.js`);
  await build(pageBundle('verifier/page/page.ts', outfile, ['source']));
  const inbox = {
    file: async (report: CitizenReport) => {
      if (refusal !== undefined) throw refusal;
      taken.push(report);
      return { reference: REFERENCE, receivedAt: instantOf(NOW) };
    },
  };
  [browser, window] = await Promise.all([openBrowser(), openWindow({ script: await loadPageScript(outfile), inbox })]);
  base = await window.app.listen({ port: 0, host: '127.0.0.1' });
});
afterAll(async () => {
  await browser.close();
  await window.app.close();
});
beforeEach(() => { [taken, refusal] = [[], undefined]; });

async function visit(options: BrowserContextOptions, path: string, look: (page: Page, faults: readonly string[]) => Promise<void>): Promise<void> {
  const context = await browser.newContext({ viewport: { width: 390, height: 800 }, ...options });
  try {
    const page = await context.newPage();
    const faults: string[] = [];
    page.on('console', (message) => { if (/Content Security Policy|Trusted/.test(message.text())) faults.push(message.text()); });
    page.on('pageerror', (error) => faults.push(error.message));
    page.on('request', (request) => { if (!request.url().startsWith(base)) faults.push(request.url()); });
    await page.clock.setFixedTime(NOW);
    await page.goto(base + path, { waitUntil: 'load' });
    await look(page, faults);
    expect(await context.cookies()).toEqual([]);
  } finally {
    await context.close();
  }
}

const WORDS = {
  vi: { report: 'Báo cho nhà sản xuất và cơ quan quản lý', reason: 'Vẫn được bán dù đã thu hồi hoặc hết hạn', text: 'Kể thêm', province: 'Ở tỉnh, thành phố nào', contact: 'Số điện thoại hoặc e-mail', send: 'Gửi báo cáo', received: 'ĐÃ NHẬN BÁO CÁO', not: 'CHƯA NHẬN ĐƯỢC BÁO CÁO' },
  en: { report: 'Report it to the maker and the authority', reason: 'Still sold although recalled or expired', text: 'Tell more', province: 'In which province', contact: 'Your phone number or e-mail', send: 'Send the report', received: 'REPORT RECEIVED', not: 'THE REPORT WAS NOT RECEIVED' },
} as const;
type Language = keyof typeof WORDS;

const at = (path: string, language: string): string => `${path}${path.includes('?') ? '&' : '?'}lang=${language}`;
const bandTitle = async (page: Page): Promise<string> => page.locator('#band[role=status] h1').innerText();

async function fillIn(page: Page, language: Language): Promise<void> {
  const words = WORDS[language];
  await page.getByLabel(words.reason).check();
  await page.getByLabel(words.text).fill('Vẫn bày trên kệ.\nGiá rẻ hơn một nửa 🙁');
  await page.getByLabel(words.province).selectOption({ label: 'Lào Cai' });
  await page.getByLabel(words.contact).fill('0900 000 000');
}

async function press(page: Page, language: Language): Promise<void> {
  await Promise.all([page.waitForEvent('load'), page.getByRole('button', { name: WORDS[language].send }).click()]);
}

describe.each(['vi', 'en'] as const)('a citizen, in %s', (language) => {
  test.each([true, false])('comes from the page of a recalled code, fills in the form, sends it, and has a number (script %s)', async (javaScriptEnabled) => {
    await visit({ javaScriptEnabled }, at(CASES.recalled, language), async (page, faults) => {
      await Promise.all([page.waitForEvent('load'), page.getByRole('link', { name: WORDS[language].report }).click()]);
      expect(await page.locator('html').getAttribute('lang')).toBe(language);
      await fillIn(page, language);
      await press(page, language);
      expect(await bandTitle(page)).toBe(WORDS[language].received);
      expect(await page.locator('#reference').innerText()).toBe(REFERENCE);
      expect(await page.locator('html').getAttribute('lang')).toBe(language);
      expect(faults).toEqual([]);
    });
    expect(taken).toEqual([{
      token: expect.stringMatching(/^[A-Za-z0-9_-]{22}$/), code: CASES.recalled, address: CASES.recalled, shown: 'recalled', judged: 'recalled',
      reason: 'sold-after-recall', text: 'Vẫn bày trên kệ.\nGiá rẻ hơn một nửa 🙁', province: '15', contact: '0900 000 000',
    }]);
  });

  test('is told when it did not arrive, loses nothing, and sends it again as the same report', async () => {
    await visit({ javaScriptEnabled: false }, at(`/report?code=${CASES['unknown-code']}`, language), async (page) => {
      await fillIn(page, language);
      const token = await page.locator('[name=token]').inputValue();
      refusal = new Problem('REPORT_NOT_DELIVERED');
      await press(page, language);
      expect(await bandTitle(page)).toBe(WORDS[language].not);
      expect(await page.locator('#top').getAttribute('class')).toBe('top danger');
      expect(await page.getByLabel(WORDS[language].text).inputValue()).toBe('Vẫn bày trên kệ.\nGiá rẻ hơn một nửa 🙁');
      expect(await page.getByLabel(WORDS[language].reason).isChecked()).toBe(true);
      refusal = undefined;
      await press(page, language);
      expect(await bandTitle(page)).toBe(WORDS[language].received);
      expect(taken.map((report) => report.token)).toEqual([token]);
    });
  });

  test.each(['unknown-code', 'malformed', 'not-kept', 'registered'] as const)('can report from the page of %s', async (name) => {
    await visit({}, at(CASES[name], language), async (page) => {
      await Promise.all([page.waitForEvent('load'), page.getByRole('link', { name: WORDS[language].report }).click()]);
      await page.getByLabel(WORDS[language].reason).check();
      await press(page, language);
      expect(await bandTitle(page)).toBe(WORDS[language].received);
    });
    expect(taken.map(({ code, shown }) => [code, shown])).toEqual([[CASES[name], name]]);
  });

  test('who writes nothing is held back by the browser, and by the site where the browser does not', async () => {
    await visit({}, at(`/report?code=${CASES.recalled}`, language), async (page) => {
      await page.getByRole('button', { name: WORDS[language].send }).click();
      expect(await page.locator('[name=reason]:invalid').count()).toBeGreaterThan(0);
      await page.locator('form.tell').evaluate((form: HTMLFormElement) => { form.noValidate = true; });
      await press(page, language);
      const alert = page.getByRole('alert');
      await alert.getByRole('link').click();
      expect(await page.evaluate(() => document.activeElement?.id)).toBe('reason');
      expect(taken).toEqual([]);
    });
  });
});

describe('a page of another site', () => {
  /** A page elsewhere whose script posts a form here as soon as it is opened. */
  async function lure(target: string): Promise<{ address: string; close: () => void }> {
    const fields = Object.entries({ token: '0123456789abcdef', code: CASES.recalled, reason: 'other' }).map(([name, value]) => `<input name="${name}" value="${value}">`).join('');
    const server = createServer((_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end(`<form method="post" action="${target}/report">${fields}</form><script>document.forms[0].submit()</script>`));
    await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
    return { address: `http://${INSECURE_HOST}:${(server.address() as AddressInfo).port}/`, close: () => server.close() };
  }

  test.each([['a browser that tells where it comes from', false], ['one that only tells the origin', true]])('cannot make its visitors send reports: %s', async (_, insecure) => {
    const { address, close } = await lure(insecure ? base.replace('127.0.0.1', INSECURE_HOST) : base);
    const page = await browser.newPage();
    try {
      const [response] = await Promise.all([page.waitForResponse((each) => each.url().endsWith('/report')), page.goto(address, { waitUntil: 'commit' })]);
      expect(response.status()).toBe(403);
      await page.waitForSelector('#band');
      expect(await bandTitle(page)).toBe('CHƯA NHẬN ĐƯỢC');
      expect(taken).toEqual([]);
    } finally {
      await page.close();
      close();
    }
  });
});

const STATES: readonly (readonly [string, (page: Page) => Promise<void>])[] = [
  ['the empty form', async () => undefined],
  ['the form to be mended', async (page) => {
    await page.locator('form.tell').evaluate((form: HTMLFormElement) => { form.noValidate = true; });
    await page.locator('#text').evaluate((area: HTMLTextAreaElement) => { area.removeAttribute('maxlength'); area.value = 'W'.repeat(1_500); });
    await press(page, 'vi');
  }],
  ['not received', async (page) => {
    refusal = new Problem('REPORT_NOT_DELIVERED');
    await fillIn(page, 'vi');
    await press(page, 'vi');
  }],
  ['received', async (page) => {
    await fillIn(page, 'vi');
    await press(page, 'vi');
  }],
];

describe.each(STATES)('%s', (_, reach) => {
  test.each(['light', 'dark'] as const)('no violation found by axe (%s), nothing stands out from 320 to 1280 px, the band is seen first', async (colorScheme) => {
    for (const width of [320, 1280]) {
      await visit({ viewport: { width, height: width === 320 ? 568 : 800 }, colorScheme, bypassCSP: true }, `/report?code=${CASES.recalled}`, async (page) => {
        await reach(page);
        const box = await page.locator('#band').boundingBox();
        expect(box!.y + box!.height).toBeLessThanOrEqual(width === 320 ? 568 : 800);
        expect(await overhang(page)).toEqual([]);
        expect(await violations(page)).toEqual([]);
      });
      refusal = undefined;
    }
  });

  test('with text twice as large, and in forced colours, nothing is cut', async () => {
    await visit({ forcedColors: 'active', viewport: { width: 320, height: 568 } }, `/report?code=${CASES.recalled}`, async (page) => {
      await reach(page);
      await page.evaluate(() => { document.documentElement.style.fontSize = '225%'; });
      expect(await overhang(page)).toEqual([]);
    });
  });
});

describe('hands', () => {
  test('targets are at least 44 px high', async () => {
    await visit({ viewport: { width: 320, height: 568 } }, `/report?code=${CASES.recalled}`, async (page) => {
      const low = await page.evaluate(() => [...document.querySelectorAll('a,button,label.pick,textarea,select,input:not([type=hidden]):not([type=radio])')].filter((element) => element.checkVisibility() && element.getBoundingClientRect().height < 44).map((element) => element.outerHTML.slice(0, 80)));
      expect(low).toEqual([]);
    });
  });

  test('the keyboard alone fills in and sends, in reading order', async () => {
    await visit({}, `/report?code=${CASES.recalled}`, async (page) => {
      const reached: (string | null)[] = [];
      for (let count = 0; count < 7; count++) {
        await page.keyboard.press('Tab');
        reached.push(await page.evaluate(() => document.activeElement!.getAttribute('name') ?? document.activeElement!.tagName));
        expect(await page.evaluate(() => getComputedStyle(document.activeElement!).outlineStyle)).toBe('solid');
        if (reached.at(-1) === 'reason') await page.keyboard.press('Space');
        if (reached.at(-1) === 'text') await page.keyboard.type('bàn phím');
      }
      expect(reached).toEqual(['A', 'A', 'reason', 'text', 'province', 'contact', 'BUTTON']);
      await Promise.all([page.waitForEvent('load'), page.keyboard.press('Enter')]);
      expect(await bandTitle(page)).toBe(WORDS.vi.received);
    });
    expect(taken[0]).toMatchObject({ reason: 'seal-broken', text: 'bàn phím' });
  });

  test('a reload of the answer sends the same report, not a second one', async () => {
    await visit({}, `/report?code=${CASES.recalled}`, async (page) => {
      await fillIn(page, 'vi');
      await press(page, 'vi');
      await page.reload();
      expect(await bandTitle(page)).toBe(WORDS.vi.received);
    });
    expect(taken).toHaveLength(2);
    expect(taken[1]).toEqual(taken[0]);
  });

  test('the switch of the language keeps the code', async () => {
    await visit({}, `/report?code=${CASES.recalled}`, async (page) => {
      await Promise.all([page.waitForEvent('load'), page.locator('a[hreflang=en]').click()]);
      expect(await page.locator('[name=code]').inputValue()).toBe(CASES.recalled);
      expect(await page.locator('html').getAttribute('lang')).toBe('en');
    });
  });
});
