/** The answer for machines: everything the page was made of, so that anybody can judge it again. */
import type { Json } from '#domain/canonical-json.js';
import { payloadOf } from '#domain/credential/claims.js';
import type { TrustRoots } from '#domain/goods/public-item.js';
import { instantOf, type Instant } from '#domain/instant.js';
import type { OrganisationId } from '#domain/registry/organisation.js';
import { CREDENTIAL_TONES, type CredentialState } from '../../core/credential/band.js';
import { credentialBandText, type CredentialBandText } from '../../core/credential/band-wording.js';
import { CREDENTIAL_CHECKS, type CredentialReport } from '../../core/credential/credential-report.js';
import { showsContent, showsIssuer } from '../../core/credential/shown-content.js';
import type { LicenceWord } from '../../core/credential/licence-word.js';
import type { Tone } from '../../core/goods/band.js';
import type { Language } from '../../core/goods/language.js';
import type { Verdict } from '../../core/report.js';
import type { CredentialAnswer } from './credential-answer.js';
import type { PublicCredential } from './credential-sources.js';
import type { KnownRegister } from './register-copy.js';

export interface CredentialJson {
  /** W3C credentials API: whether every check passed that applies. */
  readonly verified: boolean;
  /** Names of the checks that were made. */
  readonly checks: readonly string[];
  /** Codes of what could not be checked, and of what is odd without being wrong. */
  readonly warnings: readonly string[];
  /** Codes of what failed. */
  readonly errors: readonly string[];
  readonly verdict: Verdict;
  readonly report: CredentialReport;
  readonly band: CredentialBandText & { readonly state: CredentialState; readonly tone: Tone };
  /** What is signed, as it is signed; absent unless a registered issuer signed it with the right to. */
  readonly payload?: Json;
  /** Personal data whose digests are signed, where they were shown. */
  readonly disclosed?: Readonly<Record<string, string>>;
  readonly issuer?: { readonly organisation: string; readonly name: string; readonly nameEn?: string };
  /** Who revoked it, if somebody else than its issuer did. */
  readonly revokedBy?: { readonly organisation: string; readonly name?: string; readonly decision: string; readonly at: Instant };
  /** What the register of licences says against it, where nobody else says the same. */
  readonly licence?: LicenceWord & { readonly name?: string };
  readonly committedAt?: Instant;
  /** When the copies were made that this was judged by. */
  readonly registerAsOf?: Instant;
  readonly statusAsOf?: Instant;
  /** The server's clock when it judged. */
  readonly checkedAt: Instant;
  /** The printed credential of an address `/c/{id}`. */
  readonly record?: PublicCredential;
  /** What receipts are checked against. */
  readonly trust?: TrustRoots;
}

export interface CredentialJsonExtras {
  readonly record?: PublicCredential | undefined;
  readonly trust?: TrustRoots | undefined;
}

export function credentialJson(answer: CredentialAnswer, language: Language, { record, trust }: CredentialJsonExtras = {}): CredentialJson {
  const { judged, state, band, now } = answer;
  return {
    verified: judged.verdict === 'verified',
    ...outcomesOf(answer),
    verdict: judged.verdict, report: judged.report,
    band: { state, tone: CREDENTIAL_TONES[state], ...credentialBandText(state, band, language) },
    ...signedPart(answer),
    checkedAt: instantOf(now),
    ...(record === undefined ? {} : { record }),
    ...(trust === undefined ? {} : { trust }),
  };
}

function outcomesOf({ judged: { report, standing }, document }: CredentialAnswer): Pick<CredentialJson, 'checks' | 'warnings' | 'errors'> {
  const outcomes = CREDENTIAL_CHECKS.map((name) => ({ name, outcome: report[name] }));
  const open = outcomes.flatMap(({ outcome }) => (outcome.result !== 'fail' && 'code' in outcome ? outcome.code : []));
  return {
    checks: outcomes.filter(({ outcome: { result } }) => result === 'pass' || result === 'fail').map(({ name }) => name),
    warnings: [...new Set([...open, ...(standing?.since === undefined ? [] : [standing.since]), ...(document?.finding === 'differs' ? ['DID_DOCUMENT_DIFFERS'] : [])])],
    errors: [...new Set(outcomes.flatMap(({ outcome }) => (outcome.result === 'fail' ? outcome.code : [])))],
  };
}

/** What a reader of the page may see, and no more: what else is signed, somebody unknown may have signed. */
function signedPart({ judged: { facts, standing, report }, register }: CredentialAnswer): Partial<CredentialJson> {
  if (facts === undefined || standing === undefined) return {};
  const { committedAt, registerAsOf, statusAsOf, revokedBy, licence } = standing;
  return {
    ...(showsContent(report) ? { payload: payloadOf(facts.claims), ...(Object.keys(facts.disclosed).length === 0 ? {} : { disclosed: facts.disclosed }) } : {}),
    ...(showsIssuer(report) ? issuerPart(standing.organisation, register) : {}),
    ...(revokedBy === undefined ? {} : { revokedBy: { ...revokedBy, ...namePart(revokedBy.organisation, register) } }),
    ...(licence === undefined ? {} : { licence: { ...licence, ...namePart(licence.by, register) } }),
    ...(committedAt === undefined ? {} : { committedAt }),
    registerAsOf: instantOf(registerAsOf),
    ...(statusAsOf === undefined ? {} : { statusAsOf: instantOf(statusAsOf) }),
  };
}

function namePart(id: OrganisationId, { view }: KnownRegister): { name?: string } {
  const organisation = view.organisation(id);
  return organisation === undefined ? {} : { name: organisation.name };
}

function issuerPart(id: OrganisationId | undefined, { view }: KnownRegister): Pick<CredentialJson, 'issuer'> {
  const organisation = id === undefined ? undefined : view.organisation(id);
  if (organisation === undefined) return {};
  const { name, nameEn } = organisation;
  return { issuer: { organisation: organisation.id, name, ...(nameEn === undefined ? {} : { nameEn }) } };
}
