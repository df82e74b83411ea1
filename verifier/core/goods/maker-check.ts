import type { Dossier } from '#domain/goods/dossier.js';
import { type Outcome, PASS, fail } from '../report.js';

/**
 * Whether one organisation of the register stands for everything. The contract lets nobody register a number outside
 * the company prefixes granted to them, so the maker of the record is the holder of the number; what is left to check
 * is that product, lot and code have the same maker, and that the register says who that is.
 *
 * @returns `fail` with MAKER_DIFFERS or MAKER_UNKNOWN
 */
export function makerStands({ product, lot, serial, unit, organisations }: Dossier): Outcome {
  const makers = new Set([product, lot, serial, unit].flatMap((record) => record?.maker ?? []));
  if (makers.size !== 1) return fail('MAKER_DIFFERS');
  return organisations.some(({ id }) => makers.has(id)) ? PASS : fail('MAKER_UNKNOWN');
}
