/** Who calls, as the gateway knows them: how other programs of the system learn a caller's rights. */
import type { FastifyInstance } from 'fastify';
import { principalOf } from '../access.js';
import { listSchema, objectSchema } from '../forms/request-form.js';
import { choice, ORGANISATION } from '../forms/schema-parts.js';
import { described } from '../openapi.js';
import type { Services } from '../services.js';
import { answers } from './answers.js';

const text = { type: 'string' };
const CALLER = objectSchema({
  organisation: ORGANISATION, type: choice('enterprise', 'authority', 'registrar', 'institution'), scopes: listSchema(text, { max: 40 }),
  key: objectSchema({ id: text, label: text }),
});

export function whoamiRoute(app: FastifyInstance, { keys }: Pick<Services, 'keys'>): void {
  const schema = described({ tags: ['organisations'], summary: 'The organisation behind the key, its type, and what the key may be used for', response: answers(CALLER) });
  app.route({
    method: 'GET', url: '/v1/whoami', config: { access: 'key' }, schema,
    handler: async (request) => {
      const { organisation, type, scopes, keyId } = principalOf(request);
      return { organisation, type, scopes: [...scopes].sort(), key: { id: keyId, label: keys.view(keyId).label } };
    },
  });
}
