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
  const ais = elements.map((element) => element.ai);
  for (const ai of ais) {
    const entry = knownAi(ai);
    checkExcludes(entry, ais);
    checkRequires(entry, ais);
  }
}

/**
 * The half of {@link checkAssociations} that holds even for one of several barcodes on a thing: what the others hold
 * can complete it, but not mend a contradiction.
 *
 * @throws Problem AI_EXCLUDES, AI_UNKNOWN
 */
export function checkContradictions(elements: readonly AiValue[]): void {
  const ais = elements.map((element) => element.ai);
  for (const ai of ais) checkExcludes(knownAi(ai), ais);
}

function checkExcludes(entry: ApplicationIdentifier, ais: readonly string[]): void {
  for (const pattern of entry.excludes) {
    if (stands(pattern, entry.ai, ais)) throw refusal('AI_EXCLUDES', entry.ai, { other: pattern.text });
  }
}

function checkRequires(entry: ApplicationIdentifier, ais: readonly string[]): void {
  if (entry.requires.length === 0) return;
  for (const alternative of entry.requires) {
    if (alternative.every((pattern) => stands(pattern, entry.ai, ais))) return;
  }
  const needs = entry.requires.map((alternative) => alternative.map((pattern) => pattern.text).join(' with '));
  throw refusal('AI_REQUIRES', entry.ai, { needs: needs.join(' or ') });
}

/** An AI never stands beside itself, even when it fits the pattern: 3102 does not bar 3102 by `310n`. */
function stands(pattern: AiPattern, self: string, ais: readonly string[]): boolean {
  for (const ai of ais) {
    if (ai.length === pattern.length && ai !== self && ai.startsWith(pattern.prefix)) return true;
  }
  return false;
}

function refusal(code: ProblemCode, ai: string, fields: Readonly<Record<string, string>>): Problem {
  return new Problem(code, { ai, ...fields });
}
