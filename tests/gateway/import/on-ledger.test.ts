import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { guardRoutes, principalOf } from '../../../gateway/access.js';
import { foreseenBy } from '../../../gateway/import/record-foresight.js';
import { importRoutes } from '../../../gateway/import/routes.js';
import type { Submit } from '../../../gateway/jobs/ledger-writer.js';
import { answerError } from '../../../gateway/problem.js';
import { mustBe, runGateway, type Caller, type RunningGateway } from '../app/running-gateway.js';
import { TEA, teaLot, teaProduct } from '../app/sample-goods.js';
import { gtinOf, productFile, productRow, serialFile } from './sample-files.js';

let gateway: RunningGateway;
let maker: Caller;
let app: FastifyInstance;

/** The import's own routes over the running gateway's ledger, read model and keys. */
beforeAll(async () => {
  gateway = await runGateway();
  maker = await gateway.enrol('che-shan', 'enterprise', '15', '952000');
  mustBe(201, await maker.post('/v1/products', teaProduct));
  mustBe(201, await maker.post(`/v1/products/${TEA}/lots`, teaLot));
  const { services } = gateway;
  const submit: Submit = async ({ owner, transaction, argument, key }) => {
    const identity = await services.identities.identityFor(owner.organisation, owner.type, transaction);
    const answer = await services.ledger.submit(transaction, [argument], { identity, idempotency: { principal: owner.organisation, key, body: argument } });
    if (answer.status === 'committed') await services.model.waitFor(answer.block);
    return answer;
  };
  app = Fastify();
  app.setErrorHandler(answerError);
  guardRoutes(app, { authenticate: (header) => services.keys.authenticate(header) });
  await app.register(importRoutes({
    submit, foresee: foreseenBy(services.records), store: services.store, requests: services.requests, directory: join(gateway.folder, 'imports'),
    clock: services.clock, randomBytes, principal: principalOf, onFault: (error) => { throw error; },
  }));
  await app.ready();
});
afterAll(async () => {
  await app.close();
  await gateway.remove();
});

type Job = Record<string, unknown> & { readonly id: string };

async function imported(query: string, body: string): Promise<Job> {
  const headers = { authorization: `Bearer ${maker.key}`, 'content-type': 'text/csv' };
  const { location } = (await app.inject({ method: 'POST', url: `/v1/imports?${query}`, headers, payload: body })).headers;
  for (;;) {
    const job = (await app.inject({ method: 'GET', url: String(location), headers })).json<Job>();
    if (job['finishedAt'] !== undefined) return job;
    await new Promise(setImmediate);
  }
}

describe('an import on a real ledger', () => {
  it('registers products and commissions serials, and knows the next time that they are there', async () => {
    const products = productFile(...Array.from({ length: 700 }, (_, n) => productRow(n + 100)));
    expect(await imported('kind=products', products)).toMatchObject({ state: 'done', rows: { read: 700, bad: 0, written: 700 } });
    expect(mustBe(200, await maker.get(`/v1/products/${gtinOf(799)}`)).text).toContain('Trà số 799');
    const serials = serialFile(...Array.from({ length: 1500 }, (_, n) => [TEA, teaLot.lot, `I${n}`]));
    expect(await imported('kind=serials', serials)).toMatchObject({ state: 'done', rows: { read: 1500, bad: 0, written: 1500 } });
    mustBe(200, await maker.get(`/v1/items?key=${encodeURIComponent(`/01/${TEA}/21/I1499`)}`));
    expect(await imported('kind=serials&dryRun=true&mode=skip-bad-rows', serials)).toMatchObject({ state: 'done', rows: { read: 1500, bad: 1500, written: 0 } });
  });
});
