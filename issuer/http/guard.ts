/** Default deny: every route states who may call it; one that does not is refused at the start. */
import type { FastifyInstance, FastifyRequest, RouteOptions } from 'fastify';
import { Problem, require } from '#domain/errors.js';
import type { Caller, Callers } from '../callers.js';

/** `anybody`, or whoever has an API key of the gateway with this scope. */
export type IssuerAccess = 'anybody' | 'credentials:write' | 'credentials:prepare' | 'trust:write' | 'metrics:read';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who may call a route of the issuer. */
    readonly issuerAccess?: IssuerAccess;
  }
  interface FastifyRequest {
    /** Who calls a route of the issuer that is not for anybody. */
    issuerCaller: Caller | undefined;
  }
}

/** One row of the table route × access. */
export interface IssuerRouteAccess {
  readonly method: string;
  readonly url: string;
  readonly access: IssuerAccess;
}

/**
 * Puts the gate in front of all routes that are added afterwards.
 *
 * @returns the table of routes, complete when the application is ready
 * @throws Error at the start, for a route that states no access
 */
export function guardRoutes(app: FastifyInstance, callers: Callers): readonly IssuerRouteAccess[] {
  const routes: RouteOptions[] = [];
  const table: IssuerRouteAccess[] = [];
  app.decorateRequest('issuerCaller', undefined);
  app.addHook('onRoute', (route) => {
    routes.push(route);
  });
  app.addHook('onReady', async () => {
    table.push(...routes.flatMap(rowsOf));
  });
  app.addHook('onRequest', async (request) => authorise(request, callers));
  return table;
}

function rowsOf({ method, url, config }: RouteOptions): IssuerRouteAccess[] {
  const access = config?.issuerAccess;
  const methods = [method].flat().map((one) => one.toUpperCase());
  if (access === undefined) throw new Error(`route ${methods.join(',')} ${url} states no access`);
  return methods.filter((one) => one !== 'HEAD').map((one) => ({ method: one, url, access }));
}

/** @throws Problem API_KEY_…, SCOPE_MISSING, LEDGER_UNREACHABLE */
async function authorise(request: FastifyRequest, callers: Callers): Promise<void> {
  const access = request.routeOptions.config.issuerAccess;
  if (request.is404 || access === 'anybody') return;
  const caller = await callers.identify(request.headers.authorization);
  require(access !== undefined && caller.scopes.includes(access), 'SCOPE_MISSING', { scope: access ?? '' });
  request.issuerCaller = caller;
}

/** Who calls a route that is not for anybody. */
export function callerOf(request: FastifyRequest): Caller {
  if (request.issuerCaller === undefined) throw new Problem('API_KEY_MISSING');
  return request.issuerCaller;
}
