/**
 * What a credential claims, and the payload that is signed for it: the W3C data model 1.1 as a JWT (section 6.3.1), in one
 * spelling. Every fact stands in one place, so that no two programs can read two different ones.
 */
import type { Json } from '../canonical-json.js';
import { Problem, require } from '../errors.js';
import { at, type Shape } from '../shape.js';
import type { TrustQuestion } from '../trust/authorise.js';
import { parseDid, type Did } from '../trust/did.js';
import { chemicalLicence, type ChemicalLicence } from './chemical-licence.js';
import { isUrnUuid } from './credential-id.js';
import { CREDENTIAL_TYPES, credentialType, type CredentialType } from './credential-type.js';
import { DIGEST_ALGORITHM, readDigests } from './digests.js';
import { diploma, type Diploma } from './diploma.js';
import { enterpriseIdentity, type EnterpriseIdentity } from './enterprise-identity.js';
import { memberNames, readMembers, readSubject, type Members } from './payload-members.js';
import { readStatus, statusJson, type StatusEntries } from './status-entry.js';
import { LATEST_SECOND } from './validity.js';

export type { StatusEntry } from './status-entry.js';
export type { StatusPurpose } from './status-list.js';

/** What the credential of each type says of its subject. */
export interface SubjectClaims {
  readonly EnterpriseIdentityCredential: EnterpriseIdentity;
  readonly ChemicalLicenceCredential: ChemicalLicence;
  readonly DiplomaCredential: Diploma;
}

/** Everything that is signed. Times are NumericDates: whole seconds since 1970. */
export interface CredentialClaims<T extends CredentialType = CredentialType> {
  readonly issuer: Did;
  /** A DID, or `urn:uuid:` for a person without one; an enterprise identity always has a DID. */
  readonly subject: string;
  /** What revocation is keyed by, e.g. `urn:uuid:0c9f6f6e-5a0b-4c5e-9d8e-2f6a3f1b7c4d`. */
  readonly id: string;
  readonly type: T;
  readonly issuedAt: number;
  readonly notBefore: number;
  /** Absent for types that do not end by themselves. */
  readonly expires?: number;
  readonly status: StatusEntries;
  readonly subjectClaims: SubjectClaims[T];
  /** Sorted, base64url of SHA-256. */
  readonly digests: readonly string[];
  readonly schema: { readonly id: string; readonly digest: string };
}

/** `@context` of every credential. None is ever fetched. */
export const CREDENTIAL_CONTEXTS = ['https://www.w3.org/2018/credentials/v1', 'https://minhchung.example/contexts/credentials/v1'] as const;

const BASE_TYPE = 'VerifiableCredential';
const SCHEMA_TYPE = 'JsonSchema';
const SUBJECT = 'vc.credentialSubject';

const PAYLOAD = memberNames(['iss', 'sub', 'jti', 'iat', 'nbf', 'vc'], ['exp', '_sd_alg']);
const VC = memberNames(['@context', 'type', 'credentialSubject', 'credentialStatus', 'credentialSchema']);
const SCHEMA = memberNames(['id', 'type', 'digest']);

const SUBJECT_SHAPES: { readonly [T in CredentialType]: Shape<SubjectClaims[T]> } = {
  EnterpriseIdentityCredential: enterpriseIdentity,
  ChemicalLicenceCredential: chemicalLicence,
  DiplomaCredential: diploma,
};

/** The schema that credentials of a type name today. */
export function schemaOf(type: CredentialType): CredentialClaims['schema'] {
  return { id: CREDENTIAL_TYPES[type].schemaId, digest: CREDENTIAL_TYPES[type].schemaDigest };
}

/** True if the claims are of one type, which then is known of their subject too. */
export function isOfType<T extends CredentialType>(claims: CredentialClaims, type: T): claims is CredentialClaims<T> {
  return claims.type === type;
}

/**
 * The payload to be signed: `canonicalJson` of it is its text.
 *
 * @param claims as {@link readPayload} gives them back; nothing is checked here
 */
export function payloadOf(claims: CredentialClaims): Json {
  const { issuer, subject, id, issuedAt, notBefore, expires, digests } = claims;
  return {
    iss: issuer, sub: subject, jti: id, iat: issuedAt, nbf: notBefore, vc: vcOf(claims),
    ...(expires === undefined ? {} : { exp: expires }),
    ...(digests.length === 0 ? {} : { _sd_alg: DIGEST_ALGORITHM }),
  };
}

function vcOf({ type, status, subjectClaims, digests, schema }: CredentialClaims): Json {
  return {
    '@context': CREDENTIAL_CONTEXTS,
    type: [BASE_TYPE, type],
    credentialSubject: { ...subjectClaims, ...(digests.length === 0 ? {} : { _sd: digests }) },
    credentialStatus: statusJson(status),
    credentialSchema: { id: schema.id, type: SCHEMA_TYPE, digest: schema.digest },
  };
}

/**
 * Reads a payload, refusing everything that {@link payloadOf} would not have written.
 *
 * @param payload as strict JSON gives it
 * @throws Problem with `field`, the path in the payload: CREDENTIAL_…; DID_… of `iss` and `sub`; below
 *   `vc.credentialSubject` those of the subject's shape, wrong members there being CREDENTIAL_MEMBER_… too
 */
export function readPayload(payload: unknown): CredentialClaims {
  const members = readMembers(payload, '', PAYLOAD);
  const vc = readMembers(members['vc'], 'vc', VC);
  const type = readTypes(vc['@context'], vc['type']);
  const { sd, claims } = splitSubject(vc['credentialSubject']);
  const read: CredentialClaims = {
    issuer: readIssuer(members['iss']),
    subject: readSubjectId(members['sub'], type),
    id: readId(members['jti']),
    type,
    ...readTimes(members, type),
    status: readStatus(vc['credentialStatus']),
    subjectClaims: readSubject(SUBJECT, () => SUBJECT_SHAPES[type](claims)),
    digests: readDigests(type, sd, members['_sd_alg']),
    schema: readSchema(vc['credentialSchema'], type),
  };
  refuseLoop(read);
  return read;
}

