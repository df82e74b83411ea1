/** What a refusal is. */

/** Whose turn it is, and so which HTTP status the programs answer with. */
export type ProblemKind =
  | 'malformed' // the text or shape cannot be read
  | 'unauthorised' // nobody is signed in
  | 'forbidden' // signed in, but not allowed
  | 'not-found'
  | 'conflict' // true once, not any more; or done already
  | 'refused' // readable and allowed, but a rule says no
  | 'too-large'
  | 'too-many' // slow down
  | 'unavailable'; // ours to mend; try again

export interface ProblemMeaning {
  readonly kind: ProblemKind;
  /** What is wrong and how to mend it, for a Vietnamese reader. */
  readonly vi: string;
  /** The same in English. */
  readonly en: string;
}

/** One row of a table of refusals. */
export const meaning = (kind: ProblemKind, vi: string, en: string): ProblemMeaning => ({ kind, vi, en });
