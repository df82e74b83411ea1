import { beforeAll, describe, expect, test } from 'vitest';
import type { TrustRoots } from '#domain/goods/public-item.js';
import type { CryptoPort } from '../../../verifier/core/crypto-port.js';
import { readAddress } from '../../../verifier/core/goods/address-reader.js';
import { fingerprintText, trustText } from '../../../verifier/core/goods/trust-fingerprint.js';
import { readClaimedAnswer } from '../../../verifier/page/claimed-answer.js';
import { type OwnFinding, ownCheck } from '../../../verifier/page/own-check.js';
import { type Memory, pinnedTrust, pinTrust } from '../../../verifier/page/pinned-trust.js';
import { nodeCrypto } from '../../../verifier/server/node-crypto.js';
import { NOW } from '../certificate-builder.js';
import { dossierOf, LABEL, receiptFor, trustOf } from '../goods-fixtures.js';
import { newWorld, type World } from '../receipt-builder.js';
import { CASES, openWindow, type Window } from '../server/shop-window.js';

type Answer = Record<string, unknown> & { band: { state: string; title: string }; dossier: Record<string, Record<string, unknown>>; report: Record<string, unknown>; trust: TrustRoots };

let window: Window;
let other: World;
beforeAll(async () => {
  [window, other] = await Promise.all([openWindow(), newWorld()]);
});

async function answerAt(path: string): Promise<Answer> {
  return (await window.app.inject({ url: path, headers: { accept: 'application/json' } })).json<Answer>();
}

interface Visit {
  readonly path?: string;
  readonly tamper?: (answer: Answer) => void;
  readonly shown?: { readonly state: string; readonly title: string };
  readonly now?: number;
  readonly pinned?: TrustRoots;
  readonly crypto?: CryptoPort;
}

async function visit({ path = CASES.registered, tamper, shown, now = NOW, pinned, crypto = nodeCrypto() }: Visit): Promise<OwnFinding> {
  const honest = await answerAt(path);
  const answer = structuredClone(honest);
  tamper?.(answer);
  const claimed = readClaimedAnswer(answer);
  const [pathname = '', search = ''] = path.split('?');
  const scanned = readAddress(pathname, search);
  if (claimed === undefined || scanned === undefined) throw new Error('not an answer');
  return ownCheck({ claimed, scanned, shown: shown ?? honest.band, language: 'vi', now, pinned, crypto });
}

