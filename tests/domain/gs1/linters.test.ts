import { describe, expect, test } from 'vitest';
import type { ProblemCode } from '#domain/errors.js';
import { checkDataField, knownAi } from '#domain/gs1/data-field.js';
import { LINTERS, type LinterName } from '#domain/gs1/linters.js';
import { throwsWith } from '../../support/rejects-with.js';

/** Company, offer, amount saved, purchase required, its code and family: everything a coupon must have. */
const COUPON = ['0123456', '123456', '11', '11', '0', '123'].join('');

/** What each rule accepts, and what it refuses with which code. */
const VECTORS: Readonly<Record<LinterName, { accepts: readonly string[]; refuses: readonly string[]; code: ProblemCode }>> = {
  csum: { accepts: ['9520000000011', '395200000000000012'], refuses: ['9520000000012'], code: 'AI_CHECK_DIGIT_WRONG' },
  csumalpha: { accepts: ['1987654Ad4X4bL5ttr2310c2K'], refuses: ['1987654Ad4X4bL5ttr2310c2L', '2K', '1987654ad4X4bL5ttr2310c2K'], code: 'AI_CHECK_PAIR_WRONG' },
  gcppos1: { accepts: ['9520', '9520ABC'], refuses: ['952', '952A', '', 'A520'], code: 'AI_COMPANY_PREFIX_MISSING' },
  gcppos2: { accepts: ['19520', 'A9520'], refuses: ['1952', '1952A'], code: 'AI_COMPANY_PREFIX_MISSING' },
  yymmdd: { accepts: ['271231', '240229', '000229', '270228'], refuses: ['271200', '271301', '270001', '270229', '270431', '999999'], code: 'AI_DATE_WRONG' },
  yymmd0: { accepts: ['271231', '271200', '240229'], refuses: ['270000', '271232', '270230'], code: 'AI_DATE_WRONG' },
  yyyymmdd: { accepts: ['19450902', '20240229', '20000229'], refuses: ['19450900', '19000229', '20230229', '20231301'], code: 'AI_DATE_WRONG' },
  hh: { accepts: ['00', '19', '23'], refuses: ['24', '30', '99'], code: 'AI_TIME_WRONG' },
  mi: { accepts: ['00', '59'], refuses: ['60', '99'], code: 'AI_TIME_WRONG' },
  ss: { accepts: ['00', '59'], refuses: ['60', '99'], code: 'AI_TIME_WRONG' },
  hhmi: { accepts: ['0000', '2359'], refuses: ['2400', '2360', '9900'], code: 'AI_TIME_WRONG' },
  iso3166: { accepts: ['704', '840', '004'], refuses: ['000', '999', '701'], code: 'AI_CODE_UNKNOWN' },
  iso3166999: { accepts: ['704', '999'], refuses: ['000', '998'], code: 'AI_CODE_UNKNOWN' },
  iso3166alpha2: { accepts: ['VN', 'DE', 'ZW'], refuses: ['vn', 'XX', 'UK', 'EU'], code: 'AI_CODE_UNKNOWN' },
  iso4217: { accepts: ['704', '978', '924'], refuses: ['000', '191', '701'], code: 'AI_CODE_UNKNOWN' },
  mediatype: { accepts: ['01', '10', '80', '99'], refuses: ['00', '11', '79'], code: 'AI_CODE_UNKNOWN' },
  packagetype: { accepts: ['PX', '1A', '8', 'X11'], refuses: ['', 'px', '1Z', 'X13'], code: 'AI_CODE_UNKNOWN' },
  iso5218: { accepts: ['0', '1', '2', '9'], refuses: ['3', '8'], code: 'AI_CODE_UNKNOWN' },
  zero: { accepts: ['0'], refuses: ['1'], code: 'AI_VALUE_NOT_ALLOWED' },
  nonzero: { accepts: ['0001', '1000'], refuses: ['0000', '0'], code: 'AI_VALUE_NOT_ALLOWED' },
  nozeroprefix: { accepts: ['0', '7', '70'], refuses: ['00', '07'], code: 'AI_VALUE_NOT_ALLOWED' },
  hasnondigit: { accepts: ['1A2', '-'], refuses: ['123', ''], code: 'AI_VALUE_NOT_ALLOWED' },
  hyphen: { accepts: ['-'], refuses: ['+', '_'], code: 'AI_VALUE_NOT_ALLOWED' },
  yesno: { accepts: ['0', '1'], refuses: ['2', '9'], code: 'AI_VALUE_NOT_ALLOWED' },
  winding: { accepts: ['0', '1', '9'], refuses: ['2', '8'], code: 'AI_VALUE_NOT_ALLOWED' },
  importeridx: { accepts: ['-', '0', 'A', '_', 'z'], refuses: ['/', '.', '+'], code: 'AI_VALUE_NOT_ALLOWED' },
  pieceoftotal: { accepts: ['0101', '0102', '9999'], refuses: ['0001', '0100', '0201', '0000', '010'], code: 'AI_VALUE_NOT_ALLOWED' },
  posinseqslash: { accepts: ['1/1', '2/3'], refuses: ['3/2', '0/1', '1/0', '1-2', '/12', '12/', '01/'], code: 'AI_VALUE_NOT_ALLOWED' },
  latitude: { accepts: ['0000000000', '1800000000'], refuses: ['1800000001', '9999999999'], code: 'AI_VALUE_NOT_ALLOWED' },
  longitude: { accepts: ['0000000000', '3600000000'], refuses: ['3600000001', '9999999999'], code: 'AI_VALUE_NOT_ALLOWED' },
  iban: { accepts: ['GB98MIDL07009312345678', 'MT90MALT011000012345MTLCAST001SABC', 'BE71096123456769'], refuses: ['GB99MIDL07009312345678', 'XX98MIDL07009312345678', 'gb98MIDL07009312345678', 'GB98', 'BE7109612345676-'], code: 'AI_VALUE_NOT_ALLOWED' },
  couponcode: {
    accepts: [COUPON, `${COUPON}3300131`, `${COUPON}33001314300131`, `${COUPON}50123456`, `${COUPON}611234567`, `${COUPON}95000`, `${COUPON}101101239`, `${COUPON}21101230123456`],
    refuses: ['', '7123456', COUPON.slice(0, -1), `${COUPON}0`, `${COUPON}3300230`, `${COUPON}33001304300131`, `${COUPON}4300100`, `${COUPON}601234567`, `${COUPON}93000`, `${COUPON}95002`, `${COUPON}95000${COUPON}`, `A${COUPON.slice(1)}`],
    code: 'AI_VALUE_NOT_ALLOWED',
  },
  couponposoffer: { accepts: ['001234561234560123456', '161234567890121234560123456'], refuses: ['', '201234561234560123456', '071234561234560123456', '00123456123456012345', '0012345612345601234567'], code: 'AI_VALUE_NOT_ALLOWED' },
  pcenc: { accepts: ['A', 'A%20B', '%e1%BB%87', ''], refuses: ['%', 'A%2', '%G0', '100%'], code: 'AI_PERCENT_WRONG' },
  padding: { accepts: ['QQ', 'A==', 'AA='], refuses: ['=', 'AA==', 'A=', '=AA', 'A=A', 'AAA==='], code: 'AI_VALUE_CHARACTERS' },
};

