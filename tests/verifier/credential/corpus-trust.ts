/** Credentials that are signed by somebody who is not on the register, or had no right to issue them. */
import type { CredentialClaims } from '#domain/credential/claims.js';
import { instantOf } from '#domain/instant.js';
import type { OrganisationId } from '#domain/registry/organisation.js';
import type { Did } from '#domain/trust/did.js';
import type { SignatureAlgorithm } from '#domain/trust/public-key.js';
import type { DidRecord, GrantRecord } from '#domain/trust/records.js';
import { NOT_REACHED } from '../../../verifier/core/credential/credential-report.js';
import { fail } from '../../../verifier/core/report.js';
import { ENDS, FOUNDED, grantOf, issuerOf, NOW, SAMPLES, signatureOf, signerOf, type Plan, type Signer } from '../../support/credential-maker.js';
import { didJwkOf, didKeyOf } from '../../support/own-key-signers.js';
import { Rows, unsigned } from './corpus-row.js';
import { ISSUER, LICENCE, onDid, onGrant, onSnapshot, second, type SceneEdit } from './scene-edits.js';

const rows = new Rows();
const keyFails = (code: Parameters<typeof fail>[0]) => unsigned({ key: fail(code) });
const SIGNATURE_WRONG = unsigned({ signature: fail('CREDENTIAL_SIGNATURE_WRONG') });

// ---- issuers

const selfMade = (did: string, keyId: string) => (algorithm: SignatureAlgorithm): Plan => ({
  claims: (claims) => ({ ...claims, issuer: did as Did }), signer: { ...signerOf(did, keyId, algorithm) },
});
rows.add('a self-made did:web', 'trust.md C21', selfMade('did:web:evil.example', 'k'), unsigned({ issuer: fail('DID_UNKNOWN'), key: fail('DID_KEY_UNKNOWN') }));
rows.add('a did:web that looks like the issuer', 'trust.md C21, T9', selfMade(`${ISSUER}.evil.example`, 'khoa-p256'), unsigned({ issuer: fail('DID_UNKNOWN'), key: fail('DID_KEY_UNKNOWN') }));

/** The issuer is not on the register, so nothing of it is looked up. */
const UNREGISTERED = { issuer: fail('DID_UNKNOWN'), authorisation: NOT_REACHED, commitment: NOT_REACHED, revocation: NOT_REACHED, suspension: NOT_REACHED, supersession: NOT_REACHED } as const;
rows.upset('an issuer that was removed from the register', 'trust.md C21', { scene: onDid(() => undefined) }, UNREGISTERED);
rows.upset('an issuer that the register knows only later', 'trust.md C21', { scene: onDid((did) => ({ ...did, registeredAt: instantOf(NOW) })) }, { issuer: fail('DID_UNKNOWN'), authorisation: fail('DID_UNKNOWN') });
rows.upset('a self-made did:key', 'trust.md C21', (algorithm) => ownKeyPlan(didKeyOf(algorithm)), UNREGISTERED);
rows.upset('a self-made did:jwk', 'trust.md C21', (algorithm) => ownKeyPlan(didJwkOf(algorithm)), UNREGISTERED);

function ownKeyPlan(signer: Signer): Plan {
  return { claims: (claims) => ({ ...claims, issuer: signer.did }), signer };
}

/** A DID that is its own key, with everything that a registered issuer has. */
export function registered(signer: Signer, registeredAt = FOUNDED): Plan {
  return {
    ...ownKeyPlan(signer),
    scene: onSnapshot(({ dids, grants }) => ({
      dids: [...dids, { kind: 'did', did: signer.did, organisation: 'cuc-hoa-chat' as OrganisationId, registeredAt }],
      grants: [...grants, { ...grantOf(LICENCE, signer.did), id: 'quyen-tu-than' }],
    })),
  };
}
rows.add('a registered did:key under another name of its key', 'trust.md C3', (algorithm) => ({ ...registered(didKeyOf(algorithm)), signer: { ...didKeyOf(algorithm), keyId: '0' } }), keyFails('DID_KEY_UNKNOWN'));
rows.add('a registered did:jwk under another name of its key', 'trust.md C3', (algorithm) => ({ ...registered(didJwkOf(algorithm)), signer: { ...didJwkOf(algorithm), keyId: '1' } }), keyFails('DID_KEY_UNKNOWN'));
rows.add('a registered did:key, and the signature of another key', 'trust.md C3', (algorithm) => ({ ...registered(didKeyOf(algorithm)), signature: (_, signed) => signatureOf(issuerOf(LICENCE, algorithm), signed) }), SIGNATURE_WRONG);

for (const [name, signer] of [['did:key', didKeyOf], ['did:jwk', didJwkOf]] as const) {
  rows.upset(`a ${name} that was registered after the issue`, 'credentials.md 5', (algorithm) => registered(signer(algorithm), second(3_600)), { key: fail('DID_KEY_NOT_YET_VALID') });
}

