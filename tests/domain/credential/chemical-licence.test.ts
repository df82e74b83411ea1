import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkLicence, licenceRequest } from '#domain/chemistry/licence.js';
import { chemicalLicence, licenceRequestOf } from '#domain/credential/chemical-licence.js';
import { daysOfValidity, endsWithDay, LATEST_SECOND, startsDay, validityOf } from '#domain/credential/validity.js';
import { addDays, parseDay, type Day } from '#domain/instant.js';
import { throwsWith } from '../../support/rejects-with.js';
import { SUBJECTS } from './arbitrary-claims.js';
import { EXPIRES, ISSUED_AT, LICENCE } from './sample-claims.js';

const day = (text: string): Day => parseDay(text);

describe('the licence on the ledger', () => {
  test('is the licence of the credential', () => {
    expect(licenceRequestOf(LICENCE.subjectClaims, 'a1b2c3d4', daysOfValidity({ notBefore: ISSUED_AT, expires: EXPIRES }))).toEqual({
      id: 'a1b2c3d4', number: '01/GP-HC', holder: 'hoa-chat-ban-mai', validFrom: '2026-11-20', validTo: '2031-11-20',
      lines: [{ line: '1', substance: 'acetone', least: '5', most: '100', perYear: '1000000' }, { line: '2', substance: 'methanol', least: '1', most: '99.9', perYear: '2500.5' }],
    });
  });

  test('is always one that the contract takes', () => {
    fc.assert(fc.property(SUBJECTS.ChemicalLicenceCredential, (subject) => {
      const request = licenceRequestOf(chemicalLicence(subject), 'f81d4fae-7dec-41d0-a765-00a0c91e6bf6', { validFrom: day('2026-12-01'), validTo: day('2031-11-30') });
      expect(licenceRequest(JSON.parse(JSON.stringify(request)))).toEqual(request);
      expect(() => checkLicence(request)).not.toThrow();
    }));
  });
});

describe('days and seconds', () => {
  test.each([
    ['2026-12-01', '2031-11-30', ISSUED_AT, { notBefore: 1_796_058_000, expires: 1_953_824_400 }], // 2026-11-30T17:00Z, 2031-11-30T17:00Z
    ['2026-11-20', '2026-11-20', ISSUED_AT, { notBefore: ISSUED_AT, expires: 1_795_194_000 }], // begins when it is issued, ends at midnight in Viet Nam
  ] as const)('%s to %s', (from, to, issuedAt, validity) => {
    expect(validityOf(day(from), day(to), issuedAt)).toEqual(validity);
    expect(daysOfValidity(validity)).toEqual({ validFrom: from, validTo: to });
  });

  test('days come back as they were', () => {
    fc.assert(fc.property(fc.nat(20_000), fc.nat(5_000), (start, length) => {
      const validFrom = addDays(day('1990-01-01'), start);
      const validTo = addDays(validFrom, length);
      expect(daysOfValidity(validityOf(validFrom, validTo, 0))).toEqual({ validFrom, validTo });
    }));
  });

  test('a period by days begins and ends with one; a second beside it does not, but for the one before the end', () => {
    fc.assert(fc.property(fc.nat(20_000), (number) => {
      const { notBefore, expires } = validityOf(addDays(day('1990-01-01'), number), addDays(day('1990-01-01'), number), 0);
      expect([-1, 0, 1].map((beside) => startsDay(notBefore + beside))).toEqual([false, true, false]);
      expect([-2, -1, 0, 1].map((beside) => endsWithDay(expires + beside))).toEqual([false, true, true, false]);
    }));
    expect(endsWithDay(LATEST_SECOND)).toBe(false);
  });

  test.each([['2026-12-02', '2026-12-01'], ['2020-01-01', '2026-11-19']])('%s to %s is no period for a licence of today', (from, to) => throwsWith(() => validityOf(day(from), day(to), ISSUED_AT), 'LICENCE_PERIOD_WRONG', { field: 'validTo' }));
  test('the last second there is', () => expect(daysOfValidity({ notBefore: 1, expires: LATEST_SECOND - 7 * 3600 })).toEqual({ validFrom: '1970-01-01', validTo: '9999-12-31' }));
});
