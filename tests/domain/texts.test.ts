import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalJson, type Json } from '#domain/canonical-json.js';
import { PROBLEMS, Problem, parseLedgerMessage, within, type ProblemCode } from '#domain/errors.js';
import { list, object, optional, text } from '#domain/shape.js';
import { parseStrictJson } from '#domain/strict-json.js';
import { plainParagraphs, plainText, spelledOut } from '#domain/text.js';
import { throwsWith } from '../support/rejects-with.js';

const json = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof({ maxDepth: 4 }, fc.constant(null), fc.boolean(), fc.maxSafeInteger(), fc.string({ unit: 'grapheme' }),
    fc.array(tie('value'), { maxLength: 5 }), fc.dictionary(fc.string(), tie('value'), { maxKeys: 5 })),
})).value;

describe('canonical JSON', () => {
  test.each([
    [{ b: 1, a: [true, null, 'é'] }, '{"a":[true,null,"é"],"b":1}'],
    [{ 10: 'x', 9: 'y', a: undefined }, '{"10":"x","9":"y"}'], // as text, not as number: RFC 8785 3.2.3
    ['\u20ac$\u000f\nA\'B"\\"', '"€$\\u000f\\nA\'B\\"\\\\\\""'], // RFC 8785 3.2.2.2
  ] as [Json, string][])('%j', (value, canonical) => expect(canonicalJson(value)).toBe(canonical));

  test.each([[0.5], [2 ** 53], [NaN], [Infinity], [-0], ['\ud800']])('%j has none', (value) => expect(() => canonicalJson(value)).toThrow(TypeError));

  test('reads back, and does not depend on the order of the keys', () => {
    fc.assert(fc.property(fc.dictionary(fc.string({ unit: 'grapheme' }), json), (value) => {
      const reversed = Object.fromEntries(Object.entries(value).reverse());
      const canonical = canonicalJson(value as Json);
      expect(canonicalJson(reversed as Json)).toBe(canonical);
      expect(canonicalJson(JSON.parse(canonical) as Json)).toBe(canonical);
    }));
  });
});

describe('strict JSON', () => {
  test('reads what the platform reads', () => {
    fc.assert(fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
      const source = JSON.stringify(value);
      expect(parseStrictJson(source, 1_000_000)).toEqual(JSON.parse(source));
    }));
  });

  test.each([
    ['a repeated key', '{"a":1,"b":{"a":2},"a":3}', 'JSON_DUPLICATE_KEY', { field: 'a' }],
    ['a repeated key inside a list', '[{"x":1, "x" :2}]', 'JSON_DUPLICATE_KEY', { field: 'x' }],
    ['a key repeated by escape', '{"\\u0061":1,"a":2}', 'JSON_DUPLICATE_KEY', { field: 'a' }],
    ['a quote inside a key', '{"a\\"":1,"a\\"":2}', 'JSON_DUPLICATE_KEY', { field: 'a"' }],
    ['a lone surrogate', '"\ud800"', 'TEXT_NOT_PLAIN', {}],
    ['33 levels', '['.repeat(33) + ']'.repeat(33), 'JSON_TOO_DEEP', { deepest: '32' }],
    ['too long', '"aaaaaaaaaa"', 'TEXT_TOO_LONG', {}],
    ['nothing', '', 'TEXT_NOT_JSON', {}],
  ] as const)('%s', (name, source, code, fields) => throwsWith(() => parseStrictJson(source, name === 'too long' ? 5 : 1000), code, fields));

  test.each(['{"a":"b:c","b":"a"}', '{"a":{"a":{"a":1}}}', '["a","a"]', '{"a":"{\\"a\\":1}"}', `${'['.repeat(32)}${']'.repeat(32)}`])('%s is fine', (source) => {
    expect(parseStrictJson(source, 1000)).toEqual(JSON.parse(source));
  });
});

describe('plain text', () => {
  test.each(['Hợp tác xã Trà Shan Mây', 'Đắk Lắk', 'A & B <script>', '炭酸水', '🍵 trà'])('%s', (name) => expect(plainText(name, 100)).toBe(name));

  test.each([
    ['decomposed accents', 'Nguyễn'.normalize('NFD')], ['a direction override', 'abc\u202edef'], ['a zero-width space', 'a\u200bb'], ['NUL', 'a\0b'],
    ['a line separator', 'a\u2028b'], ['a line break', 'a\nb'], ['a soft hyphen', 'a\u00adb'], ['a byte order mark', '\ufeffa'], ['a private character', 'a\ue000'],
    ['an unassigned character', 'a\u0378'], ['a space in front', ' a'], ['a no-break space behind', 'a\u00a0'],
  ])('%s', (_, name) => throwsWith(() => plainText(name, 100), 'TEXT_NOT_PLAIN'));
});