const withdrawn = (change: Partial<NonNullable<DidRecord['withdrawn']>>): SceneEdit => onDid((did) => ({ ...did, withdrawn: { at: second(3_600), effect: 'from-now', reason: 'x', ...change } }));
rows.upset('an issuer withdrawn from the beginning', 'trust.md C21', { scene: withdrawn({ effect: 'from-beginning' }) }, { issuer: fail('DID_WITHDRAWN'), authorisation: fail('DID_WITHDRAWN') });
rows.upset('an issuer withdrawn since before the issue', 'trust.md C21', { scene: withdrawn({ effect: 'since', since: second(-60) }) }, { issuer: fail('DID_WITHDRAWN'), authorisation: fail('DID_WITHDRAWN') });
rows.upset('an issuer withdrawn before the issue', 'trust.md C21', { scene: withdrawn({ at: second(-60) }) }, { issuer: fail('DID_WITHDRAWN'), authorisation: fail('DID_WITHDRAWN') });
rows.upset('an issuer withdrawn between the issue as claimed and the ledger entry', 'credentials.md 6.5', { commitment: (record) => ({ ...record, committedAt: second(7_200) }), scene: withdrawn({}) }, { issuer: fail('DID_WITHDRAWN'), authorisation: fail('DID_WITHDRAWN') });

const named = (edit: (claims: CredentialClaims) => object): NonNullable<Plan['claims']> => (claims) => ({ ...claims, subjectClaims: { ...claims.subjectClaims, ...edit(claims) } });
rows.upset('a licence that names another authority', 'credentials.md 3.4, trap 3', { claims: named(() => ({ authority: { organisation: 'bo-khac', name: 'Bộ Khác' } })) }, { issuer: fail('CREDENTIAL_NAMES_OTHER_ISSUER') });
rows.upset('a diploma that names another university', 'credentials.md 3.4, trap 3', { type: 'DiplomaCredential', claims: named(({ subjectClaims }) => ({ institution: { ...(subjectClaims as { institution: object }).institution, organisation: 'dai-hoc-khac' } })) }, { issuer: fail('CREDENTIAL_NAMES_OTHER_ISSUER') });
rows.upset('a diploma of an issuer that moved to another organisation', 'credentials.md 5', { type: 'DiplomaCredential', scene: onSnapshot(({ dids }) => ({ dids: dids.map((one) => ({ ...one, organisation: 'to-chuc-khac' as OrganisationId })) })) }, { issuer: fail('CREDENTIAL_NAMES_OTHER_ISSUER') });

// ---- the right to issue

const right = (code: Parameters<typeof fail>[0]) => ({ authorisation: fail(code) });
rows.upset('no grant at all', 'credentials.md 5', { scene: onGrant(() => []) }, right('GRANT_MISSING'));
rows.upset('a grant of somebody else', 'credentials.md 5', { scene: onGrant((grant) => ({ ...grant, grantee: 'did:web:evil.example' as Did })) }, right('GRANT_MISSING'));
rows.upset('a grant to revoke only', 'credentials.md 5', { scene: onGrant((grant) => ({ ...grant, actions: ['revoke', 'suspend'] })) }, right('GRANT_MISSING'));
rows.upset('a grant to accredit only', 'credentials.md 5', { scene: onGrant((grant) => ({ ...grant, actions: ['accredit'] })) }, right('GRANT_MISSING'));
rows.upset('a grant for diplomas', 'trust.md C21', { scene: onGrant((grant) => ({ ...grant, credentialType: 'DiplomaCredential' })) }, right('GRANT_TYPE_OTHER'));
rows.upset('a grant for another province', 'credentials.md 5', { scene: onGrant((grant) => ({ ...grant, scope: { provinces: ['79'], substances: 'all' } })) }, right('GRANT_SCOPE_NARROWER'));
rows.upset('a grant for one of two provinces', 'credentials.md 5', { scene: onGrant((grant) => ({ ...grant, scope: { provinces: ['75'], substances: 'all' } })) }, right('GRANT_SCOPE_NARROWER'));
rows.upset('a grant for one of two substances', 'credentials.md 5', { scene: onGrant((grant) => ({ ...grant, scope: { provinces: 'all', substances: ['acetone'] } })) }, right('GRANT_SCOPE_NARROWER'));
rows.upset('a grant for no substance', 'credentials.md 5', { scene: onGrant((grant) => ({ ...grant, scope: { provinces: 'all' } })) }, right('GRANT_SCOPE_NARROWER'));
rows.upset('a grant from after the issue', 'credentials.md 5', { scene: onGrant((grant) => ({ ...grant, from: second(3_600) })) }, right('GRANT_NOT_YET_VALID'));
rows.upset('a grant that had ended', 'credentials.md 5', { scene: onGrant((grant) => ({ ...grant, until: second(-1) })) }, right('GRANT_EXPIRED'));
rows.upset('a grant that ended before the ledger entry: dated back', 'credentials.md 6.5', { commitment: (record) => ({ ...record, committedAt: second(7_200) }), scene: onGrant((grant) => ({ ...grant, until: second(3_600) })) }, right('GRANT_EXPIRED'));
rows.upset('a grant that began between the issue as claimed and the ledger entry', 'credentials.md 6.5', { commitment: (record) => ({ ...record, committedAt: second(7_200) }), scene: onGrant((grant) => ({ ...grant, from: second(3_600) })) }, right('GRANT_NOT_YET_VALID'));
const revokedGrant = (withdrawnAs: Partial<NonNullable<GrantRecord['withdrawn']>>): SceneEdit => onGrant((grant) => ({ ...grant, withdrawn: { at: second(3_600), effect: 'from-now', reason: 'x', ...withdrawnAs } }));
rows.upset('a grant revoked from the beginning', 'credentials.md 5', { scene: revokedGrant({ effect: 'from-beginning' }) }, right('GRANT_REVOKED'));
rows.upset('a grant revoked since before the issue', 'credentials.md 5', { scene: revokedGrant({ effect: 'since', since: second(-60) }) }, right('GRANT_REVOKED'));
rows.upset('a grant revoked before the issue', 'credentials.md 5', { scene: revokedGrant({ at: second(-60) }) }, right('GRANT_REVOKED'));
rows.upset('a grant revoked between the issue as claimed and the ledger entry', 'credentials.md 6.5', { commitment: (record) => ({ ...record, committedAt: second(7_200) }), scene: revokedGrant({}) }, right('GRANT_REVOKED'));
rows.upset('a grant that is recorded only later', 'credentials.md 5', { scene: onGrant((grant) => ({ ...grant, grantedAt: instantOf(NOW) })) }, right('GRANT_MISSING'));
rows.upset('a grant under one that is not there', 'credentials.md 5', { scene: onGrant((grant) => ({ ...grant, parent: 'quyen-goc' })) }, right('GRANT_CHAIN_BROKEN'));
rows.upset('a grant under itself', 'credentials.md 5', { scene: onGrant((grant) => ({ ...grant, parent: grant.id })) }, right('GRANT_CHAIN_BROKEN'));

