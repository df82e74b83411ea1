/** What is asked for by `POST /credentials/issue` (W3C VC API 0.9, section Issue Credential), read strictly. */
import { canonicalJson, type Json } from '#domain/canonical-json.js';
import { chemicalLicence } from '#domain/credential/chemical-licence.js';
import { credentialId, isUrnUuid } from '#domain/credential/credential-id.js';
import { CREDENTIAL_TYPES, credentialType, type CredentialType } from '#domain/credential/credential-type.js';
import { CREDENTIAL_CONTEXTS, type SubjectClaims } from '#domain/credential/claims.js';
import { diploma } from '#domain/credential/diploma.js';
import { enterpriseIdentity } from '#domain/credential/enterprise-identity.js';
import { comparableNumber, COMPULSORY_DISCLOSURES, DISCLOSURE_NAMES, PERSONAL_SHAPES, type DisclosureName, type PersonalData } from '#domain/credential/personal-data.js';
import { Problem, require } from '#domain/errors.js';
import { epochMs, parseInstant } from '#domain/instant.js';
import { at, object, optional, parsedBy, type Shape } from '#domain/shape.js';
import { did, parseDid, type Did } from '#domain/trust/did.js';
import { refuseOtherModels } from './jwt-encoder.js';

/** A credential to be made; nothing in it is fixed yet but what it says. */
export interface IssueOrder {
  readonly did: Did;
  readonly type: CredentialType;
  /** A DID or `urn:uuid:`; where absent, the issuer gives the subject one. */
  readonly subject?: string;
  readonly subjectClaims: SubjectClaims[CredentialType];
  readonly personal?: PersonalData;
  /** Seconds since 1970. */
  readonly validFrom?: number;
  readonly expires?: number;
  /** The credential that this one supersedes. */
  readonly supersedes?: string;
}

const CLAIMS: { readonly [T in CredentialType]: Shape<SubjectClaims[T]> } = {
  EnterpriseIdentityCredential: enterpriseIdentity, ChemicalLicenceCredential: chemicalLicence, DiplomaCredential: diploma,
};

const anything: Shape<unknown> = (value) => value;
const seconds: Shape<number> = parsedBy((text) => Math.floor(epochMs(parseInstant(text)) / 1000));

const types: Shape<CredentialType> = (value) => {
  require(Array.isArray(value) && value.length === 2 && value[0] === 'VerifiableCredential', 'CREDENTIAL_TYPE_UNKNOWN', { expected: 'VerifiableCredential and one type' });
  return credentialType((value as readonly unknown[])[1]);
};

/** Both of ours, or the standard's alone: a context of somebody else's would change what the claims mean. */
const contexts: Shape<readonly string[]> = (value) => {
  const known: readonly unknown[] = CREDENTIAL_CONTEXTS;
  const right = Array.isArray(value) && value.length <= known.length && value.every((one, index) => one === known[index]);
  require(right, 'CREDENTIAL_CONTEXT_WRONG');
  return value as readonly string[];
};

const subjectId: Shape<string> = parsedBy((text) => {
  if (text.startsWith('did:')) return parseDid(text);
  require(isUrnUuid(text), 'CREDENTIAL_SUBJECT_MALFORMED');
  return text;
});

const credential = object({
  '@context': contexts, type: types, issuer: did,
  issuanceDate: optional(seconds), expirationDate: optional(seconds), credentialSubject: anything,
});

const request = object({ credential: anything, options: optional(object({ supersedes: optional(credentialId) })) });

/**
 * Reads the body of a request. The credential stands there in its JSON form of data model 1.1; the personal data of a diploma
 * stand among its claims, from where they go into disclosures.
 *
 * @throws Problem FIELD_…, CREDENTIAL_MODEL_UNSUPPORTED, CREDENTIAL_CONTEXT_WRONG, CREDENTIAL_TYPE_UNKNOWN, DID_…,
 *   INSTANT_INVALID, CREDENTIAL_EXPIRY_MISSING, CREDENTIAL_EXPIRY_NOT_ALLOWED, CREDENTIAL_REPLACES_OTHER, those of the
 *   subject's shape; with their field, e.g. `credential.credentialSubject.lines[0].most`
 */
