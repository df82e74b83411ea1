/** The validator that documents are written for, strict: nothing is coerced, nothing removed, nothing filled in. */
import Fastify, { type FastifyRequest } from 'fastify';

export type Compile = FastifyRequest['compileValidationSchema'];

/** Fastify's own, so that a test judges by the program's validator. */
export async function strictValidator(): Promise<Compile> {
  const app = Fastify({ ajv: { customOptions: { coerceTypes: false, removeAdditional: false, useDefaults: false } } });
  const compile = new Promise<Compile>((resolve) => {
    app.route({
      method: 'GET', url: '/',
      handler: async (request) => {
        resolve(request.compileValidationSchema.bind(request));
        return {};
      },
    });
  });
  await app.inject('/');
  return compile;
}
