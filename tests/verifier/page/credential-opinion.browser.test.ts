import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { trustOf } from '../goods-fixtures.js';
import { newWorld } from '../receipt-builder.js';
import { FORGED, NOW, PAPER_KEY, type PrintedCase, seal } from '../server/credential-window.js';
import { INSECURE_HOST } from './browser.js';
import { credentialSite, finding, sent, state } from './credential-site.js';
import { overhang } from './page-measures.js';

const site = credentialSite();
const { visit } = site;
const address = (name: PrintedCase, language = 'vi'): string => `/c/${site.window.printed[name].id}?lang=${language}`;

describe('the name', () => {
  test('is opened on this device: the key is in no request, and leaves address bar and history', async () => {
    await visit({}, `${address('diploma')}#${PAPER_KEY}`, async ({ page, requests, faults }) => {
      await page.locator('[data-holder=shown]').waitFor();
      const shown = await page.locator('#holder').innerText();
      for (const text of ['Nguyễn Thị Mây', '29/02/2004', 'VD 0001234', '12/2026/ĐHVD-BC', 'Khá']) expect(shown).toContain(text);
      expect([await finding(page), faults, page.url()]).toEqual(['agrees', [], site.base + address('diploma')]);
      expect(await page.evaluate(() => JSON.stringify([location.hash, history.length, history.state, document.referrer, Object.entries(localStorage), Object.entries(sessionStorage)]))).not.toContain(PAPER_KEY);
      const row = page.locator('tr[data-check=disclosures]');
      expect([await row.locator('td').innerText(), await row.locator('small').innerText()]).toEqual([await page.locator('tr[data-check=signature] td').innerText(), expect.stringContaining('trình duyệt của bạn đã so')]);
      expect(await page.locator('#holder form').count()).toBe(0);
      expect(await sent(requests)).not.toContain(PAPER_KEY);
      expect(requests.length).toBeGreaterThan(5);
      await page.goto(`${site.base}/credentials`);
      await page.goBack();
      expect(page.url()).toBe(site.base + address('diploma'));
    });
  });

  test('stands before what the result means', async () => {
    await visit({}, `${address('diploma')}#${PAPER_KEY}`, async ({ page }) => {
      await page.locator('[data-holder=shown]').waitFor();
      expect((await page.locator('main h2').allInnerTexts()).slice(0, 3)).toEqual(['Bằng cử nhân', 'Người được cấp', 'Kết quả này nghĩa là gì']);
    });
  });

  test('is still there in the other language, and the key still goes nowhere', async () => {
    await visit({}, `${address('diploma')}#${PAPER_KEY}`, async ({ page, requests }) => {
      await page.locator('[data-holder=shown]').waitFor();
      await page.locator('a[hreflang=en]').click();
      await page.waitForURL(site.base + address('diploma', 'en'));
      await page.locator('[data-holder=shown]').waitFor();
      expect(await page.locator('#holder').innerText()).toContain('29\u00a0February 2004');
      expect(await sent(requests)).not.toContain(PAPER_KEY);
    });
  });

  test.each([['another key', 'AAAAAAAAAAAAAAAAAAAAAA'], ['a key of one other bit', '2GLC42sKQveCfGfryNRN9g']])('%s opens nothing, and says so; the form still works', async (_, key) => {
    await visit({}, `${address('diploma')}#${key}`, async ({ page, requests }) => {
      await page.locator('[data-holder=wrong-key]').waitFor();
      expect(await page.locator('#holder [role=alert]').innerText()).toContain('không mở được tên của bản này');
      expect(await page.locator('#holder form').count()).toBe(1);
      expect(await sent(requests)).not.toContain(key);
    });
  });

  test.each(['#top', '#<script>', '#2GLC42sKQveCfGfryNRN9', '#2GLC42sKQveCfGfryNRN9wx', '#2GLC42sKQveCfGfryNRN9x'])('%s is no key: the page is as without', async (hash) => {
    await visit({}, address('diploma') + hash, async ({ page, requests }) => {
      expect(await finding(page)).toBe('agrees');
      expect([await page.locator('[data-holder]').count(), page.url()]).toEqual([0, site.base + address('diploma')]);
      expect(await sent(requests)).not.toContain(hash.slice(1, 10) === 'top' ? '#top' : hash.slice(1));
    });
  });

  test('data of another credential in the box are not shown', async () => {
    const { id, sealed } = site.window.printed.diploma;
    site.window.world.records.set(id, { ...site.window.printed.diploma, sealed: seal(Buffer.from(JSON.stringify(['2GLC42sKQveCfGfryNRN9w', 'fullName', FORGED])).toString('base64url')) });
    await visit({}, `${address('diploma')}#${PAPER_KEY}`, async ({ page }) => {
      await page.locator('[data-holder=refused]').waitFor();
      expect(await page.content()).not.toContain(FORGED);
    });
    site.window.world.records.set(id, { ...site.window.printed.diploma, sealed: sealed! });
  });

  test('without scripts the two numbers on the paper show it', async () => {
    await visit({ javaScriptEnabled: false }, `${address('diploma')}#${PAPER_KEY}`, async ({ page, requests }) => {
      expect(await page.content()).not.toContain('Nguyễn Thị Mây');
      await page.fill('#serialNumber', 'VD 0001234');
      await page.fill('#dateOfBirth', '28/02/2004');
      await page.click('#holder button');
      expect(await page.locator('#holder [role=alert]').innerText()).toBe('Số hiệu hoặc ngày sinh không khớp với bản này.');
      await page.fill('#dateOfBirth', '29/02/2004');
      await page.click('#holder button');
      expect(await page.locator('#holder').innerText()).toContain('Nguyễn Thị Mây');
      expect([await overhang(page), await state(page)]).toEqual([[], 'valid']);
      expect(await sent(requests)).not.toContain(PAPER_KEY);
    });
  });
});

