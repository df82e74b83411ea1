import * as fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Dossier } from '#domain/goods/dossier.js';
import type { LotRecord } from '#domain/goods/lot.js';
import { hasConsumerMinimum } from '#domain/goods/consumer-minimum.js';
import { parseDigitalLinkPath } from '#domain/gs1/digital-link.js';
import type { ItemKey, Sscc } from '#domain/gs1/item-key.js';
import { type Day, instantOf } from '#domain/instant.js';
import type { Custody } from '#domain/lifecycle/item.js';
import type { OrganisationId } from '#domain/registry/organisation.js';
import { type BandState, bandOf, TONES } from '../../verifier/core/goods/band.js';
import type { Answer, GoodsQuestion } from '../../verifier/core/goods/evidence.js';
import { expectedRead } from '../../verifier/core/goods/expected-read.js';
import { GOODS_CHECKS, type GoodsReport } from '../../verifier/core/goods/goods-report.js';
import { judgeGoods, judgeUnreadable } from '../../verifier/core/goods/judge.js';
import { scannedItem } from '../../verifier/core/goods/scanned-item.js';
import { type ReceiptVerdict, verifyReceipt } from '../../verifier/core/receipt.js';
import { type Verdict, verdictOf } from '../../verifier/core/report.js';
import { nodeCrypto } from '../../verifier/server/node-crypto.js';
import { NOW } from './certificate-builder.js';
import {
  dossierOf, GTIN, itemOf, LABEL, LOT, LOT_DOSSIER, LOT_KEY, lot, MAKER, measure, NOTHING, product, PRODUCT_DOSSIER, PRODUCT_KEY,
  receiptFor, SERIAL, SERIAL_KEY, serial, SSCC, trustOf, unit, UNIT_DOSSIER, UNIT_KEY, without,
} from './goods-fixtures.js';
import { newWorld, type World } from './receipt-builder.js';

/** Everything known of a serial, and a link that says the same. */
interface Case {
  readonly name: string;
  readonly source: string;
  readonly path?: string;
  readonly query?: string;
  readonly dossier?: Dossier | 'unreachable';
  readonly lotDossier?: Dossier | 'unreachable';
  /** Minutes since this copy was last compared with the ledger. */
  readonly age?: number;
  readonly now?: number;
  readonly receipt?: 'none' | 'of-another-record' | 'by-too-few' | 'unchecked';
  /** Checks that do not pass. */
  readonly report: Readonly<Record<string, string>>;
  readonly band: BandState;
  readonly verdict: Verdict;
}

const inCustody = (custody: Custody): Dossier => dossierOf({ serial: { ...serial, custody } });
const inLot = (change: Partial<LotRecord>): Dossier => dossierOf({ lot: { ...lot, ...change } });
const gone = (state: 'sold' | 'used' | 'decommissioned' | 'destroyed' | 'missing' | 'lost' | 'stolen'): Dossier =>
  inCustody({ state, holder: MAKER, at: instantOf(NOW - 86_400_000), province: '01' });
const held = (cause: 'suspended' | 'quarantined' | 'seized' | 'damaged'): Dossier =>
  inCustody({ state: 'in-stock', holder: MAKER, hold: { cause, reason: 'x', by: MAKER, at: instantOf(NOW) } });

const UNKNOWN_SERIAL = without(dossierOf(), 'lot', 'serial');
const NOT_REGISTERED = {
  'company-prefix': 'not-registered', lifecycle: 'not-registered', information: 'not-registered',
} as const;
const NOTHING_OF_IT = { ...NOT_REGISTERED, attributes: 'not-registered', recall: 'not-registered', hold: 'not-registered', expiry: 'not-registered' } as const;
const NO_LOT = { recall: 'SCAN_NAMES_NO_LOT', hold: 'SCAN_NAMES_NO_LOT', expiry: 'SCAN_NAMES_NO_LOT' } as const;
const NOT_REACHED = (...names: string[]): Record<string, string> => Object.fromEntries(names.map((name) => [name, 'RECEIPT_CHECK_NOT_REACHED']));

