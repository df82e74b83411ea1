import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { CredentialScripts } from '../../../verifier/server/credentials/credential-scripts.js';
import { PAPER_KEY, type PrintedCase, STATE_OF } from '../server/credential-window.js';
import { CASES, credentialSite, finding, state } from './credential-site.js';
import { contrast, overhang, violations } from './page-measures.js';

const site = credentialSite();
const { visit } = site;
const address = (name: PrintedCase, language = 'vi'): string => `/c/${site.window.printed[name].id}?lang=${language}`;

describe.each([320, 390, 1280])('%i px wide', (width) => {
  const viewport = { width, height: width === 320 ? 568 : 800 };

  describe.each(['vi', 'en'])('%s', (language) => {
    test.each([true, false])('script %s: every state fits, and is said above the fold', async (javaScriptEnabled) => {
      for (const name of CASES) {
        await visit({ viewport, javaScriptEnabled }, address(name, language), async ({ page, faults, requests }) => {
          if (javaScriptEnabled) expect(await finding(page), name).toBe('agrees');
          expect([name, await page.locator('html').getAttribute('lang'), await state(page)]).toEqual([name, language, STATE_OF[name]]);
          const box = await page.locator('#band').boundingBox();
          expect(box!.y + box!.height, name).toBeLessThanOrEqual(viewport.height);
          expect([name, await overhang(page), faults]).toEqual([name, [], []]);
          expect(requests.map((request) => request.url()).filter((url) => !url.startsWith(site.base))).toEqual([]);
        });
      }
    }, 120_000);

    test('form, result and refusals fit too', async () => {
      await visit({ viewport }, `/credentials?lang=${language}`, async ({ page }) => {
        expect(await overhang(page)).toEqual([]);
        await page.fill('#text', site.window.printed.valid.text);
        await page.click('#paste button');
        await page.locator('#own-result[data-finding=judged]').waitFor();
        expect(await overhang(page)).toEqual([]);
      });
      for (const path of [`/c/${'A'.repeat(22)}?lang=${language}`, `/?lang=${language}`]) await visit({ viewport }, path, async ({ page }) => expect(await overhang(page)).toEqual([]));
    });
  });
});

describe('for everybody', () => {
  test.each(CASES)('%s: no violation found by axe, light and dark', async (name) => {
    for (const colorScheme of ['light', 'dark'] as const) {
      await visit({ bypassCSP: true, colorScheme }, address(name), async ({ page }) => {
        await finding(page);
        await page.locator('summary').click();
        expect(await violations(page)).toEqual([]);
        expect(await contrast(page, '#band h1')).toBeGreaterThanOrEqual(7);
      });
    }
  });

  test('the forms, the shown name and the local result have none either', async () => {
    await visit({ bypassCSP: true }, `${address('diploma')}#${PAPER_KEY}`, async ({ page }) => {
      await page.locator('[data-holder=shown]').waitFor();
      expect(await violations(page)).toEqual([]);
    });
    await visit({ bypassCSP: true }, '/credentials', async ({ page }) => {
      expect(await violations(page)).toEqual([]);
      for (const name of ['valid', 'revoked', 'altered'] as const) {
        await page.fill('#text', site.window.printed[name].text);
        await page.click('#paste button');
        await page.locator(`#own-result[data-state=${STATE_OF[name]}][data-finding=judged]`).waitFor();
        expect([name, await violations(page)]).toEqual([name, []]);
        expect(await contrast(page, '#band h1')).toBeGreaterThanOrEqual(7);
      }
    });
    await visit({ bypassCSP: true, javaScriptEnabled: true }, `/c/${'A'.repeat(22)}`, async ({ page }) => expect(await violations(page)).toEqual([]));
  });

  test('text at twice its size, and on paper, still fits', async () => {
    await visit({ viewport: { width: 640, height: 1136 } }, address('valid'), async ({ page }) => {
      await page.evaluate(() => { document.documentElement.style.fontSize = '225%'; });
      expect(await overhang(page)).toEqual([]);
    });
    await visit({}, address('diploma'), async ({ page }) => {
      await page.emulateMedia({ media: 'print' });
      expect([await overhang(page), await page.locator('[hreflang]').isVisible(), await page.locator('#band').isVisible()]).toEqual([[], false, true]);
    });
  });

  test('forced colours keep the edges of band and cards', async () => {
    await visit({ forcedColors: 'active' }, address('revoked'), async ({ page }) => {
      expect(await page.locator('#top').evaluate((element) => getComputedStyle(element).borderTopWidth)).toBe('2px');
    });
  });

  test('the keyboard alone reaches everything, in order of reading', async () => {
    await visit({}, address('diploma'), async ({ page }) => {
      await finding(page);
      const reached: string[] = [];
      for (let times = 0; times < 9; times++) {
        await page.keyboard.press('Tab');
        reached.push(await page.evaluate(() => document.activeElement?.getAttribute('name') ?? document.activeElement?.tagName ?? ''));
      }
      expect(reached).toEqual(['A', 'A', 'serialNumber', 'dateOfBirth', 'BUTTON', 'SUMMARY', 'A', 'A', 'BODY']);
    });
  });
});

