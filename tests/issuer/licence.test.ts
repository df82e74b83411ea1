import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Problem } from '#domain/errors.js';
import { dayInVietNam, instantOf } from '#domain/instant.js';
import { mustBe, type Answer } from '../gateway/app/running-gateway.js';
import { AUTHORITY, diplomaRequest, issued, issuerWorld, licenceRequest, payloadOf, type IssuerWorld } from './issuer-world.js';
import { readList } from './list-reader.js';

let world: IssuerWorld;
beforeAll(async () => {
  world = await issuerWorld();
});
afterAll(async () => world.remove());
beforeEach(() => {
  world.between = undefined;
});

type Json = Record<string, unknown>;
const uuidOf = (id: string): string => id.slice('urn:uuid:'.length);
const onLedger = async (id: string): Promise<Json> => mustBe(200, await world.authority.get(`/v1/licences/${uuidOf(id)}`)).body;
const revoke = async (id: string, more: object = {}): Promise<Answer> =>
  world.post(world.authority, '/credentials/status', { credentialId: id, credentialStatus: { type: 'BitstringStatusListEntry', statusPurpose: 'revocation' }, status: true, ...more });

/** Whether the list that a credential names for a purpose has its bit. */
async function isSet(jwt: string, purpose: string): Promise<boolean> {
  const entries = (payloadOf(jwt)['vc'] as Json)['credentialStatus'] as Record<string, string>[];
  const entry = entries.find((one) => one['statusPurpose'] === purpose);
  const list = await world.get(new URL(entry?.['statusListCredential'] ?? '').pathname);
  return readList(list.text, (await world.get('/cuc-hoa-chat/did.json')).body).isSet(Number(entry?.['statusListIndex']));
}

const DAY_MS = 86_400_000;
const dayAfter = (days: number): string => dayInVietNam(instantOf(Date.now() + days * DAY_MS));

/** The issuer started again so many days from now, by its own clock and the ledger's. */
async function onDay(days: number): Promise<void> {
  world.ledgerAhead = days * DAY_MS;
  await world.restart({ now: () => Date.now() + days * DAY_MS });
}

const since = (from: number): string[] => world.asked.slice(from).filter(({ method }) => method === 'POST').map(({ path, status }) => `${path.replace(/[0-9a-f-]{36}/, ':id')} ${status}`);

describe('a licence', () => {
  it('is a credential and a record of the ledger by one transaction', async () => {
    await issued(world, world.authority, licenceRequest('G/0'));
    const before = world.asked.length;
    const { id, jwt } = await issued(world, world.authority, licenceRequest('G/1'));
    expect(since(before)).toEqual(['/v1/licences 201']);
    const sent = world.asked.slice(before).find(({ path }) => path === '/v1/licences')?.body as Json;
    expect(sent).toMatchObject({ id: uuidOf(id), number: 'G/1', holder: 'hoa-chat-dong-nai', credential: { did: AUTHORITY, count: 1, provinces: ['75'] } });
    expect(await onLedger(id)).toMatchObject({ standing: 'in-force', licence: { authority: 'cuc-hoa-chat', validTo: '2031-11-20', credential: { did: AUTHORITY, root: (sent['credential'] as Json)['root'] } } });
    expect(await isSet(jwt, 'revocation')).toBe(false);
  });

  it('of an issuer whose key may not write licences is refused before the ledger is asked', async () => {
    const before = world.asked.length;
    const lines = [{ line: 'L1', substance: 'acetone', least: '90', most: '100', perYear: '5', site: { address: 'x', province: '75' }, group: '1' }];
    const body = licenceRequest('G/2', { lines });
    const grantless = { ...body, credential: { ...body['credential'] as Json, issuer: 'did:web:localhost%3A8082:dai-hoc-vi-du', credentialSubject: { ...(body['credential'] as Json)['credentialSubject'] as Json, authority: { organisation: 'dai-hoc-vi-du', name: 'x' } } } };
    expect((await world.post(world.university, '/credentials/issue', grantless)).body).toMatchObject({ status: 403, code: 'SCOPE_MISSING', fields: { scope: 'licences:write' } });
    expect(since(before)).toEqual([]);
  });
});

