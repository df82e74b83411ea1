/** What names a thing: a GS1 key and the qualifiers that narrow it. */
import { Problem } from '../errors.js';
import { applicationIdentifier } from './application-identifiers.js';
import type { ApplicationIdentifier } from './ai-table/ai-entry.js';

/** An Application Identifier with its data field: `{ ai: '10', value: 'LO26-001' }`, the value as it is meant (never percent-encoded). */
export interface AiValue {
  readonly ai: string;
  readonly value: string;
}

/** A primary key and its qualifiers in the standard's order. */
export interface Identification {
  readonly primaryKey: AiValue;
  readonly qualifiers: readonly AiValue[];
}

/** The value of `ai` in a list, if it is there. */
export function valueOf(list: readonly AiValue[], ai: string): string | undefined {
  return list.find((each) => each.ai === ai)?.value;
}

/**
 * True when the qualifiers may follow the key in this order, each at most once and of one alternative.
 *
 * @param key e.g. the entry of `01`
 * @param qualifiers AIs, e.g. `['10', '21']`
 */
export function mayFollow(key: ApplicationIdentifier, qualifiers: readonly string[]): boolean {
  return key.qualifierOrders?.some((order) => isInOrder(order, qualifiers)) === true;
}

function isInOrder(order: readonly string[], qualifiers: readonly string[]): boolean {
  let next = 0;
  for (const ai of order) {
    if (next < qualifiers.length && ai === qualifiers[next]) next++;
  }
  return next === qualifiers.length;
}

/**
 * Sorts what a barcode says into what names the thing and what describes it: the first primary key, the qualifiers
 * of the alternative that uses most of the rest, and everything else as it came.
 *
 * @param elements in any order, e.g. 01, 17, 21, 10
 * @returns e.g. key 01, qualifiers 10 and 21, attributes 17
 * @throws Problem AI_PRIMARY_KEY_MISSING
 */
export function identify(elements: readonly AiValue[]): Identification & { readonly attributes: AiValue[] } {
  const primaryKey = elements.find(({ ai }) => applicationIdentifier(ai)?.qualifierOrders !== undefined);
  if (primaryKey === undefined) throw new Problem('AI_PRIMARY_KEY_MISSING');
  const rest = elements.filter((element) => element !== primaryKey);
  const qualifiers = bestQualifiers(primaryKey.ai, rest);
  return { primaryKey, qualifiers, attributes: rest.filter((element) => !qualifiers.includes(element)) };
}

function bestQualifiers(key: string, rest: readonly AiValue[]): AiValue[] {
  let best: AiValue[] = [];
  for (const order of applicationIdentifier(key)?.qualifierOrders ?? []) {
    const found = order.flatMap((ai) => rest.find((element) => element.ai === ai) ?? []);
    if (found.length > best.length) best = found;
  }
  return best;
}
