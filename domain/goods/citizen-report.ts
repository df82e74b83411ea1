/** What a citizen tells the maker and the authority about goods or a label: shared by the public site and the gateway. */
import { Problem } from '../errors.js';
import { matching, object, oneOf, optional, paragraphs, parsedBy, text, type Parsed, type Shape } from '../shape.js';
import { parseDigitalLinkPath } from '../gs1/digital-link.js';
import type { Instant } from '../instant.js';
import { province } from '../registry/organisation.js';

/** What may be wrong; a short list, so that reports can be counted. */
export const REPORT_REASONS = ['seal-broken', 'sold-after-recall', 'code-on-other-goods', 'differs-from-picture', 'label-suspect', 'other'] as const;

export type ReportReason = (typeof REPORT_REASONS)[number];

/** Longest values, in UTF-16 units. */
export const REPORT_LIMITS = { code: 2_048, text: 1_000, contact: 200 } as const;

/** Names one form that was filled in: the same form sent again is the same report. */
const token = matching(/^[A-Za-z0-9_-]{16,64}$/, '16 to 64 letters, digits, hyphens and underscores');

/** A state that the band of the public page can show, e.g. `unknown-code`. */
const bandState = matching(/^(?=.{1,40}$)[a-z]+(?:-[a-z]+)*$/, 'state of the band');

/** Path and query of a GS1 Digital Link, as strict as a scan's. */
const address = parsedBy((value): string => {
  const mark = value.indexOf('?');
  if (value.length > REPORT_LIMITS.code) throw new Problem('LINK_TOO_LONG', { length: String(value.length) });
  parseDigitalLinkPath(mark < 0 ? value : value.slice(0, mark), mark < 0 ? '' : value.slice(mark + 1));
  return value;
});

/** Each field of the form by itself, so that a page can say of every one what is wrong with it. */
export const REPORT_FIELDS = {
  token,
  /** What was scanned or typed, e.g. `/01/09520000000011/21/7QK2M9ZD4XWA` or `(01)0952…`; it need not be readable. */
  code: text(REPORT_LIMITS.code),
  /** The state of the band on the page from which the report was begun. */
  shown: optional(bandState),
  reason: oneOf(...REPORT_REASONS),
  text: optional(paragraphs(REPORT_LIMITS.text)),
  province: optional(province),
  /** How the authority may ask back; personal, so it is kept apart and can be deleted. */
  contact: optional(text(REPORT_LIMITS.contact)),
} as const satisfies Readonly<Record<string, Shape<unknown>>>;

/** As a citizen, or a machine for one, sends it. Throws Problem as `object` and the shapes of {@link REPORT_FIELDS}. */
export const reportForm = object(REPORT_FIELDS);
export type ReportForm = Parsed<typeof reportForm>;

/** As the public site hands it on: with what it made of the code when the report came. */
export const citizenReport = object({ ...REPORT_FIELDS, address: optional(address), judged: bandState });
export type CitizenReport = Parsed<typeof citizenReport>;

/** What the citizen is told once the report is on the disk. */
export interface FiledReport {
  /** To be written down and named when asking, e.g. `BC-7QK2M9ZD4XWA`. */
  readonly reference: string;
  readonly receivedAt: Instant;
}

/** `BC-` and twelve characters of a serial number. */
export const REPORT_REFERENCE = /^BC-[2-9A-HJ-NP-Z]{12}$/;
