import { beforeEach, describe, expect, test } from 'vitest';
import type { Json } from '#domain/canonical-json.js';
import type { ProblemCode } from '#domain/errors.js';
import type { Instant } from '#domain/instant.js';
import { ContractWorld } from '../support/contract-world.js';
import { ACETONE_CAN, ACETONE_DRUM, authority, buyer, foundRegistry, openAcetoneLot, registrar, serial, trader } from '../support/fictional.js';
import { AGENCY_DID, MINISTRY_DID, foundTrust, grantOf, ministry, root } from '../support/fictional-trust.js';
import { rejectsWith } from '../support/rejects-with.js';

let world: ContractWorld;

const line = (name: string, substance: string): Json => ({ line: name, substance, least: '5', most: '100', perYear: '60' });
/** For the paint maker of Ho Chi Minh City (79). */
const licence = (change: Record<string, Json> = {}): Record<string, Json> => ({
  id: 'GP-1', number: '1/GP-HC', holder: buyer.organisation, validFrom: '2026-01-01', validTo: '2027-12-31', lines: [line('L1', 'acetone')], credential: { did: AGENCY_DID, root: root(1) }, ...change,
});
const commitment = { did: AGENCY_DID, root: root(1), count: 1 };
const record = async (change: Record<string, Json> = {}): Promise<unknown> => world.call(authority, 'chemical:recordLicence', licence(change));

beforeEach(async () => {
  world = new ContractWorld();
  await foundRegistry(world);
  await foundTrust(world);
});

describe('a licence that is also a credential', () => {
  test('is recorded with its commitment in one transaction, and gives its right at once', async () => {
    await openAcetoneLot(world);
    await world.call(trader, 'chemical:split', { from: `/01/${ACETONE_DRUM}/10/AC-01`, into: [{ gtin: ACETONE_CAN, serial: 'C1', mass: '25' }, { gtin: ACETONE_CAN, serial: 'C2', mass: '25' }], remaining: '150', loss: '0' });
    const ship = async (number: string, can: string): Promise<unknown> => world.call(trader, 'goods:ship', { number, to: buyer.organisation, items: [serial(ACETONE_CAN, can)] });
    await rejectsWith(ship('V1', 'C1'), 'BUYER_NOT_LICENSED');
    const steps = [{ transaction: 'trust:commitCredentials', request: commitment }, { transaction: 'chemical:recordLicence', request: licence() }];
    expect(await world.call(authority, 'goods:capture', { steps })).toMatchObject({ answers: [{ root: root(1) }, { licence: 'GP-1' }] });
    expect(world.read('licence/GP-1', 'licence')?.credential).toEqual({ did: AGENCY_DID, root: root(1) });
    await ship('V1', 'C1');
    const revocation = { transaction: 'chemical:revokeLicence', request: { id: 'GP-1', from: '2026-11-20', reason: 'vi phạm' } };
    const list = { transaction: 'trust:publishStatusList', request: { did: AGENCY_DID, list: 'thu-hoi-1', purpose: 'revocation', version: 1, hash: root(7) } };
    await world.call(authority, 'goods:capture', { steps: [revocation, list] });
    await rejectsWith(ship('V2', 'C2'), 'BUYER_NOT_LICENSED', { licence: 'GP-1: revoked' });
  });

  test('the commitment comes before the licence', async () => {
    const steps = [{ transaction: 'chemical:recordLicence', request: licence() }, { transaction: 'trust:commitCredentials', request: commitment }];
    await rejectsWith(world.call(authority, 'goods:capture', { steps }), 'COMMITMENT_UNKNOWN', { field: 'steps[0].credential.root', root: root(1) });
    await world.call(authority, 'trust:commitCredentials', commitment);
    await record();
  });

  test('of one DID so many are recorded and no more, whoever holds them; others of its authority go on', async () => {
    await world.call(authority, 'trust:commitCredentials', commitment);
    await record();
    await record({ id: 'GP-2' });
    expect(world.read(`licence-count/${AGENCY_DID}`, 'licence-count')).toEqual({ kind: 'licence-count', count: 2 });
    world.state.set(`licence-count/${AGENCY_DID}`, Buffer.from('{"kind":"licence-count","count":9999}'));
    await record({ id: 'GP-3' });
    await rejectsWith(record({ id: 'GP-4' }), 'LICENCES_OF_DID_TOO_MANY', { field: 'credential.did', did: AGENCY_DID, most: '10000' });
    const { credential: _none, ...plain } = licence({ id: 'GP-5', lines: [line('L1', 'toluene')] });
    await world.call(authority, 'chemical:recordLicence', plain);
  });

  test('without a credential nothing of this is asked', async () => {
    const { credential: _none, ...plain } = licence({ lines: [line('L1', 'toluene')] });
    await world.call(authority, 'chemical:recordLicence', plain);
    expect(world.read('licence/GP-1', 'licence')).not.toHaveProperty('credential');
  });
});

