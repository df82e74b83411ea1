/** What a registrar states beside the table: for whom it is issued, how many it should be, what all rows have in common. */
import { diplomaDefaults, type DiplomaDefaults } from '#domain/credential/diploma-rows.js';
import { Problem } from '#domain/errors.js';
import { matching, object, oneOf, optional, type Shape } from '#domain/shape.js';
import { did, type Did } from '#domain/trust/did.js';

export interface BatchOrder {
  readonly did: Did;
  /** how many graduates the decision names */
  readonly graduates: number;
  readonly assurance: 'native' | 'digitised';
  readonly defaults: DiplomaDefaults;
}

const MOST_GRADUATES = 10_000;

const anyText: Shape<string> = (value) => {
  if (typeof value !== 'string') throw new Problem('FIELD_WRONG_TYPE', { expected: 'text' });
  return value;
};
const digits = matching(/^\d{1,5}$/, `whole number 1 to ${MOST_GRADUATES}`);

const DEFAULTS = ['level', 'title', 'titleEn', 'field', 'fieldEn', 'mode', 'graduationYear', 'decisionNumber', 'issuePlace', 'issueDate'] as const;
const defaultTexts = Object.fromEntries(DEFAULTS.map((name) => [name, optional(anyText)])) as Readonly<Record<typeof DEFAULTS[number], ReturnType<typeof optional<string>>>>;

const query = object({ did, graduates: digits, assurance: optional(oneOf('native', 'digitised')), ...defaultTexts });

/**
 * Reads the query of an upload.
 *
 * @param value e.g. `{ did: 'did:web:…', graduates: '120', decisionNumber: '123/QĐ-ĐHVD', issueDate: '2026-06-30' }`
 * @throws Problem FIELD_MISSING, FIELD_UNKNOWN, FIELD_WRONG_VALUE and those of each member's shape, with `field`
 */
export function readBatchOrder(value: unknown): BatchOrder {
  const { did: issuer, graduates, assurance = 'native', graduationYear, ...texts } = query(value);
  const count = Number(graduates);
  if (count < 1 || count > MOST_GRADUATES) throw new Problem('FIELD_WRONG_VALUE', { field: 'graduates', expected: `whole number 1 to ${MOST_GRADUATES}` });
  return {
    did: issuer, graduates: count, assurance,
    defaults: diplomaDefaults({ ...texts, ...(graduationYear === undefined ? {} : { graduationYear: yearOf(graduationYear) }) }),
  };
}

function yearOf(text: string): number | string {
  return /^\d{4}$/.test(text) ? Number(text) : text;
}
