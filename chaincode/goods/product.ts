/** Products come onto the register. */
import { require } from '#domain/errors.js';
import { productRequest, type ProductRecord, type ProductRequest } from '#domain/goods/product.js';
import { productKey, type ItemKey } from '#domain/gs1/item-key.js';
import { parsePercent } from '#domain/quantity/mass.js';
import { at, list, object } from '#domain/shape.js';
import { checkPrefixHeld } from '../registry/prefix-owner.js';
import { handler, type Transaction } from '../transaction.js';

const MOST_PRODUCTS = 500;

export const registerProduct = handler(productRequest, async (tx, request) => ({ item: await register(tx, request) }));

/** Many products, all or none. */
export const registerProducts = handler(object({ products: list(productRequest, { min: 1, max: MOST_PRODUCTS }) }), async (tx, { products }) => {
  for (const product of products) await register(tx, product);
  return { registered: products.length };
});

async function register(tx: Transaction, request: ProductRequest): Promise<ItemKey> {
  const key = productKey(request.gtin);
  await checkPrefixHeld(tx, request.gtin);
  const known = await tx.ledger.load(key, 'product');
  require(known === undefined, 'PRODUCT_ALREADY_REGISTERED', { gtin: request.gtin });
  checkRanges(request);
  const record: ProductRecord = { kind: 'product', ...request, maker: tx.caller.organisation, registeredAt: tx.at };
  tx.ledger.save(key, record);
  return key;
}

function checkRanges(request: ProductRequest): void {
  request.components?.forEach((range, index) => at(`components[${index}]`, () => {
    require(parsePercent(range.least) <= parsePercent(range.most), 'CONTENT_OUT_OF_RANGE', { field: 'least', least: range.least, most: range.most });
  }));
}

/** The product of a GTIN. Throws PRODUCT_UNKNOWN. */
export async function loadProduct(tx: Transaction, gtin: ProductRequest['gtin']): Promise<ProductRecord> {
  const product = await tx.ledger.load(productKey(gtin), 'product');
  require(product !== undefined, 'PRODUCT_UNKNOWN', { gtin });
  return product;
}

/** A product that the caller's own organisation registered. Throws PRODUCT_UNKNOWN, PREFIX_NOT_HELD. */
export async function loadOwnProduct(tx: Transaction, gtin: ProductRequest['gtin']): Promise<ProductRecord> {
  const product = await loadProduct(tx, gtin);
  require(product.maker === tx.caller.organisation, 'PREFIX_NOT_HELD', { number: gtin, organisation: tx.caller.organisation });
  return product;
}
