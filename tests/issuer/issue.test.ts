import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DISCLOSURE_NAMES } from '#domain/credential/personal-data.js';
import { readDisclosure } from '#domain/credential/disclosure.js';
import { instantOf } from '#domain/instant.js';
import { Problem } from '#domain/errors.js';
import { mustBe, type Caller } from '../gateway/app/running-gateway.js';
import { AUTHORITY, diplomaRequest, identityRequest, issued, issuerWorld, licenceRequest, payloadOf, REGISTRAR, UNIVERSITY, type IssuerWorld } from './issuer-world.js';

let world: IssuerWorld;
beforeAll(async () => {
  world = await issuerWorld();
});
afterAll(async () => world.remove());

type Change = Record<string, unknown>;
const credentialOf = (body: Change): Change => body['credential'] as Change;
const outer = (body: Change, change: Change): Change => ({ ...body, credential: { ...credentialOf(body), ...change } });
const without = (body: Change, name: string): Change => ({ ...body, credential: Object.fromEntries(Object.entries(credentialOf(body)).filter(([key]) => key !== name)) });
const writes = (): number => world.asked.filter(({ method }) => method === 'POST').length;

describe('a request that cannot be met', () => {
  const diploma = diplomaRequest('VD 1');
  const licence = licenceRequest('1/GP');
  const rows: [string, string, Change, number, string, string | undefined][] = [
    ['not an object', 'university', [] as unknown as Change, 400, 'FIELD_WRONG_TYPE', undefined],
    ['without a credential', 'university', {}, 400, 'FIELD_MISSING', 'credential'],
    ['with an unknown option', 'university', { ...diploma, options: { credentialId: 'x' } }, 400, 'FIELD_UNKNOWN', 'options.credentialId'],
    ['of data model 2.0 by its context', 'university', outer(diploma, { '@context': ['https://www.w3.org/ns/credentials/v2'] }), 422, 'CREDENTIAL_MODEL_UNSUPPORTED', 'credential.@context'],
    ['of data model 2.0 by validFrom', 'university', outer(diploma, { validFrom: '2026-11-20T00:00:00Z' }), 422, 'CREDENTIAL_MODEL_UNSUPPORTED', 'credential.validFrom'],
    ['with somebody\'s context', 'university', outer(diploma, { '@context': ['https://www.w3.org/2018/credentials/v1', 'https://attacker.example/v1'] }), 422, 'CREDENTIAL_CONTEXT_WRONG', 'credential.@context'],
    ['of an unknown type', 'university', outer(diploma, { type: ['VerifiableCredential', 'DriverLicence'] }), 422, 'CREDENTIAL_TYPE_UNKNOWN', 'credential.type'],
    ['of no type', 'university', outer(diploma, { type: ['VerifiableCredential'] }), 422, 'CREDENTIAL_TYPE_UNKNOWN', 'credential.type'],
    ['with an id of the caller\'s', 'university', outer(diploma, { id: 'urn:uuid:0c9f6f6e-5a0b-4c5e-9d8e-2f6a3f1b7c4d' }), 400, 'FIELD_UNKNOWN', 'credential.id'],
    ['with a status of the caller\'s', 'university', outer(diploma, { credentialStatus: [] }), 400, 'FIELD_UNKNOWN', 'credential.credentialStatus'],
    ['without issuer', 'university', without(diploma, 'issuer'), 400, 'FIELD_MISSING', 'credential.issuer'],
    ['of a DID that is malformed', 'university', outer(diploma, { issuer: 'did:web:A' }), 400, 'DID_MALFORMED', 'credential.issuer'],
    ['of a DID that is not held here', 'university', outer(diploma, { issuer: 'did:web:other.example' }), 404, 'DID_NOT_HERE', undefined],
    ['of another organisation\'s DID', 'authority', diploma, 403, 'DID_NOT_HELD', undefined],
    ['issued in the past', 'university', outer(diploma, { issuanceDate: '2020-01-01T00:00:00Z' }), 400, 'FIELD_WRONG_VALUE', 'credential.issuanceDate'],
    ['a diploma that expires', 'university', outer(diploma, { expirationDate: '2031-01-01T00:00:00Z' }), 400, 'CREDENTIAL_EXPIRY_NOT_ALLOWED', 'credential.expirationDate'],
    ['a licence that does not', 'authority', without(licence, 'expirationDate'), 400, 'CREDENTIAL_EXPIRY_MISSING', 'credential.expirationDate'],
    ['a licence that expired', 'authority', outer(licence, { expirationDate: '2020-01-01T00:00:00Z' }), 400, 'CREDENTIAL_TIMES_ORDER', 'credential.exp'],
    ['a licence that ends within a day', 'authority', outer(licence, { expirationDate: '2031-11-20T08:00:00Z' }), 400, 'FIELD_WRONG_VALUE', 'credential.expirationDate'],
    ['a licence that ends two seconds before a day does', 'authority', outer(licence, { expirationDate: '2031-11-20T16:59:58Z' }), 400, 'FIELD_WRONG_VALUE', 'credential.expirationDate'],
    ['a licence that begins within a day', 'authority', outer(licence, { issuanceDate: '2030-11-20T08:00:00Z' }), 400, 'FIELD_WRONG_VALUE', 'credential.issuanceDate'],
    ['without a name', 'university', diplomaRequest('VD 1', { fullName: undefined }), 400, 'FIELD_MISSING', 'credential.credentialSubject.fullName'],
    ['with a name in two spellings', 'university', diplomaRequest('VD 1', { fullName: 'Nguyễn Thị Mây'.normalize('NFD') }), 400, 'TEXT_NOT_PLAIN', 'credential.credentialSubject.fullName'],
    ['with an unknown claim', 'university', diplomaRequest('VD 1', { gpa: '4.0' }), 400, 'FIELD_UNKNOWN', 'credential.credentialSubject.gpa'],
    ['with a shadow claim', 'university', diplomaRequest('VD 1', { issuer: 'x' }), 400, 'FIELD_UNKNOWN', 'credential.credentialSubject.issuer'],
    ['whose subject is nobody', 'university', diplomaRequest('VD 1', { id: 'mailto:a@b.example' }), 400, 'CREDENTIAL_SUBJECT_MALFORMED', 'credential.credentialSubject.id'],
    ['a diploma of another institution', 'university', diplomaRequest('VD 1', { institution: { organisation: 'dai-hoc-khac', name: 'Khác', province: '48' } }), 422, 'CREDENTIAL_SUBJECT_OTHER', 'credential.credentialSubject.institution.organisation'],
    ['a licence of another authority', 'authority', licenceRequest('1/GP', { authority: { organisation: 'cuc-khac', name: 'Khác' } }), 422, 'CREDENTIAL_SUBJECT_OTHER', 'credential.credentialSubject.authority.organisation'],
    ['an identity without a DID', 'operator', identityRequest({ id: undefined }), 400, 'FIELD_MISSING', 'credential.credentialSubject.id'],
    ['an identity of a number that somebody may have', 'operator', identityRequest({ enterpriseNumber: '0100109106' }), 422, 'ENTERPRISE_NUMBER_NOT_FICTIONAL', 'credential.credentialSubject.enterpriseNumber'],
    ['an identity with another organisation\'s DID', 'operator', identityRequest({ id: UNIVERSITY }), 422, 'CREDENTIAL_SUBJECT_OTHER', 'credential.credentialSubject.id'],
    ['an identity with a prefix that nobody holds', 'operator', identityRequest({ gs1Prefixes: ['9520001', '9520777'] }), 403, 'PREFIX_NOT_HELD', 'credential.credentialSubject.gs1Prefixes[1]'],
    ['an identity with more than the prefix that is held', 'operator', identityRequest({ gs1Prefixes: ['952000'] }), 403, 'PREFIX_NOT_HELD', 'credential.credentialSubject.gs1Prefixes[0]'],
    ['an identity with another organisation\'s prefix', 'operator', identityRequest({ organisation: 'dai-hoc-vi-du' }), 403, 'PREFIX_NOT_HELD', 'credential.credentialSubject.gs1Prefixes[0]'],
    ['an identity of an organisation that is not on the register', 'operator', identityRequest({ organisation: 'khong-co' }), 404, 'ORGANISATION_UNKNOWN', 'credential.credentialSubject.organisation'],
    ['a licence whose subject is another organisation\'s DID', 'authority', licenceRequest('1/GP', { id: UNIVERSITY }), 422, 'CREDENTIAL_SUBJECT_OTHER', 'credential.credentialSubject.id'],
    ['outside the grant\'s province', 'university', diplomaRequest('VD 1', { institution: { organisation: 'dai-hoc-vi-du', name: 'Đại học Ví Dụ', province: '79' } }), 422, 'GRANT_SCOPE_NARROWER', 'credential.credentialSubject.institution.province'],
    ['of a type that was not granted', 'authority', outer(diplomaRequest('VD 1', { institution: { organisation: 'cuc-hoa-chat', name: 'x', province: '01' } }), { issuer: AUTHORITY }), 422, 'GRANT_TYPE_OTHER', undefined],
    ['a licence, by a key that may not write licences', 'university', outer(licenceRequest('1/GP', { authority: { organisation: 'dai-hoc-vi-du', name: 'x' } }), { issuer: UNIVERSITY }), 403, 'SCOPE_MISSING', undefined],
    ['that supersedes what is not there', 'university', diplomaRequest('VD 1', {}, { supersedes: 'urn:uuid:0c9f6f6e-5a0b-4c5e-9d8e-2f6a3f1b7c4d' }), 404, 'CREDENTIAL_UNKNOWN', undefined],
    ['that supersedes no id', 'university', diplomaRequest('VD 1', {}, { supersedes: 'VD 0' }), 400, 'FIELD_WRONG_VALUE', 'options.supersedes'],
  ];
  const callerNamed = (name: string): Caller => (name === 'operator' ? world.gateway.operator : name === 'authority' ? world.authority : world.university);

  it.each(rows.map(([title, by, body, ...expected]) => ({ title, by, body, expected })))('$title', async ({ by, body, expected: [status, code, field] }) => {
    const before = writes();
    const answer = await world.post(callerNamed(by), '/credentials/issue', JSON.parse(JSON.stringify(body)));
    expect({ status: answer.status, code: answer.body['code'], field: answer.body['field'] }).toEqual({ status, code, field });
    expect(world.asked.slice(before).filter(({ path }) => path.includes('commitments') || path.includes('licences'))).toEqual([]);
    expect(await world.issuer.parts.rows.pending()).toEqual([]);
  });

  it('leaves its status index free', async () => {
    const taken = async (): Promise<number> => {
      let count = 0;
      for await (const _ of world.issuer.parts.store.rows('slot/')) count++;
      return count;
    };
    const before = await taken();
    await world.post(world.university, '/credentials/issue', outer(diplomaRequest('VD 2'), { issuanceDate: '2020-01-01T00:00:00Z' }));
    expect(await taken()).toBe(before);
  });
});

