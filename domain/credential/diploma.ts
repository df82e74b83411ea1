/** What an institution says of a degree (TT 10/2026/TT-BGDĐT; content as ruled since 2019). Of whom, is disclosed apart. */
import { require } from '../errors.js';
import { parseDay } from '../instant.js';
import { organisationId, province } from '../registry/organisation.js';
import { object, oneOf, optional, parsedBy, text, wholeNumber, type Parsed, type Shape } from '../shape.js';
import { credentialId } from './credential-id.js';

/** From lower secondary school to doctorate; the last five are levels 4 to 8 of the national framework (QĐ 1982/QĐ-TTg). */
export const DIPLOMA_LEVELS = ['lower-secondary', 'upper-secondary', 'intermediate', 'college', 'bachelor', 'master', 'doctorate'] as const;
export type DiplomaLevel = (typeof DIPLOMA_LEVELS)[number];

/** Hình thức đào tạo. */
export const STUDY_MODES = ['full-time', 'in-service', 'distance'] as const;
export type StudyMode = (typeof STUDY_MODES)[number];

/** Made as a credential from the start, or copied from a register of paper diplomas: the second is vouched for less. */
export const ASSURANCES = ['native', 'digitised'] as const;

const EARLIEST_YEAR = 1900;
const LATEST_YEAR = 2999;

const members = object({
  /** The one that awards it, and where it is: a grant may hold in some provinces only. */
  institution: object({ organisation: organisationId, name: text(200), nameEn: optional(text(200)), province }),
  level: oneOf(...DIPLOMA_LEVELS),
  /** As printed, e.g. `Bằng cử nhân`, `The degree of Bachelor`. */
  title: text(120),
  titleEn: optional(text(120)),
  /** Field or major, e.g. `Hóa học`. */
  field: text(160),
  fieldEn: optional(text(160)),
  mode: oneOf(...STUDY_MODES),
  graduationYear: wholeNumber(EARLIEST_YEAR, LATEST_YEAR),
  /** Of the decision that recognises the graduation. */
  decisionNumber: text(60),
  issuePlace: text(100),
  issueDate: parsedBy(parseDay),
  assurance: oneOf(...ASSURANCES),
  /** A correction: the credential it supersedes and the number of the decision to correct. Each link leads one step back. */
  replaces: optional(object({ credential: credentialId, decisionNumber: text(60) })),
  /** Set in a demonstration. */
  fictional: optional(oneOf('yes')),
});

/** `credentialSubject` of a DiplomaCredential, without the digests of its disclosures. */
export type Diploma = Parsed<typeof members>;

/**
 * Reads the public part of a diploma.
 *
 * @throws Problem as `object`; DATE_INVALID; DIPLOMA_DATES_ORDER with field `issueDate` where it was dated before the year
 *   of graduation
 */
export const diploma: Shape<Diploma> = (value) => {
  const read = members(value);
  require(Number(read.issueDate.slice(0, 4)) >= read.graduationYear, 'DIPLOMA_DATES_ORDER', { field: 'issueDate' });
  return read;
};
