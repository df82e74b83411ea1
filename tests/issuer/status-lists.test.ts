import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LIST_BITS } from '#domain/credential/status-list.js';
import { trustSnapshot } from '#domain/trust/snapshot.js';
import { Problem } from '#domain/errors.js';
import { systemChance } from '../../issuer/random-names.js';
import { ListSets } from '../../issuer/status/list-sets.js';
import { mustBe, type Answer } from '../gateway/app/running-gateway.js';
import { AUTHORITY, diplomaRequest, issued, issuerWorld, payloadOf, UNIVERSITY, type IssuerWorld } from './issuer-world.js';
import { readList, type ReadList } from './list-reader.js';
import { temporaryStore } from './temporary-store.js';

let world: IssuerWorld;
beforeAll(async () => {
  world = await issuerWorld();
});
afterAll(async () => world.remove());

interface Entry {
  readonly list: string;
  readonly index: number;
}

function entryOf(jwt: string, purpose: string): Entry {
  const entries = (payloadOf(jwt)['vc'] as Record<string, unknown>)['credentialStatus'] as Record<string, string>[];
  const entry = entries.find((one) => one['statusPurpose'] === purpose);
  return { list: entry?.['statusListCredential'] ?? '', index: Number(entry?.['statusListIndex']) };
}

const pathOf = (url: string): string => new URL(url).pathname;

async function listAt(url: string): Promise<ReadList> {
  const answer = mustBe(200, await world.get(pathOf(url)));
  expect(answer.headers['content-type']).toBe('application/vc+jwt');
  return readList(answer.text, mustBe(200, await world.get('/dai-hoc-vi-du/did.json')).body);
}

async function change(id: string, statusPurpose: string, status: boolean, more: object = {}): Promise<Answer> {
  return world.post(world.university, '/credentials/status', { credentialId: id, credentialStatus: { type: 'BitstringStatusListEntry', statusPurpose }, status, ...more });
}

describe('a list', () => {
  it('is read by a reader that has nothing of the issuer, bit by bit', async () => {
    const made = await Promise.all(Array.from({ length: 12 }, async (_, n) => issued(world, world.university, diplomaRequest(`A ${n}`))));
    const revoked = made.filter((_, n) => n % 3 === 0);
    for (const { id } of revoked) mustBe(200, await change(id, 'revocation', true));
    const list = await listAt(entryOf(made[0]?.jwt ?? '', 'revocation').list);
    const expected = Buffer.alloc(LIST_BITS / 8);
    for (const { jwt } of revoked) expected[entryOf(jwt, 'revocation').index >> 3]! |= 128 >> (entryOf(jwt, 'revocation').index & 7);
    expect(list.bits.equals(expected)).toBe(true);
    expect(made.map(({ jwt }) => list.isSet(entryOf(jwt, 'revocation').index))).toEqual(made.map((_, n) => n % 3 === 0));
    expect(list).toMatchObject({ issuer: UNIVERSITY, purpose: 'revocation', id: entryOf(made[0]?.jwt ?? '', 'revocation').list, ttl: 300_000 });
  });

  it('says for how long it is good, in the same seconds in both of its forms', async () => {
    const { jwt } = await issued(world, world.university, diplomaRequest('A time'));
    const { text } = await world.get(pathOf(entryOf(jwt, 'refresh').list));
    const { validFrom, validUntil, iat, exp, iss, issuer } = payloadOf(text) as Record<string, string>;
    expect([Date.parse(validFrom ?? '') / 1000, Date.parse(validUntil ?? '') / 1000, iss]).toEqual([iat, exp, issuer]);
    expect(Number(exp) - Number(iat)).toBe(4 * 6 * 3600);
  });

  it('that nobody knows is not there', async () => {
    expect((await world.get('/status/nothing-revocation')).body).toMatchObject({ status: 404, code: 'STATUS_LIST_UNKNOWN' });
  });

  it('is cached by its tag, briefly, by anybody\'s page', async () => {
    const { jwt } = await issued(world, world.university, diplomaRequest('A tag'));
    const path = pathOf(entryOf(jwt, 'suspension').list);
    const first = await world.get(path);
    expect(first.headers).toMatchObject({ 'cache-control': 'public, max-age=30', 'access-control-allow-origin': '*' });
    const etag = String(first.headers['etag']);
    expect(etag).toBe(`"${createHash('sha256').update(first.text).digest('hex').slice(0, 32)}"`);
    for (const tag of [etag, `W/${etag}`, `"other", ${etag}`]) expect(await world.get(path, { 'if-none-match': tag })).toMatchObject({ status: 304, text: '' });
    expect((await world.get(path, { 'if-none-match': '"other"' })).status).toBe(200);
  });
});