describe('who calls', () => {
  it.each([
    ['nobody', undefined, 401, 'API_KEY_MISSING'],
    ['with no key of the gateway', 'Bearer x', 401, 'API_KEY_WRONG'],
    ['with a key that does not exist', `Bearer mc_7QK2M9ZD4XWA_${'x'.repeat(43)}`, 401, 'API_KEY_WRONG'],
  ] as const)('%s is refused', async (_, authorization, status, code) => {
    const answer = await world.call({ method: 'POST', url: '/credentials/issue', headers: authorization === undefined ? {} : { authorization }, payload: {} });
    expect(answer.body).toMatchObject({ status, code });
    expect(answer.headers['www-authenticate']).toBe('Bearer realm="minhchung"');
  });

  it('an enterprise has no scope for it', async () => {
    expect((await world.post(world.trader, '/credentials/issue', diplomaRequest('VD 1'))).body).toMatchObject({ status: 403, code: 'SCOPE_MISSING', fields: { scope: 'credentials:write' } });
  });

  it('a key that is revoked at the gateway does nothing here', async () => {
    const { body } = mustBe(201, await world.gateway.operator.post('/v1/organisations/dai-hoc-vi-du/api-keys', { label: 'mất' }));
    const { id } = body['apiKey'] as { id: string };
    mustBe(200, await world.gateway.operator.delete(`/v1/api-keys/${id}`));
    const answer = await world.post(world.gateway.caller('dai-hoc-vi-du', String(body['text'])), '/credentials/issue', diplomaRequest('VD 1'));
    expect(answer.body).toMatchObject({ status: 401, code: 'API_KEY_REVOKED' });
  });
});

