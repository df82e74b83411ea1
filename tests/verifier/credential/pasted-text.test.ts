import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LONGEST_PASTE, pastedLink, pastedText } from '../../../verifier/core/credential/pasted-text.js';
import { withDisclosures } from '../../../verifier/core/credential/with-disclosures.js';
import { sceneOf } from '../../support/credential-maker.js';

const ID = '2GLC42sKQveCfGfryNRN9w';
const KEY = 'A'.repeat(22);

describe('pasted text', () => {
  const { text } = sceneOf('ES256');

  test('loses white space, and nothing else', () => {
    fc.assert(fc.property(fc.array(fc.tuple(fc.nat(text.length), fc.constantFrom(' ', '\n', '\r\n', '\t', '\u00a0', '\u2028', '\ufeff')), { maxLength: 20 }), (spaces) => {
      let wrapped = text;
      for (const [at, space] of spaces) wrapped = wrapped.slice(0, at) + space + wrapped.slice(at);
      expect(pastedText(wrapped)).toBe(text);
    }));
  });

  test.each(['\u200b', '\u00ad', '\u202e', '>', '"'])('a hidden or quoting character stays, to be refused: %j', (character) => expect(pastedText(`a${character}b`)).toBe(`a${character}b`));

  test('what is longer than any paste is cut', () => expect(pastedText('a'.repeat(LONGEST_PASTE + 5)).length).toBe(LONGEST_PASTE));
});

describe('a printed link', () => {
  test.each<[string, object]>([
    [`https://id.example.org/c/${ID}`, { host: 'id.example.org', id: ID }],
    [`https://id.example.org/c/${ID}#${KEY}`, { host: 'id.example.org', id: ID, key: KEY }],
    [`HTTPS://ID.EXAMPLE.ORG/c/${ID}#${KEY}`, { host: 'id.example.org', id: ID, key: KEY }],
    [`http://127.0.0.1:8080/c/${ID}?lang=en#${KEY}`, { host: '127.0.0.1:8080', id: ID, key: KEY }],
  ])('%s is one', (text, link) => expect(pastedLink(text)).toEqual(link));

  test.each([
    '', 'x', `/c/${ID}`, `ftp://id.example.org/c/${ID}`, `https://id.example.org/c/${ID}x`, `https://id.example.org/c/${ID.slice(1)}`, `https://id.example.org/c/${ID.slice(0, -1)}x`, `https://id.example.org/d/${ID}`,
    `https://a@id.example.org/c/${ID}`, `https://id.example.org/c/${ID}#short`, `https://id.example.org/c/${ID}/reveal`, `xhttps://id.example.org/c/${ID}`, `https://id.example.org\\@evil.example/c/${ID}`, sceneOf('ES256').text,
  ])('%j is none', (text) => expect(pastedLink(text)).toBeUndefined());

  test('a key that is not in its one spelling is no key', () => expect(pastedLink(`https://id.example.org/c/${ID}#${KEY.slice(0, -1)}x`)).toEqual({ host: 'id.example.org', id: ID }));

  test('is looked for in linear time', () => {
    const hostile = `https://${'a.'.repeat(50_000)}/c/${ID}`;
    expect(pastedLink(hostile)).toBeUndefined();
  });
});

describe('disclosures go where the grammar has them', () => {
  test.each<[string, readonly string[], string]>([
    ['h.p.s#e', ['a', 'b'], 'h.p.s~a~b~#e'], ['h.p.s#e', [], 'h.p.s#e'], ['h.p.s', ['a'], 'h.p.s~a~'], ['h.p.s~x~#e', ['a'], 'h.p.s~x~#e'],
  ])('%s with %j is %s', (text, disclosures, whole) => expect(withDisclosures(text, disclosures)).toBe(whole));
});
