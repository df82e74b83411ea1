/** The answer for machines: everything the page was made of, so that anybody can judge it again. */
import type { PublicItem, TrustRoots } from '#domain/goods/public-item.js';
import type { ItemKey } from '#domain/gs1/item-key.js';
import { instantOf, type Instant } from '#domain/instant.js';
import type { BandState, Tone } from '../core/goods/band.js';
import { TONES } from '../core/goods/band.js';
import { type BandText, bandText } from '../core/goods/band-wording.js';
import type { Answer } from '../core/goods/evidence.js';
import type { GoodsReport } from '../core/goods/goods-report.js';
import type { Language } from '../core/goods/language.js';
import type { Verdict } from '../core/report.js';
import type { ScanAnswer } from './scan-answer.js';

export interface MachineAnswer extends Partial<PublicItem> {
  readonly item: ItemKey;
  /** Path and query of the link that was judged. */
  readonly address: string;
  readonly verdict: Verdict;
  readonly report: GoodsReport;
  readonly band: BandText & { readonly state: BandState; readonly tone: Tone };
  readonly receipt?: string;
  /** The lot that the link names, where the register does not know the serial. */
  readonly lot?: PublicItem & { readonly receipt?: string };
  readonly trust?: TrustRoots;
  /** The server's clock when it judged. */
  readonly checkedAt: Instant;
}

export function machineAnswer(answer: ScanAnswer, address: string, language: Language): MachineAnswer {
  const { question, report, verdict, state, facts, receipts, trust } = answer;
  const lot = publicItem(question.lotAnswer);
  return {
    item: question.scanned.key,
    address, verdict, report,
    band: { state, tone: TONES[state], ...bandText(state, facts, language) },
    ...publicItem(question.answer),
    ...(receipts.item === undefined ? {} : { receipt: receipts.item }),
    ...(lot === undefined ? {} : { lot: { ...lot, ...(receipts.lot === undefined ? {} : { receipt: receipts.lot }) } }),
    ...(trust === undefined ? {} : { trust }),
    checkedAt: instantOf(question.now),
  };
}

function publicItem(answer: Answer | undefined): PublicItem | undefined {
  return answer === undefined || answer === 'unreachable' ? undefined : answer.item;
}
