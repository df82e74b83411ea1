/** Default deny: every route states who may call it, and with which scope; one that does not is refused at the start. */
import type { FastifyInstance, FastifyRequest, RouteOptions } from 'fastify';
import { Problem, require } from '#domain/errors.js';
import type { Principal } from './tenants/principal.js';
import { isScope, type Scope } from './tenants/scopes.js';

/**
 * `public`: anybody; `key`: a valid API key, whatever it may be used for; `partner`: one with the route's scope;
 * `operator`: one with it, of the registrar who runs the gateway.
 */
export type Access = 'public' | 'key' | 'partner' | 'operator';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who may call the route. */
    readonly access?: Access;
    /** What the API key must be allowed besides; none for `public` and `key`. */
    readonly scope?: Scope;
  }
  interface FastifyRequest {
    /** Who calls: set for every request with a valid key. */
    principal: Principal | undefined;
    /** Why the key in the request was refused; told only where the route needs one. */
    refusal: Problem | undefined;
  }
}

/** One row of the table route × access. */
export interface RouteAccess {
  readonly method: string;
  readonly url: string;
  readonly access: Access;
  /** `-` for `public` and `key`. */
  readonly scope: Scope | '-';
}

export interface AccessOptions {
  /**
   * @param authorization the header, e.g. `Bearer mc_…`
   * @throws Problem API_KEY_MISSING, API_KEY_WRONG, API_KEY_EXPIRED, API_KEY_REVOKED
   */
  readonly authenticate: (authorization: string | undefined) => Principal;
}

/**
 * Puts the gate in front of all routes that are added afterwards.
 *
 * @returns the table of routes, complete when the application is ready
 * @throws Error at the start, for a route that states no access, or no scope where it needs one
 */
export function guardRoutes(app: FastifyInstance, options: AccessOptions): readonly RouteAccess[] {
  const routes: RouteOptions[] = [];
  const table: RouteAccess[] = [];
  app.decorateRequest('principal', undefined);
  app.decorateRequest('refusal', undefined);
  app.addHook('onRoute', (route) => {
    routes.push(route);
  });
  // Judged when all are there: a plugin of others has its access stated by whoever registers it.
  app.addHook('onReady', async () => {
    table.push(...routes.flatMap(rowsOf));
  });
  app.addHook('onRequest', async (request) => identify(request, options.authenticate));
  app.addHook('preParsing', async (request) => authorise(request));
  return table;
}

function rowsOf(route: RouteOptions): RouteAccess[] {
  const { access, scope } = route.config ?? {};
  const methods = [route.method].flat().map((method) => method.toUpperCase());
  if (access === undefined) throw new Error(`route ${methods.join(',')} ${route.url} states no access`);
  if (needsScope(access) && !isScope(scope)) throw new Error(`route ${methods.join(',')} ${route.url} states no scope`);
  return methods.filter((method) => method !== 'HEAD').map((method) => ({ method, url: route.url, access, scope: needsScope(access) ? scope ?? '-' : '-' }));
}

function needsScope(access: Access | undefined): boolean {
  return access === 'partner' || access === 'operator';
}

/** Who calls is settled before the rate is counted, so that one caller's flood is not another's. */
function identify(request: FastifyRequest, authenticate: AccessOptions['authenticate']): void {
  try {
    request.principal = authenticate(request.headers.authorization);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    request.refusal = error;
  }
}

/** @throws Problem API_KEY_…, ACCESS_DENIED, SCOPE_MISSING */
function authorise(request: FastifyRequest): void {
  const { access, scope } = request.routeOptions.config;
  if (request.is404 || access === 'public') return;
  if (request.principal === undefined) throw request.refusal ?? new Problem('API_KEY_MISSING');
  if (access === 'key') return;
  require(access === 'partner' || request.principal.type === 'registrar', 'ACCESS_DENIED', { access: access ?? 'none' });
  require(scope !== undefined && request.principal.scopes.has(scope), 'SCOPE_MISSING', { scope: scope ?? '' });
}

/** Who calls a route that is not public. */
export function principalOf(request: FastifyRequest): Principal {
  if (request.principal === undefined) throw new Error('a route without a principal behind the gate');
  return request.principal;
}
