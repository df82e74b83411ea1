/** What the gateway's answers mean: done, refused, or not known yet. */
import { isProblemCode, Problem, type ProblemCode, type ProblemFields } from '#domain/errors.js';
import { matching, object, type Shape } from '#domain/shape.js';
import type { GatewayAnswer } from './gateway-api.js';

/**
 * Whether a refusal settles that nothing was written and that asking again would change nothing: the contract's own word
 * on what was asked for. Others leave that open: a key that has expired or lacks a scope, a ledger that cannot be reached
 * or dropped the transaction, an address that is not the gateway's, a DID that waits for its next key.
 */
export function isFinal(error: unknown): error is Problem {
  return error instanceof Problem && FINAL.has(error.kind) && !PASSING.has(error.code);
}

const FINAL: ReadonlySet<string> = new Set(['malformed', 'not-found', 'conflict', 'refused', 'too-large'] satisfies Problem['kind'][]);
const PASSING: ReadonlySet<string> = new Set(['LEDGER_CONFLICT', 'LEDGER_REJECTED', 'ROUTE_UNKNOWN', 'DID_WITHOUT_KEY'] satisfies ProblemCode[]);

/**
 * The body of an answer that says what was asked for is so.
 *
 * @throws Problem what the gateway refuses; LEDGER_UNDECIDED for 202; LEDGER_UNREACHABLE for an answer that is none of these
 */
export function doneOf({ status, body }: GatewayAnswer): unknown {
  if (status === 200 || status === 201) return body;
  if (status === 202) throw new Problem('LEDGER_UNDECIDED');
  throw refusalIn(body) ?? new Problem('LEDGER_UNREACHABLE', { reason: `status ${status}` });
}

function refusalIn(body: unknown): Problem | undefined {
  if (typeof body !== 'object' || body === null || !('code' in body) || typeof body.code !== 'string' || !isProblemCode(body.code)) return undefined;
  return new Problem(body.code, { ...textsOf('fields' in body ? body.fields : undefined), ...('field' in body ? textsOf({ field: body.field }) : {}) });
}

function textsOf(fields: unknown): ProblemFields {
  if (typeof fields !== 'object' || fields === null) return {};
  return Object.fromEntries(Object.entries(fields).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

/** Reads what a peer program answered. Throws LEDGER_UNREACHABLE: a program that answers so is not the one we know. */
export function understood<T>(shape: Shape<T>, body: unknown): T {
  try {
    return shape(body);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    throw new Problem('LEDGER_UNREACHABLE', { reason: `not understood: ${error.code} ${error.fields['field'] ?? ''}`.trim() });
  }
}

/** Reads some members of an object and lets others be: peers grow. */
export function membersOf<F extends Readonly<Record<string, Shape<unknown>>>>(fields: F): ReturnType<typeof object<F>> {
  const read = object(fields);
  return (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return read(value);
    return read(Object.fromEntries(Object.entries(value).filter(([name]) => Object.hasOwn(fields, name))));
  };
}

/** The public part of an API key. */
export const apiKeyId = matching(/^[A-Za-z0-9]{1,40}$/, 'public part of an API key');
