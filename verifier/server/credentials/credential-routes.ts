/** All routes of credentials, apart from the others because bodies are read here. */
import type { FastifyInstance } from 'fastify';
import { errorAnswer } from '../error-answer.js';
import { sendScript } from '../fixed-routes.js';
import { SCRIPT_FOLDER, scriptNamed } from './credential-scripts.js';
import type { CredentialService } from './credential-service.js';
import { pastedRoutes } from './pasted-routes.js';
import { readPostedBodies } from './posted-body.js';
import { printedRoutes } from './printed-routes.js';
import { trustRoutes } from './trust-routes.js';

export function credentialRoutes(app: FastifyInstance, service: CredentialService): void {
  readPostedBodies(app);
  app.setErrorHandler(errorAnswer(service, true));
  printedRoutes(app, service);
  pastedRoutes(app, service);
  trustRoutes(app, service);
  app.get<{ Querystring: { h?: string }; Params: { file: string } }>(`${SCRIPT_FOLDER}/:file`, async (request, reply) => sendScript(service, scriptNamed(service.scripts, request.params.file), request, reply));
  app.addHook('onListen', async () => service.worker.start());
  app.addHook('onClose', async () => service.worker.close());
}
