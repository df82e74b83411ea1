/** What nobody waits for: what was cut short is finished, and status lists are signed anew in time. */
import type { FastifyBaseLogger } from 'fastify';
import type { IssuerServices } from './services.js';

const EVERY_MS = 15_000;

type Log = Pick<FastifyBaseLogger, 'warn'>;

/**
 * Tries once to finish everything that is begun. What cannot be finished now is left for the next time.
 *
 * @returns how much is left
 */
export async function finishWork({ rows, settling, lists }: Pick<IssuerServices, 'rows' | 'settling' | 'lists'>, log: Log): Promise<number> {
  let left = 0;
  const attempt = async (what: string, work: () => Promise<unknown>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      left++;
      log.warn({ err: error, what }, 'not finished yet');
    }
  };
  for (const id of await rows.pending()) await attempt('credential', async () => settling.settle(id));
  for (const name of lists.due()) await attempt('status list', async () => lists.publish(name));
  return left;
}

/** @returns ends it, when what is under way is done */
export function keepFinishing(services: IssuerServices, log: Log): () => Promise<void> {
  let running = finishWork(services, log).catch(() => 0); // a store that fails tells of it itself
  const timer = setInterval(() => {
    running = running.then(async () => finishWork(services, log)).catch(() => 0);
  }, EVERY_MS);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await running;
  };
}
