/** What the issuer makes, judged by the verifier's own decision, through credentials' whole lives. */
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StatusPurpose } from '#domain/credential/status-list.js';
import { epochMs } from '#domain/instant.js';
import { commitmentRecord } from '#domain/trust/records.js';
import { trustSnapshot, trustViewOf } from '#domain/trust/snapshot.js';
import { judgeCredential } from '../../verifier/core/credential/judge.js';
import type { CredentialVerdict } from '../../verifier/core/credential/credential-verdict.js';
import type { KnownStatus } from '../../verifier/core/credential/status-checks.js';
import { verifyStatusList } from '../../verifier/core/credential/status-list.js';
import { nodeCrypto } from '../../verifier/server/node-crypto.js';
import { mustBe } from '../gateway/app/running-gateway.js';
import { diplomaRequest, identityRequest, issued, issuerWorld, licenceRequest, payloadOf, UNIVERSITY, type IssuerWorld } from './issuer-world.js';

let world: IssuerWorld;
beforeAll(async () => {
  world = await issuerWorld();
});
afterAll(async () => world.remove());

const crypto = nodeCrypto();
const inflate = async (gzip: Uint8Array, most: number): Promise<Uint8Array> => promisify(gunzip)(gzip, { maxOutputLength: most });

/** Judges a text by what issuer and gateway publish now. */
async function judge(text: string, now = Date.now()): Promise<CredentialVerdict> {
  const snapshot = trustSnapshot(mustBe(200, await world.gateway.call({ url: '/public/trust' })).body);
  const trust = { ...trustViewOf(snapshot), knownAt: epochMs(snapshot.knownAt) };
  const entries = (payloadOf(text.split(/[~#]/)[0] ?? '')['vc'] as { credentialStatus: Record<string, string>[] }).credentialStatus;
  const lists = new Map<string, KnownStatus>();
  for (const { statusListCredential: url = '', statusPurpose } of entries) {
    const jwt = mustBe(200, await world.get(new URL(url).pathname)).text;
    lists.set(url, await verifyStatusList({ jwt, url, purpose: statusPurpose as StatusPurpose, trust, now }, inflate, crypto));
  }
  const { root } = JSON.parse(Buffer.from(text.split('#')[1] ?? '', 'base64url').toString()) as { root: string };
  const answer = await world.gateway.call({ url: `/public/commitments/${root}` });
  const commitment = answer.status === 200 ? { record: commitmentRecord(answer.body['record']) } : 'unknown' as const;
  return judgeCredential({ text, trust, now, statusOf: (url: string) => lists.get(url), commitmentOf: () => commitment }, crypto);
}

/** Checks that did not pass, with their code. */
function misses({ report }: CredentialVerdict): Record<string, unknown> {
  return Object.fromEntries(Object.entries(report).filter(([, { result }]) => result !== 'pass' && result !== 'not-applicable').map(([check, outcome]) => [check, 'code' in outcome ? outcome.code : outcome.result]));
}

async function change(id: string, statusPurpose: string, status: boolean): Promise<void> {
  mustBe(200, await world.post(world.university, '/credentials/status', { credentialId: id, credentialStatus: { type: 'BitstringStatusListEntry', statusPurpose }, status }));
}

describe('the verifier', () => {
  it('verifies each type as it is handed out, and a public record without its disclosures', async () => {
    const diploma = await issued(world, world.university, diplomaRequest('J 1'));
    const open = String(mustBe(200, await world.get(`/public/credentials/${diploma.publicId}`)).body['text']);
    const texts = [diploma.text, open, (await issued(world, world.authority, licenceRequest('J/1'))).text, (await issued(world, world.gateway.operator, identityRequest())).text];
    for (const text of texts) {
      const verdict = await judge(text);
      expect([misses(verdict), verdict.verdict]).toEqual([{}, 'verified']);
    }
  });

  it('follows a suspension, its end, and a revocation', async () => {
    const { id, text } = await issued(world, world.university, diplomaRequest('J 2'));
    await change(id, 'suspension', true);
    expect(await judge(text)).toMatchObject({ verdict: 'not-verified', report: { suspension: { result: 'fail', code: 'CREDENTIAL_SUSPENDED' }, revocation: { result: 'pass' } } });
    await change(id, 'suspension', false);
    expect((await judge(text)).verdict).toBe('verified');
    await change(id, 'revocation', true);
    expect(await judge(text)).toMatchObject({ verdict: 'not-verified', report: { revocation: { result: 'fail', code: 'CREDENTIAL_REVOKED' } } });
  });

  it('says of a corrected diploma that another supersedes it', async () => {
    const wrong = await issued(world, world.university, diplomaRequest('J 3', { fullName: 'Nguyễn Thị Mấy' }));
    const right = await issued(world, world.university, diplomaRequest('J 3', { replaces: { credential: wrong.id, decisionNumber: '5/QĐ-ĐC' } }));
    expect(misses(await judge(wrong.text))).toEqual({ supersession: 'CREDENTIAL_SUPERSEDED' });
    expect((await judge(right.text)).verdict).toBe('verified');
  });

  it('believes an old key for its time, and a compromised one no more', async () => {
    const { text } = await issued(world, world.university, diplomaRequest('J 4'));
    const did = encodeURIComponent(UNIVERSITY);
    mustBe(201, await world.post(world.university, `/v1/dids/${did}/keys`, {}));
    expect((await judge(text)).verdict).toBe('verified');
    mustBe(200, await world.post(world.university, `/v1/dids/${did}/keys/key-1/retirement`, { reason: 'compromised' }));
    const verdict = await judge(text);
    expect([verdict.verdict, misses(verdict)['key']]).toEqual(['not-verified', 'DID_KEY_COMPROMISED']);
    expect((await judge((await issued(world, world.university, diplomaRequest('J 5'))).text)).verdict).toBe('verified');
  });

  it('does not take a disclosure of another paper', async () => {
    const [one, two] = [await issued(world, world.university, diplomaRequest('J 6')), await issued(world, world.university, diplomaRequest('J 7'))];
    const swapped = [one.jwt, ...two.text.split('#')[0]!.split('~').slice(1)].join('~') + one.text.slice(one.text.indexOf('#'));
    expect((await judge(swapped)).report).toMatchObject({ disclosures: { result: 'fail' }, signature: { result: 'pass' } });
  });
});