const packedIn = (sscc: Sscc, custody: Custody): Dossier => dossierOf({
  serial: { ...serial, custody: { state: 'in-stock', holder: MAKER, parent: `/00/${sscc}` as ItemKey } },
  inside: [{ ...unit, custody }],
});

const CASES: readonly Case[] = [
  // ---- on the register
  { name: 'everything agrees', source: 'domain.md 4(d): normal', query: '17=271231', report: {}, band: 'registered', verdict: 'verified' },
  { name: 'a link that names only the serial', source: 'GS1 Digital Link: 21 after 01', path: SERIAL_KEY, report: { attributes: 'nothing-to-compare' }, band: 'registered', verdict: 'verified' },
  { name: 'a link with a weight, of which the register holds nothing', source: 'trust.md G6', path: SERIAL_KEY, query: '3103=000100', report: { attributes: 'nothing-to-compare' }, band: 'registered', verdict: 'verified' },
  { name: 'day 00 means the last of the month', source: 'trust.md G7', query: '17=271200', report: {}, band: 'registered', verdict: 'verified' },
  { name: 'production date agrees', source: 'trust.md G1', query: '11=260615', report: {}, band: 'registered', verdict: 'verified' },
  { name: 'a product that does not expire', source: 'domain.md 1.3', dossier: dossierOf({ product: { ...product, expires: false }, lot: without2(lot, 'expiresOn') }), report: { expiry: 'does-not-expire' }, band: 'registered', verdict: 'verified' },
  { name: 'packed in a unit that stands in stock', source: 'D6: state is the fold of events', dossier: packedIn(SSCC, { state: 'in-stock', holder: MAKER }), report: {}, band: 'registered', verdict: 'verified' },
  { name: 'a lot', source: 'domain.md 5 F4: one code for all', path: LOT_KEY, dossier: LOT_DOSSIER, report: { attributes: 'nothing-to-compare', lifecycle: 'no-single-item' }, band: 'lot-registered', verdict: 'verified' },
  { name: 'a variant of a lot', source: 'gs1.md R17, R20: the level above answers', path: `/01/${GTIN}/22/V1/10/${LOT}`, dossier: LOT_DOSSIER, report: { attributes: 'nothing-to-compare', lifecycle: 'no-single-item' }, band: 'lot-registered', verdict: 'verified' },
  { name: 'a product', source: 'ksef-api#368: nothing known of the single thing', path: PRODUCT_KEY, dossier: PRODUCT_DOSSIER, report: { attributes: 'nothing-to-compare', lifecycle: 'no-single-item', ...NO_LOT }, band: 'product-registered', verdict: 'could-not-check' },
  { name: 'a product with an expiry date in the link', source: 'trust.md G1', path: PRODUCT_KEY, query: '17=271231', dossier: PRODUCT_DOSSIER, report: { attributes: 'SCAN_NAMES_NO_LOT', lifecycle: 'no-single-item', ...NO_LOT }, band: 'product-registered', verdict: 'could-not-check' },
  { name: 'a logistic unit', source: 'gs1.md 3.5: SSCC', path: UNIT_KEY, dossier: UNIT_DOSSIER, report: { attributes: 'nothing-to-compare', information: 'unit-has-no-product', ...NO_LOT }, band: 'unit-registered', verdict: 'could-not-check' },
  // ---- not on the register
  { name: 'an unknown product', source: 'domain.md 4(d): unknown code', path: '/01/09521234543213/21/S1', dossier: NOTHING('/01/09521234543213/21/S1'), report: { registered: 'PRODUCT_UNKNOWN', ...NOTHING_OF_IT }, band: 'unknown-code', verdict: 'not-verified' },
  { name: 'an unknown unit', source: 'domain.md 4(d): unknown code', path: UNIT_KEY, dossier: NOTHING(UNIT_KEY), report: { registered: 'ITEM_UNKNOWN', ...NOTHING_OF_IT }, band: 'unknown-code', verdict: 'not-verified' },
  { name: 'an unknown lot', source: 'domain.md 5 F3', path: `/01/${GTIN}/10/NONE`, dossier: without(dossierOf({ item: `/01/${GTIN}/10/NONE` as ItemKey }), 'lot', 'serial'), report: { registered: 'LOT_UNKNOWN', ...NOTHING_OF_IT }, band: 'unknown-code', verdict: 'not-verified' },
  { name: 'an unknown serial of an unknown lot', source: 'domain.md 5 F3: invented codes', path: `/01/${GTIN}/10/NONE/21/${SERIAL}`, dossier: UNKNOWN_SERIAL, lotDossier: NOTHING(`/01/${GTIN}/10/NONE`), report: { registered: 'LOT_UNKNOWN', ...NOTHING_OF_IT }, band: 'unknown-code', verdict: 'not-verified' },
  { name: 'a serial given out by somebody else', source: 'GS1 AI 235: not the maker\'s', path: `/01/${GTIN}/235/TP1`, dossier: without(dossierOf({ item: `/01/${GTIN}/235/TP1` as ItemKey }), 'lot', 'serial'), report: { registered: 'ITEM_UNKNOWN', ...NOTHING_OF_IT }, band: 'unknown-code', verdict: 'not-verified' },
  { name: 'a place', source: 'gs1.md R05', path: '/414/9520000000103', dossier: 'unreachable', report: { registered: 'ITEM_KIND_NOT_KEPT', ...NOTHING_OF_IT, 'ledger-receipt': 'not-registered', freshness: 'not-registered' }, band: 'not-kept', verdict: 'not-verified' },
  // ---- printed, not yet on goods
  { name: 'an unknown serial of a lot that exists', source: 'domain.md 4(a)5: unused codes answer "not on sale"', dossier: UNKNOWN_SERIAL, lotDossier: LOT_DOSSIER, report: { registered: 'ITEM_NOT_ON_SALE', ...NOT_REGISTERED }, band: 'not-on-sale', verdict: 'not-verified' },
  { name: 'an unknown serial without a lot in the link', source: 'domain.md 5 F2', path: SERIAL_KEY, dossier: UNKNOWN_SERIAL, report: { registered: 'ITEM_NOT_ON_SALE', ...NOTHING_OF_IT }, band: 'not-on-sale', verdict: 'not-verified' },
  { name: 'an unknown serial of a recalled lot', source: 'domain.md 4(d): precedence', dossier: UNKNOWN_SERIAL, lotDossier: { ...LOT_DOSSIER, lot: { ...lot, recall: measure } }, report: { registered: 'ITEM_NOT_ON_SALE', ...NOT_REGISTERED, recall: 'LOT_RECALLED' }, band: 'recalled', verdict: 'not-verified' },
  { name: 'an unknown serial with another expiry than its lot', source: 'trust.md G1', query: '17=280101', dossier: UNKNOWN_SERIAL, lotDossier: LOT_DOSSIER, report: { registered: 'ITEM_NOT_ON_SALE', ...NOT_REGISTERED, attributes: 'LINK_EXPIRY_DIFFERS' }, band: 'mismatch', verdict: 'not-verified' },
  { name: 'an unknown serial whose lot nobody can be asked about', source: 'D11: unreachable is never an answer', dossier: UNKNOWN_SERIAL, lotDossier: 'unreachable', report: { registered: 'LEDGER_UNREACHABLE', ...NOT_REACHED('company-prefix', 'attributes', 'lifecycle', 'recall', 'hold', 'expiry', 'information'), 'ledger-receipt': 'RECEIPT_MISSING' }, band: 'unchecked', verdict: 'could-not-check' },
  // ---- the link says something else
  { name: 'another lot', source: 'trust.md G1, gs1.md 6', path: `/01/${GTIN}/10/LO26-002/21/${SERIAL}`, report: { attributes: 'LINK_LOT_DIFFERS' }, band: 'mismatch', verdict: 'not-verified' },
  { name: 'the lot in other letters', source: 'trust.md G8: case counts', path: `/01/${GTIN}/10/lo26-001/21/${SERIAL}`, report: { attributes: 'LINK_LOT_DIFFERS' }, band: 'mismatch', verdict: 'not-verified' },
  { name: 'another expiry', source: 'trust.md G1', query: '17=281231', report: { attributes: 'LINK_EXPIRY_DIFFERS' }, band: 'mismatch', verdict: 'not-verified' },
  { name: 'day 00 of another month', source: 'trust.md G7', query: '17=271100', report: { attributes: 'LINK_EXPIRY_DIFFERS' }, band: 'mismatch', verdict: 'not-verified' },
  { name: 'another production date', source: 'trust.md G1', query: '11=260616', report: { attributes: 'LINK_PRODUCTION_DIFFERS' }, band: 'mismatch', verdict: 'not-verified' },
  { name: 'an expiry where the lot has none', source: 'trust.md G1', query: '17=271231', dossier: dossierOf({ product: { ...product, expires: false }, lot: without2(lot, 'expiresOn') }), report: { attributes: 'LINK_EXPIRY_DIFFERS', expiry: 'does-not-expire' }, band: 'mismatch', verdict: 'not-verified' },
  { name: 'a product of another maker than its serial', source: 'D5: company prefix', dossier: dossierOf({ serial: { ...serial, maker: 'else' as OrganisationId } }), report: { 'company-prefix': 'MAKER_DIFFERS' }, band: 'mismatch', verdict: 'not-verified' },
  { name: 'a maker who is not on the register', source: 'D10', dossier: dossierOf({ organisations: [] }), report: { 'company-prefix': 'MAKER_UNKNOWN' }, band: 'mismatch', verdict: 'not-verified' },
  // ---- what befell it
  ...(['sold', 'used', 'decommissioned', 'destroyed'] as const).map((state): Case => ({ name: state, source: 'domain.md 4(d): already used', dossier: gone(state), report: { lifecycle: state === 'sold' ? 'ITEM_ALREADY_SOLD' : `ITEM_${state.toUpperCase()}` }, band: 'used', verdict: 'not-verified' })),
  ...(['missing', 'lost', 'stolen'] as const).map((state): Case => ({ name: state, source: 'domain.md 4(d): stolen or lost', dossier: gone(state), report: { lifecycle: `ITEM_${state.toUpperCase()}` }, band: 'lost', verdict: 'not-verified' })),
  ...(['suspended', 'quarantined', 'seized', 'damaged'] as const).map((cause): Case => ({ name: `held: ${cause}`, source: 'domain.md 4(d): suspended, quarantined, seized', dossier: held(cause), report: { hold: `ITEM_${cause.toUpperCase()}` }, band: 'suspended', verdict: 'not-verified' })),
  { name: 'held on the road', source: 'lifecycle/item.ts: holds in transit', dossier: inCustody({ state: 'in-transit', holder: MAKER, shipment: 's', hold: { cause: 'seized', reason: 'x', by: MAKER, at: instantOf(NOW) } }), report: { hold: 'ITEM_SEIZED' }, band: 'suspended', verdict: 'not-verified' },
  { name: 'in a unit that was stolen', source: 'dossier.ts: where the outermost is, the item is', dossier: packedIn(SSCC, { state: 'stolen', holder: MAKER, at: instantOf(NOW), province: '79' }), report: { lifecycle: 'ITEM_STOLEN' }, band: 'lost', verdict: 'not-verified' },
  { name: 'in a unit that is held', source: 'dossier.ts', dossier: packedIn(SSCC, { state: 'in-stock', holder: MAKER, hold: { cause: 'quarantined', reason: 'x', by: MAKER, at: instantOf(NOW) } }), report: { hold: 'ITEM_QUARANTINED' }, band: 'suspended', verdict: 'not-verified' },
  { name: 'in a unit that is not there', source: 'D11: what cannot be followed is not known', dossier: dossierOf({ serial: { ...serial, custody: { state: 'in-stock', holder: MAKER, parent: UNIT_KEY } } }), report: { lifecycle: 'ITEM_UNITS_INCOMPLETE', hold: 'ITEM_UNITS_INCOMPLETE' }, band: 'unchecked', verdict: 'could-not-check' },
  { name: 'beside a unit that it is not in', source: 'D11', dossier: dossierOf({ inside: [unit] }), report: { lifecycle: 'ITEM_UNITS_INCOMPLETE', hold: 'ITEM_UNITS_INCOMPLETE' }, band: 'unchecked', verdict: 'could-not-check' },
  { name: 'recalled', source: 'domain.md 4(d): recalled', dossier: inLot({ recall: measure }), report: { recall: 'LOT_RECALLED' }, band: 'recalled', verdict: 'not-verified' },
  { name: 'recalled and sold', source: 'domain.md 4(d): order is precedence', dossier: { ...gone('sold'), lot: { ...lot, recall: measure } }, report: { recall: 'LOT_RECALLED', lifecycle: 'ITEM_ALREADY_SOLD' }, band: 'recalled', verdict: 'not-verified' },
  { name: 'suspended and stolen', source: 'domain.md 4(d): order is precedence', dossier: { ...gone('stolen'), lot: { ...lot, suspension: measure } }, report: { hold: 'LOT_SUSPENDED', lifecycle: 'ITEM_STOLEN' }, band: 'suspended', verdict: 'not-verified' },
  { name: 'recalled, of a lot that is scanned', source: 'gs1.md R34', path: LOT_KEY, dossier: { ...LOT_DOSSIER, lot: { ...lot, recall: measure } }, report: { attributes: 'nothing-to-compare', lifecycle: 'no-single-item', recall: 'LOT_RECALLED' }, band: 'recalled', verdict: 'not-verified' },
  { name: 'a serial whose lot is missing', source: 'D11', path: SERIAL_KEY, dossier: without(dossierOf(), 'lot'), report: { attributes: 'nothing-to-compare', recall: 'LOT_UNKNOWN', hold: 'LOT_UNKNOWN', expiry: 'LOT_UNKNOWN' }, band: 'unchecked', verdict: 'could-not-check' },
  { name: 'a serial whose lot is missing, with another in the link', source: 'trust.md G1', path: `/01/${GTIN}/10/OTHER/21/${SERIAL}`, dossier: without(dossierOf(), 'lot'), report: { attributes: 'LINK_LOT_DIFFERS', recall: 'LOT_UNKNOWN', hold: 'LOT_UNKNOWN', expiry: 'LOT_UNKNOWN' }, band: 'mismatch', verdict: 'not-verified' },
  { name: 'expired', source: 'domain.md 4(d): expired', dossier: inLot({ expiresOn: '2026-11-19' as Day }), report: { expiry: 'LOT_EXPIRED' }, band: 'expired', verdict: 'not-verified' },
  { name: 'good until its last day ends in Viet Nam', source: 'instant.ts: counted in UTC+07:00', dossier: inLot({ expiresOn: '2026-11-20' as Day }), now: Date.parse('2026-11-20T16:59:59.999Z'), age: -515, report: {}, band: 'registered', verdict: 'verified' },
  { name: 'no longer, a millisecond later', source: 'instant.ts: counted in UTC+07:00', dossier: inLot({ expiresOn: '2026-11-20' as Day }), now: Date.parse('2026-11-20T17:00:00.000Z'), age: -515, report: { expiry: 'LOT_EXPIRED' }, band: 'expired', verdict: 'not-verified' },
  { name: 'information missing', source: 'NĐ 37/2026 Art. 23(7); TT 31/2026 Art. 14', dossier: dossierOf({ product: without2(product, 'image') }), report: { information: 'PRODUCT_INFORMATION_INCOMPLETE' }, band: 'incomplete', verdict: 'not-verified' },
  // ---- proof and age
  { name: 'no receipt', source: 'D8', receipt: 'none', report: { 'ledger-receipt': 'RECEIPT_MISSING' }, band: 'unchecked', verdict: 'could-not-check' },
  { name: 'a receipt of another record', source: 'D8: a server must not show what nobody signed', receipt: 'of-another-record', report: { 'ledger-receipt': 'RECEIPT_OTHER_RECORD' }, band: 'proof-failed', verdict: 'not-verified' },
  { name: 'a receipt that too few signed', source: 'D8', receipt: 'by-too-few', report: { 'ledger-receipt': 'RECEIPT_TOO_FEW_ORGANISATIONS' }, band: 'proof-failed', verdict: 'not-verified' },
  { name: 'a receipt that cannot be checked here', source: 'D11', receipt: 'unchecked', report: { 'ledger-receipt': 'CRYPTO_UNAVAILABLE' }, band: 'unchecked', verdict: 'could-not-check' },
  { name: 'recalled, and nobody signed', source: 'bad news needs no proof', dossier: inLot({ recall: measure }), receipt: 'of-another-record', report: { recall: 'LOT_RECALLED', 'ledger-receipt': 'RECEIPT_OTHER_RECORD' }, band: 'recalled', verdict: 'not-verified' },
  { name: 'an old copy', source: 'trust.md W7', age: 16, report: { freshness: 'READ_MODEL_STALE' }, band: 'unchecked', verdict: 'could-not-check' },
  { name: 'a copy at the limit', source: 'trust.md W7', age: 15, report: {}, band: 'registered', verdict: 'verified' },
  { name: 'a copy from the future', source: 'trust.md target 33: clocks', age: -16, report: { freshness: 'READ_MODEL_STALE' }, band: 'unchecked', verdict: 'could-not-check' },
  { name: 'an old copy of something recalled', source: 'trust.md W7', age: 600, dossier: inLot({ recall: measure }), report: { recall: 'LOT_RECALLED', freshness: 'READ_MODEL_STALE' }, band: 'recalled', verdict: 'not-verified' },
  { name: 'an old copy that knows no such code', source: 'trust.md W7: absence needs fresh data', age: 16, path: UNIT_KEY, dossier: NOTHING(UNIT_KEY), report: { registered: 'READ_MODEL_STALE', freshness: 'READ_MODEL_STALE', ...NOT_REACHED('company-prefix', 'attributes', 'lifecycle', 'recall', 'hold', 'expiry', 'information') }, band: 'unchecked', verdict: 'could-not-check' },
  { name: 'nobody answers', source: 'D11', dossier: 'unreachable', report: { registered: 'LEDGER_UNREACHABLE', ...NOT_REACHED('company-prefix', 'attributes', 'lifecycle', 'recall', 'hold', 'expiry', 'information', 'ledger-receipt', 'freshness') }, band: 'unchecked', verdict: 'could-not-check' },
  { name: 'an answer about something else', source: 'D8: the answer must be to the question', dossier: dossierOf({ item: PRODUCT_KEY }), report: { registered: 'LEDGER_UNREACHABLE', ...NOT_REACHED('company-prefix', 'attributes', 'lifecycle', 'recall', 'hold', 'expiry', 'information', 'ledger-receipt', 'freshness') }, band: 'unchecked', verdict: 'could-not-check' },
];

