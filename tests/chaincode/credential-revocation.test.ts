/** Somebody else than the issuer takes the force of a credential, and of the licence that it is on the ledger. */
import { beforeEach, describe, expect, test } from 'vitest';
import type { Caller } from '#domain/access.js';
import type { Json } from '#domain/canonical-json.js';
import type { ProblemCode } from '#domain/errors.js';
import type { Instant } from '#domain/instant.js';
import { credentialRevocationKey } from '#domain/trust/keys.js';
import { ContractWorld } from '../support/contract-world.js';
import { authority, buyer, foundRegistry, grantLicence, maker, registrar } from '../support/fictional.js';
import { AGENCY_DID, COLLEGE_DID, MINISTRY_DID, UNIVERSITY_DID, UNTIL, college, foundTrust, grantOf, ministry, root, university } from '../support/fictional-trust.js';
import { rejectsWith } from '../support/rejects-with.js';

const NOW = '2026-11-20T08:00:00.250Z' as Instant;
let world: ContractWorld;

const revocation = (change: Record<string, Json> = {}): Record<string, Json> => ({
  did: MINISTRY_DID, issuer: UNIVERSITY_DID, credential: root(1), credentialType: 'DiplomaCredential', scope: { provinces: ['48'] }, decision: '45/QĐ-BVD', ...change,
});
const revoke = async (change: Record<string, Json> = {}, by: Caller = ministry): Promise<unknown> => world.call(by, 'trust:revokeCredential', revocation(change));

beforeEach(async () => {
  world = new ContractWorld(NOW);
  await foundRegistry(world);
  await foundTrust(world);
  await world.call(registrar, 'trust:grant', grantOf('BO', MINISTRY_DID, { actions: ['revoke', 'accredit'], scope: { provinces: ['48', '15'] } }));
});

describe('a credential of another issuer', () => {
  test('is revoked by a grant to revoke, once, by its digest alone', async () => {
    expect(await revoke()).toEqual({ credential: root(1), revokedAt: NOW });
    expect(world.read(credentialRevocationKey(MINISTRY_DID, UNIVERSITY_DID, root(1)), 'credential-revocation')).toEqual({ kind: 'credential-revocation', ...revocation(), revokedAt: NOW });
    await rejectsWith(revoke({ decision: '46/QĐ' }), 'CREDENTIAL_REVOCATION_ALREADY_RECORDED', { credential: root(1), did: MINISTRY_DID });
    await revoke({ credential: root(2) });
    await revoke({ issuer: COLLEGE_DID, scope: { provinces: ['15'] } });
    expect(world.all('credential-revocation')).toHaveLength(3);
  });

  test('is not kept from the one by the record of another', async () => {
    await world.call(registrar, 'trust:grant', grantOf('KHAC', COLLEGE_DID, { actions: ['revoke'] }));
    await revoke({ did: COLLEGE_DID }, college);
    await revoke();
    expect(world.all('credential-revocation').map(({ did }) => did).sort()).toEqual([MINISTRY_DID, COLLEGE_DID].sort());
  });

  test('also by a grant under another, as long as both stand', async () => {
    await world.call(ministry, 'trust:grant', grantOf('CON', COLLEGE_DID, { parent: 'BO', actions: ['revoke'], scope: { provinces: ['48'] }, depth: 0 }));
    await revoke({ did: COLLEGE_DID }, college);
    await world.call(registrar, 'trust:revokeGrant', { id: 'BO', effect: 'from-now', reason: 'x' });
    await rejectsWith(revoke({ did: COLLEGE_DID, credential: root(2) }, college), 'GRANT_REVOKED', { did: COLLEGE_DID, type: 'DiplomaCredential' });
  });

  test.each<[string, Record<string, Json>, Caller, ProblemCode, Record<string, string>]>([
    ['by a DID of somebody else', {}, authority, 'DID_NOT_HELD', { did: MINISTRY_DID }],
    ['by a DID that nobody registered', { did: 'did:web:ai.example' }, ministry, 'DID_UNKNOWN', { did: 'did:web:ai.example' }],
    ['of an issuer that nobody registered', { issuer: 'did:web:ai.example' }, ministry, 'DID_UNKNOWN', { field: 'issuer', did: 'did:web:ai.example' }],
    ['without a grant', { did: UNIVERSITY_DID }, university, 'GRANT_MISSING', { did: UNIVERSITY_DID }],
    ['of another type', { credentialType: 'ChemicalLicenceCredential' }, ministry, 'GRANT_MISSING', { type: 'ChemicalLicenceCredential' }],
    ['in another province', { scope: { provinces: ['48', '01'] } }, ministry, 'GRANT_SCOPE_NARROWER', {}],
    ['for a substance that the grant does not know', { scope: { provinces: ['48'], substances: ['acetone'] } }, ministry, 'GRANT_SCOPE_NARROWER', {}],
    ['in no province', { scope: { provinces: [] } }, ministry, 'LIST_EMPTY', { field: 'scope.provinces' }],
    ['by its id instead of the digest', { credential: 'urn:uuid:0c9f6f6e-5a0b-4c5e-9d8e-2f6a3f1b7c4d' }, ministry, 'FIELD_WRONG_VALUE', { field: 'credential' }],
    ['with words in place of a decision\'s number', { decision: 'vì Nguyễn Văn A gian lận' }, ministry, 'FIELD_WRONG_VALUE', { field: 'decision' }],
    ['with a reason beside it', { reason: 'Nguyễn Văn A' }, ministry, 'FIELD_UNKNOWN', { field: 'reason' }],
    ['by an enterprise', {}, maker, 'CALLER_NOT_ALLOWED', {}],
  ])('is refused %s', async (_what, change, by, code, fields) => {
    await rejectsWith(revoke(change, by), code, fields);
    expect(world.all('credential-revocation')).toEqual([]);
  });

  test.each([
    ['the grant was revoked', 'trust:revokeGrant', { id: 'BO', effect: 'from-now', reason: 'x' }, 'GRANT_REVOKED'],
    ['the DID was withdrawn', 'trust:withdrawDid', { did: MINISTRY_DID, effect: 'from-now', reason: 'x' }, 'DID_WITHDRAWN'],
  ] as const)('is refused once %s', async (_what, transaction, request, code) => {
    await world.call(registrar, transaction, request);
    await rejectsWith(revoke(), code, { did: MINISTRY_DID });
  });

  test('is refused once the grant has ended', async () => {
    world.now = UNTIL;
    await rejectsWith(revoke(), 'GRANT_EXPIRED', { did: MINISTRY_DID });
  });

  test('of one issuer are so many and no more: then the issuer itself is at fault', async () => {
    for (let number = 0; number < 1_000; number++) await revoke({ credential: root(number + 10) });
    await rejectsWith(revoke(), 'CREDENTIAL_REVOCATIONS_TOO_MANY', { most: '1000' });
    await revoke({ issuer: COLLEGE_DID, scope: { provinces: ['15'] } });
  });
});

