/**
 * Credentials for tests, and everything they are judged by. Signs with node:crypto by its own few lines, so that what the
 * issuer does wrong and what the verifier does wrong cannot cancel out.
 */
import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto';
import { canonicalJson, type Json } from '#domain/canonical-json.js';
import { payloadOf, type CredentialClaims } from '#domain/credential/claims.js';
import { evidenceJson, leafInput, type Evidence } from '#domain/credential/commitment.js';
import type { CredentialType } from '#domain/credential/credential-type.js';
import { encodeDisclosure, type DisclosureName } from '#domain/credential/disclosure.js';
import { LIST_BITS, STATUS_PURPOSES } from '#domain/credential/status-list.js';
import { instantOf, type Instant } from '#domain/instant.js';
import type { OrganisationId } from '#domain/registry/organisation.js';
import type { Did } from '#domain/trust/did.js';
import type { PublicKeyJwk, SignatureAlgorithm } from '#domain/trust/public-key.js';
import type { CommitmentRecord, DidKeyRecord, GrantRecord } from '#domain/trust/records.js';
import { trustViewOf, type TrustSnapshot } from '#domain/trust/snapshot.js';
import type { CredentialQuestion } from '../../verifier/core/credential/credential-verdict.js';
import type { KnownStatus } from '../../verifier/core/credential/status-checks.js';
import { DIPLOMA, IDENTITY, ISSUED_AT, LICENCE } from '../domain/credential/sample-claims.js';

export const ALGORITHMS: readonly SignatureAlgorithm[] = ['ES256', 'EdDSA'];

/** A day after everything was issued. */
export const NOW = (ISSUED_AT + 86_400) * 1000;
export const FOUNDED = '2026-01-01T00:00:00.000Z' as Instant;
export const ENDS = '2040-01-01T00:00:00.000Z' as Instant;

export interface Signer {
  readonly did: Did;
  readonly keyId: string;
  readonly algorithm: SignatureAlgorithm;
  readonly privateKey: KeyObject;
  readonly jwk: PublicKeyJwk;
}

const sha256 = (data: string | Uint8Array): Buffer => createHash('sha256').update(data).digest();
const base64url = (data: string | Uint8Array): string => Buffer.from(data).toString('base64url');

const PKCS8 = { ES256: '3041020100301306072a8648ce3d020106082a8648ce3d030107042730250201010420', EdDSA: '302e020100300506032b657004220420' } as const;

/** The same key each time: its secret is the hash of its name. */
export function signerOf(did: string, keyId: string, algorithm: SignatureAlgorithm): Signer {
  const der = Buffer.concat([Buffer.from(PKCS8[algorithm], 'hex'), sha256(`${did}#${keyId}`)]);
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  return { did: did as Did, keyId, algorithm, privateKey, jwk: createPublicKey(privateKey).export({ format: 'jwk' }) as PublicKeyJwk };
}

/** Half the order of P-256: the other half of all signatures has the same meaning and is not taken. */
const P256_ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/** 64 bytes, the low s. */
export function signatureOf({ algorithm, privateKey }: Pick<Signer, 'algorithm' | 'privateKey'>, message: string): Buffer {
  if (algorithm === 'EdDSA') return sign(null, Buffer.from(message), privateKey);
  const raw = sign('sha256', Buffer.from(message), { key: privateKey, dsaEncoding: 'ieee-p1363' });
  const s = BigInt(`0x${raw.subarray(32).toString('hex')}`);
  return s > P256_ORDER / 2n ? otherS(raw) : raw;
}

/** The twin of an ES256 signature: n − s. */
export function otherS(raw: Uint8Array): Buffer {
  const s = BigInt(`0x${Buffer.from(raw.subarray(32)).toString('hex')}`);
  return Buffer.concat([raw.subarray(0, 32), Buffer.from((P256_ORDER - s).toString(16).padStart(64, '0'), 'hex')]);
}

/** The key with which the issuer of the sample of a type signs. */
export function issuerOf(type: CredentialType, algorithm: SignatureAlgorithm): Signer {
  return signerOf(SAMPLES[type].issuer, algorithm === 'ES256' ? 'khoa-p256' : 'khoa-ed25519', algorithm);
}

const PERSON: readonly (readonly [DisclosureName, string])[] = [
  ['fullName', 'Nguyễn Thị Mây'], ['dateOfBirth', '2004-02-29'], ['serialNumber', 'VD 0001234'], ['registerNumber', '12/2026/ĐHVD-BC'], ['classification', 'good'],
];

