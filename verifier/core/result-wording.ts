/** The four results of a check, in words: the same for goods and credentials. */
import { words, type Language, type Words } from './goods/language.js';
import type { Outcome } from './report.js';

const RESULTS: Readonly<Record<Outcome['result'], Words>> = {
  pass: words('Đạt', 'Passed'),
  fail: words('Không đạt', 'Failed'),
  unknown: words('Chưa rõ', 'Not known'),
  'not-applicable': words('Không xét', 'N/A'),
};

/** e.g. `Passed`. */
export function resultText(outcome: Outcome, language: Language): string {
  return RESULTS[outcome.result][language];
}
