/** What of a request is outside of a grant is said by its field: the line, and its substance or its site's province. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseDid, type Did } from '#domain/trust/did.js';
import { mustBe, type Caller } from '../gateway/app/running-gateway.js';
import { diplomaRequest, grant, identityRequest, issued, issuerWorld, licenceRequest, UNIVERSITY, type IssuerWorld } from './issuer-world.js';

let world: IssuerWorld;
let agency: Caller;
let agencyDid: Did;
beforeAll(async () => {
  world = await issuerWorld();
  agency = await world.gateway.enrol('so-cong-thuong', 'authority', '75');
  agencyDid = parseDid(String(mustBe(201, await world.post(world.gateway.operator, '/v1/dids', { organisation: 'so-cong-thuong' })).body['did']));
  await grant(world, 'SO-1', agencyDid, { actions: ['issue', 'revoke'], credentialType: 'ChemicalLicenceCredential', scope: { provinces: ['75'], substances: ['acetone', 'toluene'] } });
  await grant(world, 'SO-2', agencyDid, { credentialType: 'EnterpriseIdentityCredential', scope: { provinces: ['01'] } });
});
afterAll(async () => world.remove());

const line = (name: string, substance: string, province: string): object => ({ line: name, substance, least: '90', most: '100', perYear: '5000', site: { address: 'Đường Ví Dụ 2', province }, group: '1' });
const SUBJECT = 'credential.credentialSubject';

describe('the scope of a grant to issue', () => {
  it.each([
    ['a substance of the second line', [line('L1', 'acetone', '75'), line('L2', 'methanol', '75')], `${SUBJECT}.lines[1].substance`, { line: 'L2', substance: 'methanol' }],
    ['the province of the second line', [line('L1', 'acetone', '75'), line('L2', 'toluene', '48')], `${SUBJECT}.lines[1].site.province`, { line: 'L2', province: '48' }],
    ['the first of several', [line('L1', 'toluene', '79'), line('L2', 'methanol', '48')], `${SUBJECT}.lines[0].site.province`, { line: 'L1', province: '79' }],
  ] as const)('does not cover %s of a licence', async (title, lines, field, fields) => {
    const { body } = await world.post(agency, '/credentials/issue', licenceRequest(`PV/${title.length}`, { authority: { organisation: 'so-cong-thuong', name: 'Sở Công Thương Ví Dụ' }, lines }, { issuer: agencyDid }));
    expect(body).toMatchObject({ status: 422, code: 'GRANT_SCOPE_NARROWER', field });
    expect(body['fields']).toEqual({ did: agencyDid, type: 'ChemicalLicenceCredential', ...fields });
  });

  it('does not cover an institution\'s or an enterprise\'s province', async () => {
    const diploma = await world.post(world.university, '/credentials/issue', diplomaRequest('PV 1', { institution: { organisation: 'dai-hoc-vi-du', name: 'Đại học Ví Dụ', province: '79' } }));
    expect(diploma.body).toMatchObject({ code: 'GRANT_SCOPE_NARROWER', field: `${SUBJECT}.institution.province`, fields: { province: '79' } });
    const identity = await world.post(agency, '/credentials/issue', identityRequest({}, { issuer: agencyDid }));
    expect(identity.body).toMatchObject({ code: 'GRANT_SCOPE_NARROWER', field: `${SUBJECT}.province`, fields: { province: '75' } });
  });

  it('leaves every other refusal without a field', async () => {
    const { body } = await world.post(world.university, '/credentials/issue', identityRequest({}, { issuer: UNIVERSITY }));
    expect([body['code'], body['field']]).toEqual(['GRANT_TYPE_OTHER', undefined]);
  });
});

it('the scope of a grant to revoke does not cover a line of a licence', async () => {
  const { id } = await issued(world, world.authority, licenceRequest('PV/2', { lines: [line('L1', 'acetone', '75'), line('L2', 'methanol', '75')] }));
  const { body } = await world.post(agency, '/credentials/status', { credentialId: id, credentialStatus: { type: 'BitstringStatusListEntry', statusPurpose: 'revocation' }, status: true, decision: '1' });
  expect(body).toMatchObject({ status: 422, code: 'GRANT_SCOPE_NARROWER' });
  expect(body['fields']).toEqual({ did: agencyDid, type: 'ChemicalLicenceCredential', line: 'L2', substance: 'methanol' });
});