describe('the clock', () => {
  it('that went back issues nothing, and what was issued before stays', async () => {
    const first = await issued(world, world.university, diplomaRequest('DH 1'));
    await world.restart({ now: () => Date.now() - 10_000 });
    expect((await world.post(world.university, '/credentials/issue', diplomaRequest('DH 2'))).body).toMatchObject({ status: 503, code: 'CLOCK_MOVED_BACK' });
    expect(mustBe(201, await world.post(world.university, '/credentials/issue', diplomaRequest('DH 1'))).body['credentialId']).toBe(first.id);
    await world.restart();
    await issued(world, world.university, diplomaRequest('DH 2'));
  });

  it.each([['ahead', 61_500], ['behind', -61_500]])('that is %s of the ledger by more than a minute issues nothing', async (_, apart) => {
    const other = await issuerWorld({ now: () => Date.now() + apart });
    const answer = await other.post(other.university, '/credentials/issue', diplomaRequest('DH 3'));
    expect(answer.body).toMatchObject({ status: 503, code: 'CLOCK_DIFFERS_FROM_LEDGER' });
    expect(other.asked.filter(({ path }) => path.includes('commitments'))).toEqual([]);
    await other.remove();
  });

  it('is compared with the ledger\'s, not with the gateway\'s word of long ago', async () => {
    await world.restart();
    world.between = async (path, ask) => {
      const answer = await ask();
      return path === '/public/trust' ? { ...answer, body: { ...answer.body as object, knownAt: instantOf(Date.now() - 120_000) } } : answer;
    };
    expect((await world.post(world.university, '/credentials/issue', diplomaRequest('DH 4'))).body).toMatchObject({ status: 503, code: 'CLOCK_DIFFERS_FROM_LEDGER' });
    world.between = undefined;
    await world.restart();
  });
});

