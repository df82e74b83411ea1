import { describe, expect, it } from 'vitest';
import type { OrganisationId } from '#domain/registry/organisation.js';
import { parseDay } from '#domain/instant.js';
import { parseProvince } from '#domain/registry/provinces.js';
import { trustSnapshot, trustViewOf, type TrustSnapshot } from '#domain/trust/snapshot.js';
import { CHAIN, DEPARTMENT, DIDS, UNIVERSITY, day, didOf, keyOf } from '../../support/trust-records.js';
import { throwsWith } from '../../support/rejects-with.js';

const withdrawn = { at: day(40), effect: 'since', since: day(30), reason: 'x' } as const;
const list = { kind: 'status-list', did: UNIVERSITY, list: 'thu-hoi-1', purpose: 'revocation', version: 3, hash: 'a'.repeat(64), publishedAt: day(9) } as const;
const revocation = { kind: 'credential-revocation', did: DEPARTMENT, issuer: UNIVERSITY, credential: 'b'.repeat(64), credentialType: 'DiplomaCredential', scope: { provinces: [parseProvince('48')] }, decision: '45/QĐ-SVD', revokedAt: day(11) } as const;
const ending = { licence: 'GP-1', number: '01/GP-HC', did: DEPARTMENT, root: 'c'.repeat(64), revocation: { from: parseDay('2026-12-01'), at: day(12), by: 'so' as OrganisationId, replacedBy: 'GP-2' }, suspension: { at: day(11), by: 'so' as OrganisationId } } as const;
const snapshot: TrustSnapshot = {
  height: '12', knownAt: day(50),
  dids: [...DIDS.slice(0, 3), didOf(DIDS[3].did, { withdrawn, withdrawnBefore: [{ at: day(35), effect: 'from-now', reason: 'y' }] })],
  keys: [
    keyOf(UNIVERSITY, 'k1', { to: day(20), reason: 'compromised', compromisedSince: day(10), retiredAt: day(25), endedBefore: [{ to: day(20), reason: 'superseded', retiredAt: day(20) }] }),
    keyOf(UNIVERSITY, 'k2'), keyOf(DEPARTMENT, 'k1'),
  ],
  grants: [CHAIN[0], CHAIN[1], { ...CHAIN[2], withdrawn }],
  lists: [list],
  revocations: [revocation],
  licences: [ending],
  organisations: [{ id: 'dai-hoc' as OrganisationId, name: 'Đại học Ví Dụ', nameEn: 'Example University', type: 'institution', fictional: 'yes' }],
};

describe('a snapshot', () => {
  it('comes through JSON as it was', () => {
    expect(trustSnapshot(JSON.parse(JSON.stringify(snapshot)))).toEqual(snapshot);
  });

  const changed = (change: object): unknown => ({ ...(JSON.parse(JSON.stringify(snapshot)) as object), ...change });
  it.each([
    ['a height that is a number', { height: 12 }, 'FIELD_WRONG_VALUE', { field: 'height' }],
    ['a field nobody knows', { signature: '' }, 'FIELD_UNKNOWN', { field: 'signature' }],
    ['another kind of record', { dids: [CHAIN[0]] }, 'FIELD_UNKNOWN', { field: 'dids[0].id' }],
    ['a DID in another spelling', { dids: [{ ...DIDS[0], did: 'did:web:BO.example' }] }, 'DID_MALFORMED', { field: 'dids[0].did' }],
    ['a key off its curve', { keys: [{ ...snapshot.keys[0], publicKeyJwk: { kty: 'EC', crv: 'P-256', x: 'A'.repeat(43), y: 'A'.repeat(43) } }] }, 'PUBLIC_KEY_NOT_ON_CURVE', { field: 'keys[0].publicKeyJwk' }],
    ['a province that is none', { grants: [{ ...CHAIN[0], scope: { provinces: ['99'] } }] }, 'PROVINCE_UNKNOWN', { field: 'grants[0].scope.provinces[0]' }],
    ['scope of everything by another word', { grants: [{ ...CHAIN[0], scope: { provinces: 'any' } }] }, 'FIELD_WRONG_VALUE', { field: 'grants[0].scope.provinces' }],
    ['more depth than there is', { grants: [{ ...CHAIN[0], depth: 4 }] }, 'FIELD_WRONG_VALUE', { field: 'grants[0].depth' }],
    ['a version that is no number', { lists: [{ ...list, version: '3' }] }, 'FIELD_WRONG_VALUE', { field: 'lists[0].version' }],
    ['a decision in words', { revocations: [{ ...revocation, decision: 'vì Nguyễn Văn A gian lận' }] }, 'FIELD_WRONG_VALUE', { field: 'revocations[0].decision' }],
    ['one revocation twice', { revocations: [revocation, { ...revocation, decision: '46' }] }, 'LIST_REPEATS', { field: 'revocations' }],
    ['one licence twice', { licences: [ending, { ...ending, number: '02/GP-HC' }] }, 'LIST_REPEATS', { field: 'licences' }],
    ['a reason beside a licence\'s end', { licences: [{ ...ending, revocation: { ...ending.revocation, reason: 'x' } }] }, 'FIELD_UNKNOWN', { field: 'licences[0].revocation.reason' }],
    ['a copy from before licences stood in it', { licences: undefined }, 'FIELD_MISSING', { field: 'licences' }],
    ['two grants of one name', { grants: [CHAIN[0], { ...CHAIN[1], id: 'g1' }] }, 'LIST_REPEATS', { field: 'grants' }],
    ['an instant that is none', { knownAt: 'today' }, 'INSTANT_INVALID', { field: 'knownAt' }],
  ] as const)('%s', (_what, change, code, fields) => {
    throwsWith(() => trustSnapshot(changed(change)), code, fields);
  });

  it('is found by DID, key, grant, holder, list, issuer of what was revoked, licence and its root, and organisation', () => {
    const view = trustViewOf(snapshot);
    expect(view.did(UNIVERSITY)).toBe(snapshot.dids[2]);
    expect([view.key(UNIVERSITY, 'k2'), view.key(DEPARTMENT, 'k2')]).toEqual([snapshot.keys[1], undefined]);
    expect(view.keysOf(UNIVERSITY)).toEqual([snapshot.keys[0], snapshot.keys[1]]);
    expect([view.grant('g2'), view.grant('g9')]).toEqual([CHAIN[1], undefined]);
    expect([view.grants(UNIVERSITY).map(({ id }) => id), view.grants(DIDS[3].did)]).toEqual([['g3'], []]);
    expect([view.list(UNIVERSITY, 'thu-hoi-1'), view.list(DEPARTMENT, 'thu-hoi-1')]).toEqual([list, undefined]);
    expect([view.revocationsOf(UNIVERSITY), view.revocationsOf(DEPARTMENT)]).toEqual([[revocation], []]);
    expect([view.endings('urn:uuid:GP-1'), view.endings('c'.repeat(64)), view.endings('urn:uuid:GP-2')]).toEqual([[ending], [ending], []]);
    expect(view.organisation('dai-hoc' as OrganisationId)?.nameEn).toBe('Example University');
  });
});
