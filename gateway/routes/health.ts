/** Alive, ready, and figures for whoever watches. */
import type { FastifyInstance } from 'fastify';
import { listSchema, objectSchema } from '../forms/request-form.js';
import { choice, HEIGHT } from '../forms/schema-parts.js';
import { ledgerStanding, type LedgerStanding } from '../ledger-standing.js';
import type { Metrics } from '../metrics.js';
import { described } from '../openapi.js';
import type { Services } from '../services.js';

const PEER = objectSchema({ organisation: { type: 'string' }, reachable: { type: 'boolean' }, behind: { type: 'boolean' } }, { height: HEIGHT });
const LEDGER = objectSchema({ kind: choice('embedded', 'fabric'), peers: listSchema(PEER, { max: 1000 }) }, { height: HEIGHT, lag: { type: 'string', description: 'blocks that the copy for reading lacks' } });

const STATUS = objectSchema({ status: { type: 'string', enum: ['ok', 'failing'] } }, {
  height: { type: 'string' }, waiting: { type: 'integer' }, because: { type: 'array', items: { type: 'string' } }, ledger: LEDGER,
});

const TAGS = ['health'];
const TEXT = { '200': { description: 'figures', content: { 'text/plain': { schema: { type: 'string' } } } } };
const both = { '200': STATUS, '503': STATUS };

export function healthRoutes(app: FastifyInstance, services: Services, metrics: Metrics): void {
  tellAlive(app, services);
  tellReady(app, services);
  app.route({
    method: 'GET', url: '/metrics', config: { access: 'operator', scope: 'metrics:read' },
    schema: described({ tags: TAGS, summary: 'Figures in the text format of Prometheus', response: TEXT }),
    handler: async (_request, reply) => reply.type('text/plain; version=0.0.4; charset=utf-8').send(metrics.text(services)),
  });
}

function tellAlive(app: FastifyInstance, { ledger, store, ledgerFailure }: Services): void {
  app.route({
    method: 'GET', url: '/healthz', config: { access: 'public' }, schema: described({ tags: TAGS, summary: 'Is the program sound? If not, restart it', response: both }),
    handler: async (_request, reply) => {
      const failure = ledger.health().storeFailure ?? store.failure ?? ledgerFailure();
      if (failure !== undefined) reply.code(503);
      return { status: failure === undefined ? 'ok' : 'failing' };
    },
  });
}

function tellReady(app: FastifyInstance, services: Services): void {
  app.route({
    method: 'GET', url: '/readyz', config: { access: 'public' }, schema: described({ tags: TAGS, summary: 'Can it answer now?', response: both }),
    handler: async (_request, reply) => {
      const because = reasonsNotReady(services);
      const ready = because.length === 0;
      if (!ready) reply.code(503);
      return {
        status: ready ? 'ok' : 'failing', height: String(services.model.asOf().height), waiting: services.ledger.health().waiting,
        ledger: standingBody(ledgerStanding(services)), ...(ready ? {} : { because }),
      };
    },
  });
}

/** Organisations are no secret, the addresses of their peers may be. */
function standingBody({ kind, peers, height, lag }: LedgerStanding): Record<string, unknown> {
  return {
    kind, ...(height === undefined ? {} : { height: String(height) }), ...(lag === undefined ? {} : { lag: String(lag) }),
    peers: peers.map(({ organisation, reachable, behind, height: blocks }) => ({ organisation, reachable, behind, ...(blocks === undefined ? {} : { height: String(blocks) }) })),
  };
}

/** Short words without detail: the log has it. */
function reasonsNotReady({ ledger, model, store, ledgerFailure }: Services): string[] {
  const outbox = ledger.health();
  const reading = model.health();
  const reasons: string[] = [];
  if ((outbox.storeFailure ?? store.failure ?? ledgerFailure()) !== undefined) reasons.push('store');
  if (outbox.trouble !== undefined || reading.trouble !== undefined) reasons.push('ledger');
  if (reading.refusal !== undefined || model.asOf().knownAt === undefined) reasons.push('read-model');
  return reasons;
}
