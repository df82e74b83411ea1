/** How a job in the background writes: one transaction at a time, until the ledger has decided. */
import { Problem } from '#domain/errors.js';
import type { OrganisationId } from '#domain/registry/organisation.js';
import type { TransactionName } from '#domain/transactions.js';
import type { Clock } from '../ledger/clock.js';
import { LedgerFailure, type SubmitAnswer } from '../ledger/ledger.js';
import type { OrganisationType } from '../tenants/scopes.js';

/** For whom a job works; kept with it, so that it can go on after a restart. */
export interface JobOwner {
  readonly organisation: OrganisationId;
  readonly type: OrganisationType;
}

/** One transaction of a job. The same key always comes with the same argument. */
export interface JobTransaction {
  readonly owner: JobOwner;
  readonly transaction: TransactionName;
  /** the transaction's one argument: a request as JSON */
  readonly argument: string;
  /** e.g. `import-0192f…-12`: submitted again under it, nothing happens twice */
  readonly key: string;
}

/**
 * Submits a transaction under its key; the same key again is answered with the fate of the first.
 *
 * @throws Problem what the contract refused, OUTBOX_FULL, CALLER_NOT_ALLOWED; LedgerFailure
 */
export type Submit = (transaction: JobTransaction) => Promise<SubmitAnswer>;

export type Settled =
  | { readonly status: 'committed'; readonly transactionId: string; readonly result: string }
  | { readonly status: 'refused'; readonly problem: Problem }
  /** the program is stopping: what becomes of it is asked again, under the same key, at the next start */
  | { readonly status: 'stopped' };

const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 30_000;

/**
 * Submits until it is known what became of the transaction: a ledger that cannot be reached is asked again and again,
 * a refusal is final.
 *
 * @param signal aborted when the program stops
 */
export async function settle(submit: Submit, transaction: JobTransaction, clock: Clock, signal: AbortSignal): Promise<Settled> {
  let pause = FIRST_PAUSE_MS;
  while (!signal.aborted) {
    const answer = await tried(submit, transaction);
    if (answer !== 'pending' && answer !== 'unreachable') return answer;
    await clock.wait(pause, signal);
    pause = answer === 'pending' ? FIRST_PAUSE_MS : Math.min(LONGEST_PAUSE_MS, pause * 2);
  }
  return { status: 'stopped' };
}

/** `pending` comes after a wait of its own. */
async function tried(submit: Submit, transaction: JobTransaction): Promise<Settled | 'pending' | 'unreachable'> {
  try {
    const answer = await submit(transaction);
    return answer.status === 'pending' ? 'pending' : { status: 'committed', transactionId: answer.transactionId, result: answer.result };
  } catch (error) {
    const problem = error instanceof LedgerFailure ? error.asProblem() : error;
    if (!(problem instanceof Problem)) throw error;
    return mayPass(problem) ? 'unreachable' : { status: 'refused', problem };
  }
}

/** Nothing is wrong with the request: the same again may succeed. */
function mayPass(problem: Problem): boolean {
  return problem.kind === 'unavailable' || problem.code === 'LEDGER_CONFLICT';
}
