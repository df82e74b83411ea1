/** From when on a withdrawal counts, as seen from two clocks: when something was done, and what is known. */
import { Problem, require } from '../errors.js';
import type { Instant } from '../instant.js';
import { MOST_ENDS, type RevocationEffect, type Withdrawable, type Withdrawal } from './records.js';

/** `then`: withdrawn for what was done at that time; `since`: only for what was done later. */
export type Withdrawn = 'no' | 'then' | 'since';

/**
 * @param at when it was done
 * @param known nothing recorded later counts
 */
export function withdrawnAt({ withdrawn, withdrawnBefore = [] }: Withdrawable, at: Instant, known: Instant): Withdrawn {
  if (withdrawn === undefined) return 'no';
  const told = [...withdrawnBefore, withdrawn].filter((one) => one.at <= known);
  if (told.some((one) => countsFrom(one) <= at)) return 'then';
  return told.length === 0 ? 'no' : 'since';
}

/** The first instant it counts for; the empty text, before all instants, where that is ever. */
function countsFrom({ at, effect, since = '' as Instant }: Withdrawal): string {
  if (effect === 'from-now') return at;
  return effect === 'since' ? since : '';
}

export interface WithdrawalRequest {
  readonly effect: RevocationEffect;
  readonly since?: Instant;
  readonly reason: string;
}

/**
 * Adds a withdrawal to a record. What was recorded before stays, so that what was known then can still be told.
 *
 * @param now when it is recorded
 * @throws Problem WITHDRAWAL_SINCE_WRONG; WITHDRAWAL_ALREADY_RECORDED unless this one reaches further back than the last
 */
export function withdraw<R extends Withdrawable>(record: R, { effect, since, reason }: WithdrawalRequest, now: Instant): R {
  require((effect === 'since') === (since !== undefined) && (since ?? now) <= now, 'WITHDRAWAL_SINCE_WRONG', { field: 'since', now });
  const withdrawn: Withdrawal = { at: now, effect, ...(since === undefined ? {} : { since }), reason };
  const { withdrawn: last, withdrawnBefore = [] } = record;
  if (last === undefined) return { ...record, withdrawn };
  const further = countsFrom(withdrawn) < countsFrom(last) && withdrawnBefore.length < MOST_ENDS;
  if (!further) throw new Problem('WITHDRAWAL_ALREADY_RECORDED', { at: last.at, effect: last.effect });
  return { ...record, withdrawn, withdrawnBefore: [...withdrawnBefore, last] };
}
