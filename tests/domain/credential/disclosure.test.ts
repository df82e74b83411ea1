import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CREDENTIAL_TYPES } from '#domain/credential/credential-type.js';
import { disclosedData, encodeDisclosure, readDisclosure, type Disclosure, type DisclosureName } from '#domain/credential/disclosure.js';
import { CLASSIFICATIONS, comparableNumber, parseFullName, parseRegisterNumber } from '#domain/credential/personal-data.js';
import { Problem, type ProblemCode } from '#domain/errors.js';
import { throwsWith } from '../../support/rejects-with.js';

const SALT = '2GLC42sKQveCfGfryNRN9w';
const base64url = (text: string): string => Buffer.from(text, 'utf8').toString('base64url');
const salt = fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => Buffer.from(bytes).toString('base64url'));
const letters = (of: string): fc.Arbitrary<string> => fc.array(fc.constantFrom(...of), { minLength: 1, maxLength: 8 }).map((all) => all.join(''));
const name = fc.array(letters('NguyễnThịMâyĐặngưởươ'), { minLength: 1, maxLength: 5 }).map((words) => words.join(' '));
const number = fc.tuple(letters('ABCĐ0123'), fc.nat(99_999)).map(([series, n]) => `${series} ${n}/2026-X.Y`.slice(0, 40));
const day = fc.integer({ min: 0, max: 36_000 }).map((days) => new Date(days * 86_400_000 - 1_577_923_200_000).toISOString().slice(0, 10));
const member: fc.Arbitrary<[DisclosureName, string]> = fc.oneof(
  name.map((value): [DisclosureName, string] => ['fullName', value]), number.map((value): [DisclosureName, string] => ['serialNumber', value]), number.map((value): [DisclosureName, string] => ['registerNumber', value]),
  day.map((value): [DisclosureName, string] => ['dateOfBirth', value]), fc.constantFrom(...CLASSIFICATIONS).map((value): [DisclosureName, string] => ['classification', value]),
);

describe('disclosures (RFC 9901, 4.2)', () => {
  test('are what the platform would encode, and are read back', () => {
    fc.assert(fc.property(salt, member, (of, [what, value]) => {
      const text = encodeDisclosure(of, what, value);
      expect(text).toBe(base64url(JSON.stringify([of, what, value])));
      expect(readDisclosure(text)).toEqual({ salt: of, name: what, value });
    }));
  });

  test('any change of one is refused, or discloses something else', () => {
    fc.assert(fc.property(salt, member, fc.nat(), fc.constantFrom(...'ABCabc019-_=. '), (of, [what, value], at, character) => {
      const text = encodeDisclosure(of, what, value);
      const place = at % text.length;
      const changed = text.slice(0, place) + character + text.slice(place + 1);
      try {
        const read = readDisclosure(changed);
        if (changed !== text) expect(read).not.toEqual({ salt: of, name: what, value });
      } catch (error) {
        expect(error).toBeInstanceOf(Problem);
      }
    }));
  });

  test.each([
    ['the example of RFC 9901 4.2.1: another claim', 'WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0', 'DISCLOSURE_NAME_UNKNOWN', { name: 'family_name' }],
    ['the example of RFC 9901 4.2.2: a list element', 'WyJsa2x4RjVqTVlsR1RQVW92TU5JdkNBIiwgIkZSIl0', 'DISCLOSURE_MALFORMED', {}],
    ['spaces between the parts', base64url(`["${SALT}", "fullName", "Nguyễn Thị Mây"]`), 'DISCLOSURE_NOT_CANONICAL', { name: 'fullName' }],
    ['escapes that are not needed', base64url(`["${SALT}","fullName","Nguy\\u1ec5n"]`), 'DISCLOSURE_NOT_CANONICAL', { name: 'fullName' }],
    ['four parts', base64url(`["${SALT}","fullName","Mây","x"]`), 'DISCLOSURE_MALFORMED', {}],
    ['a value that is no text', base64url(`["${SALT}","classification",1]`), 'DISCLOSURE_MALFORMED', {}],
    ['a value that is an object', base64url(`["${SALT}","fullName",{"vi":"Mây"}]`), 'DISCLOSURE_MALFORMED', {}],
    ['no list', base64url(`{"salt":"${SALT}"}`), 'DISCLOSURE_MALFORMED', {}],
    ['no JSON', base64url('Mây'), 'DISCLOSURE_MALFORMED', {}],
    ['bytes that are no text', Buffer.from([0xff, 0xfe]).toString('base64url'), 'DISCLOSURE_MALFORMED', {}],
    ['an overlong form', Buffer.concat([Buffer.from(`["${SALT}","fullName","`), Buffer.from([0xc1, 0x81]), Buffer.from('"]')]).toString('base64url'), 'DISCLOSURE_MALFORMED', {}],
    ['padding', `${base64url(`["${SALT}","fullName","Mâyy"]`)}=`, 'DISCLOSURE_MALFORMED', {}],
    ['nothing', '', 'DISCLOSURE_MALFORMED', {}],
    ['very much', 'A'.repeat(1_028), 'DISCLOSURE_MALFORMED', {}],
    ['the key of digests', base64url(`["${SALT}","_sd","x"]`), 'DISCLOSURE_NAME_UNKNOWN', { name: '_sd' }],
    ['the key of list elements', base64url(`["${SALT}","...","x"]`), 'DISCLOSURE_NAME_UNKNOWN', { name: '...' }],
    ['a name that every object has', base64url(`["${SALT}","constructor","x"]`), 'DISCLOSURE_NAME_UNKNOWN', { name: 'constructor' }],
    ['a name that would disturb a page', base64url(`["${SALT}","<b>\u202ex","x"]`), 'DISCLOSURE_NAME_UNKNOWN', { name: '?b??x' }],
    ['a short salt', base64url(`["${SALT.slice(1)}","fullName","Mây"]`), 'FIELD_WRONG_VALUE', { field: 'salt' }],
    ['a salt with spare bits', base64url(`["${SALT.slice(0, 21)}x","fullName","Mây"]`), 'FIELD_WRONG_VALUE', { field: 'salt' }],
    ['a name decomposed', base64url(`["${SALT}","fullName","${'Mây'.normalize('NFD')}"]`), 'TEXT_NOT_PLAIN', { field: 'value' }],
    ['a name turned around', base64url(`["${SALT}","fullName","\u202eyâM"]`), 'TEXT_NOT_PLAIN', { field: 'value' }],
    ['a name too long', base64url(`["${SALT}","fullName","${'a'.repeat(101)}"]`), 'TEXT_TOO_LONG', { field: 'value' }],
    ['a name with digits', base64url(`["${SALT}","fullName","Mây 2"]`), 'PERSON_NAME_MALFORMED', { field: 'value' }],
    ['a day that was not', base64url(`["${SALT}","dateOfBirth","2003-02-29"]`), 'DATE_INVALID', { field: 'value' }],
    ['a day of long ago', base64url(`["${SALT}","dateOfBirth","1879-12-31"]`), 'DATE_INVALID', { field: 'value' }],
    ['a number with a star', base64url(`["${SALT}","serialNumber","VP*1"]`), 'REGISTER_NUMBER_MALFORMED', { field: 'value' }],
    ['a class in Vietnamese', base64url(`["${SALT}","classification","Giỏi"]`), 'FIELD_WRONG_VALUE', { field: 'value' }],
  ] as [string, string, ProblemCode, Record<string, string>][])('%s is refused', (_, text, code, fields) => throwsWith(() => readDisclosure(text), code, fields));

  test('a refused birthday is not repeated', () => {
    try {
      readDisclosure(base64url(`["${SALT}","dateOfBirth","2003-02-29"]`));
      expect.unreachable();
    } catch (error) {
      expect((error as Problem).fields).toEqual({ field: 'value' });
    }
  });

  test('none is made that could not be read', () => throwsWith(() => encodeDisclosure('short', 'fullName', 'Mây'), 'FIELD_WRONG_VALUE', { field: 'salt' }));
});

