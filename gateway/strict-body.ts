/** Bodies of requests: JSON read strictly, once, by the same reader as the contracts'. */
import type { FastifyInstance } from 'fastify';
import { Problem } from '#domain/errors.js';
import { parseStrictJson } from '#domain/strict-json.js';

/** Longest JSON body: what one transaction may carry. */
export const LONGEST_JSON = 2_000_000;

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Replaces Fastify's parsers: no plain text, no duplicate keys, no depth without bound, no broken UTF-8. */
export function readStrictBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser<Buffer>(['application/json', 'application/ld+json'], { parseAs: 'buffer', bodyLimit: LONGEST_JSON }, async (_request: unknown, body: Buffer) => readJson(body));
}

/** @throws Problem TEXT_NOT_JSON, TEXT_NOT_PLAIN, JSON_TOO_DEEP, JSON_DUPLICATE_KEY, TEXT_TOO_LONG */
function readJson(body: Buffer): unknown {
  return parseStrictJson(decode(body), LONGEST_JSON);
}

function decode(body: Buffer): string {
  try {
    return utf8.decode(body);
  } catch (error) {
    if (error instanceof TypeError) throw new Problem('TEXT_NOT_PLAIN', { expected: 'UTF-8' });
    throw error;
  }
}
