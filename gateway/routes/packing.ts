/** Goods go into logistic units and come out; SSCCs for new units. */
import type { FastifyInstance } from 'fastify';
import { Problem, require } from '#domain/errors.js';
import { parseCompanyPrefix } from '#domain/gs1/company-prefix.js';
import { ssccKey } from '#domain/gs1/item-key.js';
import type { OrganisationId } from '#domain/registry/organisation.js';
import { object, optional, parsedBy, wholeNumber } from '#domain/shape.js';
import { principalOf } from '../access.js';
import { PACKING, UNPACKING } from '../forms/movement-forms.js';
import { listSchema, objectSchema, type RequestForm } from '../forms/request-form.js';
import { ITEM, SSCC } from '../forms/schema-parts.js';
import { described } from '../openapi.js';
import type { Services } from '../services.js';
import { answers } from './answers.js';
import { idempotencyOf, writeRoutes, bodySchema } from './write-route.js';

const TAG = 'packing';
/** Numbers of one request. */
const MOST_SSCCS = 1000;

export const SSCC_ORDER = {
  shape: object({ count: wholeNumber(1, MOST_SSCCS), prefix: optional(parsedBy(parseCompanyPrefix)) }),
  schema: objectSchema({ count: { type: 'integer', minimum: 1, maximum: MOST_SSCCS } }, { prefix: { type: 'string', pattern: '^\\d{4,12}$' } }),
  example: { count: 2, prefix: '9520000' },
} as const satisfies RequestForm;

export function packingRoutes(app: FastifyInstance, services: Services): void {
  writeRoutes(app, services, [
    { url: '/v1/packings', tag: TAG, summary: 'Put goods into a logistic unit', transaction: 'goods:pack', form: PACKING },
    { url: '/v1/unpackings', tag: TAG, summary: 'Take goods out of a logistic unit', transaction: 'goods:unpack', form: UNPACKING },
  ]);
  takeSsccs(app, services);
}

function takeSsccs(app: FastifyInstance, services: Services): void {
  const units = listSchema(objectSchema({ sscc: SSCC, item: ITEM }), { min: 1, max: MOST_SSCCS });
  const schema = described({ tags: [TAG], summary: 'Take the next free SSCCs', repeatable: true, body: bodySchema(SSCC_ORDER), response: answers(objectSchema({ units }), '201') });
  app.route({
    method: 'POST', url: '/v1/sscc', config: { access: 'partner', scope: 'labels:write' }, schema,
    handler: async (request, reply) => {
      const principal = principalOf(request);
      const wanted = SSCC_ORDER.shape(request.body);
      const key = idempotencyOf(request, principal, JSON.stringify(wanted));
      const ssccs = await services.requests.once(key, async () => {
        const prefix = await prefixOf(services, principal.organisation, wanted.prefix);
        const taken = await services.ssccs.take(prefix, wanted.count, (unit) => services.records.load(unit, 'unit') !== undefined);
        return { decided: taken.ssccs, changes: taken.changes };
      });
      reply.code(201);
      return { units: ssccs.map((sscc) => ({ sscc, item: ssccKey(sscc) })) };
    },
  });
}

/** The prefix named, if it is the organisation's own; else its first. Throws PREFIX_NOT_HELD. */
async function prefixOf({ records }: Services, organisation: OrganisationId, wanted: string | undefined): Promise<string> {
  for await (const { stateKey } of records.entries('prefix-of', `${organisation} `)) {
    const prefix = records.load(stateKey, 'company-prefix')?.prefix;
    if (prefix !== undefined && (wanted === undefined || prefix === wanted)) return prefix;
  }
  require(wanted !== undefined, 'PREFIX_NOT_HELD', { number: 'SSCC', organisation });
  throw new Problem('PREFIX_NOT_HELD', { number: wanted, organisation });
}
