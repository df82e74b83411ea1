/** Which data fields may and must stand beside each other (GS1 General Specifications 4.13 and 4.14). */
import { Problem, type ProblemCode } from '../errors.js';
import type { AiPattern, ApplicationIdentifier } from './ai-table/ai-entry.js';
import { knownAi } from './data-field.js';
import type { AiValue } from './identification.js';

/**
 * Refuses pairs that contradict each other and fields that mean nothing without another one.
 *
 * @param elements all that is known of one thing, each AI once, e.g. 01, 10 and 17
 * @throws Problem AI_EXCLUDES (fields `ai`, `other`), AI_REQUIRES (fields `ai`, `needs` such as `01 or 02`), AI_UNKNOWN
 */
export function checkAssociations(elements: readonly AiValue[]): void {
  checkTogether(elements.map(({ ai }) => knownAi(ai)));
}

/**
 * {@link checkAssociations} for entries already looked up.
 *
 * @throws Problem AI_EXCLUDES, AI_REQUIRES
 */
export function checkTogether(entries: readonly ApplicationIdentifier[]): void {
  for (const entry of entries) {
    if (entry.excludes.length > 0) checkExcludes(entry, entries);
    if (entry.requires.length > 0) checkRequires(entry, entries);
  }
}

/**
 * The half of {@link checkAssociations} that holds even for one of several barcodes on a thing: what the others hold
 * can complete it, but not mend a contradiction.
 *
 * @throws Problem AI_EXCLUDES, AI_UNKNOWN
 */
export function checkContradictions(elements: readonly AiValue[]): void {
  const entries = elements.map(({ ai }) => knownAi(ai));
  for (const entry of entries) checkExcludes(entry, entries);
}

function checkExcludes(entry: ApplicationIdentifier, entries: readonly ApplicationIdentifier[]): void {
  for (const pattern of entry.excludes) {
    if (stands(pattern, entry, entries)) throw refusal('AI_EXCLUDES', entry.ai, { other: pattern.text });
  }
}

function checkRequires(entry: ApplicationIdentifier, entries: readonly ApplicationIdentifier[]): void {
  for (const alternative of entry.requires) {
    if (alternative.every((pattern) => stands(pattern, entry, entries))) return;
  }
  const needs = entry.requires.map((alternative) => alternative.map((pattern) => pattern.text).join(' with '));
  throw refusal('AI_REQUIRES', entry.ai, { needs: needs.join(' or ') });
}

/** An AI never stands beside itself, even when it fits the pattern: 3102 does not bar 3102 by `310n`. */
function stands(pattern: AiPattern, self: ApplicationIdentifier, entries: readonly ApplicationIdentifier[]): boolean {
  for (const entry of entries) {
    if (entry !== self && entry.ai.length === pattern.length && entry.ai.startsWith(pattern.prefix)) return true;
  }
  return false;
}

function refusal(code: ProblemCode, ai: string, fields: Readonly<Record<string, string>>): Problem {
  return new Problem(code, { ai, ...fields });
}
