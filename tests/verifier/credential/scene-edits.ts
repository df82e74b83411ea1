/** Changes to what the licence of the samples is judged by. */
import { instantOf, type Instant } from '#domain/instant.js';
import type { CredentialType } from '#domain/credential/credential-type.js';
import type { SignatureAlgorithm } from '#domain/trust/public-key.js';
import type { DidKeyRecord, DidRecord, GrantRecord } from '#domain/trust/records.js';
import type { TrustSnapshot } from '#domain/trust/snapshot.js';
import { SAMPLES, type Scene } from '../../support/credential-maker.js';
import { ISSUED_AT } from '../../domain/credential/sample-claims.js';

export type SceneEdit = (scene: Scene) => Scene;

export const LICENCE: CredentialType = 'ChemicalLicenceCredential';
export const ISSUER = SAMPLES[LICENCE].issuer;

/** So many seconds after the issue. */
export const second = (seconds: number): Instant => instantOf((ISSUED_AT + seconds) * 1000);

export const onSnapshot = (edit: (snapshot: TrustSnapshot) => Partial<TrustSnapshot>): SceneEdit => (scene) => ({ ...scene, snapshot: { ...scene.snapshot, ...edit(scene.snapshot) } });

/** The key that signs the licence. */
export const onKeys = (algorithm: SignatureAlgorithm, edit: (key: DidKeyRecord) => DidKeyRecord | undefined): SceneEdit =>
  onSnapshot(({ keys }) => ({ keys: keys.flatMap((key) => (key.did === ISSUER && key.algorithm === algorithm ? edit(key) ?? [] : key)) }));

/** Its issuer. */
export const onDid = (edit: (did: DidRecord) => DidRecord | undefined): SceneEdit => onSnapshot(({ dids }) => ({ dids: dids.flatMap((one) => (one.did === ISSUER ? edit(one) ?? [] : one)) }));

/** The issuer's grant for licences. */
export const onGrant = (edit: (grant: GrantRecord) => GrantRecord | readonly GrantRecord[]): SceneEdit => onSnapshot(({ grants }) => ({ grants: grants.flatMap((one) => (one.grantee === ISSUER ? edit(one) : one)) }));
