/** The issuer's place: it answers for its health, and issues nothing yet. */
import Fastify, { type FastifyInstance } from 'fastify';

/** @returns the app, not listening */
export function buildIssuer(): FastifyInstance {
  const app = Fastify({ logger: false, bodyLimit: 65_536, requestTimeout: 10_000 });
  app.addHook('onSend', async (_, reply) => {
    void reply.headers({ 'x-content-type-options': 'nosniff', 'content-security-policy': "default-src 'none'; frame-ancestors 'none'", 'cache-control': 'no-store' });
  });
  app.get('/healthz', async () => ({ status: 'alive' }));
  app.get('/readyz', async () => ({ status: 'ready', issues: [] }));
  app.setNotFoundHandler(async (_, reply) => reply.code(404).type('application/problem+json').send({ type: 'about:blank', title: 'Nothing is issued here yet', status: 404 }));
  return app;
}
