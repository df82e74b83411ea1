/**
 * Whether a mixture is under special control, by dated listings. Rules are data with dates (`domain.md` 0.4): a
 * listing names the instrument, the operator of its threshold and the days on which it is in force; of several
 * listings the strictest counts (thionyl chloride is listed twice).
 */
import type { Day } from '../instant.js';
import type { PartsPerMillion } from '../quantity/mass.js';
import { SUBSTANCES, type SubstanceId } from './substances.js';

export interface Listing {
  readonly substance: SubstanceId;
  readonly source: string;
  /** Controlled where the content is above this. */
  readonly above: PartsPerMillion;
  readonly from: Day;
  readonly to?: Day;
  /** `stated`: the instrument names it; `strictest`: the group is not established, so the lowest threshold is taken. */
  readonly basis: 'stated' | 'strictest';
}

export interface Control {
  readonly controlled: boolean;
  /** Which listing decided, or why none did, e.g. `NĐ 24/2026, > 5 %`. */
  readonly rule: string;
}

const IN_FORCE = '2026-01-17' as Day;
const ONE_PERCENT = 10_000n;
const FIVE_PERCENT = 50_000n;

const STATED: readonly Listing[] = [
  { substance: 'acetone', source: 'NĐ 28/2026 IVC, NĐ 24/2026 III.2', above: FIVE_PERCENT, from: IN_FORCE, basis: 'stated' },
  { substance: 'thionyl-chloride', source: 'NĐ 28/2026 IVC, NĐ 24/2026 III.2', above: FIVE_PERCENT, from: IN_FORCE, basis: 'stated' },
  { substance: 'thionyl-chloride', source: 'CWC Schedule 3, NĐ 24/2026 III.2', above: ONE_PERCENT, from: IN_FORCE, basis: 'stated' },
  { substance: 'methanol', source: 'NĐ 24/2026 III.1', above: ONE_PERCENT, from: IN_FORCE, basis: 'stated' },
  { substance: 'phosgene', source: 'CWC Schedule 3', above: ONE_PERCENT, from: IN_FORCE, basis: 'stated' },
  { substance: 'hydrogen-cyanide', source: 'CWC Schedule 3', above: ONE_PERCENT, from: IN_FORCE, basis: 'stated' },
  { substance: 'phosphorus-trichloride', source: 'CWC Schedule 3', above: ONE_PERCENT, from: IN_FORCE, basis: 'stated' },
  { substance: 'phosphorus-oxychloride', source: 'CWC Schedule 3', above: ONE_PERCENT, from: IN_FORCE, basis: 'stated' },
  { substance: 'sodium-cyanide', source: 'TT 01/2026 VI (cyanides)', above: ONE_PERCENT, from: IN_FORCE, basis: 'strictest' },
];

/** In the catalogue, and in none of the lists at hand. */
const UNLISTED = new Set<SubstanceId>(['ammonium-nitrate', 'formaldehyde', 'ethanol', 'water']);

/** A precursor of the international tables whose Vietnamese group is not established gets the lowest threshold. */
const PRECURSORS: readonly Listing[] = SUBSTANCES.filter(({ id }) => !UNLISTED.has(id) && !STATED.some((one) => one.substance === id)).map(({ id }) => ({
  substance: id, source: 'NĐ 28/2026, NĐ 24/2026 III', above: ONE_PERCENT, from: IN_FORCE, basis: 'strictest',
}));

/** Every listing known, past and present. */
export const LISTINGS: readonly Listing[] = [...STATED, ...PRECURSORS];

const BY_SUBSTANCE = new Map<SubstanceId, readonly Listing[]>();
for (const listing of LISTINGS) BY_SUBSTANCE.set(listing.substance, [...(BY_SUBSTANCE.get(listing.substance) ?? []), listing]);

/**
 * @param substance e.g. `acetone`
 * @param content in parts per million, e.g. 30000n
 * @param on the day that decides
 * @returns whether special control applies, and by which rule
 */
export function controlOf(substance: SubstanceId, content: PartsPerMillion, on: Day): Control {
  const inForce = (BY_SUBSTANCE.get(substance) ?? []).filter((one) => one.from <= on && (one.to === undefined || on <= one.to));
  const strictest = inForce.reduce<Listing | undefined>((a, b) => (a === undefined || b.above < a.above ? b : a), undefined);
  if (strictest === undefined) return { controlled: false, rule: 'no listing in force' };
  const percent = String(strictest.above / 10_000n);
  return { controlled: content > strictest.above, rule: `${strictest.source}, > ${percent} %` };
}
