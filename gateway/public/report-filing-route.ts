/** Where a public site in another process hands on citizens' reports. Anybody may file one; nobody reads any here. */
import type { FastifyInstance } from 'fastify';
import { CITIZEN_REPORT } from '../forms/report-forms.js';
import { objectSchema } from '../forms/request-form.js';
import { INSTANT } from '../forms/schema-parts.js';
import { described } from '../openapi.js';
import { answers } from '../routes/answers.js';
import { bodySchema } from '../routes/write-route.js';
import type { Services } from '../services.js';

const FILED = objectSchema({ reference: { type: 'string', pattern: '^BC-[2-9A-HJ-NP-Z]{12}$' }, receivedAt: INSTANT });

export function reportFilingRoute(app: FastifyInstance, { inbox }: Pick<Services, 'inbox'>): void {
  const schema = described({ tags: ['public'], summary: 'File a citizen\'s report; the answer comes when it is on the disk', body: bodySchema(CITIZEN_REPORT), response: answers(FILED, '201') });
  app.route({
    method: 'POST', url: '/v1/public/citizen-reports', config: { access: 'public' }, schema,
    handler: async (request, reply) => {
      const filed = await inbox.file(CITIZEN_REPORT.shape(request.body), request.ip);
      reply.code(201);
      return filed;
    },
  });
}
