/**
 * The sale gate (Luật Hóa chất 69/2025 Art. 17; `domain.md` 0.2, C2a, C3): the buyer holds a licence in force for
 * the substance with enough of its yearly mass left, or has declared the use. The answer names the reason, and how
 * much would be allowed.
 */
import { Problem } from '../errors.js';
import { addDays, dayInVietNam, type Day, type Instant } from '../instant.js';
import { formatKilograms, parseKilograms, type Milligrams, type PartsPerMillion } from '../quantity/mass.js';
import { lineCovers, type DeclarationRecord, type LicenceLine, type LicenceRecord } from './licence.js';
import { licenceStanding, type LicenceStanding } from './licence-standing.js';
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
 * @throws Problem BUYER_LICENCE_SUSPENDED (substance, licence) where it is nothing else, BUYER_NOT_LICENSED (substance,
 *   licence: how each stands, declaration: none), QUOTA_EXCEEDED (substance, wanted and allowed in kilograms, licence)
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
    .filter((licence) => licenceStanding(licence, at) === 'in-force')
    .flatMap((licence) => licence.lines
      .filter((line) => lineCovers(line, demand.substance, demand.content))
      .map((line) => ({ licence, line, left: parseKilograms(line.perYear) - rights.used(licence, line) })));
}

/** A licence for this that stands so. */
function covering(demand: Demand, licences: readonly LicenceRecord[], standing: LicenceStanding, at: Instant): LicenceRecord | undefined {
  return licences.find((licence) => licenceStanding(licence, at) === standing && licence.lines.some((line) => lineCovers(line, demand.substance, demand.content)));
}

function notLicensed(demand: Demand, rights: Rights, at: Instant): Problem {
  const suspended = covering(demand, rights.licences, 'suspended', at);
  if (suspended !== undefined) return new Problem('BUYER_LICENCE_SUSPENDED', { substance: demand.substance, licence: suspended.id });
  const standings = rights.licences.map((licence) => `${licence.id}: ${licenceStanding(licence, at)}`);
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

/**
 * Whether a seller's licences cover what is sold; a sale does not lessen the seller's own quota.
 *
 * @throws Problem SELLER_LICENCE_SUSPENDED (substance, licence), SELLER_NOT_LICENSED (substance)
 */
export function checkSeller(demand: Demand, licences: readonly LicenceRecord[], at: Instant): void {
  if (covering(demand, licences, 'in-force', at) !== undefined) return;
  const suspended = covering(demand, licences, 'suspended', at);
  if (suspended !== undefined) throw new Problem('SELLER_LICENCE_SUSPENDED', { substance: demand.substance, licence: suspended.id });
  throw new Problem('SELLER_NOT_LICENSED', { substance: demand.substance });
}
