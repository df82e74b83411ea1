/** The credential pages in a real Chromium, as one visitor after the other sees them. */
import type { Browser, BrowserContextOptions, Page, Request } from 'playwright-core';
import { afterAll, afterEach, beforeAll } from 'vitest';
import type { CredentialScripts } from '../../../verifier/server/credentials/credential-scripts.js';
import { type CredentialWindow, NOW, openCredentialWindow, type PrintedCase, STATE_OF } from '../server/credential-window.js';
import { openBrowser } from './browser.js';
import { builtCredentialScripts } from './credential-scripts.js';

export interface Visit {
  readonly page: Page;
  readonly requests: Request[];
  readonly faults: string[];
}

export interface CredentialSite {
  readonly browser: Browser;
  readonly scripts: CredentialScripts;
  readonly window: CredentialWindow;
  readonly base: string;
  /** Opens a page as one visitor would, sees what it asks for and what it complains about, and leaves. */
  readonly visit: (options: BrowserContextOptions, path: string, look: (visit: Visit) => Promise<void>, prepare?: (page: Page) => Promise<void>) => Promise<void>;
}

export const CASES = Object.keys(STATE_OF) as PrintedCase[];

/** One site for all tests of a file; its registry and its clock are put right after each. */
export function credentialSite(): CredentialSite {
  const site: { -readonly [K in keyof CredentialSite]?: CredentialSite[K] } = {};
  beforeAll(async () => {
    [site.browser, site.scripts] = await Promise.all([openBrowser(), builtCredentialScripts()]);
    site.window = await openCredentialWindow({ scripts: site.scripts, origin: 'http://127.0.0.1' });
    site.base = await site.window.app.listen({ port: 0, host: '127.0.0.1' });
    await site.window.checks.worker.round();
  }, 120_000);
  afterAll(async () => {
    await site.browser?.close();
    await site.window?.app.close();
  });
  afterEach(() => {
    site.window!.world.failing.clear();
    site.window!.world.now = NOW;
  });
  const visit: CredentialSite['visit'] = async (options, path, look, prepare = async () => undefined) => {
    const context = await site.browser!.newContext({ viewport: { width: 390, height: 800 }, ...options });
    try {
      const page = await context.newPage();
      const seen: Visit = { page, requests: [], faults: [] };
      page.on('request', (request) => seen.requests.push(request));
      page.on('console', (message) => { if (/Content Security Policy|Trusted/.test(message.text())) seen.faults.push(message.text()); });
      page.on('pageerror', (error) => seen.faults.push(error.message));
      await page.clock.setFixedTime(site.window!.world.now);
      await prepare(page);
      await page.goto((/^https?:/.test(path) ? '' : site.base!) + path, { waitUntil: 'load' });
      await look(seen);
    } finally {
      await context.close();
    }
  };
  return {
    get browser() { return site.browser!; }, get scripts() { return site.scripts!; }, get window() { return site.window!; }, get base() { return site.base!; }, visit,
  };
}

export const finding = async (page: Page): Promise<string | null> => page.locator('#own-check[data-finding]').getAttribute('data-finding');
export const state = async (page: Page): Promise<string | null> => page.locator('#band').getAttribute('data-state');

/** Everything that left the browser: addresses, headers, bodies. */
export async function sent(requests: readonly Request[]): Promise<string> {
  return (await Promise.all(requests.map(async (request) => `${request.method()} ${request.url()} ${JSON.stringify(await request.allHeaders())} ${request.postData() ?? ''}`))).join('\n');
}
