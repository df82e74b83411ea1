import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { escaped, html, isolated } from '../../../verifier/server/html.js';

describe('markup that escapes by construction', () => {
  test.each([
    ['<script>alert(1)</script>', '&lt;script&gt;alert(1)&lt;/script&gt;'],
    [`" onload='x`, '&quot; onload=&#39;x'],
    ['a & b', 'a &amp; b'],
    ['a\u0000b\u001bc\u0085d', 'a\ufffdb\ufffdc\ufffdd'],
    ['line\nline\tend', 'line\nline\tend'],
  ])('%j → %j', (text, expected) => {
    expect(escaped(text)).toBe(expected);
    expect(html`<p title="${text}">${text}</p>`.markup).toBe(`<p title="${expected}">${expected}</p>`);
  });

  test('markup inside markup stays, lists are joined, nothing is inserted for nothing', () => {
    expect(html`<ul>${['a', '<'].map((each) => html`<li>${each}</li>`)}</ul>${undefined}${false}${7}`.markup).toBe('<ul><li>a</li><li>&lt;</li></ul>7');
  });

  test('text of a record keeps its direction to itself', () => expect(isolated('a\u202eb<').markup).toBe('<bdi>a\u202eb&lt;</bdi>'));

  test('no text ends an element or an attribute, and none is lost', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => {
      const written = escaped(text);
      expect(written).not.toMatch(/[<>"']/);
      const read = written.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&amp;', '&');
      // oxlint-disable-next-line no-control-regex -- controls are replaced
      expect(read).toBe(text.replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '\ufffd'));
    }));
  });
});
