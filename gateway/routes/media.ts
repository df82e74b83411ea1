/** Pictures of products. */
import type { FastifyInstance } from 'fastify';
import { require } from '#domain/errors.js';
import { objectSchema } from '../forms/request-form.js';
import { choice, DIGEST } from '../forms/schema-parts.js';
import { LARGEST_PICTURE } from '../media/media-store.js';
import { described } from '../openapi.js';
import type { Services } from '../services.js';
import { answers } from './answers.js';

const TYPES = ['image/jpeg', 'image/png', 'image/webp'] as const;
const STORED = objectSchema({ digest: DIGEST, type: choice(...TYPES), bytes: { type: 'integer' } });

export function mediaRoutes(app: FastifyInstance, services: Services): void {
  void app.register(async (pictures) => {
    pictures.removeAllContentTypeParsers();
    pictures.addContentTypeParser<Buffer>([...TYPES, 'application/octet-stream'], { parseAs: 'buffer', bodyLimit: LARGEST_PICTURE }, async (_request: unknown, body: Buffer) => body);
    storePicture(pictures, services);
  });
}

function storePicture(app: FastifyInstance, { media }: Services): void {
  const content = Object.fromEntries(TYPES.map((type) => [type, { schema: { type: 'string', format: 'binary' } }]));
  const schema = described({ tags: ['products'], summary: 'Store a picture, up to 2 MB; its digest goes into the product', body: { content }, response: answers(STORED, '201') });
  app.route({
    method: 'POST', url: '/v1/media', config: { access: 'partner', scope: 'media:write' }, schema,
    handler: async (request, reply) => {
      require(Buffer.isBuffer(request.body), 'CONTENT_TYPE_WRONG', { expected: TYPES.join(' | ') });
      const stored = await media.put(request.body);
      reply.code(201).header('Location', `/v1/public/media/${stored.digest}`);
      return stored;
    },
  });
}
