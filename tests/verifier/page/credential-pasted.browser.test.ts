import { build } from 'esbuild';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { pageBundle } from '../../../verifier/build-page.js';
import { judgeCredential } from '../../../verifier/core/credential/judge.js';
import { withDisclosures } from '../../../verifier/core/credential/with-disclosures.js';
import { nodeCrypto } from '../../../verifier/server/node-crypto.js';
import { ALGORITHMS, DISCLOSURES, questionOf, sceneOf, type Scene } from '../../support/credential-maker.js';
import { badCredentials } from '../credential/corpus.js';
import { FORGED, PAPER_KEY, type PrintedCase, STATE_OF } from '../server/credential-window.js';
import { INSECURE_HOST } from './browser.js';
import { CASES, credentialSite, sent, state } from './credential-site.js';
import { overhang } from './page-measures.js';

const site = credentialSite();
const { visit } = site;
const address = (name: PrintedCase, language = 'vi'): string => `/c/${site.window.printed[name].id}?lang=${language}`;

describe('a pasted credential', () => {
  const paste = async (page: Page, text: string): Promise<void> => {
    await page.fill('#text', text);
    await page.click('#paste button');
  };
  const judged = async (page: Page): Promise<string | null> => page.locator('#own-result[data-finding=judged]').getAttribute('data-state');

  test.each(CASES)('%s is judged on the device, in the words of its page, without being sent', async (name) => {
    const { text } = site.window.printed[name];
    const titles: string[] = [];
    await visit({}, address(name), async ({ page }) => { titles.push(await page.locator('#band h1').innerText()); });
    await visit({}, '/credentials', async ({ page, requests, faults }) => {
      await paste(page, text);
      expect(await judged(page)).toBe(STATE_OF[name]);
      expect([await page.locator('#band h1').innerText(), faults, await overhang(page)]).toEqual([titles[0], [], []]);
      expect(await page.content()).not.toContain(FORGED);
      const left = await sent(requests);
      for (const part of text.split(/[.#]/).filter((each) => each.length > 30)) expect(left).not.toContain(part);
      expect(requests.filter((request) => request.method() === 'POST')).toEqual([]);
      await page.locator('#own-result button').click();
      expect(await page.locator('[data-compared]').getAttribute('data-compared')).toBe('agrees');
    });
  });

  test('its own page and the result here show the same facts', async () => {
    for (const name of ['valid', 'identity', 'expired'] as const) {
      const facts: string[][] = [];
      await visit({}, address(name, 'en'), async ({ page }) => { facts.push(await page.locator('.card dl').first().locator('dt, dd').allInnerTexts()); });
      await visit({}, '/credentials?lang=en', async ({ page }) => {
        await paste(page, site.window.printed[name].text);
        await judged(page);
        facts.push(await page.locator('#own-result .card dl').first().locator('dt, dd').allInnerTexts());
      });
      expect(facts[1]).toEqual(facts[0]);
    }
  });

  test('checks have the server\'s sentences', async () => {
    const rows: string[][] = [];
    await visit({}, address('revoked'), async ({ page }) => { rows.push(await page.locator('tbody th small').allInnerTexts()); });
    await visit({}, '/credentials', async ({ page }) => {
      await paste(page, site.window.printed.revoked.text);
      await judged(page);
      rows.push(await page.locator('#own-result tbody th small').allInnerTexts());
    });
    expect(new Set(rows[1])).toEqual(new Set(rows[0]));
  });

  test('with its disclosures it names the person, and they are not sent', async () => {
    await visit({}, '/credentials', async ({ page, requests }) => {
      await paste(page, withDisclosures(site.window.printed.diploma.text, Object.values(DISCLOSURES)));
      expect(await judged(page)).toBe('valid');
      expect(await page.locator('#own-result').innerText()).toContain('Nguyễn Thị Mây');
      const left = await sent(requests);
      for (const disclosure of Object.values(DISCLOSURES)) expect(left).not.toContain(disclosure);
    });
  });

  test('wrapped by a mail program it is the same', async () => {
    await visit({}, '/credentials', async ({ page }) => {
      await paste(page, `\n  ${(site.window.printed.valid.text.match(/.{1,70}/g) ?? []).join('\n')}\n`);
      expect(await judged(page)).toBe('valid');
    });
  });

  test('a server that says otherwise when compared is told', async () => {
    await visit({}, '/credentials', async ({ page }) => {
      await paste(page, site.window.printed.revoked.text);
      await judged(page);
      await page.locator('#own-result button').click();
      expect(await page.locator('[data-compared]').getAttribute('data-compared')).toBe('disagrees');
    }, async (page) => {
      await page.route('**/credentials/verify', async (route) => {
        const response = await route.fetch();
        const answer = await response.json() as { report: Record<string, object> };
        answer.report['revocation'] = { result: 'pass' };
        return route.fulfill({ response, json: answer });
      });
    });
  });

  test('a printed link leads to its page, its key unsent; one to another site is not followed', async () => {
    await visit({}, '/credentials', async ({ page, requests }) => {
      await paste(page, `https://evil.example/c/${site.window.printed.diploma.id}#${PAPER_KEY}`);
      await page.locator('#own-result .warning').waitFor();
      expect([page.url(), (await page.locator('#own-result').innerText()).includes('evil')]).toEqual([`${site.base}/credentials`, false]);
      await paste(page, `${site.base}/c/${site.window.printed.diploma.id}#${PAPER_KEY}`);
      await page.locator('[data-holder=shown]').waitFor();
      expect(await sent(requests)).not.toContain(PAPER_KEY);
    });
  });

  test('where this browser cannot judge, the reader decides whether it is sent', async () => {
    await visit({}, `${site.base.replace('127.0.0.1', INSECURE_HOST)}/credentials`, async ({ page, requests }) => {
      await paste(page, site.window.printed.valid.text);
      await page.locator('#own-result[data-finding=could-not-check]').waitFor();
      expect(requests.filter((request) => request.method() === 'POST')).toEqual([]);
    });
  });

  test('without scripts it is judged on the server', async () => {
    await visit({ javaScriptEnabled: false }, '/credentials', async ({ page }) => {
      await paste(page, site.window.printed.suspended.text);
      expect([await state(page), await overhang(page)]).toEqual(['suspended', []]);
    });
  });

  test('nothing in the field is said, nothing is asked', async () => {
    await visit({}, '/credentials', async ({ page, requests }) => {
      const before = requests.length;
      await page.locator('#text').evaluate((area: HTMLTextAreaElement) => { area.required = false; });
      await paste(page, ' \n ');
      expect(await page.locator('#own-result .fail').innerText()).toBe('Chưa có nội dung nào.');
      expect(requests.length).toBe(before);
    });
  });
});

describe('the bundled judgement', () => {
  /** The scripts' own modules, without sentences and short cuts, in one language. */
  const MODULE = `
    import { judgeCredential } from './verifier/core/credential/judge.js';
    import { webCrypto } from './verifier/core/web-crypto.js';
    import { trustViewOf } from './domain/trust/snapshot.js';
    const port = webCrypto(globalThis.crypto.subtle);
    globalThis.judgeAll = async (scenes) => Promise.all(JSON.parse(scenes).map(async (scene) => {
      const lists = new Map(scene.statuses.map((one) => [one.list, { ...one, bits: one.bits.set.reduce((all, [at, byte]) => all.fill(byte, at, at + 1), new Uint8Array(one.bits.length)) }]));
      const records = new Map(scene.commitments.map((record) => [record.root, { record }]));
      return JSON.stringify(await judgeCredential({
        text: scene.text, now: scene.now, trust: { ...trustViewOf(scene.snapshot), knownAt: Date.parse(scene.snapshot.knownAt) },
        statusOf: (list) => lists.get(list), commitmentOf: (root) => (scene.ledger === 'silent' ? 'unreachable' : records.get(root) ?? 'unknown'),
      }, port));
    }));
  `;
  const asJson = (scenes: readonly Scene[]): string => JSON.stringify(scenes.map((scene) => ({ ...scene, statuses: scene.statuses.map((one) => ({ ...one, bits: { length: one.bits.length, set: [...one.bits.entries()].filter(([, byte]) => byte !== 0) } })) })));

  test('comes to the server\'s verdict on the whole corpus, byte for byte', async () => {
    const { entryPoints: _none, outfile: _nowhere, ...options } = pageBundle('', '', ['source'], 'vi');
    const { outputFiles } = await build({ ...options, stdin: { contents: MODULE, resolveDir: process.cwd(), loader: 'ts' }, write: false });
    const scenes = [...ALGORITHMS.flatMap((algorithm) => (['DiplomaCredential', 'ChemicalLicenceCredential', 'EnterpriseIdentityCredential'] as const).map((type) => sceneOf(algorithm, { type }))), ...badCredentials().map(({ scene }) => scene).filter(({ text }) => text.length < 100_000)];
    expect(scenes.length).toBeGreaterThan(500);
    const port = nodeCrypto();
    await visit({ bypassCSP: true }, '/robots.txt', async ({ page }) => {
      await page.evaluate(outputFiles?.[0]?.text ?? '');
      for (let at = 0; at < scenes.length; at += 60) {
        const group = scenes.slice(at, at + 60);
        const theirs = await page.evaluate((text) => (globalThis as unknown as { judgeAll: (scenes: string) => Promise<string[]> }).judgeAll(text), asJson(group));
        expect(theirs).toEqual(await Promise.all(group.map(async (scene) => JSON.stringify(await judgeCredential(questionOf(scene), port)))));
      }
    });
  }, 120_000);
});
