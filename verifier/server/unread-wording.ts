/** Why a code cannot be read, for somebody who has never heard of GS1's fields. The exact rule is named in the machine answer, and beside what was typed. */
import { PROBLEMS, type ProblemCode } from '#domain/errors.js';
import { type Language, type Words, words } from '../core/goods/language.js';

const NO_CODE_OF_GOODS = words('Nội dung vừa đọc không phải mã hàng hóa viết đúng quy tắc quốc tế (GS1).', 'What was read is not a code of goods by the international rules (GS1).');
const LENGTHS = words('Dãy số dưới mã vạch phải có 8, 12, 13 hoặc 14 chữ số.', 'The number under a barcode has 8, 12, 13 or 14 digits.');
const DIGIT: Words = PROBLEMS.AI_CHECK_DIGIT_WRONG;

/** Faults that a reader can see on the label and mend. */
const MENDABLE: Partial<Record<ProblemCode, Words>> = {
  GTIN_MALFORMED: LENGTHS, GTIN_CHECK_DIGIT_WRONG: DIGIT, SSCC_CHECK_DIGIT_WRONG: DIGIT, GLN_CHECK_DIGIT_WRONG: DIGIT, AI_CHECK_DIGIT_WRONG: DIGIT,
  AI_CHECK_PAIR_WRONG: PROBLEMS.AI_CHECK_PAIR_WRONG, AI_DATE_WRONG: PROBLEMS.AI_DATE_WRONG, LINK_TOO_LONG: PROBLEMS.LINK_TOO_LONG,
};

/**
 * @param code of the parser, e.g. `AI_UNKNOWN`
 * @returns a sentence without a technical term
 */
export function unreadText(code: ProblemCode, language: Language): string {
  return (MENDABLE[code] ?? NO_CODE_OF_GOODS)[language];
}