describe('the same again', () => {
  it('answers the same credential, byte for byte', async () => {
    const first = await issued(world, world.university, diplomaRequest('LL 1'));
    const again = await issued(world, world.university, diplomaRequest('LL 1'));
    expect(again).toEqual(first);
  });

  it('50 times at once makes one', async () => {
    const before = world.asked.filter(({ path }) => path.endsWith('/commitments')).length;
    const answers = await Promise.all(Array.from({ length: 50 }, async () => issued(world, world.university, diplomaRequest('LL 2'))));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(world.asked.filter(({ path }) => path.endsWith('/commitments')).length).toBe(before + 1);
  });

  it('with other content is refused, and names the first', async () => {
    const first = await issued(world, world.university, diplomaRequest('LL 3'));
    const answer = await world.post(world.university, '/credentials/issue', diplomaRequest('LL 3', { fullName: 'Trần Văn Khác' }));
    expect(answer.body).toMatchObject({ status: 409, code: 'CREDENTIAL_ISSUED_DIFFERENTLY', fields: { credential: first.id } });
    expect(answer.text).not.toContain('Mây');
  });

  it('for another period makes another one', async () => {
    const [one, two] = [await issued(world, world.authority, licenceRequest('LL/4')), await issued(world, world.authority, licenceRequest('LL/4', {}, { expirationDate: '2032-11-20T16:59:59Z' }))];
    expect(one.id).not.toBe(two.id);
  });

  it('after a restart answers the same one', async () => {
    const first = await issued(world, world.authority, licenceRequest('LL/5'));
    await world.restart();
    expect(await issued(world, world.authority, licenceRequest('LL/5'))).toEqual(first);
  });

  it('after it was revoked makes a new one', async () => {
    const first = await issued(world, world.university, diplomaRequest('LL 6'));
    mustBe(200, await world.post(world.university, '/credentials/status', { credentialId: first.id, credentialStatus: { type: 'BitstringStatusListEntry', statusPurpose: 'revocation' }, status: true }));
    expect((await issued(world, world.university, diplomaRequest('LL 6'))).id).not.toBe(first.id);
  });

  it('different ones at once have different ids, indices and salts', async () => {
    const made = await Promise.all(Array.from({ length: 30 }, async (_, n) => issued(world, world.university, diplomaRequest(`NN ${n}`))));
    const indices = made.map(({ jwt }) => JSON.stringify(((payloadOf(jwt)['vc'] as Change)['credentialStatus'] as Change[]).map((entry) => entry['id'])));
    const salts = made.flatMap(({ text }) => text.split('~').slice(1, -1).map((one) => readDisclosure(one).salt));
    expect([new Set(made.map(({ id }) => id)).size, new Set(made.map(({ publicId }) => publicId)).size, new Set(indices).size, new Set(salts).size]).toEqual([30, 30, 30, 150]);
  });
});

