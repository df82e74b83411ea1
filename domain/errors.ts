/**
 * The closed list of everything that can be refused, and the one-line form in which a refusal crosses a peer.
 *
 * A `Problem` is an expected refusal: the caller did or asked something that cannot be. An ordinary `Error` is our
 * bug: it is logged whole and answered without detail.
 */

/** Whose turn it is, and so which HTTP status the programs answer with. */
export type ProblemKind =
  | 'malformed' // the text or shape cannot be read
  | 'unauthorised' // nobody is signed in
  | 'forbidden' // signed in, but not allowed
  | 'not-found'
  | 'conflict' // true once, not any more; or done already
  | 'refused' // readable and allowed, but a rule says no
  | 'too-large'
  | 'too-many' // slow down
  | 'unavailable'; // ours to mend; try again

export interface ProblemMeaning {
  readonly kind: ProblemKind;
  /** What is wrong and how to mend it, for a Vietnamese reader. */
  readonly vi: string;
  /** The same in English. */
  readonly en: string;
}

const meaning = (kind: ProblemKind, vi: string, en: string): ProblemMeaning => ({ kind, vi, en });

/** Every code. Sections follow the folders of `domain/`; `docs/errors.md` is compared with this table by a test. */
export const PROBLEMS = {
  // ---- text, shapes, instants
  TEXT_NOT_JSON: meaning('malformed', 'Nội dung không phải JSON hợp lệ.', 'The text is not valid JSON.'),
  TEXT_TOO_LONG: meaning('too-large', 'Nội dung dài quá giới hạn.', 'The text is longer than allowed.'),
  TEXT_NOT_PLAIN: meaning('malformed', 'Chữ có ký tự ẩn, ký tự điều khiển hoặc không ở dạng NFC.', 'The text has invisible or control characters, or is not in Unicode form NFC.'),
  JSON_DUPLICATE_KEY: meaning('malformed', 'Một trường xuất hiện hai lần.', 'A field stands there twice.'),
  JSON_TOO_DEEP: meaning('malformed', 'Cấu trúc lồng nhau quá sâu.', 'The structure is nested too deeply.'),
  FIELD_MISSING: meaning('malformed', 'Thiếu một trường bắt buộc.', 'A required field is missing.'),
  FIELD_UNKNOWN: meaning('malformed', 'Có trường không được biết.', 'There is a field that nobody knows.'),
  FIELD_WRONG_TYPE: meaning('malformed', 'Trường có kiểu dữ liệu sai.', 'The field has the wrong type.'),
  FIELD_WRONG_VALUE: meaning('malformed', 'Giá trị của trường không hợp lệ.', 'The value of the field is not allowed.'),
  LIST_EMPTY: meaning('malformed', 'Danh sách trống.', 'The list is empty.'),
  LIST_TOO_LONG: meaning('too-large', 'Danh sách dài quá giới hạn.', 'The list is longer than allowed.'),
  LIST_REPEATS: meaning('malformed', 'Danh sách có phần tử lặp lại.', 'The list names the same thing twice.'),
  INSTANT_INVALID: meaning('malformed', 'Thời điểm không đúng dạng RFC 3339.', 'The instant is not in RFC 3339 form.'),
  DATE_INVALID: meaning('malformed', 'Ngày không đúng dạng yyyy-mm-dd hoặc không có trong lịch.', 'The date is not of the form yyyy-mm-dd, or not in the calendar.'),
  ARGUMENT_COUNT: meaning('malformed', 'Số đối số của giao dịch sai.', 'The transaction got the wrong number of arguments.'),
} as const satisfies Record<string, ProblemMeaning>;

export type ProblemCode = keyof typeof PROBLEMS;

/** What the refusal is about: `field` is a path such as `lines[2].mass`, the rest are facts to show. */
export type ProblemFields = Readonly<Record<string, string>>;

/** An expected refusal with a code from the closed list. */
export class Problem extends Error {
  readonly code: ProblemCode;
  readonly fields: ProblemFields;

  constructor(code: ProblemCode, fields: ProblemFields = {}) {
    super(`${code} ${JSON.stringify(fields)}`);
    this.name = 'Problem';
    this.code = code;
    this.fields = fields;
  }

  get kind(): ProblemKind {
    return PROBLEMS[this.code].kind;
  }
}

/** Refuses with `code` unless `condition` holds. */
export function require(condition: boolean, code: ProblemCode, fields: ProblemFields = {}): asserts condition {
  if (!condition) throw new Problem(code, fields);
}

/** The same refusal, its field placed below `parent`: `mass` in `lines[2]` becomes `lines[2].mass`. */
export function within(parent: string, problem: Problem): Problem {
  const own = problem.fields['field'];
  const joint = own === undefined || own === '' ? '' : own.startsWith('[') ? own : `.${own}`;
  return new Problem(problem.code, { ...problem.fields, field: `${parent}${joint}` });
}

/** True for a text that is one of the codes. */
export function isProblemCode(text: string): text is ProblemCode {
  return Object.hasOwn(PROBLEMS, text);
}

const LEDGER_MESSAGE = /(?:^|[\s,])([A-Z][A-Z0-9_]{2,60}) (\{.*\})/s;

/**
 * Reads a refusal back from the text a peer gives: only `error.message` crosses it, and the peer and the gateway
 * put words of their own in front.
 *
 * @param text e.g. `chaincode response 500, ITEM_UNKNOWN {"item":"/01/09520000000011"}`
 * @returns the refusal, or `undefined` if the text holds none of ours (then it is a bug or the peer's own answer)
 */
export function parseLedgerMessage(text: string): Problem | undefined {
  const match = LEDGER_MESSAGE.exec(text);
  if (match === null) return undefined;
  const [, code = '', json = ''] = match;
  const fields = readFields(json);
  return isProblemCode(code) && fields !== undefined ? new Problem(code, fields) : undefined;
}

function readFields(json: string): ProblemFields | undefined {
  try {
    const value: unknown = JSON.parse(json);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    const entries = Object.entries(value);
    return entries.every(([, v]) => typeof v === 'string') ? Object.fromEntries(entries) as ProblemFields : undefined;
  } catch {
    return undefined; // the peer cut the message: not readable as ours
  }
}
