/** Reading events (EPCIS 2.0 REST binding: `/events`, and the views by identifier, event type and business step). */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { EPCIS_CONTEXT, epcisEventOf } from '#domain/epcis/event-json.js';
import { readEpc } from '#domain/epcis/epc.js';
import { parseEventUri } from '#domain/epcis/own-uris.js';
import { Problem, require } from '#domain/errors.js';
import type { Lot } from '#domain/gs1/item-key.js';
import { instantOf } from '#domain/instant.js';
import type { OrganisationId } from '#domain/registry/organisation.js';
import type { JobOwner } from '../jobs/ledger-writer.js';
import { described } from '../openapi.js';
import type { CaptureService } from './capture-service.js';
import { linkNext, sendJson } from './capture-routes.js';
import { answerQuery, type QueryTools } from './event-query.js';
import { negotiate } from './negotiation.js';
import type { PageTokens } from './page-token.js';
import type { EpcisDependencies, RecordedEvent, RegisterReader } from './ports.js';
import { readQuery, type EventQuery, type PartyName, type ReadQuery } from './query-parameters.js';
import { seenBy } from './visibility.js';

export interface QueryRouting {
  readonly deps: EpcisDependencies;
  readonly captures: CaptureService;
  readonly tokens: PageTokens;
}

const READ = { access: 'partner', scope: 'epcis:read' } as const;

const schema = (summary: string): object => described({ tags: ['epcis'], summary, response: { 200: { type: 'object', additionalProperties: true, description: 'an EPCISQueryDocument' } } });

type Parameters = Readonly<Record<string, unknown>>;

export function queryRoutes(app: FastifyInstance, routing: QueryRouting): void {
  readEvents(app, routing);
  readEvent(app, routing);
  readEventsOfEpc(app, routing);
  readEventsOfType(app, routing);
  readEventsOfStep(app, routing);
}

function readEvents(app: FastifyInstance, routing: QueryRouting): void {
  app.route({
    method: 'GET', url: '/epcis/events', config: READ, schema: schema('Events by the parameters of the EPCIS query language; without MATCH_… those that the caller recorded'),
    handler: async (request, reply) => answerEvents(routing, request, reply, {}),
  });
}

function readEventsOfType(app: FastifyInstance, routing: QueryRouting): void {
  app.route({
    method: 'GET', url: '/epcis/eventTypes/:eventType/events', config: READ, schema: schema('Events of one type'),
    handler: async (request, reply) => answerEvents(routing, request, reply, { eventType: parameter(request, 'eventType') }),
  });
}

function readEventsOfStep(app: FastifyInstance, routing: QueryRouting): void {
  app.route({
    method: 'GET', url: '/epcis/bizSteps/*', config: READ, schema: schema('Events of one business step: /epcis/bizSteps/{bizStep}/events'),
    handler: async (request, reply) => answerEvents(routing, request, reply, { EQ_bizStep: beforeEvents(request) }),
  });
}

/** A Digital Link holds slashes, which some clients encode and some do not. */
function readEventsOfEpc(app: FastifyInstance, routing: QueryRouting): void {
  app.route({
    method: 'GET', url: '/epcis/epcs/*', config: READ, schema: schema('Events of one item or lot: /epcis/epcs/{epc}/events'),
    handler: async (request, reply) => {
      const epc = beforeEvents(request);
      const isClass = readEpc(epc).parsed.kind === 'lot';
      return answerEvents(routing, request, reply, { [isClass ? 'MATCH_anyEPCClass' : 'MATCH_anyEPC']: epc });
    },
  });
}

const parameter = (request: FastifyRequest, name: string): string => (request.params as Readonly<Record<string, string>>)[name] ?? '';

/** What stands in front of the last `/events`. Throws ROUTE_UNKNOWN. */
function beforeEvents(request: FastifyRequest): string {
  const rest = parameter(request, '*');
  require(rest.endsWith('/events') && rest.length > '/events'.length, 'ROUTE_UNKNOWN', {});
  return rest.slice(0, -'/events'.length);
}

