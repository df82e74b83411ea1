import type { ProductRecord } from './product.js';

/**
 * The consumer minimum of NĐ 37/2026 Art. 23(7). Name, producer, address and origin cannot be missing from a record;
 * the picture can. In a file of its own, so that a page can ask without loading the shapes of every request.
 *
 * @returns whether all of it is there
 */
export function hasConsumerMinimum(product: ProductRecord): boolean {
  return product.image !== undefined;
}
