import { beforeEach, describe, expect, test } from 'vitest';
import { Problem } from '#domain/errors.js';
import { instantOf, type Instant } from '#domain/instant.js';
import { statusBit, type StatusPurpose } from '#domain/credential/status-list.js';
import type { Did } from '#domain/trust/did.js';
import type { TrustSnapshot } from '#domain/trust/snapshot.js';
import type { CryptoPort } from '../../../../verifier/core/crypto-port.js';
import { guardedFetch } from '../../../../verifier/server/guarded-fetch.js';
import { nodeCrypto } from '../../../../verifier/server/node-crypto.js';
import { nodeInflate } from '../../../../verifier/server/node-inflate.js';
import { TrustWorker } from '../../../../verifier/server/trust-worker.js';
import { issuerOf, keyRecordOf, NOW, SAMPLES, type Signer, signerOf, SNAPSHOT } from '../../../support/credential-maker.js';
import { listHash, statusListJwt } from '../../../support/status-list-maker.js';
import { openCanary } from './canary.js';
import { PRIVATE_SPELLINGS } from './private-addresses.js';

const ORIGIN = 'https://cap.minhchung.example';
const LICENCE = SAMPLES.ChemicalLicenceCredential;
const SIGNER = issuerOf('ChemicalLicenceCredential', 'ES256');
const LIST = LICENCE.status.revocation.list;
const MINUTE = 60_000;

/** What the worker fetches from, open to change. */
let snapshot: TrustSnapshot;
let published: Map<string, string>;
let asked: string[];
let faults: unknown[];
let now: number;

function workerOf(text: (url: string) => Promise<string> = fromPublished): TrustWorker {
  return new TrustWorker({
    trust: { trustSnapshot: async () => snapshot }, published: { text }, issuerOrigin: ORIGIN, crypto: nodeCrypto(), inflate: nodeInflate,
    now: () => now, onFault: (error) => faults.push(error),
  });
}

async function fromPublished(url: string): Promise<string> {
  asked.push(url);
  const found = published.get(url);
  if (found === undefined) throw new Problem('FETCH_FAILED', { url });
  return found;
}

interface Publication { readonly version: number; readonly set?: readonly number[]; readonly signer?: Signer; readonly url?: string; readonly purpose?: StatusPurpose; readonly onLedger?: boolean; readonly served?: boolean; readonly until?: number; readonly from?: number }

function publish(stated: Publication): string {
  const usual = { set: [], signer: SIGNER, url: LIST, purpose: 'revocation', onLedger: true, served: true, from: now / 1000 - 60, until: now / 1000 + 7_200 } as const;
  const { version, set, signer, url, purpose, onLedger, served, from, until } = { ...usual, ...stated };
  const jwt = statusListJwt(signer, { url, purpose, version, set, from, until });
  if (served) published.set(url, jwt);
  if (onLedger) {
    const list = url.slice(url.lastIndexOf('/') + 1);
    const record = { kind: 'status-list', did: signer.did, list, purpose, version, hash: listHash(jwt), publishedAt: instantOf(now) } as const;
    change({ lists: [...snapshot.lists.filter((one) => one.list !== list), record] });
  }
  return jwt;
}

function change(part: Partial<TrustSnapshot>): void {
  snapshot = { ...snapshot, height: String(Number(snapshot.height) + 1), knownAt: instantOf(now), ...part };
}

beforeEach(() => {
  [snapshot, published, asked, faults, now] = [{ ...SNAPSHOT, dids: SNAPSHOT.dids.map((one) => one) }, new Map<string, string>(), [], [], NOW];
});

const isSet = (worker: TrustWorker, index: number, url = LIST): boolean | undefined => {
  const held = worker.statusOf(url);
  return held === undefined ? undefined : statusBit(held.bits, index);
};

