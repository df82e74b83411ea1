/** From a scanned item to the answer that page, machine answer and linkset are made of. */
import type { TrustRoots } from '#domain/goods/public-item.js';
import type { ItemKey } from '#domain/gs1/item-key.js';
import type { BandState } from '../core/goods/band.js';
import { bandOf } from '../core/goods/band.js';
import { type BandFacts, bandFacts } from '../core/goods/band-wording.js';
import type { Answer, GoodsQuestion } from '../core/goods/evidence.js';
import type { GoodsReport } from '../core/goods/goods-report.js';
import { judgeGoods } from '../core/goods/judge.js';
import type { ScannedItem } from '../core/goods/scanned-item.js';
import { type Verdict, verdictOf } from '../core/report.js';
import type { PublicRecords } from './public-records.js';
import type { ReceiptVerdicts } from './receipt-verdicts.js';

/** Receipts as texts, for whoever checks them again. */
export interface ReceiptTexts {
  readonly item?: string;
  readonly lot?: string;
}

export interface ScanAnswer {
  readonly question: GoodsQuestion;
  readonly report: GoodsReport;
  readonly verdict: Verdict;
  readonly state: BandState;
  readonly facts: BandFacts;
  readonly receipts: ReceiptTexts;
  readonly trust: TrustRoots | undefined;
}

export interface ScanSources {
  readonly records: PublicRecords;
  readonly verdicts: ReceiptVerdicts;
  readonly now: () => number;
  /** Is told why something could not be had; the reader only hears that it could not. */
  readonly onFault: (error: unknown) => void;
}

/**
 * Asks the register about a scanned item and judges what it says. Never rejects for a register that fails: that is an
 * answer too.
 */
export async function answerScan(scanned: ScannedItem, sources: ScanSources): Promise<ScanAnswer> {
  const first = await attempt(scanned, sources);
  // The copy for reading may be a block behind the receipt: looked at once more before it is called a contradiction.
  const receipt = first.report['ledger-receipt'];
  return receipt.result === 'fail' && receipt.code === 'RECEIPT_OTHER_RECORD' ? attempt(scanned, sources) : first;
}

interface Looked {
  readonly answer: Answer;
  readonly receipt: string | undefined;
}

const NOWHERE: Looked = { answer: 'unreachable', receipt: undefined };

async function attempt(scanned: ScannedItem, sources: ScanSources): Promise<ScanAnswer> {
  const asks = scanned.level !== 'not-kept';
  const trusted = asks ? orNothing(sources.records.trust(), sources) : Promise.resolve(undefined);
  const item = asks ? await look(scanned.key, trusted, sources) : NOWHERE;
  const lot = needsLot(scanned, item.answer) ? await look(scanned.lotKey, trusted, sources) : undefined;
  const question = { scanned, answer: item.answer, lotAnswer: lot?.answer, now: sources.now() };
  const report = judgeGoods(question);
  return {
    question, report,
    trust: await trusted,
    verdict: verdictOf(report),
    state: bandOf(report, scanned.level),
    facts: bandFacts(report, question),
    receipts: {
      ...(item.receipt === undefined ? {} : { item: item.receipt }),
      ...(lot?.receipt === undefined ? {} : { lot: lot.receipt }),
    },
  };
}

/** An unknown serial may still be a printed label of a lot that exists. */
function needsLot(scanned: ScannedItem, answer: Answer): scanned is ScannedItem & { readonly lotKey: ItemKey } {
  return scanned.lotKey !== undefined && answer !== 'unreachable' && answer.item.dossier.serial === undefined;
}

async function look(key: ItemKey, trusted: Promise<TrustRoots | undefined>, sources: ScanSources): Promise<Looked> {
  const [item, receipt, trust] = await Promise.all([
    orNothing(sources.records.item(key), sources),
    orNothing(sources.records.receipt(key), sources),
    trusted,
  ]);
  if (item === undefined) return NOWHERE;
  const verdict = receipt === undefined || trust === undefined ? undefined : await sources.verdicts.of(key, receipt, trust, sources.now());
  return { answer: { item, receipt: verdict }, receipt };
}

async function orNothing<T>(asked: Promise<T>, { onFault }: ScanSources): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    onFault(error);
    return undefined;
  }
}
