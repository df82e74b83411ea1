/** Products and lots: registered, opened, read. */
import type { FastifyInstance } from 'fastify';
import { parseGtin } from '#domain/gs1/gtin.js';
import { encodeSegment } from '#domain/gs1/percent-encoding.js';
import { principalOf } from '../access.js';
import { LOT_OPENING, PRODUCT } from '../forms/product-forms.js';
import { described } from '../openapi.js';
import type { Services } from '../services.js';
import { visibleLot, visibleProduct } from '../trace/visibility.js';
import { answers, PAGING, pageOf, pathSchema, querySchema, record } from './answers.js';
import { pageBody, pageRequest, pathParameter } from './paging.js';
import { writeRoutes } from './write-route.js';

const TAG = 'products';
const READ = { access: 'partner', scope: 'goods:read' } as const;

export function productRoutes(app: FastifyInstance, services: Services): void {
  writeRoutes(app, services, [
    {
      url: '/v1/products', tag: TAG, summary: 'Register a product under its GTIN',
      transaction: 'goods:registerProduct', form: PRODUCT,
      location: ({ gtin }) => `/v1/products/${parseGtin(String(gtin))}`,
    },
    {
      url: '/v1/products/:gtin/lots', tag: TAG, summary: 'Open a lot of a product',
      transaction: 'goods:openLot', form: LOT_OPENING, fromPath: { gtin: 'gtin' },
      location: ({ gtin, lot }) => `/v1/products/${parseGtin(String(gtin))}/lots/${encodeSegment(String(lot))}`,
    },
  ]);
  listProducts(app, services);
  readProduct(app, services);
  listLots(app, services);
  readLot(app, services);
}

function listProducts(app: FastifyInstance, { records }: Services): void {
  const schema = described({ tags: [TAG], summary: 'Products that the caller registered', querystring: querySchema(PAGING), response: answers(pageOf('products', record('product'))) });
  app.route({
    method: 'GET', url: '/v1/products', config: READ, schema,
    handler: async (request) => {
      const asOf = records.asOf();
      const { rows, next } = await records.page('product-of', `${principalOf(request).organisation} `, pageRequest(request));
      const products = rows.flatMap(({ stateKey }) => records.load(stateKey, 'product') ?? []);
      return { ...pageBody('products', products, next), asOf };
    },
  });
}

function readProduct(app: FastifyInstance, { records }: Services): void {
  const schema = described({ tags: [TAG], summary: 'One product', params: pathSchema('gtin'), response: answers(record('product')) });
  app.route({
    method: 'GET', url: '/v1/products/:gtin', config: READ, schema,
    handler: async (request) => (
      visibleProduct(records, principalOf(request), pathParameter(request, 'gtin'))),
  });
}

function listLots(app: FastifyInstance, { records }: Services): void {
  const schema = described({ tags: [TAG], summary: 'Lots of a product', params: pathSchema('gtin'), querystring: querySchema(PAGING), response: answers(pageOf('lots', record('lot'))) });
  app.route({
    method: 'GET', url: '/v1/products/:gtin/lots', config: READ, schema,
    handler: async (request) => {
      const asOf = records.asOf();
      const { gtin } = visibleProduct(records, principalOf(request), pathParameter(request, 'gtin'));
      const { rows, next } = await records.range(`/01/${gtin}/10/`, 'lot', pageRequest(request));
      return { ...pageBody('lots', rows.map((row) => row.record), next), asOf };
    },
  });
}

function readLot(app: FastifyInstance, { records }: Services): void {
  const schema = described({ tags: [TAG], summary: 'One lot', params: pathSchema('gtin', 'lot'), response: answers(record('lot')) });
  app.route({
    method: 'GET', url: '/v1/products/:gtin/lots/:lot', config: READ, schema,
    handler: async (request) => (
      visibleLot(records, principalOf(request), pathParameter(request, 'gtin'), pathParameter(request, 'lot'))),
  });
}
