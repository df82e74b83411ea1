/** Serials come into being: those named, or those of an order. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { canonicalJson } from '#domain/canonical-json.js';
import { require } from '#domain/errors.js';
import type { Serial } from '#domain/gs1/item-key.js';
import type { Parsed } from '#domain/shape.js';
import { principalOf } from '../access.js';
import { COMMISSION } from '../forms/movement-forms.js';
import { ORDER_COMMISSION } from '../forms/serial-forms.js';
import type { SubmitAnswer } from '../ledger/ledger.js';
import { described } from '../openapi.js';
import { inTransactions, serialsToApply } from '../serials/commission-order.js';
import type { Services } from '../services.js';
import type { Principal } from '../tenants/principal.js';
import { SCOPE_OF_TRANSACTION } from '../tenants/transaction-scopes.js';
import { answersOfWrite, pathSchema } from './answers.js';
import { answerOf, committedBody, idempotencyOf, joinPath, submitAs, submitFor, bodySchema } from './write-route.js';

const PATH = { gtin: 'gtin', lot: 'lot' } as const;

export function commissionRoutes(app: FastifyInstance, services: Services): void {
  const schema = described({
    tags: ['serials'], summary: 'Commission serials, or those of an order: the labels are on the goods', repeatable: true, params: pathSchema('gtin', 'lot'),
    body: { anyOf: [bodySchema(COMMISSION, ['gtin', 'lot']), bodySchema(ORDER_COMMISSION, ['gtin', 'lot'])] },
    response: answersOfWrite(false),
  });
  app.route({
    method: 'POST', url: '/v1/products/:gtin/lots/:lot/commission', config: { access: 'partner', scope: SCOPE_OF_TRANSACTION['goods:commission'] }, schema,
    handler: async (request, reply) => {
      const body = joinPath(request.body, request.params as Record<string, string>, PATH);
      if (Object.hasOwn(body, 'order')) return commissionOrder(services, request, reply, ORDER_COMMISSION.shape(body));
      COMMISSION.shape(body);
      return answerOf(await submitAs(services, request, 'goods:commission', body), reply);
    },
  });
}

type OrderCommission = Parsed<typeof ORDER_COMMISSION.shape>;

/** What was decided to be applied, so that the same request again applies the same. */
interface Plan {
  readonly serials: readonly Serial[];
}

async function commissionOrder(services: Services, request: FastifyRequest, reply: FastifyReply, wanted: OrderCommission): Promise<Record<string, unknown>> {
  const principal = principalOf(request);
  const order = await services.orders.load(wanted.order, principal.organisation);
  require(order.gtin === wanted.gtin && order.lot === wanted.lot, 'SERIAL_ORDER_UNKNOWN', { order: wanted.order });
  const key = idempotencyOf(request, principal, canonicalJson(wanted));
  return services.orders.alone(wanted.order, async () => {
    const all = await services.orders.serials(wanted.order);
    const plan = await services.requests.once<Plan>(key, async () => ({ decided: { serials: serialsToApply(order, all, wanted, services.records) }, changes: [] }));
    const answers = await applyAll(services, principal, wanted, plan.serials, key?.key);
    return summary(answers, plan.serials.length, reply);
  });
}

/** One transaction after the other: where one is refused, those before it stand, and asking again goes on from there. */
async function applyAll(services: Services, principal: Principal, wanted: OrderCommission, serials: readonly Serial[], key: string | undefined): Promise<SubmitAnswer[]> {
  const { gtin, lot, happenedAt, province } = wanted;
  const answers: SubmitAnswer[] = [];
  for (const [index, part] of inTransactions(serials).entries()) {
    const text = canonicalJson({ gtin, lot, serials: part, ...(happenedAt === undefined ? {} : { happenedAt }), ...(province === undefined ? {} : { province }) });
    const own = key === undefined ? {} : { key: { principal: `${principal.organisation}/${wanted.order}`, key: `${key.slice(0, 240)}.${index}`, body: text } };
    answers.push(await submitFor(services, principal, { transaction: 'goods:commission', text, ...own }));
  }
  return answers;
}

function summary(answers: readonly SubmitAnswer[], commissioned: number, reply: FastifyReply): Record<string, unknown> {
  const transactions = answers.map(({ transactionId }) => transactionId);
  const waiting = answers.find((answer) => answer.status === 'pending');
  if (waiting !== undefined) return { ...answerOf(waiting, reply), transactions };
  const last = answers.at(-1);
  if (last?.status !== 'committed') return { transactions, commissioned };
  return { ...committedBody(last), transactions, commissioned };
}
