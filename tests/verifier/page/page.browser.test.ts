import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import type { Browser, BrowserContextOptions, Page, Route } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pageBundle } from '../../../verifier/build-page.js';
import { loadPageScript } from '../../../verifier/server/page-script.js';
import { NOW } from '../certificate-builder.js';
import { IMAGE, LABEL, SERIAL_KEY, trustOf } from '../goods-fixtures.js';
import { newWorld } from '../receipt-builder.js';
import { everywhere, HOSTILE } from '../server/hostile-words.js';
import { CASES, openWindow, type Window } from '../server/shop-window.js';
import { INSECURE_HOST, openBrowser } from './browser.js';
import { contrast, overhang, violations } from './page-measures.js';

/** A picture of two by two points. */
const PNG = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAEElEQVR4nGP4z8AARAwQCgAf7gP9i18U1AAAAABJRU5ErkJggg==', 'base64');

let browser: Browser;
let window: Window;
let base: string;

beforeAll(async () => {
  const outfile = join(tmpdir(), `minhchung-page-${process.pid}.js`);
  await build(pageBundle('verifier/page/page.ts', outfile, ['source']));
  const script = await loadPageScript(outfile);
  [browser, window] = await Promise.all([openBrowser(), openWindow({ script })]);
  window.records.pictures.set(IMAGE, { bytes: PNG, type: 'image/png' });
  base = await window.app.listen({ port: 0, host: '127.0.0.1' });
});
afterAll(async () => {
  await browser.close();
  await window.app.close();
});

const HOME = '/';
const inLanguage = (path: string, language: string): string => `${path}${path.includes('?') ? '&' : '?'}lang=${language}`;

interface Visit {
  readonly page: Page;
  readonly requests: string[];
  readonly faults: string[];
}

/** Opens a page as one visitor would, sees what it asks for and what it complains about, and leaves. */
async function visit({ realClock, ...options }: BrowserContextOptions & { readonly realClock?: true }, path: string, look: (visit: Visit) => Promise<void>, prepare: (page: Page) => Promise<void> = async () => undefined): Promise<void> {
  const context = await browser.newContext({ viewport: { width: 390, height: 800 }, ...options });
  try {
    const page = await context.newPage();
    const requests: string[] = [];
    const faults: string[] = [];
    page.on('request', (request) => requests.push(request.url()));
    page.on('console', (message) => { if (/Content Security Policy|Trusted/.test(message.text())) faults.push(message.text()); });
    page.on('pageerror', (error) => faults.push(error.message));
    if (realClock === undefined) await page.clock.setFixedTime(NOW);
    await prepare(page);
    await page.goto((/^https?:/.test(path) ? '' : base) + path, { waitUntil: 'load' });
    await look({ page, requests, faults });
  } finally {
    await context.close();
  }
}

const finding = async (page: Page): Promise<string | null> => page.locator('#own-check[data-finding]').getAttribute('data-finding');

describe.each([320, 390, 768, 1280])('%i px wide', (width) => {
  describe.each(['vi', 'en'])('%s', (language) => {
    describe.each(['light', 'dark'] as const)('%s', (colorScheme) => {
      test.each([true, false])('script %s: nothing stands out, the band is seen first', async (javaScriptEnabled) => {
        const viewport = { width, height: width === 320 ? 568 : 800 };
        for (const path of [CASES.registered, CASES.recalled, CASES.used, HOME]) {
          await visit({ viewport, colorScheme, javaScriptEnabled }, inLanguage(path, language), async ({ page, faults, requests }) => {
            expect(await page.locator('html').getAttribute('lang')).toBe(language);
            const box = await page.locator('#band').boundingBox();
            expect(box!.y + box!.height, path).toBeLessThanOrEqual(viewport.height);
            expect(await overhang(page), path).toEqual([]);
            expect(faults).toEqual([]);
            expect(requests.filter((url) => !url.startsWith(base))).toEqual([]);
          });
        }
      });
    });
  });
});

describe('every state', () => {
  test.each(Object.entries(CASES))('%s: no violation found by axe, nothing stands out at 320 px', async (_, path) => {
    await visit({ viewport: { width: 320, height: 568 }, bypassCSP: true }, path, async ({ page }) => {
      const box = await page.locator('#band').boundingBox();
      expect(box!.y + box!.height).toBeLessThanOrEqual(568);
      expect(await overhang(page)).toEqual([]);
      expect(await violations(page)).toEqual([]);
    });
  });

  test.each(['registered', 'recalled', 'used', 'incomplete', 'product-registered'] as const)('%s: no violation in the dark, and strong contrast on the band', async (name) => {
    await visit({ colorScheme: 'dark', bypassCSP: true }, inLanguage(CASES[name], 'en'), async ({ page }) => {
      expect(await violations(page)).toEqual([]);
      expect(await contrast(page, '#band h1')).toBeGreaterThanOrEqual(7);
    });
    await visit({ bypassCSP: true }, CASES[name], async ({ page }) => expect(await contrast(page, '#band p')).toBeGreaterThanOrEqual(7));
  });

  test.each([HOME, '/scan?code=123', '/media/x'])('%s: no violation', async (path) => {
    await visit({ bypassCSP: true }, path, async ({ page }) => expect(await violations(page)).toEqual([]));
  });
});

