import { describe, expect, test } from 'vitest';
import type { CredentialClaims } from '#domain/credential/claims.js';
import { CREDENTIAL_TYPE_NAMES, type CredentialType } from '#domain/credential/credential-type.js';
import type { PersonalData } from '#domain/credential/personal-data.js';
import { CREDENTIAL_CHECKS, every, READ, type CredentialCheck, type CredentialReport } from '../../../verifier/core/credential/credential-report.js';
import { headlineOf, isFictional, periodFacts, personalFacts, showsContent, showsIssuer, type ShownFact, statusFact, subjectFacts, typeText } from '../../../verifier/core/credential/shown-content.js';
import { fail, notApplicable, PASS, unknown } from '../../../verifier/core/report.js';
import { SAMPLES } from '../../support/credential-maker.js';

const ALL_PASS: CredentialReport = every(PASS);
const lines = (facts: readonly ShownFact[]): Record<string, readonly string[]> => Object.fromEntries(facts.map(({ name, lines: shown }) => [name, shown]));

describe('content is shown only when a registered issuer signed it with the right to', () => {
  const shown: ReadonlySet<CredentialCheck> = new Set(['issuer', 'key', 'signature', 'authorisation']);
  const named: ReadonlySet<CredentialCheck> = new Set(['issuer', 'key', 'signature']);

  test.each(CREDENTIAL_CHECKS)('%s failed, not known, or not reached', (check) => {
    for (const outcome of [fail('DID_UNKNOWN'), unknown('TRUST_SNAPSHOT_STALE'), notApplicable('no-expiry')]) {
      const report = { ...ALL_PASS, [check]: outcome };
      expect([check, showsIssuer(report)]).toEqual([check, !named.has(check)]);
      expect([check, outcome.result, showsContent(report)]).toEqual([check, outcome.result, !shown.has(check) && !(check === 'commitment' && outcome.result === 'fail')]);
    }
  });

  test('nothing of what could only be read', () => expect([showsContent(READ), showsIssuer(READ)]).toEqual([false, false]));
});

