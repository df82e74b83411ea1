/** Whether a data field obeys the rules of its Application Identifier (GS1 General Specifications 3). */
import { Problem, type ProblemCode } from '../errors.js';
import type { ApplicationIdentifier, Component } from './ai-table/ai-entry.js';
import { applicationIdentifier } from './application-identifiers.js';
import { firstOutside } from './character-sets.js';

/**
 * @param ai e.g. `17`
 * @returns its entry
 * @throws Problem AI_UNKNOWN
 */
export function knownAi(ai: string): ApplicationIdentifier {
  const entry = applicationIdentifier(ai);
  if (entry === undefined) throw new Problem('AI_UNKNOWN', { ai: ai.slice(0, 40) });
  return entry;
}

/**
 * Checks length, characters and every rule of every part.
 *
 * @param entry of the AI, e.g. of `17`
 * @param value as it is meant, e.g. `271231`
 * @throws Problem AI_VALUE_TOO_SHORT, AI_VALUE_TOO_LONG, AI_VALUE_CHARACTERS, or the code of the rule broken
 *   (`linters.ts`); fields `ai`, `value`, and `rule` for a rule
 */
export function checkDataField(entry: ApplicationIdentifier, value: string): void {
  if (value.length < entry.minLength) throw wrong('AI_VALUE_TOO_SHORT', entry, value);
  if (value.length > entry.maxLength) throw wrong('AI_VALUE_TOO_LONG', entry, value);
  let from = 0;
  for (const component of entry.components) {
    const to = Math.min(from + component.max, value.length);
    if (to > from) checkPart(entry, component, value, from === 0 && to === value.length ? value : value.slice(from, to));
    from = to;
  }
}

function checkPart(entry: ApplicationIdentifier, component: Component, value: string, part: string): void {
  if (part.length < component.min) throw wrong('AI_VALUE_TOO_SHORT', entry, value);
  if (firstOutside(component.allowed, part) >= 0) throw wrong('AI_VALUE_CHARACTERS', entry, value);
  for (const { name, fault } of component.linters) {
    const code = fault(part);
    if (code !== undefined) throw new Problem(code, { ai: entry.ai, value, rule: name });
  }
}

function wrong(code: ProblemCode, entry: ApplicationIdentifier, value: string): Problem {
  return new Problem(code, { ai: entry.ai, value: value.slice(0, 100) });
}
