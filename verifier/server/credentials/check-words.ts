/** Words for the checks of a credential and for every outcome, in one language. */
import { PROBLEMS } from '#domain/errors.js';
import { credentialCheckName, credentialOutcomeText } from '../../core/credential/check-wording.js';
import { CREDENTIAL_CHECKS, CREDENTIAL_REASONS } from '../../core/credential/credential-report.js';
import type { Language } from '../../core/goods/language.js';
import { notApplicable, PASS, unknown, fail, type Outcome } from '../../core/report.js';
import { resultText } from '../../core/result-wording.js';

export interface CheckWords {
  readonly checks: Readonly<Record<string, { readonly name: string; readonly pass: string }>>;
  /** Why there was nothing to check. */
  readonly reasons: Readonly<Record<string, string>>;
  readonly results: Readonly<Record<string, string>>;
  /** By code, all of the closed list. */
  readonly problems: Readonly<Record<string, string>>;
}

const EACH_RESULT: readonly Outcome[] = [PASS, fail('CREDENTIAL_REVOKED'), unknown('CREDENTIAL_REVOKED'), notApplicable('')];

export function checkWords(language: Language): CheckWords {
  return {
    checks: Object.fromEntries(CREDENTIAL_CHECKS.map((check) => [check, { name: credentialCheckName(check, language), pass: credentialOutcomeText(check, PASS, language) }])),
    reasons: Object.fromEntries(CREDENTIAL_REASONS.map((reason) => [reason, credentialOutcomeText('holder', notApplicable(reason), language)])),
    results: Object.fromEntries(EACH_RESULT.map((outcome) => [outcome.result, resultText(outcome, language)])),
    problems: Object.fromEntries(Object.entries(PROBLEMS).map(([code, meaning]) => [code, meaning[language]])),
  };
}
