import type { FastifyReply } from 'fastify';

/**
 * Anybody's page may read the answer; nothing in it depends on who asks.
 *
 * @param caching `Cache-Control` of the answer, e.g. `public, max-age=5`
 */
export function openToAll(reply: FastifyReply, caching: string): FastifyReply {
  return reply.header('Cache-Control', caching).header('Access-Control-Allow-Origin', '*').header('Cross-Origin-Resource-Policy', 'cross-origin');
}
