/** The records of the trust registry (`docs/architecture.md`): identifiers, their keys, grants, commitments, status lists. */
import { credentialType, type CredentialType } from '../credential/credential-type.js';
import { substance } from '../chemistry/content.js';
import type { SubstanceId } from '../chemistry/substances.js';
import { parseInstant, type Instant } from '../instant.js';
import { organisationId, province, type OrganisationId } from '../registry/organisation.js';
import { distinct, list, matching, object, oneOf, optional, parsedBy, text, wholeNumber, type Shape } from '../shape.js';
import { did, type Did } from './did.js';
import { publicKeyJwk, signatureAlgorithm, type PublicKeyJwk, type SignatureAlgorithm } from './public-key.js';

/** From when on a withdrawal counts: when it was recorded, ever, or a day that it names. */
export type RevocationEffect = 'from-now' | 'from-beginning' | 'since';

export interface Withdrawal {
  /** When it was recorded. */
  readonly at: Instant;
  readonly effect: RevocationEffect;
  /** Only with effect `since`. */
  readonly since?: Instant;
  readonly reason: string;
}

/** A record that can lose its force. A later withdrawal may only reach further back; the earlier ones stay on record. */
export interface Withdrawable {
  /** The newest withdrawal. */
  readonly withdrawn?: Withdrawal;
  /** Those before it, oldest first: what was known when. */
  readonly withdrawnBefore?: readonly Withdrawal[];
}

/** A DID and the organisation that answers for it. */
export interface DidRecord extends Withdrawable {
  readonly kind: 'did';
  readonly did: Did;
  readonly organisation: OrganisationId;
  readonly registeredAt: Instant;
}

/** How a key's period ended, and when that was recorded. */
export interface KeyEnd {
  readonly to: Instant;
  readonly reason: 'superseded' | 'compromised';
  /** With `compromised`: nothing signed from then on counts. */
  readonly compromisedSince?: Instant;
  readonly retiredAt: Instant;
}

/** A key of a `did:web`, good in `[from, to)`. */
export interface DidKeyRecord extends Partial<KeyEnd> {
  readonly kind: 'did-key';
  readonly did: Did;
  /** The fragment of the key's DID URL, e.g. `khoa-2026`. */
  readonly keyId: string;
  readonly algorithm: SignatureAlgorithm;
  readonly publicKeyJwk: PublicKeyJwk;
  readonly from: Instant;
  readonly registeredAt: Instant;
  /** What was recorded of its end before, oldest first: a superseded key can be found compromised later. */
  readonly endedBefore?: readonly KeyEnd[];
}

/** Where a grant holds. Without `substances` it covers no question that names one. */
export interface GrantScope {
  readonly provinces: readonly string[] | 'all';
  readonly substances?: readonly SubstanceId[] | 'all';
}

/** What a grant allows: to issue, to give grants on, to revoke and to suspend what others issued. */
export type TrustAction = 'issue' | 'accredit' | 'revoke' | 'suspend';

/** Who may do what, for which credentials, where, when, and who said so. Good in `[from, until)`. */
export interface GrantRecord extends Withdrawable {
  readonly kind: 'grant';
  readonly id: string;
  readonly grantor: OrganisationId;
  /** The grant it was given under; absent for a registrar's own. */
  readonly parent?: string;
  readonly grantee: Did;
  readonly actions: readonly TrustAction[];
  readonly credentialType: CredentialType;
  readonly scope: GrantScope;
  readonly from: Instant;
  readonly until: Instant;
  /** How many further grants may stand below it. */
  readonly depth: number;
  /** The decision or law it rests on, in words. */
  readonly legalBasis: string;
  readonly grantedAt: Instant;
}

/** The Merkle root of a batch of salted credential hashes: that these existed when it was recorded, and nothing of whom. */
export interface CommitmentRecord {
  readonly kind: 'credential-commitment';
  /** SHA-256, 64 hexadecimal digits. */
  readonly root: string;
  readonly did: Did;
  readonly count: number;
  readonly committedAt: Instant;
}

export type StatusListPurpose = 'revocation' | 'suspension' | 'refresh';

/** The newest version of a status list: an older one that somebody shows again is known to be old. */
export interface StatusListRecord {
  readonly kind: 'status-list';
  readonly did: Did;
  /** Last segment of the list's URL, e.g. `thu-hoi-1`. */
  readonly list: string;
  readonly purpose: StatusListPurpose;
  readonly version: number;
  /** SHA-256 of the published text, 64 hexadecimal digits. */
  readonly hash: string;
  readonly publishedAt: Instant;
}

/** What a revocation says of its credential. What counts is what the credential itself says. */
export interface RevocationScope {
  readonly provinces: readonly string[];
  readonly substances?: readonly SubstanceId[];
}

/**
 * A credential that somebody else than its issuer has taken the force of, by a grant to revoke. It is for good, and names the
 * credential by a digest alone: whoever has the credential recognises it, and nobody else learns anything.
 */