describe('what is issued', () => {
  it('has the shape that was agreed: no personal data, no shadow claim, three status entries', async () => {
    const { jwt, text, id } = await issued(world, world.university, diplomaRequest('HD 1'));
    const payload = payloadOf(jwt);
    expect(Object.keys(payload).sort()).toEqual(['_sd_alg', 'iat', 'iss', 'jti', 'nbf', 'sub', 'vc']);
    expect(payload).toMatchObject({ iss: UNIVERSITY, jti: id, _sd_alg: 'sha-256', sub: expect.stringMatching(/^urn:uuid:/) });
    for (const name of DISCLOSURE_NAMES) expect(JSON.stringify(payload)).not.toContain(`"${name}"`);
    expect(jwt).not.toContain(Buffer.from('Mây').toString('base64url'));
    expect(((payload['vc'] as Change)['credentialStatus'] as Change[]).map((one) => one['statusPurpose'])).toEqual(['revocation', 'suspension', 'refresh']);
    const [head = '', ...disclosures] = text.slice(0, text.indexOf('#')).split('~');
    expect([head, disclosures.at(-1)]).toEqual([jwt, '']);
    const values = Object.fromEntries(disclosures.slice(0, -1).map(readDisclosure).map(({ name, value }) => [name, value]));
    expect(values).toEqual({ fullName: 'Nguyễn Thị Mây Trắng', dateOfBirth: '2004-05-17', serialNumber: 'HD 1', registerNumber: 'HD 1/2026/ĐHVD', classification: 'very-good' });
  });

  it('is told with its address, where the same stands again', async () => {
    const answer = mustBe(201, await world.post(world.university, '/credentials/issue', diplomaRequest('HD 2')));
    const again = mustBe(200, await world.call({ url: String(answer.headers['location']), headers: { authorization: `Bearer ${world.university.key}` } }));
    expect(again.body).toEqual(answer.body);
    const other = await world.call({ url: String(answer.headers['location']), headers: { authorization: `Bearer ${world.authority.key}` } });
    expect(other.body).toMatchObject({ status: 403, code: 'DID_NOT_HELD' });
  });

  it('in the future begins then, and keeps the time at which it was issued', async () => {
    const payload = payloadOf((await issued(world, world.authority, licenceRequest('HD/3', {}, { issuanceDate: '2027-01-01T00:00:00+07:00' }))).jwt);
    expect(payload['nbf']).toBe(Date.parse('2027-01-01T00:00:00+07:00') / 1000);
    expect(Number(payload['iat'])).toBeLessThan(Number(payload['nbf']));
  });

  it('puts nothing of a person on the ledger, and nothing before it is committed to into anybody\'s hands', async () => {
    await issued(world, world.university, diplomaRequest('HD 4'));
    const written = JSON.stringify(world.asked.map(({ body }) => body));
    for (const personal of ['Mây', '2004-05-17', 'HD 4', 'very-good']) expect(written).not.toContain(personal);
  });

  it('also for an enterprise and a licence, whose QR has no key because nothing is hidden', async () => {
    const identity = await issued(world, world.gateway.operator, identityRequest());
    const licence = await issued(world, world.authority, licenceRequest('HD/5'));
    for (const { link, text, jwt } of [identity, licence]) {
      expect(link).toMatch(/^http:\/\/localhost:8080\/c\/[A-Za-z0-9_-]{22}$/);
      expect(text.startsWith(`${jwt}#`)).toBe(true);
    }
    expect([payloadOf(identity.jwt)['iss'], payloadOf(licence.jwt)['iss']]).toEqual([REGISTRAR, AUTHORITY]);
  });
});

