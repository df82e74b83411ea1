/**
 * Who may read citizens' reports: an authority all of them, an enterprise those about numbers under its own company
 * prefixes, nobody else any. What a citizen left to be asked back by is an authority's alone.
 */
import { require } from '#domain/errors.js';
import { prefixCandidates, type CompanyPrefix } from '#domain/gs1/company-prefix.js';
import type { Gtin } from '#domain/gs1/gtin.js';
import type { Sscc } from '#domain/gs1/item-key.js';
import { prefixKey } from '#domain/registry/keys.js';
import type { Principal } from '../tenants/principal.js';
import type { RecordReader } from '../trace/record-reader.js';
import { EVERY_REPORT, ofNumber, underPrefix } from './report-rows.js';
import { numberOf, type Handling, type StoredReport } from './stored-report.js';

export type Viewer = Pick<Principal, 'organisation' | 'type' | 'scopes'>;

/** The lists that together hold what a caller may see, about one number if it is given. */
export async function listsFor(viewer: Viewer, records: RecordReader, number: Gtin | undefined): Promise<string[]> {
  if (viewer.type === 'authority') return [number === undefined ? EVERY_REPORT : ofNumber(number)];
  if (viewer.type !== 'enterprise') return [];
  if (number !== undefined) return holds(viewer, records, number) ? [ofNumber(number)] : [];
  return (await prefixesOf(viewer, records)).map(underPrefix);
}

/** @throws Problem REPORT_UNKNOWN, the same for what is not there and for what is another's */
export function visibleReport(report: StoredReport | undefined, viewer: Viewer, records: RecordReader, reference: string): StoredReport {
  require(report !== undefined && maySee(report, viewer, records), 'REPORT_UNKNOWN', { report: reference.slice(0, 40) });
  return report;
}

function maySee(report: StoredReport, viewer: Viewer, records: RecordReader): boolean {
  const number = numberOf(report);
  return viewer.type === 'authority' || (viewer.type === 'enterprise' && number !== undefined && holds(viewer, records, number));
}

/** Authorities see what each other did; an enterprise sees what itself did, and not that an authority is at work. */
export function mayKnowOf({ by }: Pick<Handling, 'by'>, { organisation, type }: Viewer): boolean {
  return type === 'authority' || by === organisation;
}

export function maySeeContact({ type, scopes }: Viewer): boolean {
  return type === 'authority' && scopes.has('citizen-contacts:write');
}

function holds({ organisation }: Viewer, records: RecordReader, number: Gtin | Sscc): boolean {
  return prefixCandidates(number).some((prefix) => records.load(prefixKey(prefix), 'company-prefix')?.organisation === organisation);
}

async function prefixesOf({ organisation }: Viewer, records: RecordReader): Promise<CompanyPrefix[]> {
  const prefixes: CompanyPrefix[] = [];
  for await (const { stateKey } of records.entries('prefix-of', `${organisation} `)) {
    const record = records.load(stateKey, 'company-prefix');
    if (record !== undefined) prefixes.push(record.prefix as CompanyPrefix);
  }
  return prefixes;
}
