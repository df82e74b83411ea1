/** Goods leave circulation, go astray, are found again, are held and released. */
import type { FastifyInstance } from 'fastify';
import { ENDING, HOLD, RECOVERY, RELEASE, REPORT } from '../forms/movement-forms.js';
import type { Services } from '../services.js';
import { writeRoutes } from './write-route.js';

const COMMON = { tag: 'endings' } as const;

export function endingRoutes(app: FastifyInstance, services: Services): void {
  writeRoutes(app, services, [
    { ...COMMON, url: '/v1/endings', summary: 'Goods are sold, used, taken out of use or destroyed', transaction: 'goods:end', form: ENDING },
    { ...COMMON, url: '/v1/reports', summary: 'Goods are lost or stolen', transaction: 'goods:report', form: REPORT },
    { ...COMMON, url: '/v1/recoveries', summary: 'Goods that were gone are back', transaction: 'goods:recover', form: RECOVERY },
    { ...COMMON, url: '/v1/holds', summary: 'Goods are ordered not to move', transaction: 'goods:hold', form: HOLD },
    { ...COMMON, url: '/v1/releases', summary: 'Goods on hold may move again', transaction: 'goods:release', form: RELEASE },
  ]);
}
