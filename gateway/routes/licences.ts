/** Licences are recorded, suspended, reinstated and revoked; with what makes them credentials, in one transaction. */
import type { FastifyInstance } from 'fastify';
import { LICENCE, REVOCATION, SUSPENSION, type LicenceOrder, type RevocationOrder } from '../forms/licence-forms.js';
import { described } from '../openapi.js';
import type { Services } from '../services.js';
import { SCOPE_OF_TRANSACTION, type SingleTransaction } from '../tenants/transaction-scopes.js';
import { answersOfWrite, pathSchema } from './answers.js';
import { stepAnswer, submitSteps, type WriteStep } from './step-write.js';
import { bodySchema, joinPath } from './write-route.js';

const TAG = 'chemicals';
const write = (transaction: SingleTransaction) => ({ access: 'partner', scope: SCOPE_OF_TRANSACTION[transaction] }) as const;

export function licenceRoutes(app: FastifyInstance, services: Services): void {
  recordLicence(app, services);
  revokeLicence(app, services);
  suspensionRoute(app, services, { url: '/v1/licences/:id/suspension', transaction: 'chemical:suspendLicence', summary: 'Suspend a licence from now on, and so the credential that it is; with its status list' });
  suspensionRoute(app, services, { url: '/v1/licences/:id/reinstatement', transaction: 'chemical:reinstateLicence', summary: 'Lift the suspension of a licence, and so of the credential that it is; with its status list' });
}

function recordLicence(app: FastifyInstance, services: Services): void {
  const schema = described({ tags: [TAG], summary: 'Record a licence; as a credential with its commitment', repeatable: true, body: bodySchema(LICENCE), response: answersOfWrite(true) });
  app.route({
    method: 'POST', url: '/v1/licences', config: write('chemical:recordLicence'), schema,
    handler: async (request, reply) => {
      const order = LICENCE.shape(request.body);
      const steps = stepsOfLicence(order);
      const answer = await submitSteps(services, request, steps);
      if (answer.status === 'committed') reply.code(201).header('Location', `/v1/licences/${order.id}`);
      return stepAnswer(answer, steps, reply);
    },
  });
}

/** The commitment comes first: the licence is refused without it. */
function stepsOfLicence({ credential, replaces, statusLists = [], ...licence }: LicenceOrder): WriteStep[] {
  return [
    ...(credential === undefined ? [] : commitments(credential)),
    { transaction: 'chemical:recordLicence', request: credential === undefined ? licence : { ...licence, credential: withoutCount(credential) }, place: '' },
    ...(replaces === undefined ? [] : [{ transaction: 'chemical:revokeLicence', request: { ...replaces, replacedBy: licence.id }, place: 'replaces' } as const]),
    ...publications(statusLists),
  ];
}

type Credential = NonNullable<LicenceOrder['credential']>;

function commitments({ did, root, count }: Credential): WriteStep[] {
  return count === undefined ? [] : [{ transaction: 'trust:commitCredentials', request: { did, root, count }, place: 'credential' }];
}

function withoutCount({ count: _count, ...reference }: Credential): Omit<Credential, 'count'> {
  return reference;
}

function revokeLicence(app: FastifyInstance, services: Services): void {
  const schema = described({
    tags: [TAG], summary: 'Revoke a licence from a day on, and so the credential that it is; with its status list', repeatable: true,
    params: pathSchema('id'), body: bodySchema(REVOCATION, ['id']), response: answersOfWrite(false),
  });
  app.route({
    method: 'POST', url: '/v1/licences/:id/revocation', config: write('chemical:revokeLicence'), schema,
    handler: async (request, reply) => {
      const order = REVOCATION.shape(joinPath(request.body, request.params as Readonly<Record<string, string>>, { id: 'id' }));
      const steps = stepsOfRevocation(order);
      return stepAnswer(await submitSteps(services, request, steps), steps, reply);
    },
  });
}

function stepsOfRevocation({ statusLists = [], credential, ...revocation }: RevocationOrder): WriteStep[] {
  return [
    { transaction: 'chemical:revokeLicence', request: revocation, place: '' },
    ...(credential === undefined ? [] : [{ transaction: 'trust:revokeCredential', request: credential, place: 'credential' } as const]),
    ...publications(statusLists),
  ];
}

interface SuspensionRoute {
  readonly url: string;
  readonly transaction: 'chemical:suspendLicence' | 'chemical:reinstateLicence';
  readonly summary: string;
}

function suspensionRoute(app: FastifyInstance, services: Services, { url, transaction, summary }: SuspensionRoute): void {
  const schema = described({ tags: [TAG], summary, repeatable: true, params: pathSchema('id'), body: bodySchema(SUSPENSION, ['id']), response: answersOfWrite(false) });
  app.route({
    method: 'POST', url, config: write(transaction), schema,
    handler: async (request, reply) => {
      const { statusLists = [], ...suspension } = SUSPENSION.shape(joinPath(request.body, request.params as Readonly<Record<string, string>>, { id: 'id' }));
      const steps: WriteStep[] = [{ transaction, request: suspension, place: '' }, ...publications(statusLists)];
      return stepAnswer(await submitSteps(services, request, steps), steps, reply);
    },
  });
}

function publications(lists: NonNullable<LicenceOrder['statusLists']>): WriteStep[] {
  return lists.map((request, index) => ({ transaction: 'trust:publishStatusList', request, place: `statusLists[${index}]` }));
}