describe('when the ledger does not answer', () => {
  const pendingAt = async (path: string, failure: () => never): Promise<void> => {
    world.between = async (asked, ask) => (asked === path ? failure() : ask());
    const answer = await world.post(world.university, '/credentials/issue', diplomaRequest(`ML ${path}`));
    world.between = undefined;
    const location = String(answer.headers['location']);
    expect(answer).toMatchObject({ status: 202, body: { state: 'waiting', code: 'LEDGER_UNREACHABLE' } });
    const key = { authorization: `Bearer ${world.university.key}` };
    expect((await world.get(location, key)).status).toBe(202);
    expect(await world.issuer.parts.rows.pending()).toHaveLength(1);
    expect(await world.issuer.finish()).toBe(0);
    expect((await world.get(location, key)).status).toBe(200);
    expect(await world.issuer.parts.rows.pending()).toEqual([]);
  };

  it('the credential is not handed out, and comes by itself when it does', async () => {
    await pendingAt('/v1/trust/commitments', () => { throw new Problem('LEDGER_UNREACHABLE', { reason: 'test' }); });
  });

  it('the answer of a transaction that was done is lost: it is not done twice', async () => {
    let lost = 0;
    let lostKey: string | undefined;
    world.between = async (path, ask, idempotencyKey) => {
      const answer = await ask();
      if (path !== '/v1/trust/commitments' || lost++ > 0) return answer;
      lostKey = idempotencyKey;
      throw new Problem('LEDGER_UNREACHABLE', { reason: 'lost' });
    };
    const before = world.asked.length;
    const answer = await world.post(world.university, '/credentials/issue', diplomaRequest('ML 2'));
    expect(answer.status).toBe(202);
    expect(await world.issuer.finish()).toBe(0);
    world.between = undefined;
    const commitments = world.asked.slice(before).filter(({ path }) => path === '/v1/trust/commitments');
    expect([new Set(commitments.map(({ body }) => (body as Change)['root'])).size, commitments.at(-1)?.idempotencyKey]).toEqual([1, lostKey]);
    await issued(world, world.university, diplomaRequest('ML 2'));
  });

  it('one that says "not known yet" is asked again', async () => {
    world.between = async (path, ask) => (path === '/v1/trust/commitments' ? { status: 202, body: {} } : ask());
    expect((await world.post(world.university, '/credentials/issue', diplomaRequest('ML 3'))).body).toMatchObject({ state: 'waiting', code: 'LEDGER_UNDECIDED' });
    world.between = undefined;
    await issued(world, world.university, diplomaRequest('ML 3'));
  });
});

describe('what the ledger refuses', () => {
  it('is told, is not issued, and does not stand in the way of the next try', async () => {
    world.between = async (path, ask) => (path === '/v1/licences' ? { status: 422, body: { code: 'GRANT_REVOKED', field: 'lines[0].substance', fields: { line: 'L1' } } } : ask());
    const answer = await world.post(world.authority, '/credentials/issue', licenceRequest('TC/1'));
    expect(answer.body).toMatchObject({ status: 422, code: 'GRANT_REVOKED', field: 'lines[0].substance', fields: { line: 'L1' } });
    world.between = undefined;
    expect(await world.issuer.parts.rows.pending()).toEqual([]);
    await issued(world, world.authority, licenceRequest('TC/1'));
  });

  it('really: a holder that is on no register', async () => {
    const holder = { organisation: 'khong-co', enterpriseNumber: '0100000001', name: 'Không có' };
    expect((await world.post(world.authority, '/credentials/issue', licenceRequest('TC/2', { holder }))).body).toMatchObject({ status: 404, code: 'ORGANISATION_UNKNOWN' });
  });
});
