/** The description of the issuer's API: OpenAPI 3.1 at `/openapi.json`. It describes; the shapes of `domain/` decide. */
import swagger from '@fastify/swagger';
import type { FastifyInstance, FastifySchema } from 'fastify';

/** JSON Schema (2020-12, as OpenAPI 3.1 uses it). */
export type JsonSchema = Readonly<Record<string, unknown>>;

declare module 'fastify' {
  interface FastifySchema {
    /** Body and answers of a route of the issuer, for the document alone. */
    readonly words?: { readonly body?: JsonSchema; readonly response: Readonly<Record<string, object>> };
  }
}

export interface RouteWords {
  readonly tag: string;
  readonly summary: string;
  readonly params?: readonly string[];
  readonly body?: JsonSchema;
  readonly response: Readonly<Record<string, object>>;
}

/** A route's schema: its path is checked by it, body and answers only described. */
export function described({ tag, summary, params = [], body, response }: RouteWords): FastifySchema {
  return {
    tags: [tag], summary, ...(params.length === 0 ? {} : { params: pathSchema(params) }),
    words: { response: { ...response, ...REFUSALS }, ...(body === undefined ? {} : { body }) },
  };
}

const LONGEST_PARAMETER = 420;

function pathSchema(names: readonly string[]): JsonSchema {
  return { type: 'object', properties: Object.fromEntries(names.map((name) => [name, { type: 'string', maxLength: LONGEST_PARAMETER }])), required: names };
}

/** An object with these members; those in `optional` may be left out. */
export function objectOf(required: Readonly<Record<string, JsonSchema>>, optional: Readonly<Record<string, JsonSchema>> = {}): JsonSchema {
  return { type: 'object', properties: { ...required, ...optional }, required: Object.keys(required) };
}

const text = { type: 'string' };
const PROBLEM: JsonSchema = {
  type: 'object', required: ['type', 'title', 'status'],
  properties: { type: text, title: text, status: { type: 'integer' }, detail: text, code: text, field: text, fields: { type: 'object', additionalProperties: text }, messageVi: text, messageEn: text },
};

const problem = (description: string): object => ({ description, content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } } });
const REFUSALS = { '4xx': problem('refused: the code says why'), '5xx': problem('not possible at the moment') };

const DOCUMENT = {
  openapi: '3.1.0',
  info: { title: 'Minh Chứng: cấp chứng thư · issuer', version: '1.0.0', description: 'Verifiable credentials: issue, change status, publish status lists and DID documents.' },
  tags: [
    { name: 'credentials', description: 'Issue credentials, change their status (W3C VC API)' },
    { name: 'batches', description: 'Many credentials at once' },
    { name: 'dids', description: 'DIDs and their keys' },
    { name: 'public', description: 'What anybody may ask' },
    { name: 'health', description: 'For whoever watches' },
  ],
  components: { securitySchemes: { apiKey: { type: 'http', scheme: 'bearer', description: 'API key of the gateway, mc_…' } }, schemas: { Problem: PROBLEM } },
} as const;

/** Begins to collect the description of every route that is added afterwards. */
export async function collectOpenApi(app: FastifyInstance): Promise<void> {
  await app.register(swagger, {
    openapi: DOCUMENT as object,
    transform: ({ schema, url, route }) => ({ schema: documented(schema, route.config?.issuerAccess === 'anybody'), url }),
  });
}

function documented(schema: FastifySchema | undefined, open: boolean): FastifySchema {
  if (schema === undefined) return { hide: true };
  const { words, ...checked } = schema;
  return { ...checked, ...words, ...(open ? {} : { security: [{ apiKey: [] }] }) };
}

/** The document itself. */
export function openApiRoute(app: FastifyInstance): void {
  app.route({
    method: 'GET', url: '/openapi.json', config: { issuerAccess: 'anybody' }, schema: { hide: true },
    handler: async (_request, reply) => reply.header('Cache-Control', 'public, max-age=60').type('application/json').send(JSON.stringify(app.swagger())),
  });
}
