import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openBrowser } from '../../verifier/page/browser.js';
import { runGateway, type RunningGateway } from './running-gateway.js';

let gateway: RunningGateway;
let browser: Browser;
let origin: string;

beforeAll(async () => {
  [gateway, browser] = [await runGateway(), await openBrowser()];
  await gateway.app.listen({ host: '127.0.0.1', port: 0 });
  origin = `http://127.0.0.1:${(gateway.app.server.address() as AddressInfo).port}`;
}, 120_000);
afterAll(async () => {
  await browser.close();
  await gateway.remove();
});

it('the page to try the API works under its policy, offline, and sends what is tried to this gateway alone', async () => {
  const page = await browser.newPage();
  const hosts = new Set<string>();
  const complaints: string[] = [];
  page.on('request', (request) => hosts.add(new URL(request.url()).origin));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(`${origin}/docs`);
  await page.locator('.opblock-summary-path').first().waitFor();
  const addresses = await page.locator('.opblock-summary-path').allInnerTexts();
  expect(addresses.length).toBeGreaterThan(50);
  await page.locator('#operations-public-get_v1_public_trust .opblock-summary-control').click();
  await page.getByRole('button', { name: 'Try it out' }).click();
  await page.getByRole('button', { name: 'Execute' }).click();
  await page.locator('.live-responses-table .response-col_status').filter({ hasText: '200' }).waitFor();
  expect(await page.locator('.live-responses-table').innerText()).toContain('RegulatorMSP');
  expect([...hosts].filter((host) => host !== 'null')).toEqual([origin]);
  expect(complaints).toEqual([]);
}, 120_000);