describe('what several say together', () => {
  const allowed = CREDENTIAL_TYPES.DiplomaCredential.disclosures;
  const said = (what: DisclosureName, value: string): Disclosure => ({ salt: SALT, name: what, value });

  test('some of them', () => expect(disclosedData([said('fullName', 'Nguyễn Thị Mây'), said('classification', 'good')], allowed)).toEqual({ fullName: 'Nguyễn Thị Mây', classification: 'good' }));
  test('none of them', () => expect(disclosedData([], allowed)).toEqual({}));
  test('one twice', () => throwsWith(() => disclosedData([said('fullName', 'Mây'), said('fullName', 'May')], allowed), 'DISCLOSURE_REPEATED', { name: 'fullName' }));
  test('one that the type does not know', () => throwsWith(() => disclosedData([said('fullName', 'Mây')], CREDENTIAL_TYPES.ChemicalLicenceCredential.disclosures), 'DISCLOSURE_NAME_UNKNOWN', { name: 'fullName' }));
});

describe('names and numbers', () => {
  test.each(['Nguyễn Thị Mây', 'Đặng Đỗ Ý', "Nay H'Lan", 'K’Sor Bơi', 'Jean-Luc Ångström', 'Lê A', 'Siu Y-Thân Jr.', 'Þórunn Ð.'])('%s is a name', (one) => expect(parseFullName(one)).toBe(one));
  test.each(['Nguyễn  Mây', 'Nguyễn\u00a0Mây', '-Mây', 'Мây', '王小明', 'Mây1', 'Mây@', 'Mây (A)', '=HYPERLINK', '.'])('%j is none', (one) => throwsWith(() => parseFullName(one), 'PERSON_NAME_MALFORMED'));
  test.each(['VP 0001234', '12/2026/ĐHVP-BC', 'A.1', '0'])('%s is a number', (one) => expect(parseRegisterNumber(one)).toBe(one));
  test.each(['-1', '=1+1', 'VP#1', 'VP  1', 'VP_1', '１２'])('%j is none', (one) => throwsWith(() => parseRegisterNumber(one), 'REGISTER_NUMBER_MALFORMED'));

  test.each([['vp 0001234', 'VP0001234'], ['VP 0001 234', 'VP0001234'], ['đhvp-1', 'ĐHVP-1'], ['ĐHVP-1'.normalize('NFD'), 'ĐHVP-1']])('%j is compared as %s', (one, compared) => expect(comparableNumber(one)).toBe(compared));
});