function readTypes(contexts: unknown, types: unknown): CredentialType {
  const agreed = Array.isArray(contexts) && contexts.length === CREDENTIAL_CONTEXTS.length && CREDENTIAL_CONTEXTS.every((one, place) => contexts[place] === one);
  require(agreed, 'CREDENTIAL_CONTEXT_WRONG', { field: 'vc.@context' });
  require(Array.isArray(types) && types.length === 2 && types[0] === BASE_TYPE, 'CREDENTIAL_TYPE_UNKNOWN', { field: 'vc.type' });
  return at('vc.type', () => credentialType((types as readonly unknown[])[1]));
}

/** `_sd` stands among the claims, by the standard's rule. */
function splitSubject(subject: unknown): { sd: unknown; claims: unknown } {
  if (typeof subject !== 'object' || subject === null || Array.isArray(subject)) throw new Problem('CREDENTIAL_MEMBER_WRONG_TYPE', { field: SUBJECT, expected: 'object' });
  if (!Object.hasOwn(subject, '_sd')) return { sd: undefined, claims: subject };
  const { _sd: sd, ...claims } = subject as Members;
  return { sd, claims };
}

function readIssuer(iss: unknown): Did {
  if (typeof iss !== 'string') throw new Problem('CREDENTIAL_MEMBER_WRONG_TYPE', { field: 'iss', expected: 'text' });
  return at('iss', () => parseDid(iss));
}

function readSubjectId(sub: unknown, type: CredentialType): string {
  if (typeof sub === 'string' && sub.startsWith('did:')) return at('sub', () => parseDid(sub));
  const isPerson = typeof sub === 'string' && isUrnUuid(sub) && type !== 'EnterpriseIdentityCredential';
  if (!isPerson) throw new Problem('CREDENTIAL_SUBJECT_MALFORMED', { field: 'sub' });
  return sub;
}

function readId(jti: unknown): string {
  if (typeof jti !== 'string' || !isUrnUuid(jti)) throw new Problem('CREDENTIAL_ID_MALFORMED', { field: 'jti' });
  return jti;
}

function readTimes({ iat, nbf, exp }: Members, type: CredentialType): Pick<CredentialClaims, 'issuedAt' | 'notBefore' | 'expires'> {
  const issuedAt = readTime(iat, 'iat');
  const notBefore = readTime(nbf, 'nbf');
  require(issuedAt <= notBefore, 'CREDENTIAL_TIMES_ORDER', { field: 'nbf' });
  if (!CREDENTIAL_TYPES[type].expires) {
    require(exp === undefined, 'CREDENTIAL_EXPIRY_NOT_ALLOWED', { field: 'exp' });
    return { issuedAt, notBefore };
  }
  require(exp !== undefined, 'CREDENTIAL_EXPIRY_MISSING', { field: 'exp' });
  const expires = readTime(exp, 'exp');
  require(notBefore < expires, 'CREDENTIAL_TIMES_ORDER', { field: 'exp' });
  return { issuedAt, notBefore, expires };
}

function readTime(value: unknown, field: string): number {
  const isTime = typeof value === 'number' && Number.isSafeInteger(value) && value > 0 && value <= LATEST_SECOND;
  if (!isTime) throw new Problem('CREDENTIAL_TIME_WRONG', { field });
  return value;
}

function readSchema(value: unknown, type: CredentialType): CredentialClaims['schema'] {
  const path = 'vc.credentialSchema';
  const stated = readMembers(value, path, SCHEMA);
  const known = schemaOf(type);
  require(stated['type'] === SCHEMA_TYPE, 'CREDENTIAL_SCHEMA_UNKNOWN', { field: `${path}.type` });
  require(stated['id'] === known.id, 'CREDENTIAL_SCHEMA_UNKNOWN', { field: `${path}.id` });
  require(stated['digest'] === known.digest, 'CREDENTIAL_SCHEMA_DIGEST_WRONG', { field: `${path}.digest` });
  return known;
}

/** A chain of corrections leads back in time, so nothing stands in it twice. */
function refuseLoop({ id, subjectClaims }: CredentialClaims): void {
  const replaced = 'replaces' in subjectClaims ? subjectClaims.replaces?.credential : undefined;
  require(replaced !== id, 'CREDENTIAL_REPLACES_ITSELF', { field: `${SUBJECT}.replaces.credential` });
}

/**
 * For which provinces and substances the issuer must have the right to issue it.
 *
 * @returns e.g. `{ provinces: ['01', '75'], substances: ['acetone'] }`, each once and sorted
 */
export function trustScopeOf(claims: CredentialClaims): TrustQuestion['scope'] {
  if (isOfType(claims, 'ChemicalLicenceCredential')) {
    const { lines } = claims.subjectClaims;
    return { provinces: onceEach(lines.map((one) => one.site.province)), substances: onceEach(lines.map((one) => one.substance)) };
  }
  if (isOfType(claims, 'DiplomaCredential')) return { provinces: [claims.subjectClaims.institution.province], substances: [] };
  if (isOfType(claims, 'EnterpriseIdentityCredential')) return { provinces: [claims.subjectClaims.province], substances: [] };
  throw new TypeError(`no scope of ${claims.type}`);
}

function onceEach<T extends string>(values: readonly T[]): readonly T[] {
  return [...new Set(values)].sort();
}