describe('revocation', () => {
  it('is on the ledger first, with the list, in one transaction; then it is served', async () => {
    const { id, jwt } = await issued(world, world.authority, licenceRequest('T/1'));
    const served: boolean[] = [];
    world.between = async (path, ask) => {
      if (!path.endsWith('/revocation')) return ask();
      served.push(await isSet(jwt, 'revocation'));
      const answer = await ask();
      served.push(await isSet(jwt, 'revocation'));
      return answer;
    };
    const before = world.asked.length;
    expect(mustBe(200, await revoke(id, { reason: 'Vi phạm', from: dayAfter(0) })).body).toMatchObject({ status: { revocation: true } });
    expect([served, since(before)]).toEqual([[false, false], ['/v1/licences/:id/revocation 200']]);
    expect(await isSet(jwt, 'revocation')).toBe(true);
    expect(await onLedger(id)).toMatchObject({ licence: { revocation: { from: dayAfter(0), reason: 'Vi phạm', by: 'cuc-hoa-chat' } } });
    expect(mustBe(200, await revoke(id)).body).toMatchObject({ status: { revocation: true } });
    await world.restart();
    expect([world.issuer.parts.lists.due(), await world.issuer.finish(), await isSet(jwt, 'revocation')]).toEqual([[], 0, true]);
  });

  it('for a later day stands on the ledger at once, and shows when the ledger gives no right any more', async () => {
    const { id, jwt } = await issued(world, world.authority, licenceRequest('T/later'));
    const before = world.asked.length;
    for (let times = 0; times < 2; times++) expect(mustBe(200, await revoke(id, { from: dayAfter(3) })).body).toEqual({ credentialId: id, status: { revocation: false, suspension: false, refresh: false }, from: dayAfter(3) });
    expect([since(before), (await onLedger(id))['standing'], await isSet(jwt, 'revocation')]).toEqual([['/v1/licences/:id/revocation 200'], 'in-force', false]);
    expect(await onLedger(id)).toMatchObject({ licence: { revocation: { from: dayAfter(3) } } });
    for (const days of [0, 2]) {
      await onDay(days);
      expect([await world.issuer.finish(), await isSet(jwt, 'revocation'), await world.issuer.parts.rows.pending()]).toEqual([0, false, [id]]);
    }
    await onDay(3);
    expect([await world.issuer.finish(), await isSet(jwt, 'revocation'), await world.issuer.parts.rows.pending()]).toEqual([0, true, []]);
    await onDay(0);
    expect(await world.issuer.finish(), 'lists are dated right again').toBe(0);
    expect(mustBe(200, await world.get(`/credentials/${id}`, { authorization: `Bearer ${world.authority.key}` })).body).toMatchObject({ status: { revocation: true }, from: dayAfter(3) });
  });

  it('for a later day that the ledger refuses changes nothing, and can be asked for again', async () => {
    const { id, jwt } = await issued(world, world.authority, licenceRequest('T/later refused'));
    world.between = async (path, ask) => (path.endsWith('/revocation') ? { status: 422, body: { code: 'GRANT_REVOKED', fields: {} } } : ask());
    expect((await revoke(id, { from: dayAfter(3) })).body).toMatchObject({ status: 422, code: 'GRANT_REVOKED' });
    world.between = undefined;
    expect(await world.issuer.parts.rows.pending()).toEqual([]);
    expect(mustBe(200, await revoke(id)).body).toEqual({ credentialId: id, status: { revocation: true, suspension: false, refresh: false } });
    expect([await isSet(jwt, 'revocation'), (await onLedger(id))['standing']]).toEqual([true, 'revoked']);
  });

  it('that the ledger refuses changes nothing', async () => {
    const { id, jwt } = await issued(world, world.authority, licenceRequest('T/2'));
    world.between = async (path, ask) => (path.endsWith('/revocation') ? { status: 422, body: { code: 'GRANT_REVOKED', fields: {} } } : ask());
    expect((await revoke(id)).body).toMatchObject({ status: 422, code: 'GRANT_REVOKED' });
    world.between = undefined;
    expect([await world.issuer.parts.rows.pending(), world.issuer.parts.lists.due(), await isSet(jwt, 'revocation')]).toEqual([[], [], false]);
    await world.restart();
    expect(await isSet(jwt, 'revocation')).toBe(false);
    mustBe(200, await revoke(id));
    expect([await isSet(jwt, 'revocation'), (await onLedger(id))['standing']]).toEqual([true, 'revoked']);
  });

  it.each(['before', 'after'] as const)('whose answer is lost %s it was done is done once, and never shows undone between', async (when) => {
    const { id, jwt } = await issued(world, world.authority, licenceRequest(`T/lost ${when}`));
    let shown = false;
    world.between = async (path, ask) => {
      if (!path.endsWith('/revocation')) return ask();
      if (when === 'after') await ask();
      throw new Problem('LEDGER_UNREACHABLE', { reason: 'test' });
    };
    expect((await revoke(id)).body).toMatchObject({ status: 503, code: 'LEDGER_UNREACHABLE' });
    await world.restart();
    world.between = async (_, ask) => {
      const is = await isSet(jwt, 'revocation');
      expect([shown, is]).not.toEqual([true, false]);
      shown = is;
      return ask();
    };
    const restarted = world.asked.length;
    expect(await world.issuer.finish()).toBe(0);
    world.between = undefined;
    expect([await isSet(jwt, 'revocation'), (await onLedger(id))['standing'], await world.issuer.parts.rows.pending()]).toEqual([true, 'revoked', []]);
    expect(since(restarted)).toEqual(when === 'after' ? [] : ['/v1/licences/:id/revocation 200']);
  });

  it('of a licence that was revoked on the ledger without this program catches up', async () => {
    const { id, jwt } = await issued(world, world.authority, licenceRequest('T/3'));
    mustBe(200, await world.authority.post(`/v1/licences/${uuidOf(id)}/revocation`, { from: '2026-11-20', reason: 'Ngoài hệ thống' }));
    mustBe(200, await revoke(id));
    expect([await isSet(jwt, 'revocation'), (await onLedger(id))['licence']]).toMatchObject([true, { revocation: { reason: 'Ngoài hệ thống' } }]);
  });

  it('of several at once leaves each revoked', async () => {
    const made = await Promise.all(Array.from({ length: 5 }, async (_, n) => issued(world, world.authority, licenceRequest(`T/many ${n}`))));
    const shown = new Set<string>();
    world.between = async (_, ask) => {
      for (const { jwt } of made) {
        const is = await isSet(jwt, 'revocation');
        expect([shown.has(jwt), is]).not.toEqual([true, false]);
        if (is) shown.add(jwt);
      }
      return ask();
    };
    for (const answer of await Promise.all(made.map(async ({ id }) => revoke(id)))) mustBe(200, answer);
    for (const { jwt, id } of made) expect([await isSet(jwt, 'revocation'), (await onLedger(id))['standing']]).toEqual([true, 'revoked']);
  });
});