describe('versions', () => {
  it('stand on the ledger with their hash before they are served, and only increase', async () => {
    const { id, jwt } = await issued(world, world.university, diplomaRequest('V 1'));
    const { list: url, index } = entryOf(jwt, 'revocation');
    const before = await listAt(url);
    const servedMeanwhile: boolean[] = [];
    world.between = async (path, ask) => {
      if (path === '/v1/trust/status-lists') servedMeanwhile.push((await listAt(url)).isSet(index));
      const answer = await ask();
      if (path === '/v1/trust/status-lists') servedMeanwhile.push((await listAt(url)).isSet(index));
      return answer;
    };
    mustBe(200, await change(id, 'revocation', true));
    world.between = undefined;
    expect(servedMeanwhile).toEqual([false, false]);
    const { text } = await world.get(pathOf(url));
    const after = await listAt(url);
    expect([after.isSet(index), after.version]).toEqual([true, before.version + 1]);
    const { lists } = trustSnapshot((await world.gateway.call({ url: '/public/trust' })).body);
    const anchored = lists.find(({ list }) => url.endsWith(list));
    expect(anchored).toMatchObject({ did: UNIVERSITY, purpose: 'revocation', version: after.version, hash: createHash('sha256').update(text).digest('hex') });
  });

  it('changed many at a time are few', async () => {
    const made = await Promise.all(Array.from({ length: 20 }, async (_, n) => issued(world, world.university, diplomaRequest(`V many ${n}`))));
    const url = entryOf(made[0]?.jwt ?? '', 'suspension').list;
    const before = await listAt(url);
    for (const answer of await Promise.all(made.map(async ({ id }) => change(id, 'suspension', true)))) mustBe(200, answer);
    const after = await listAt(url);
    expect(made.every(({ jwt }) => after.isSet(entryOf(jwt, 'suspension').index))).toBe(true);
    expect(after.version - before.version).toBeLessThan(6);
  });

  it('that were cut short are finished with the same bytes after a restart', async () => {
    const { id, jwt } = await issued(world, world.university, diplomaRequest('V cut'));
    const url = entryOf(jwt, 'revocation').list;
    const before = await listAt(url);
    const anchored: unknown[] = [];
    world.between = async (path, ask) => {
      if (path !== '/v1/trust/status-lists') return ask();
      throw new Problem('LEDGER_UNREACHABLE', { reason: 'test' });
    };
    expect((await change(id, 'revocation', true)).body).toMatchObject({ status: 503, code: 'LEDGER_UNREACHABLE' });
    expect((await listAt(url)).version).toBe(before.version);
    const draft = await world.issuer.parts.store.json(`list-draft/${url.split('/').at(-1) ?? ''}`) as { jwt: string; version: number };
    await world.restart();
    world.between = async (path, ask) => {
      const answer = await ask();
      if (path === '/v1/trust/status-lists') anchored.push(answer.status);
      return answer;
    };
    expect(await world.issuer.finish()).toBe(0);
    world.between = undefined;
    expect((await world.get(pathOf(url))).text).toBe(draft.jwt);
    expect([anchored, (await listAt(url)).version]).toEqual([[200], before.version + 1]);
    mustBe(200, await change(id, 'revocation', true));
    expect((await listAt(url)).version).toBe(before.version + 1);
  });

  it('of a backup that was put back go above those on the ledger', async () => {
    const { id, jwt } = await issued(world, world.university, diplomaRequest('V backup'));
    const url = entryOf(jwt, 'suspension').list;
    const backup = await mkdtemp(join(tmpdir(), 'minhchung-backup-'));
    await world.whileStopped(async () => cp(world.folder, backup, { recursive: true }));
    for (const status of [true, false, true, false]) mustBe(200, await change(id, 'suspension', status));
    const newest = await listAt(url);
    await world.whileStopped(async () => {
      await rm(world.folder, { recursive: true });
      await cp(backup, world.folder, { recursive: true });
    });
    expect((await listAt(url)).version).toBeLessThan(newest.version);
    mustBe(200, await change(id, 'suspension', true));
    const after = await listAt(url);
    expect([after.version > newest.version, after.isSet(entryOf(jwt, 'suspension').index)]).toEqual([true, true]);
    await rm(backup, { recursive: true });
  });

  it('are signed anew before they run out, although nothing changed', async () => {
    const { jwt } = await issued(world, world.university, diplomaRequest('V old'));
    const url = entryOf(jwt, 'revocation').list;
    const before = await listAt(url);
    world.ledgerAhead = 6 * 3_600_000 + 1_000;
    await world.restart({ now: () => Date.now() + world.ledgerAhead });
    expect(world.issuer.parts.lists.due()).toContain(url.split('/').at(-1));
    expect(await world.issuer.finish()).toBe(0);
    const after = await listAt(url);
    expect([after.version, after.bits.equals(before.bits), after.validFrom > before.validFrom]).toEqual([before.version + 1, true, true]);
    expect(world.issuer.parts.lists.due()).toEqual([]);
    world.ledgerAhead = 0;
    await world.restart();
  });

  it('are not signed by a clock that is wrong, and those that one has signed are signed anew at once', async () => {
    const { id, jwt } = await issued(world, world.university, diplomaRequest('V clock'));
    const url = entryOf(jwt, 'revocation').list;
    const before = await listAt(url);
    const ahead = 90 * 86_400_000;
    await world.restart({ now: () => Date.now() + ahead });
    const due = world.issuer.parts.lists.due();
    expect([due.includes(url.split('/').at(-1) ?? ''), await world.issuer.finish(), (await listAt(url)).version]).toEqual([true, due.length, before.version]);
    expect((await change(id, 'revocation', true)).body).toMatchObject({ status: 503, code: 'CLOCK_DIFFERS_FROM_LEDGER' });
    // As if the ledger had been wrong with it.
    world.ledgerAhead = ahead;
    await world.restart({ now: () => Date.now() + ahead });
    expect([await world.issuer.finish(), Date.parse((await listAt(url)).validFrom) > Date.now() + 86_400_000]).toEqual([0, true]);
    world.ledgerAhead = 0;
    await world.restart();
    expect(world.issuer.parts.lists.due()).toContain(url.split('/').at(-1));
    expect([await world.issuer.finish(), world.issuer.parts.lists.due()]).toEqual([0, []]);
    const after = await listAt(url);
    expect([Date.parse(after.validFrom) <= Date.now(), after.version > before.version + 1, after.isSet(entryOf(jwt, 'revocation').index)]).toEqual([true, true, true]);
  });
});

