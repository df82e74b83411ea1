import { describe, expect, test } from 'vitest';
import { citizenReport, REPORT_REASONS, reportForm } from '#domain/goods/citizen-report.js';
import { throwsWith } from '../../support/rejects-with.js';

const FORM = { token: 'x6Zb0m3kQ9wT1rYvLd2sNw', code: '/01/09520000000011', reason: 'other' } as const;
const REPORT = { ...FORM, judged: 'product-registered' } as const;

describe('a report that is refused', () => {
  test.each([
    ['nothing', {}, 'FIELD_MISSING', 'token'],
    ['a token that could be guessed', { ...FORM, token: 'short' }, 'FIELD_WRONG_VALUE', 'token'],
    ['no code', { ...FORM, code: '' }, 'FIELD_WRONG_VALUE', 'code'],
    ['a code too long', { ...FORM, code: 'x'.repeat(2_049) }, 'TEXT_TOO_LONG', 'code'],
    ['a code with a hidden character', { ...FORM, code: 'a\u200bb' }, 'TEXT_NOT_PLAIN', 'code'],
    ['no reason', { token: FORM.token, code: FORM.code }, 'FIELD_MISSING', 'reason'],
    ['a reason of its own', { ...FORM, reason: 'I do not like it' }, 'FIELD_WRONG_VALUE', 'reason'],
    ['a text too long', { ...FORM, text: 'x'.repeat(1_001) }, 'TEXT_TOO_LONG', 'text'],
    ['a control character', { ...FORM, text: 'a\u0007b' }, 'TEXT_NOT_PLAIN', 'text'],
    ['a carriage return', { ...FORM, text: 'a\r\nb' }, 'TEXT_NOT_PLAIN', 'text'],
    ['a direction override', { ...FORM, text: 'a\u202eb' }, 'TEXT_NOT_PLAIN', 'text'],
    ['a lone surrogate', { ...FORM, text: 'a\ud800b' }, 'TEXT_NOT_PLAIN', 'text'],
    ['a province that was merged away', { ...FORM, province: '02' }, 'PROVINCE_UNKNOWN', 'province'],
    ['a contact of two lines', { ...FORM, contact: 'a\nb' }, 'TEXT_NOT_PLAIN', 'contact'],
    ['a contact too long', { ...FORM, contact: '0'.repeat(201) }, 'TEXT_TOO_LONG', 'contact'],
    ['a state that is no word', { ...FORM, shown: '<b>' }, 'FIELD_WRONG_VALUE', 'shown'],
    ['a verdict of its own', { ...FORM, judged: 'registered' }, 'FIELD_UNKNOWN', 'judged'],
  ] as const)('%s', (_, value, code, field) => throwsWith(() => reportForm(value), code, { field }));

  test.each([
    ['without what the site made of it', FORM, 'FIELD_MISSING', 'judged'],
    ['an address that is no link', { ...REPORT, address: '/foo' }, 'LINK_NO_PRIMARY_KEY', 'address'],
    ['an address with a wrong digit', { ...REPORT, address: '/01/09520000000012' }, 'AI_CHECK_DIGIT_WRONG', 'address'],
    ['an address too long', { ...REPORT, address: `/01/09520000000011?x=${'y'.repeat(2_048)}` }, 'LINK_TOO_LONG', 'address'],
  ] as const)('from the site, %s', (_, value, code, field) => throwsWith(() => citizenReport(value), code, { field }));
});

test('a report needs no more than a code and a reason', () => {
  for (const reason of REPORT_REASONS) expect(reportForm({ ...FORM, reason })).toEqual({ ...FORM, reason });
});

test('a full one is read as it is', () => {
  const whole = { ...REPORT, address: '/01/09520000000011/10/A%2FB?17=271231', shown: 'lot-registered', text: 'Hai dòng,\nvà một hình 🙁.', province: '15', contact: '0900 000 000' } as const;
  expect(citizenReport(whole)).toEqual(whole);
});