describe('suspension', () => {
  const suspend = async (id: string, status: boolean, more: object = {}): Promise<Answer> =>
    world.post(world.authority, '/credentials/status', { credentialId: id, credentialStatus: { type: 'BitstringStatusListEntry', statusPurpose: 'suspension' }, status, ...more });
  const standing = async (id: string): Promise<unknown> => (await onLedger(id))['standing'];

  it('is on the ledger with the list, in one transaction, and its end too', async () => {
    const { id, jwt } = await issued(world, world.authority, licenceRequest('DC/1'));
    const before = world.asked.length;
    expect(mustBe(200, await suspend(id, true, { reason: 'Thanh tra' })).body).toMatchObject({ status: { suspension: true, revocation: false } });
    expect([since(before), await isSet(jwt, 'suspension'), await standing(id)]).toEqual([['/v1/licences/:id/suspension 200'], true, 'suspended']);
    mustBe(200, await suspend(id, true));
    expect(since(before), 'the same again asks nobody').toHaveLength(1);
    const lifted = world.asked.length;
    expect(mustBe(200, await suspend(id, false)).body).toMatchObject({ status: { suspension: false } });
    expect([since(lifted), await isSet(jwt, 'suspension'), await standing(id)]).toEqual([['/v1/licences/:id/reinstatement 200'], false, 'in-force']);
    expect(await onLedger(id)).toMatchObject({ licence: { suspensions: [{ by: 'cuc-hoa-chat', reason: 'Thanh tra', lifted: { reason: 'Hết đình chỉ · reinstated' } }] } });
  });

  it.each([[true, 'before'], [true, 'after'], [false, 'before'], [false, 'after']] as const)('to %s, whose answer is lost %s it was done, is done once, and never shows undone between', async (status, when) => {
    const { id, jwt } = await issued(world, world.authority, licenceRequest(`DC/lost ${String(status)} ${when}`));
    if (!status) mustBe(200, await suspend(id, true));
    world.between = async (path, ask) => {
      if (!path.endsWith(status ? '/suspension' : '/reinstatement')) return ask();
      if (when === 'after') await ask();
      throw new Problem('LEDGER_UNREACHABLE', { reason: 'test' });
    };
    expect((await suspend(id, status)).body).toMatchObject({ status: 503, code: 'LEDGER_UNREACHABLE' });
    const isSuspended = when === 'after' ? status : !status;
    expect([await isSet(jwt, 'suspension'), await standing(id)]).toEqual([!status, isSuspended ? 'suspended' : 'in-force']);
    await world.restart();
    world.between = undefined;
    const restarted = world.asked.length;
    expect(await world.issuer.finish()).toBe(0);
    expect([await isSet(jwt, 'suspension'), await standing(id), await world.issuer.parts.rows.pending()]).toEqual([status, status ? 'suspended' : 'in-force', []]);
    expect(since(restarted)).toEqual(when === 'after' ? [] : [`/v1/licences/:id/${status ? 'suspension' : 'reinstatement'} 200`]);
  });

  it.each([true, false])('to %s, that the ledger refuses, changes nothing', async (status) => {
    const { id, jwt } = await issued(world, world.authority, licenceRequest(`DC/refused ${String(status)}`));
    if (!status) mustBe(200, await suspend(id, true));
    world.between = async (path, ask) => (path.endsWith('/suspension') || path.endsWith('/reinstatement') ? { status: 422, body: { code: 'GRANT_REVOKED', fields: {} } } : ask());
    expect((await suspend(id, status)).body).toMatchObject({ status: 422, code: 'GRANT_REVOKED' });
    world.between = undefined;
    expect([await world.issuer.parts.rows.pending(), world.issuer.parts.lists.due(), await isSet(jwt, 'suspension'), await standing(id)]).toEqual([[], [], !status, status ? 'in-force' : 'suspended']);
    mustBe(200, await suspend(id, status));
    expect([await isSet(jwt, 'suspension'), await standing(id)]).toEqual([status, status ? 'suspended' : 'in-force']);
  });

  it.each([true, false])('to %s, from a day that is stated, is refused: it is from now on', async (status) => {
    const { id } = await issued(world, world.authority, licenceRequest(`DC/day ${String(status)}`));
    expect((await suspend(id, status, { from: dayAfter(1) })).body).toMatchObject({ status: 400, code: 'FIELD_WRONG_VALUE', field: 'from' });
    expect(await standing(id)).toBe('in-force');
  });

  it('that was made on the ledger without this program catches up', async () => {
    const { id, jwt } = await issued(world, world.authority, licenceRequest('DC/2'));
    mustBe(200, await world.authority.post(`/v1/licences/${uuidOf(id)}/suspension`, { reason: 'Ngoài hệ thống' }));
    mustBe(200, await suspend(id, true));
    expect([await isSet(jwt, 'suspension'), await standing(id)]).toEqual([true, 'suspended']);
    mustBe(200, await world.authority.post(`/v1/licences/${uuidOf(id)}/reinstatement`, { reason: 'Ngoài hệ thống' }));
    mustBe(200, await suspend(id, false));
    expect([await isSet(jwt, 'suspension'), await standing(id)]).toEqual([false, 'in-force']);
  });

  it('leaves the licence to be revoked, and to be replaced', async () => {
    const [first, second] = [await issued(world, world.authority, licenceRequest('DC/3')), await issued(world, world.authority, licenceRequest('DC/4'))];
    for (const { id } of [first, second]) mustBe(200, await suspend(id, true));
    mustBe(200, await revoke(first.id));
    expect([await standing(first.id), (await suspend(first.id, false)).body]).toMatchObject(['revoked', { status: 409, code: 'CREDENTIAL_REVOKED_ALREADY' }]);
    await issued(world, world.authority, licenceRequest('DC/5', { replaces: { number: 'DC/4', credential: second.id } }));
    expect(await standing(second.id)).toBe('revoked');
  });

  it('of a diploma is no matter of a licence', async () => {
    const { id } = await issued(world, world.university, diplomaRequest('DC 6'));
    const before = world.asked.length;
    mustBe(200, await world.post(world.university, '/credentials/status', { credentialId: id, credentialStatus: { type: 'BitstringStatusListEntry', statusPurpose: 'suspension' }, status: true }));
    expect(since(before)).toEqual(['/v1/trust/status-lists 200']);
  });
});