describe('the copy of the register', () => {
  test('is empty before the first round, and says so', async () => {
    const worker = workerOf();
    expect([worker.isReady, worker.register.view.knownAt]).toEqual([false, 0]);
    await worker.round();
    expect([worker.isReady, worker.register.snapshot]).toEqual([true, snapshot]);
  });

  test.each<[string, () => void]>([
    ['a lower height', () => { snapshot = { ...snapshot, height: '1', knownAt: instantOf(now + MINUTE) }; }],
    ['the same height, known earlier', () => { snapshot = { ...snapshot, knownAt: instantOf(now - 10 * MINUTE) }; }],
  ])('does not go back: %s', async (_, goBack) => {
    const worker = workerOf();
    await worker.round();
    const before = worker.register;
    goBack();
    await worker.round();
    expect(worker.register).toBe(before);
    expect(worker.metrics()).toContain('verifier_trust_rollbacks_total 1');
  });

  test('a register that fails leaves it, growing old', async () => {
    let silent = false;
    const worker = new TrustWorker({ trust: { trustSnapshot: async () => { if (silent) throw new Problem('LEDGER_UNREACHABLE'); return snapshot; } }, published: { text: fromPublished }, issuerOrigin: ORIGIN, crypto: nodeCrypto(), inflate: nodeInflate, now: () => now, onFault: (error) => faults.push(error) });
    await worker.round();
    [silent, now] = [true, now + 30 * MINUTE];
    await worker.round();
    expect(worker.register.snapshot).toBe(snapshot);
    expect(worker.metrics()).toContain(`verifier_trust_age_seconds ${(now - Date.parse(snapshot.knownAt)) / 1000}`);
    expect(faults).toContainEqual(expect.objectContaining({ code: 'LEDGER_UNREACHABLE' }));
  });

  test('a round that is asked for while one is under way is the same one', async () => {
    const worker = workerOf();
    expect(worker.round()).toBe(worker.round());
    await worker.round();
    expect(worker.metrics()).toContain('verifier_trust_rounds_total 1');
  });
});