describe('a status', () => {
  it.each([
    ['is not undone', async (id: string) => change(id, 'revocation', false), 422, 'STATUS_IS_FINAL'],
    ['is not suspended any more', async (id: string) => change(id, 'suspension', true), 409, 'CREDENTIAL_REVOKED_ALREADY'],
    ['is not superseded by hand', async (id: string) => change(id, 'refresh', true), 422, 'STATUS_PURPOSE_UNKNOWN'],
    ['is not told anything else', async (id: string) => change(id, 'message', true), 422, 'STATUS_PURPOSE_UNKNOWN'],
  ] as const)('that is revoked %s', async (title, wanted, status, code) => {
    const { id, jwt } = await issued(world, world.university, diplomaRequest(`S ${title}`));
    mustBe(200, await change(id, 'revocation', true));
    expect((await wanted(id)).body).toMatchObject({ status, code });
    const list = await listAt(entryOf(jwt, 'revocation').list);
    expect(list.isSet(entryOf(jwt, 'revocation').index)).toBe(true);
  });

  it.each([
    ['of nobody', { credentialId: 'urn:uuid:0c9f6f6e-5a0b-4c5e-9d8e-2f6a3f1b7c4d' }, 404, 'CREDENTIAL_UNKNOWN'],
    ['without an id', { credentialId: undefined }, 400, 'FIELD_MISSING'],
    ['that is no truth value', { status: 'true' }, 400, 'FIELD_WRONG_TYPE'],
    ['with an unknown member', { until: '2027-01-01' }, 400, 'FIELD_UNKNOWN'],
    ['of another entry', { credentialStatus: { type: 'BitstringStatusListEntry', statusPurpose: 'revocation', statusListIndex: '999999' } }, 400, 'FIELD_WRONG_VALUE'],
    ['of another list', { credentialStatus: { type: 'BitstringStatusListEntry', statusPurpose: 'revocation', statusListCredential: 'http://localhost:8082/status/x' } }, 400, 'FIELD_WRONG_VALUE'],
    ['of a diploma with a day', { from: '2026-01-01' }, 400, 'FIELD_WRONG_VALUE'],
    ['of another kind', { credentialStatus: { type: 'StatusList2021Entry', statusPurpose: 'revocation' } }, 400, 'FIELD_WRONG_VALUE'],
  ] as const)('%s is refused', async (title, more, status, code) => {
    const { id } = await issued(world, world.university, diplomaRequest(`S2 ${title}`));
    expect((await change(id, 'revocation', true, more)).body).toMatchObject({ status, code });
    expect(await world.issuer.parts.rows.known(id)).toMatchObject({ wanted: {}, log: [] });
  });

  it('of another organisation\'s credential is not changed', async () => {
    const { id } = await issued(world, world.university, diplomaRequest('S other'));
    const answer = await world.post(world.authority, '/credentials/status', { credentialId: id, credentialStatus: { type: 'BitstringStatusListEntry', statusPurpose: 'revocation' }, status: true });
    expect(answer.body).toMatchObject({ status: 403, code: 'DID_NOT_HELD' });
    const { wanted, log } = await world.issuer.parts.rows.known(id);
    expect([wanted, log, await world.issuer.parts.rows.pending(), await world.issuer.parts.standing.keyOf(UNIVERSITY)]).toEqual([{}, [], [], world.university.key]);
  });

  it('with its entry named is changed', async () => {
    const { id, jwt } = await issued(world, world.university, diplomaRequest('S entry'));
    const { list, index } = entryOf(jwt, 'suspension');
    const credentialStatus = { id: `${list}#${index}`, type: 'BitstringStatusListEntry', statusPurpose: 'suspension', statusListIndex: String(index), statusListCredential: list };
    expect(mustBe(200, await change(id, 'suspension', true, { credentialStatus, reason: 'Quyết định 5' })).body).toEqual({ credentialId: id, status: { revocation: false, suspension: true, refresh: false } });
    expect(mustBe(200, await change(id, 'suspension', false)).body).toMatchObject({ status: { suspension: false } });
  });

  it('in any history of changes: revoked stays revoked, and what is served is what was answered', async () => {
    const step = fc.record({ purpose: fc.constantFrom('revocation', 'suspension'), status: fc.boolean() });
    let run = 0;
    await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), async (history) => {
      const { id, jwt } = await issued(world, world.university, diplomaRequest(`H ${Date.now()} ${run++}`));
      const model = { revocation: false, suspension: false };
      for (const { purpose, status } of history) {
        const answer = await change(id, purpose, status);
        const refused = (model.revocation && (purpose === 'suspension' ? status !== model.suspension : !status));
        expect(answer.status).toBe(refused ? (purpose === 'revocation' ? 422 : 409) : 200);
        if (!refused) model[purpose] = status;
        const shown = { revocation: (await listAt(entryOf(jwt, 'revocation').list)).isSet(entryOf(jwt, 'revocation').index), suspension: (await listAt(entryOf(jwt, 'suspension').list)).isSet(entryOf(jwt, 'suspension').index) };
        expect(shown).toEqual(model);
      }
    }), { numRuns: 12 });
  });
});

