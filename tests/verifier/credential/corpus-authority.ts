/** Credentials that somebody else than their issuer has revoked: with the right to, and without. */
import { createHash } from 'node:crypto';
import type { CredentialType } from '#domain/credential/credential-type.js';
import { trustScopeOf } from '#domain/credential/claims.js';
import { instantOf } from '#domain/instant.js';
import type { OrganisationId } from '#domain/registry/organisation.js';
import type { Did } from '#domain/trust/did.js';
import type { CredentialRevocationRecord, DidRecord, GrantRecord } from '#domain/trust/records.js';
import { fail, unknown } from '../../../verifier/core/report.js';
import { FOUNDED, grantOf, NOW, SAMPLES, withBit, type Plan } from '../../support/credential-maker.js';
import { Rows } from './corpus-row.js';
import { ISSUER, LICENCE, onSnapshot, second, type SceneEdit } from './scene-edits.js';

export const MINISTRY = 'did:web:bo.example' as Did;
const DIPLOMA: CredentialType = 'DiplomaCredential';

const digestOf = (id: string): string => createHash('sha256').update(id).digest('hex');

/** By the ministry, an hour after the issue. */
export function revocationOf(type: CredentialType, change: Partial<CredentialRevocationRecord> = {}): CredentialRevocationRecord {
  const { issuer, id } = SAMPLES[type];
  const { provinces, substances } = trustScopeOf(SAMPLES[type]);
  return {
    kind: 'credential-revocation', did: MINISTRY, issuer, credential: digestOf(id), credentialType: type, scope: { provinces, ...(substances.length === 0 ? {} : { substances }) },
    decision: '45/QĐ-BVD', revokedAt: second(3_600), ...change,
  };
}

interface Ministry {
  readonly type?: CredentialType;
  readonly did?: (did: DidRecord) => DidRecord | undefined;
  readonly grant?: (grant: GrantRecord) => readonly GrantRecord[];
  readonly revocation?: Partial<CredentialRevocationRecord>;
}

const same = <T>(value: T): T => value;

/** A ministry that may do nothing but revoke such credentials, and has revoked this one. */
export function ministry({ type = LICENCE, did = same, grant = (one) => [one], revocation = {} }: Ministry = {}): SceneEdit {
  return onSnapshot(({ dids, grants, organisations }) => {
    const record = did({ kind: 'did', did: MINISTRY, organisation: 'bo-vi-du' as OrganisationId, registeredAt: FOUNDED });
    return {
      dids: record === undefined ? dids : [...dids, record],
      grants: [...grants, ...grant({ ...grantOf(type, MINISTRY), id: 'quyen-bo', actions: ['revoke'], depth: 0 })],
      organisations: [...organisations, { id: 'bo-vi-du' as OrganisationId, name: 'Bộ Ví Dụ', nameEn: 'Example Ministry', type: 'authority' }],
      revocations: [revocationOf(type, revocation)],
    };
  });
}

const rows = new Rows();
const BY_AUTHORITY = { revocation: fail('CREDENTIAL_REVOKED_BY_AUTHORITY') };
const revoked = (name: string, of: Ministry): void => rows.upset(`revoked by an authority${name}`, 'credentials.md 5: the revoker may differ from the issuer only with a grant', { ...(of.type === undefined ? {} : { type: of.type }), scene: ministry(of) }, BY_AUTHORITY);

revoked('', {});
revoked(': a diploma', { type: DIPLOMA });
revoked(': an identity', { type: 'EnterpriseIdentityCredential' });
revoked(' that may do so for just these provinces and substances', { grant: (grant) => [{ ...grant, scope: trustScopeOf(SAMPLES[LICENCE]) }] });
revoked(' whose grant was taken back since', { grant: (grant) => [{ ...grant, withdrawn: { at: second(7_200), effect: 'from-now', reason: 'x' } }] });
revoked(' whose grant has ended since', { grant: (grant) => [{ ...grant, until: second(7_200) }] });
revoked(' that was withdrawn since', { did: (did) => ({ ...did, withdrawn: { at: second(7_200), effect: 'from-now', reason: 'x' } }) });
revoked(' by a grant under another', { grant: (grant) => [{ ...grant, id: 'goc', actions: ['revoke', 'accredit'], depth: 1, grantee: ISSUER }, { ...grant, grantor: 'cuc-hoa-chat' as OrganisationId, parent: 'goc' }] });
revoked(', whatever its record says of type and place', { revocation: { credentialType: DIPLOMA, scope: { provinces: ['01'] } } });

