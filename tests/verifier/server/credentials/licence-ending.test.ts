/** The register says something against a licence: page, data and the browser's own judgement tell the same. */
import { webcrypto } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LicenceEnding } from '#domain/chemistry/licence-ending.js';
import type { TrustRoots } from '#domain/goods/public-item.js';
import { instantOf, parseDay } from '#domain/instant.js';
import type { OrganisationId } from '#domain/registry/organisation.js';
import { trustSnapshot } from '#domain/trust/snapshot.js';
import { committedRootIn } from '../../../../verifier/core/credential/reading.js';
import { webCrypto } from '../../../../verifier/core/web-crypto.js';
import { judgeHere, type TrustCopies } from '../../../../verifier/page/credentials/own-judgement.js';
import { nodeInflate } from '../../../../verifier/server/node-inflate.js';
import { SAMPLES } from '../../../support/credential-maker.js';
import { type CredentialWindow, NOW, openCredentialWindow } from '../credential-window.js';

let window: CredentialWindow;
beforeAll(async () => { window = await openCredentialWindow(); });
afterAll(() => window.app.close());

const AGENCY = 'cuc-hoa-chat' as OrganisationId;
const at = instantOf(NOW - 3_600_000);
const revocation = { from: parseDay('2026-11-21'), at, by: AGENCY };

async function saying(change: Partial<LicenceEnding>): Promise<void> {
  const { did, number } = { did: SAMPLES.ChemicalLicenceCredential.issuer, number: 'không ai hỏi' };
  window.world.change({ licences: [{ licence: 'GP-1', number, did, root: committedRootIn(window.printed.valid.text) ?? '', ...change }] });
  await window.checks.worker.round();
}

const copies: TrustCopies = {
  snapshot: async (dids) => trustSnapshot((await window.app.inject({ url: `/trust/snapshot?${dids.map((did) => `did=${encodeURIComponent(did)}`).join('&')}` })).json()),
  list: async (url) => (await window.app.inject({ url: `/trust/status?list=${encodeURIComponent(url)}` })).body,
  commitment: async (root) => (await window.app.inject({ url: `/trust/commitments/${root}` })).json<{ receipt: string; trust: TrustRoots }>(),
};

interface Said {
  readonly verdict: string;
  readonly report: object;
  readonly errors: readonly string[];
  readonly band: { readonly state: string; readonly title: string; readonly means: string };
  readonly licence?: object;
}

const address = (language: string): string => `/c/${window.printed.valid.id}?lang=${language}`;
const json = async (language: string): Promise<Said> => (await window.app.inject({ url: address(language), headers: { accept: 'application/json' } })).json<Said>();
const page = async (language: string): Promise<string> => (await window.app.inject({ url: address(language), headers: { accept: 'text/html' } })).body;

describe('a licence that the register says is', () => {
  test.each<[string, Partial<LicenceEnding>, string, string, string]>([
    ['revoked', { revocation }, 'CREDENTIAL_LICENCE_REVOKED', 'revoked', 'từ 21/11/2026, 14:30 21/11/2026'],
    ['suspended', { suspension: { at, by: AGENCY } }, 'CREDENTIAL_LICENCE_SUSPENDED', 'suspended', '14:30 21/11/2026'],
    ['replaced', { revocation: { ...revocation, replacedBy: 'GP-2' } }, 'CREDENTIAL_LICENCE_REPLACED', 'superseded', 'từ 21/11/2026, 14:30 21/11/2026'],
  ])('%s', async (_, change, code, state, since) => {
    await saying(change);
    const said = await json('vi');
    expect(said).toMatchObject({ verdict: 'not-verified', errors: [code], band: { state }, licence: { by: AGENCY, name: 'Tổ chức cuc-hoa-chat', at } });
    const html = await page('vi');
    for (const words of [said.band.title, said.band.means, 'Theo sổ giấy phép trên sổ cái', 'Sổ giấy phép', 'Tổ chức cuc-hoa-chat', since]) expect(html).toContain(words);
    expect(await page('en')).toContain('By the ledger’s register of licences');
    const own = await judgeHere(window.printed.valid.text, { copies, crypto: webCrypto(webcrypto.subtle as never), inflate: nodeInflate, now: NOW, pinned: undefined });
    expect(JSON.stringify(own.judged.report)).toBe(JSON.stringify(said.report));
    expect(own.view.organisation(AGENCY)?.name).toBe('Tổ chức cuc-hoa-chat');
  });

  test('nothing any more: it is in force again', async () => {
    window.world.change({ licences: [] });
    await window.checks.worker.round();
    expect(await json('vi')).toMatchObject({ verdict: 'verified', errors: [], band: { state: 'valid' } });
  });
});

test('what a phone fetches of an issuer that ended 1,109 licences stays small', async () => {
  const did = SAMPLES.ChemicalLicenceCredential.issuer;
  const licences = Array.from({ length: 1_109 }, (_, n): LicenceEnding => {
    const hex = Buffer.from(`giấy phép ${n}`).toString('hex').padEnd(64, '7').slice(0, 64);
    return { licence: `${hex.slice(0, 8)}-0000-4000-8000-${String(n).padStart(12, '0')}`, number: `${n}/GP-HC`, did, root: hex, revocation };
  });
  window.world.change({ licences });
  await window.checks.worker.round();
  const { body } = await window.app.inject({ url: `/trust/snapshot?did=${encodeURIComponent(did)}` });
  expect(trustSnapshot(JSON.parse(body)).licences).toHaveLength(1_109);
  expect(body.length).toBeLessThan(400_000);
  expect(await json('vi')).toMatchObject({ verdict: 'verified' });
});
