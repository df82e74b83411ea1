/** EPCIS 2.0 at its standard paths under `/epcis`, as a Fastify plugin. */
import type { FastifyInstance } from 'fastify';
import { readStrictBodies } from '../strict-body.js';
import { captureRoutes } from './capture-routes.js';
import { CaptureService } from './capture-service.js';
import { discoveryRoutes } from './discovery-routes.js';
import { answerException } from './exception.js';
import { PageTokens } from './page-token.js';
import type { EpcisDependencies } from './ports.js';
import { queryRoutes } from './query-routes.js';

const SECRET_BYTES = 32;

/**
 * @returns a plugin to be registered behind the gate that authorises requests: `app.register(epcisRoutes(deps))`. It
 *   takes up the captures that an earlier run left open, and stops at the end of the step under way when the
 *   application closes
 */
export function epcisRoutes(deps: EpcisDependencies): (app: FastifyInstance) => Promise<void> {
  return async (app) => {
    const captures = new CaptureService(deps);
    await captures.open();
    app.addHook('onClose', () => captures.close());
    app.setErrorHandler(answerException);
    readStrictBodies(app);
    const routing = { deps, captures, tokens: new PageTokens(deps.randomBytes(SECRET_BYTES), deps.clock) };
    discoveryRoutes(app);
    captureRoutes(app, routing);
    queryRoutes(app, routing);
  };
}
