/** The judgement of a credential whose signature holds. */
import type { DidRecord } from '#domain/trust/records.js';
import type { StatusPurpose } from '#domain/credential/status-list.js';
import type { Instant } from '#domain/instant.js';
import type { ProblemCode } from '#domain/errors.js';
import { PASS, verdictOf, type Outcome } from '../report.js';
import { authorisation, fromThisCopy, issuerOutcome } from './authorisation-checks.js';
import type { AuthorityRevocation } from './authority-revocation.js';
import { loggedOutcome, type Logged } from './commitment-check.js';
import type { CredentialMemory } from './credential-memory.js';
import { BEARER, NOT_REACHED, type CredentialReport } from './credential-report.js';
import type { CredentialFacts, CredentialQuestion, CredentialStanding, CredentialVerdict } from './credential-verdict.js';
import { freshnessOutcome, knowsAbsence } from './freshness-check.js';
import { keyFinding, LONGEST_WAY_MS, type FoundKey } from './issuer-key.js';
import { LICENCE_OUTCOMES, licenceWord, type LicenceWord } from './licence-word.js';
import { issueTimes } from './issue-times.js';
import type { CredentialProof } from './proof.js';
import { statusFindings, type StatusFindings } from './status-checks.js';
import { expiryOutcome, notBeforeOutcome } from './time-checks.js';

/**
 * @param proof whose signature holds under `key`
 * @param key found in the copy of the register, or in the DID
 * @param authority what the register says of a revocation by somebody else than the issuer
 */
export function judgeSigned(proof: CredentialProof, key: FoundKey, question: CredentialQuestion, memory: CredentialMemory, authority?: AuthorityRevocation): CredentialVerdict {
  const { claims } = proof.reading;
  const { trust, now } = question;
  const record = trust.did(claims.issuer);
  const known = memory.instantOf(trust.knownAt);
  const register = record === undefined ? unregistered(proof, key, known, question) : findingsOf(proof, key, record, known, question);
  const word = licenceWord(proof, trust, known, now);
  const status = record === undefined ? NO_STATUS : statusFindings({ claims, scope: proof.scope, statusOf: question.statusOf, trust, known, now });
  const report: CredentialReport = {
    format: PASS,
    header: PASS,
    payload: PASS,
    issuer: register.issuer,
    key: register.key,
    signature: proof.signature,
    authorisation: register.authorisation,
    commitment: register.logged.outcome,
    'not-before': notBeforeOutcome(claims, now),
    expiry: expiryOutcome(claims, now),
    revocation: against('revocation', status.revocation, word, authority),
    suspension: against('suspension', status.suspension, word),
    supersession: against('refresh', status.refresh, word),
    disclosures: proof.disclosures,
    freshness: freshnessOutcome(claims.type, trust.knownAt, status.asOf, now),
    holder: BEARER,
  };
  return { verdict: verdictOf(report), report, facts: factsOf(proof), standing: standingOf(register, trust.knownAt, status.asOf, authority, isHeard(word, report) ? word : undefined) };
}

/** The issuer's own word first; then that of whoever had the right, which needs no list; then the register of licences. */
function against(purpose: StatusPurpose, ofIssuer: Outcome, word: LicenceWord | undefined, authority?: AuthorityRevocation): Outcome {
  if (ofIssuer.result === 'fail') return ofIssuer;
  if (word?.purpose === purpose && authority?.outcome.result !== 'fail') return LICENCE_OUTCOMES[purpose];
  return authority?.outcome ?? ofIssuer;
}

/** One thing is not told twice, by two who say it. */
function isHeard(word: LicenceWord | undefined, { revocation, suspension, supersession }: CredentialReport): boolean {
  return word !== undefined && [revocation, suspension, supersession].includes(LICENCE_OUTCOMES[word.purpose]);
}

function factsOf({ reading, disclosures }: CredentialProof): CredentialFacts {
  const { claims, keyId, header, disclosed } = reading;
  return { claims, keyId, algorithm: header.alg, disclosed: disclosures.result === 'pass' && 'value' in disclosed ? disclosed.value : {} };
}

/** What the register and the ledger say. */
interface RegisterFindings {
  readonly record: DidRecord | undefined;
  readonly issuer: Outcome;
  readonly key: Outcome;
  readonly authorisation: Outcome;
  readonly chain: readonly string[];
  readonly logged: Logged;
  readonly since: ProblemCode | undefined;
}

function findingsOf(proof: CredentialProof, foundKey: FoundKey, record: DidRecord, known: Instant, question: CredentialQuestion): RegisterFindings {
  const { claims, issuedAt } = proof.reading;
  const { trust, now } = question;
  const canMissLate = knowsAbsence(trust.knownAt, claims.issuedAt * 1000 + LONGEST_WAY_MS, now);
  const logged = loggedOutcome(proof.reading, proof.leadsToRoot, question.commitmentOf, canMissLate);
  const times = issueTimes(issuedAt, claims.issuedAt, logged.committedAt);
  const canMiss = knowsAbsence(trust.knownAt, claims.issuedAt * 1000, now);
  const key = keyFinding(foundKey, record, times, logged, known);
  const right = authorisation(claims, proof.scope, times, known, trust);
  return {
    record, logged,
    issuer: fromThisCopy(issuerOutcome(record, claims, times, known), canMiss),
    key: fromThisCopy(key.outcome, canMiss),
    authorisation: fromThisCopy(right.outcome, canMiss),
    chain: right.chain,
    since: key.since ?? right.since,
  };
}

/** Of an issuer that the register does not know, nothing else is looked up. */
function unregistered(proof: CredentialProof, foundKey: FoundKey, known: Instant, { trust, now }: CredentialQuestion): RegisterFindings {
  const { claims, issuedAt } = proof.reading;
  const times = issueTimes(issuedAt, claims.issuedAt, undefined);
  const logged: Logged = { outcome: NOT_REACHED };
  const canMiss = knowsAbsence(trust.knownAt, claims.issuedAt * 1000, now);
  return {
    record: undefined, logged, since: undefined,
    issuer: fromThisCopy(issuerOutcome(undefined, claims, times, known), canMiss),
    key: fromThisCopy(keyFinding(foundKey, undefined, times, logged, known).outcome, canMiss),
    authorisation: NOT_REACHED, chain: [],
  };
}

const NO_STATUS: StatusFindings = { revocation: NOT_REACHED, suspension: NOT_REACHED, refresh: NOT_REACHED, asOf: undefined };

/** Written member by member: this is made for every scan of a popular credential. */
function standingOf({ record, chain, logged, since }: RegisterFindings, registerAsOf: number, statusAsOf: number | undefined, authority: AuthorityRevocation | undefined, word: LicenceWord | undefined): CredentialStanding {
  const standing: { -readonly [Name in keyof CredentialStanding]: CredentialStanding[Name] } = { chain, registerAsOf };
  if (record !== undefined) standing.organisation = record.organisation;
  if (since !== undefined) standing.since = since;
  if (logged.committedAt !== undefined) standing.committedAt = logged.committedAt;
  if (statusAsOf !== undefined) standing.statusAsOf = statusAsOf;
  if (authority?.by !== undefined) standing.revokedBy = authority.by;
  if (word !== undefined) standing.licence = word;
  return standing;
}