function readEvent(app: FastifyInstance, { deps, captures }: QueryRouting): void {
  app.route({
    method: 'GET', url: '/epcis/events/*', config: READ, schema: schema('One event, by its id on the ledger, its event hash, or the id that the caller gave it'),
    handler: async (request, reply) => {
      negotiate(request);
      const caller = deps.principal(request);
      const id = parameter(request, '*');
      const place = parseEventUri(id) ?? await captures.placeOfId(caller, id);
      const event = place === undefined ? undefined : await deps.events.byId(place);
      const record = event === undefined ? undefined : seenBy(caller, event.record, new Set());
      if (event === undefined || record === undefined) throw new Problem('EPCIS_EVENT_UNKNOWN', { eventID: id.slice(0, 200) });
      return sendJson(reply, await queryDocument([{ ...event, record }], deps));
    },
  });
}

/** @param fixed parameters that the path says; the query string may not say them, too */
async function answerEvents({ deps, captures, tokens }: QueryRouting, request: FastifyRequest, reply: FastifyReply, fixed: Readonly<Record<string, string>>): Promise<FastifyReply> {
  negotiate(request);
  const caller = deps.principal(request);
  const parameters = joined(request.query as Parameters, fixed);
  const read = readQuery(parameters);
  const binding = bindingOf(caller, parameters);
  const position = read.nextPageToken === undefined ? {} : tokens.open(read.nextPageToken, binding);
  const tools: QueryTools = { ...deps, placeOfId: (who, id) => captures.placeOfId(who, id) };
  const { events, next } = await answerQuery(tools, caller, await resolved(read, deps.register), position);
  if (next !== undefined) linkNext(reply, withoutToken(request.url), tokens.issue(next, binding));
  return sendJson(reply, await queryDocument(events, deps));
}

function joined(query: Parameters, fixed: Readonly<Record<string, string>>): Parameters {
  const twice = Object.keys(fixed).find((name) => Object.hasOwn(query, name));
  require(twice === undefined, 'EPCIS_PARAMETER_WRONG', { parameter: twice ?? '', expected: 'in the path only' });
  return { ...query, ...fixed };
}

/** The same query by the same caller, whatever the order of its parameters. */
function bindingOf(caller: JobOwner, parameters: Parameters): string {
  const { nextPageToken: _token, ...rest } = parameters;
  return JSON.stringify([caller.organisation, Object.entries(rest).sort(([a], [b]) => (a < b ? -1 : 1))]);
}

function withoutToken(url: string): string {
  const [path = '', query = ''] = url.split('?', 2);
  const kept = query.split('&').filter((part) => part !== '' && !part.startsWith('nextPageToken='));
  return kept.length === 0 ? path : `${path}?${kept.join('&')}`;
}

async function resolved({ sources, destinations, filter, ...query }: ReadQuery, register: RegisterReader): Promise<EventQuery> {
  return {
    ...query,
    filter: {
      ...filter,
      ...(sources === undefined ? {} : { sources: await organisationsOf(sources, register) }),
      ...(destinations === undefined ? {} : { destinations: await organisationsOf(destinations, register) }),
    },
  };
}

async function organisationsOf(names: readonly PartyName[], register: RegisterReader): Promise<(OrganisationId | undefined)[]> {
  return Promise.all(names.map(async (name) => ('gln' in name ? register.organisationOf(name.gln) : name.organisation)));
}

async function queryDocument(events: readonly RecordedEvent[], { clock, register }: EpcisDependencies): Promise<Record<string, unknown>> {
  return {
    '@context': EPCIS_CONTEXT,
    type: 'EPCISQueryDocument',
    schemaVersion: '2.0',
    creationDate: instantOf(clock.now()),
    epcisBody: { queryResults: { queryName: 'SimpleEventQuery', resultsBody: { eventList: await Promise.all(events.map(async (event) => eventJson(event, register))) } } },
  };
}

async function eventJson({ record, ...place }: RecordedEvent, register: RegisterReader): Promise<object> {
  const [first] = record.items;
  const lot: Lot | undefined = record.step === 'commission' && first !== undefined ? await register.lotOf(first) : undefined;
  return epcisEventOf(record, place, lot === undefined ? {} : { lotOf: () => lot });
}
