/** Licences that the ledger's register says something against, while the issuer's lists say nothing. */
import { createHash } from 'node:crypto';
import { instantOf, parseDay } from '#domain/instant.js';
import type { OrganisationId } from '#domain/registry/organisation.js';
import type { LicenceEnding } from '#domain/chemistry/licence-ending.js';
import type { Did } from '#domain/trust/did.js';
import { fail, unknown } from '../../../verifier/core/report.js';
import { LICENCE as CLAIMS } from '../../domain/credential/sample-claims.js';
import { NOW, withBit, type Plan, type Scene } from '../../support/credential-maker.js';
import { ministry } from './corpus-authority.js';
import { Rows } from './corpus-row.js';
import { ISSUER, onSnapshot, second, type SceneEdit } from './scene-edits.js';

const AGENCY = 'cuc-hoa-chat' as OrganisationId;
/** `NOW` in Viet Nam. */
const TODAY = parseDay('2026-11-21');
const TOMORROW = parseDay('2026-11-22');

export const REVOKED = { revocation: { from: parseDay('2026-11-20'), at: second(3_600), by: AGENCY } } as const;
const REPLACED = { revocation: { ...REVOKED.revocation, replacedBy: 'GP-2' } } as const;
export const SUSPENDED = { suspension: { at: second(3_600), by: AGENCY } } as const;

/** What the register says of the licence of a scene, by another id than its credential's. */
export function ending(change: Partial<LicenceEnding> | ((scene: Scene) => Partial<LicenceEnding>)): SceneEdit {
  return (scene) => onSnapshot(({ licences }) => ({
    licences: [...licences, { licence: 'GP-1', number: CLAIMS.subjectClaims.number, did: ISSUER, root: scene.commitments[0]?.root ?? '', ...(typeof change === 'function' ? change(scene) : change) }],
  }))(scene);
}

const sha256 = (...parts: Uint8Array[]): Buffer => createHash('sha256').update(Buffer.concat(parts)).digest();
const SIBLING = 'ab'.repeat(32);

/** Committed together with another one. */
const batch = (then: SceneEdit): Plan => {
  const rootOf = (leaf: string): string => sha256(Uint8Array.of(1), Buffer.from(leaf, 'hex'), Buffer.from(SIBLING, 'hex')).toString('hex');
  return {
    evidence: (evidence) => ({ ...evidence, count: 2, path: [SIBLING], root: rootOf(evidence.root) }),
    commitment: (record) => ({ ...record, count: 2, root: rootOf(record.root) }),
    scene: then,
  };
};

const rows = new Rows();
const SOURCE = 'the design: the ledger is the truth; licence.ts: who may write there';
const REVOCATION = { revocation: fail('CREDENTIAL_LICENCE_REVOKED') };
const SUSPENSION = { suspension: fail('CREDENTIAL_LICENCE_SUSPENDED') };
const SUPERSESSION = { supersession: fail('CREDENTIAL_LICENCE_REPLACED') };
const row = (name: string, edit: SceneEdit, upset: Parameters<Rows['upset']>[3]): void => rows.upset(`by the register of licences: ${name}`, SOURCE, { scene: edit }, upset);
const all = (...edits: readonly SceneEdit[]): SceneEdit => (scene) => edits.reduce((now, edit) => edit(now), scene);
const bit = (purpose: 'revocation' | 'suspension' | 'refresh'): SceneEdit => (scene) => ({ ...scene, statuses: withBit(scene.statuses, purpose, CLAIMS.status[purpose].index) });
const noLists: SceneEdit = (scene) => ({ ...scene, statuses: [] });
const MISSING = unknown('STATUS_LIST_MISSING');

