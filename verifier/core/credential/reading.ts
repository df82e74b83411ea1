/** The strict reading that stands in front of everything else: what it lets through has one meaning only. */
import { disclosedData, readDisclosure } from '#domain/credential/disclosure.js';
import { CREDENTIAL_TYPES } from '#domain/credential/credential-type.js';
import { readPayload, type CredentialClaims } from '#domain/credential/claims.js';
import type { Evidence } from '#domain/credential/commitment.js';
import type { PersonalData } from '#domain/credential/personal-data.js';
import type { ProblemCode } from '#domain/errors.js';
import { instantOf, type Instant } from '#domain/instant.js';
import { ownCopy } from '../own-copy.js';
import { fail, PASS, type Outcome } from '../report.js';
import { credentialText, LONGEST_TEXT, type CredentialText } from './credential-text.js';
import { every, NOT_REACHED, type CredentialReport } from './credential-report.js';
import { readEvidence } from './evidence-section.js';
import { readCanonicalJson, sectionText } from './json-section.js';
import { keyIdOf, readHeader, type JwsHeader } from './jws-header.js';
import { KnownParts, readKnownPayload } from './known-payload.js';
import { readOr } from './refusal-code.js';

/** Something read, or the code of why not. */
export type OrCode<T> = { readonly value: T } | { readonly code: ProblemCode };

export interface CredentialReading {
  readonly text: CredentialText;
  readonly header: JwsHeader;
  /** Fragment of the `kid`. */
  readonly keyId: string;
  readonly claims: CredentialClaims;
  /** When it was issued, by the issuer's own word. */
  readonly issuedAt: Instant;
  /** Whether these disclosures are signed is still to be seen. */
  readonly disclosed: OrCode<Partial<PersonalData>>;
  readonly evidence: OrCode<Evidence>;
}

/** A text that is no credential: the whole report on it. */
export interface Unreadable {
  readonly unreadable: CredentialReport;
}

/**
 * Reads a credential's text, in this order: size, parts, header, payload. No cryptography and no look at any register.
 *
 * @param text as somebody gave it
 * @param known parts of other texts that need not be read again; added to
 * @returns what stands in it, or the report that one of `format`, `header` and `payload` failed and nothing else was reached
 */
export function readCredential(text: string, known = new KnownParts()): CredentialReading | Unreadable {
  const parts = credentialText(text);
  if (typeof parts === 'string') return FAILED.format(parts);
  const header = readOr(() => headerOf(parts.jws.header, known), FAILED.header);
  if ('unreadable' in header) return header;
  const claims = readOr(() => claimsOf(parts.jws.payload, known), FAILED.payload);
  if ('unreadable' in claims) return claims;
  const keyId = readOr(() => keyIdOf(header.kid, claims.issuer), FAILED.kid);
  if (typeof keyId !== 'string') return keyId;
  return {
    text: parts, header, keyId, claims, issuedAt: instantOf(claims.issuedAt * 1000),
    disclosed: orCode(() => disclosedData(parts.disclosures.map(readDisclosure), CREDENTIAL_TYPES[claims.type].disclosures)),
    evidence: evidenceIn(parts.evidence),
  };
}

function headerOf(section: string, known: KnownParts): JwsHeader {
  const before = known.headers.get(section);
  if (before !== undefined) return before;
  const header = readHeader(section, 'JWT');
  known.headers.set(ownCopy(section), header);
  return header;
}

function claimsOf(section: string, known: KnownParts): CredentialClaims {
  const text = sectionText(section, 'payload');
  return readKnownPayload(text, known) ?? readPayload(readCanonicalJson(text, 'payload'));
}

type Stage = 'format' | 'header' | 'payload' | 'kid';

/** What is known when a stage fails: those before it passed. The `kid` belongs to the header and needs the payload. */
const REACHED: Readonly<Record<Stage, (failed: Outcome) => Partial<CredentialReport>>> = {
  format: (failed) => ({ format: failed }),
  header: (failed) => ({ format: PASS, header: failed }),
  payload: (failed) => ({ format: PASS, header: PASS, payload: failed }),
  kid: (failed) => ({ format: PASS, header: failed, payload: PASS }),
};

const FAILED = {
  format: unreadable('format'), header: unreadable('header'), payload: unreadable('payload'), kid: unreadable('kid'),
} as const;

function unreadable(stage: Stage): (code: ProblemCode) => Unreadable {
  return (code) => ({ unreadable: { ...every(NOT_REACHED), ...REACHED[stage](fail(code)) } });
}

function evidenceIn(section: string | undefined): OrCode<Evidence> {
  return section === undefined ? { code: 'CREDENTIAL_EVIDENCE_MISSING' } : orCode(() => readEvidence(section));
}

function orCode<T>(read: () => T): OrCode<T> {
  return readOr<OrCode<T>, OrCode<T>>(() => ({ value: read() }), (code) => ({ code }));
}

/**
 * The root on the ledger that a credential's text says it was committed under, so that the record can be had before the
 * judgement is asked for.
 *
 * @param text as for `judgeCredential`
 * @returns 64 hexadecimal digits; `undefined` where the text says none, or cannot be read
 */
export function committedRootIn(text: string): string | undefined {
  const hash = text.indexOf('#');
  if (hash === -1 || text.length > LONGEST_TEXT) return undefined;
  const read = evidenceIn(text.slice(hash + 1));
  return 'value' in read ? read.value.root : undefined;
}
