/** Bulk issuing as a part of the issuer: `startIssuer(settings, { gateway, more: withBatches(gateway) })`. */
import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import type { AddRoutes } from '../app.js';
import type { GatewayApi } from '../ledger/gateway-api.js';
import type { IssuerParts } from '../start.js';
import { BatchDesk } from './batch-desk.js';
import { batchRoutes } from './batch-routes.js';
import { BatchRows } from './batch-rows.js';
import { institutionOf } from './institution.js';
import { IssuedDiplomas } from './issued-diplomas.js';

/**
 * @param gateway asked how the registry describes an institution
 * @returns what `startIssuer` takes as `more`
 */
export function withBatches(gateway: GatewayApi): (parts: IssuerParts) => readonly AddRoutes[] {
  return (parts) => [async (app) => batchRoutes(await openBatches(parts, gateway, app))(app)];
}

async function openBatches(parts: IssuerParts, gateway: GatewayApi, app: Pick<FastifyInstance, 'log'>): Promise<Parameters<typeof batchRoutes>[0]> {
  const batches = await BatchRows.open(parts.store);
  const { rows: credentials, settings: { verifierOrigin: verifier } } = parts;
  const desk = new BatchDesk({
    ...parts, batches, randomBytes, wait: waitUntil,
    institutionOf: async (caller) => institutionOf(gateway, caller),
    onFault: (error) => app.log.error({ err: error }, 'batch'),
  });
  return { desk, issued: new IssuedDiplomas({ batches, credentials, verifier }), verifier };
}

async function waitUntil(ms: number, signal: AbortSignal): Promise<void> {
  await pause(ms, undefined, { signal }).catch(() => undefined); // aborted: the program stops
}