describe('the browser\'s own check', () => {
  const answered = Object.entries(CASES).filter(([name]) => !['malformed', 'not-kept'].includes(name));

  test.each(answered)('agrees about %s', async (_, path) => {
    expect(await visit({ path })).toMatchObject({ finding: 'agrees', isProven: true, rootsChanged: false, clockIsOff: false, organisations: expect.any(Array) });
  });

  test.each<[string, (answer: Answer) => void, string]>([
    ['a recall left out', (answer) => { delete answer.dossier['lot']!['recall']; answer.band.state = 'registered'; answer.report['recall'] = { result: 'pass' }; }, CASES.recalled],
    ['another expiry date', (answer) => { answer.dossier['lot']!['expiresOn'] = '2028-12-31'; }, CASES.registered],
    ['another name', (answer) => { answer.dossier['product']!['name'] = 'Trà khác'; }, CASES.registered],
    ['a sale left out', (answer) => { answer.dossier['serial']!['custody'] = { state: 'in-stock', holder: 'tra-shan' }; answer.band.state = 'registered'; answer.report['lifecycle'] = { result: 'pass' }; }, CASES.used],
    ['a claim without reason', (answer) => { answer.band.state = 'registered'; }, CASES.recalled],
    ['one check claimed otherwise', (answer) => { answer.report['expiry'] = { result: 'fail', code: 'LOT_EXPIRED' }; }, CASES.registered],
    ['one check left out', (answer) => { delete answer.report['recall']; }, CASES.registered],
    ['a damaged receipt', (answer) => { answer['receipt'] = String(answer['receipt']).replace(/.{8}"}$/, 'AAAAAAAA"}'); }, CASES.registered],
    ['the receipt of something else', (answer) => { answer['receipt'] = window.records.receipts.get(CASES['lot-registered']); }, CASES.registered],
    ['a receipt by organisations of the server\'s own making', (answer) => { answer['receipt'] = receiptFor(other, dossierOf()); }, CASES.registered],
    ['organisations of the server\'s own making, on a browser that knows the right ones', (answer) => { answer['receipt'] = receiptFor(other, dossierOf()); answer.trust = trustOf(other); }, CASES.registered],
  ])('disagrees with %s', async (_, tamper, path) => {
    const finding = await visit({ path, tamper, pinned: trustOf(window.world) });
    expect(finding).toMatchObject({ finding: 'disagrees' });
  });

  test('names what it disagrees about', async () => {
    const finding = await visit({ tamper: (answer) => { answer.dossier['product']!['name'] = 'Trà khác'; } });
    expect(finding).toMatchObject({ finding: 'disagrees', state: 'proof-failed', checks: ['ledger-receipt'], codes: ['ledger-receipt: RECEIPT_OTHER_RECORD'] });
  });

  test('an answer to another question than the address bar\'s is none', async () => {
    const finding = await visit({ tamper: (answer) => { answer.dossier['item'] = '/01/09520000000011' as never; } });
    expect(finding.finding).not.toBe('agrees');
  });

  test('sees that the page shows an older state', async () => {
    const finding = await visit({ path: CASES.recalled, shown: { state: 'registered', title: 'Mã có trong sổ đăng ký' } });
    expect(finding).toMatchObject({ finding: 'changed', state: 'recalled', text: { title: 'Đang thu hồi\u00a0– không dùng' } });
  });

  test('sees that the page shows other words than its state has', async () => {
    expect(await visit({ shown: { state: 'registered', title: 'Hàng tốt' } })).toMatchObject({ finding: 'changed', text: { title: 'Mã có trong sổ đăng ký' } });
  });

  test('without cryptography it says nothing against the server, and nothing for it', async () => {
    const broken = { sha256: () => Promise.reject(new Error('none')), verifyP256: () => Promise.reject(new Error('none')), verifyJws: () => Promise.reject(new Error('none')) };
    expect(await visit({ crypto: broken })).toMatchObject({ finding: 'could-not-check', isProven: false, codes: ['CRYPTO_UNAVAILABLE'] });
  });

  test.each([['receipt', 'RECEIPT_MISSING'], ['trust', 'RECEIPT_MISSING']])('without %s it could not check', async (member, code) => {
    expect(await visit({ tamper: (answer) => { delete answer[member]; } })).toMatchObject({ finding: 'could-not-check', codes: [code] });
  });

  test.each([[-3_600_000, true], [-600_000, false], [600_000, false], [86_400_000, true]])('a clock that is %i ms off is no quarrel', async (off, clockIsOff) => {
    expect(await visit({ now: NOW + off })).toMatchObject({ finding: 'agrees', clockIsOff });
  });

  test('roots that changed are told even where everything still holds', async () => {
    const known = trustOf(window.world);
    const { Org3MSP: _left, ...roots } = known.roots;
    expect(await visit({ pinned: { ...known, roots } })).toMatchObject({ rootsChanged: true });
  });
});

describe('an answer that is none', () => {
  test.each([null, 7, 'x', [], {}, { dossier: {} }, { dossier: { item: 'x', inside: [], organisations: [] }, asOf: {} }])('%j', (value) => expect(readClaimedAnswer(value)).toBeUndefined());

  test('members of a wrong kind are not taken', async () => {
    const answer = await answerAt(LABEL);
    for (const member of ['report', 'band', 'address', 'checkedAt', 'asOf', 'dossier']) expect(readClaimedAnswer({ ...answer, [member]: [] }), member).toBeUndefined();
    expect(readClaimedAnswer({ ...answer, trust: { ...answer.trust, roots: { Org1MSP: 'x' } } })?.trust).toBeUndefined();
  });
});

describe('remembered roots', () => {
  const memory = (): Memory & { readonly kept: Map<string, string> } => {
    const kept = new Map<string, string>();
    return { kept, getItem: (name) => kept.get(name) ?? null, setItem: (name, value) => { kept.set(name, value); } };
  };

  test('come back as they were', () => {
    const here = memory();
    expect(pinnedTrust(here)).toBeUndefined();
    expect(pinTrust(here, trustOf(window.world))).toBe(true);
    expect(pinnedTrust(here)).toEqual(trustOf(window.world));
  });

  test.each(['not json', '{}', '{"channel":"x"}', '[]'])('%s is no memory', (text) => {
    const here = memory();
    here.kept.set('minhchung.trust', text);
    expect(pinnedTrust(here)).toBeUndefined();
  });

  test('a browser that keeps nothing is no fault', () => {
    const refusing: Memory = { getItem: () => { throw new Error('denied'); }, setItem: () => { throw new Error('denied'); } };
    expect([pinnedTrust(refusing), pinTrust(refusing, trustOf(window.world)), pinnedTrust(undefined), pinTrust(undefined, trustOf(window.world))]).toEqual([undefined, false, undefined, false]);
  });

  test('a fingerprint is for reading aloud', () => {
    expect(fingerprintText('0123456789abcdef0123456789abcdef'.repeat(2))).toBe('0123 4567 89ab cdef 0123 4567 89ab cdef');
    expect(trustText(trustOf(window.world))).not.toBe(trustText(trustOf(other)));
  });
});
