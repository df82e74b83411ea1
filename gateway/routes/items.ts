/** What is known of one item, and what happened to it. */
import type { FastifyInstance } from 'fastify';
import { principalOf } from '../access.js';
import { listSchema, objectSchema } from '../forms/request-form.js';
import { AS_OF, INSTANT, ITEM, ORGANISATION } from '../forms/schema-parts.js';
import { described } from '../openapi.js';
import type { Services } from '../services.js';
import { historyOf } from '../trace/journey.js';
import { visibleItem } from '../trace/visibility.js';
import { answers, anything, querySchema } from './answers.js';

const TAG = 'items';
const READ = { access: 'partner', scope: 'goods:read' } as const;
const KEY = { type: 'string', minLength: 1, maxLength: 200, description: 'canonical GS1 path, e.g. /01/09520000000011/21/7QK2M9ZD4XWA' };
const querystring = querySchema({ key: KEY }, ['key']);
const text = { type: 'string' };

export function itemRoutes(app: FastifyInstance, services: Services): void {
  readItem(app, services);
  readEvents(app, services);
}

function readItem(app: FastifyInstance, { records }: Services): void {
  const schema = described({ tags: [TAG], summary: 'Everything known of an item that the caller made or has', querystring, response: answers(objectSchema({ dossier: anything('item, product, lot, serial or unit, the units around it, organisations'), asOf: AS_OF })) });
  app.route({
    method: 'GET', url: '/v1/items', config: READ, schema,
    handler: async (request) => {
      const asOf = records.asOf();
      return { dossier: await visibleItem(records, principalOf(request), keyOf(request.query)), asOf };
    },
  });
}

const EVENT = objectSchema({ step: text, part: text, by: ORGANISATION, happenedAt: INSTANT, recordedAt: INSTANT, province: text, event: text, transactionId: text }, { unit: ITEM });

function readEvents(app: FastifyInstance, { records }: Services): void {
  const schema = described({ tags: [TAG], summary: 'What happened to an item, to the units around it and to its lot, in order', querystring, response: answers(objectSchema({ events: listSchema(EVENT, { max: 20_000 }), asOf: AS_OF })) });
  app.route({
    method: 'GET', url: '/v1/items/events', config: READ, schema,
    handler: async (request) => {
      const asOf = records.asOf();
      const history = await historyOf(records, await visibleItem(records, principalOf(request), keyOf(request.query)));
      return { events: history.map(({ place: _place, ...mention }) => ({ ...mention, transactionId: mention.event.split('/')[1] ?? '' })), asOf };
    },
  });
}

function keyOf(query: unknown): string {
  return (query as { readonly key: string }).key;
}