describe('status lists', () => {
  test('of the register are fetched from the issuer before anybody asks', async () => {
    publish({ version: 1, set: [7] });
    const worker = workerOf();
    await worker.round();
    expect([asked.includes(LIST), isSet(worker, 7), isSet(worker, 8)]).toEqual([true, true, false]);
    expect(worker.listAt(LIST)?.jwt).toBe(published.get(LIST));
  });

  test('are fetched again when the ledger knows a newer version, and not in between', async () => {
    publish({ version: 1 });
    const worker = workerOf();
    await worker.round();
    asked = [];
    for (let times = 0; times < 5; times++) await worker.round();
    expect(asked.filter((url) => url === LIST)).toEqual([]);
    publish({ version: 2, set: [7] });
    await worker.round();
    expect([asked.filter((url) => url === LIST).length, isSet(worker, 7)]).toEqual([1, true]);
  });

  test('are asked for again after five minutes in any case', async () => {
    publish({ version: 1 });
    const worker = workerOf();
    await worker.round();
    [asked, now] = [[], now + 5 * MINUTE];
    await worker.round();
    expect(asked.filter((url) => url === LIST).length).toBe(1);
  });

  test('never go backwards: version 6 after version 7 is not taken', async () => {
    const old = publish({ version: 6 });
    publish({ version: 7, set: [7] });
    const worker = workerOf();
    await worker.round();
    published.set(LIST, old);
    now += 5 * MINUTE;
    await worker.round();
    expect([worker.statusOf(LIST)?.version, isSet(worker, 7)]).toEqual([7, true]);
    expect(faults).toContainEqual(expect.objectContaining({ code: 'STATUS_LIST_ROLLED_BACK' }));
  });

  test('version 6 where the ledger knows version 7: set bits count, unset ones only for a minute', async () => {
    publish({ version: 6, set: [7] });
    publish({ version: 7, set: [7, 8], served: false });
    const worker = workerOf();
    await worker.round();
    expect([worker.statusOf(LIST)?.version, isSet(worker, 7), worker.statusOf(LIST)?.validUntil]).toEqual([6, true, NOW + MINUTE]);
    expect(worker.metrics()).toContain('verifier_status_lists{state="outdated"} 1');
    publish({ version: 7, set: [7, 8] });
    await worker.round();
    expect([worker.statusOf(LIST)?.version, isSet(worker, 8)]).toEqual([7, true]);
  });

  test('one that is past its time is held for its set bits', async () => {
    publish({ version: 1, set: [7], from: NOW / 1000 - 7_200, until: NOW / 1000 - 60 });
    const worker = workerOf();
    await worker.round();
    expect([isSet(worker, 7), worker.statusOf(LIST)?.validUntil]).toEqual([true, NOW - MINUTE]);
  });

  test.each<[string, () => void]>([
    ['nothing', () => published.delete(LIST)], ['a page', () => published.set(LIST, '<html>')], ['another list', () => published.set(LIST, statusListJwt(SIGNER, { url: `${ORIGIN}/status/other`, purpose: 'revocation', version: 9, from: now / 1000, until: now / 1000 + 60 }))],
    ['a list of another purpose', () => published.set(LIST, statusListJwt(SIGNER, { url: LIST, purpose: 'suspension', version: 9, from: now / 1000, until: now / 1000 + 60 }))],
    ['a list signed by a stranger', () => published.set(LIST, statusListJwt(signerOf('did:web:la.example', 'k', 'ES256'), { url: LIST, purpose: 'revocation', version: 9, from: now / 1000, until: now / 1000 + 60 }))],
    ['a list of another registered issuer', () => published.set(LIST, statusListJwt(issuerOf('DiplomaCredential', 'ES256'), { url: LIST, purpose: 'revocation', version: 9, from: now / 1000, until: now / 1000 + 60 }))],
    ['another text of the version on the ledger', () => published.set(LIST, statusListJwt(SIGNER, { url: LIST, purpose: 'revocation', version: 2, set: [9], from: now / 1000, until: now / 1000 + 60 }))],
    ['a longer text than any list', () => published.set(LIST, 'a'.repeat(70_000))],
  ])('a failure never evicts a good one: %s', async (_, spoil) => {
    publish({ version: 2, set: [7] });
    const worker = workerOf();
    await worker.round();
    [faults, now] = [[], now + 5 * MINUTE];
    spoil();
    await worker.round();
    expect([worker.statusOf(LIST)?.version, isSet(worker, 7), isSet(worker, 9)]).toEqual([2, true, false]);
    expect(faults.filter((error) => error instanceof Problem && error.code !== 'DID_DOCUMENT_MALFORMED').length).toBeGreaterThan(0);
  });

  test('what failed is asked for again later and later, up to five minutes', async () => {
    publish({ version: 1, served: false });
    const worker = workerOf();
    const times: number[] = [];
    for (let second = 0; second < 1_000; second++) {
      now = NOW + second * 1000;
      const before = asked.filter((url) => url === LIST).length;
      await worker.round();
      if (asked.filter((url) => url === LIST).length > before) times.push(second);
    }
    expect(times).toEqual([0, 5, 15, 35, 75, 155, 315, 615, 915]);
  });

  test('one whose signing key is found compromised, and which the ledger does not vouch for, is dropped', async () => {
    publish({ version: 1, onLedger: false });
    const url = `${ORIGIN}/status/other-name`;
    publish({ version: 1, url, set: [7] });
    const worker = workerOf();
    await worker.round();
    expect(isSet(worker, 7, url)).toBe(true);
    const since = '2026-01-02T00:00:00.000Z' as Instant;
    change({ keys: snapshot.keys.map((key) => (key.did === SIGNER.did && key.keyId === SIGNER.keyId ? { ...key, to: since, reason: 'compromised' as const, compromisedSince: since, retiredAt: since } : key)), lists: [] });
    await worker.round();
    expect(worker.statusOf(url)).toBeUndefined();
  });

  test('issuers are asked side by side, the lists of one issuer one after the other', async () => {
    const other = issuerOf('DiplomaCredential', 'ES256');
    for (let number = 0; number < 6; number++) {
      publish({ version: 1, url: `${ORIGIN}/status/mine-${number}` });
      publish({ version: 1, url: `${ORIGIN}/status/yours-${number}`, signer: other });
    }
    snapshot = { ...snapshot, dids: [] };
    let most = 0;
    const running = new Map<string, number>();
    const worker = workerOf(async (url) => {
      const owner = url.includes('mine') ? 'mine' : 'yours';
      running.set(owner, (running.get(owner) ?? 0) + 1);
      most = Math.max(most, running.get(owner)!);
      await new Promise((resolve) => { setImmediate(resolve); });
      running.set(owner, running.get(owner)! - 1);
      return published.get(url) ?? '';
    });
    await worker.round();
    expect(most).toBe(1);
  });

  test('a list elsewhere is fetched in the next round once a rightful credential names it, and only if the register knows its name', async () => {
    const url = 'https://other.example/lists/abroad';
    publish({ version: 1, url, set: [7] });
    const worker = workerOf();
    await worker.round();
    expect(asked).not.toContain(url);
    worker.want({ url: 'https://other.example/lists/unknown-name', purpose: 'revocation', by: SIGNER.did });
    worker.want({ url, purpose: 'suspension', by: SIGNER.did });
    await worker.round();
    expect(asked.filter((one) => one.startsWith('https://other.example'))).toEqual([]);
    worker.want({ url, purpose: 'revocation', by: SIGNER.did });
    expect(asked).not.toContain(url);
    await worker.round();
    expect([asked.filter((one) => one === url).length, isSet(worker, 7, url)]).toEqual([1, true]);
  });

  const elsewhere = (number: number): string => `https://h${number}.example/${LIST.slice(LIST.lastIndexOf('/') + 1)}`;
  const wanted = (number: number, by: Did = SIGNER.did) => ({ url: elsewhere(number), purpose: 'revocation', by } as const);
  const askedElsewhere = (): string[] => asked.filter((one) => one.startsWith('https://h'));

  test('each issuer has a share of those elsewhere, and its newest wish finds room', async () => {
    publish({ version: 1 });
    const worker = workerOf();
    await worker.round();
    worker.want(wanted(5_000, 'did:web:other.example' as Did));
    for (let number = 0; number < 1_000; number++) worker.want(wanted(number));
    await worker.round();
    expect(askedElsewhere().length).toBe(33);
    expect(askedElsewhere()).toEqual(expect.arrayContaining([elsewhere(5_000), elsewhere(999), elsewhere(968)]));
  });

  test('no more than so many are taken on of all issuers, and what was wanted longest ago goes', async () => {
    publish({ version: 1 });
    const worker = workerOf();
    await worker.round();
    for (let number = 0; number < 256; number++) worker.want(wanted(number, `did:web:h${number}.example` as Did));
    worker.want(wanted(0));
    worker.want(wanted(256));
    await worker.round();
    expect(askedElsewhere().length).toBe(256);
    expect([askedElsewhere().includes(elsewhere(0)), askedElsewhere().includes(elsewhere(1)), askedElsewhere().includes(elsewhere(256))]).toEqual([true, false, true]);
  });

  test('one elsewhere that keeps failing is given up, until it is wanted again', async () => {
    publish({ version: 1 });
    const worker = workerOf();
    await worker.round();
    worker.want(wanted(1));
    expect(worker.metrics()).toContain('verifier_status_lists{state="missing"} 1');
    for (let times = 0; times < 20; times++) {
      now += 6 * MINUTE;
      await worker.round();
    }
    expect([askedElsewhere().length, worker.metrics().includes('verifier_status_lists{state="missing"} 0')]).toEqual([8, true]);
    worker.want(wanted(1));
    await worker.round();
    expect(askedElsewhere().length).toBe(9);
  });

  test('the wait after a failure begins when it has failed', async () => {
    publish({ version: 1, served: false });
    const worker = workerOf(async (url) => {
      now += MINUTE;
      return fromPublished(url);
    });
    await worker.round();
    await worker.round();
    expect(asked.filter((one) => one === LIST).length).toBe(1);
  });

  test('a round begins nothing after five seconds, and in the next one nobody waits for who was late before', async () => {
    const slow = (url: string): boolean => url.startsWith('https://h');
    publish({ version: 1 });
    const other = 'https://other.example/lists/abroad';
    publish({ version: 1, url: other, set: [7] });
    const worker = workerOf(async (url) => {
      if (slow(url)) now += 3_000;
      return fromPublished(url);
    });
    await worker.round();
    for (let number = 0; number < 30; number++) worker.want(wanted(number));
    await worker.round();
    expect(askedElsewhere().length).toBe(2);
    worker.want({ url: other, purpose: 'revocation', by: 'did:web:other.example' as Did });
    await worker.round();
    expect([askedElsewhere().length, isSet(worker, 7, other)]).toEqual([4, true]);
  });

  test('the register is looked at, and the own lists are fetched, while others never answer', async () => {
    publish({ version: 1 });
    const silent = openGate();
    let looks = 0;
    const seen = openGate();
    const worker = new TrustWorker({
      trust: { trustSnapshot: async () => { looks += 1; if (looks === 2) worker.want(wanted(1)); if (looks === 4) publish({ version: 2, set: [7] }); return snapshot; } },
      published: { text: async (url) => { if (url !== LIST) await silent.opened; else if (looks >= 4) seen.open(); return fromPublished(url); } },
      issuerOrigin: ORIGIN, crypto: nodeCrypto(), inflate: nodeInflate, now: () => now, everyMs: 1,
    });
    worker.start();
    await seen.opened;
    expect(looks).toBeGreaterThanOrEqual(4);
    silent.open();
    await worker.close();
    expect(isSet(worker, 7)).toBe(true);
  });

  test('are judged again when the register says something else of their issuer, and not with every block', async () => {
    publish({ version: 1 });
    publish({ version: 1, url: `${ORIGIN}/status/other-name` });
    let signatures = 0;
    const crypto = nodeCrypto();
    const counting: CryptoPort = { ...crypto, verifyJws: (...all) => { signatures += 1; return crypto.verifyJws(...all); } };
    const worker = new TrustWorker({ trust: { trustSnapshot: async () => snapshot }, published: { text: fromPublished }, issuerOrigin: ORIGIN, crypto: counting, inflate: nodeInflate, now: () => now });
    const costOf = async (part: Partial<TrustSnapshot>): Promise<number> => {
      const before = signatures;
      change(part);
      await worker.round();
      return signatures - before;
    };
    expect(await costOf({})).toBe(2);
    expect(await costOf({})).toBe(0);
    expect(await costOf({ keys: snapshot.keys.filter(({ did }) => did === SIGNER.did), organisations: [] })).toBe(0);
    expect(await costOf({ keys: [...snapshot.keys, keyRecordOf(signerOf(SIGNER.did, 'another', 'EdDSA'))] })).toBe(2);
    now += MINUTE; // the ledger's clock can be ahead of this one
    expect(await costOf({})).toBe(2);
  });
});