describe('several lines of text', () => {
  test.each(['một dòng', 'hai\ndòng', 'cách\n\nmột dòng', 'Buồn 🙁', '❤️', '👩‍🔬 và 🧑🏽‍⚕️', '🏳️‍🌈', '1️⃣', '🇻🇳'])('%j', (value) => expect(plainParagraphs(value, 100)).toBe(value));

  test.each([
    ['a carriage return', 'a\r\nb'], ['a tab', 'a\tb'], ['NUL', 'a\0b'], ['a direction override', 'a\u202eb'], ['an isolate', 'a\u2067b'], ['a zero-width joiner between letters', 'a\u200db'],
    ['a joiner behind an emoji', '🙁\u200d'], ['a selector behind a letter', 'a\ufe0f'], ['a line separator', 'a\u2028b'], ['a line feed at the end', 'a\n'], ['a space in front', ' a'], ['decomposed accents', 'ễ'.normalize('NFD')], ['a lone surrogate', 'a\ud83d'],
  ])('%s', (_, value) => throwsWith(() => plainParagraphs(value, 100), 'TEXT_NOT_PLAIN'));

  test('no text, too much of it, and what is none', () => {
    throwsWith(() => plainParagraphs('', 10), 'FIELD_WRONG_VALUE');
    throwsWith(() => plainParagraphs('12345678901', 10), 'TEXT_TOO_LONG', { longest: '10' });
    throwsWith(() => plainParagraphs(7, 10), 'FIELD_WRONG_TYPE');
  });

  test('a long row of emoji is read in one go', () => {
    const value = '👩‍🔬'.repeat(20_000);
    expect(plainParagraphs(value, value.length)).toBe(value);
  });
});

describe('found text, spelled out', () => {
  test.each([
    ['abc\u001ddef\0', 'abc␝def␀'], ['a\u202eb\u200bc', 'a⟨U+202E⟩b⟨U+200B⟩c'], ['a\ud800b', 'a\ufffdb'], [' a ', 'a'], ['ễ'.normalize('NFD'), 'ễ'], ['\u{e0001}', '⟨U+E0001⟩'], ['100% A/B', '100% A/B'],
  ])('%j → %s', (found, spelled) => expect(spelledOut(found)).toBe(spelled));

  test('is plain, whatever it was', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', minLength: 1 }), (found) => {
      const spelled = spelledOut(found);
      if (spelled !== '') expect(plainText(spelled, 10_000)).toBe(spelled);
    }), { numRuns: 2_000 });
  });
});

describe('refusals', () => {
  test('every code has both languages and crosses the peer, whatever the peer puts in front', () => {
    for (const code of Object.keys(PROBLEMS) as ProblemCode[]) {
      expect(PROBLEMS[code].vi.length * PROBLEMS[code].en.length).toBeGreaterThan(0);
      const message = new Problem(code, { item: '/01/x {"a":"b"} }' }).message;
      for (const front of ['', 'chaincode response 500, ', 'failed to endorse transaction: chaincode response 500, ']) {
        expect(parseLedgerMessage(front + message)).toMatchObject({ code, fields: { item: '/01/x {"a":"b"} }' } });
      }
    }
  });

  test.each(['', 'MVCC_READ_CONFLICT', 'NO_SUCH_CODE {}', 'ITEM_UNKNOWN {"item":1}', 'ITEM_UNKNOWN {"item":"cut', 'ITEM_UNKNOWN []', 'xITEM_UNKNOWN {}'])(
    '%j is not ours', (message) => expect(parseLedgerMessage(message)).toBeUndefined(),
  );

  test.each([['a', 'b', 'a.b'], ['a', '[1]', 'a[1]'], ['a[0]', 'b.c', 'a[0].b.c'], ['a', '', 'a']])('%s around %j', (parent, field, joined) => {
    expect(within(parent, new Problem('FIELD_MISSING', { field })).fields).toEqual({ field: joined });
  });

  test('a shape names the whole path', () => {
    const shape = object({ lines: list(object({ name: text(5), note: optional(text(5)) }), { max: 2 }) });
    throwsWith(() => shape({ lines: [{ name: 'ok' }, { name: 'too long' }] }), 'TEXT_TOO_LONG', { field: 'lines[1].name' });
    throwsWith(() => shape({ lines: [{ name: 'ok', other: 1 }] }), 'FIELD_UNKNOWN', { field: 'lines[0].other' });
    throwsWith(() => shape({ lines: [{}, {}, {}] }), 'LIST_TOO_LONG', { field: 'lines' });
    expect(shape({ lines: [{ name: 'ok' }] })).toEqual({ lines: [{ name: 'ok' }] });
  });
});