row('revoked', ending(REVOKED), REVOCATION);
row('revoked from today on', ending({ revocation: { ...REVOKED.revocation, from: TODAY } }), REVOCATION);
row('revoked from a day before it was recorded', ending({ revocation: { ...REVOKED.revocation, from: parseDay('2026-01-01') } }), REVOCATION);
row('revoked by an authority above', ending({ revocation: { ...REVOKED.revocation, by: 'bo-vi-du' as OrganisationId } }), REVOCATION);
row('suspended', ending(SUSPENDED), SUSPENSION);
row('replaced', ending(REPLACED), SUPERSESSION);
row('suspended, then revoked', ending({ ...REVOKED, ...SUSPENDED }), REVOCATION);
row('suspended, then replaced', ending({ ...REPLACED, ...SUSPENDED }), SUPERSESSION);
row('suspended, and to be revoked tomorrow', ending({ ...SUSPENDED, revocation: { ...REVOKED.revocation, from: TOMORROW } }), SUSPENSION);
row('known by its id alone', ending({ ...REVOKED, licence: CLAIMS.id.slice(9), root: 'cd'.repeat(32) }), REVOCATION);
row('under another number, committed to alone', ending({ ...REVOKED, number: '9/GP' }), REVOCATION);
row('one licence of two under its root', all(ending({ ...REVOKED, licence: 'GP-0', revocation: { ...REVOKED.revocation, from: TOMORROW } }), ending(REVOKED)), REVOCATION);
row('revoked, and no list at hand', all(ending(REVOKED), noLists), { ...REVOCATION, suspension: MISSING, supersession: MISSING });
row('suspended, and no list at hand', all(ending(SUSPENDED), noLists), { ...SUSPENSION, revocation: MISSING, supersession: MISSING });
row('revoked, and by its issuer, who speaks first', all(ending(REVOKED), bit('revocation')), { revocation: fail('CREDENTIAL_REVOKED') });
row('suspended, and by its issuer, who speaks first', all(ending(SUSPENDED), bit('suspension')), { suspension: fail('CREDENTIAL_SUSPENDED') });
row('replaced, and by its issuer, who speaks first', all(ending(REPLACED), bit('refresh')), { supersession: fail('CREDENTIAL_SUPERSEDED') });
row('revoked, and suspended by its issuer', all(ending(REVOKED), bit('suspension')), { ...REVOCATION, suspension: fail('CREDENTIAL_SUSPENDED') });
row('revoked, and by an authority, which speaks first', all(ending(REVOKED), ministry()), { revocation: fail('CREDENTIAL_REVOKED_BY_AUTHORITY') });
row('revoked, and by somebody without the right to revoke credentials', all(ending(REVOKED), ministry({ grant: () => [] })), REVOCATION);
row('suspended, and revoked by an authority', all(ending(SUSPENDED), ministry()), { revocation: fail('CREDENTIAL_REVOKED_BY_AUTHORITY'), ...SUSPENSION });
rows.upset('by the register of licences: one of two that were committed to together', SOURCE, batch(ending(REVOKED)), REVOCATION);
rows.upset('by the register of licences: revoked, and its evidence cut off', SOURCE, {
  text: (text) => text.slice(0, text.indexOf('#')), scene: ending({ ...REVOKED, licence: CLAIMS.id.slice(9) }),
}, { ...REVOCATION, commitment: unknown('CREDENTIAL_EVIDENCE_MISSING') });

export const LICENCE_ROWS = rows.all;

/** What says nothing against the licence. */
export const SAYS_NOTHING: readonly (readonly [string, Plan])[] = [
  ['revoked from tomorrow on', { scene: ending({ revocation: { ...REVOKED.revocation, from: TOMORROW } }) }],
  ['replaced from tomorrow on', { scene: ending({ revocation: { ...REPLACED.revocation, from: TOMORROW } }) }],
  ['revoked later than this copy knows', { scene: ending({ revocation: { ...REVOKED.revocation, at: instantOf(NOW) } }) }],
  ['suspended later than this copy knows', { scene: ending({ suspension: { at: instantOf(NOW), by: AGENCY } }) }],
  ['another root', { scene: ending({ ...REVOKED, root: 'cd'.repeat(32) }) }],
  ['a licence of another issuer, under the same root', { scene: ending({ ...REVOKED, did: 'did:web:evil.example' as Did }) }],
  ['a licence of another issuer, by the same id', { scene: ending({ ...REVOKED, licence: CLAIMS.id.slice(9), did: 'did:web:evil.example' as Did }) }],
  ['the other one of two that were committed to together', batch(ending({ ...REVOKED, number: '2/GP' }))],
];
