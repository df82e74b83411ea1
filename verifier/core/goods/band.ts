/** From a report to the one thing said first: which of the known states, by which precedence, in which tone. */
import type { ProblemCode } from '#domain/errors.js';
import type { Outcome } from '../report.js';
import { GOODS_CHECKS, type GoodsReport } from './goods-report.js';
import type { ScanLevel } from './scanned-item.js';

export type BandState =
  | 'recalled' | 'suspended' | 'lost' | 'proof-failed' | 'malformed' | 'not-kept' | 'unknown-code' | 'mismatch'
  | 'not-on-sale' | 'used' | 'expired' | 'incomplete' | 'unchecked'
  | 'registered' | 'lot-registered' | 'product-registered' | 'unit-registered';

export type Tone = 'danger' | 'warning' | 'caution' | 'normal' | 'neutral';

/** Never colour alone and never green: what is normal is said calmly, not rewarded. */
export const TONES: Readonly<Record<BandState, Tone>> = {
  recalled: 'danger',
  suspended: 'warning',
  lost: 'danger',
  'proof-failed': 'danger',
  malformed: 'warning',
  'not-kept': 'neutral',
  'unknown-code': 'warning',
  mismatch: 'warning',
  'not-on-sale': 'warning',
  used: 'warning',
  expired: 'warning',
  incomplete: 'caution',
  unchecked: 'caution',
  registered: 'normal',
  'lot-registered': 'normal',
  'product-registered': 'neutral',
  'unit-registered': 'neutral',
};

const ASTRAY: ReadonlySet<ProblemCode> = new Set<ProblemCode>(['ITEM_STOLEN', 'ITEM_LOST', 'ITEM_MISSING']);

/** The states that a failed check leads to, the first that applies wins. */
const PRECEDENCE: readonly (readonly [BandState, (report: GoodsReport) => boolean])[] = [
  ['malformed', (report) => failed(report['link-syntax'])],
  ['recalled', (report) => failed(report.recall)],
  ['suspended', (report) => failed(report.hold)],
  ['lost', ({ lifecycle }) => lifecycle.result === 'fail' && ASTRAY.has(lifecycle.code)],
  ['proof-failed', (report) => failed(report['ledger-receipt'])],
  ['not-kept', (report) => failedWith(report.registered, 'ITEM_KIND_NOT_KEPT')],
  ['mismatch', (report) => failed(report.attributes) || failed(report['company-prefix'])],
  ['not-on-sale', (report) => failedWith(report.registered, 'ITEM_NOT_ON_SALE')],
  ['unknown-code', (report) => failed(report.registered)],
  ['used', (report) => failed(report.lifecycle)],
  ['expired', (report) => failed(report.expiry)],
  ['incomplete', (report) => failed(report.information)],
];

const REGISTERED: Readonly<Record<ScanLevel, BandState>> = {
  serial: 'registered',
  lot: 'lot-registered',
  product: 'product-registered',
  unit: 'unit-registered',
  'foreign-serial': 'unchecked',
  'not-kept': 'not-kept',
};

/**
 * The state that a reader is told first.
 *
 * @param report of `judgeGoods` or `judgeUnreadable`
 * @param level of what was scanned
 * @returns the state of the failed check that matters most; `unchecked` where something could not be checked that
 *   could have been; else that the code is on the register
 */
export function bandOf(report: GoodsReport, level: ScanLevel): BandState {
  const worst = PRECEDENCE.find(([, applies]) => applies(report));
  if (worst !== undefined) return worst[0];
  return GOODS_CHECKS.some((name) => isOpen(report[name])) ? 'unchecked' : REGISTERED[level];
}

/** A code that names no lot leaves its questions open for good: those states have words of their own for it. */
function isOpen(outcome: Outcome): boolean {
  return outcome.result === 'fail' || (outcome.result === 'unknown' && outcome.code !== 'SCAN_NAMES_NO_LOT');
}

function failed(outcome: Outcome): boolean {
  return outcome.result === 'fail';
}

function failedWith(outcome: Outcome, code: ProblemCode): boolean {
  return outcome.result === 'fail' && outcome.code === code;
}
