/** What became of a transaction. */
import type { FastifyInstance } from 'fastify';
import { require } from '#domain/errors.js';
import { principalOf } from '../access.js';
import { objectSchema } from '../forms/request-form.js';
import { choice, HEIGHT, TRANSACTION_ID } from '../forms/schema-parts.js';
import type { TransactionOutcome } from '../ledger/ledger.js';
import { described } from '../openapi.js';
import type { Services } from '../services.js';
import { answers, anything, pathSchema } from './answers.js';

const OUTCOME = objectSchema({ status: choice('committed', 'rejected', 'pending'), transactionId: TRANSACTION_ID }, {
  block: HEIGHT, result: anything('what the contract answered'),
  code: { type: 'string', description: 'why it was rejected, in Fabric\'s words' },
  retry: choice('same-id', 'new-id', 'no'),
});

export function transactionRoutes(app: FastifyInstance, { ledger, owners }: Services): void {
  const schema = described({ tags: ['transactions'], summary: 'What became of a transaction of the caller\'s', params: pathSchema('id'), response: answers(OUTCOME) });
  app.route({
    method: 'GET', url: '/v1/transactions/:id', config: { access: 'partner', scope: 'transactions:read' }, schema,
    handler: async (request) => {
      const { id } = request.params as { readonly id: string };
      const owner = await owners.ownerOf(id);
      require(owner === principalOf(request).organisation, 'TRANSACTION_ID_UNKNOWN', { transaction: id.slice(0, 64) });
      const outcome = await ledger.outcome(id);
      require(outcome.status !== 'unknown', 'TRANSACTION_ID_UNKNOWN', { transaction: id.slice(0, 64) });
      return outcomeBody(outcome);
    },
  });
}

function outcomeBody(outcome: TransactionOutcome): Record<string, unknown> {
  if (outcome.status !== 'committed') return { ...outcome };
  return { ...outcome, block: String(outcome.block), result: JSON.parse(outcome.result) as unknown };
}
