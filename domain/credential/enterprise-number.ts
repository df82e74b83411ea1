/**
 * Mã số doanh nghiệp, which is the enterprise's tax number (mã số thuế, MST; structure: Thông tư 86/2024/TT-BTC). Ten digits,
 * the tenth computed from the others by the arithmetic that published numbers follow; a branch has its parent's ten and
 * `-NNN`; household businesses and persons use their personal number of twelve digits, which has no check digit.
 */
import { Problem, require } from '../errors.js';
import { parsedBy } from '../shape.js';

/** e.g. `0100109106`, `0100109106-001`. */
export type EnterpriseNumber = string & { readonly __enterpriseNumber: true };

export type EnterpriseNumberKind = 'enterprise' | 'branch' | 'person';

const WEIGHTS = [31, 29, 23, 19, 17, 13, 7, 5, 3] as const;
const FORMS: Readonly<Record<EnterpriseNumberKind, RegExp>> = {
  enterprise: /^[0-9]{10}$/,
  branch: /^[0-9]{10}-(?!000)[0-9]{3}$/,
  person: /^[0-9]{12}$/,
};
const KINDS: readonly EnterpriseNumberKind[] = ['enterprise', 'branch', 'person'];

/**
 * The tenth digit: 10 less the weighted sum modulo 11.
 *
 * @param base the first nine digits, e.g. `010010910`
 * @returns e.g. 6; `undefined` where the rule gives 10, so that no number has this base (one base in eleven)
 */
export function enterpriseCheckDigit(base: string): number | undefined {
  const sum = WEIGHTS.reduce((total, weight, at) => total + weight * Number(base[at]), 0);
  const check = 10 - (sum % 11);
  return check === 10 ? undefined : check;
}

/** What the number is the number of. Throws ENTERPRISE_NUMBER_MALFORMED. */
export function enterpriseNumberKind(text: string): EnterpriseNumberKind {
  const kind = KINDS.find((one) => FORMS[one].test(text));
  if (kind === undefined) throw new Problem('ENTERPRISE_NUMBER_MALFORMED', { value: text.slice(0, 40) });
  return kind;
}

function checks(text: string): boolean {
  return String(enterpriseCheckDigit(text.slice(0, 9))) === text[9];
}

/**
 * A number of any of the three forms.
 *
 * @param text e.g. `0100109106`
 * @throws Problem ENTERPRISE_NUMBER_MALFORMED, ENTERPRISE_NUMBER_CHECK_DIGIT_WRONG
 */
export function parseEnterpriseNumber(text: string): EnterpriseNumber {
  const kind = enterpriseNumberKind(text);
  require(kind === 'person' || checks(text), 'ENTERPRISE_NUMBER_CHECK_DIGIT_WRONG', { value: text });
  return text as EnterpriseNumber;
}

/** The form of an enterprise's or a branch's number, its check digit not looked at. Throws also ENTERPRISE_NUMBER_PERSONAL. */
export const enterpriseNumberForm = parsedBy((text): EnterpriseNumber => {
  require(enterpriseNumberKind(text) !== 'person', 'ENTERPRISE_NUMBER_PERSONAL');
  return text as EnterpriseNumber;
});

/**
 * Whether a number may stand in a public credential: a real one checks, and a demonstration's must not, because any number
 * that checks may be somebody's.
 *
 * @param number as {@link enterpriseNumberForm} reads it
 * @param fictional `yes` for enterprises of a demonstration
 * @throws Problem ENTERPRISE_NUMBER_CHECK_DIGIT_WRONG, ENTERPRISE_NUMBER_NOT_FICTIONAL with field `enterpriseNumber`
 */
export function checkEnterpriseNumber(number: EnterpriseNumber, fictional: 'yes' | undefined): void {
  if (fictional === 'yes') require(!checks(number), 'ENTERPRISE_NUMBER_NOT_FICTIONAL', { field: 'enterpriseNumber' });
  else require(checks(number), 'ENTERPRISE_NUMBER_CHECK_DIGIT_WRONG', { field: 'enterpriseNumber', value: number });
}