export interface CredentialRevocationRecord {
  readonly kind: 'credential-revocation';
  /** Who revokes it. */
  readonly did: Did;
  /** Who issued it. */
  readonly issuer: Did;
  /** SHA-256 of the credential's id (`jti`), 64 hexadecimal digits. */
  readonly credential: string;
  readonly credentialType: CredentialType;
  readonly scope: RevocationScope;
  /** Number of the decision, e.g. `45/QĐ-BGDĐT`: no words, for they could name somebody. */
  readonly decision: string;
  readonly revokedAt: Instant;
}

/** Under `grant-of/{did}/{type}/{grantor}/{id}`: leads from a holder to its grants. */
export interface GrantOfRecord {
  readonly kind: 'grant-of';
}

export const instant = parsedBy(parseInstant);
export const keyId = matching(/^[A-Za-z0-9._-]{1,64}$/, '1 to 64 letters, digits, dots, hyphens, underscores');
export const grantId = matching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/, '1 to 40 letters, digits, dots, hyphens');
export const digest = matching(/^[0-9a-f]{64}$/, 'SHA-256 in 64 lower-case hexadecimal digits');
export const statusListId = matching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, '1 to 64 letters, digits, dots, hyphens, underscores');
export const decisionNumber = matching(/^[\p{L}\p{N}][\p{L}\p{N}./-]{0,59}$/u, 'number of a decision: 1 to 60 letters, digits, dots, slashes, hyphens');
export const statusListPurpose = oneOf('revocation', 'suspension', 'refresh');
export const revocationEffect = oneOf('from-now', 'from-beginning', 'since');
export const trustActions = distinct(oneOf('issue', 'accredit', 'revoke', 'suspend'), { min: 1, max: 4 });

/** Credentials of one batch: as many as the Merkle paths in them can tell apart. */
export const batchCount = wholeNumber(1, 1_000_000);
export const listVersion = wholeNumber(1, Number.MAX_SAFE_INTEGER);

/** A grant of depth 3 heads a chain of four: the longest there can be. */
export const LONGEST_CHAIN = 4;
export const grantDepth = wholeNumber(0, LONGEST_CHAIN - 1);

/** Ends of one key, and withdrawals of one record, that are kept. */
export const MOST_ENDS = 8;

const all = oneOf('all');
const orAll = <T>(some: Shape<readonly T[]>): Shape<readonly T[] | 'all'> => (value) => (typeof value === 'string' ? all(value) : some(value));

export const grantScope = object({
  provinces: orAll<string>(distinct(province, { min: 1, max: 34 })),
  substances: optional(orAll(distinct(substance, { min: 1, max: 200 }))),
});

export const revocationScope = object({ provinces: distinct(province, { min: 1, max: 34 }), substances: optional(distinct(substance, { min: 1, max: 200 })) });

const withdrawal = object({ at: instant, effect: revocationEffect, since: optional(instant), reason: text(300) });
const withdrawable = { withdrawn: optional(withdrawal), withdrawnBefore: optional(list(withdrawal, { min: 1, max: MOST_ENDS })) };

export const didRecord: Shape<DidRecord> = object({ kind: oneOf('did'), did, organisation: organisationId, registeredAt: instant, ...withdrawable });

const keyReason = oneOf('superseded', 'compromised');
const keyEnd = object({ to: instant, reason: keyReason, compromisedSince: optional(instant), retiredAt: instant });

export const didKeyRecord: Shape<DidKeyRecord> = object({
  kind: oneOf('did-key'), did, keyId, algorithm: signatureAlgorithm, publicKeyJwk, from: instant, registeredAt: instant,
  to: optional(instant), reason: optional(keyReason), compromisedSince: optional(instant), retiredAt: optional(instant),
  endedBefore: optional(list(keyEnd, { min: 1, max: MOST_ENDS })),
});

export const grantRecord: Shape<GrantRecord> = object({
  kind: oneOf('grant'), id: grantId, grantor: organisationId, parent: optional(grantId), grantee: did, actions: trustActions, credentialType,
  scope: grantScope, from: instant, until: instant, depth: grantDepth, legalBasis: text(300), grantedAt: instant, ...withdrawable,
});

export const commitmentRecord: Shape<CommitmentRecord> = object({ kind: oneOf('credential-commitment'), root: digest, did, count: batchCount, committedAt: instant });

export const statusListRecord: Shape<StatusListRecord> = object({
  kind: oneOf('status-list'), did, list: statusListId, purpose: statusListPurpose, version: listVersion, hash: digest, publishedAt: instant,
});

export const credentialRevocationRecord: Shape<CredentialRevocationRecord> = object({
  kind: oneOf('credential-revocation'), did, issuer: did, credential: digest, credentialType, scope: revocationScope, decision: decisionNumber, revokedAt: instant,
});
