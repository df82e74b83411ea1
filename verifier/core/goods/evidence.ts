/** What a scan is judged by, and the few facts of it that the checks look at. */
import type { LotRecord } from '#domain/goods/lot.js';
import type { ProductRecord } from '#domain/goods/product.js';
import type { PublicItem } from '#domain/goods/public-item.js';
import type { Carrier } from '#domain/goods/dossier.js';
import type { SerialRecord } from '#domain/goods/records.js';
import type { Custody, Hold } from '#domain/lifecycle/item.js';
import type { ReceiptVerdict } from '../receipt.js';
import type { ScannedItem } from './scanned-item.js';

/** The register's answer about one key, and what became of the check of its receipt. */
export interface Evidence {
  readonly item: PublicItem;
  /** `undefined` when no receipt was to be had. */
  readonly receipt: ReceiptVerdict | undefined;
}

/** Evidence, or that nobody answered. */
export type Answer = Evidence | 'unreachable';

export interface GoodsQuestion {
  readonly scanned: ScannedItem;
  readonly answer: Answer;
  /** About the lot that the link names; asked where the register does not know the serial. */
  readonly lotAnswer?: Answer | undefined;
  /** Milliseconds since 1970 on the clock of whoever judges. */
  readonly now: number;
}

/** Where a thing is, as far as the units around it can be followed. */
export interface Whereabouts {
  readonly custody: Custody;
  /** On the thing itself or on a unit around it. */
  readonly hold?: Hold;
}

export function lotOf(question: GoodsQuestion): LotRecord | undefined {
  const { answer, lotAnswer } = question;
  const own = answer === 'unreachable' ? undefined : answer.item.dossier.lot;
  return own ?? (lotAnswer === undefined || lotAnswer === 'unreachable' ? undefined : lotAnswer.item.dossier.lot);
}

export function productOf({ answer }: GoodsQuestion): ProductRecord | undefined {
  return answer === 'unreachable' ? undefined : answer.item.dossier.product;
}

/** The record of the single thing that was scanned. */
export function recordOf({ answer }: GoodsQuestion): SerialRecord | Carrier | undefined {
  return answer === 'unreachable' ? undefined : answer.item.dossier.serial ?? answer.item.dossier.unit;
}

/** Every answer that came. */
export function evidenceOf({ answer, lotAnswer }: GoodsQuestion): Evidence[] {
  return [answer, lotAnswer].filter((each) => each !== undefined && each !== 'unreachable');
}

/**
 * Follows the units around a thing: what befalls the outermost befalls everything inside.
 *
 * @returns `undefined` when a unit that something is said to be in is not there
 */
export function whereaboutsOf(record: SerialRecord | Carrier, inside: readonly Carrier[]): Whereabouts | undefined {
  let at: SerialRecord | Carrier = record;
  let hold = holdOf(at.custody);
  for (const unit of inside) {
    if (parentOf(at.custody) !== `/00/${unit.sscc}`) return undefined;
    at = unit;
    hold ??= holdOf(at.custody);
  }
  if (parentOf(at.custody) !== undefined) return undefined;
  return { custody: at.custody, ...(hold === undefined ? {} : { hold }) };
}

function parentOf(custody: Custody): string | undefined {
  return custody.state === 'in-stock' ? custody.parent : undefined;
}

function holdOf(custody: Custody): Hold | undefined {
  return 'hold' in custody ? custody.hold : undefined;
}