test('axe is awake: a picture without words is a violation', async () => {
  await visit({ bypassCSP: true }, CASES.registered, async ({ page }) => {
    await page.evaluate(() => document.querySelector('img')!.removeAttribute('alt'));
    expect(await violations(page)).toEqual([expect.stringMatching(/^image-alt: /)]);
  });
});

test('the measure is awake: something too wide is seen to stand out', async () => {
  await visit({}, CASES.registered, async ({ page }) => {
    await page.evaluate(() => { document.querySelector<HTMLElement>('dd')!.style.width = '2000px'; });
    expect(await overhang(page)).not.toEqual([]);
  });
});

describe('loading', () => {
  test('one request is enough for the answer; nothing else is waited for', async () => {
    const waiting: Route[] = [];
    await visit({ realClock: true }, '/robots.txt', async ({ page }) => {
      await page.route(/page\.js|media|icon/, (route) => { waiting.push(route); });
      await page.goto(base + CASES.registered, { waitUntil: 'commit' });
      await page.locator('.card dd').first().waitFor({ state: 'visible' });
      expect(await page.locator('#band h1').innerText()).toBe('MÃ CÓ TRONG SỔ ĐĂNG KÝ');
      await page.waitForFunction(() => performance.getEntriesByName('first-contentful-paint').length === 1);
      await Promise.all(waiting.map((route) => route.abort()));
    });
  });

  test('the script is at most 40 kB on the wire, and it and the picture are all that follows', async () => {
    await visit({}, CASES.registered, async ({ page, requests }) => {
      await page.locator('#own-check[data-finding]').waitFor();
      const paths = requests.map((url) => new URL(url).pathname).filter((path) => path !== '/icon.svg');
      expect(paths.toSorted()).toEqual([LABEL, LABEL, `/media/${IMAGE}`, '/page.js']);
      const script = await window.app.inject(requests.find((url) => url.includes('/page.js'))!.slice(base.length));
      expect(gzipSync(script.body).length).toBeLessThanOrEqual(40 * 1024);
      expect(script.body).not.toMatch(/node:|fabric|require\(|GTIN_CHECK_DIGIT_WRONG/);
    });
  });

  test('no cookie, ever', async () => {
    await visit({}, CASES.registered, async ({ page }) => {
      await page.locator('#own-check[data-finding]').waitFor();
      expect(await page.context().cookies()).toEqual([]);
    });
  });
});

describe('the second opinion', () => {
  const answered = Object.entries(CASES).filter(([name]) => !['malformed', 'not-kept'].includes(name));

  test.each(answered)('agrees about %s', async (_, path) => {
    await visit({}, path, async ({ page, faults }) => {
      expect(await finding(page)).toBe('agrees');
      expect(faults).toEqual([]);
    });
  });

  test('agrees about a typed code and a compressed link', async () => {
    await visit({}, '/scan?code=(01)09520000000011(21)7QK2M9ZD4XWA', async ({ page }) => expect(await finding(page)).toBe('agrees'));
    await visit({}, '/eh30164596f40c0e5cbe991a83', async ({ page }) => expect(await finding(page)).toBe('agrees'));
  });

  const tampering = async (change: (answer: Record<string, never>) => void): Promise<(page: Page) => Promise<void>> => async (page) => {
    await page.route((url) => url.pathname.startsWith('/01/'), async (route) => {
      if (route.request().headers()['accept'] !== 'application/json') return route.continue();
      const response = await route.fetch();
      const answer = await response.json() as Record<string, never>;
      change(answer);
      return route.fulfill({ response, json: answer });
    });
  };

  test.each<[string, (answer: { receipt: string; dossier: { product: { name: string } }; band: { state: string } }) => void]>([
    ['an altered record', (answer) => { answer.dossier.product.name = 'Trà khác'; }],
    ['a damaged receipt', (answer) => { answer.receipt = answer.receipt.replace(/.{12}"}$/, 'AAAAAAAAAAAA"}'); }],
    ['another claim', (answer) => { answer.band.state = 'recalled'; }],
  ])('disagrees with %s, and the band says so aloud', async (_, change) => {
    await visit({}, CASES.registered, async ({ page }) => {
      expect(await finding(page)).toBe('disagrees');
      expect(await page.locator('#band[role=status] h1').innerText()).toBe('HAI LẦN KIỂM TRA TRÁI NHAU');
      expect(await page.locator('#top').getAttribute('class')).toBe('top danger');
      expect(await page.locator('#band p').first().innerText()).toContain('Đừng dựa vào trang này');
      expect(await overhang(page)).toEqual([]);
    }, await tampering(change as never));
  });

  test('brings the band up to date when the state has changed meanwhile', async () => {
    const before = window.records.items.get(SERIAL_KEY)!;
    const recalled = await window.records.item(CASES.recalled.replace(/\/10\/[^/]*/, '') as typeof SERIAL_KEY);
    await visit({}, CASES.registered, async ({ page }) => {
      expect(await finding(page)).toBe('changed');
      expect(await page.locator('#top').getAttribute('class')).toBe('top danger');
      expect(await page.locator('#band h1').innerText()).toMatch(/^ĐANG THU HỒI/);
    }, async (page) => {
      await page.route((url) => url.pathname.startsWith('/01/'), async (route) => {
        const isData = route.request().headers()['accept'] === 'application/json';
        if (isData) window.records.put({ ...before, dossier: { ...before.dossier, lot: { ...before.dossier.lot!, recall: recalled.dossier.lot!.recall! } } });
        return route.continue();
      });
    });
    window.records.put(before);
  });

  test('where the page is not secure it says that it could not check, and leaves the answer alone', async () => {
    await visit({}, `${base.replace('127.0.0.1', INSECURE_HOST)}${CASES.registered}`, async ({ page }) => {
      expect(await finding(page)).toBe('could-not-check');
      expect(await page.locator('#own-check').innerText()).toContain('https');
      expect(await page.locator('#band h1').innerText()).toBe('MÃ CÓ TRONG SỔ ĐĂNG KÝ');
    });
  });

  test('a server that stops answering is no quarrel', async () => {
    await visit({}, CASES.registered, async ({ page }) => expect(await finding(page)).toBe('could-not-check'), async (page) => {
      await page.route((url) => url.pathname.startsWith('/01/'), (route) => (route.request().headers()['accept'] === 'application/json' ? route.abort() : route.continue()));
    });
  });

  test('remembers the roots, and says aloud when others come', async () => {
    const stranger = trustOf(await newWorld());
    await visit({}, CASES.registered, async ({ page }) => {
      expect(await page.locator('#own-check + p').innerText()).toContain('ghi nhớ');
      await page.reload();
      expect(await page.locator('#own-check + p').innerText()).toContain('như lần trước');
      const kept = JSON.parse(await page.evaluate(() => localStorage.getItem('minhchung.trust')!)) as object;
      expect(kept).toEqual(trustOf(window.world));

      await page.evaluate((text) => localStorage.setItem('minhchung.trust', text), JSON.stringify(stranger));
      await page.reload();
      expect(await finding(page)).toBe('disagrees');
      const alert = page.locator('[role=alert]');
      await alert.waitFor();
      expect(await alert.innerText()).toContain('Gốc tin cậy đã thay đổi');
      expect(await alert.locator('code').innerText()).toMatch(/^([0-9a-f]{4} ){7}[0-9a-f]{4}$/);
      await page.locator('details summary').click();
      expect(await page.locator('details code').first().innerText(), 'the same roots have the same fingerprint from server and browser').toBe(await alert.locator('code').innerText());
      await Promise.all([page.waitForEvent('load'), alert.locator('button').click()]);
      expect(await finding(page)).toBe('agrees');
    });
  });
});

describe('hands and ears', () => {
  test('the keyboard reaches everything in reading order, and shows where it is', async () => {
    await visit({}, CASES.registered, async ({ page }) => {
      await page.locator('#own-check[data-finding]').waitFor();
      const expected = await page.evaluate(() => [...document.querySelectorAll('a,button,input,summary')].filter((element) => element.checkVisibility()).map((element) => element.textContent));
      const reached: (string | null)[] = [];
      for (const _ of expected) {
        await page.keyboard.press('Tab');
        reached.push(await page.evaluate(() => document.activeElement!.textContent));
        expect(await page.evaluate(() => getComputedStyle(document.activeElement!).outlineStyle)).toBe('solid');
      }
      expect(reached).toEqual(expected);
      expect(expected.length).toBeGreaterThanOrEqual(4);
    });
  });

  test('a summary opens with the keyboard', async () => {
    await visit({}, CASES.registered, async ({ page }) => {
      await page.locator('summary').focus();
      await page.keyboard.press('Enter');
      expect(await page.locator('details').getAttribute('open')).not.toBeNull();
      expect(await overhang(page)).toEqual([]);
    });
  });

  test.each([320, 390, 1280])('text twice as large stands within %i px', async (width) => {
    for (const path of [CASES.registered, CASES.recalled, HOME]) {
      await visit({ viewport: { width, height: 800 } }, path, async ({ page }) => {
        await page.evaluate(() => { document.documentElement.style.fontSize = '225%'; });
        expect(await page.locator('#band h1').evaluate((element) => Number.parseFloat(getComputedStyle(element).fontSize))).toBeGreaterThanOrEqual(56);
        expect(await overhang(page), path).toEqual([]);
      });
    }
  });

  test('targets are at least 44 px high', async () => {
    for (const path of [CASES.registered, HOME]) {
      await visit({ viewport: { width: 320, height: 568 } }, path, async ({ page }) => {
        const low = await page.evaluate(() => [...document.querySelectorAll('a,button,input:not([type=hidden]),summary')].filter((element) => element.checkVisibility() && element.getBoundingClientRect().height < 44).map((element) => element.outerHTML.slice(0, 80)));
        expect(low).toEqual([]);
      });
    }
  });

  test('forced colours keep the band apart and every word visible', async () => {
    await visit({ forcedColors: 'active', bypassCSP: true }, CASES.recalled, async ({ page }) => {
      expect(await page.locator('#top').evaluate((element) => getComputedStyle(element).borderTopWidth)).toBe('2px');
      expect(await page.locator('#band h1').isVisible()).toBe(true);
      expect(await violations(page)).toEqual([]);
    });
  });

  test('on paper: the answer, no controls, few sheets', async () => {
    await visit({}, CASES.recalled, async ({ page }) => {
      await page.emulateMedia({ media: 'print' });
      expect(await page.locator('a[hreflang]').isVisible()).toBe(false);
      expect(await page.locator('#band h1').isVisible()).toBe(true);
      const sheets = (await page.pdf({ format: 'A4' })).toString('latin1').match(/\/Type \/Page\b/g)?.length;
      expect(sheets).toBeLessThanOrEqual(3);
    });
  });
});

describe('the form', () => {
  test.each([true, false])('answers a typed code (script %s)', async (javaScriptEnabled) => {
    await visit({ javaScriptEnabled }, HOME, async ({ page }) => {
      await page.locator('#code').fill('(01)09520000000011(10)LO26-001(21)7QK2M9ZD4XWA');
      await Promise.all([page.waitForURL(/\/scan\?/), page.locator('button').first().click()]);
      expect(await page.locator('#band').getAttribute('data-state')).toBe('registered');
    });
  });

  test('says how to mend a code, and keeps it', async () => {
    await visit({ javaScriptEnabled: false }, '/scan?code=9520000000012', async ({ page }) => {
      expect(await page.locator('#code').inputValue()).toBe('9520000000012');
      expect(await page.locator('#code').getAttribute('aria-invalid')).toBe('true');
      expect(await page.locator('#code-error').innerText()).toContain('Số kiểm tra của GTIN sai');
    });
  });

  test('reads a code from a photo where the browser can', async () => {
    await visit({}, HOME, async ({ page }) => {
      const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.locator('button.second').click()]);
      await Promise.all([page.waitForURL(/\/scan\?code=9520000000011/), chooser.setFiles({ name: 'photo.png', mimeType: 'image/png', buffer: PNG })]);
      expect(await page.locator('#band').getAttribute('data-state')).toBe('product-registered');
    }, async (page) => {
      await page.addInitScript(() => {
        Object.assign(globalThis, { BarcodeDetector: class { async detect(image: ImageBitmap): Promise<{ rawValue: string }[]> { return image.width === 2 ? [{ rawValue: '9520000000011' }] : []; } } });
      });
    });
  });

  test('offers no photo where the browser cannot read one', async () => {
    await visit({}, HOME, async ({ page }) => expect(await page.locator('button').count()).toBe(1));
  });
});

describe('hostile text in every field', () => {
  test.each(Object.entries(HOSTILE))('%s is shown as text, and the layout holds at 320 px', async (name, text) => {
    const before = window.records.items.get(SERIAL_KEY)!;
    window.records.items.set(SERIAL_KEY, everywhere(text));
    try {
      await visit({ viewport: { width: 320, height: 568 } }, CASES.registered, async ({ page, faults, requests }) => {
        expect(await page.title()).not.toContain('owned');
        const box = await page.locator('#band').boundingBox();
        expect(box!.y + box!.height).toBeLessThanOrEqual(568);
        // One letter with a thousand marks cannot be broken into lines by any browser: it is cut, and nothing scrolls.
        expect(await overhang(page, name === 'combining marks' ? '.hide, bdi' : '.hide')).toEqual([]);
        expect(faults).toEqual([]);
        expect(requests.filter((url) => !url.startsWith(base))).toEqual([]);
        expect(await page.locator('.item h2').boundingBox().then((heading) => heading!.height)).toBeLessThan(320);
      });
    } finally {
      window.records.items.set(SERIAL_KEY, before);
    }
  });
});
