/** What this server is and can do (EPCIS 2.0 REST binding, `OPTIONS` and the top-level resources). */
import type { FastifyInstance } from 'fastify';
import { EPCIS_CONTEXT } from '#domain/epcis/event-json.js';
import { STEP_PATTERNS } from '#domain/epcis/step-table.js';
import { sendJson } from './capture-routes.js';
import { CAPTURE_DISCOVERY, negotiate, PLAIN_DISCOVERY } from './negotiation.js';

interface Address {
  readonly url: string;
  readonly allow: string;
  readonly headers: Readonly<Record<string, string>>;
}

const ADDRESSES: readonly Address[] = [
  { url: '/epcis', allow: 'OPTIONS, GET', headers: PLAIN_DISCOVERY },
  { url: '/epcis/', allow: 'OPTIONS, GET', headers: PLAIN_DISCOVERY },
  { url: '/epcis/capture', allow: 'OPTIONS, POST, GET', headers: CAPTURE_DISCOVERY },
  { url: '/epcis/capture/:captureID', allow: 'OPTIONS, GET', headers: PLAIN_DISCOVERY },
  { url: '/epcis/events', allow: 'OPTIONS, GET, POST', headers: CAPTURE_DISCOVERY },
  { url: '/epcis/events/*', allow: 'OPTIONS, GET', headers: PLAIN_DISCOVERY },
  { url: '/epcis/eventTypes', allow: 'OPTIONS, GET', headers: PLAIN_DISCOVERY },
  { url: '/epcis/eventTypes/:eventType/events', allow: 'OPTIONS, GET', headers: PLAIN_DISCOVERY },
  { url: '/epcis/bizSteps', allow: 'OPTIONS, GET', headers: PLAIN_DISCOVERY },
  { url: '/epcis/bizSteps/*', allow: 'OPTIONS, GET', headers: PLAIN_DISCOVERY },
  { url: '/epcis/epcs/*', allow: 'OPTIONS, GET', headers: PLAIN_DISCOVERY },
];

const patterns = Object.values(STEP_PATTERNS);

const COLLECTIONS: Readonly<Record<string, readonly string[]>> = {
  '/epcis': ['capture', 'events', 'eventTypes', 'bizSteps'],
  '/epcis/': ['capture', 'events', 'eventTypes', 'bizSteps'],
  '/epcis/eventTypes': [...new Set(patterns.map(({ type }) => type))].sort(),
  '/epcis/bizSteps': [...new Set(patterns.map(({ bizStep }) => bizStep))].sort(),
};

/** A sender must know versions and limits before it has a key, and they are no secret. */
const OPEN = { access: 'public' } as const;

export function discoveryRoutes(app: FastifyInstance): void {
  for (const { url, allow, headers } of ADDRESSES) {
    app.route({ method: 'OPTIONS', url, config: OPEN, handler: async (_request, reply) => reply.code(204).headers({ ...headers, Allow: allow }).send() });
  }
  for (const [url, member] of Object.entries(COLLECTIONS)) {
    app.route({
      method: 'GET', url, config: OPEN,
      handler: async (request, reply) => {
        negotiate(request);
        return sendJson(reply, { '@context': EPCIS_CONTEXT, type: 'Collection', member });
      },
    });
  }
}