describe('indices', () => {
  it('are drawn at random over the whole list, each once, also after a restart', async () => {
    const files = await temporaryStore();
    let sets = await ListSets.open(files.store, systemChance, 100_000);
    const seen = new Set<number>();
    for (let drawn = 0; drawn < 4_000; drawn++) {
      if (drawn === 2_000) sets = await ListSets.open(await files.reopen(), systemChance, 100_000);
      await sets.withRoom(UNIVERSITY);
      const slot = sets.draw(UNIVERSITY);
      if (slot === undefined) throw new Error('no room');
      await files.store.write([sets.claiming(slot, `credential ${drawn}`)]);
      seen.add(slot.index);
    }
    expect(seen.size).toBe(4_000);
    const order = [...seen];
    const rising = order.filter((index, at) => at > 0 && index > (order[at - 1] ?? 0)).length;
    expect(Math.abs(rising - 2_000)).toBeLessThan(250); // half of them, as in any random order; 250 are more than ten standard deviations
    const eighths = Array.from({ length: 8 }, (_, eighth) => order.filter((index) => Math.floor(index / (LIST_BITS / 8)) === eighth).length);
    for (const count of eighths) expect(Math.abs(count - 500)).toBeLessThan(150);
    await files.remove();
  });

  it('that were drawn and not written down are free after a restart, those written down never', async () => {
    const files = await temporaryStore();
    const always = { ...systemChance, below: () => 7 };
    const sets = await ListSets.open(files.store, always, 10);
    await sets.withRoom(UNIVERSITY);
    const slot = sets.draw(UNIVERSITY);
    expect(slot).toMatchObject({ index: 7 });
    const after = await ListSets.open(await files.reopen(), always, 10);
    expect(after.draw(UNIVERSITY)).toEqual(slot);
    await files.store.write([after.claiming(slot!, 'credential')]);
    let asked = 0;
    const last = await ListSets.open(await files.reopen(), { ...always, below: () => (asked++ === 0 ? 7 : 8) }, 10);
    expect(last.draw(UNIVERSITY)).toMatchObject({ index: 8 });
    await files.remove();
  });

  it('given back are free again', async () => {
    const files = await temporaryStore();
    const sets = await ListSets.open(files.store, systemChance, 1);
    await sets.withRoom(UNIVERSITY);
    const slot = sets.draw(UNIVERSITY);
    expect([slot === undefined, sets.draw(UNIVERSITY)]).toEqual([false, undefined]);
    sets.release(slot!);
    expect(sets.draw(UNIVERSITY)).toMatchObject({ set: slot?.set });
    await files.remove();
  });

  it('of a run are its own after a restart, in their order; given back, they are free again, and only they', async () => {
    const files = await temporaryStore();
    const sets = await ListSets.open(files.store, systemChance, 3);
    await sets.withRoom(UNIVERSITY);
    const slots = Array.from({ length: 3 }, () => sets.draw(UNIVERSITY)!);
    await files.store.write([sets.claimingRun(slots.slice(0, 2), 'kept'), sets.claimingRun(slots.slice(2), 'unused')]);
    const again = slots.map(({ index }) => index);
    const after = await ListSets.open(await files.reopen(), { ...systemChance, below: () => again.shift() ?? 0 }, 3);
    expect([await after.run('kept'), await after.run('unused'), after.draw(UNIVERSITY)]).toEqual([slots.slice(0, 2), slots.slice(2), undefined]);
    for (let n = 0; n < 2; n++) await after.giveBack('unused');
    expect([await after.run('kept'), await after.run('unused')]).toEqual([slots.slice(0, 2), []]);
    expect([after.draw(UNIVERSITY), after.draw(UNIVERSITY)]).toEqual([slots[2], undefined]);
    await files.remove();
  });

  it('of requests that fail are given back', async () => {
    const small = await issuerWorld({ env: { ISSUER_LIST_CAPACITY: '1' } });
    const late = diplomaRequest('G 1');
    const past = { credential: { ...late['credential'] as object, issuanceDate: '2020-01-01T00:00:00Z' } };
    for (let n = 0; n < 3; n++) expect((await small.post(small.university, '/credentials/issue', past)).body).toMatchObject({ code: 'FIELD_WRONG_VALUE' });
    await issued(small, small.university, late);
    expect(small.issuer.parts.sets.list(UNIVERSITY)).toHaveLength(1);
    await small.remove();
  });

  it('fill one set, then the next; each issuer has its own', async () => {
    const files = await temporaryStore();
    const sets = await ListSets.open(files.store, systemChance, 3);
    const drawn: string[] = [];
    for (let n = 0; n < 7; n++) {
      await sets.withRoom(UNIVERSITY);
      drawn.push(sets.draw(UNIVERSITY)?.set ?? '');
    }
    expect([new Set(drawn).size, new Set(drawn.slice(0, 3)).size, sets.draw(AUTHORITY)]).toEqual([3, 1, undefined]);
    await sets.withRoom(AUTHORITY);
    expect(drawn).not.toContain(sets.draw(AUTHORITY)?.set);
    await files.remove();
  });

  it('in lists that are full lead to new lists, published before they are used', async () => {
    const small = await issuerWorld({ env: { ISSUER_LIST_CAPACITY: '4' } });
    const made = await Promise.all(Array.from({ length: 10 }, async (_, n) => issued(small, small.university, diplomaRequest(`F ${n}`))));
    const lists = new Set(made.map(({ jwt }) => entryOf(jwt, 'revocation').list));
    expect(lists.size).toBeGreaterThanOrEqual(3);
    for (const url of lists) expect((await small.get(pathOf(url))).status).toBe(200);
    expect(new Set(made.map(({ jwt }) => JSON.stringify(entryOf(jwt, 'revocation')))).size).toBe(10);
    await small.remove();
  });
});
