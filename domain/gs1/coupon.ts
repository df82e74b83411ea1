/**
 * The shapes of North American coupon codes (AIs 8110 and 8112). They are digits throughout, and every field of
 * varying length has its length in front, so one pattern without any backtracking reads them.
 */
import { daysInMonth } from './gs1-date.js';

/** A length digit from `from` to `to`, and behind it that many digits and `more`. */
function sized(from: number, to: number, more: number): string {
  const choices: string[] = [];
  for (let digit = from; digit <= to; digit++) choices.push(`${digit}\\d{${digit + more}}`);
  return `(?:${choices.join('|')})`;
}

const COMPANY = sized(0, 6, 6);
const OFFER = '\\d{6}';
const SERIAL = sized(0, 9, 6);
const AMOUNT = sized(1, 5, 0);
const PURCHASE = `${AMOUNT}[0-49]\\d{3}`;
const FURTHER_PURCHASE = `${PURCHASE}(?:${COMPANY}|9)`;

const COUPON = new RegExp(
  `^${COMPANY}${OFFER}${AMOUNT}${PURCHASE}`
  + `(?:1[0-3]${FURTHER_PURCHASE})?(?:2${FURTHER_PURCHASE})?`
  + `(?:3(?<expires>\\d{6}))?(?:4(?<starts>\\d{6}))?`
  + `(?:5${SERIAL})?(?:6${sized(1, 7, 6)})?(?:9[01256][0-2]\\d[01])?$`,
);
const POSITIVE_OFFER = new RegExp(`^[01]${COMPANY}${OFFER}${SERIAL}$`);

/**
 * True for the data of AI 8110.
 *
 * @param digits e.g. `0123456123456111101230`… as printed behind the AI
 */
export function isCouponCode(digits: string): boolean {
  const match = COUPON.exec(digits);
  if (match === null) return false;
  const { expires, starts } = match.groups ?? {};
  const bothAreDates = [expires, starts].every((date) => date === undefined || isDate(date));
  return bothAreDates && (expires === undefined || starts === undefined || starts <= expires);
}

/** True for the data of AI 8112: a coupon whose offer the point of sale looks up. */
export function isPositiveOfferCoupon(digits: string): boolean {
  return POSITIVE_OFFER.test(digits);
}

function isDate(yymmdd: string): boolean {
  const day = Number(yymmdd.slice(4));
  return day >= 1 && day <= daysInMonth(2000 + Number(yymmdd.slice(0, 2)), Number(yymmdd.slice(2, 4)));
}