function without2<T extends object, K extends keyof T>(record: T, key: K): Omit<T, K> {
  const { [key]: _left, ...rest } = record;
  return rest;
}

let world: World;
beforeAll(async () => { world = await newWorld(); });

async function questionOf(one: Case): Promise<GoodsQuestion> {
  const now = one.now ?? NOW;
  const knownAt = instantOf(NOW - (one.age ?? 1) * 60_000);
  const answer = async (dossier: Dossier | 'unreachable' | undefined, key: string): Promise<Answer> => {
    if (dossier === 'unreachable') return 'unreachable';
    const item = itemOf(dossier ?? dossierOf(), { asOf: { height: '1', blockTime: knownAt, knownAt } });
    return { item, receipt: await verdictFor(one, item.dossier, key) };
  };
  const scanned = scannedItem(parseDigitalLinkPath(one.path ?? LABEL, one.query ?? ''));
  return {
    scanned, now,
    answer: await answer(one.dossier, scanned.key),
    lotAnswer: one.lotDossier === undefined ? undefined : await answer(one.lotDossier, scanned.lotKey ?? ''),
  };
}

async function verdictFor(one: Case, dossier: Dossier, key: string): Promise<ReceiptVerdict | undefined> {
  if (one.receipt === 'none') return undefined;
  const signed = one.receipt === 'of-another-record' ? NOTHING(key) : dossier;
  const trust = { ...trustOf(world), minimumOrganisations: one.receipt === 'by-too-few' ? 4 : 2 };
  const broken = { sha256: () => Promise.reject(new Error('none')), verifyP256: () => Promise.reject(new Error('none')), verifyJws: () => Promise.reject(new Error('none')) };
  return verifyReceipt(receiptFor(world, signed, key), expectedRead(key, trust, NOW), one.receipt === 'unchecked' ? broken : nodeCrypto());
}