describe('the second opinion', () => {
  /** Changes what the server answers to the script, never the page itself. */
  const between = (pattern: RegExp, edit: (body: string) => string): ((page: Page) => Promise<void>) => async (page) => {
    await page.route((url) => pattern.test(url.pathname), async (route) => {
      if (route.request().resourceType() === 'document') return route.continue();
      const response = await route.fetch();
      return route.fulfill({ response, body: edit(await response.text()) });
    });
  };
  const json = (edit: (answer: Record<string, never>) => void) => (body: string): string => {
    const answer = JSON.parse(body) as Record<string, never>;
    edit(answer);
    return JSON.stringify(answer);
  };
  type Answer = { report: Record<string, object>; band: { state: string }; record: { text: string }; keys: unknown[]; grants: unknown[]; receipt: string };
  const answers = (edit: (answer: Answer) => void) => json(edit as never);

  test.each<[string, RegExp, (body: string) => string]>([
    ['a report that hides a failure', /^\/c\//, answers(({ report }) => { report['revocation'] = { result: 'pass' }; })],
    ['another state', /^\/c\//, answers(({ band }) => { band.state = 'valid'; })],
    ['checks in another order', /^\/c\//, answers((answer) => { answer.report = Object.fromEntries(Object.entries(answer.report).reverse()); })],
    ['another credential under the same address', /^\/c\//, answers(({ record }) => { record.text = site.window.printed.valid.text; })],
    ['a registry without the key', /^\/trust\/snapshot/, answers((answer) => { answer.keys = []; })],
    ['a registry without the right', /^\/trust\/snapshot/, answers((answer) => { answer.grants = []; })],
    ['a list with one character changed', /^\/trust\/status/, (body) => body.replace(/.$/, (last) => (last === 'A' ? 'Q' : 'A'))],
    ['a damaged receipt', /^\/trust\/commitments/, answers((answer) => { answer.receipt = answer.receipt.replace(/.{12}"}$/, 'AAAAAAAAAAAA"}'); })],
  ])('%s: two checks disagree, and the band says so aloud', async (_, pattern, edit) => {
    await visit({}, address('revoked'), async ({ page }) => {
      expect(await finding(page)).toBe('disagrees');
      expect(await page.locator('#band[role=status] h1').innerText()).toBe('HAI LẦN KIỂM TRA TRÁI NHAU');
      expect(await page.locator('#top').getAttribute('class')).toBe('top danger');
      expect(await overhang(page)).toEqual([]);
    }, between(pattern, edit));
  });

  test('a status that changed while the reader looked is no quarrel: the band is brought up to date', async () => {
    const record = site.window.world.print();
    await visit({}, `/c/${record.id}`, async ({ page }) => {
      expect(await finding(page)).toBe('changed');
      expect([await page.locator('#band h1').innerText(), await page.locator('#top').getAttribute('class')]).toEqual(['ĐÃ BỊ THU HỒI', 'top danger']);
    }, async (page) => {
      await page.route((url) => url.pathname === `/c/${record.id}`, async (route) => {
        if (route.request().resourceType() !== 'document') {
          site.window.world.set(record, 'revocation');
          await site.window.checks.worker.round();
        }
        return route.continue();
      });
    });
  });

  test('a status that changed between two of its questions is looked at again', async () => {
    const record = site.window.world.print({ type: 'DiplomaCredential' });
    let changed: Promise<void> | undefined;
    await visit({}, `/c/${record.id}`, async ({ page }) => expect(await finding(page)).toBe('changed'), async (page) => {
      await page.route((url) => url.pathname === '/trust/status', async (route) => {
        changed ??= (async () => {
          site.window.world.set(record, 'suspension');
          await site.window.checks.worker.round();
        })();
        await changed;
        return route.continue();
      });
    });
  });

  test.each<[string, RegExp]>([['record', /^\/c\//], ['registry', /^\/trust\/snapshot/], ['list', /^\/trust\/status/], ['ledger', /^\/trust\/commitments/]])('a server that stops answering (%s) is no quarrel', async (_, pattern) => {
    await visit({}, address('valid'), async ({ page }) => {
      expect([await finding(page), await state(page)]).toEqual(['could-not-check', 'valid']);
      expect(await page.locator('#top').getAttribute('class')).toBe('top normal');
    }, async (page) => {
      await page.route((url) => pattern.test(url.pathname), (route) => (route.request().resourceType() === 'document' ? route.continue() : route.abort()));
    });
  });

  test('where the page is not secure it says so, and leaves the answer alone', async () => {
    await visit({}, `${site.base.replace('127.0.0.1', INSECURE_HOST)}${address('diploma')}#${PAPER_KEY}`, async ({ page, requests }) => {
      expect([await finding(page), await state(page)]).toEqual(['could-not-check', 'valid']);
      expect(await page.locator('#own-check').innerText()).toContain('https');
      expect(await page.locator('#holder form').count()).toBe(1);
      expect(await sent(requests)).not.toContain(PAPER_KEY);
    });
  });

  test('a clock that is far off is told, and the server\'s taken', async () => {
    await visit({}, address('valid'), async ({ page }) => {
      expect(await finding(page)).toBe('agrees');
      expect(await page.locator('#own-check').innerText()).toContain('Đồng hồ của máy này lệch nhiều');
    }, async (page) => { await page.clock.setFixedTime(NOW + 3 * 86_400_000); });
  });

  test('it says how old the register is that it was judged by', async () => {
    site.window.world.now = NOW + 40 * 60_000;
    await visit({}, address('diploma'), async ({ page }) => {
      expect(await finding(page)).toBe('agrees');
      expect(await page.locator('#own-check').innerText()).toMatch(/cập nhật 40\u00a0phút trước/);
    });
  });

  test('an old register: browser and server agree that it could not be checked', async () => {
    site.window.world.now = NOW + 25 * 3_600_000;
    await visit({}, address('valid'), async ({ page }) => {
      expect([await finding(page), await state(page), await page.locator('#band h1').innerText()]).toEqual(['agrees', 'unchecked', 'CHƯA KIỂM TRA ĐƯỢC']);
    });
  });

  test('remembers the roots, and says aloud when others come', async () => {
    const stranger = trustOf(await newWorld());
    await visit({}, address('valid'), async ({ page }) => {
      expect(await page.locator('#own-check + p').innerText()).toContain('ghi nhớ');
      await page.evaluate((trust) => localStorage.setItem('minhchung.trust', JSON.stringify(trust)), stranger);
      await page.reload();
      expect(await finding(page)).toBe('disagrees');
      expect(await page.locator('section[role=alert] h2').innerText()).toContain('Gốc tin cậy đã thay đổi');
    });
  });
});
