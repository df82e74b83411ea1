import fc from 'fast-check';
import { expect, test } from 'vitest';
import { plainWord, plainWords } from '#domain/plain-words.js';
import { utf8Bytes, utf8Text } from '#domain/utf8.js';

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function decoded(bytes: Uint8Array): string | undefined {
  try {
    return strict.decode(bytes);
  } catch {
    return undefined;
  }
}

test('texts become the bytes that the platform makes of them, and come back', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => {
    expect(utf8Bytes(text)).toEqual(new TextEncoder().encode(text));
    expect(utf8Text(utf8Bytes(text))).toBe(text);
  }));
});

test('bytes are a text exactly where the platform says so', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 12 }), (bytes) => {
    expect(utf8Text(bytes)).toBe(decoded(bytes));
  }), { numRuns: 2000 });
});

test.each([[[0xc1, 0x81]], [[0xe0, 0x80, 0x80]], [[0xed, 0xa0, 0x80]], [[0xf4, 0x90, 0x80, 0x80]], [[0xf5, 0x80, 0x80, 0x80]], [[0xc3]], [[0x80]], [[0xff]]])('%j is no text (RFC 3629, 3 and 10)', (bytes) => expect(utf8Text(Uint8Array.from(bytes))).toBeUndefined());

test('a lone surrogate has no bytes', () => expect(() => utf8Bytes('\ud800')).toThrow(URIError));

test.each([['Họ  và tên (*)', 'ho va ten'], ['HỌ VÀ TÊN'.normalize('NFD'), 'ho va ten'], ['Số vào sổ gốc', 'so vao so goc'], ['Đạt', 'dat'], ['', '']])('%j in plain words is %j', (text, words) => expect(plainWords(text)).toBe(words));
test.each([['Giỏi', 'gioi'], ['Giỏi?', ''], ['có/không', '']])('%j as one of a few words is %j', (text, word) => expect(plainWord(text)).toBe(word));
