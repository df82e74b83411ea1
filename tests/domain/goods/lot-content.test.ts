import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contentOf, divide, type Content } from '#domain/chemistry/content.js';
import { checkContentFits } from '#domain/goods/lot.js';
import type { ProductRecord } from '#domain/goods/product.js';
import { formatPercent } from '#domain/quantity/mass.js';
import { parseSubstance } from '#domain/chemistry/substances.js';
import type { Problem } from '#domain/errors.js';

const acetone = parseSubstance('acetone');
const product = (least: string, most: string): ProductRecord => ({ components: [{ substance: acetone, least, most }] }) as unknown as ProductRecord;
const holding = (mass: bigint, of: bigint): Content => ({ mass: of, components: [{ substance: acetone, mass }] });

function refusalOf(content: Content, into: ProductRecord): Partial<Problem> | undefined {
  try {
    checkContentFits(content, into, 'into[0].gtin');
    return undefined;
  } catch (error) {
    return error as Problem;
  }
}

describe('a content and the product whose containers it shall go into', () => {
  it.each<[string, Content, boolean]>([
    ['the least', holding(950_000n, 1_000_000n), true],
    ['the most', holding(980_000n, 1_000_000n), true],
    ['a part per million and two milligrams more', holding(980_003n, 1_000_000n), true],
    ['one more than that', holding(980_004n, 1_000_000n), false],
    ['a part per million and two milligrams less', holding(949_997n, 1_000_000n), true],
    ['one less than that', holding(949_996n, 1_000_000n), false],
    ['25 kg with 27 mg too much', holding(24_500_027n, 25_000_000n), true],
    ['25 kg with 28 mg too much', holding(24_500_028n, 25_000_000n), false],
    ['nothing of it', { mass: 1_000_000n, components: [] }, false],
  ])('of 95 to 98 %%: %s', (_name, content, fits) => {
    const fields = { field: 'into[0].gtin', substance: 'acetone', least: '95', most: '98' };
    expect(refusalOf(content, product('95', '98'))).toEqual(fits ? undefined : expect.objectContaining({ code: 'CONTENT_OUT_OF_RANGE', fields }));
  });

  it('is refused where the product states no components, or not this one', () => {
    for (const into of [{}, { components: [{ substance: parseSubstance('water'), least: '0', most: '100' }] }]) {
      expect(refusalOf(holding(1n, 2n), into as unknown as ProductRecord)).toMatchObject({ code: 'CONTENT_OUT_OF_RANGE', fields: { field: 'into[0].gtin', substance: 'acetone' } });
    }
  });

  it('fits the very content that its lot was opened with, however it is divided', () => {
    fc.assert(fc.property(fc.bigInt(1n, 10n ** 12n), fc.bigInt(0n, 1_000_000n), fc.double({ min: 0, max: 1, noNaN: true }), (mass, content, share) => {
      const stated = formatPercent(content);
      const first = BigInt(Math.floor(Number(mass) * share));
      const parts = divide(contentOf(mass, [{ substance: acetone, content: stated }]), [first, mass - first]);
      for (const part of parts) expect(refusalOf(part, product(stated, stated))).toBeUndefined();
    }));
  });
});