export function readIssueOrder(body: unknown): IssueOrder {
  const { credential: stated, options } = request(body);
  const read = at('credential', () => {
    refuseOtherModels(typeof stated === 'object' && stated !== null ? { ...stated } : {});
    return credential(stated);
  });
  const { type, issuer, issuanceDate, expirationDate } = read;
  const isWrong = CREDENTIAL_TYPES[type].expires !== (expirationDate !== undefined);
  require(!isWrong, CREDENTIAL_TYPES[type].expires ? 'CREDENTIAL_EXPIRY_MISSING' : 'CREDENTIAL_EXPIRY_NOT_ALLOWED', { field: 'credential.expirationDate' });
  const subject = at('credential.credentialSubject', () => readSubject(type, read.credentialSubject));
  return {
    did: issuer, type, ...subject, ...superseded(subject.subjectClaims, options?.supersedes),
    ...(issuanceDate === undefined ? {} : { validFrom: issuanceDate }), ...(expirationDate === undefined ? {} : { expires: expirationDate }),
  };
}

type Subject = Pick<IssueOrder, 'subject' | 'subjectClaims' | 'personal'>;

function readSubject(type: CredentialType, value: unknown): Subject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Problem('FIELD_WRONG_TYPE', { field: '', expected: 'object' });
  const { id, ...claims } = value as Readonly<Record<string, unknown>>;
  const named = id === undefined ? {} : { subject: at('id', () => subjectId(id)) };
  if (CREDENTIAL_TYPES[type].disclosures.length === 0) return { ...named, subjectClaims: CLAIMS[type](claims) };
  const personal = readPersonal(claims);
  const open = Object.entries(claims).filter(([name]) => !isPersonal(name));
  return { ...named, personal, subjectClaims: CLAIMS[type](Object.fromEntries(open)) };
}

function isPersonal(name: string): name is DisclosureName {
  return (DISCLOSURE_NAMES as readonly string[]).includes(name);
}

function readPersonal(claims: Readonly<Record<string, unknown>>): PersonalData {
  const values = DISCLOSURE_NAMES.flatMap((name) => {
    if (claims[name] !== undefined) return [[name, at(name, () => PERSONAL_SHAPES[name](claims[name]))] as const];
    require(!(COMPULSORY_DISCLOSURES as readonly string[]).includes(name), 'FIELD_MISSING', { field: name });
    return [];
  });
  return Object.fromEntries(values) as unknown as PersonalData;
}

/** Where the claims themselves say what is replaced, the option can only say the same. */
function superseded(claims: IssueOrder['subjectClaims'], asked: string | undefined): { supersedes?: string } {
  const inClaims = 'replaces' in claims ? claims.replaces?.credential : undefined;
  require(asked === undefined || inClaims === undefined || asked === inClaims, 'CREDENTIAL_REPLACES_OTHER', { field: 'options.supersedes' });
  const supersedes = inClaims ?? asked;
  return supersedes === undefined ? {} : { supersedes };
}

/**
 * What there can be only one credential of, for one issuer and period (`trust.md` I2).
 *
 * @returns e.g. `['did:web:…', 'DiplomaCredential', 'VP0001234', '12/2026', '', '']`: to be hidden before it is stored
 */
export function uniqueParts({ did: issuer, type, subjectClaims, personal, expires, supersedes }: IssueOrder): readonly string[] {
  return [issuer, type, ...referenceOf(subjectClaims, personal), String(expires ?? ''), supersedes ?? ''];
}

function referenceOf(claims: IssueOrder['subjectClaims'], personal: PersonalData | undefined): readonly string[] {
  if (personal !== undefined) return [comparableNumber(personal.serialNumber), comparableNumber(personal.registerNumber)];
  if ('holder' in claims) return [claims.authority.organisation, claims.number];
  return 'enterpriseNumber' in claims ? [claims.enterpriseNumber, claims.organisation] : [];
}

/** Everything that an order says, but for when it was given: two orders with one text ask for one credential. */
export function orderText({ did: issuer, type, subject, subjectClaims, personal, expires, supersedes }: IssueOrder): string {
  return canonicalJson({ issuer, type, subject, subjectClaims: { ...subjectClaims } as Json, personal: { ...personal }, expires, supersedes });
}
