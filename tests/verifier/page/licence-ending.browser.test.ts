import { describe, expect, test } from 'vitest';
import type { LicenceEnding } from '#domain/chemistry/licence-ending.js';
import { instantOf, parseDay } from '#domain/instant.js';
import type { OrganisationId } from '#domain/registry/organisation.js';
import { committedRootIn } from '../../../verifier/core/credential/reading.js';
import { SAMPLES } from '../../support/credential-maker.js';
import { NOW } from '../server/credential-window.js';
import { credentialSite, finding, state } from './credential-site.js';

const site = credentialSite();
const by = 'cuc-hoa-chat' as OrganisationId;
const at = instantOf(NOW - 3_600_000);
const from = parseDay('2026-11-21');

describe('a licence that the register of licences says is', () => {
  test.each<[string, Partial<LicenceEnding>]>([
    ['revoked', { revocation: { from, at, by } }], ['suspended', { suspension: { at, by } }], ['superseded', { revocation: { from, at, by, replacedBy: 'GP-2' } }],
  ])('%s is so on its page, to the browser itself, and pasted', async (wanted, change) => {
    const { text, id } = site.window.printed.valid;
    site.window.world.change({ licences: [{ licence: 'GP-1', number: '1/GP', did: SAMPLES.ChemicalLicenceCredential.issuer, root: committedRootIn(text) ?? '', ...change }] });
    await site.window.checks.worker.round();
    const facts: string[][] = [];
    await site.visit({}, `/c/${id}?lang=vi`, async ({ page, faults }) => {
      expect([await finding(page), await state(page), faults]).toEqual(['agrees', wanted, []]);
      facts.push(await page.locator('.card dl').first().locator('dt, dd').allInnerTexts());
    });
    await site.visit({}, '/credentials?lang=vi', async ({ page, faults }) => {
      await page.fill('#text', text);
      await page.click('#paste button');
      expect([await page.locator('#own-result[data-finding=judged]').getAttribute('data-state'), faults]).toEqual([wanted, []]);
      facts.push(await page.locator('#own-result .card dl').first().locator('dt, dd').allInnerTexts());
    });
    expect(facts[1]).toEqual(facts[0]);
    expect(facts[0]).toContain('Sổ giấy phép');
  });
});
