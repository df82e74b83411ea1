/**
 * The description of the API: OpenAPI 3.1 at `/openapi.json`, and a page to try it at `/docs` that needs no other host.
 * Bodies and answers are described here and nowhere checked by these descriptions: the shapes of `domain/` decide.
 */
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance, FastifySchema } from 'fastify';
import type { JsonSchema } from './forms/request-form.js';
import { PROBLEM } from './forms/schema-parts.js';

declare module 'fastify' {
  interface FastifySchema {
    /** Body and answers, for the document alone. */
    readonly described?: { readonly body?: JsonSchema; readonly headers?: JsonSchema; readonly response?: Readonly<Record<string, object>> };
  }
}

interface Described {
  readonly tags: readonly string[];
  readonly summary: string;
  readonly params?: JsonSchema;
  readonly querystring?: JsonSchema;
  readonly body?: JsonSchema;
  /** Whether the route honours an `Idempotency-Key`. */
  readonly repeatable?: true;
  readonly response: Readonly<Record<string, object>>;
}

const REPEATABLE: JsonSchema = {
  type: 'object',
  properties: { 'Idempotency-Key': { type: 'string', pattern: '^[\\x21-\\x7e]{1,255}$', description: 'the same key with the same body again has no second effect' } },
};

/** A route's schema: path and query are checked by it, body and answers only described. */
export function described({ body, repeatable, response, ...rest }: Described): FastifySchema {
  const words = { response, ...(body === undefined ? {} : { body }), ...(repeatable === undefined ? {} : { headers: REPEATABLE }) };
  return { ...rest, tags: [...rest.tags], described: words };
}

const TAGS = [
  { name: 'products', description: 'Products, lots, pictures' },
  { name: 'serials', description: 'Serial numbers and labels' },
  { name: 'packing', description: 'Logistic units' },
  { name: 'shipments', description: 'From one organisation to another' },
  { name: 'endings', description: 'Sold, used, lost, found, held' },
  { name: 'recalls', description: 'Recalls, and where a lot is' },
  { name: 'items', description: 'One item and its history' },
  { name: 'chemicals', description: 'Licences, division, balance' },
  { name: 'trust', description: 'Who may issue which credentials' },
  { name: 'organisations', description: 'The register, and API keys' },
  { name: 'transactions', description: 'What became of a write' },
  { name: 'signing', description: 'Keys that an organisation keeps itself' },
  { name: 'epcis', description: 'EPCIS 2.0: capture and query' },
  { name: 'import', description: 'Files with many rows' },
  { name: 'reports', description: 'What citizens report about goods and labels' },
  { name: 'public', description: 'What anybody may ask' },
  { name: 'health', description: 'For whoever watches' },
];

const DOCUMENT = {
  openapi: '3.1.0',
  info: {
    title: 'Minh Chứng', version: '1.0.0',
    description: 'Register goods and controlled chemicals on the ledger. Every write may carry an Idempotency-Key and answers 202 when the ledger has not decided in time.',
  },
  tags: TAGS,
  components: {
    securitySchemes: { apiKey: { type: 'http', scheme: 'bearer', description: 'API key, mc_…' } },
    schemas: { Problem: PROBLEM },
  },
} as const;

/** Begins to collect the description of every route that is added afterwards. */
export async function collectOpenApi(app: FastifyInstance): Promise<void> {
  await app.register(swagger, {
    openapi: DOCUMENT as object,
    transform: ({ schema, url, route }) => ({ schema: documented(schema, route.config?.access === 'public'), url }),
  });
}

function documented(schema: FastifySchema | undefined, open: boolean): FastifySchema {
  if (schema === undefined) return { hide: true };
  const { described: words, ...checked } = schema;
  return { ...checked, ...words, ...(open ? {} : { security: [{ apiKey: [] }] }) };
}

/** Only what the page itself brings: no other host, no script that is not its own. */
const PAGE_POLICY = [
  "default-src 'none'", "script-src 'self'", "style-src 'self' 'unsafe-inline'", "img-src 'self' data:", "font-src 'self' data:",
  "connect-src 'self'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'none'",
].join('; ');

/** The document and the page. */
export async function openApiRoutes(app: FastifyInstance): Promise<void> {
  app.route({
    method: 'GET', url: '/openapi.json', config: { access: 'public' }, schema: { hide: true },
    handler: async (_request, reply) => reply.header('Cache-Control', 'public, max-age=60').type('application/json').send(JSON.stringify(app.swagger())),
  });
  await app.register(async (page) => {
    page.addHook('onRoute', (route) => {
      route.config = { ...route.config, access: 'public' };
    });
    await page.register(swaggerUi, { routePrefix: '/docs', staticCSP: PAGE_POLICY, uiConfig: { deepLinking: false, validatorUrl: null } });
  });
}
