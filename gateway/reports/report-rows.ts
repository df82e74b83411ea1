/**
 * The rows of citizens' reports in the gateway's own store. Lists hold places, the newest first:
 *
 * | row | holds |
 * |---|---|
 * | `citizen-report/{reference}` | the report |
 * | `citizen-report-contact/{reference}` | how to ask back: personal, so that it can go by itself |
 * | `citizen-report-handling/{reference}/{organisation}` | what an organisation did about it |
 * | `citizen-report-open/{item} {reference}` | that nobody has handled it yet |
 * | `citizen-report-list/{subject}/{place}` | for `all`, for its number, and for every company prefix that could own the number |
 *
 * A number does not tell where its prefix ends, and whose a prefix is may be known later than the report. So a report
 * stands under each prefix that could be meant, and who holds one is asked when somebody reads.
 */
import { createHash } from 'node:crypto';
import { prefixCandidates } from '#domain/gs1/company-prefix.js';
import type { Gtin } from '#domain/gs1/gtin.js';
import type { Sscc } from '#domain/gs1/item-key.js';
import { epochMs, type Instant } from '#domain/instant.js';
import type { OrganisationId } from '#domain/registry/organisation.js';
import { newestFirst } from '../jobs/job-id.js';
import type { Change } from '../ledger/durable-store.js';
import { putJson } from '../sealed-json.js';
import { numberOf, type StoredReport } from './stored-report.js';

export const REPORTS = 'citizen-report/';
const CONTACTS = 'citizen-report-contact/';
const HANDLINGS = 'citizen-report-handling/';
const OPEN = 'citizen-report-open/';
const LISTS = 'citizen-report-list/';

export const reportRow = (reference: string): string => REPORTS + reference;
export const contactRow = (reference: string): string => CONTACTS + reference;
export const handlingsOf = (reference: string): string => `${HANDLINGS}${reference}/`;
export const handlingRow = (reference: string, by: OrganisationId): string => handlingsOf(reference) + by;
/** No key of an item has a space. */
export const openReportsOf = (item: string): string => `${OPEN}${item} `;
export const listOf = (subject: string): string => `${LISTS}${subject}/`;

/** Lists that a report can stand in. */
export const EVERY_REPORT = 'all';
export const underPrefix = (prefix: string): string => `under-${prefix}`;
export const ofNumber = (number: Gtin | Sscc): string => `number-${number}`;

const PLACE = /^[0-9a-f]{12}BC-[2-9A-HJ-NP-Z]{12}$/;
const TIME_DIGITS = 12;

/** Where a report stands in its lists: later ones before earlier ones. */
export function placeOf({ receivedAt, reference }: Pick<StoredReport, 'receivedAt' | 'reference'>): string {
  return placeAt(receivedAt) + reference;
}

/** In front of every report that came at an instant or before. */
export function placeAt(instant: Instant): string {
  return newestFirst(epochMs(instant).toString(16).padStart(TIME_DIGITS, '0'));
}

export function isPlace(text: string): boolean {
  return PLACE.test(text);
}

/** The reference in a place. */
export function referenceAt(place: string): string {
  return place.slice(TIME_DIGITS);
}

/** What reports are counted by: the item, or the very text where no item could be read. */
export function itemOf({ item, code }: Pick<StoredReport, 'item' | 'code'>): string {
  return item ?? `code-${createHash('sha256').update(code).digest('hex')}`;
}

/** The row that says that nobody has handled a report. */
export function openRow(report: StoredReport): string {
  return openReportsOf(itemOf(report)) + report.reference;
}

/** Everything that a new report writes. */
export function rowsOf(report: StoredReport, contact: string | undefined): Change[] {
  const { reference } = report;
  return [
    putJson(reportRow(reference), report),
    putJson(openRow(report), reference),
    ...listRows(report).map((key) => putJson(key, reference)),
    ...(contact === undefined ? [] : [putJson(contactRow(reference), contact)]),
  ];
}

/** Takes a report away with all that belongs to it, but for its handlings. */
export function removalOf(report: StoredReport): Change[] {
  return [reportRow(report.reference), contactRow(report.reference), openRow(report), ...listRows(report)].map((key) => ({ key }));
}

function listRows(report: StoredReport): string[] {
  const number = numberOf(report);
  const subjects = number === undefined ? [] : [ofNumber(number), ...prefixCandidates(number).map(underPrefix)];
  return [EVERY_REPORT, ...subjects].map((subject) => listOf(subject) + placeOf(report));
}
