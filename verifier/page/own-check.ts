/**
 * The browser's own judgement: the same rules over the same evidence, under roots that this browser remembers. The
 * server's word is what it is compared with, never what it rests on.
 */
import type { PublicItem, TrustRoots } from '#domain/goods/public-item.js';
import { epochMs, type Instant } from '#domain/instant.js';
import { bandOf, type BandState } from '../core/goods/band.js';
import { type BandText, bandFacts, bandText } from '../core/goods/band-wording.js';
import type { Answer, GoodsQuestion } from '../core/goods/evidence.js';
import { expectedRead } from '../core/goods/expected-read.js';
import { GOODS_CHECKS, type GoodsCheck, type GoodsReport } from '../core/goods/goods-report.js';
import { judgeGoods } from '../core/goods/judge.js';
import type { Language } from '../core/goods/language.js';
import type { ScannedItem } from '../core/goods/scanned-item.js';
import { trustText } from '../core/goods/trust-fingerprint.js';
import type { CryptoPort } from '../core/crypto-port.js';
import { type ReceiptVerdict, verifyReceipt } from '../core/receipt.js';
import type { ClaimedAnswer } from './claimed-answer.js';

export interface OwnCheckInput {
  readonly claimed: ClaimedAnswer;
  /** What the address bar names. */
  readonly scanned: ScannedItem;
  /** What the page shows as its answer. */
  readonly shown: { readonly state: string; readonly title: string };
  readonly language: Language;
  /** Milliseconds since 1970 on this device. */
  readonly now: number;
  /** The roots of an earlier visit. */
  readonly pinned: TrustRoots | undefined;
  readonly crypto: CryptoPort;
}

interface Judged {
  readonly state: BandState;
  readonly text: BandText;
  /** Whether a receipt proves the answer under the roots that were used. */
  readonly isProven: boolean;
  readonly organisations: readonly string[];
  readonly rootsChanged: boolean;
  /** Whether the clock of this device is so far off that the server's was used. */
  readonly clockIsOff: boolean;
}

/**
 * `agrees`: judged here, with the same result. `changed`: the same result as the server's of now, another than the
 * page shows. `disagrees`: another result than the server claims. `could-not-check`: no judgement was possible here.
 */
export type OwnFinding =
  | (Judged & { readonly finding: 'agrees' | 'changed' })
  | (Judged & { readonly finding: 'disagrees'; readonly checks: readonly GoodsCheck[]; readonly codes: readonly string[] })
  | (Judged & { readonly finding: 'could-not-check'; readonly codes: readonly string[] });

/** Two honest clocks are not further apart. */
const CLOCK_TOLERANCE_MS = 15 * 60_000;

export async function ownCheck(input: OwnCheckInput): Promise<OwnFinding> {
  const { claimed, pinned, scanned, language } = input;
  const trust = pinned ?? claimed.trust;
  const { now, clockIsOff } = clockOf(input);
  const receipts = await verdictsOf(input, trust, now);
  const question: GoodsQuestion = { scanned, now, answer: answerOf(claimed, receipts.item), lotAnswer: claimed.lot && answerOf(claimed.lot, receipts.lot) };
  const report = judgeGoods(question);
  const state = bandOf(report, scanned.level);
  const judged: Judged = {
    state, clockIsOff,
    text: bandText(state, bandFacts(report, question), language),
    isProven: report['ledger-receipt'].result === 'pass',
    organisations: receipts.item?.verdict === 'verified' ? receipts.item.facts.organisations : [],
    rootsChanged: pinned !== undefined && claimed.trust !== undefined && trustText(pinned) !== trustText(claimed.trust),
  };
  return compared(judged, report, input);
}

function compared(judged: Judged, report: GoodsReport, { claimed, shown }: OwnCheckInput): OwnFinding {
  const receipt = report['ledger-receipt'];
  if (receipt.result === 'unknown') return { ...judged, finding: 'could-not-check', codes: [receipt.code] };
  const checks = GOODS_CHECKS.filter((name) => !isClaimed(report, name, claimed));
  if (checks.length > 0 || judged.state !== claimed.state) return { ...judged, finding: 'disagrees', checks, codes: codesOf(report, checks) };
  const isShown = judged.state === shown.state && judged.text.title === shown.title;
  return { ...judged, finding: isShown ? 'agrees' : 'changed' };
}

function isClaimed(report: GoodsReport, name: GoodsCheck, { results }: ClaimedAnswer): boolean {
  const own = report[name];
  const claim = results[name];
  return claim !== undefined && claim.result === own.result && claim.code === ('code' in own ? own.code : undefined);
}

function codesOf(report: GoodsReport, checks: readonly GoodsCheck[]): string[] {
  return checks.map((name) => {
    const own = report[name];
    return `${name}: ${'code' in own ? own.code : own.result}`;
  });
}

function clockOf({ claimed, now }: OwnCheckInput): { now: number; clockIsOff: boolean } {
  const serverNow = epochMs(claimed.checkedAt as Instant);
  const clockIsOff = Math.abs(now - serverNow) > CLOCK_TOLERANCE_MS;
  return { now: clockIsOff ? serverNow : now, clockIsOff };
}

function answerOf({ dossier, asOf }: PublicItem, receipt: ReceiptVerdict | undefined): Answer {
  return { item: { dossier, asOf }, receipt };
}

interface Verdicts {
  readonly item?: ReceiptVerdict | undefined;
  readonly lot?: ReceiptVerdict | undefined;
}

/** The receipt must answer the question that the address asks, not the one that the server says it asks. */
async function verdictsOf({ claimed, scanned, crypto }: OwnCheckInput, trust: TrustRoots | undefined, now: number): Promise<Verdicts> {
  if (trust === undefined) return {};
  const verify = async (receipt: string | undefined, key: string | undefined): Promise<ReceiptVerdict | undefined> =>
    (receipt === undefined || key === undefined ? undefined : verifyReceipt(receipt, expectedRead(key, trust, now), crypto));
  const [item, lot] = await Promise.all([verify(claimed.receipt, scanned.key), verify(claimed.lot?.receipt, scanned.lotKey)]);
  return { item, lot };
}
