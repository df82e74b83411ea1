/** From a credential's text to the answer that page and machine answer are made of. */
import { STATUS_PURPOSES } from '#domain/credential/status-list.js';
import { type CredentialState, credentialBand } from '../../core/credential/band.js';
import { type CredentialBandFacts, credentialBandFacts } from '../../core/credential/band-wording.js';
import type { CredentialMemory } from '../../core/credential/credential-memory.js';
import type { CredentialQuestion, CredentialVerdict } from '../../core/credential/credential-verdict.js';
import { judgeCredential } from '../../core/credential/judge.js';
import type { CryptoPort } from '../../core/crypto-port.js';
import type { TrustWorker } from '../trust-worker.js';
import type { DidDocumentFinding } from './did-document-keeper.js';
import type { CommitmentFinding, KnownCommitments } from './known-commitments.js';
import type { KnownRegister } from './register-copy.js';

export interface CredentialJudge {
  readonly worker: TrustWorker;
  readonly commitments: KnownCommitments;
  readonly memory: CredentialMemory;
  readonly crypto: CryptoPort;
  readonly now: () => number;
}

export interface CredentialAnswer {
  /** As it was judged. */
  readonly text: string;
  readonly judged: CredentialVerdict;
  readonly state: CredentialState;
  readonly band: CredentialBandFacts;
  readonly register: KnownRegister;
  /** Of the root that the ledger was asked for, if it came to that. */
  readonly commitment: CommitmentFinding | undefined;
  /** Of the issuer's own DID document, where there is one. */
  readonly document: DidDocumentFinding | undefined;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/**
 * Judges a text by what is at hand. Only a commitment is asked for, of the operator's own ledger, and only once a registered
 * issuer's signature has led to its root.
 *
 * @param text without white space around it
 */
export async function answerCredential(text: string, judge: CredentialJudge): Promise<CredentialAnswer> {
  const { worker, commitments, memory, crypto, now } = judge;
  const register = worker.register;
  let root: string | undefined;
  let commitment: CommitmentFinding | undefined;
  const question: CredentialQuestion = {
    text, trust: register.view, now: now(), statusOf: (list) => worker.statusOf(list),
    commitmentOf: (wanted) => {
      commitment ??= commitments.at(wanted);
      root = wanted;
      return commitment?.answer ?? 'unreachable';
    },
  };
  let judged = await judgeCredential(question, crypto, memory);
  if (root !== undefined && commitment === undefined) {
    commitment = await commitments.of(root);
    judged = await judgeCredential(question, crypto, memory);
  }
  wantLists(judged, worker);
  return {
    text, judged, register, commitment, now: question.now,
    state: credentialBand(judged.report, judged.standing),
    band: bandFacts(judged),
    document: judged.facts === undefined ? undefined : worker.documentOf(judged.facts.claims.issuer),
  };
}

/** Nothing was ever known: an age counted from 1970 would say nothing. */
function bandFacts(judged: CredentialVerdict): CredentialBandFacts {
  const { asOf, ...rest } = credentialBandFacts(judged);
  return asOf === undefined || judged.standing?.registerAsOf === 0 ? rest : { ...rest, asOf };
}

/** A list that is missing will be there next time; who names lists must have had the right to issue what names them. */
function wantLists({ report, facts }: CredentialVerdict, worker: TrustWorker): void {
  if (facts === undefined || report.issuer.result !== 'pass' || report.authorisation.result !== 'pass') return;
  const { status, issuer: by } = facts.claims;
  for (const purpose of STATUS_PURPOSES) worker.want({ url: status[purpose].list, purpose, by });
}
