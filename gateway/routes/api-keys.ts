/** API keys: made for an organisation by the operator, shown once, listed without their secret, revoked. */
import type { FastifyInstance } from 'fastify';
import { Problem, require } from '#domain/errors.js';
import { epochMs, instantOf, parseInstant, type Instant } from '#domain/instant.js';
import { distinct, object, optional, parsedBy, text, type Parsed, type Shape } from '#domain/shape.js';
import { principalOf } from '../access.js';
import { listSchema, objectSchema, type RequestForm } from '../forms/request-form.js';
import { choice, INSTANT, line, ORGANISATION } from '../forms/schema-parts.js';
import { described } from '../openapi.js';
import type { Services } from '../services.js';
import type { ApiKeyOrder } from '../tenants/api-keys.js';
import { isScope, SCOPES, SCOPES_OF_TYPE, type OrganisationType, type Scope } from '../tenants/scopes.js';
import { answers, pathSchema } from './answers.js';
import { organisationOf } from './organisations.js';
import { pathParameter } from './paging.js';
import { idempotencyOf, bodySchema } from './write-route.js';

const TAG = 'organisations';
const OPERATOR = { access: 'operator', scope: 'registry:write' } as const;
const USUAL_LIFE_MS = 365 * 24 * 3_600_000;
const LONGEST_LIFE_MS = 2 * USUAL_LIFE_MS;

const scope: Shape<Scope> = (value) => {
  if (!isScope(value)) throw new Problem('FIELD_WRONG_VALUE', { expected: 'a scope of the list' });
  return value;
};

export const API_KEY = {
  shape: object({ label: text(100), scopes: optional(distinct(scope, { min: 1, max: 30 })), expiresAt: optional(parsedBy(parseInstant)) }),
  schema: objectSchema({ label: line(100, 'whose or what for') }, {
    scopes: listSchema(choice(...Object.keys(SCOPES)), { min: 1, max: 30, distinct: true }),
    expiresAt: { ...INSTANT, description: 'a year from now where absent, at most two' },
  }),
  example: { label: 'Máy quét kho 1', scopes: ['goods:read', 'goods:write'], expiresAt: '2027-11-20T00:00:00Z' },
} as const satisfies RequestForm;

const instant = { type: 'string', format: 'date-time' };
const KEY_VIEW = objectSchema({
  id: { type: 'string' }, organisation: ORGANISATION, type: { type: 'string' }, label: { type: 'string' },
  scopes: listSchema({ type: 'string' }, { max: 30 }), createdAt: instant, expiresAt: instant,
}, { lastUsedOn: { type: 'string' }, revokedAt: instant });

export function apiKeyRoutes(app: FastifyInstance, services: Services): void {
  issueKey(app, services);
  listKeys(app, services);
  revokeKey(app, services);
}

function issueKey(app: FastifyInstance, services: Services): void {
  const schema = described({
    tags: [TAG], summary: 'Make an API key; its text is shown this once', params: pathSchema('id'), repeatable: true, body: bodySchema(API_KEY),
    response: answers(objectSchema({ apiKey: KEY_VIEW }, { text: { type: 'string', description: 'absent when the request is repeated' } }), '201'),
  });
  app.route({
    method: 'POST', url: '/v1/organisations/:id/api-keys', config: OPERATOR, schema,
    handler: async (request, reply) => {
      const organisation = organisationOf(services.records, pathParameter(request, 'id'));
      const wanted = API_KEY.shape(request.body);
      const order = orderOf(wanted, organisation.type, services.clock.now());
      await services.identities.enrolAll(organisation.id, organisation.type);
      reply.code(201);
      const key = idempotencyOf(request, principalOf(request), JSON.stringify(wanted));
      const fresh = await issueOnce(services, key, { organisation: organisation.id, type: organisation.type, ...order });
      return { apiKey: services.keys.view(fresh.id), ...(fresh.text === undefined ? {} : { text: fresh.text }) };
    },
  });
}

/** The secret is not stored, so a repetition gets the key without it. */
async function issueOnce(services: Services, key: ReturnType<typeof idempotencyOf>, order: ApiKeyOrder): Promise<{ id: string; text?: string }> {
  let shown: string | undefined;
  const id = await services.requests.once(key, async () => {
    const issued = await services.keys.issue(order);
    shown = issued.text;
    return { decided: issued.key.id, changes: [] };
  });
  return shown === undefined ? { id } : { id, text: shown };
}

/** @throws Problem SCOPE_MISSING for a scope that an organisation of this type cannot have, FIELD_WRONG_VALUE */
function orderOf(wanted: Parsed<typeof API_KEY.shape>, type: OrganisationType, now: number): Pick<ApiKeyOrder, 'label' | 'scopes' | 'expiresAt'> {
  const possible = SCOPES_OF_TYPE[type];
  const scopes = wanted.scopes ?? possible;
  const beyond = scopes.find((one) => !possible.includes(one));
  require(beyond === undefined, 'FIELD_WRONG_VALUE', { field: 'scopes', expected: possible.join(' | ') });
  return { label: wanted.label, scopes, expiresAt: expiryOf(wanted.expiresAt, now) };
}

function expiryOf(wanted: Instant | undefined, now: number): Instant {
  if (wanted === undefined) return instantOf(now + USUAL_LIFE_MS);
  const life = epochMs(wanted) - now;
  require(life > 0 && life <= LONGEST_LIFE_MS, 'FIELD_WRONG_VALUE', { field: 'expiresAt', expected: 'within two years from now' });
  return wanted;
}

function listKeys(app: FastifyInstance, { keys, records }: Services): void {
  const schema = described({ tags: [TAG], summary: 'API keys of an organisation, without their secrets', params: pathSchema('id'), response: answers(objectSchema({ apiKeys: { type: 'array', items: KEY_VIEW } })) });
  app.route({
    method: 'GET', url: '/v1/organisations/:id/api-keys', config: OPERATOR, schema,
    handler: async (request) => (
      { apiKeys: keys.list(organisationOf(records, pathParameter(request, 'id')).id) }),
  });
}

function revokeKey(app: FastifyInstance, { keys }: Services): void {
  const schema = described({ tags: [TAG], summary: 'Revoke an API key, at once and for good', params: pathSchema('id'), response: answers(KEY_VIEW) });
  app.route({
    method: 'DELETE', url: '/v1/api-keys/:id', config: OPERATOR, schema,
    handler: async (request) => keys.revoke(pathParameter(request, 'id')),
  });
}
