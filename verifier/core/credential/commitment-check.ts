/** Whether a credential stood on the ledger before anybody was given it. */
import type { CommitmentRecord } from '#domain/trust/records.js';
import type { Evidence } from '#domain/credential/commitment.js';
import type { Instant } from '#domain/instant.js';
import type { ProblemCode } from '#domain/errors.js';
import { fail, PASS, unknown, type Outcome } from '../report.js';
import type { CredentialReading, OrCode } from './reading.js';

/** A record of the ledger, its receipt checked by whoever passes it here. */
export interface KnownCommitment {
  readonly record: CommitmentRecord;
}

/** What is known of a root: its record; that the ledger has none; or that nobody could be asked. */
export type CommitmentAnswer = KnownCommitment | 'unknown' | 'unreachable';

/** The outcome, and the ledger's time where it is proven. */
export interface Logged {
  readonly outcome: Outcome;
  readonly committedAt?: Instant;
}

/** Cut off in copying as easily as left out on purpose: it proves nothing either way. */
const MISSING: Outcome = Object.freeze(unknown('CREDENTIAL_EVIDENCE_MISSING'));

/**
 * @param reading of the credential
 * @param leadsToRoot whether the hashes do lead to the root that the evidence names
 * @param commitmentOf asked only for a root that they lead to
 * @param canMiss whether the copy of the ledger that answers can know that something is not there; see `knowsAbsence`
 */
export function loggedOutcome({ evidence, claims }: CredentialReading, leadsToRoot: OrCode<boolean>, commitmentOf: (root: string) => CommitmentAnswer, canMiss: boolean): Logged {
  if ('code' in evidence) return { outcome: evidence.code === MISSING_CODE ? MISSING : fail(evidence.code) };
  if ('code' in leadsToRoot) return { outcome: unknown(leadsToRoot.code) };
  if (!leadsToRoot.value) return { outcome: fail('CREDENTIAL_EVIDENCE_WRONG') };
  const answer = commitmentOf(evidence.value.root);
  if (typeof answer === 'string') return { outcome: answer === 'unknown' && canMiss ? fail('CREDENTIAL_NOT_LOGGED') : unknown('LEDGER_UNREACHABLE') };
  const fault = differenceOf(answer.record, evidence.value, claims.issuer);
  return fault === undefined ? { outcome: PASS, committedAt: answer.record.committedAt } : { outcome: fail(fault) };
}

const MISSING_CODE: ProblemCode = 'CREDENTIAL_EVIDENCE_MISSING';

function differenceOf(record: CommitmentRecord, { root, count }: Evidence, issuer: string): ProblemCode | undefined {
  if (record.root !== root) return 'CREDENTIAL_EVIDENCE_WRONG';
  if (record.did !== issuer) return 'COMMITMENT_OF_OTHER';
  return record.count === count ? undefined : 'CREDENTIAL_COUNT_DIFFERS';
}