interface Gate { readonly opened: Promise<void>; readonly open: () => void }

function openGate(): Gate {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => { open = resolve; });
  return { opened, open: () => open() };
}

describe('nowhere inside', () => {
  test('lists and documents at private addresses, in every spelling, reach no canary', async () => {
    const canary = await openCanary();
    const fetched: string[] = [];
    const fetch = guardedFetch({ timeout: 500, resolve: async () => ['127.0.0.1', '::1'] });
    const text = async (url: string): Promise<string> => {
      fetched.push(url);
      return fetch(url);
    };
    publish({ version: 1 });
    const name = LIST.slice(LIST.lastIndexOf('/') + 1);
    for (const { host } of PRIVATE_SPELLINGS) {
      const worker = workerOf(text);
      const dids = ['', `%3A${canary.port4}`].map((port) => `did:web:${host}${port}` as Did);
      change({ dids: dids.map((did) => ({ ...SNAPSHOT.dids[0]!, did })), keys: dids.map((did) => ({ ...keyRecordOf(SIGNER), did })) });
      await worker.round();
      for (const port of ['', `:${canary.port4}`, `:${canary.port6}`]) for (const scheme of ['http', 'https']) worker.want({ url: `${scheme}://${host}${port}/${name}`, purpose: 'revocation', by: SIGNER.did });
      await worker.round();
    }
    expect(fetched.filter((url) => url.endsWith(`/${name}`) && !url.startsWith(ORIGIN)).length).toBe(PRIVATE_SPELLINGS.length * 6);
    expect(canary.hits()).toBe(0);
    await canary.close();
  });
});

test('it works from its start to its close, and no longer', async () => {
  publish({ version: 1 });
  const worker = workerOf();
  worker.start();
  worker.start();
  await worker.close();
  const rounds = worker.metrics().find((line) => line.startsWith('verifier_trust_rounds_total'));
  expect(rounds).toBe('verifier_trust_rounds_total 1');
  await new Promise((resolve) => { setImmediate(resolve); });
  expect(worker.metrics()).toContain(rounds);
});