/** A chain from the registrar's grant down to the issuer's, `length` grants long. */
function chain(grant: GrantRecord, length: number, change: (link: GrantRecord, place: number) => GrantRecord = (link) => link): readonly GrantRecord[] {
  return Array.from({ length }, (_, place) => {
    const isLast = place === length - 1;
    const link: GrantRecord = {
      ...grant, id: `mat-xich-${place}`, depth: length - 1 - place, grantee: isLast ? ISSUER : SAMPLES.DiplomaCredential.issuer, grantor: (place === 0 ? 'so-dang-ky' : 'dai-hoc-vi-du') as OrganisationId,
      ...(place === 0 ? {} : { parent: `mat-xich-${place - 1}` }),
    };
    return change(link, place);
  });
}
export const chainScene = (length: number, change?: (link: GrantRecord, place: number) => GrantRecord): SceneEdit => onGrant((grant) => chain(grant, length, change));
rows.upset('a chain of five', 'credentials.md 5: depth ≤ 4', { scene: chainScene(5) }, right('GRANT_CHAIN_BROKEN'));
rows.upset('a chain whose end is wider than its middle', 'credentials.md 5', { scene: chainScene(3, (link, place) => (place === 1 ? { ...link, scope: { provinces: ['75'], substances: 'all' } } : link)) }, right('GRANT_CHAIN_BROKEN'));
rows.upset('a chain whose middle may not accredit', 'credentials.md 5', { scene: chainScene(3, (link, place) => (place === 1 ? { ...link, actions: ['issue'] } : link)) }, right('GRANT_CHAIN_BROKEN'));
rows.upset('a chain whose end lasts longer than its middle', 'credentials.md 5', { scene: chainScene(3, (link, place) => (place === 2 ? { ...link, until: instantOf(Date.parse(ENDS) + 1) } : link)) }, right('GRANT_CHAIN_BROKEN'));
rows.upset('a chain whose middle was given by a stranger', 'credentials.md 5', { scene: chainScene(3, (link, place) => (place === 2 ? { ...link, grantor: 'nguoi-la' as OrganisationId } : link)) }, right('GRANT_CHAIN_BROKEN'));
rows.upset('a chain without depth left', 'credentials.md 5', { scene: chainScene(3, (link) => ({ ...link, depth: 1 })) }, right('GRANT_CHAIN_BROKEN'));
rows.upset('a chain whose beginning was revoked from the beginning', 'credentials.md 5', { scene: chainScene(3, (link, place) => (place === 0 ? { ...link, withdrawn: { at: second(3_600), effect: 'from-beginning', reason: 'x' } } : link)) }, right('GRANT_REVOKED'));
rows.upset('a chain that runs in a circle', 'credentials.md 5: no cycles', { scene: chainScene(2, (link, place) => ({ ...link, parent: `mat-xich-${1 - place}` })) }, right('GRANT_CHAIN_BROKEN'));

export const TRUST_ROWS = rows.all;