describe('a licence in place of another', () => {
  const ending = { id: 'GP-1', from: '2026-11-20', reason: 'sửa hàm lượng' };
  const { credential: _credential, ...plain } = licence();

  beforeEach(async () => {
    await world.call(authority, 'chemical:recordLicence', plain);
  });

  test('stands beside the end of the one that it replaces, recorded in the same transaction', async () => {
    const steps = [{ transaction: 'chemical:recordLicence', request: { ...plain, id: 'GP-2' } }, { transaction: 'chemical:revokeLicence', request: { ...ending, replacedBy: 'GP-2' } }];
    await world.call(authority, 'goods:capture', { steps });
    expect(world.read('licence/GP-1', 'licence')?.revocation).toMatchObject({ from: '2026-11-20', by: authority.organisation, replacedBy: 'GP-2' });
  });

  test('is one on the ledger, of whoever says so, and another', async () => {
    await rejectsWith(world.call(authority, 'chemical:revokeLicence', { ...ending, replacedBy: 'GP-9' }), 'LICENCE_UNKNOWN', { licence: 'GP-9' });
    await rejectsWith(world.call(authority, 'chemical:revokeLicence', { ...ending, replacedBy: 'GP-1' }), 'FIELD_WRONG_VALUE', { field: 'replacedBy' });
    await world.call(ministry, 'chemical:recordLicence', { ...plain, id: 'GP-BO' });
    await rejectsWith(world.call(authority, 'chemical:revokeLicence', { ...ending, replacedBy: 'GP-BO' }), 'FIELD_WRONG_VALUE', { field: 'replacedBy' });
    expect(world.read('licence/GP-1', 'licence')).not.toHaveProperty('revocation');
  });
});

describe('is refused', () => {
  beforeEach(async () => {
    await world.call(authority, 'trust:commitCredentials', commitment);
  });

  test('for a substance that the grant does not cover, naming line and substance', async () => {
    await rejectsWith(record({ lines: [line('L1', 'acetone'), line('L2', 'toluene')] }), 'GRANT_SCOPE_NARROWER', { field: 'lines[1].substance', line: 'L2', substance: 'toluene', did: AGENCY_DID });
  });

  test('for a province that it does not cover: the holder\'s, or those of its sites', async () => {
    await world.call(registrar, 'registry:registerOrganisation', { id: 'son-ha-noi', type: 'enterprise', name: 'Sơn Hà Nội', address: 'Hà Nội', province: '01', fictional: 'yes' });
    await rejectsWith(record({ holder: 'son-ha-noi' }), 'GRANT_SCOPE_NARROWER', { line: 'L1', provinces: '01' });
    await rejectsWith(record({ credential: { did: AGENCY_DID, root: root(1), provinces: ['75', '01'] } }), 'GRANT_SCOPE_NARROWER', { provinces: '75 01' });
    await record({ holder: 'son-ha-noi', credential: { did: AGENCY_DID, root: root(1), provinces: ['75', '79'] } });
  });

  test.each([
    ['the grant was revoked', 'trust:revokeGrant', { id: 'UQ-HC', effect: 'from-now', reason: 'x' }, 'GRANT_REVOKED'],
    ['the DID was withdrawn', 'trust:withdrawDid', { did: AGENCY_DID, effect: 'from-now', reason: 'x' }, 'DID_WITHDRAWN'],
  ] as const)('once %s', async (_what, transaction, request, code) => {
    await world.call(registrar, transaction, request);
    await rejectsWith(record(), code, { line: 'L1', substance: 'acetone' });
  });

  test('once the grant has ended', async () => {
    world.now = '2031-01-01T00:00:00.000Z' as Instant;
    await rejectsWith(record(), 'GRANT_EXPIRED', { line: 'L1' });
  });

  test('without a grant of the type, whatever else the DID may issue', async () => {
    await world.call(registrar, 'trust:grant', grantOf('UQ-BO', MINISTRY_DID));
    await world.call(ministry, 'trust:commitCredentials', { did: MINISTRY_DID, root: root(2), count: 1 });
    await rejectsWith(world.call(ministry, 'chemical:recordLicence', licence({ credential: { did: MINISTRY_DID, root: root(2) } })), 'GRANT_MISSING', { line: 'L1', did: MINISTRY_DID });
  });

  test.each<[string, Record<string, Json>, ProblemCode, Record<string, string>]>([
    ['under a DID of another organisation', { did: MINISTRY_DID, root: root(1) }, 'DID_NOT_HELD', { did: MINISTRY_DID }],
    ['under a DID nobody registered', { did: 'did:web:ai.example', root: root(1) }, 'DID_UNKNOWN', {}],
    ['under a root that nobody committed', { did: AGENCY_DID, root: root(9) }, 'COMMITMENT_UNKNOWN', { field: 'credential.root' }],
    ['under a root of another', { did: AGENCY_DID, root: root(2) }, 'COMMITMENT_OF_OTHER', { did: MINISTRY_DID }],
    ['with something else', { did: AGENCY_DID, root: root(1), count: 1 }, 'FIELD_UNKNOWN', { field: 'credential.count' }],
  ])('%s', async (_what, credential, code, fields) => {
    await world.call(ministry, 'trust:commitCredentials', { did: MINISTRY_DID, root: root(2), count: 1 });
    await rejectsWith(record({ credential }), code, fields);
  });

  test('and nothing is left behind', async () => {
    await rejectsWith(record({ lines: [line('L1', 'toluene')] }), 'GRANT_SCOPE_NARROWER');
    expect(world.all('licence')).toEqual([]);
  });

  test('a grant given under another grant counts as long as that one does', async () => {
    await world.call(registrar, 'trust:revokeGrant', { id: 'UQ-HC', effect: 'from-now', reason: 'thay' });
    await world.call(registrar, 'trust:grant', grantOf('GOC', MINISTRY_DID, { credentialType: 'ChemicalLicenceCredential', scope: { provinces: 'all', substances: 'all' } }));
    await world.call(ministry, 'trust:grant', grantOf('CON', AGENCY_DID, { parent: 'GOC', credentialType: 'ChemicalLicenceCredential', actions: ['issue'], scope: { provinces: 'all', substances: ['acetone'] }, depth: 0 }));
    await record();
    await world.call(registrar, 'trust:revokeGrant', { id: 'GOC', effect: 'from-now', reason: 'x' });
    await rejectsWith(record({ id: 'GP-2' }), 'GRANT_REVOKED', { line: 'L1' });
  });
});
