/**
 * The rules that parts of data fields obey, under the names GS1 gives them in its Barcode Syntax Dictionary. A part
 * comes here with its length and character set already checked.
 */
import type { ProblemCode } from '../errors.js';
import { hasCheckDigit } from './check-digit.js';
import { hasCheckPair } from './check-pair.js';
import { COUNTRY_LETTERS, COUNTRY_NUMBERS, CURRENCY_NUMBERS, MEDIA_TYPES, PACKAGE_TYPES } from './code-lists.js';
import { isCouponCode, isPositiveOfferCoupon } from './coupon.js';
import { daysInMonth } from './gs1-date.js';

/** What a linter finds: the code of the refusal, or nothing. */
export type Linter = (part: string) => ProblemCode | undefined;

const unless = (code: ProblemCode, holds: (part: string) => boolean): Linter => (part) => holds(part) ? undefined : code;
const shaped = (code: ProblemCode, shape: RegExp): Linter => unless(code, (part) => shape.test(part));
const listed = (list: ReadonlySet<string>): Linter => unless('AI_CODE_UNKNOWN', (part) => list.has(part));

export const LINTERS = {
  csum: unless('AI_CHECK_DIGIT_WRONG', hasCheckDigit),
  csumalpha: unless('AI_CHECK_PAIR_WRONG', hasCheckPair),
  gcppos1: shaped('AI_COMPANY_PREFIX_MISSING', /^\d{4}/),
  gcppos2: shaped('AI_COMPANY_PREFIX_MISSING', /^.\d{4}/),

  yymmdd: unless('AI_DATE_WRONG', (part) => isDate(`20${part}`, 1)),
  yymmd0: unless('AI_DATE_WRONG', (part) => isDate(`20${part}`, 0)),
  yyyymmdd: unless('AI_DATE_WRONG', (part) => isDate(part, 1)),
  hh: shaped('AI_TIME_WRONG', /^(?:[01]\d|2[0-3])$/),
  mi: shaped('AI_TIME_WRONG', /^[0-5]\d$/),
  ss: shaped('AI_TIME_WRONG', /^[0-5]\d$/),
  hhmi: shaped('AI_TIME_WRONG', /^(?:[01]\d|2[0-3])[0-5]\d$/),

  iso3166: listed(COUNTRY_NUMBERS),
  iso3166999: unless('AI_CODE_UNKNOWN', (part) => part === '999' || COUNTRY_NUMBERS.has(part)),
  iso3166alpha2: listed(COUNTRY_LETTERS),
  iso4217: listed(CURRENCY_NUMBERS),
  mediatype: listed(MEDIA_TYPES),
  packagetype: listed(PACKAGE_TYPES),
  iso5218: shaped('AI_CODE_UNKNOWN', /^[0129]$/),

  zero: shaped('AI_VALUE_NOT_ALLOWED', /^0$/),
  nonzero: shaped('AI_VALUE_NOT_ALLOWED', /[^0]/),
  nozeroprefix: shaped('AI_VALUE_NOT_ALLOWED', /^(?:0|[^0].*)$/),
  hasnondigit: shaped('AI_VALUE_NOT_ALLOWED', /\D/),
  hyphen: shaped('AI_VALUE_NOT_ALLOWED', /^-$/),
  yesno: shaped('AI_VALUE_NOT_ALLOWED', /^[01]$/),
  winding: shaped('AI_VALUE_NOT_ALLOWED', /^[019]$/),
  importeridx: shaped('AI_VALUE_NOT_ALLOWED', /^[-0-9A-Z_a-z]$/),
  pieceoftotal: unless('AI_VALUE_NOT_ALLOWED', isPieceOfTotal),
  posinseqslash: unless('AI_VALUE_NOT_ALLOWED', isPlaceInSequence),
  latitude: unless('AI_VALUE_NOT_ALLOWED', (part) => part <= '1800000000'),
  longitude: unless('AI_VALUE_NOT_ALLOWED', (part) => part <= '3600000000'),
  iban: unless('AI_VALUE_NOT_ALLOWED', isIban),
  couponcode: unless('AI_VALUE_NOT_ALLOWED', isCouponCode),
  couponposoffer: unless('AI_VALUE_NOT_ALLOWED', isPositiveOfferCoupon),
  pcenc: unless('AI_PERCENT_WRONG', (part) => !/%(?![0-9A-Fa-f]{2})/.test(part)),
  /** Our own name for what GS1 makes part of the base64url set: at most two `=`, at the end, filling up to threes. */
  padding: unless('AI_VALUE_CHARACTERS', (part) => /^[^=]+$/.test(part) || (/^[^=]+={1,2}$/.test(part) && part.length % 3 === 0)),
} as const satisfies Record<string, Linter>;

export type LinterName = keyof typeof LINTERS;

/** A two-digit year is taken as 20xx: within a hundred years of now only 2000 and 2100 could differ, in one day. */
function isDate(yyyymmdd: string, firstDay: 0 | 1): boolean {
  const day = Number(yyyymmdd.slice(6));
  const days = daysInMonth(Number(yyyymmdd.slice(0, 4)), Number(yyyymmdd.slice(4, 6)));
  return days > 0 && day >= firstDay && day <= days;
}

/** `0304` is piece 3 of 4. */
function isPieceOfTotal(part: string): boolean {
  const half = part.length / 2;
  const piece = Number(part.slice(0, half));
  return Number.isInteger(half) && piece >= 1 && piece <= Number(part.slice(half));
}

/** `2/3` is the second of three. */
function isPlaceInSequence(part: string): boolean {
  const match = /^([1-9]\d*)\/([1-9]\d*)$/.exec(part);
  return match !== null && Number(match[1]) <= Number(match[2]);
}

/** ISO 13616: country, two check digits, account; the whole read as a number with the first four last is 1 mod 97. */
function isIban(part: string): boolean {
  if (!/^[A-Z]{2}[0-9A-Z]{9,32}$/.test(part) || !COUNTRY_LETTERS.has(part.slice(0, 2))) return false;
  let rest = 0;
  for (const character of part.slice(4) + part.slice(0, 4)) {
    const value = Number.parseInt(character, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest === 1;
}
