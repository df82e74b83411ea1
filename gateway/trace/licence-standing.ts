/** A licence with what is left of it. */
import { quotaKey, quotaYear, type LicenceLine, type LicenceRecord } from '#domain/chemistry/licence.js';
import { licenceStanding, type LicenceStanding } from '#domain/chemistry/licence-standing.js';
import type { Instant } from '#domain/instant.js';
import { formatKilograms, parseKilograms, parseMilligrams } from '#domain/quantity/mass.js';
import type { RecordReader } from './record-reader.js';

/** One line in one calendar year. Kilograms; `left` may be below nought where a licence was changed. */
export interface LineYear {
  readonly line: string;
  readonly substance: LicenceLine['substance'];
  readonly year: string;
  readonly perYear: string;
  readonly used: string;
  readonly left: string;
}

export interface LicenceView {
  readonly licence: LicenceRecord;
  readonly standing: LicenceStanding;
  readonly quotas: readonly LineYear[];
}

/** @param now judges the standing, and names the year that is shown even where nothing was used */
export async function licenceView(records: RecordReader, licence: LicenceRecord, now: Instant): Promise<LicenceView> {
  const quotas: LineYear[] = [];
  for (const line of licence.lines) quotas.push(...await yearsOf(records, licence, line, quotaYear(now)));
  return { licence, standing: licenceStanding(licence, now), quotas };
}

async function yearsOf(records: RecordReader, { id }: LicenceRecord, line: LicenceLine, thisYear: string): Promise<LineYear[]> {
  const { rows } = await records.range(quotaKey(id, line.line, ''), 'quota', { limit: 1000 });
  const used = new Map(rows.map(({ record }) => [record.year, parseMilligrams(record.used)]));
  if (!used.has(thisYear)) used.set(thisYear, 0n);
  return [...used].sort(([a], [b]) => (a < b ? -1 : 1)).map(([year, milligrams]) => lineYear(line, year, milligrams));
}

function lineYear({ line, substance, perYear }: LicenceLine, year: string, used: bigint): LineYear {
  const left = parseKilograms(perYear) - used;
  return { line, substance, year, perYear, used: formatKilograms(used), left: left < 0n ? `-${formatKilograms(-left)}` : formatKilograms(left) };
}
