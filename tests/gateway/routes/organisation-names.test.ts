import { afterAll, beforeAll, expect, it } from 'vitest';
import { runGateway, type RunningGateway } from '../app/running-gateway.js';

let gateway: RunningGateway;
beforeAll(async () => {
  gateway = await runGateway();
  await gateway.enrol('dai-hoc', 'institution', '01');
});
afterAll(async () => gateway.remove());

it.each([
  ['with the Icelandic Ð', { name: 'Ðại học Ví Dụ' }, { status: 400, code: 'ORGANISATION_NAME_CHARACTER', field: 'name', fields: { character: 'U+00D0' } }],
  ['with a Cyrillic letter in its English one', { name: 'Đại học Hai', nameEn: 'Univеrsity Two' }, { status: 400, code: 'ORGANISATION_NAME_CHARACTER', field: 'nameEn', fields: { character: 'U+0435' } }],
  ['that another organisation has', { name: 'Tổ chức dai-hoc' }, { status: 409, code: 'ORGANISATION_NAME_TAKEN', field: 'name', fields: { organisation: 'dai-hoc' } }],
  ['that looks like another\'s', { name: 'TỔ CHỨC DAI HOC' }, { status: 409, code: 'ORGANISATION_NAME_TAKEN', field: 'name', fields: { organisation: 'dai-hoc' } }],
] as const)('a name %s is refused over HTTP, by its field', async (_, names, expected) => {
  const { body, status } = await gateway.operator.post('/v1/organisations', { id: 'hai', type: 'institution', address: 'Phố Ví Dụ 1', province: '01', fictional: 'yes', ...names });
  expect(status).toBe(expected.status);
  expect(body).toMatchObject(expected);
  expect((await gateway.operator.get('/v1/organisations/hai')).status).toBe(404);
});
