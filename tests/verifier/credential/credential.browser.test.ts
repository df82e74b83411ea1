/** The whole corpus in a real Chromium: the same reports, byte for byte, as on the server. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { build } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CREDENTIAL_TYPE_NAMES } from '#domain/credential/credential-type.js';
import { judgeCredential } from '../../../verifier/core/credential/judge.js';
import { nodeCrypto } from '../../../verifier/server/node-crypto.js';
import { ALGORITHMS, questionOf, sceneOf, type Scene } from '../../support/credential-maker.js';
import { openBrowser } from '../page/browser.js';
import { badCredentials } from './corpus.js';

/** The core as a page loads it; scenes come as JSON, of their bits the bytes that are not nought. */
const PAGE_MODULE = `
  import { judgeCredential } from './verifier/core/credential/judge.js';
  import { webCrypto } from './verifier/core/web-crypto.js';
  import { trustViewOf } from './domain/trust/snapshot.js';
  const port = webCrypto(globalThis.crypto.subtle);
  const bits = ({ length, set }) => set.reduce((all, [at, byte]) => all.fill(byte, at, at + 1), new Uint8Array(length));
  globalThis.judgeAll = async (scenes) => Promise.all(JSON.parse(scenes).map(async (scene) => {
    const lists = new Map(scene.statuses.map((one) => [one.list, { ...one, bits: bits(one.bits) }]));
    const records = new Map(scene.commitments.map((record) => [record.root, { record }]));
    const verdict = await judgeCredential({
      text: scene.text, now: scene.now, trust: { ...trustViewOf(scene.snapshot), knownAt: Date.parse(scene.snapshot.knownAt) },
      statusOf: (list) => lists.get(list), commitmentOf: (root) => (scene.ledger === 'silent' ? 'unreachable' : records.get(root) ?? 'unknown'),
    }, port);
    return JSON.stringify(verdict);
  }));
`;

let browser: Browser;
let page: Page;
let close: () => void;

beforeAll(async () => {
  const { outputFiles } = await build({ stdin: { contents: PAGE_MODULE, resolveDir: process.cwd(), loader: 'ts' }, bundle: true, format: 'esm', platform: 'browser', conditions: ['source'], write: false });
  const server = createServer((request, response) => {
    const isScript = request.url === '/core.js';
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
    response.end(isScript ? outputFiles[0]?.text : '<!doctype html><script type="module" src="/core.js"></script>');
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  close = () => { server.close(); };
  browser = await openBrowser();
  page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`, { waitUntil: 'load' });
}, 120_000);

afterAll(async () => {
  await browser?.close();
  close?.();
});

function asJson(scenes: readonly Scene[]): string {
  return JSON.stringify(scenes.map((scene) => ({ ...scene, statuses: scene.statuses.map((one) => ({ ...one, bits: sparse(one.bits) })) })));
}

function sparse(bits: Uint8Array): { length: number; set: number[][] } {
  return { length: bits.length, set: [...bits.entries()].filter(([, byte]) => byte !== 0) };
}

const GROUP = 50;

test('Chromium gives the same report as the server on everything, good and bad', async () => {
  const good = CREDENTIAL_TYPE_NAMES.flatMap((type) => ALGORITHMS.map((algorithm) => sceneOf(algorithm, { type })));
  const small = badCredentials().map(({ scene }) => scene).filter(({ text }) => text.length < 200_000);
  const scenes = [...good, ...small];
  expect(scenes.length).toBeGreaterThan(1_500);
  const port = nodeCrypto();
  for (let at = 0; at < scenes.length; at += GROUP) {
    const group = scenes.slice(at, at + GROUP);
    const theirs = await page.evaluate((json) => (globalThis as unknown as { judgeAll: (scenes: string) => Promise<string[]> }).judgeAll(json), asJson(group));
    const ours = await Promise.all(group.map(async (scene) => JSON.stringify(await judgeCredential(questionOf(scene), port))));
    expect(theirs).toEqual(ours);
  }
}, 180_000);
