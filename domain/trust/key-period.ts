/** When a registered key's signatures count. */
import type { ProblemCode } from '../errors.js';
import { Problem, require } from '../errors.js';
import type { Instant } from '../instant.js';
import { MOST_ENDS, type DidKeyRecord, type KeyEnd } from './records.js';

/** `denied`: not good then; `later`: good then, but compromised since. */
export interface KeyFinding {
  readonly denied?: ProblemCode;
  readonly later?: ProblemCode;
}

/**
 * Judges a key for something signed at `at`, by what was recorded until `known`.
 *
 * @param at when it was signed: the signer's own word, unless a commitment on the ledger bears it out (a stolen key
 *   can sign for any day, but commit only now)
 */
export function keyAt(key: DidKeyRecord, at: Instant, known: Instant): KeyFinding {
  if (key.registeredAt > known) return { denied: 'DID_KEY_UNKNOWN' };
  const ends = endsOf(key).filter((end) => end.retiredAt <= known);
  const compromises = ends.filter((end) => end.reason === 'compromised').map((end) => end.compromisedSince ?? '');
  if (compromises.some((since) => since <= at)) return { denied: 'DID_KEY_COMPROMISED' };
  if (at < key.from) return { denied: 'DID_KEY_NOT_YET_VALID' };
  if (ends.some((end) => end.to <= at)) return { denied: 'DID_KEY_SUPERSEDED' };
  return compromises.length === 0 ? {} : { later: 'DID_KEY_COMPROMISED' };
}

/** Everything that was recorded of a key's end, oldest first. */
export function endsOf({ to, reason, compromisedSince, retiredAt, endedBefore = [] }: DidKeyRecord): readonly KeyEnd[] {
  if (to === undefined || reason === undefined || retiredAt === undefined) return endedBefore;
  return [...endedBefore, { to, reason, retiredAt, ...(compromisedSince === undefined ? {} : { compromisedSince }) }];
}

export interface KeyRetirementRequest {
  readonly reason: 'superseded' | 'compromised';
  /** With `compromised`; left out, nothing that the key ever signed counts. */
  readonly compromisedSince?: Instant;
}

/**
 * Ends a key's period now. A superseded key can still be found compromised, and a compromised one to have been so for
 * longer; what was recorded before stays.
 *
 * @throws Problem WITHDRAWAL_SINCE_WRONG, DID_KEY_ALREADY_RETIRED
 */
export function retire(key: DidKeyRecord, request: KeyRetirementRequest, now: Instant): DidKeyRecord {
  const { reason, compromisedSince: since } = request;
  require(since === undefined || (reason === 'compromised' && since <= now), 'WITHDRAWAL_SINCE_WRONG', { field: 'compromisedSince', now });
  const before = endsOf(key);
  const last = before.at(-1);
  const end: KeyEnd = { to: last?.to ?? now, reason, retiredAt: now, ...(reason === 'compromised' ? { compromisedSince: since ?? key.from } : {}) };
  if (last === undefined) return { ...key, ...end };
  if (!isWorse(end, last) || before.length > MOST_ENDS) throw new Problem('DID_KEY_ALREADY_RETIRED', { keyId: key.keyId, to: last.to, reason: last.reason });
  return { ...key, ...end, endedBefore: before };
}

function isWorse({ reason, compromisedSince }: KeyEnd, last: KeyEnd): boolean {
  return reason === 'compromised' && (last.compromisedSince === undefined || (compromisedSince ?? '') < last.compromisedSince);
}
