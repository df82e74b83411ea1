import { describe, expect, test } from 'vitest';
import type { ProblemCode, ProblemFields } from '#domain/errors.js';
import { readJob } from '../../../gateway/labels/check-job.js';
import { planJob } from '../../../gateway/labels/job-plan.js';
import { MOST_LABELS, type ItemLabel, type LabelJob } from '../../../gateway/labels/label-job.js';
import type { MediaName } from '../../../gateway/labels/media.js';
import { PdfDocument } from '../../../gateway/labels/pdf-document.js';
import { throwsWith } from '../../support/rejects-with.js';
import { acid, GTIN, HOST, jobOf, pallet, SSCC, STEM, tea } from './sample-labels.js';

const hazard = (changes: object): ItemLabel => tea(0, { hazard: { signalWord: 'danger', pictograms: ['GHS05'], ...changes } });

/** All that can refuse a job: reading it, then planning it. */
function settle(job: LabelJob): unknown {
  const reading = readJob(job);
  return planJob(job, reading, new PdfDocument({ title: 'x', language: 'vi', page: reading.media.page }).fonts);
}

interface Refusal {
  readonly why: string;
  readonly job: LabelJob;
  readonly code: ProblemCode;
  readonly fields: ProblemFields;
}

const anyJob = (changes: object): LabelJob => jobOf('a4-24', [tea(0)], changes);
const second = (label: LabelJob['labels'][number], media: MediaName = 'a4-24'): LabelJob => jobOf(media, [tea(0), label]);

const JOB_REFUSALS: readonly Refusal[] = [
  { why: 'no labels', job: jobOf('a4-24', []), code: 'LABEL_JOB_EMPTY', fields: { field: 'labels' } },
  { why: 'one label too many', job: jobOf('a4-24', Array.from({ length: MOST_LABELS + 1 }, () => tea(0))), code: 'LABEL_JOB_TOO_LARGE', fields: { field: 'labels', labels: '100001', most: '100000' } },
  { why: 'unknown media', job: anyJob({ media: 'a3-10' }), code: 'LABEL_MEDIA_UNKNOWN', fields: { field: 'media', media: 'a3-10' } },
  { why: 'job id with a slash', job: anyJob({ jobId: '../etc' }), code: 'FIELD_WRONG_VALUE', fields: { field: 'jobId' } },
  { why: 'job id too long for the foot of a label', job: anyJob({ jobId: 'a'.repeat(41) }), code: 'FIELD_WRONG_VALUE', fields: { field: 'jobId' } },
  { why: 'host with a path', job: anyJob({ host: 'a.vn/x' }), code: 'FIELD_WRONG_VALUE', fields: { field: 'host' } },
  { why: 'host with an override', job: anyJob({ host: 'a\u202e.vn' }), code: 'FIELD_WRONG_VALUE', fields: { field: 'host' } },
  { why: 'another language', job: anyJob({ language: 'fr' }), code: 'FIELD_WRONG_VALUE', fields: { field: 'language' } },
  { why: 'a resolution nobody has', job: anyJob({ dpi: 204 }), code: 'FIELD_WRONG_VALUE', fields: { field: 'dpi' } },
];

