/**
 * A short cut through a payload. All of it but the subject is spelt by one template for each type of credential, so that a
 * pattern reads it in one go, and JSON only has to be parsed for the subject; a graduating class even shares that. What
 * the short cut reads is what `readPayload` reads. Whatever it does not take is left to `readPayload`, which also says
 * what is wrong.
 */
import { canonicalJson } from '#domain/canonical-json.js';
import { payloadOf, schemaOf, type CredentialClaims, type SubjectClaims } from '#domain/credential/claims.js';
import { chemicalLicence } from '#domain/credential/chemical-licence.js';
import { CREDENTIAL_TYPES, CREDENTIAL_TYPE_NAMES, type CredentialType } from '#domain/credential/credential-type.js';
import { diploma } from '#domain/credential/diploma.js';
import { DIGEST_ALGORITHM, readDigests } from '#domain/credential/digests.js';
import { enterpriseIdentity } from '#domain/credential/enterprise-identity.js';
import { isUrnUuid } from '#domain/credential/credential-id.js';
import { statusListUrl, type StatusEntry } from '#domain/credential/status-entry.js';
import { LATEST_SECOND } from '#domain/credential/validity.js';
import { parseStatusIndex } from '#domain/credential/status-list.js';
import { Problem } from '#domain/errors.js';
import type { Shape } from '#domain/shape.js';
import { parseDid, type Did } from '#domain/trust/did.js';
import { TwoGenerations } from '../two-generations.js';
import { readCanonicalJson } from './json-section.js';
import type { JwsHeader } from './jws-header.js';

type AnySubject = SubjectClaims[CredentialType];

const SHAPES: Readonly<Record<CredentialType, Shape<AnySubject>>> = {
  EnterpriseIdentityCredential: enterpriseIdentity,
  ChemicalLicenceCredential: chemicalLicence,
  DiplomaCredential: diploma,
};

/** Longer subjects are few, and would fill the memory. */
const LONGEST_KNOWN = 2_000;

/** Subjects of one type that were read before, by their members without the braces. */
class KnownSubjects {
  readonly #subjects = new TwoGenerations<AnySubject>(200);
  #lastText = '';
  #last: AnySubject | undefined;

  /** Graduates of a class come one after the other: the last one is tried first. */
  get(text: string): AnySubject | undefined {
    return text === this.#lastText ? this.#last : this.#subjects.get(text);
  }

  set(text: string, subject: AnySubject): void {
    if (text.length > LONGEST_KNOWN) return;
    this.#subjects.set(text, subject);
    this.#lastText = text;
    this.#last = subject;
  }
}

/** Texts that were read before, each with what was read: headers, issuers, addresses of lists, subjects of each type. */
export class KnownParts {
  readonly headers = new TwoGenerations<JwsHeader>(500);
  readonly dids = new TwoGenerations<Did>(1_000);
  readonly lists = new TwoGenerations<string>(1_000);
  readonly subjects: Readonly<Record<CredentialType, KnownSubjects>> = each(() => new KnownSubjects());
}

/**
 * Reads a payload that is spelt as `payloadOf` spells it.
 *
 * @param text canonical JSON
 * @param known is added to
 * @returns as `readPayload`; `undefined` for everything that this cannot take, right or wrong
 */
export function readKnownPayload(text: string, known: KnownParts): CredentialClaims | undefined {
  const type = CREDENTIAL_TYPE_NAMES.find((name) => text.endsWith(ENDS[name]));
  const found = type === undefined ? null : PATTERNS[type].exec(text);
  if (type === undefined || found === null) return undefined;
  try {
    return claimsOf(type, found as unknown as Found, known);
  } catch (error) {
    if (error instanceof Problem) return undefined;
    throw error;
  }
}

/** What a pattern finds, in the order of the text, where a type does not have it the empty text; times and indices as digits. */
type Found = readonly [all: string, exp: string, iat: string, iss: string, jti: string, nbf: string, sub: string,
  list0: string, index0: string, list1: string, index1: string, list2: string, index2: string, sd: string, subject: string];

function claimsOf(type: CredentialType, found: Found, known: KnownParts): CredentialClaims | undefined {
  const [, exp, iat, iss, id, nbf, sub, , , , , , , sd, subject] = found;
  const times = timesOf(iat, nbf, exp);
  const status = statusOf(found, known);
  const subjectClaims = known.subjects[type].get(subject) ?? readSubject(type, subject, known);
  const replaced = 'replaces' in subjectClaims ? subjectClaims.replaces?.credential : undefined;
  if (times === undefined || status === undefined || replaced === id) return undefined;
  return {
    issuer: didOf(iss, known), subject: subjectOf(sub, type, known), id, type, ...times, status, subjectClaims,
    digests: sd === '' ? readDigests(type, undefined, undefined) : readDigests(type, sd.split('","'), DIGEST_ALGORITHM),
    schema: schemaOf(type),
  };
}

