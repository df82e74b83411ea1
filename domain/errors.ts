/**
 * The closed list of everything that can be refused, and the one-line form in which a refusal crosses a peer.
 *
 * A `Problem` is an expected refusal: the caller did or asked something that cannot be. An ordinary `Error` is our
 * bug: it is logged whole and answered without detail.
 */
import { CREDENTIAL_PROBLEMS } from './problems/credential-problems.js';
import { FABRIC_PROBLEMS } from './problems/fabric-problems.js';
import { GATEWAY_PROBLEMS } from './problems/gateway-problems.js';
import { GS1_PROBLEMS } from './problems/gs1-problems.js';
import { LEDGER_PROBLEMS } from './problems/ledger-problems.js';
import { TRADE_PROBLEMS } from './problems/trade-problems.js';
import { TRUST_PROBLEMS } from './problems/trust-problems.js';
import { VERIFICATION_PROBLEMS } from './problems/verification-problems.js';
import type { ProblemKind, ProblemMeaning } from './problems/meaning.js';

export type { ProblemKind, ProblemMeaning };

/** Every code. Sections follow the folders of `domain/`; `docs/errors.md` is compared with this table by a test. */
export const PROBLEMS = {
  ...GS1_PROBLEMS,
  ...TRADE_PROBLEMS,
  ...TRUST_PROBLEMS,
  ...VERIFICATION_PROBLEMS,
  ...LEDGER_PROBLEMS,
  ...FABRIC_PROBLEMS,
  ...GATEWAY_PROBLEMS,
  ...CREDENTIAL_PROBLEMS,
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
    return entries.every(([, v]) => typeof v === 'string') ? Object.fromEntries(entries) : undefined;
  } catch {
    return undefined; // the peer cut the message: not readable as ours
  }
}