const LABEL_REFUSALS: readonly Refusal[] = [
  { why: 'GTIN mistyped', job: second(tea(1, { gtin: '09520000000012' })), code: 'GTIN_CHECK_DIGIT_WRONG', fields: { field: 'labels[1]', expected: '1' } },
  { why: 'GTIN-13', job: second(tea(1, { gtin: '9520000000011' })), code: 'FIELD_WRONG_VALUE', fields: { field: 'labels[1].gtin' } },
  { why: 'lot with a space', job: second(tea(1, { lot: 'LO 26' })), code: 'LOT_MALFORMED', fields: { field: 'labels[1]' } },
  { why: 'serial of 21', job: second(tea(1, { serial: 'A'.repeat(21) })), code: 'SERIAL_MALFORMED', fields: { field: 'labels[1]' } },
  { why: '30 February', job: second(tea(1, { expiry: '2027-02-30' })), code: 'DATE_INVALID', fields: { field: 'labels[1]' } },
  { why: 'a name of nothing visible', job: second(tea(1, { productName: '\u202e \u200b' })), code: 'FIELD_WRONG_VALUE', fields: { field: 'labels[1].productName' } },
  { why: 'a link that is none', job: second(tea(1, { link: 'javascript:alert(1)' })), code: 'LINK_SCHEME_WRONG', fields: { field: 'labels[1].link' } },
  { why: 'a link without a key', job: second(tea(1, { link: `${STEM}/x/y` })), code: 'LINK_NO_PRIMARY_KEY', fields: { field: 'labels[1].link' } },
  { why: 'a link to another host', job: second(tea(1, { link: `HTTPS://EVIL.EXAMPLE/01/${GTIN}/10/LO26-0417/21/7QK2M9ZD0001` })), code: 'LABEL_LINK_MISMATCH', fields: { field: 'labels[1].link', host: HOST } },
  { why: 'a link to another product', job: second(tea(1, { link: `${STEM}/01/09520000000028/10/LO26-0417/21/7QK2M9ZD0001` })), code: 'LABEL_LINK_MISMATCH', fields: { field: 'labels[1].link' } },
  { why: 'a link to another lot', job: second(tea(1, { link: `${STEM}/01/${GTIN}/10/LO26-0418/21/7QK2M9ZD0001` })), code: 'LABEL_LINK_MISMATCH', fields: { field: 'labels[1].link' } },
  { why: 'a link to another serial', job: second(tea(1, { link: `${STEM}/01/${GTIN}/10/LO26-0417/21/7QK2M9ZD0002` })), code: 'LABEL_LINK_MISMATCH', fields: { field: 'labels[1].link' } },
  { why: 'a link in other letters than the serial', job: second(tea(1, { serial: 'abc', link: `${STEM}/01/${GTIN}/10/LO26-0417/21/ABC` })), code: 'LABEL_LINK_MISMATCH', fields: { field: 'labels[1].link' } },
  { why: 'a serial that the link leaves out', job: second(tea(1, { link: `${STEM}/01/${GTIN}/10/LO26-0417` })), code: 'LABEL_LINK_MISMATCH', fields: { field: 'labels[1].link' } },
  { why: 'another expiry in the link', job: second(tea(1, { link: `${tea(1).link}?17=280101` })), code: 'LABEL_LINK_MISMATCH', fields: { field: 'labels[1].link' } },
  { why: 'a link longer than any code', job: second(tea(1, { link: `${STEM}/${'X'.repeat(300)}/01/${GTIN}/10/LO26-0417/21/7QK2M9ZD0001` })), code: 'LABEL_LINK_TOO_LONG', fields: { field: 'labels[1].link', most: '311' } },
  { why: 'a link longer than this media takes', job: second(tea(1, { link: `${STEM}/${'X'.repeat(100)}/01/${GTIN}/10/LO26-0417/21/7QK2M9ZD0001` }), 'a4-40'), code: 'LABEL_LINK_TOO_LONG', fields: { media: 'a4-40', least: '0.396' } },
  { why: 'a pallet on a sheet', job: second(pallet()), code: 'LABEL_KIND_NOT_ON_MEDIA', fields: { field: 'labels[1].kind', media: 'a4-24' } },
  { why: 'SSCC mistyped', job: second(pallet({ sscc: '095200000000000012' }), 'a6-logistic'), code: 'SSCC_CHECK_DIGIT_WRONG', fields: { field: 'labels[1]' } },
  { why: 'a link to another pallet', job: second(pallet({ link: `${STEM}/00/195200000000000018` }), 'a6-logistic'), code: 'LABEL_LINK_MISMATCH', fields: { field: 'labels[1].link' } },
  { why: 'hazards on labels too small for them', job: second(acid(1), 'a4-40'), code: 'LABEL_HAZARD_DOES_NOT_FIT', fields: { field: 'labels[1].hazard', media: 'a4-40', most: '0' } },
  { why: 'more pictograms than fit', job: second(acid(1, ['GHS01', 'GHS02', 'GHS03', 'GHS04', 'GHS05', 'GHS06', 'GHS07'])), code: 'LABEL_HAZARD_DOES_NOT_FIT', fields: { field: 'labels[1].hazard.pictograms', pictograms: '7', most: '6' } },
  { why: 'a pictogram that is none', job: second(hazard({ pictograms: ['GHS10'] })), code: 'FIELD_WRONG_VALUE', fields: { field: 'labels[1].hazard.pictograms' } },
  { why: 'a pictogram twice', job: second(hazard({ pictograms: ['GHS05', 'GHS05'] })), code: 'LIST_REPEATS', fields: { field: 'labels[1].hazard.pictograms' } },
  { why: 'a signal word that is none', job: second(hazard({ signalWord: 'beware' })), code: 'FIELD_WRONG_VALUE', fields: { field: 'labels[1].hazard.signalWord' } },
  { why: 'a UN number of three digits', job: second(hazard({ unNumber: '178' })), code: 'FIELD_WRONG_VALUE', fields: { field: 'labels[1].hazard.unNumber' } },
  { why: 'text that must stand and cannot', job: second({ ...tea(1), netQuantity: 'một trăm linh năm gam '.repeat(12) }, 'a4-65'), code: 'LABEL_TEXT_DOES_NOT_FIT', fields: { field: 'labels[1]', media: 'a4-65' } },
];

