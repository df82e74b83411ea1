/** Whoever scans a bad code reads what to look for on the label, not the name of a rule. */
import { describe, expect, test } from 'vitest';
import { PROBLEMS, type ProblemCode } from '#domain/errors.js';
import { unreadText } from '../../../verifier/server/unread-wording.js';

const JARGON = /GTIN|SSCC|GLN|URN|EPC|định danh ứng dụng|Application Identifier|qualif|đường dẫn|thập lục phân|hexadecimal/i;
const PARSED = (Object.keys(PROBLEMS) as ProblemCode[]).filter((code) => /^(?:AI|LINK|ELEMENT|EPC|GTIN|SSCC|GLN)_/.test(code));

describe('a code that cannot be read', () => {
  test.each(PARSED)('%s is told without terms of the trade', (code) => {
    for (const language of ['vi', 'en'] as const) expect(unreadText(code, language)).not.toMatch(JARGON);
  });

  test.each([
    ['GTIN_CHECK_DIGIT_WRONG', 'a digit was mistyped or misread'], ['AI_CHECK_DIGIT_WRONG', 'a digit was mistyped or misread'],
    ['GTIN_MALFORMED', '8, 12, 13 or 14 digits'], ['AI_DATE_WRONG', 'not in the calendar'], ['AI_UNKNOWN', 'not a code of goods'],
  ] as const)('%s: %s', (code, part) => expect(unreadText(code, 'en')).toContain(part));
});
