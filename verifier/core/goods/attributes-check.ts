/** Whether lot and dates in a link are those on the register: a code that was altered, or read wrongly, shows here. */
import type { LotRecord } from '#domain/goods/lot.js';
import { daysInMonth } from '#domain/gs1/gs1-date.js';
import type { AiValue } from '#domain/gs1/identification.js';
import type { Day } from '#domain/instant.js';
import { type Outcome, PASS, fail, passIf, unknown } from '../report.js';
import { type GoodsQuestion, lotOf } from './evidence.js';
import { NOT_REACHED, none } from './goods-report.js';

/** The AIs that the register can be asked about; any other says something of which it holds nothing. */
const COMPARED: Readonly<Record<string, (value: string, lot: LotRecord) => Outcome>> = {
  '10': (value, lot) => passIf(value === lot.lot, 'LINK_LOT_DIFFERS'),
  '11': (value, lot) => passIf(meansDay(value, lot.producedOn), 'LINK_PRODUCTION_DIFFERS'),
  '17': (value, lot) => passIf(lot.expiresOn !== undefined && meansDay(value, lot.expiresOn), 'LINK_EXPIRY_DIFFERS'),
};

/**
 * @param registered the outcome of that check
 * @returns `fail` with LINK_LOT_DIFFERS, LINK_PRODUCTION_DIFFERS or LINK_EXPIRY_DIFFERS; `unknown` with
 *   SCAN_NAMES_NO_LOT where there is no lot to compare with
 */
export function attributesAgree(question: GoodsQuestion, registered: Outcome): Outcome {
  if (registered.result === 'unknown') return NOT_REACHED;
  const compared = question.scanned.stated.filter(({ ai }) => Object.hasOwn(COMPARED, ai));
  if (compared.length === 0) return none(registered.result === 'pass' ? 'nothing-to-compare' : 'not-registered');
  const lot = lotOf(question);
  if (lot === undefined) return registered.result === 'pass' ? withoutLot(question) : none('not-registered');
  return compared.map((each) => compare(each, lot)).find(({ result }) => result === 'fail') ?? PASS;
}

function compare({ ai, value }: AiValue, lot: LotRecord): Outcome {
  return COMPARED[ai]?.(value, lot) ?? PASS;
}

/** A serial's own record names its lot even where the lot's record is not to be had. */
function withoutLot({ scanned, answer }: GoodsQuestion): Outcome {
  const own = answer === 'unreachable' ? undefined : answer.item.dossier.serial?.lot;
  const stated = scanned.stated.find(({ ai }) => ai === '10')?.value;
  return own !== undefined && stated !== undefined && own !== stated ? fail('LINK_LOT_DIFFERS') : unknown('SCAN_NAMES_NO_LOT');
}

/**
 * Whether six digits of a barcode mean this day. Day 00 is the last of the month (GS1 General Specifications 7.12).
 *
 * @param yymmdd e.g. `271231` or `271200`
 * @param day e.g. `2027-12-31`
 */
function meansDay(yymmdd: string, day: Day): boolean {
  const digits = day.slice(2).replaceAll('-', '');
  if (yymmdd === digits) return true;
  const isLast = Number(day.slice(8)) === daysInMonth(Number(day.slice(0, 4)), Number(day.slice(5, 7)));
  return isLast && yymmdd === `${digits.slice(0, 4)}00`;
}
