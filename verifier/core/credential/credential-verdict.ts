/** What a credential is judged by, and what comes of it. */
import type { CredentialClaims } from '#domain/credential/claims.js';
import type { OrganisationId } from '#domain/registry/organisation.js';
import type { PersonalData } from '#domain/credential/personal-data.js';
import type { ProblemCode } from '#domain/errors.js';
import type { SignatureAlgorithm } from '#domain/trust/public-key.js';
import type { Instant } from '#domain/instant.js';
import type { Verdict } from '../report.js';
import type { RevocationView, Revoker } from './authority-revocation.js';
import type { CommitmentAnswer } from './commitment-check.js';
import type { CredentialReport } from './credential-report.js';
import type { LicenceView, LicenceWord } from './licence-word.js';
import type { StatusOf } from './status-checks.js';

export interface CredentialQuestion {
  /** `<jwt>[~<disclosure>…~]#<evidence>`, without white space around it. */
  readonly text: string;
  /** A copy of the register, and milliseconds since 1970 at which it was last known to have everything. */
  readonly trust: RevocationView & LicenceView & { readonly knownAt: number };
  /** A verified list by its URL; `undefined` where none is at hand. */
  readonly statusOf: StatusOf;
  /** What the ledger says of a root. Asked only for the root of a signed credential whose issuer is on the register. */
  readonly commitmentOf: (root: string) => CommitmentAnswer;
  /** Milliseconds since 1970 on the clock of whoever judges. */
  readonly now: number;
}

/** What the issuer signed, and nothing else. */
export interface CredentialFacts {
  readonly claims: CredentialClaims;
  readonly keyId: string;
  readonly algorithm: SignatureAlgorithm;
  /** Personal data whose digests are signed; empty where none are shown, or where one of them is not. */
  readonly disclosed: Partial<PersonalData>;
}

/** What the register and the ledger say of a signed credential. */
export interface CredentialStanding {
  /** Who answers for the issuer; its name is the register's to say. Absent for an issuer that is not on it. */
  readonly organisation?: OrganisationId;
  /** Ids of the grants, from the one that allows up to the registrar's. */
  readonly chain: readonly string[];
  /** Right when it was issued, and withdrawn or found compromised since: what was. */
  readonly since?: ProblemCode;
  /** Who revoked it, if somebody else than its issuer did. */
  readonly revokedBy?: Revoker;
  /** What the register of licences says against it, where nobody else says the same. */
  readonly licence?: LicenceWord;
  readonly committedAt?: Instant;
  /** Milliseconds since 1970: how old the copy of the register is. */
  readonly registerAsOf: number;
  /** Milliseconds since 1970: how old the oldest status list is. Absent where one is missing. */
  readonly statusAsOf?: number;
}

/** Facts and standing are there if and only if the signature holds, whatever else is wrong. */
export interface CredentialVerdict {
  readonly verdict: Verdict;
  readonly report: CredentialReport;
  readonly facts?: CredentialFacts;
  readonly standing?: CredentialStanding;
}
