/**
 * A short cut through a payload. All of it but the subject is spelt by one template for each type of credential, so JSON
 * only has to be parsed for the subject; a graduating class even shares that. What the short cut reads is what `readPayload`
 * reads. Whatever it does not take is left to `readPayload`, which also says what is wrong.
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
import { ownCopy } from '../own-copy.js';
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
    const own = ownCopy(text);
    this.#subjects.set(own, subject);
    this.#lastText = own;
    this.#last = subject;
  }
}

/**
 * Texts that were read before, each with what was read: headers, issuers, addresses of lists, subjects of each type. Every one
 * is a copy, so that none keeps the credential that it stood in.
 */
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
  const type = CREDENTIAL_TYPE_NAMES.find((name) => text.endsWith(TEMPLATES[name].end));
  const found = type === undefined ? undefined : valuesIn(text, TEMPLATES[type]);
  if (type === undefined || found === undefined) return undefined;
  try {
    return claimsOf(type, found, known);
  } catch (error) {
    if (error instanceof Problem) return undefined;
    throw error;
  }
}

function claimsOf(type: CredentialType, found: Found, known: KnownParts): CredentialClaims | undefined {
  const { jti: id, sd, subject } = found;
  const times = timesOf(found);
  const status = statusOf(found, known);
  if (times === undefined || status === undefined || !isUrnUuid(id)) return undefined;
  const subjectClaims = known.subjects[type].get(subject) ?? readSubject(type, subject, known);
  const replaced = 'replaces' in subjectClaims ? subjectClaims.replaces?.credential : undefined;
  if (replaced === id) return undefined;
  return {
    issuer: didOf(found.iss, known), subject: subjectOf(found.sub, type, known), id, type, ...times, status, subjectClaims,
    digests: sd === '' ? readDigests(type, undefined, undefined) : readDigests(type, sd.split('","'), DIGEST_ALGORITHM),
    schema: schemaOf(type),
  };
}

function statusOf({ list0, index0, list1, index1, list2, index2 }: Found, known: KnownParts): CredentialClaims['status'] | undefined {
  const areThree = list0 !== list1 && list1 !== list2 && list2 !== list0;
  return areThree ? { revocation: entryOf(list0, index0, known), suspension: entryOf(list1, index1, known), refresh: entryOf(list2, index2, known) } : undefined;
}

const SECONDS = /^[1-9][0-9]{0,11}$/;

/** Of anything else, what no comparison holds for. */
const secondsOf = (digits: string): number => (SECONDS.test(digits) ? Number(digits) : Number.NaN);

function timesOf({ iat, nbf, exp }: Found): Pick<CredentialClaims, 'issuedAt' | 'notBefore' | 'expires'> | undefined {
  const [issuedAt, notBefore, expires] = [secondsOf(iat), secondsOf(nbf), secondsOf(exp)];
  if (exp === '') return issuedAt <= notBefore && notBefore <= LATEST_SECOND ? { issuedAt, notBefore } : undefined;
  return issuedAt <= notBefore && notBefore < expires && expires <= LATEST_SECOND ? { issuedAt, notBefore, expires } : undefined;
}

function readSubject(type: CredentialType, text: string, known: KnownParts): AnySubject {
  const subject = SHAPES[type](readCanonicalJson(`{${text}}`, 'payload'));
  known.subjects[type].set(text, subject);
  return subject;
}

function entryOf(list: string, index: string, known: KnownParts): StatusEntry {
  let url = known.lists.get(list);
  if (url === undefined) {
    url = statusListUrl(ownCopy(list));
    known.lists.set(url, url);
  }
  return { list: url, index: parseStatusIndex(index) };
}

function didOf(text: string, known: KnownParts): Did {
  let did = known.dids.get(text);
  if (did === undefined) {
    did = parseDid(ownCopy(text));
    known.dids.set(did, did);
  }
  return did;
}

function subjectOf(text: string, type: CredentialType, known: KnownParts): string {
  if (type !== 'EnterpriseIdentityCredential' && isUrnUuid(text)) return text;
  return didOf(text, known);
}

/** What a payload has of its own, where a type lacks it the empty text. Nothing is checked yet but that what stands there twice is the same. */
interface Found {
  exp: string; iat: string; iss: string; jti: string; nbf: string; sub: string;
  list0: string; index0: string; list1: string; index1: string; list2: string; index2: string;
  sd: string; subject: string;
}

/** The spelling of a type's payloads: between every two literals stands a value. */
interface Template {
  readonly literals: readonly string[];
  readonly names: readonly (keyof Found)[];
  readonly end: string;
}

/** The values of a text that has all the literals, in order. Every value is read strictly afterwards, and none that passes holds a quotation mark. */
function valuesIn(text: string, { literals, names, end }: Template): Found | undefined {
  const found: Found = { exp: '', iat: '', iss: '', jti: '', nbf: '', sub: '', list0: '', index0: '', list1: '', index1: '', list2: '', index2: '', sd: '', subject: '' };
  const [first = ''] = literals;
  if (!text.startsWith(first)) return undefined;
  let at = first.length;
  for (let place = 0; place < names.length; place++) {
    const [name, literal] = [names[place] ?? 'subject', literals[place + 1] ?? ''];
    const to = name === 'subject' ? text.length - end.length : text.indexOf(literal, at);
    if (to < at) return undefined;
    const value = text.slice(at, to);
    if (found[name] !== '' && found[name] !== value) return undefined;
    found[name] = value;
    at = to + literal.length;
  }
  return found;
}

/** Numbers that stand for values in the templates. */
const NUMBERS: readonly (readonly [number, keyof Found])[] = [[7000001, 'iat'], [7000002, 'nbf'], [7000003, 'exp'], [8000000, 'index0'], [8000001, 'index1'], [8000002, 'index2']];

/** The text of a type's payloads, as `payloadOf` spells it, taken apart at what each has of its own. */
function templateOf(type: CredentialType): Template {
  const { disclosures, expires } = CREDENTIAL_TYPES[type];
  const spelt = canonicalJson(payloadOf({
    issuer: '<iss>' as Did, subject: '<sub>', id: '<jti>', type, issuedAt: 7000001, notBefore: 7000002, ...(expires ? { expires: 7000003 } : {}),
    status: { revocation: { list: '<list0>', index: 8000000 }, suspension: { list: '<list1>', index: 8000001 }, refresh: { list: '<list2>', index: 8000002 } },
    subjectClaims: { '~': 0 } as unknown as AnySubject, digests: disclosures.length === 0 ? [] : ['<sd>'], schema: schemaOf(type),
  }));
  let text = spelt.replace('"~":0', '<subject>');
  for (const [number, name] of NUMBERS) text = text.replaceAll(String(number), `<${name}>`);
  const parts = text.split(/<([a-z]+[0-2]?)>/);
  return {
    literals: parts.filter((_, place) => place % 2 === 0),
    names: parts.filter((_, place) => place % 2 === 1) as (keyof Found)[],
    end: parts.at(-1) ?? '',
  };
}

function each<T>(make: (type: CredentialType) => T): Readonly<Record<CredentialType, T>> {
  return Object.fromEntries(CREDENTIAL_TYPE_NAMES.map((type) => [type, make(type)])) as Readonly<Record<CredentialType, T>>;
}

const TEMPLATES = each(templateOf);
