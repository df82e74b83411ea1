/**
 * A credential judged in a browser that has never seen it: real Chromium, the scripts as they are served, a context of its
 * own each time, so that nothing is cached, compiled or imported before. What is fetched comes from this machine: the figures
 * are of the browser and not of a network.
 */
import { build } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import { pageBundle } from '../verifier/build-page.js';
import { loadCredentialScripts } from '../verifier/server/credentials/credential-scripts.js';
import { openBrowser } from '../tests/verifier/page/browser.js';
import { type CredentialWindow, openCredentialWindow, PAPER_KEY, type PrintedCase } from '../tests/verifier/server/credential-window.js';
import type { BenchRow } from './bench-row.js';

const TURNS = 25;
const COMPILED = new URL('../', import.meta.url).pathname;

const median = (values: readonly number[]): number => [...values].sort((one, other) => one - other)[values.length >> 1] ?? Number.NaN;

/** What a fresh context gives, so many times. */
async function inFreshContexts(browser: Browser, look: (page: Page) => Promise<number>): Promise<number> {
  const found: number[] = [];
  for (let at = 0; at < TURNS; at++) {
    const context = await browser.newContext();
    found.push(await look(await context.newPage()));
    await context.close();
  }
  return median(found);
}

/** Milliseconds from opening the address until the page says `done`. */
function opened(address: string, done: string): (page: Page) => Promise<number> {
  return async (page) => {
    await page.addInitScript((selector) => {
      new MutationObserver((_, observer) => {
        if (document.querySelector(selector) === null) return;
        performance.mark('judged');
        observer.disconnect();
      }).observe(document, { subtree: true, childList: true, attributes: true });
    }, done);
    await page.goto(address, { waitUntil: 'load' });
    await page.waitForFunction(() => performance.getEntriesByName('judged').length > 0);
    return page.evaluate(() => performance.getEntriesByName('judged')[0]?.startTime ?? Number.NaN);
  };
}

/** The pages' judgement with everything that it asks for at hand. */
const MODULE = `
  import { judgeHere } from './verifier/page/credentials/own-judgement.js';
  import { platform } from './verifier/page/credentials/platform.js';
  globalThis.judgeOnce = async ({ text, snapshot, lists, commitment }) => {
    const { crypto, inflate } = platform();
    const copies = { snapshot: async () => snapshot, list: async (url) => lists[url], commitment: async () => commitment };
    const start = performance.now();
    const { judged } = await judgeHere(text, { copies, crypto, inflate, now: Date.parse(snapshot.knownAt), pinned: undefined });
    if (judged.verdict !== 'verified') throw new Error(JSON.stringify(judged.report));
    return performance.now() - start;
  };
`;

async function judgementModule(): Promise<string> {
  const { entryPoints: _none, outfile: _nowhere, ...options } = pageBundle('', '', [], 'vi');
  const { outputFiles } = await build({ ...options, stdin: { contents: MODULE, resolveDir: COMPILED, loader: 'js' }, write: false });
  return outputFiles?.[0]?.text ?? '';
}

/** Milliseconds of the judgement alone: three lists, receipt, registry and credential, nothing imported or compiled before. */
function judged(base: string, module: string, { world, checks, printed }: CredentialWindow, name: PrintedCase): (page: Page) => Promise<number> {
  const { text } = printed[name];
  const { root } = JSON.parse(Buffer.from(text.slice(text.indexOf('#') + 1), 'base64url').toString()) as { root: string };
  const lists = Object.fromEntries([...world.lists].map(([url, { jwt }]) => [url, jwt]));
  return async (page) => {
    const trust = await checks.trust();
    await page.goto(`${base}/robots.txt`);
    await page.evaluate(module);
    return page.evaluate((given) => (globalThis as unknown as { judgeOnce: (given: object) => Promise<number> }).judgeOnce(given), {
      text, lists, snapshot: world.snapshot, commitment: { receipt: world.commitments.get(root)?.receipt, trust },
    });
  };
}

export async function bench(): Promise<readonly BenchRow[]> {
  const scripts = await loadCredentialScripts(`${COMPILED}verifier`);
  const [window, module, browser] = [await openCredentialWindow({ scripts, origin: 'http://127.0.0.1' }), await judgementModule(), await openBrowser()];
  const base = await window.app.listen({ port: 0, host: '127.0.0.1' });
  const address = (name: PrintedCase, key = ''): string => `${base}/c/${window.printed[name].id}${key}`;
  try {
    await inFreshContexts(browser, opened(address('identity'), '[data-finding=agrees]'));
    return [
      { name: 'cold judgement of a licence in the browser, everything at hand', value: await inFreshContexts(browser, judged(base, module, window, 'valid')), unit: 'ms' },
      { name: 'licence: address opened → judged, in agreement', value: await inFreshContexts(browser, opened(address('valid'), '[data-finding=agrees]')), unit: 'ms' },
      { name: 'diploma: address opened → judged, name opened', value: await inFreshContexts(browser, opened(address('diploma', `#${PAPER_KEY}`), '[data-holder=shown]')), unit: 'ms' },
      { name: 'script of the page, gzip', value: scripts['printed-vi.js'].gzip.length / 1000, unit: 'kB' },
    ];
  } finally {
    await browser.close();
    await window.app.close();
  }
}