function statusOf([, , , , , , , list0, index0, list1, index1, list2, index2]: Found, known: KnownParts): CredentialClaims['status'] | undefined {
  const areThree = list0 !== list1 && list1 !== list2 && list2 !== list0;
  return areThree ? { revocation: entryOf(list0, index0, known), suspension: entryOf(list1, index1, known), refresh: entryOf(list2, index2, known) } : undefined;
}

function timesOf(iat: string, nbf: string, exp: string): Pick<CredentialClaims, 'issuedAt' | 'notBefore' | 'expires'> | undefined {
  const [issuedAt, notBefore, end] = [Number(iat), Number(nbf), exp === '' ? LATEST_SECOND + 1 : Number(exp)];
  if (issuedAt > notBefore || notBefore >= end || (exp !== '' && end > LATEST_SECOND)) return undefined;
  return exp === '' ? { issuedAt, notBefore } : { issuedAt, notBefore, expires: end };
}

function readSubject(type: CredentialType, text: string, known: KnownParts): AnySubject {
  const subject = SHAPES[type](readCanonicalJson(`{${text}}`, 'payload'));
  known.subjects[type].set(text, subject);
  return subject;
}

function entryOf(list: string, index: string, known: KnownParts): StatusEntry {
  let url = known.lists.get(list);
  if (url === undefined) {
    url = statusListUrl(list);
    known.lists.set(url, url);
  }
  return { list: url, index: parseStatusIndex(index) };
}

function didOf(text: string, known: KnownParts): Did {
  let did = known.dids.get(text);
  if (did === undefined) {
    did = parseDid(text);
    known.dids.set(did, did);
  }
  return did;
}

function subjectOf(text: string, type: CredentialType, known: KnownParts): string {
  if (type !== 'EnterpriseIdentityCredential' && isUrnUuid(text)) return text;
  return didOf(text, known);
}

/** What stands in the templates where a payload has something of its own. */
const PLACES: Readonly<Record<string, string>> = {
  '"<iss>"': String.raw`"(did:[!#-[\]-~]{1,396})"`,
  '"<sub>"': String.raw`"((?:did|urn):[!#-[\]-~]{1,396})"`,
  '"<jti>"': '"(urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12})"',
  7000001: '([1-9][0-9]{0,11})',
  7000002: '([1-9][0-9]{0,11})',
  7000003: '([1-9][0-9]{0,11})',
  '"_sd":["<sd>"],': String.raw`"_sd":\["([A-Za-z0-9_",-]+)"\],`,
  '"~":0': '(.*)',
};

/** One entry of `credentialStatus`: id, address and index say the same twice. The groups of the first are the 7th and 8th. */
function entryPlaces(place: number): Readonly<Record<string, string>> {
  const [list, index] = [`\\${7 + 2 * place}`, `\\${8 + 2 * place}`];
  return {
    [`"<list${place}>#${place}"`]: String.raw`"(http[!$-[\]-~]{1,300})#([0-9]{1,6})"`,
    [`"<list${place}>"`]: `"${list}"`,
    [`"${place}"`]: `"${index}"`,
  };
}

const ALL_PLACES = Object.entries({ ...PLACES, ...entryPlaces(0), ...entryPlaces(1), ...entryPlaces(2) });

/** The text of a type's payloads with its places, turned into a pattern. Where a type lacks a member, an empty group keeps the count. */
function patternOf(type: CredentialType): RegExp {
  const { disclosures, expires } = CREDENTIAL_TYPES[type];
  const template = canonicalJson(payloadOf({
    issuer: '<iss>' as Did, subject: '<sub>', id: '<jti>', type, issuedAt: 7000001, notBefore: 7000002, ...(expires ? { expires: 7000003 } : {}),
    status: { revocation: { list: '<list0>', index: 0 }, suspension: { list: '<list1>', index: 1 }, refresh: { list: '<list2>', index: 2 } },
    subjectClaims: { '~': 0 } as unknown as AnySubject, digests: disclosures.length === 0 ? [] : ['<sd>'], schema: schemaOf(type),
  }));
  let pattern = escaped(template);
  for (const [place, group] of ALL_PLACES) pattern = pattern.replace(escaped(place), () => group);
  if (!expires) pattern = `()${pattern}`;
  if (disclosures.length === 0) pattern = pattern.replace('(.*)', () => '()(.*)');
  return new RegExp(`^${pattern}$`, 's');
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
}

function each<T>(make: (type: CredentialType) => T): Readonly<Record<CredentialType, T>> {
  return Object.fromEntries(CREDENTIAL_TYPE_NAMES.map((type) => [type, make(type)])) as Readonly<Record<CredentialType, T>>;
}

const PATTERNS = each(patternOf);
/** How the payload of a type ends, which tells the types apart. */
const ENDS = each((type) => `"${type}"]}}`);
