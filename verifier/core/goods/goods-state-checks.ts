/** What befell the goods: sold, gone astray, held, recalled, expired. */
import type { ProblemCode } from '#domain/errors.js';
import type { Dossier } from '#domain/goods/dossier.js';
import { epochMs, type Day, type Instant } from '#domain/instant.js';
import type { Custody, Hold } from '#domain/lifecycle/item.js';
import { type Outcome, PASS, fail, passIf, unknown } from '../report.js';
import { type GoodsQuestion, lotOf, productOf, recordOf, whereaboutsOf } from './evidence.js';
import { NOT_REACHED, none } from './goods-report.js';

const GONE: Readonly<Record<Exclude<Custody['state'], 'in-stock' | 'in-transit'>, ProblemCode>> = {
  sold: 'ITEM_ALREADY_SOLD',
  used: 'ITEM_USED',
  decommissioned: 'ITEM_DECOMMISSIONED',
  destroyed: 'ITEM_DESTROYED',
  missing: 'ITEM_MISSING',
  lost: 'ITEM_LOST',
  stolen: 'ITEM_STOLEN',
};

const HELD: Readonly<Record<Hold['cause'], ProblemCode>> = {
  suspended: 'ITEM_SUSPENDED',
  quarantined: 'ITEM_QUARANTINED',
  seized: 'ITEM_SEIZED',
  damaged: 'ITEM_DAMAGED',
};

/** Whether the single thing is still in circulation, wherever it is packed. */
export function lifecycleOf(dossier: Dossier): Outcome {
  const record = dossier.serial ?? dossier.unit;
  if (record === undefined) return none('no-single-item');
  const custody = whereaboutsOf(record, dossier.inside)?.custody;
  if (custody === undefined) return unknown('ITEM_UNITS_INCOMPLETE');
  return custody.state === 'in-stock' || custody.state === 'in-transit' ? PASS : fail(GONE[custody.state]);
}

/** A recall is decided lot by lot: a code that names no lot cannot say that there is none. */
export function recallOf(question: GoodsQuestion, registered: Outcome): Outcome {
  const lot = lotOf(question);
  return lot === undefined ? withoutLot(question, registered) : passIf(lot.recall === undefined, 'LOT_RECALLED');
}

/** A thing is held by an order on itself, on a unit around it, or on its whole lot. */
export function holdOf(question: GoodsQuestion, registered: Outcome): Outcome {
  const lot = lotOf(question);
  if (lot?.suspension !== undefined) return fail('LOT_SUSPENDED');
  const own = ownHold(question);
  if (own !== undefined) return own;
  return lot === undefined ? withoutLot(question, registered) : PASS;
}

function ownHold(question: GoodsQuestion): Outcome | undefined {
  const record = recordOf(question);
  if (record === undefined || question.answer === 'unreachable') return undefined;
  const whereabouts = whereaboutsOf(record, question.answer.item.dossier.inside);
  if (whereabouts === undefined) return unknown('ITEM_UNITS_INCOMPLETE');
  return whereabouts.hold === undefined ? undefined : fail(HELD[whereabouts.hold.cause]);
}

/** Goods are good until the last day ends in Viet Nam. */
export function expiryOf(question: GoodsQuestion, registered: Outcome): Outcome {
  if (productOf(question)?.expires === false) return none('does-not-expire');
  const lot = lotOf(question);
  if (lot === undefined) return withoutLot(question, registered);
  return lot.expiresOn === undefined ? none('does-not-expire') : passIf(question.now < endOfDay(lot.expiresOn), 'LOT_EXPIRED');
}

/** Midnight in Viet Nam (UTC+07:00 all year) after the day. */
function endOfDay(day: Day): number {
  return epochMs(`${day}T17:00:00.000Z` as Instant);
}

function withoutLot(question: GoodsQuestion, registered: Outcome): Outcome {
  if (registered.result === 'fail') return none('not-registered');
  if (registered.result === 'unknown') return NOT_REACHED;
  return unknown(question.scanned.level === 'serial' ? 'LOT_UNKNOWN' : 'SCAN_NAMES_NO_LOT');
}
