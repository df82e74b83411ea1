/** The checks of a scan of goods, by name. */
import { type Outcome, type Report, notApplicable, unknown } from '../report.js';

/** In the order in which a doubtful reader asks. */
export const GOODS_CHECKS = [
  'link-syntax', // the code is written as GS1 says
  'registered', // the register knows what it names
  'company-prefix', // one registered organisation, the one the number belongs to, stands for product, lot and code
  'attributes', // lot and dates in the code are those on the register
  'lifecycle', // not sold, used, destroyed, lost or stolen
  'recall',
  'hold', // not suspended, in quarantine, seized or damaged
  'expiry',
  'information', // the consumer minimum of NĐ 37/2026 Art. 23(7) is there
  'ledger-receipt', // organisations signed exactly what is shown
  'freshness', // this copy of the register is not old
] as const;

export type GoodsCheck = (typeof GOODS_CHECKS)[number];

/** Total: every check has its outcome. */
export type GoodsReport = Report<GoodsCheck>;

/** Why a check had nothing to check. */
export type GoodsReason = 'not-registered' | 'no-single-item' | 'does-not-expire' | 'nothing-to-compare' | 'unit-has-no-product';

export const none = (reason: GoodsReason): Outcome => notApplicable(reason);

/** Something that this check needs could not be read. */
export const NOT_REACHED: Outcome = Object.freeze(unknown('RECEIPT_CHECK_NOT_REACHED'));

/** The same outcome for every check, to be overwritten where more is known. */
export function every(outcome: Outcome): GoodsReport {
  return Object.fromEntries(GOODS_CHECKS.map((name) => [name, outcome])) as GoodsReport;
}
