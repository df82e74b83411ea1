/** EPCIS and files: the interfaces that work in the background, given what they need of the gateway. */
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { principalOf } from './access.js';
import { recordedEvents, recordedRegister } from './epcis/record-events.js';
import { epcisRoutes } from './epcis/routes.js';
import { foreseenBy } from './import/record-foresight.js';
import { importRoutes } from './import/routes.js';
import type { Submit } from './jobs/ledger-writer.js';
import { submitFor } from './routes/write-route.js';
import type { Services } from './services.js';

/** Adds both; they take up what an earlier run left open. */
export async function addBulkInterfaces(app: FastifyInstance, services: Services): Promise<void> {
  const { records, requests, settings, store, clock, randomBytes } = services;
  const submit = submitJob(services);
  const common = { submit, store, clock, randomBytes, principal: principalOf, onFault: (error: unknown) => app.log.error({ err: error }, 'job') };
  await app.register(epcisRoutes({ ...common, events: recordedEvents(records), register: recordedRegister(records) }));
  await app.register(importRoutes({ ...common, requests, foresee: foreseenBy(records), directory: join(settings.dataFolder, 'gateway', 'imports') }));
}

/** Writes of jobs, each under the key that its job gave it. */
function submitJob(services: Services): Submit {
  return ({ owner, transaction, argument, key }) => (
    submitFor(services, owner, { transaction, text: argument, key: { principal: owner.organisation, key, body: argument } }));
}
