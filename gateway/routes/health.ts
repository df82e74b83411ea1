/** Alive, ready, and figures for whoever watches. */
import type { FastifyInstance } from 'fastify';
import { objectSchema } from '../forms/request-form.js';
import type { Metrics } from '../metrics.js';
import { described } from '../openapi.js';
import type { Services } from '../services.js';

const STATUS = objectSchema({ status: { type: 'string', enum: ['ok', 'failing'] } }, {
  height: { type: 'string' }, waiting: { type: 'integer' }, because: { type: 'array', items: { type: 'string' } },
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
      return { status: ready ? 'ok' : 'failing', height: String(services.model.asOf().height), waiting: services.ledger.health().waiting, ...(ready ? {} : { because }) };
    },
  });
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
