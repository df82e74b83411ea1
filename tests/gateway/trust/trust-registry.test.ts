/** The snapshot over a real copy for reading, fed with blocks made here. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { licenceKey, type LicenceNote, type LicenceRecord } from '#domain/chemistry/licence.js';
import { Problem } from '#domain/errors.js';
import { instantOf, parseDay } from '#domain/instant.js';
import type { OrganisationId, OrganisationRecord } from '#domain/registry/organisation.js';
import type { LedgerRecord } from '#domain/records.js';
import { parseDid } from '#domain/trust/did.js';
import { credentialRevocationKey, didKey, didKeyKey, grantKey, statusListKey } from '#domain/trust/keys.js';
import { trustSnapshot } from '#domain/trust/snapshot.js';
import { organisationKey } from '#domain/registry/keys.js';
import { deferred } from '../../../gateway/ledger/deferred.js';
import { openReadModel, type ReadModel } from '../../../gateway/read-model/read-model.js';
import { recordIndexer } from '../../../gateway/trace/record-index.js';
import { RecordReader } from '../../../gateway/trace/record-reader.js';
import { TrustRegistry, type TrustRegistryOptions } from '../../../gateway/trust/trust-registry.js';
import { CHAIN, DIDS, MINISTRY, UNIVERSITY, day, didOf, keyOf, rootGrant } from '../../support/trust-records.js';
import { BlockChain, NAMESPACE } from '../ledger/fabric-blocks.js';
import { ManualClock } from '../manual-clock.js';
import { ChainLedger } from '../read-model/chain-ledger.js';

const START = 1_800_000_000_000;
let dir = '';
let model: ReadModel;
let ledger: ChainLedger;
let clock: ManualClock;
let records: RecordReader;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'trust-registry-'));
  clock = new ManualClock(START);
  ledger = new ChainLedger(new BlockChain());
  model = await openReadModel({ dir, ledger, namespace: NAMESPACE, indexer: recordIndexer, clock, probeMs: 1 });
  await model.caughtUp();
  records = new RecordReader(model);
});
afterEach(async () => {
  await model.close();
  await rm(dir, { recursive: true, force: true });
});

const organisation = (id: string): [string, LedgerRecord] => [organisationKey(id as OrganisationId), { kind: 'organisation', id, type: 'authority', name: `Tổ chức ${id}`, address: 'x', province: '01', registeredAt: day(1) } as OrganisationRecord];
const ORGANISATIONS = ['so-dang-ky', 'bo', 'so', 'dai-hoc'].map(organisation);

/** One block with these records, projected. */
async function write(...rows: readonly (readonly [string, LedgerRecord])[]): Promise<void> {
  const block = ledger.chain.blocks.length;
  ledger.chain.add([{ time: clock.now(), writes: rows.map(([key, record]) => ({ key, value: JSON.stringify(record) })) }]);
  ledger.wake();
  await model.waitFor(BigInt(block));
}

const registry = (options: Partial<TrustRegistryOptions> = {}): TrustRegistry => new TrustRegistry({ records, clock, ...options });