describe('loading', () => {
  test.each(Object.keys({ 'printed-vi.js': 1, 'printed-en.js': 1, 'pasted-vi.js': 1, 'pasted-en.js': 1 }) as (keyof CredentialScripts)[])('%s is at most 40 kB on the wire, and holds codes, no list of sentences', (file) => {
    const { text, gzip } = site.scripts[file];
    expect(Math.max(gzip.length, gzipSync(text).length)).toBeLessThanOrEqual(40 * 1024);
    expect(text).not.toMatch(/node:|fabric|require\(|GTIN_CHECK_DIGIT_WRONG|Số kiểm tra của GTIN/);
    expect(text).toContain('CREDENTIAL_REVOKED');
  });

  test('a page has one script, in its own language, and no cookie', async () => {
    for (const [language, other] of [['vi', 'en'], ['en', 'vi']] as const) {
      await visit({}, address('valid', language), async ({ page, requests }) => {
        await finding(page);
        const asked = requests.map((request) => new URL(request.url()).pathname);
        expect(asked.filter((path) => path.endsWith('.js'))).toEqual([`/credentials/printed-${language}.js`]);
        expect(asked).not.toContain(`/credentials/printed-${other}.js`);
        expect(await page.context().cookies()).toEqual([]);
      });
    }
  });

  test('one request is enough for the answer', async () => {
    await visit({}, '/robots.txt', async ({ page }) => {
      await page.route(/\.js|icon|trust/, () => undefined);
      await page.goto(site.base + address('revoked'), { waitUntil: 'commit' });
      await page.locator('.card dd').first().waitFor({ state: 'visible' });
      expect(await page.locator('#band h1').innerText()).toBe('ĐÃ BỊ THU HỒI');
    });
  });

  test('what the browser asks for tells of the issuer, not of the credential', async () => {
    await visit({}, address('diploma'), async ({ page, requests }) => {
      await finding(page);
      const paths = requests.map((request) => request.url().slice(site.base.length)).filter((path) => !path.includes('.js') && path !== '/icon.svg');
      const { id } = site.window.printed.diploma;
      expect(paths.map((path) => path.replace(/[0-9a-f]{64}/, 'ROOT')).sort()).toEqual([
        `/c/${id}?lang=vi`, `/c/${id}?lang=vi`, '/trust/commitments/ROOT', '/trust/snapshot?did=did%3Aweb%3Adai-hoc.example%3Avi-du',
        ...['dinh-chi', 'thay-the', 'thu-hoi'].map((name) => `/trust/status?list=https%3A%2F%2Fcap.minhchung.example%2Fstatus%2Fdai-hoc-vi-du-${name}-1`),
      ].sort());
    });
  });
});

test('words as long and odd as a record may hold stay text, and the layout holds', async () => {
  const odd = { title: `<script>alert(1)</script>${'W'.repeat(90)}`, field: 'اللغة العربية &lt;b&gt; "\'', issuePlace: 'e\u0301'.normalize('NFC').repeat(80), decisionNumber: '👩‍🔬'.replaceAll('\u200d', '').repeat(10) };
  const record = site.window.world.print({ type: 'DiplomaCredential', claims: (claims) => ({ ...claims, subjectClaims: { ...claims.subjectClaims, ...odd } }) });
  for (const width of [320, 1280]) {
    await visit({ viewport: { width, height: 568 } }, `/c/${record.id}`, async ({ page, faults }) => {
      expect([await finding(page), faults, await overhang(page)]).toEqual(['agrees', [], []]);
      expect(await page.locator('.card h2').innerText()).toBe(odd.title);
      expect(await page.locator('main').innerText()).toContain(odd.field);
    });
  }
});