/** Five disclosures of somebody who does not exist, by name. */
export const DISCLOSURES: Readonly<Record<string, string>> = Object.fromEntries(PERSON.map(([name, value]) => [name, encodeDisclosure(base64url(sha256(name).subarray(0, 16)), name, value)]));

export const digestOf = (disclosure: string): string => base64url(sha256(disclosure));

/** One credential of each type, the diploma's digests being those of {@link DISCLOSURES}. */
export const SAMPLES: Readonly<Record<CredentialType, CredentialClaims>> = {
  EnterpriseIdentityCredential: IDENTITY,
  ChemicalLicenceCredential: LICENCE,
  DiplomaCredential: { ...DIPLOMA, digests: Object.values(DISCLOSURES).map(digestOf).sort() },
};

/** Everything that a credential is judged by, as plain data. */
export interface Scene {
  readonly text: string;
  readonly snapshot: TrustSnapshot;
  readonly statuses: readonly KnownStatus[];
  readonly commitments: readonly CommitmentRecord[];
  readonly ledger: 'answers' | 'silent';
  readonly now: number;
}

export function questionOf(scene: Scene): CredentialQuestion {
  const { text, snapshot, statuses, commitments, ledger, now } = scene;
  return {
    text, now,
    trust: { ...trustViewOf(snapshot), knownAt: Date.parse(snapshot.knownAt) },
    statusOf: (list) => statuses.find((one) => one.list === list),
    commitmentOf: (root) => {
      if (ledger === 'silent') return 'unreachable';
      const record = commitments.find((one) => one.root === root);
      return record === undefined ? 'unknown' : { record };
    },
  };
}

/** Changes to a credential on its way, and to what it is judged by. What is changed before signing is signed and committed to. */
export interface Plan {
  readonly type?: CredentialType;
  readonly claims?: (claims: CredentialClaims) => CredentialClaims;
  /** The payload as an object that may be changed in place. */
  readonly payload?: (payload: Record<string, unknown>) => unknown;
  readonly payloadText?: (text: string) => string | Uint8Array;
  readonly header?: (header: Record<string, unknown>) => unknown;
  readonly headerText?: (text: string) => string | Uint8Array;
  readonly signer?: Signer;
  readonly signature?: (signature: Buffer, signed: string) => Uint8Array;
  /** From here on nothing is signed any more, but still committed to. */
  readonly jwt?: (jwt: string) => string;
  readonly disclosures?: (disclosures: readonly string[]) => readonly string[];
  readonly evidence?: (evidence: Evidence) => unknown;
  readonly evidenceText?: (text: string) => string | Uint8Array;
  readonly commitment?: (record: CommitmentRecord) => CommitmentRecord | undefined;
  readonly text?: (text: string) => string;
  readonly scene?: (scene: Scene) => Scene;
}

const SALT = base64url(sha256('salt').subarray(0, 16));
const same = <T>(value: T): T => value;

/** A credential made after a plan, and everything it is judged by. */
export function sceneOf(algorithm: SignatureAlgorithm, plan: Plan = {}): Scene {
  const type = plan.type ?? 'ChemicalLicenceCredential';
  const claims = (plan.claims ?? same)(SAMPLES[type]);
  const jwt = (plan.jwt ?? same)(jwtOf(claims, plan, plan.signer ?? issuerOf(type, algorithm)));
  const evidence: Evidence = { root: sha256(leafInput(Buffer.from(SALT, 'base64url'), sha256(jwt))).toString('hex'), salt: SALT, index: 0, count: 1, path: [] };
  const committed: CommitmentRecord = { kind: 'credential-commitment', root: evidence.root, did: claims.issuer, count: 1, committedAt: instantOf(claims.issuedAt * 1000 + 2_000) };
  const record = (plan.commitment ?? same)(committed);
  const text = (plan.text ?? same)(textOf(jwt, type, evidence, plan));
  return (plan.scene ?? same)({ text, snapshot: SNAPSHOT, statuses: statusesOf(claims), commitments: record === undefined ? [] : [record], ledger: 'answers', now: NOW });
}

function jwtOf(claims: CredentialClaims, plan: Plan, signer: Signer): string {
  const header = sectionOf({ alg: signer.algorithm, kid: `${signer.did}#${signer.keyId}`, typ: 'JWT' }, plan.header, plan.headerText);
  const signed = `${header}.${sectionOf(payloadOf(claims), plan.payload, plan.payloadText)}`;
  return `${signed}.${base64url(plan.signature === undefined ? signatureOf(signer, signed) : plan.signature(signatureOf(signer, signed), signed))}`;
}

