/** Labels to print, as a PDF that is made while it is sent. */
import { once } from 'node:events';
import { Transform, type Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { require } from '#domain/errors.js';
import { SERIAL_RANDOM_BYTES, serialFromRandom } from '#domain/gs1/serial-number.js';
import type { Parsed } from '#domain/shape.js';
import { principalOf } from '../access.js';
import { LABELS } from '../forms/serial-forms.js';
import type { Label, LabelJob } from '../labels/label-job.js';
import type { PrinterDpi } from '../labels/media.js';
import { labelFileName, renderLabels } from '../labels/render.js';
import { described } from '../openapi.js';
import { itemLabels, unitLabels } from '../serials/label-jobs.js';
import type { Services } from '../services.js';
import type { Principal } from '../tenants/principal.js';
import { answers } from './answers.js';
import { bodySchema } from './write-route.js';

type LabelRequest = Parsed<typeof LABELS.shape>;

const PDF = { '200': { description: 'PDF', content: { 'application/pdf': { schema: { type: 'string', format: 'binary' } } } } };

/** Jobs rendered at once: each keeps a processor busy for as long as it lasts. */
const MOST_JOBS = 4;

export function labelRoutes(app: FastifyInstance, services: Services): void {
  const turns = new Turns(MOST_JOBS);
  const schema = described({ tags: ['serials'], summary: 'Print labels of an order, of serials or of logistic units', body: bodySchema({ schema: LABELS.schema, example: { order: LABELS.example.order, media: 'a4-24', language: 'vi' } }), response: { ...answers({}), ...PDF } });
  app.route({
    method: 'POST', url: '/v1/labels', config: { access: 'partner', scope: 'labels:write' }, schema,
    handler: async (request, reply) => {
      const wanted = LABELS.shape(request.body);
      const principal = principalOf(request);
      const job = await jobOf(services, principal, wanted);
      const pdf = await turns.take(() => startRendering(job, async () => notePrinted(services, principal, wanted, job.labels.length)));
      return reply.type('application/pdf').header('Content-Disposition', `attachment; filename="${labelFileName(job)}"`).send(pdf);
    },
  });
}

/** So many streams at once, and no more. */
class Turns {
  readonly #most: number;
  #taken = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** Begins a stream whose turn lasts until it is closed. Throws OVERLOADED. */
  async take<T extends Readable>(begin: () => Promise<T>): Promise<T> {
    require(this.#taken < this.#most, 'OVERLOADED', { most: String(this.#most) });
    this.#taken++;
    try {
      const stream = await begin();
      stream.once('close', () => this.#taken--);
      return stream;
    } catch (error) {
      this.#taken--;
      throw error;
    }
  }
}

async function jobOf(services: Services, principal: Principal, wanted: LabelRequest): Promise<LabelJob> {
  const { media, language, dpi, order } = wanted;
  return {
    jobId: order ?? `L-${serialFromRandom(services.randomBytes(SERIAL_RANDOM_BYTES))}`,
    host: services.settings.linkHost, media, language,
    labels: await labelsOf(services, principal, wanted),
    ...(dpi === undefined ? {} : { dpi: dpi as PrinterDpi }), // the job's own check refuses any other
  };
}

async function labelsOf({ records, orders, settings }: Services, { organisation }: Principal, { order, serials, units }: LabelRequest): Promise<readonly Label[]> {
  const given = [order, serials, units].filter((one) => one !== undefined).length;
  require(given === 1, given === 0 ? 'FIELD_MISSING' : 'FIELD_UNKNOWN', { field: given === 0 ? 'order' : 'units', expected: 'one of order, serials, units' });
  if (units !== undefined) return unitLabels(records, settings.linkHost, organisation, units);
  if (serials !== undefined) return itemLabels(records, settings.linkHost, organisation, serials, serials.serials);
  const known = await orders.load(order ?? '', organisation);
  return itemLabels(records, settings.linkHost, organisation, known, await orders.serials(known.id));
}

/**
 * @param beforeEnd runs when all is rendered, before whoever reads is told that this was all
 * @throws Problem whatever the job is refused for; then nothing was sent
 */
async function startRendering(job: LabelJob, beforeEnd: () => Promise<void>): Promise<Transform> {
  const output = new Transform({
    transform: (chunk, _encoding, done) => done(null, chunk),
    flush: (done) => void settle(beforeEnd, done),
  });
  const rendering = renderLabels(job, output);
  // A refusal comes before the first byte; what fails later ends the stream.
  rendering.catch((error: unknown) => output.destroy(error instanceof Error ? error : new Error(String(error))));
  await Promise.race([rendering, once(output, 'readable')]);
  return output;
}

async function settle(work: () => Promise<void>, done: (failure?: Error) => void): Promise<void> {
  let failure: Error | undefined;
  try {
    await work();
  } catch (error) {
    failure = error instanceof Error ? error : new Error(String(error));
  }
  done(failure);
}

async function notePrinted({ orders }: Services, { organisation }: Principal, { order }: LabelRequest, printed: number): Promise<void> {
  if (order !== undefined) await orders.change(order, organisation, async (before) => ({ ...before, printed: before.printed + printed }));
}
