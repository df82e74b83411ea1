/**
 * The GS1 Application Identifiers: what may follow each, and what may or must stand beside it
 * (GS1 General Specifications 3; Digital Link URI syntax for keys, qualifiers and attributes).
 */
import type { ApplicationIdentifier } from './ai-table/ai-entry.js';
import { expandRow } from './ai-table/ai-row.js';
import { ASSET_AND_INTERNAL_ROWS } from './ai-table/assets-and-internal.js';
import { IDENTIFICATION_ROWS } from './ai-table/identification.js';
import { MEASURE_ROWS } from './ai-table/measures.js';
import { MONEY_AND_PLACE_ROWS } from './ai-table/money-and-places.js';
import { TRADE_FACT_ROWS } from './ai-table/trade-facts.js';
import { TRANSPORT_ROWS } from './ai-table/transport.js';

const ROWS = [
  IDENTIFICATION_ROWS, MEASURE_ROWS, MONEY_AND_PLACE_ROWS, TRANSPORT_ROWS, TRADE_FACT_ROWS, ASSET_AND_INTERNAL_ROWS,
].flat();

const TABLE: ReadonlyMap<string, ApplicationIdentifier> = new Map(ROWS.flatMap(expandRow).map((entry) => [entry.ai, entry]));

/**
 * @param ai e.g. `10`
 * @returns its entry; `undefined` for anything that is no AI
 */
export function applicationIdentifier(ai: string): ApplicationIdentifier | undefined {
  return TABLE.get(ai);
}

/** All 541 of them, in no particular order. */
export function applicationIdentifiers(): Iterable<ApplicationIdentifier> {
  return TABLE.values();
}

/**
 * The AI at a place of scanned data. No AI begins with another, so at most one fits.
 *
 * @param data e.g. `0109520000000011`
 * @param at e.g. 0
 * @returns e.g. the entry of `01`
 */
export function applicationIdentifierAt(data: string, at: number): ApplicationIdentifier | undefined {
  for (let length = 2; length <= 4; length++) {
    const entry = TABLE.get(data.slice(at, at + length));
    if (entry !== undefined) return entry;
  }
  return undefined;
}
