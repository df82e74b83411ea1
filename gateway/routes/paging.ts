/** Pages of lists: `?limit=…&after=…`, answered with `next` while there is more. */
import type { FastifyRequest } from 'fastify';
import type { PageRequest } from '../read-model/row-pages.js';

const USUAL_LIMIT = 100;

/** The page a request asks for; its query was read by the route's schema. */
export function pageRequest(request: FastifyRequest): PageRequest {
  const { limit, after } = request.query as { limit?: string; after?: string };
  return { limit: limit === undefined ? USUAL_LIMIT : Number(limit), ...(after === undefined ? {} : { after }) };
}

/** A page as it is answered. */
export function pageBody(name: string, rows: readonly unknown[], next: string | undefined): Record<string, unknown> {
  return { [name]: rows, ...(next === undefined ? {} : { next }) };
}

/** A parameter of the path, e.g. `gtin`. */
export function pathParameter(request: FastifyRequest, name: string): string {
  return (request.params as Readonly<Record<string, string>>)[name] ?? '';
}