describe('in words', () => {
  test('a licence', () => {
    expect(lines(subjectFacts(SAMPLES.ChemicalLicenceCredential, 'vi'))).toEqual({
      'Tổ chức được cấp': ['Hóa chất Ban Mai', 'mã số 9900000001'],
      'Hóa chất 1': ['Axeton, 5–100\u00a0%', '1.000.000\u00a0kg mỗi năm, nhóm\u00a02', 'KCN Bình Minh, Đồng Nai'],
      'Hóa chất 2': ['Metanol, 1–99,9\u00a0%', '2.500,5\u00a0kg mỗi năm, nhóm\u00a01', '12 Phố Mới, Hà Nội'],
      'Thay thế giấy phép': ['07/GP-HC'],
    });
    expect(lines(subjectFacts(SAMPLES.ChemicalLicenceCredential, 'en'))['Chemical 2']).toEqual(['Methanol, 1–99.9\u00a0%', '2,500.5\u00a0kg a year, group\u00a01', '12 Phố Mới, Hà Nội']);
    expect(headlineOf(SAMPLES.ChemicalLicenceCredential, 'vi')).toBe('01/GP-HC');
  });

  test('a diploma, and the correction of one', () => {
    const diploma = SAMPLES.DiplomaCredential as CredentialClaims<'DiplomaCredential'>;
    expect(lines(subjectFacts(diploma, 'en'))).toEqual({
      'Level': ['Bachelor'], 'Field of study': ['Chemistry'], 'Mode of study': ['Full-time'], 'Year of graduation': ['2026'], 'Number of the graduation decision': ['123/QĐ-ĐHVD'],
      'Date of issue': ['30\u00a0June 2026, Hà Nội'], 'Origin': ['Issued in electronic form from the start'],
    });
    const corrected = { ...diploma, subjectClaims: { ...diploma.subjectClaims, assurance: 'digitised' as const, replaces: { credential: 'urn:uuid:x', decisionNumber: '5/QĐ' } } };
    expect(lines(subjectFacts(corrected, 'vi'))).toMatchObject({ 'Thay thế văn bằng': ['Bản chỉnh sửa theo quyết định 5/QĐ'], 'Nguồn gốc': [expect.stringContaining('Số hóa từ sổ gốc')] });
    expect([headlineOf(diploma, 'vi'), headlineOf(diploma, 'en')]).toEqual(['Bằng cử nhân', 'The degree of Bachelor']);
  });

  test('an enterprise', () => {
    expect(lines(subjectFacts(SAMPLES.EnterpriseIdentityCredential, 'vi'))).toEqual({
      'Mã số doanh nghiệp': ['9900000001'], 'Tên tiếng Anh': ['Ban Mai Chemicals'], 'Địa chỉ trụ sở': ['KCN Bình Minh, Đồng Nai'], 'Mã doanh nghiệp GS1': ['952100'], 'DID': ['did:web:ban-mai.example'],
    });
    expect(lines(subjectFacts(SAMPLES.EnterpriseIdentityCredential, 'en'))['Name']).toEqual(['Hóa chất Ban Mai']);
  });

  test('the period counts its last day whole, in Viet Nam', () => {
    expect(lines(periodFacts(SAMPLES.ChemicalLicenceCredential, 'vi'))).toEqual({ 'Thời hạn': ['từ 20/11/2026, đến hết 20/11/2031'], 'Ký lúc': ['15:30 20/11/2026'] });
    expect(lines(periodFacts(SAMPLES.DiplomaCredential, 'en'))['Validity']).toEqual(['from 20\u00a0November 2026, no expiry stated']);
  });

  test.each([
    ['2031-11-20T16:59:59Z', 'đến hết 20/11/2031', 'to the end of 20\u00a0November 2031'], ['2031-11-20T17:00:00Z', 'đến hết 20/11/2031', 'to the end of 20\u00a0November 2031'],
    ['2031-11-20T16:59:58Z', 'đến 23:59 20/11/2031', 'until 23:59 on 20\u00a0November 2031'], ['2031-11-20T08:00:00Z', 'đến 15:00 20/11/2031', 'until 15:00 on 20\u00a0November 2031'],
  ])('an end at %s is told as %s', (end, vi, en) => {
    const claims = { ...SAMPLES.EnterpriseIdentityCredential, expires: Date.parse(end) / 1000 };
    expect([lines(periodFacts(claims, 'vi'))['Thời hạn'], lines(periodFacts(claims, 'en'))['Validity']]).toEqual([[expect.stringMatching(new RegExp(`, ${vi}$`))], [expect.stringMatching(new RegExp(`, ${en}$`))]]);
  });

  test('personal data stand in the order of the form; what is not shown is not there', () => {
    const data = { classification: 'good', fullName: 'Nguyễn Thị Mây', dateOfBirth: '2004-02-29' } as Partial<PersonalData>;
    expect(personalFacts(data, 'vi')).toEqual([{ name: 'Họ và tên', lines: ['Nguyễn Thị Mây'] }, { name: 'Ngày sinh', lines: ['29/02/2004'] }, { name: 'Xếp loại tốt nghiệp', lines: ['Khá'] }]);
    expect(personalFacts({}, 'en')).toEqual([]);
  });

  test.each<[Partial<CredentialReport>, readonly string[]]>([
    [{}, ['Not revoked, suspended or replaced', 'as of 15:29 on 21\u00a0November 2026']],
    [{ revocation: fail('CREDENTIAL_REVOKED'), supersession: fail('CREDENTIAL_SUPERSEDED') }, ['Revoked', 'Replaced by a newer one', 'as of 15:29 on 21\u00a0November 2026']],
    [{ suspension: unknown('STATUS_LIST_MISSING') }, ['Not known']],
  ])('the status of %j', (change, said) => expect(statusFact({ ...ALL_PASS, ...change }, Date.parse('2026-11-21T08:29:00Z'), 'en').lines).toEqual(said));

  test('without any list there is no "as of"', () => expect(statusFact({ ...ALL_PASS, revocation: unknown('STATUS_LIST_MISSING') }, undefined, 'vi').lines).toEqual(['Chưa rõ']));

  test.each(CREDENTIAL_TYPE_NAMES)('%s: every name and value is there in both languages', (type: CredentialType) => {
    for (const language of ['vi', 'en'] as const) {
      const facts = [...periodFacts(SAMPLES[type], language), ...subjectFacts(SAMPLES[type], language)];
      expect(facts.flatMap(({ name, lines: shown }) => [name, ...shown]).every((text) => text.length > 0 && !/undefined|\[object/.test(text))).toBe(true);
    }
    expect([typeText(type, 'vi') === typeText(type, 'en'), isFictional(SAMPLES[type])]).toEqual([false, true]);
  });
});
