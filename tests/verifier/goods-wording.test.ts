import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PROBLEMS, type ProblemCode } from '#domain/errors.js';
import { dayInVietNam, instantOf, parseDay, type Instant } from '#domain/instant.js';
import { TONES, type BandState } from '../../verifier/core/goods/band.js';
import { type BandFacts, bandText } from '../../verifier/core/goods/band-wording.js';
import { checkName, outcomeText, resultText } from '../../verifier/core/goods/check-wording.js';
import { GOODS_CHECKS, type GoodsReason } from '../../verifier/core/goods/goods-report.js';
import { JOURNEY_STEPS, stepText } from '../../verifier/core/goods/journey-wording.js';
import type { Language } from '../../verifier/core/goods/language.js';
import { ageText, countText, dayText, decimalText, momentText, vietnamDay } from '../../verifier/core/goods/number-wording.js';
import { disagreementBand, ROOTS } from '../../verifier/page/own-words.js';
import type { Outcome } from '../../verifier/core/report.js';

const LANGUAGES: readonly Language[] = ['vi', 'en'];
const CODES = Object.keys(PROBLEMS) as ProblemCode[];
const STATES = Object.keys(TONES) as BandState[];
const REASONS = ['not-registered', 'no-single-item', 'does-not-expire', 'nothing-to-compare', 'unit-has-no-product'] satisfies GoodsReason[];

/** Every outcome that a check can have, whichever code the rules will once use. */
const OUTCOMES: readonly Outcome[] = [
  { result: 'pass' },
  ...REASONS.map((reason): Outcome => ({ result: 'not-applicable', reason })),
  ...CODES.flatMap((code): Outcome[] => [{ result: 'fail', code }, { result: 'unknown', code }]),
];

const FACTS: readonly BandFacts[] = [
  {},
  { expiresOn: parseDay('2027-12-31'), knownAt: instantOf(1_795_163_400_000), left: { at: instantOf(1_795_163_400_000), province: '79' } },
];

/** What no sentence may claim (domain.md 4(d); TT 31/2026 Art. 14). */
const FORBIDDEN = /hàng thật|hàng giả|chính hãng|genuine|authentic|\bfake\b|counterfeit/i;

function everyBandText(language: Language): string[] {
  const becauses = [undefined, ...CODES];
  return STATES.flatMap((state) => FACTS.flatMap((facts) => becauses.flatMap((because) => Object.values(bandText(state, because === undefined ? facts : { ...facts, because }, language)))));
}

