import { Buffer } from 'node:buffer';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { afterPrefix } from '../../../gateway/read-model/row-pages.js';

describe('afterPrefix', () => {
  it.each([
    ['a', 'b'],
    ['a\u{10ffff}', 'b'],
    ['a\u{10ffff}\u{10ffff}', 'b'],
    ['\ud7ff', '\ue000'],
    ['\uffff', '\u{10000}'],
    ['\0', '\u0001'],
  ])('%j is followed by %j', (prefix, next) => {
    expect(afterPrefix(prefix)).toBe(next);
  });

  it('has nothing after the last', () => {
    expect(() => afterPrefix('\u{10ffff}')).toThrow(RangeError);
  });

  it('bounds exactly the texts with the prefix, in the order of UTF-8 bytes', () => {
    const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 4 });
    const alike = fc.tuple(text, text).map(([prefix, rest]) => [`s${prefix}`, `s${prefix}${rest}`] as const);
    const any = fc.tuple(text, text).map(([prefix, other]) => [`s${prefix}`, `s${other}`] as const);
    fc.assert(fc.property(fc.oneof(alike, any), ([prefix, other]) => {
      const [bytes, from, to] = [other, prefix, afterPrefix(prefix)].map((one) => Buffer.from(one)) as [Buffer, Buffer, Buffer];
      expect(Buffer.compare(bytes, from) >= 0 && Buffer.compare(bytes, to) < 0).toBe(other.startsWith(prefix));
    }), { numRuns: 2000 });
  });
});
