/** The whole trust registry at one height, as the gateway serves it and a verifier keeps it. */
import { licenceEnding, type LicenceEnding } from '../chemistry/licence-ending.js';
import { Problem } from '../errors.js';
import type { Instant } from '../instant.js';
import { organisationId, organisationKind, type OrganisationId, type OrganisationRequest } from '../registry/organisation.js';
import { list, matching, object, oneOf, optional, text, type Shape } from '../shape.js';
import type { TrustView } from './authorise.js';
import type { Did } from './did.js';
import { credentialRevocationRecord, didKeyRecord, didRecord, grantRecord, instant, statusListRecord, type CommitmentRecord, type CredentialRevocationRecord, type DidKeyRecord, type DidRecord, type GrantRecord, type StatusListRecord } from './records.js';

/** An organisation as a page names it: by the registry's name, never by the credential's. */
export interface TrustOrganisation {
  readonly id: OrganisationId;
  readonly name: string;
  readonly nameEn?: string;
  readonly type: OrganisationRequest['type'];
  readonly fictional?: 'yes';
}

export interface TrustSnapshot {
  /** Blocks it was read from. */
  readonly height: string;
  /** When the ledger was last known to have nothing newer. */
  readonly knownAt: Instant;
  readonly dids: readonly DidRecord[];
  readonly keys: readonly DidKeyRecord[];
  readonly grants: readonly GrantRecord[];
  readonly lists: readonly StatusListRecord[];
  /** Credentials that others than their issuers have revoked. */
  readonly revocations: readonly CredentialRevocationRecord[];
  /** What the register of licences says against those that are credentials. */
  readonly licences: readonly LicenceEnding[];
  /** Those that a DID or a grant names. */
  readonly organisations: readonly TrustOrganisation[];
}

/** A commitment as the gateway serves it. */
export interface PublicCommitment {
  readonly record: CommitmentRecord;
  /** Text of a receipt: the signed read of `registry:readRecord` for `credential-commitment/{root}`. */
  readonly receipt: string;
}

/** Records of each kind in one snapshot: more, and it would no longer be one text to fetch. */
export const MOST_IN_SNAPSHOT = 50_000;

/** Records of one kind, each under its own key. */
function many<T>(member: Shape<T>, keyOf: (record: T) => string): Shape<readonly T[]> {
  const read = list(member, { max: MOST_IN_SNAPSHOT });
  return (value) => {
    const records = read(value);
    if (indexed(records, keyOf).size !== records.length) throw new Problem('LIST_REPEATS', { field: '' });
    return records;
  };
}

const keyOfKey = ({ did, keyId }: DidKeyRecord): string => `${did}#${keyId}`;
const keyOfRevocation = ({ did, issuer, credential }: CredentialRevocationRecord): string => `${did}/${issuer}/${credential}`;
const keyOfList = ({ did, list: name }: StatusListRecord): string => `${did}/${name}`;

const organisation: Shape<TrustOrganisation> = object({ id: organisationId, name: text(200), nameEn: optional(text(200)), type: organisationKind, fictional: optional(oneOf('yes')) });

/** Reads a snapshot that came over a network. Throws Problem FIELD_…, LIST_… and the codes of what stands in it. */
export const trustSnapshot: Shape<TrustSnapshot> = object({
  height: matching(/^(0|[1-9][0-9]{0,15})$/, 'number of blocks'),
  knownAt: instant,
  dids: many(didRecord, (record) => record.did),
  keys: many(didKeyRecord, keyOfKey),
  grants: many(grantRecord, (record) => record.id),
  lists: many(statusListRecord, keyOfList),
  revocations: many(credentialRevocationRecord, keyOfRevocation),
  licences: many(licenceEnding, (ending) => ending.licence),
  organisations: many(organisation, (record) => record.id),
});

/** A view of a snapshot, indexed once, with what a verifier asks besides. */
export interface SnapshotView extends TrustView {
  organisation(id: OrganisationId): TrustOrganisation | undefined;
  list(did: Did, name: string): StatusListRecord | undefined;
  keysOf(did: Did): readonly DidKeyRecord[];
  /** What others have revoked of this issuer. */
  revocationsOf(issuer: Did): readonly CredentialRevocationRecord[];
  /** What is said against licences: by the id of the credential that one is, or by the root that some were committed under. */
  endings(credentialOrRoot: string): readonly LicenceEnding[];
}

const nothing: readonly never[] = [];

/** @param snapshot already read by {@link trustSnapshot}, or made here */
export function trustViewOf(snapshot: TrustSnapshot): SnapshotView {
  const dids = indexed(snapshot.dids, (record) => record.did);
  const keys = indexed(snapshot.keys, keyOfKey);
  const grants = indexed(snapshot.grants, (record) => record.id);
  const lists = indexed(snapshot.lists, keyOfList);
  const organisations = indexed(snapshot.organisations, (record) => record.id);
  const grantsOf = grouped([...grants.values()], (record) => record.grantee);
  const keysOf = grouped([...keys.values()], (record) => record.did);
  const revocationsOf = grouped(snapshot.revocations, (record) => record.issuer);
  const endingsUnder = grouped(snapshot.licences, (ending) => ending.root);
  const endingsOf = grouped(snapshot.licences, (ending) => `urn:uuid:${ending.licence}`);
  return {
    did: (did) => dids.get(did),
    key: (did, keyId) => keys.get(`${did}#${keyId}`),
    grants: (grantee) => grantsOf.get(grantee) ?? nothing,
    grant: (id) => grants.get(id),
    organisation: (id) => organisations.get(id),
    list: (did, name) => lists.get(`${did}/${name}`),
    keysOf: (did) => keysOf.get(did) ?? nothing,
    revocationsOf: (issuer) => revocationsOf.get(issuer) ?? nothing,
    endings: (credentialOrRoot) => endingsUnder.get(credentialOrRoot) ?? endingsOf.get(credentialOrRoot) ?? nothing,
  };
}

function indexed<T>(records: readonly T[], keyOf: (record: T) => string): ReadonlyMap<string, T> {
  return new Map(records.map((record) => [keyOf(record), record]));
}

function grouped<T, K>(records: readonly T[], keyOf: (record: T) => K): ReadonlyMap<K, readonly T[]> {
  const groups = new Map<K, T[]>();
  for (const record of records) {
    const group = groups.get(keyOf(record));
    if (group === undefined) groups.set(keyOf(record), [record]);
    else group.push(record);
  }
  return groups;
}