describe('the snapshot', () => {
  it('holds every record by its key, and the organisations they name, in one order whatever came first', async () => {
    const list = { kind: 'status-list', did: UNIVERSITY, list: 'l', purpose: 'refresh', version: 1, hash: 'a'.repeat(64), publishedAt: day(2) } as const;
    const revocation = { kind: 'credential-revocation', did: MINISTRY, issuer: UNIVERSITY, credential: 'b'.repeat(64), credentialType: 'DiplomaCredential', scope: { provinces: ['48'] }, decision: '1/QĐ', revokedAt: day(3) } as const;
    const rows: [string, LedgerRecord][] = [
      ...ORGANISATIONS, organisation('nobody'), [credentialRevocationKey(MINISTRY, UNIVERSITY, revocation.credential), revocation], [statusListKey(UNIVERSITY, 'l'), list], [didKeyKey(UNIVERSITY, 'k2'), keyOf(UNIVERSITY, 'k2')], [didKeyKey(UNIVERSITY, 'k1'), keyOf(UNIVERSITY, 'k1')],
      ...CHAIN.toReversed().map((grant): [string, LedgerRecord] => [grantKey(grant.id), grant]), ...DIDS.map((did): [string, LedgerRecord] => [didKey(did.did), did]),
      ['grant-of/x/y/z/g1', { kind: 'grant-of' }], ['credential-commitment/x', { kind: 'credential-commitment', root: 'x', did: UNIVERSITY, count: 1, committedAt: day(2) }],
    ];
    for (const row of rows) await write(row);
    const { snapshot, text } = await registry().published();
    expect(snapshot.dids.map(({ did }) => did)).toEqual(DIDS.map(({ did }) => did).sort());
    expect([snapshot.keys.map(({ keyId }) => keyId), snapshot.grants.map(({ id }) => id), snapshot.lists, snapshot.revocations]).toEqual([['k1', 'k2'], ['g1', 'g2', 'g3'], [list], [revocation]]);
    expect(snapshot.organisations).toEqual(['bo', 'dai-hoc', 'so', 'so-dang-ky'].map((id) => ({ id, name: `Tổ chức ${id}`, type: 'authority' })));
    expect(snapshot.height).toBe(String(ledger.chain.blocks.length));
    expect(trustSnapshot(JSON.parse(text))).toEqual(snapshot);
  });

  it('is the same object until a record of it changes; other blocks do not matter', async () => {
    await write(...ORGANISATIONS, [didKey(MINISTRY), didOf(MINISTRY)]);
    const one = registry();
    const first = await one.published();
    expect(await one.published()).toBe(first);
    await write(['credential-commitment/x', { kind: 'credential-commitment', root: 'x', did: UNIVERSITY, count: 1, committedAt: day(2) }]);
    expect(await one.published()).toBe(first);
    await write([didKey(UNIVERSITY), didOf(UNIVERSITY)]);
    const second = await one.published();
    expect([second.snapshot.dids.length, second.etag === first.etag]).toEqual([2, false]);
    await write([didKey(MINISTRY), didOf(MINISTRY, { withdrawn: { at: day(9), effect: 'from-now', reason: 'x' } })]);
    expect((await one.published()).snapshot.dids.find(({ did }) => did === MINISTRY)?.withdrawn?.at).toBe(day(9));
  });

  it('holds what the register of licences says against those that are credentials, as long as it says so', async () => {
    const licence = (change: Partial<LicenceRecord> = {}): LicenceRecord => ({
      kind: 'licence', id: 'GP-1', number: '1/GP', holder: 'x' as OrganisationId, validFrom: parseDay('2026-01-01'), validTo: parseDay('2031-12-31'), lines: [],
      authority: 'bo' as OrganisationId, recordedAt: day(2), credential: { did: MINISTRY, root: 'c'.repeat(64) }, ...change,
    });
    const said = (by: number): LicenceNote => ({ at: day(by), by: 'bo' as OrganisationId, reason: 'không ai cần biết' });
    const one = registry();
    const after = async (record: LicenceRecord): Promise<unknown> => {
      await write([licenceKey(record.id), record]);
      return (await one.published()).snapshot.licences;
    };
    const ending = { licence: 'GP-1', number: '1/GP', did: MINISTRY, root: 'c'.repeat(64) };
    await write(...ORGANISATIONS);
    const first = await one.published();
    expect([await after(licence()), await one.published() === first]).toEqual([[], true]);
    expect(await after(licence({ suspensions: [said(3)] }))).toEqual([{ ...ending, suspension: { at: day(3), by: 'bo' } }]);
    expect(await after(licence({ suspensions: [{ ...said(3), lifted: said(4) }] }))).toEqual([]);
    const revocation = { ...said(5), from: parseDay('2027-01-01'), replacedBy: 'GP-2' };
    const { reason: _reason, ...shown } = revocation;
    expect(await after(licence({ suspensions: [{ ...said(3), lifted: said(4) }], revocation }))).toEqual([{ ...ending, revocation: shown }]);
    const { credential: _credential, ...plain } = licence({ id: 'GP-3', revocation });
    expect(await after(plain)).toEqual([{ ...ending, revocation: shown }]);
    const { text, snapshot } = await one.published();
    expect(trustSnapshot(JSON.parse(text))).toEqual(snapshot);
    expect((await registry().published()).snapshot.licences, 'read anew').toEqual(snapshot.licences);
  });

  it('says anew after ten seconds how current it is, with another tag', async () => {
    await write(...ORGANISATIONS, [didKey(MINISTRY), didOf(MINISTRY)]);
    const one = registry();
    const first = await one.published();
    for (const [ahead, same] of [[9_999, true], [1, false]] as const) {
      clock.advance(ahead);
      const before = model.asOf().knownAt;
      while (model.asOf().knownAt === before) await new Promise((resolve) => { setImmediate(resolve); });
      expect([ahead, await one.published() === first]).toEqual([ahead, same]);
    }
    const second = await one.published();
    expect(Date.parse(second.snapshot.knownAt) - Date.parse(first.snapshot.knownAt)).toBeGreaterThanOrEqual(10_000);
    expect(second.etag).not.toBe(first.etag);
    expect(second.snapshot.dids).toBe(first.snapshot.dids);
  });

  it('says at once how current it is when a clock that was ahead is put right', async () => {
    await write(...ORGANISATIONS, [didKey(MINISTRY), didOf(MINISTRY)]);
    let known = START + 90 * 86_400_000;
    const one = registry({ records: { asOf: () => ({ ...records.asOf(), knownAt: instantOf(known) }), load: records.load.bind(records), page: records.page.bind(records) } });
    const ahead = await one.published();
    known = START + 1;
    const right = await one.published();
    expect([ahead, right].map(({ snapshot }) => Date.parse(snapshot.knownAt))).toEqual([START + 90 * 86_400_000, START + 1]);
    expect(await one.published()).toBe(right);
  });

  it('does not believe a block that claims to come from the future', async () => {
    ledger.chain.add([{ time: START + 600_000, writes: [organisation('so-dang-ky'), organisation('bo'), [didKey(MINISTRY), didOf(MINISTRY)] as const].map(([key, record]) => ({ key, value: JSON.stringify(record) })) }]);
    ledger.wake();
    await model.waitFor(BigInt(ledger.chain.blocks.length - 1));
    expect(Date.parse((await registry().published()).snapshot.knownAt)).toBeLessThanOrEqual(START);
  });

  it('finds thousands that changed, page by page, and those that change while pages are read', async () => {
    const names = Array.from({ length: 2300 }, (_, index) => parseDid(`did:web:to-chuc-${index}.example`));
    await write(...ORGANISATIONS, ...names.slice(0, 1200).map((did): [string, LedgerRecord] => [didKey(did), didOf(did)]));
    await write(...names.slice(1200).map((did): [string, LedgerRecord] => [didKey(did), didOf(did)]));
    const [moved = MINISTRY] = names;
    let pages = 0;
    const disturbed = {
      asOf: () => records.asOf(),
      load: records.load.bind(records),
      page: async (...asked: Parameters<RecordReader['page']>) => {
        const page = await records.page(...asked);
        // After the first page has been read, a record of a later one moves to the front.
        if (++pages === 1) await write([didKey(moved), didOf(moved, { withdrawn: { at: day(9), effect: 'from-now', reason: 'x' } })]);
        return page;
      },
    };
    const { snapshot } = await registry({ records: disturbed }).published();
    expect(snapshot.dids).toHaveLength(2300);
    expect(snapshot.dids.find(({ did }) => did === moved)?.withdrawn).toBeDefined();
  });

  it('loses nothing when the copy could not be read for a moment', async () => {
    await write(...ORGANISATIONS, [didKey(MINISTRY), didOf(MINISTRY)]);
    let broken = true;
    const load: RecordReader['load'] = (key, kind) => {
      if (broken) throw new Problem('READ_MODEL_DAMAGED');
      return records.load(key, kind);
    };
    const one = registry({ records: { asOf: () => records.asOf(), page: records.page.bind(records), load } });
    await expect(one.published()).rejects.toMatchObject({ code: 'READ_MODEL_DAMAGED' });
    broken = false;
    expect((await one.published()).snapshot.dids).toHaveLength(1);
    await write([didKey(UNIVERSITY), didOf(UNIVERSITY)]);
    broken = true;
    await expect(one.published()).rejects.toMatchObject({ code: 'READ_MODEL_DAMAGED' });
    broken = false;
    expect((await one.published()).snapshot.dids).toHaveLength(2);
  });

  it('names an organisation that came onto the register after its grant: the registrar\'s own', async () => {
    await write(...ORGANISATIONS.slice(1), [grantKey('g1'), rootGrant('g1', MINISTRY)], [didKey(MINISTRY), didOf(MINISTRY)]);
    const one = registry();
    expect((await one.published()).snapshot.organisations.map(({ id }) => id)).toEqual(['bo']);
    await write(...ORGANISATIONS.slice(0, 1));
    expect((await one.published()).snapshot.organisations.map(({ id }) => id)).toEqual(['bo', 'so-dang-ky']);
  });

  it('holds what was written before it was asked for, also while an answer to others is under way', async () => {
    await write(...ORGANISATIONS, [didKey(MINISTRY), didOf(MINISTRY)]);
    const gate = deferred<undefined>();
    let holding = false;
    const slow = {
      asOf: () => records.asOf(), load: records.load.bind(records),
      page: async (...asked: Parameters<RecordReader['page']>) => {
        const page = await records.page(...asked);
        if (holding) await gate.promise;
        return page;
      },
    };
    const one = registry({ records: slow });
    await one.published();
    holding = true;
    const early = one.published();
    await records.page('trust', '', { limit: 1 });
    await write([didKey(UNIVERSITY), didOf(UNIVERSITY)]);
    const late = one.published();
    holding = false;
    gate.resolve(undefined);
    expect((await late).snapshot.dids.map(({ did }) => did)).toContain(UNIVERSITY);
    expect((await early).snapshot.dids.map(({ did }) => did)).not.toContain(UNIVERSITY);
  });

  it('is read once for all who ask at the same time', async () => {
    await write(...ORGANISATIONS, [grantKey('g1'), rootGrant('g1', MINISTRY)], [didKey(MINISTRY), didOf(MINISTRY)]);
    const one = registry();
    const answers = await Promise.all(Array.from({ length: 50 }, () => one.published()));
    expect(new Set(answers).size).toBe(1);
  });
});
