import type { ProductRecord } from '#domain/goods/product.js';

/**
 * Whether a product has the consumer minimum of NĐ 37/2026 Art. 23(7). Name, producer, address and origin cannot be
 * missing from a record; the picture can.
 *
 * The same rule as `missingInformation` in `domain/goods/product.ts`, which a test compares with this one: importing
 * it would bring every shape, sentence and substance of the register into a page that is to load in a second.
 */
export function hasConsumerMinimum(product: ProductRecord): boolean {
  return product.image !== undefined;
}
