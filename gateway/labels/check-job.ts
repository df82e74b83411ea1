/** Reads a print job before anything is drawn: every refusal comes here, so that no half file leaves the house. */
import { Problem, require, within } from '#domain/errors.js';
import { parseDigitalLink, type DigitalLink } from '#domain/gs1/digital-link.js';
import { parseGtin } from '#domain/gs1/gtin.js';
import { parseLot, parseSerial, parseSscc } from '#domain/gs1/item-key.js';
import { parseDay } from '#domain/instant.js';
import { GHS_PICTOGRAMS, MOST_LABELS, type HazardLabel, type ItemLabel, type Label, type LabelJob, type UnitLabel } from './label-job.js';
import { mediaNamed, type Media } from './media.js';
import { printableText } from './printable-text.js';
import { LONGEST_LINK, qrVersion } from './qr-symbol.js';

const JOB_ID = /^[A-Za-z0-9._-]{1,40}$/;
const HOST = /^[A-Za-z0-9](?:[A-Za-z0-9.-]{0,98}[A-Za-z0-9])?(?::\d{1,5})?$/;
const DPI: readonly number[] = [203, 300, 600];

/** What drawing needs to know of a job as a whole. */
export interface JobReading {
  readonly media: Media;
  /** The version that carries the longest link; all symbols get it, so that all labels look alike. */
  readonly version: number;
  /** True when one of the labels warns of a hazard: then codes leave room for the pictograms. */
  readonly hazardous: boolean;
}

/**
 * @throws Problem LABEL_MEDIA_UNKNOWN, LABEL_JOB_EMPTY, LABEL_JOB_TOO_LARGE (fields `labels`, `most`), FIELD_WRONG_VALUE
 *   (`jobId`, `host`, `language`, `dpi`), and for one label, with `field` = `labels[i].…`: LINK_… and AI_… (what
 *   `parseDigitalLink` refuses), LABEL_LINK_MISMATCH, LABEL_LINK_TOO_LONG, LABEL_KIND_NOT_ON_MEDIA, LABEL_HAZARD_DOES_NOT_FIT, GTIN_…, LOT_MALFORMED,
 *   SERIAL_MALFORMED, SSCC_…, DATE_INVALID, FIELD_WRONG_VALUE, LIST_REPEATS
 */
export function readJob(job: LabelJob): JobReading {
  const media = mediaNamed(job.media);
  checkHead(job);
  let version = 1;
  let hazardous = false;
  for (const [index, label] of job.labels.entries()) {
    version = Math.max(version, readLabel(label, index, job, media));
    hazardous ||= label.kind === 'item' && label.hazard !== undefined;
  }
  return { media, version, hazardous };
}

function checkHead(job: LabelJob): void {
  require(JOB_ID.test(job.jobId), 'FIELD_WRONG_VALUE', { field: 'jobId', expected: '1-40 of A-Z a-z 0-9 . _ -' });
  require(HOST.test(job.host), 'FIELD_WRONG_VALUE', { field: 'host', expected: 'a host, up to 100 characters' });
  require(job.language === 'vi' || job.language === 'en', 'FIELD_WRONG_VALUE', { field: 'language', expected: 'vi | en' });
  require(job.dpi === undefined || DPI.includes(job.dpi), 'FIELD_WRONG_VALUE', { field: 'dpi', expected: DPI.join(' | ') });
  require(job.labels.length > 0, 'LABEL_JOB_EMPTY', { field: 'labels' });
  require(job.labels.length <= MOST_LABELS, 'LABEL_JOB_TOO_LARGE', { field: 'labels', labels: String(job.labels.length), most: String(MOST_LABELS) });
}

function readLabel(label: Label, index: number, job: LabelJob, media: Media): number {
  try {
    if (label.kind === 'item') checkItem(label, job.host, media);
    else checkUnit(label, job.host, media);
    return versionOf(label.link);
  } catch (error) {
    throw error instanceof Problem ? within(`labels[${index}]`, error) : error;
  }
}

function versionOf(link: string): number {
  const version = qrVersion(link);
  if (version === undefined) throw new Problem('LABEL_LINK_TOO_LONG', { field: 'link', length: String(link.length), most: String(LONGEST_LINK) });
  return version;
}

function checkItem(label: ItemLabel, host: string, media: Media): void {
  require(parseGtin(label.gtin) === label.gtin, 'FIELD_WRONG_VALUE', { field: 'gtin', expected: '14 digits' });
  if (label.lot !== undefined) parseLot(label.lot);
  if (label.serial !== undefined) parseSerial(label.serial);
  if (label.expiry !== undefined) parseDay(label.expiry);
  require(printableText(label.productName) !== '', 'FIELD_WRONG_VALUE', { field: 'productName', expected: 'text that can be printed' });
  if (label.hazard !== undefined) checkHazard(label.hazard, media);
  require(namesItem(namedBy(label.link, host), label), 'LABEL_LINK_MISMATCH', { field: 'link', link: label.link });
}

/** A link to an instance may leave its lot out, and any link its expiry; nothing else, and nothing may differ. */
function namesItem(named: ReadonlyMap<string, string>, label: ItemLabel): boolean {
  const lotLeftOut = label.serial !== undefined && !named.has('10');
  const expiry = label.expiry?.slice(2).replaceAll('-', '');
  return named.get('01') === label.gtin && named.get('21') === label.serial
    && (lotLeftOut || named.get('10') === label.lot) && (!named.has('17') || named.get('17') === expiry);
}

function checkHazard(hazard: HazardLabel, media: Media): void {
  const { pictograms, signalWord, unNumber } = hazard;
  require(signalWord === 'danger' || signalWord === 'warning', 'FIELD_WRONG_VALUE', { field: 'hazard.signalWord', expected: 'danger | warning' });
  require(pictograms.every((name) => GHS_PICTOGRAMS.includes(name)), 'FIELD_WRONG_VALUE', { field: 'hazard.pictograms', expected: GHS_PICTOGRAMS.join(' | ') });
  require(new Set(pictograms).size === pictograms.length, 'LIST_REPEATS', { field: 'hazard.pictograms' });
  require(unNumber === undefined || /^\d{4}$/.test(unNumber), 'FIELD_WRONG_VALUE', { field: 'hazard.unNumber', expected: 'four digits' });
  require(media.hazard !== 'none', 'LABEL_HAZARD_DOES_NOT_FIT', { field: 'hazard', media: media.name, pictograms: String(pictograms.length), most: '0' });
}

function checkUnit(label: UnitLabel, host: string, media: Media): void {
  require(media.name === 'a6-logistic', 'LABEL_KIND_NOT_ON_MEDIA', { field: 'kind', media: media.name });
  parseSscc(label.sscc);
  require(namedBy(label.link, host).get('00') === label.sscc, 'LABEL_LINK_MISMATCH', { field: 'link', link: label.link });
}

/** The AIs and values of a link; its host must be the one printed for the reader to compare. */
function namedBy(link: string, host: string): ReadonlyMap<string, string> {
  const { domain, primaryKey, qualifiers, attributes } = linkOf(link);
  require(domain === host.toLowerCase(), 'LABEL_LINK_MISMATCH', { field: 'link', link: link.slice(0, 400), host });
  return new Map([primaryKey, ...qualifiers, ...attributes].map(({ ai, value }) => [ai, value]));
}

function linkOf(link: string): DigitalLink {
  try {
    return parseDigitalLink(link);
  } catch (error) {
    throw error instanceof Problem ? new Problem(error.code, { ...error.fields, field: 'link' }) : error;
  }
}
