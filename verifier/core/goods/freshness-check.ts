import { epochMs } from '#domain/instant.js';
import { type Outcome, PASS, unknown } from '../report.js';
import { evidenceOf, type GoodsQuestion } from './evidence.js';

/** A recall must show within a quarter of an hour; a copy that has not heard from the ledger for longer says so. */
export const FRESH_WITHIN_MS = 15 * 60_000;
/** How far two honest clocks may be apart. */
const CLOCK_TOLERANCE_MS = 15 * 60_000;

/** Whether every answer comes from a copy that was at the head of the ledger a short while ago. */
export function isFresh(question: GoodsQuestion): Outcome {
  const ages = evidenceOf(question).map(({ item }) => question.now - epochMs(item.asOf.knownAt));
  const fresh = ages.every((age) => age <= FRESH_WITHIN_MS && age >= -CLOCK_TOLERANCE_MS);
  return fresh ? PASS : unknown('READ_MODEL_STALE');
}
