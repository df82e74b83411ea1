/** Members of a payload's objects: exactly those agreed, and for any other a refusal that says what kind of wrong it is. */
import { Problem, type ProblemCode } from '../errors.js';
import { DISCLOSURE_NAMES } from './personal-data.js';

/** Which members an object has, and no others. */
export interface MemberNames {
  readonly required: readonly string[];
  readonly all: ReadonlySet<string>;
}

/** @param optional those that may be left out */
export function memberNames(required: readonly string[], optional: readonly string[] = []): MemberNames {
  return { required, all: new Set([...required, ...optional]) };
}

export type Members = Readonly<Record<string, unknown>>;

/**
 * Claims that some program reads and that stand nowhere but where this profile puts them: registered claims of RFC 7519 and
 * members of both versions of the W3C data model. did-jwt-vc overwrites one with the other; here neither may shadow.
 */
const CLAIMS: ReadonlySet<string> = new Set([
  'iss', 'sub', 'aud', 'exp', 'nbf', 'iat', 'jti', 'vc', 'vp', 'nonce', 'cnf',
  '@context', 'id', 'type', 'issuer', 'holder', 'issuanceDate', 'expirationDate', 'issued', 'validFrom', 'validUntil',
  'credentialSubject', 'credentialStatus', 'credentialSchema', 'proof', 'evidence', 'termsOfUse', 'refreshService', 'verifiableCredential',
]);
const PERSONAL: ReadonlySet<string> = new Set(DISCLOSURE_NAMES);

/**
 * @param path of the object in the payload, e.g. `vc.credentialSchema`; empty for the payload itself
 * @throws Problem CREDENTIAL_MEMBER_WRONG_TYPE, CREDENTIAL_MEMBER_MISSING, and those of {@link strangerAt}
 */
export function readMembers(value: unknown, path: string, names: MemberNames): Members {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Problem('CREDENTIAL_MEMBER_WRONG_TYPE', { field: path, expected: 'object' });
  for (const name of Object.keys(value)) {
    if (!names.all.has(name)) throw strangerAt(below(path, name), name);
  }
  for (const name of names.required) {
    if (!Object.hasOwn(value, name)) throw new Problem('CREDENTIAL_MEMBER_MISSING', { field: below(path, name) });
  }
  return value as Members;
}

function below(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}

/**
 * The refusal of a member that has no place where it stands: CREDENTIAL_PERSONAL_IN_CLEAR, CREDENTIAL_SHADOW_CLAIM or
 * CREDENTIAL_MEMBER_UNKNOWN.
 */
function strangerAt(field: string, name: string): Problem {
  return new Problem(strangerCode(name), { field: shown(field) });
}

function strangerCode(name: string): ProblemCode {
  if (PERSONAL.has(name)) return 'CREDENTIAL_PERSONAL_IN_CLEAR';
  return CLAIMS.has(name) ? 'CREDENTIAL_SHADOW_CLAIM' : 'CREDENTIAL_MEMBER_UNKNOWN';
}

/** A name that a stranger chose is shown without what could disturb a page. */
function shown(field: string): string {
  return field.slice(0, 120).replaceAll(/[^\w.@[\]-]/g, '?');
}

/**
 * Reads a subject, and says of wrong members in it what is said of wrong members elsewhere. Refusals of values keep their
 * own code.
 *
 * @param path e.g. `vc.credentialSubject`
 */
export function readSubject<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof Problem ? subjectProblem(path, error) : error;
  }
}

function subjectProblem(path: string, problem: Problem): Problem {
  const inner = problem.fields['field'] ?? '';
  const field = inner === '' ? path : `${path}.${inner}`;
  if (problem.code === 'FIELD_UNKNOWN') return strangerAt(field, inner.slice(inner.lastIndexOf('.') + 1));
  const code = MEMBER_CODES[problem.code] ?? problem.code;
  return new Problem(code, { ...problem.fields, field });
}

const MEMBER_CODES: Partial<Record<ProblemCode, ProblemCode>> = {
  FIELD_MISSING: 'CREDENTIAL_MEMBER_MISSING',
  FIELD_WRONG_TYPE: 'CREDENTIAL_MEMBER_WRONG_TYPE',
};