/** Code or reason of every check that does not pass. */
function remarks(report: GoodsReport): Record<string, string> {
  return Object.fromEntries(GOODS_CHECKS.flatMap((name) => {
    const outcome = report[name];
    return outcome.result === 'pass' ? [] : [[name, 'code' in outcome ? outcome.code : outcome.reason]];
  }));
}

describe('judgement of a scan', () => {
  test.each(CASES)('$name ($source)', async (one) => {
    const question = await questionOf(one);
    const report = judgeGoods(question);
    expect(remarks(report)).toEqual(one.report);
    expect(bandOf(report, question.scanned.level)).toBe(one.band);
    expect(verdictOf(report)).toBe(one.verdict);
  });

  test('every band is reached', () => {
    expect(new Set([...CASES.map(({ band }) => band), 'malformed'])).toEqual(new Set(Object.keys(TONES)));
  });

  test('a code that cannot be read fails there and nowhere else', () => {
    const report = judgeUnreadable('GTIN_CHECK_DIGIT_WRONG');
    expect(report['link-syntax']).toEqual({ result: 'fail', code: 'GTIN_CHECK_DIGIT_WRONG' });
    expect(GOODS_CHECKS.slice(1).map((name) => report[name].result)).toEqual(GOODS_CHECKS.slice(1).map(() => 'unknown'));
    expect(bandOf(report, 'product')).toBe('malformed');
  });

  test('no lone failure of a check leaves a scan "on the register"', async () => {
    const good = judgeGoods(await questionOf(CASES[0]!));
    for (const name of GOODS_CHECKS) {
      for (const result of ['fail', 'unknown'] as const) {
        const report = { ...good, [name]: { result, code: 'LOT_UNKNOWN' } };
        expect(TONES[bandOf(report, 'serial')], `${name} ${result}`).not.toBe('normal');
      }
    }
  });

  test('an expiry date counts the same whichever minute of Viet Nam\'s day it is', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 1439 }), fc.integer({ min: -3, max: 3 }), (minute, days) => {
      const dawn = Date.parse('2026-11-19T17:00:00Z');
      const expiresOn = new Date(dawn + 7 * 3_600_000 + days * 86_400_000).toISOString().slice(0, 10) as Day;
      const question: GoodsQuestion = { scanned: scannedItem(parseDigitalLinkPath(LABEL, '')), now: dawn + minute * 60_000, answer: { item: itemOf(inLot({ expiresOn })), receipt: undefined } };
      expect(judgeGoods(question).expiry.result).toBe(days < 0 ? 'fail' : 'pass');
    }));
  });
});

describe('the consumer minimum', () => {
  test('is there with the picture, whatever else is left out (NĐ 37/2026 Art. 23(7))', () => {
    fc.assert(fc.property(fc.subarray(['image', 'brand', 'nameEn', 'importer', 'netQuantity'] as const), (kept) => {
      const whole = { ...product, importer: product.producer };
      const some = Object.fromEntries(Object.entries(whole).filter(([key]) => !['image', 'brand', 'nameEn', 'importer', 'netQuantity'].includes(key) || kept.includes(key as never))) as unknown as typeof product;
      expect(hasConsumerMinimum(some)).toBe(kept.includes('image'));
    }));
  });
});