describe('refused before anything is drawn', () => {
  test.each([...JOB_REFUSALS, ...LABEL_REFUSALS])('$why', ({ job, code, fields }) => {
    throwsWith(() => settle(job), code, fields);
  });
});

describe('accepted', () => {
  test.each<[string, LabelJob]>([
    ['the most labels', jobOf('a4-24', Array.from({ length: MOST_LABELS }, () => tea(0)))],
    ['a link to the instance without its lot', second(tea(1, { link: `${STEM}/01/${GTIN}/21/7QK2M9ZD0001` }))],
    ['the expiry in the link too', second(tea(1, { link: `${tea(1).link}?17=271231` }))],
    ['a path in front of the key', second(tea(1, { link: `${STEM}/VI/T/01/${GTIN}/10/LO26-0417/21/7QK2M9ZD0001` }))],
    ['small letters percent-encoded, so that the code stays small', second(tea(1, { serial: 'a', link: `${STEM}/01/${GTIN}/10/LO26-0417/21/%61` }))],
    ['a product alone', second({ kind: 'item', gtin: GTIN, productName: 'Trà', link: `${STEM}/01/${GTIN}` })],
    ['a host with a port', jobOf('a4-24', [tea(1, { link: `HTTP://LOCALHOST:8080/01/${GTIN}/10/LO26-0417/21/7QK2M9ZD0001` })], { host: 'localhost:8080' })],
    ['all nine pictograms on A6', jobOf('a6-logistic', [acid(1, ['GHS01', 'GHS02', 'GHS03', 'GHS04', 'GHS05', 'GHS06', 'GHS07', 'GHS08', 'GHS09'])])],
  ])('%s', (_, job) => {
    expect(readJob(job).version).toBeGreaterThan(0);
  });

  test('the longest link decides for all, so that all codes of a job have one size', () => {
    const long = tea(1, { link: `${STEM}/${'X'.repeat(40)}/01/${GTIN}/10/LO26-0417/21/7QK2M9ZD0001` });
    expect([readJob(jobOf('a4-24', [tea(0)])).version, readJob(jobOf('a4-24', [tea(0), long, tea(2)])).version]).toEqual([4, 5]);
  });

  test('a pallet and a drum in one job', () => {
    expect(readJob(jobOf('a6-logistic', [pallet(), acid(1)]))).toMatchObject({ hazardous: true });
    expect(SSCC).toHaveLength(18);
  });
});
