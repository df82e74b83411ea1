/** Arguments of the transactions of contract `trust`. */
import { credentialType } from '../credential/credential-type.js';
import { organisationId } from '../registry/organisation.js';
import { object, oneOf, optional, text, type Parsed } from '../shape.js';
import { did } from './did.js';
import { publicKeyJwk, signatureAlgorithm } from './public-key.js';
import { batchCount, decisionNumber, digest, grantDepth, grantId, grantScope, instant, keyId, listVersion, revocationEffect, revocationScope, statusListId, statusListPurpose, trustActions } from './records.js';

const withdrawal = { effect: revocationEffect, since: optional(instant), reason: text(300) };

/** `trust:registerDid`: an organisation answers for a DID. */
export const didRegistration = object({ did, organisation: organisationId });
export type DidRegistration = Parsed<typeof didRegistration>;

/** `trust:withdrawDid`: nothing the DID does counts any more, from now, since a time, or ever. */
export const didWithdrawal = object({ did, ...withdrawal });
export type DidWithdrawal = Parsed<typeof didWithdrawal>;

/** `trust:registerDidKey`: a `did:web` signs with this key; `from` may be later, never before the registration. */
export const didKeyRequest = object({ did, keyId, algorithm: signatureAlgorithm, publicKeyJwk, from: optional(instant) });
export type DidKeyRequest = Parsed<typeof didKeyRequest>;

/** `trust:retireDidKey`: its period ends now; compromised, also what it signed since then, or ever, does not count. */
export const didKeyRetirement = object({ did, keyId, reason: oneOf('superseded', 'compromised'), compromisedSince: optional(instant) });
export type DidKeyRetirement = Parsed<typeof didKeyRetirement>;

/** `trust:grant`: without `parent` a registrar's own; with it, part of a grant to accredit that the caller holds. */
export const grantRequest = object({
  id: grantId, parent: optional(grantId), grantee: did, actions: trustActions, credentialType, scope: grantScope,
  from: optional(instant), until: instant, depth: grantDepth, legalBasis: text(300),
});
export type GrantRequest = Parsed<typeof grantRequest>;

/** `trust:revokeGrant`, by whoever gave it or a registrar. */
export const grantRevocation = object({ id: grantId, ...withdrawal });
export type GrantRevocation = Parsed<typeof grantRevocation>;

/** `trust:commitCredentials`: the Merkle root of credentials that are about to be handed out. */
export const commitmentRequest = object({ did, root: digest, count: batchCount });
export type CommitmentRequest = Parsed<typeof commitmentRequest>;

/** `trust:publishStatusList`: the newest version of a list, and its digest. */
export const statusListPublication = object({ did, list: statusListId, purpose: statusListPurpose, version: listVersion, hash: digest });
export type StatusListPublication = Parsed<typeof statusListPublication>;

/** `trust:revokeCredential`: somebody else than the issuer takes its force, by a grant to revoke that a DID of theirs holds. */
export const credentialRevocation = object({ did, issuer: did, credential: digest, credentialType, scope: revocationScope, decision: decisionNumber });
export type CredentialRevocation = Parsed<typeof credentialRevocation>;
