import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import chromium from '@sparticuz/chromium';
import { build } from 'esbuild';
import { type Browser, chromium as playwright, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ExpectedCall, ReceiptVerdict } from '../../verifier/core/receipt.js';
import { unknown } from '../../verifier/core/report.js';
import { expectedCall, newWorld, receipt } from './receipt-builder.js';
import { reportOf } from './receipt-row.js';
import { type Platform, receiptSuite } from './receipt-suite.js';

type VerifyAll = (texts: readonly string[], expected: ExpectedCall) => Promise<readonly ReceiptVerdict[]>;

/** The core as a page would load it, with one function to call it by. */
const PAGE_MODULE = `
  import { verifyReceipt } from './verifier/core/receipt.js';
  import { webCrypto } from './verifier/core/web-crypto.js';
  const port = webCrypto(globalThis.crypto.subtle);
  globalThis.verifyAll = (texts, expected) => Promise.all(texts.map((text) => verifyReceipt(text, expected, port)));
`;

/** A name that the browser resolves to this machine and does not take for a secure context. */
const INSECURE_HOST = 'minhchung.test';

async function bundle(): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: PAGE_MODULE, resolveDir: process.cwd(), loader: 'ts' },
    bundle: true, format: 'esm', platform: 'browser', conditions: ['source'], write: false,
  });
  return outputFiles[0]?.text ?? '';
}

interface Site {
  readonly port: number;
  close(): Promise<void>;
}

async function serve(script: string): Promise<Site> {
  const server = createServer((request, response) => {
    const isScript = request.url === '/core.js';
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
    response.end(isScript ? script : '<!doctype html><script type="module" src="/core.js"></script>');
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  return {
    port: (server.address() as AddressInfo).port,
    close: () => new Promise((resolve) => { server.close(() => resolve()); server.closeAllConnections(); }),
  };
}

interface Visit extends Platform {
  readonly browser: Browser;
  readonly page: Page;
}

async function visit(host: string): Promise<Visit> {
  const site = await serve(await bundle());
  const args = [...chromium.args, `--host-resolver-rules=MAP ${INSECURE_HOST} 127.0.0.1`];
  const browser = await playwright.launch({ executablePath: await chromium.executablePath(), args });
  const page = await browser.newPage();
  await page.goto(`http://${host}:${site.port}/`, { waitUntil: 'load' });
  return {
    browser,
    page,
    verifyAll: (texts, expected) => page.evaluate(
      ([given, call]) => (globalThis as unknown as { verifyAll: VerifyAll }).verifyAll(given, call),
      [texts, expected] as const,
    ),
    close: async () => {
      await browser.close();
      await site.close();
    },
  };
}

receiptSuite('Chromium', () => visit('127.0.0.1'), 500);

describe('a page without a secure context', () => {
  let place: Visit;

  beforeAll(async () => {
    place = await visit(INSECURE_HOST);
  });
  afterAll(() => place.close());

  test('has no WebCrypto, and so cannot check: everything signed or hashed is unknown, nothing passes for it', async () => {
    const world = await newWorld();
    expect(await place.page.evaluate(() => [globalThis.isSecureContext, typeof globalThis.crypto.subtle])).toEqual([false, 'undefined']);
    const [verdict] = await place.verifyAll([receipt(world)], expectedCall(world));
    const unanswered = unknown('CRYPTO_UNAVAILABLE');
    expect(verdict).toEqual({
      verdict: 'could-not-check',
      report: reportOf({
        proposalHash: unanswered, transactionId: unanswered, signatures: unanswered, certificates: unanswered,
        organisations: unknown('RECEIPT_CHECK_NOT_REACHED'),
      }),
    });
  });

  test('still says no where no cryptography is needed for it', async () => {
    const world = await newWorld();
    const [verdict] = await place.verifyAll([receipt(world, { channel: 'other' })], expectedCall(world));
    expect(verdict?.verdict).toBe('not-verified');
    expect(verdict?.report.channel).toEqual({ result: 'fail', code: 'RECEIPT_OTHER_CHANNEL' });
  });
});
