/** Capturing, in bulk and one by one (EPCIS 2.0 REST binding, `/capture` and `POST /events`). */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { eventUri } from '#domain/epcis/own-uris.js';
import { EPCIS_CONTEXT, epcisEventOf } from '#domain/epcis/event-json.js';
import { Problem } from '#domain/errors.js';
import { instantOf } from '#domain/instant.js';
import { languageOf } from '../problem.js';
import { described } from '../openapi.js';
import type { CaptureService } from './capture-service.js';
import type { CaptureJob, ErrorBehaviour } from './capture-store.js';
import { jobJson } from './job-json.js';
import { CAPTURE_LIMITS, nameVersions, negotiate } from './negotiation.js';
import type { PageTokens } from './page-token.js';
import type { EpcisDependencies } from './ports.js';
import { readJobPage } from './job-page.js';

export interface CaptureRouting {
  readonly deps: EpcisDependencies;
  readonly captures: CaptureService;
  readonly tokens: PageTokens;
}

const WRITE = { access: 'partner', scope: 'epcis:write' } as const;
const READ = { access: 'partner', scope: 'epcis:read' } as const;
const TAGS = ['epcis'];
/** How long a sender of one event waits for the ledger; then it is told where to ask. */
const ANSWER_WITHIN_MS = 5000;

const answer = (description: string): object => ({ description, type: 'object', additionalProperties: true });

export function captureRoutes(app: FastifyInstance, routing: CaptureRouting): void {
  postCapture(app, routing);
  listCaptures(app, routing);
  readCapture(app, routing);
  postEvent(app, routing);
}

function postCapture(app: FastifyInstance, { deps, captures }: CaptureRouting): void {
  app.route({
    method: 'POST', url: '/epcis/capture', config: WRITE,
    schema: described({ tags: TAGS, summary: 'Capture up to 200 events of an EPCISDocument as one job', response: { 202: answer('stored: the job is at Location') } }),
    handler: async (request, reply) => {
      negotiate(request);
      const job = await captures.captureDocument(request.body, behaviourOf(request), deps.principal(request));
      return nameVersions(reply).headers(CAPTURE_LIMITS).code(202).header('Location', locationOf(job)).send();
    },
  });
}

/** @throws Problem EPCIS_BEHAVIOUR_UNKNOWN */
function behaviourOf(request: FastifyRequest): ErrorBehaviour {
  const stated = request.headers['gs1-capture-error-behaviour'] ?? 'rollback';
  if (stated !== 'rollback' && stated !== 'proceed') throw new Problem('EPCIS_BEHAVIOUR_UNKNOWN', { header: 'GS1-Capture-Error-Behaviour' });
  return stated;
}

const locationOf = ({ id }: CaptureJob): string => `/epcis/capture/${id}`;

function listCaptures(app: FastifyInstance, { deps, captures, tokens }: CaptureRouting): void {
  app.route({
    method: 'GET', url: '/epcis/capture', config: READ,
    schema: described({ tags: TAGS, summary: 'Capture jobs of the caller, the newest first', response: { 200: { type: 'array', items: { type: 'object', additionalProperties: true } } } }),
    handler: async (request, reply) => {
      negotiate(request);
      const owner = deps.principal(request);
      const binding = `capture ${owner.organisation}`;
      const { limit, position } = readJobPage(request.query as Readonly<Record<string, unknown>>, (token) => tokens.open(token, binding));
      const { jobs, more } = await captures.jobs(owner, limit, position.after);
      const last = jobs.at(-1);
      if (more && last !== undefined) linkNext(reply, `/epcis/capture?perPage=${limit}`, tokens.issue({ after: last.id }, binding));
      return sendJson(reply, jobs.map((job) => jobJson(job, languageOfRequest(request))));
    },
  });
}

function readCapture(app: FastifyInstance, { deps, captures }: CaptureRouting): void {
  app.route({
    method: 'GET', url: '/epcis/capture/:captureID', config: READ,
    schema: described({ tags: TAGS, summary: 'What has become of a capture job', response: { 200: answer('the job; success means committed to the ledger') } }),
    handler: async (request, reply) => {
      negotiate(request);
      const { captureID = '' } = request.params as { captureID?: string };
      return sendJson(reply, jobJson(await captures.job(captureID, deps.principal(request)), languageOfRequest(request)));
    },
  });
}

function postEvent(app: FastifyInstance, { deps, captures }: CaptureRouting): void {
  app.route({
    method: 'POST', url: '/epcis/events', config: WRITE,
    schema: described({ tags: TAGS, summary: 'Capture one event', response: { 201: answer('the event as it is on the ledger'), 202: answer('not decided yet: the job is at Location') } }),
    handler: async (request, reply) => {
      negotiate(request);
      const owner = deps.principal(request);
      const job = await captures.ended(await captures.captureEvent(request.body, owner), ANSWER_WITHIN_MS);
      return job.finishedAt === undefined
        ? nameVersions(reply).code(202).header('Location', locationOf(job)).send()
        : answerEvent(job, deps, reply);
    },
  });
}

async function answerEvent({ errors: [error], places: [place] }: CaptureJob, { events }: EpcisDependencies, reply: FastifyReply): Promise<FastifyReply> {
  if (error !== undefined) throw new Problem(error.code, error.fields);
  if (place === undefined || place === null) throw new Error('a capture that succeeded has no event');
  nameVersions(reply).code(201).header('Location', `/epcis/events/${encodeURIComponent(eventUri(place))}`);
  const recorded = await events.byId(place);
  return recorded === undefined ? reply.send() : sendJson(reply, { '@context': EPCIS_CONTEXT, ...epcisEventOf(recorded.record, place) });
}

const languageOfRequest = (request: FastifyRequest): 'vi' | 'en' => languageOf(request.headers['accept-language']);

/** JSON written once; the framework would look through every object for a schema. */
export function sendJson(reply: FastifyReply, value: unknown): FastifyReply {
  const accept = reply.request.headers.accept ?? '';
  const type = accept.includes('application/ld+json') && !accept.includes('application/json') ? 'application/ld+json' : 'application/json';
  return nameVersions(reply).header('Cache-Control', 'no-store').type(type).send(JSON.stringify(value));
}

/**
 * @param address of the list with its other parameters, e.g. `/epcis/events?EQ_action=ADD`
 */
export function linkNext(reply: FastifyReply, address: string, { token, expires }: { token: string; expires: number }): void {
  const joint = address.includes('?') ? '&' : '?';
  reply.header('Link', `<${address}${joint}nextPageToken=${token}>; rel="next"`).header('GS1-Next-Page-Token-Expires', instantOf(expires));
}
