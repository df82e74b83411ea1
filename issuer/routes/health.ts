/** Alive, ready, and figures for whoever watches. */
import type { FastifyInstance } from 'fastify';
import { described, objectOf } from '../http/described.js';
import type { IssuerServices } from '../services.js';

const OPEN = { issuerAccess: 'anybody' } as const;
const STATUS = objectOf({ status: { enum: ['ok', 'failing'] } }, { pending: { type: 'integer' }, due: { type: 'integer' } });
const both = { '200': STATUS, '503': STATUS };

export function healthRoutes(app: FastifyInstance, services: IssuerServices): void {
  const { store } = services;
  app.route({
    method: 'GET', url: '/healthz', config: OPEN, schema: described({ tag: 'health', summary: 'Is the program sound? If not, restart it', response: both }),
    handler: async (_request, reply) => {
      if (store.failure !== undefined) reply.code(503);
      return { status: store.failure === undefined ? 'ok' : 'failing' };
    },
  });
  app.route({
    method: 'GET', url: '/readyz', config: OPEN, schema: described({ tag: 'health', summary: 'Can it answer now, and what is left to be done', response: both }),
    handler: async (_request, reply) => {
      if (store.failure !== undefined) return reply.code(503).send({ status: 'failing' });
      return { status: 'ok', ...await workLeft(services) };
    },
  });
  app.route({
    method: 'GET', url: '/metrics', config: { issuerAccess: 'metrics:read' },
    schema: described({ tag: 'health', summary: 'Figures in the text format of Prometheus', response: { '200': { description: 'figures', content: { 'text/plain': { schema: { type: 'string' } } } } } }),
    handler: async (_request, reply) => reply.type('text/plain; version=0.0.4; charset=utf-8').send(figures(await workLeft(services))),
  });
}

async function workLeft({ rows, lists }: IssuerServices): Promise<{ pending: number; due: number }> {
  return { pending: (await rows.pending()).length, due: lists.due().length };
}

function figures({ pending, due }: { pending: number; due: number }): string {
  return [
    '# HELP issuer_pending Credentials with something left to be done.', '# TYPE issuer_pending gauge', `issuer_pending ${pending}`,
    '# HELP issuer_lists_due Status lists that are not published as they are known here.', '# TYPE issuer_lists_due gauge', `issuer_lists_due ${due}`, '',
  ].join('\n');
}