const lists = (edit: SceneEdit): Plan => ({ scene: (scene) => edit(ministry()(scene)) });
rows.upset('revoked by an authority, and no list at hand', 'the design: bad news needs no list', lists((scene) => ({ ...scene, statuses: [] })), { ...BY_AUTHORITY, suspension: unknown('STATUS_LIST_MISSING'), supersession: unknown('STATUS_LIST_MISSING') });
rows.upset('revoked by an authority, and by its issuer', 'the design: the issuer\'s own word first', lists((scene) => ({ ...scene, statuses: withBit(scene.statuses, 'revocation', 131_071) })), { revocation: fail('CREDENTIAL_REVOKED') });
rows.upset('revoked by an authority, and by somebody without the right', 'the design', {
  scene: (scene) => onSnapshot(({ revocations }) => ({ revocations: [revocationOf(LICENCE, { did: 'did:web:evil.example' as Did }), ...revocations] }))(ministry()(scene)),
}, BY_AUTHORITY);

export const AUTHORITY_ROWS = rows.all;

/** Revocations that take nothing: what each lacks, and what the licence is judged by then. */
export const WITHOUT_FORCE: readonly (readonly [string, SceneEdit])[] = [
  ['by a DID that is not on the register', ministry({ did: () => undefined })],
  ['by a DID without a grant', ministry({ grant: () => [] })],
  ['by a grant to suspend', ministry({ grant: (grant) => [{ ...grant, actions: ['suspend'] }] })],
  ['by a grant to issue and to accredit', ministry({ grant: (grant) => [{ ...grant, actions: ['issue', 'accredit'] }] })],
  ['by a grant for diplomas', ministry({ grant: (grant) => [{ ...grant, credentialType: DIPLOMA }] })],
  ['by a grant for one of its two provinces', ministry({ grant: (grant) => [{ ...grant, scope: { provinces: ['75'], substances: 'all' } }] })],
  ['by a grant for one of its two substances', ministry({ grant: (grant) => [{ ...grant, scope: { provinces: 'all', substances: ['acetone'] } }] })],
  ['by a grant for no substance', ministry({ grant: (grant) => [{ ...grant, scope: { provinces: 'all' } }] })],
  ['by a grant of somebody else', ministry({ grant: (grant) => [{ ...grant, grantee: ISSUER }] })],
  ['by a grant that began later', ministry({ grant: (grant) => [{ ...grant, from: second(3_601) }] })],
  ['by a grant that had ended', ministry({ grant: (grant) => [{ ...grant, until: second(3_600) }] })],
  ['by a grant that was taken back from the beginning', ministry({ grant: (grant) => [{ ...grant, withdrawn: { at: second(7_200), effect: 'from-beginning', reason: 'x' } }] })],
  ['by a grant that was taken back before', ministry({ grant: (grant) => [{ ...grant, withdrawn: { at: second(3_000), effect: 'from-now', reason: 'x' } }] })],
  ['by a grant under one that is not there', ministry({ grant: (grant) => [{ ...grant, parent: 'khong-co' }] })],
  ['by a DID that was withdrawn before', ministry({ did: (did) => ({ ...did, withdrawn: { at: second(3_000), effect: 'from-now', reason: 'x' } }) })],
  ['by a DID that was withdrawn from the beginning', ministry({ did: (did) => ({ ...did, withdrawn: { at: second(7_200), effect: 'from-beginning', reason: 'x' } }) })],
  ['by a DID that was registered later', ministry({ did: (did) => ({ ...did, registeredAt: instantOf(NOW) }) })],
  ['of another credential', ministry({ revocation: { credential: digestOf('urn:uuid:0c9f6f6e-5a0b-4c5e-9d8e-2f6a3f1b7c4d') } })],
  ['of a credential of another issuer', ministry({ revocation: { issuer: SAMPLES.DiplomaCredential.issuer } })],
  ['by the digest of the token instead of the id', ministry({ revocation: { credential: digestOf('eyJ') } })],
  ['that is recorded later than this copy knows', ministry({ revocation: { revokedAt: instantOf(NOW) } })],
  ['that the issuer records itself, without a grant to revoke', (scene) => onSnapshot(({ grants }) => ({ grants: grants.map((grant) => ({ ...grant, actions: ['issue'] as const })), revocations: [revocationOf(LICENCE, { did: ISSUER })] }))(scene)],
];

