/**
 * The sale gate (Luật Hóa chất 69/2025 Art. 17; `domain.md` 0.2, C2a, C3): the buyer holds a licence in force for
 * the substance with enough of its yearly mass left, or has declared the use. The answer names the reason, and how
 * much would be allowed.
 */
import { Problem } from '../errors.js';
import { addDays, dayInVietNam, type Day, type Instant } from '../instant.js';
import { formatKilograms, parseKilograms, type Milligrams, type PartsPerMillion } from '../quantity/mass.js';
import { licenceStanding, lineCovers, type DeclarationRecord, type LicenceLine, type LicenceRecord } from './licence.js';
import type { SubstanceId } from './substances.js';

/** So much of a controlled substance, in a mixture of this content. */
export interface Demand {
  readonly substance: SubstanceId;
  readonly content: PartsPerMillion;
  readonly mass: Milligrams;
}

/** By what right a demand was allowed. */
export interface Allowance {
  readonly substance: SubstanceId;
  readonly mass: Milligrams;
  readonly by: { readonly licence: string; readonly line: string } | { readonly declaration: true; readonly firstUseFrom: Day };
}

/** What the register knows of the buyer. */
export interface Rights {
  readonly licences: readonly LicenceRecord[];
  readonly declaration: DeclarationRecord | undefined;
  /** Milligrams charged to a line in the year of the sale. */
  readonly used: (licence: LicenceRecord, line: LicenceLine) => Milligrams;
}

/** Use may begin 30 days after it was declared (NĐ 26/2026 Art. 15). */
export const firstUseFrom = (declaration: DeclarationRecord): Day => addDays(dayInVietNam(declaration.declaredAt), 30);

/**
 * @param demand e.g. 98 kg of acetone in a mixture of 98 %
 * @param rights the buyer's
 * @param at when the goods leave
 * @throws Problem BUYER_NOT_LICENSED (substance, licence: how the nearest one stands, declaration: none),
 *   QUOTA_EXCEEDED (substance, wanted and allowed in kilograms, licence)
 */
export function allowSale(demand: Demand, rights: Rights, at: Instant): Allowance {
  const lines = linesInForce(demand, rights, at);
  const enough = lines.find((one) => one.left >= demand.mass);
  if (enough !== undefined) return { substance: demand.substance, mass: demand.mass, by: { licence: enough.licence.id, line: enough.line.line } };
  if (rights.declaration !== undefined) {
    return { substance: demand.substance, mass: demand.mass, by: { declaration: true, firstUseFrom: firstUseFrom(rights.declaration) } };
  }
  throw lines.length === 0 ? notLicensed(demand, rights, at) : quotaExceeded(demand, lines);
}

interface OpenLine {
  readonly licence: LicenceRecord;
  readonly line: LicenceLine;
  readonly left: Milligrams;
}

function linesInForce(demand: Demand, rights: Rights, at: Instant): OpenLine[] {
  return rights.licences
    .filter((licence) => licenceStanding(licence, dayInVietNam(at)) === 'in-force')
    .flatMap((licence) => licence.lines
      .filter((line) => lineCovers(line, demand.substance, demand.content))
      .map((line) => ({ licence, line, left: parseKilograms(line.perYear) - rights.used(licence, line) })));
}

function notLicensed(demand: Demand, rights: Rights, at: Instant): Problem {
  const standings = rights.licences.map((licence) => `${licence.id}: ${licenceStanding(licence, dayInVietNam(at))}`);
  return new Problem('BUYER_NOT_LICENSED', {
    substance: demand.substance,
    licence: standings.length === 0 ? 'none' : standings.slice(0, 5).join(', '),
    declaration: 'none',
  });
}

function quotaExceeded(demand: Demand, lines: readonly OpenLine[]): Problem {
  const best = lines.reduce((a, b) => (b.left > a.left ? b : a));
  return new Problem('QUOTA_EXCEEDED', {
    substance: demand.substance,
    wanted: formatKilograms(demand.mass),
    allowed: formatKilograms(best.left < 0n ? 0n : best.left),
    licence: best.licence.id,
  });
}

/** Whether a seller's licences cover what is sold; a sale does not lessen the seller's own quota. Throws SELLER_NOT_LICENSED. */
export function checkSeller(demand: Demand, licences: readonly LicenceRecord[], at: Instant): void {
  const covered = licences.some((licence) => licenceStanding(licence, dayInVietNam(at)) === 'in-force'
    && licence.lines.some((line) => lineCovers(line, demand.substance, demand.content)));
  if (!covered) throw new Problem('SELLER_NOT_LICENSED', { substance: demand.substance });
}
