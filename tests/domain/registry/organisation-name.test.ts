import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkNameCharacters, nameSkeleton } from '#domain/registry/organisation-name.js';
import { throwsWith } from '../../support/rejects-with.js';

const VIETNAMESE = 'aàáảãạăằắẳẵặâầấẩẫậbcdđeèéẻẽẹêềếểễệghiìíỉĩịklmnoòóỏõọôồốổỗộơờớởỡợpqrstuùúủũụưừứửữựvxyỳýỷỹỵ';

describe('the letters of a name', () => {
  test.each([VIETNAMESE, VIETNAMESE.toUpperCase(), 'Công ty TNHH A & B (Việt Nam) – chi nhánh số 2', 'Nestlé', 'Müller GmbH', 'Café “Ướt”', 'O’Brien + Co., Ltd.'])('%s', (name) => {
    expect(() => checkNameCharacters(name, 'name')).not.toThrow();
  });

  test.each([
    ['the Icelandic Ð', 'Ðại học Ví Dụ', 'U+00D0'], ['its small letter', 'Sao ðỏ', 'U+00F0'], ['the African Ɖ', 'Ɖại học Ví Dụ', 'U+0189'], ['its small letter', 'Sao ɖỏ', 'U+0256'],
    ['a Cyrillic а', 'Sаo Mai', 'U+0430'], ['a Cyrillic С', 'Сông ty', 'U+0421'], ['a Greek Α', 'Αnh Sao', 'U+0391'], ['a Greek ο', 'Saο Mai', 'U+03BF'], ['a full-width letter', 'Ｓao Mai', 'U+FF33'],
    ['an i without its dot', 'Sao Maı', 'U+0131'], ['a long s', 'ſao', 'U+017F'], ['a letter of mathematics', '𝐒ao Mai', 'U+1D412'], ['a Roman numeral', 'Trường Ⅰ', 'U+2160'], ['a ligature', 'ﬁn', 'U+FB01'],
    ['a caron for a breve', 'Nguyǎn', 'U+01CE'], ['a thorn for a p', 'þhở', 'U+00FE'], ['an Armenian օ', 'Saօ', 'U+0585'], ['a full-width number', 'Số １', 'U+FF11'], ['a narrow space', 'Sao\u202fMai', 'U+202F'],
    ['a hyphen of another kind', 'Sao\u2010Mai', 'U+2010'], ['another script', 'さくら', 'U+3055'],
  ])('%s is refused, and named', (_, name, character) => throwsWith(() => checkNameCharacters(name, 'nameEn'), 'ORGANISATION_NAME_CHARACTER', { field: 'nameEn', character }));
});

describe('names that look alike', () => {
  test.each([
    ['Sao Mai', 'SAO MAI'], ['Sao Mai', 'Sao  Mai'], ['Sao Mai', 'Sao-Mai'], ['Sao & Mai', 'Sao Mai.'], ['Sao Mai', 'Sao Mal'], ['Sao Mai', 'Sao Ma1'], ['Sao Mai', 'Sa0 Mai'], ['Công ty số 1', 'Công ty số I'],
    ['Modern', 'Modem'], ['Café “Ướt”', 'CAFÉ ƯỚT'], ['Đại học Ví Dụ', 'ĐẠI HỌC VÍ DỤ'],
    ['Đại học Hòa Bình', 'Đại học Hoà Bình'], ['HÓA CHẤT', 'Hoá chất'], ['Sức Khỏe', 'Sức Khoẻ'], ['Thủy Tinh', 'Thuỷ Tinh'], ['Lũy Bán Bích', 'Luỹ Bán Bích'], ['Tọa Độ', 'Toạ Độ'], ['Quý Tộc', 'Qúy Tộc'],
  ])('%s and %s', (one, other) => expect(nameSkeleton(one)).toBe(nameSkeleton(other)));

  test.each([['Hoa Mai', 'Hoà Mai'], ['Đại học', 'Dại học'], ['Công ty số 1', 'Công ty số 2'], ['Sao Mai', 'Sao Mai Hà Nội'], ['Ban Mai', 'Bản Mai'], ['SaoMai', 'Sao Mai'], ['Hóa Chất', 'Hòa Chất'], ['Ngọa Long', 'Ngoạ Lông'], ['Mùa Vàng', 'Muà Vàng']])('%s and %s are two', (one, other) => {
    expect(nameSkeleton(one)).not.toBe(nameSkeleton(other));
  });

  test('is a skeleton of its own skeleton, and has no signs', () => {
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom(...VIETNAMESE, ...VIETNAMESE.toUpperCase(), ...' 0123456789lI|&.,-()') }), (name) => {
      const skeleton = nameSkeleton(name);
      expect(nameSkeleton(skeleton)).toBe(skeleton);
      expect(skeleton).toMatch(/^(?:[\p{L}\p{N}]+(?: [\p{L}\p{N}]+)*)?$/u);
    }));
  });
});
