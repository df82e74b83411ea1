/** What a verification says: every check by name, and one of three answers. */
import type { ProblemCode } from '#domain/errors.js';

/**
 * What became of one check.
 *
 * A `pass` with a code is one that leaves something odd to say; `unknown` means that the check could not be made (no network, no cryptography, something before it unreadable);
 * `not-applicable` that there was nothing to check, with a short reason such as `no-expiry`.
 */
export type Outcome =
  | { readonly result: 'pass' }
  | { readonly result: 'pass'; readonly code: ProblemCode }
  | { readonly result: 'fail'; readonly code: ProblemCode }
  | { readonly result: 'unknown'; readonly code: ProblemCode }
  | { readonly result: 'not-applicable'; readonly reason: string };

/**
 * One outcome for every check of a closed list of names, e.g. `Report<'signature' | 'expiry'>`.
 *
 * Never `Partial`: a check that is added to the list and given no outcome does not compile.
 */
export type Report<Name extends string> = Readonly<Record<Name, Outcome>>;

/** The three answers a reader gets. */
export type Verdict = 'verified' | 'not-verified' | 'could-not-check';

export const PASS: Outcome = Object.freeze({ result: 'pass' });

/** The check was made and its answer is no. */
export const fail = (code: ProblemCode): Outcome => ({ result: 'fail', code });

/** The check could not be made. */
export const unknown = (code: ProblemCode): Outcome => ({ result: 'unknown', code });

/** There was nothing to check; `reason` is a short English key, e.g. `no-expiry`. */
export const notApplicable = (reason: string): Outcome => ({ result: 'not-applicable', reason });

/** `pass` if the condition holds, `fail` with `code` otherwise. */
export const passIf = (condition: boolean, code: ProblemCode): Outcome => (condition ? PASS : fail(code));

/**
 * Folds a report into one answer: any `fail` is `not-verified`; else any `unknown` is `could-not-check`; else
 * `verified`, provided that at least one check passed: a report that checked nothing has verified nothing.
 *
 * @param report e.g. `{ signature: { result: 'pass' }, expiry: { result: 'not-applicable', reason: 'no-expiry' } }`
 */
export function verdictOf<Name extends string>(report: Report<Name>): Verdict {
  let hasPassed = false;
  let isSettled = true;
  for (const { result } of Object.values<Outcome>(report)) {
    if (result === 'fail') return 'not-verified';
    if (result === 'pass') hasPassed = true;
    else if (result !== 'not-applicable') isSettled = false;
  }
  return isSettled && hasPassed ? 'verified' : 'could-not-check';
}

/**
 * One outcome for a check that was made on several things: the first `fail`, else the first `unknown`, else `pass`
 * if anything passed. A check made on nothing is `unknown` with the code given.
 *
 * @param outcomes e.g. one for each endorsement
 * @param ifNone the code when nothing was checked
 */
export function worstOf(outcomes: readonly Outcome[], ifNone: ProblemCode): Outcome {
  const first = (result: Outcome['result']): Outcome | undefined => outcomes.find((outcome) => outcome.result === result);
  return first('fail') ?? first('unknown') ?? first('pass') ?? unknown(ifNone);
}
