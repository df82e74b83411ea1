/** The catalogue of substances, by a short name that never changes. CAS cannot be the key: families have none. */
import { Problem } from '../errors.js';
import { SUBSTANCE_ROWS } from './substance-rows.js';

/** e.g. `acetone`. */
export type SubstanceId = (typeof SUBSTANCE_ROWS)[number][0];

export interface Substance {
  readonly id: SubstanceId;
  readonly en: string;
  /** Empty where no Vietnamese form is established. */
  readonly vi: string;
  readonly cas: string;
  readonly hs: string;
  /** Table of the UN 1988 Convention, `I`, `II` or empty. */
  readonly un1988: string;
  readonly unNumber: string;
}

const CATALOGUE: ReadonlyMap<string, Substance> = new Map(
  SUBSTANCE_ROWS.map(([id, en, vi, cas, hs, un1988, unNumber]) => [id, { id, en, vi, cas, hs, un1988, unNumber }]),
);

/** @throws Problem SUBSTANCE_UNKNOWN */
export function parseSubstance(id: string): SubstanceId {
  return substanceOf(id).id;
}

/**
 * @param id e.g. `acetone`
 * @throws Problem SUBSTANCE_UNKNOWN
 */
export function substanceOf(id: string): Substance {
  const found = CATALOGUE.get(id);
  if (found === undefined) throw new Problem('SUBSTANCE_UNKNOWN', { substance: id.slice(0, 60) });
  return found;
}

/** Every substance, in the order of the catalogue. */
export const SUBSTANCES: readonly Substance[] = [...CATALOGUE.values()];