describe('a new licence in place of another', () => {
  const replacing = (number: string, credential: string): Json => licenceRequest(number, { replaces: { number: 'old', credential } });

  it('takes the force of the old one in the transaction that brings the new, and links them', async () => {
    const old = await issued(world, world.authority, licenceRequest('R/1'));
    const before = world.asked.length;
    const next = await issued(world, world.authority, replacing('R/2', old.id));
    expect(since(before)).toEqual(['/v1/licences 201', '/v1/trust/status-lists 200']);
    expect([(await onLedger(old.id))['standing'], (await onLedger(next.id))['standing']]).toEqual(['revoked', 'in-force']);
    expect([await isSet(old.jwt, 'refresh'), await isSet(old.jwt, 'revocation'), await isSet(next.jwt, 'refresh')]).toEqual([true, false, false]);
    expect(mustBe(200, await world.get(`/public/credentials/${old.publicId}`)).body).toMatchObject({ supersededBy: next.publicId });
    expect(mustBe(200, await world.get(`/public/credentials/${next.publicId}`)).body).not.toHaveProperty('supersededBy');
    expect((payloadOf(next.jwt) as Json)['sub']).toBe((payloadOf(old.jwt) as Json)['sub']);
  });

  it('that begins on a later day leaves the old one in force until then, on the ledger and in the list', async () => {
    const old = await issued(world, world.authority, licenceRequest('R/later old'));
    const body = replacing('R/later new', old.id);
    const next = await issued(world, world.authority, { credential: { ...body['credential'] as Json, issuanceDate: `${dayAfter(3)}T00:00:00+07:00` } });
    const shown = async (): Promise<unknown> => [await isSet(old.jwt, 'refresh'), 'supersededBy' in mustBe(200, await world.get(`/public/credentials/${old.publicId}`)).body];
    expect([(await onLedger(old.id))['standing'], (await onLedger(next.id))['standing'], await shown()]).toEqual(['in-force', 'not-yet', [false, false]]);
    expect((await world.post(world.authority, '/credentials/issue', replacing('R/later other', old.id))).body).toMatchObject({ code: 'CREDENTIAL_SUPERSEDED_ALREADY' });
    await onDay(2);
    expect([await world.issuer.finish(), await shown()]).toEqual([0, [false, false]]);
    await onDay(3);
    expect([await world.issuer.finish(), await shown(), await world.issuer.parts.rows.pending()]).toEqual([0, [true, true], []]);
    await onDay(0);
    expect(await world.issuer.finish(), 'lists are dated right again').toBe(0);
  });

  it('can be given once only, by the same issuer, of the same type, and not for one that was revoked', async () => {
    const old = await issued(world, world.authority, licenceRequest('R/3'));
    await issued(world, world.authority, replacing('R/4', old.id));
    expect((await world.post(world.authority, '/credentials/issue', replacing('R/5', old.id))).body).toMatchObject({ status: 409, code: 'CREDENTIAL_SUPERSEDED_ALREADY', fields: { credential: old.id } });
    const gone = await issued(world, world.authority, licenceRequest('R/6'));
    mustBe(200, await revoke(gone.id));
    expect((await world.post(world.authority, '/credentials/issue', replacing('R/7', gone.id))).body).toMatchObject({ status: 409, code: 'CREDENTIAL_REVOKED_ALREADY' });
    const other = { ...replacing('R/8', old.id), options: { supersedes: gone.id } };
    expect((await world.post(world.authority, '/credentials/issue', other)).body).toMatchObject({ status: 422, code: 'CREDENTIAL_REPLACES_OTHER', field: 'options.supersedes' });
  });

  it('ten at once for one old licence: one is given', async () => {
    const old = await issued(world, world.authority, licenceRequest('R/9'));
    const answers = await Promise.all(Array.from({ length: 10 }, async (_, n) => world.post(world.authority, '/credentials/issue', replacing(`R/9-${n}`, old.id))));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array.from({ length: 9 }, () => 409)]);
  });

  it('that the ledger refuses leaves the old one as it was, free to be replaced', async () => {
    const old = await issued(world, world.authority, licenceRequest('R/10'));
    world.between = async (path, ask) => (path === '/v1/licences' ? { status: 422, body: { code: 'GRANT_EXPIRED', fields: {} } } : ask());
    expect((await world.post(world.authority, '/credentials/issue', replacing('R/11', old.id))).body).toMatchObject({ status: 422, code: 'GRANT_EXPIRED' });
    world.between = undefined;
    expect([await isSet(old.jwt, 'refresh'), (await onLedger(old.id))['standing']]).toEqual([false, 'in-force']);
    await issued(world, world.authority, replacing('R/11', old.id));
  });

  it('cut short after the ledger took it is finished: the old one shows that it is superseded', async () => {
    const old = await issued(world, world.authority, licenceRequest('R/12'));
    world.between = async (path, ask) => {
      if (path === '/v1/trust/status-lists') throw new Problem('LEDGER_UNREACHABLE', { reason: 'test' });
      return ask();
    };
    expect((await world.post(world.authority, '/credentials/issue', replacing('R/13', old.id))).status).toBe(202);
    await world.restart();
    world.between = undefined;
    expect(await world.issuer.finish()).toBe(0);
    expect(await isSet(old.jwt, 'refresh')).toBe(true);
    expect((await issued(world, world.authority, replacing('R/13', old.id))).jwt).toContain('.');
  });

  it('also where the old one was revoked on the ledger without this program', async () => {
    const old = await issued(world, world.authority, licenceRequest('R/14'));
    mustBe(200, await world.authority.post(`/v1/licences/${uuidOf(old.id)}/revocation`, { from: '2026-11-20', reason: 'Ngoài hệ thống' }));
    const next = await issued(world, world.authority, replacing('R/15', old.id));
    expect([await isSet(old.jwt, 'refresh'), (await onLedger(next.id))['standing']]).toEqual([true, 'in-force']);
  });
});
