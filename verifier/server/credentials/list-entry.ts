/** A status list that is to be at hand, and what came of it so far. */
import type { StatusPurpose } from '#domain/credential/status-list.js';
import type { ProblemCode } from '#domain/errors.js';
import type { Did } from '#domain/trust/did.js';
import { listNameIn } from '../../core/credential/held-list.js';
import type { KnownStatus } from '../../core/credential/status-checks.js';
import type { KnownRegister } from './register-copy.js';

/** A list as it was fetched, and what was made of it. */
export interface HeldList {
  readonly jwt: string;
  readonly known: KnownStatus;
}

/** A held list with what it was judged by, as {@link basisOf} writes it, and when: milliseconds since 1970. */
export interface JudgedList extends HeldList {
  readonly basis: string;
  readonly judgedAt: number;
}

export interface ListEntry {
  readonly url: string;
  readonly purpose: StatusPurpose;
  /** Whose it is by the register, or who named it: the lists of each are fetched one after the other. */
  readonly owner: Did;
  held?: JudgedList;
  /** Why there is none, or none that is right. */
  fault?: ProblemCode;
  failures: number;
  /** Milliseconds since 1970: not asked for before. */
  nextAt: number;
}

/** Everything on the register that a list of this issuer is judged by. */
export function basisOf({ view }: KnownRegister, issuer: Did, url: string): string {
  return JSON.stringify([view.did(issuer), view.keysOf(issuer), view.list(issuer, listNameIn(url))]);
}

/** The ledger knows a newer version than the one at hand. */
export function isOutdated({ url, held }: ListEntry, { view }: KnownRegister): boolean {
  if (held === undefined) return false;
  const record = view.list(held.known.issuer, listNameIn(url));
  return record !== undefined && record.version > held.known.version;
}
