/** One call, with whichever peer can answer it: the first in order, and the next where that one cannot be asked. */
import { deferred } from './deferred.js';
import { LedgerFailure, type Stage } from './ledger.js';
import type { PeerLink } from './peer-link.js';
import type { PeerWatch } from './peer-watch.js';
import { retryAfterGrpc } from './retry.js';

const UNAVAILABLE = 14;

type Watch = Pick<PeerWatch, 'links' | 'lost' | 'isSilent' | 'suspect' | 'heard'>;

/**
 * Asks one peer after the other until one answers. A refusal by the contract is an answer.
 *
 * @param call has no effect, or the same one however often it is made
 * @returns the first answer
 * @throws the first failure, if none answers: what a later peer says of the same bytes proves nothing about the first
 */
export async function overPeers<T>(watch: Watch, stage: Stage, call: (link: PeerLink) => Promise<T>): Promise<T> {
  const failures: unknown[] = [];
  for (const link of watch.links()) {
    // Found silent since the call began: whoever waited for others that wait for it is not made to wait for it again.
    if (failures.length > 0 && watch.isSilent(link)) continue;
    try {
      const answer = await unlessLost(watch.lost(link), stage, () => call(link));
      watch.heard(link);
      return answer;
    } catch (error) {
      if (!(error instanceof LedgerFailure)) watch.heard(link);
      if (!(error instanceof LedgerFailure) || !mayGoElsewhere(error)) throw failures[0] ?? error;
      if (maybeOwnFault(error)) void watch.suspect(link);
      failures.push(error);
    }
  }
  throw failures[0];
}

/** What another gateway peer may be able to do: it has other connections, another chaincode process, another view. */
function mayGoElsewhere({ stage, code, retry }: LedgerFailure): boolean {
  return retry !== 'no' && !(stage === 'submit' && code === 'ABORTED');
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
