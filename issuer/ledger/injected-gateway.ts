/** The gateway in this process: the same requests, without a network between. */
import type { FastifyInstance } from 'fastify';
import type { GatewayApi } from './gateway-api.js';

/** @param app the gateway's application, ready */
export function injectedGateway(app: Pick<FastifyInstance, 'inject'>): GatewayApi {
  return async (method, path, body, key, idempotencyKey) => {
    const answer = await app.inject({
      method, url: path,
      headers: {
        ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
        ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
    });
    return { status: answer.statusCode, body: answer.payload === '' ? undefined : JSON.parse(answer.payload) as unknown };
  };
}