/** @param edit gives the object anew, or changes it in place and gives nothing */
function sectionOf(value: Json, edit: ((value: Record<string, unknown>) => unknown) | undefined, spell: ((text: string) => string | Uint8Array) | undefined): string {
  const copy = JSON.parse(canonicalJson(value)) as Record<string, unknown>;
  const edited = edit?.(copy) ?? copy;
  const text = sortedJson(edited);
  return base64url(spell === undefined ? text : spell(text));
}

/** Canonical for what `canonicalJson` refuses as well: fractions and half a surrogate pair belong to some tests. */
function sortedJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(sortedJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const members = Object.entries(value).filter(([, member]) => member !== undefined).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${sortedJson(member)}`).join(',')}}`;
}

function textOf(jwt: string, type: CredentialType, evidence: Evidence, plan: Plan): string {
  const disclosures = (plan.disclosures ?? same)(type === 'DiplomaCredential' ? Object.values(DISCLOSURES) : []);
  const shown = disclosures.length === 0 ? jwt : `${[jwt, ...disclosures].join('~')}~`;
  return `${shown}#${sectionOf(evidenceJson(evidence), plan.evidence as Plan['payload'], plan.evidenceText)}`;
}

const NO_BITS = new Uint8Array(LIST_BITS / 8);

/** The three lists that a credential names, nothing set in them, signed an hour ago. */
export function statusesOf(claims: CredentialClaims): readonly KnownStatus[] {
  return STATUS_PURPOSES.map((purpose) => ({
    list: claims.status[purpose].list, purpose, version: 3, issuer: claims.issuer,
    validFrom: NOW - 3_600_000, validUntil: NOW + 3_600_000, bits: NO_BITS, fetchedAt: NOW - 60_000,
  }));
}

/** The same lists with one bit set, each at the index of the credential. */
export function withBit(statuses: readonly KnownStatus[], purpose: KnownStatus['purpose'], index: number): readonly KnownStatus[] {
  return statuses.map((one) => {
    if (one.purpose !== purpose) return one;
    const bits = one.bits.slice();
    bits[index >>> 3] = (bits[index >>> 3] ?? 0) | (0x80 >>> (index & 7));
    return { ...one, bits };
  });
}

const OWNERS: readonly (readonly [CredentialType, string])[] = [
  ['EnterpriseIdentityCredential', 'so-dang-ky'], ['ChemicalLicenceCredential', 'cuc-hoa-chat'], ['DiplomaCredential', 'dai-hoc-vi-du'],
];

export function keyRecordOf({ did, keyId, algorithm, jwk }: Signer): DidKeyRecord {
  return { kind: 'did-key', did, keyId, algorithm, publicKeyJwk: jwk, from: FOUNDED, registeredAt: FOUNDED };
}

export function grantOf(type: CredentialType, grantee: Did): GrantRecord {
  return {
    kind: 'grant', id: `quyen-${type}`, grantor: 'so-dang-ky' as OrganisationId, grantee, actions: ['issue', 'accredit', 'revoke', 'suspend'], credentialType: type,
    scope: { provinces: 'all', substances: 'all' }, from: FOUNDED, until: ENDS, depth: 3, legalBasis: 'Quyết định ví dụ', grantedAt: FOUNDED,
  };
}

/** Three issuers, each with a key of either kind and a grant for its own type, as known a minute ago. */
export const SNAPSHOT: TrustSnapshot = {
  height: '1284', knownAt: instantOf(NOW - 60_000),
  dids: OWNERS.map(([type, organisation]) => ({ kind: 'did', did: SAMPLES[type].issuer, organisation: organisation as OrganisationId, registeredAt: FOUNDED })),
  keys: OWNERS.flatMap(([type]) => ALGORITHMS.map((algorithm) => keyRecordOf(issuerOf(type, algorithm)))),
  grants: OWNERS.map(([type]) => grantOf(type, SAMPLES[type].issuer)),
  lists: [],
  revocations: [],
  licences: [],
  organisations: OWNERS.map(([type, id]) => ({ id: id as OrganisationId, name: `Tổ chức ${id}`, type: type === 'DiplomaCredential' ? 'institution' : 'authority', fictional: 'yes' })),
};