describe('wording', () => {
  test.each(GOODS_CHECKS)('%s has a sentence for every outcome in both languages', (check) => {
    for (const outcome of OUTCOMES) {
      const [vi, en] = LANGUAGES.map((language) => outcomeText(check, outcome, language));
      expect(vi, JSON.stringify(outcome)).toMatch(/\S.*\.$/s);
      expect(en, JSON.stringify(outcome)).toMatch(/\S.*\.$/s);
      expect(vi).not.toBe(en);
    }
    expect(checkName(check, 'vi')).not.toBe(checkName(check, 'en'));
  });

  test('results are told apart by word', () => {
    for (const language of LANGUAGES) {
      const results = OUTCOMES.slice(0, 2).concat(OUTCOMES.slice(-2)).map((outcome) => resultText(outcome, language));
      expect(new Set(results).size).toBe(4);
    }
  });

  test.each(STATES)('%s has a title and one instruction in both languages', (state) => {
    for (const facts of FACTS) {
      const [vi, en] = LANGUAGES.map((language) => bandText(state, facts, language));
      for (const text of [vi!, en!]) {
        expect(text.title).toMatch(/^\S.{3,60}$/);
        expect(text.instruction).toMatch(/^\S.{10,260}\.$/);
      }
      expect(vi!.title).not.toBe(en!.title);
    }
  });

  test('no two states are told in the same words', () => {
    for (const language of LANGUAGES) expect(new Set(STATES.map((state) => bandText(state, {}, language).title)).size).toBe(STATES.length);
  });

  test.each(LANGUAGES)('nothing says "genuine" or "fake" (%s)', (language) => {
    const checks = GOODS_CHECKS.flatMap((check) => OUTCOMES.map((outcome) => outcomeText(check, outcome, language)));
    const own = [...Object.values(disagreementBand(language)), ...Object.values(ROOTS).map((each) => each[language])];
    expect([...everyBandText(language), ...checks, ...own].filter((text) => FORBIDDEN.test(text))).toEqual([]);
    expect(FORBIDDEN.test('Đây là hàng thật')).toBe(true);
  });

  test('the words of the state table (domain.md 4(d)) stand in the bands', () => {
    const vi = (state: BandState, facts: BandFacts = {}): string => bandText(state, facts, 'vi').title.toUpperCase().replaceAll('\u00a0', ' ');
    expect(vi('recalled')).toBe('ĐANG THU HỒI – KHÔNG DÙNG');
    expect(vi('suspended')).toBe('TẠM DỪNG LƯU HÀNH');
    expect(vi('lost')).toBe('HÀNG BÁO MẤT');
    expect(vi('unknown-code')).toBe('KHÔNG CÓ MÃ NÀY');
    expect(vi('not-on-sale')).toBe('MÃ CHƯA ĐƯA RA BÁN');
    expect(vi('expired', { expiresOn: parseDay('2027-12-31') })).toBe('HẾT HẠN 31/12/2027');
    expect(vi('incomplete')).toBe('CHƯA ĐỦ THÔNG TIN');
    expect(vi('registered')).toBe('MÃ CÓ TRONG SỔ ĐĂNG KÝ');
  });

  test('what was sold says when and where', () => {
    const facts: BandFacts = { because: 'ITEM_ALREADY_SOLD', left: { at: '2026-08-11T18:00:00.000Z' as Instant, province: '01' } };
    expect(bandText('used', facts, 'vi')).toMatchObject({ title: 'Mã này đã được bán', instruction: expect.stringContaining('ngày 12/08/2026 tại Hà Nội') });
    expect(bandText('used', facts, 'en')).toMatchObject({ title: 'This code was already sold', instruction: expect.stringContaining('on 12\u00a0August 2026 in Hà Nội') });
  });

  test.each(JOURNEY_STEPS)('step %s is told in both languages', (step) => {
    expect(stepText(step, 'vi')).not.toBe(stepText(step, 'en'));
  });
});

describe('numbers, days and times', () => {
  test.each([
    [dayText(parseDay('2026-11-05'), 'vi'), '05/11/2026', 'pages.md 3'],
    [dayText(parseDay('2026-11-05'), 'en'), '5\u00a0November 2026', 'pages.md 3'],
    [momentText('2026-12-31T17:05:00.000Z' as Instant, 'vi'), '00:05 01/01/2027', 'UTC+07:00'],
    [momentText('2026-12-31T16:59:59.999Z' as Instant, 'en'), '23:59 on 31\u00a0December 2026', 'UTC+07:00'],
    [countText('1284', 'vi'), '1.284', 'pages.md 3'],
    [countText('1284000', 'en'), '1,284,000', 'pages.md 3'],
    [countText('999', 'vi'), '999', 'pages.md 3'],
    [decimalText('1234.5', 'vi'), '1.234,5', 'pages.md 3'],
    [decimalText('25', 'en'), '25', 'pages.md 3'],
    [ageText(59_999, 'vi'), 'vừa xong', 'less than a minute'],
    [ageText(-5, 'en'), 'just now', 'clocks differ'],
    [ageText(60_000, 'en'), '1\u00a0minute ago', 'singular'],
    [ageText(130_000, 'vi'), '2\u00a0phút trước', 'pages.md 6'],
    [ageText(3_600_000, 'vi'), '1\u00a0giờ trước', 'hours'],
    [ageText(172_800_000, 'en'), '2\u00a0days ago', 'days'],
  ])('%s = %s (%s)', (text, expected) => expect(text).toBe(expected));

  test('the day in Viet Nam is the one that the ledger counts in', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 253_402_200_000_000 }), (milliseconds) => {
      const instant = instantOf(milliseconds);
      expect(vietnamDay(instant)).toBe(dayInVietNam(instant));
    }), { numRuns: 2000 });
  });
});
