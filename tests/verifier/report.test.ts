import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fail, notApplicable, type Outcome, PASS, type Report, unknown, type Verdict, verdictOf, worstOf } from '../../verifier/core/report.js';

const P = PASS;
const F = fail('RECEIPT_SIGNATURE_WRONG');
const U = unknown('CRYPTO_UNAVAILABLE');
const N = notApplicable('no-expiry');

type Name = 'signature' | 'expiry' | 'status';
const report = (signature: Outcome, expiry: Outcome, status: Outcome): Report<Name> => ({ signature, expiry, status });

const FOLD: readonly (readonly [Outcome, Outcome, Outcome, Verdict])[] = [
  [P, P, P, 'verified'],
  [P, P, N, 'verified'],
  [N, P, N, 'verified'],
  [P, P, U, 'could-not-check'],
  [U, P, N, 'could-not-check'],
  [U, U, U, 'could-not-check'],
  [P, P, F, 'not-verified'],
  [F, U, N, 'not-verified'],
  [U, F, P, 'not-verified'],
  [F, F, F, 'not-verified'],
  [N, N, N, 'could-not-check'],
];

describe('verdictOf', () => {
  test.each(FOLD)('%j, %j, %j: %s', (signature, expiry, status, verdict) => {
    expect(verdictOf(report(signature, expiry, status))).toBe(verdict);
  });

  test('a report without checks has verified nothing', () => {
    expect(verdictOf({})).toBe('could-not-check');
  });

  test('an outcome that a program written in another language left out is not a pass', () => {
    const holed = JSON.parse('{"signature":{"result":"pass"},"expiry":{}}') as Report<'signature' | 'expiry'>;
    expect(verdictOf(holed)).toBe('could-not-check');
  });

  test('is the worst of its outcomes, in whatever order they stand', () => {
    const outcome = fc.constantFrom(P, F, U, N);
    fc.assert(fc.property(fc.dictionary(fc.string(), outcome, { minKeys: 1 }), (outcomes) => {
      const results = new Set(Object.values(outcomes).map(({ result }) => result));
      const worst = results.has('fail') ? 'not-verified' : results.has('unknown') || !results.has('pass') ? 'could-not-check' : 'verified';
      expect(verdictOf(outcomes)).toBe(worst);
    }));
  });
});

describe('Report', () => {
  test('a check without an outcome does not compile', () => {
    // @ts-expect-error -- status is missing: if this line ever compiles, a check can be forgotten
    const forgotten: Report<Name> = { signature: P, expiry: P };
    // @ts-expect-error -- a check nobody declared
    const invented: Report<Name> = { signature: P, expiry: P, status: P, mood: P };
    // @ts-expect-error -- a code that is not in the closed list
    const misspelt: Outcome = { result: 'fail', code: 'RECEIPT_SIGNATURE_RONG' };
    // @ts-expect-error -- a refusal without its code
    const silent: Outcome = { result: 'unknown' };
    expect([forgotten, invented, misspelt, silent].map((value) => Object.keys(value).length)).toEqual([2, 4, 2, 1]);
  });
});

describe('worstOf', () => {
  const later = fail('CERTIFICATE_EXPIRED');
  test.each([
    [[P, P], P],
    [[P, U, P], U],
    [[U, F, later], F],
    [[U, later, F], later],
    [[N, P], P],
    [[], unknown('RECEIPT_NOT_ENDORSED')],
    [[N], unknown('RECEIPT_NOT_ENDORSED')],
  ] as const)('%j: %j', (outcomes, worst) => {
    expect(worstOf(outcomes, 'RECEIPT_NOT_ENDORSED')).toEqual(worst);
  });
});
