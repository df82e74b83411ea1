/** Where the trust registry's records stand on the ledger. No DID, type, organisation or id has a `/`, and no DID a `#`. */
import type { CredentialType } from '../credential/credential-type.js';
import type { OrganisationId } from '../registry/organisation.js';
import type { Did } from './did.js';

export const didKey = (did: Did): string => `did/${did}`;

/** e.g. `did-key/did:web:dai-hoc.example#khoa-2026`; with an empty name, what all keys of the DID begin with. */
export const didKeyKey = (did: Did, keyId: string): string => `did-key/${did}#${keyId}`;

export const grantKey = (id: string): string => `grant/${id}`;

/** With an empty id, what all grants of one type from one organisation begin with. */
export const grantOfKey = (grantee: Did, type: CredentialType, grantor: OrganisationId, id: string): string => `${grantsOfKey(grantee, type)}${grantor}/${id}`;

/** What all grants of one type to one DID begin with. */
export const grantsOfKey = (grantee: Did, type: CredentialType): string => `grant-of/${grantee}/${type}/`;

export const commitmentKey = (root: string): string => `credential-commitment/${root}`;

/** With an empty digest, what all revocations by one DID of credentials of one issuer begin with. */
export const credentialRevocationKey = (did: Did, issuer: Did, credential: string): string => `credential-revocation/${did}/${issuer}/${credential}`;

/** With an empty name, what all lists of the DID begin with. */
export const statusListKey = (did: Did, list: string): string => `status-list/${did}/${list}`;
