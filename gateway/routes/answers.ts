/** Descriptions of the answers that routes have in common. */
import { objectSchema, type JsonSchema } from '../forms/request-form.js';
import { AS_OF, CURSOR, HEIGHT, TRANSACTION_ID } from '../forms/schema-parts.js';

const problem = (description: string): object => ({ description, content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } } });

const REFUSALS = { '4xx': problem('refused: the code says why'), '5xx': problem('not possible at the moment') };

const committed: JsonSchema = {
  type: 'object', description: 'on the ledger', required: ['transactionId', 'block'],
  properties: { transactionId: TRANSACTION_ID, block: HEIGHT }, additionalProperties: true,
};

const pending: JsonSchema = {
  ...objectSchema({ transactionId: TRANSACTION_ID, status: { const: 'pending' } }),
  description: 'under way: ask at Location',
};

/** Answers of a route that writes to the ledger. */
export function answersOfWrite(creates: boolean): Record<string, object> {
  return { [creates ? '201' : '200']: committed, '202': pending, ...REFUSALS };
}

/** Answers of a route that answers at once. */
export function answers(schema: JsonSchema, status = '200'): Record<string, object> {
  return { [status]: schema, ...REFUSALS };
}

/** A list with the cursor of its next page. */
export function pageOf(name: string, item: JsonSchema): JsonSchema {
  return objectSchema({ [name]: { type: 'array', items: item }, asOf: AS_OF }, { next: CURSOR });
}

/** A record of the ledger: its fields are those of its kind. */
export const record = (kind: string): JsonSchema => ({
  type: 'object', required: ['kind'], properties: { kind: { const: kind } }, additionalProperties: true,
});

/** Any object, described in words. */
export const anything = (description: string): JsonSchema => ({ type: 'object', description, additionalProperties: true });

/** Query parameters of a list. */
export const PAGING = {
  limit: { type: 'string', pattern: '^([1-9][0-9]{0,2}|1000)$', description: '1 to 1000; 100 where absent' },
  after: CURSOR,
} as const;

/** A query with these parameters, all optional but those in `required`, and no others. */
export function querySchema(properties: Readonly<Record<string, JsonSchema>>, required: readonly string[] = []): JsonSchema {
  return { type: 'object', properties, required, additionalProperties: false };
}

/** The parameters of a path. */
export function pathSchema(...names: readonly string[]): JsonSchema {
  return { type: 'object', properties: Object.fromEntries(names.map((name) => [name, { type: 'string', maxLength: 100 }])), required: names };
}
