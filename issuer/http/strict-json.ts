/** Bodies of requests: JSON read strictly, once, by the same reader as the contracts'. */
import type { FastifyInstance } from 'fastify';
import { Problem } from '#domain/errors.js';
import { parseStrictJson } from '#domain/strict-json.js';

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Replaces Fastify's parsers: no plain text, no duplicate keys, no depth without bound, no broken UTF-8.
 *
 * @param longest bytes of a body
 */
export function readStrictJson(app: FastifyInstance, longest: number): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser<Buffer>('application/json', { parseAs: 'buffer', bodyLimit: longest }, async (_request: unknown, body: Buffer) => parseStrictJson(decode(body), longest));
}

function decode(body: Buffer): string {
  try {
    return utf8.decode(body);
  } catch (error) {
    if (error instanceof TypeError) throw new Problem('TEXT_NOT_PLAIN', { expected: 'UTF-8' });
    throw error;
  }
}
