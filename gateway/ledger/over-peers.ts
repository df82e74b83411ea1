/** One call, with whichever peer can answer it: the first in order, and the next where that one cannot be asked. */
import { deferred } from './deferred.js';
import { LedgerFailure, type Stage } from './ledger.js';
import type { PeerLink } from './peer-link.js';
import type { PeerWatch } from './peer-watch.js';
import { refusesBytes, retryAfterGrpc } from './retry.js';

const UNAVAILABLE = 14;

type Watch = Pick<PeerWatch, 'links' | 'lost' | 'isSilent' | 'suspect' | 'heard'>;

/**
 * Asks one peer after the other until one answers. A refusal by the contract is an answer.
 *
 * @param call has no effect, or the same one however often it is made
 * @returns the first answer
 * @throws the first failure, if none answers
 */
export async function overPeers<T>(watch: Watch, stage: Exclude<Stage, 'submit'>, call: (link: PeerLink) => Promise<T>): Promise<T> {
  const failures: unknown[] = [];
  for (const link of watch.links()) {
    // Found silent since the call began: whoever waited for others that wait for it is not made to wait for it again.
    if (failures.length > 0 && watch.isSilent(link)) continue;
    try {
      return await asked(watch, link, stage, call);
    } catch (error) {
      if (!(error instanceof LedgerFailure) || error.retry === 'no') throw failures[0] ?? error;
      failures.push(error);
    }
  }
  throw failures[0];
}

/**
 * Sends one transaction through one peer after the other, until one says that it was taken, or peers of enough organisations
 * refuse it. One that refuses may have passed it on all the same: its word alone decides nothing.
 *
 * @param agreeing how many organisations must refuse it, e.g. 2
 * @throws LedgerFailure a refusal, if so many refuse it: with retry `no` where no peer can have passed it on unless it lies,
 *   `same-id` where one failed with it on the way; otherwise the first failure that is none, or `UNAVAILABLE`, with `same-id`
 */
export async function sendOverPeers(watch: Watch, agreeing: number, call: (link: PeerLink) => Promise<unknown>): Promise<void> {
  const failures: LedgerFailure[] = [];
  const refusing = new Set<string>();
  for (const link of watch.links()) {
    if (failures.length > 0 && watch.isSilent(link)) continue;
    try {
      await asked(watch, link, 'submit', call);
      return;
    } catch (error) {
      if (!(error instanceof LedgerFailure)) throw failures[0] ?? error;
      failures.push(error);
      if (refusesBytes(error.code)) refusing.add(link.peer.mspId);
      if (refusing.size >= agreeing) throw agreedRefusal(error, failures);
    }
  }
  throw failures.find(({ code }) => !refusesBytes(code)) ?? undecided(refusing, agreeing, failures[0]);
}

/** @param failures all that there were, the refusal among them */
function agreedRefusal(refusal: LedgerFailure, failures: readonly LedgerFailure[]): LedgerFailure {
  if (failures.every(({ retry }) => retry === 'no')) return refusal;
  const { stage, transactionId, code } = refusal;
  return new LedgerFailure({ stage, transactionId, retry: 'same-id', code }, 'refused, but perhaps ordered all the same', refusal);
}

function undecided(refusing: ReadonlySet<string>, agreeing: number, refusal: LedgerFailure | undefined): LedgerFailure {
  const at = { stage: 'submit', transactionId: refusal?.transactionId ?? '', retry: 'same-id', code: 'UNAVAILABLE' } as const;
  return new LedgerFailure(at, `refused by ${[...refusing].join(', ')} alone, ${agreeing} organisations must`, refusal);
}

/** Asks one peer, and learns from it whether the peer is there. */
async function asked<T>(watch: Watch, link: PeerLink, stage: Stage, call: (link: PeerLink) => Promise<T>): Promise<T> {
  try {
    const answer = await unlessLost(watch.lost(link), stage, () => call(link));
    watch.heard(link);
    return answer;
  } catch (error) {
    if (!(error instanceof LedgerFailure)) watch.heard(link);
    else if (maybeOwnFault(error)) void watch.suspect(link);
    throw error;
  }
}

/** Perhaps the peer itself cannot be reached, or says nothing; perhaps others cannot, whom it asks in turn. */
function maybeOwnFault({ code }: LedgerFailure): boolean {
  return code === 'UNAVAILABLE' || code === 'DEADLINE_EXCEEDED' || code === 'CANCELLED';
}

const LOST = Symbol('lost');

/** A peer that is found lost while it is asked is not waited for. */
async function unlessLost<T>(lost: AbortSignal, stage: Stage, call: () => Promise<T>): Promise<T> {
  if (lost.aborted) return call();
  const gone = deferred<typeof LOST>();
  const give = (): void => gone.resolve(LOST);
  lost.addEventListener('abort', give, { once: true });
  try {
    const answer = await Promise.race([call(), gone.promise]);
    if (answer !== LOST) return answer;
    throw new LedgerFailure({ stage, retry: retryAfterGrpc(stage, UNAVAILABLE), code: 'UNAVAILABLE' }, 'the peer was lost while it was asked');
  } finally {
    lost.removeEventListener('abort', give);
  }
}
