/** Records of a trust registry that does not exist: a ministry accredits a department, which accredits a university. */
import type { CredentialType } from '#domain/credential/credential-type.js';
import type { Instant } from '#domain/instant.js';
import type { OrganisationId } from '#domain/registry/organisation.js';
import type { TrustQuestion, TrustView } from '#domain/trust/authorise.js';
import { parseDid, type Did } from '#domain/trust/did.js';
import type { DidKeyRecord, DidRecord, GrantRecord } from '#domain/trust/records.js';
import { trustViewOf } from '#domain/trust/snapshot.js';

/** Midnight, UTC, of a day of 2026: `day(3)` is 3 January, `day(34)` 3 February. */
export const day = (number: number): Instant => new Date(Date.UTC(2026, 0, number)).toISOString() as Instant;

export const FOUNDED = day(1);
export const ENDS = '2031-01-01T00:00:00.000Z' as Instant;

export const MINISTRY = parseDid('did:web:bo.example');
export const DEPARTMENT = parseDid('did:web:so.example');
export const UNIVERSITY = parseDid('did:web:dai-hoc.example');
export const FACULTY = parseDid('did:web:dai-hoc.example:khoa');
/** An Ed25519 key of the did:key specification's examples. */
export const KEY_DID = parseDid('did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK');

const OWNERS = new Map<Did, string>([[MINISTRY, 'bo'], [DEPARTMENT, 'so'], [UNIVERSITY, 'dai-hoc'], [FACULTY, 'dai-hoc'], [KEY_DID, 'dai-hoc']]);

export const ownerOf = (did: Did): OrganisationId => (OWNERS.get(did) ?? 'so-dang-ky') as OrganisationId;

export function didOf(did: Did, change: Partial<DidRecord> = {}): DidRecord {
  return { kind: 'did', did, organisation: ownerOf(did), registeredAt: FOUNDED, ...change };
}

/** The P-256 example key of RFC 7517, appendix A.1. */
export const P256_JWK = { kty: 'EC', crv: 'P-256', x: 'MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4', y: '4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM' } as const;

export function keyOf(did: Did, keyId: string, change: Partial<DidKeyRecord> = {}): DidKeyRecord {
  return { kind: 'did-key', did, keyId, algorithm: 'ES256', publicKeyJwk: P256_JWK, from: FOUNDED, registeredAt: FOUNDED, ...change };
}

export const DIPLOMA: CredentialType = 'DiplomaCredential';

/** A registrar's own grant, wide in everything. */
export function rootGrant(id: string, grantee: Did, change: Partial<GrantRecord> = {}): GrantRecord {
  return {
    kind: 'grant', id, grantor: 'so-dang-ky' as OrganisationId, grantee, actions: ['accredit', 'issue', 'revoke'], credentialType: DIPLOMA, scope: { provinces: 'all', substances: 'all' },
    from: FOUNDED, until: ENDS, depth: 3, legalBasis: 'Luật ví dụ', grantedAt: FOUNDED, ...change,
  };
}

/** A grant under another: the same, one level less. */
export function childGrant(id: string, parent: GrantRecord, grantee: Did, change: Partial<GrantRecord> = {}): GrantRecord {
  const { withdrawn: _none, withdrawnBefore: _neither, ...same } = parent;
  return { ...same, id, parent: parent.id, grantor: ownerOf(parent.grantee), grantee, depth: parent.depth - 1, ...change };
}

export interface TrustRecords {
  readonly dids: readonly DidRecord[];
  readonly keys: readonly DidKeyRecord[];
  readonly grants: readonly GrantRecord[];
}

export function viewOf(records: Partial<TrustRecords>): TrustView {
  return trustViewOf({ height: '1', knownAt: FOUNDED, dids: [], keys: [], grants: [], lists: [], revocations: [], licences: [], organisations: [], ...records });
}

/** May the university issue a diploma in Ha Noi, as of 1 June, as known at the end of the year? */
export function question(change: Partial<TrustQuestion> = {}): TrustQuestion {
  return { did: UNIVERSITY, action: 'issue', type: DIPLOMA, scope: { provinces: ['01'], substances: [] }, at: day(152), known: day(365), ...change };
}

const ministry = rootGrant('g1', MINISTRY);
const department = childGrant('g2', ministry, DEPARTMENT);
const university = childGrant('g3', department, UNIVERSITY);

/** Three grants, each under the one before. */
export const CHAIN = [ministry, department, university] as const;
export const DIDS = [didOf(MINISTRY), didOf(DEPARTMENT), didOf(UNIVERSITY), didOf(FACULTY)] as const;