describe('the licence that is a credential', () => {
  const line = { line: 'L1', substance: 'acetone', least: '5', most: '100', perYear: '60' };
  const licence = { id: 'GP-1', number: '1/GP-HC', holder: buyer.organisation, validFrom: '2026-01-01', validTo: '2027-12-31', lines: [line], credential: { did: AGENCY_DID, root: root(1) } };
  const end = async (by?: string, caller = ministry): Promise<unknown> => world.call(caller, 'chemical:revokeLicence', { id: 'GP-1', from: '2026-11-20', reason: '45/QĐ', ...(by === undefined ? {} : { by }) });
  const grantTo = async (change: Record<string, unknown>): Promise<unknown> => world.call(registrar, 'trust:grant', grantOf('BO-HC', MINISTRY_DID, { credentialType: 'ChemicalLicenceCredential', actions: ['revoke'], scope: { provinces: ['79'], substances: ['acetone'] }, ...change }));

  beforeEach(async () => {
    await world.call(authority, 'trust:commitCredentials', { did: AGENCY_DID, root: root(1), count: 1 });
    await world.call(authority, 'chemical:recordLicence', licence);
  });

  test('loses its force by the same right, and with it in one transaction', async () => {
    await grantTo({});
    const steps = [
      { transaction: 'chemical:revokeLicence', request: { id: 'GP-1', from: '2026-11-20', reason: '45/QĐ', by: MINISTRY_DID } },
      { transaction: 'trust:revokeCredential', request: revocation({ issuer: AGENCY_DID, credentialType: 'ChemicalLicenceCredential', scope: { provinces: ['79'], substances: ['acetone'] } }) },
    ];
    await world.call(ministry, 'goods:capture', { steps });
    expect(world.read('licence/GP-1', 'licence')?.revocation).toMatchObject({ by: 'bo-giao-duc', from: '2026-11-20' });
    expect(world.all('credential-revocation')).toHaveLength(1);
  });

  test.each<[string, Record<string, unknown> | undefined, string | undefined, ProblemCode]>([
    ['nothing but being another authority', undefined, undefined, 'CALLER_NOT_ALLOWED'],
    ['a DID without a grant', undefined, MINISTRY_DID, 'GRANT_MISSING'],
    ['a grant to suspend', { actions: ['suspend'] }, MINISTRY_DID, 'GRANT_MISSING'],
    ['a grant elsewhere', { scope: { provinces: ['01'], substances: 'all' } }, MINISTRY_DID, 'GRANT_SCOPE_NARROWER'],
    ['a grant for another substance', { scope: { provinces: 'all', substances: ['toluene'] } }, MINISTRY_DID, 'GRANT_SCOPE_NARROWER'],
    ['somebody else\'s DID', {}, AGENCY_DID, 'DID_NOT_HELD'],
  ])('is kept from %s', async (_what, change, by, code) => {
    if (change !== undefined) await grantTo(change);
    await rejectsWith(end(by), code);
    expect(world.read('licence/GP-1', 'licence')).not.toHaveProperty('revocation');
  });

  test('needs no grant of whoever gave it', async () => {
    await end(undefined, authority);
    await rejectsWith(end(undefined, authority), 'LICENCE_ALREADY_REVOKED', { licence: 'GP-1' });
  });

  test('without a credential is in the province of its holder', async () => {
    await grantTo({});
    await grantLicence(world, 'GP-2', buyer, '5');
    await world.call(ministry, 'chemical:revokeLicence', { id: 'GP-2', from: '2026-11-20', reason: 'x', by: MINISTRY_DID });
    expect(world.read('licence/GP-2', 'licence')?.revocation?.by).toBe('bo-giao-duc');
  });
});