describe.each(Object.keys(VECTORS) as LinterName[])('the rule %s', (name) => {
  const { accepts, refuses, code } = VECTORS[name];
  test('accepts what is right', () => expect(accepts.filter((part) => LINTERS[name](part) !== undefined)).toEqual([]));
  test(`refuses what is wrong with ${code}`, () => {
    expect(refuses.map((part) => [part, LINTERS[name](part)])).toEqual(refuses.map((part) => [part, code]));
  });
});

describe('a data field', () => {
  test.each([
    ['10', ''], ['01', '0952000000001'], ['253', '952000000001'], ['8008', '26'], ['421', '704'],
  ])('(%s)%s is too short', (ai, value) => throwsWith(() => checkDataField(knownAi(ai), value), 'AI_VALUE_TOO_SHORT', { ai, value }));

  test.each([
    ['10', 'A'.repeat(21)], ['17', '2712310'], ['8008', '2611200700000'], ['423', '7047047047047047'],
  ])('(%s)%s is too long', (ai, value) => throwsWith(() => checkDataField(knownAi(ai), value), 'AI_VALUE_TOO_LONG', { ai, value }));

  test.each([['423', '7047'], ['8008', '261120070'], ['7011', '261120070']])('(%s)%s ends inside a part', (ai, value) => throwsWith(() => checkDataField(knownAi(ai), value), 'AI_VALUE_TOO_SHORT', { ai, value }));

  test.each([
    ['10', 'A B'], ['10', 'Lô'], ['10', 'A#'], ['01', '0952000000001A'], ['8010', '9520a'], ['8030', 'A+B'], ['21', '\u001d'], ['3103', '00019.'], ['30', '１'],
  ])('(%s)%j has a character outside its set', (ai, value) => throwsWith(() => checkDataField(knownAi(ai), value), 'AI_VALUE_CHARACTERS', { ai, value }));

  test('names the rule that is broken', () => {
    throwsWith(() => checkDataField(knownAi('17'), '271301'), 'AI_DATE_WRONG', { ai: '17', value: '271301', rule: 'yymmd0' });
    throwsWith(() => checkDataField(knownAi('8003'), '19520000000011'), 'AI_VALUE_NOT_ALLOWED', { ai: '8003', rule: 'zero' });
    throwsWith(() => checkDataField(knownAi('7040'), '1AB='), 'AI_VALUE_NOT_ALLOWED', { ai: '7040', rule: 'importeridx' });
  });

  test.each([['423', '704'], ['423', '704840'], ['8008', '26112007'], ['8008', '261120073059'], ['253', '9520000000011'], ['253', '9520000000011A/1'], ['8001', '00010000100110']])(
    '(%s)%s is right with and without its optional parts', (ai, value) => expect(checkDataField(knownAi(ai), value)).toBeUndefined());

  test.each(['', '04', '999', '3106', '01 '])('%j is no AI', (ai) => throwsWith(() => knownAi(ai), 'AI_UNKNOWN', { ai }));
});
