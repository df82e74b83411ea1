import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CitizenReport } from '#domain/goods/citizen-report.js';
import { serialFromRandom } from '#domain/gs1/serial-number.js';
import { instantOf } from '#domain/instant.js';
import type { Principal } from '../../../gateway/tenants/principal.js';
import { openDurableStore, type DurableStore } from '../../../gateway/ledger/durable-store.js';
import { ReportDesk } from '../../../gateway/reports/report-desk.js';
import { rowsOf } from '../../../gateway/reports/report-rows.js';
import { ReportInbox, type ReportLimits } from '../../../gateway/reports/report-inbox.js';
import { LocalRequests } from '../../../gateway/tenants/local-requests.js';
import type { RecordReader } from '../../../gateway/trace/record-reader.js';
import { rejectsWith } from '../../support/rejects-with.js';
import { FaultyStore } from '../ledger/faults.js';
import { ManualClock } from '../manual-clock.js';

const DAY_MS = 24 * 3_600_000;
const ITEM = '/01/09520000000011/21/7QK2M9ZD4XWA';
const SOURCE = '192.0.2.7';
const AUTHORITY = { organisation: 'chi-cuc', type: 'authority', scopes: new Set(['citizen-contacts:write']) } as unknown as Principal;
/** Nothing is on the register: reports about it must be taken all the same. */
const EMPTY_REGISTER = { load: () => undefined } as unknown as RecordReader;

let folder: string;
let store: DurableStore;
let clock: ManualClock;
beforeEach(async () => {
  clock = new ManualClock(Date.parse('2026-11-20T08:00:00Z'));
  folder = await mkdtemp(join(tmpdir(), 'minhchung-reports-'));
  store = await openDurableStore(folder);
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

interface Office {
  readonly inbox: ReportInbox;
  readonly desk: ReportDesk;
}

function open(limits: Partial<ReportLimits> = {}, on: DurableStore = store): Office {
  const requests = new LocalRequests(on, clock);
  const common = { store: on, requests, records: EMPTY_REGISTER, clock };
  const inbox = new ReportInbox({ ...common, randomBytes, limits: { reportsPerDay: 100, openReportsPerItem: 100, mostReports: 100, ...limits } });
  return { inbox, desk: new ReportDesk({ ...common, onRemoved: (count) => inbox.removed(count) }) };
}

let tokens = 0;
function report(change: Partial<CitizenReport> = {}): CitizenReport {
  tokens++;
  return { token: `token-${String(tokens).padStart(20, '0')}`, code: ITEM, address: ITEM, reason: 'other', judged: 'registered', ...change };
}

const rowsUnder = async (prefix: string): Promise<string[]> => {
  const keys: string[] = [];
  for await (const [key] of store.rows(prefix)) keys.push(key);
  return keys;
};

describe('a report that is not taken', () => {
  it('comes from a source that has sent its share today, whatever address of its network it uses', async () => {
    const { inbox } = open({ reportsPerDay: 2 });
    await inbox.file(report(), '2001:db8:1:2::1');
    await inbox.file(report(), '2001:db8:1:2:ffff::9');
    await rejectsWith(inbox.file(report(), '2001:db8:1:2::3'), 'RATE_LIMITED', { seconds: String(16 * 3_600) });
    await inbox.file(report(), '2001:db8:1:3::1');
    clock.advance(16 * 3_600_000 - 1);
    await rejectsWith(inbox.file(report(), '2001:db8:1:2::3'), 'RATE_LIMITED', { seconds: '1' });
    clock.advance(1);
    await inbox.file(report(), '2001:db8:1:2::3');
  });

  it('is about an item with too many that nobody has handled', async () => {
    const { inbox, desk } = open({ openReportsPerItem: 2 });
    const first = await inbox.file(report(), SOURCE);
    await inbox.file(report(), SOURCE);
    await rejectsWith(inbox.file(report(), SOURCE), 'REPORTS_ABOUT_ITEM_FULL', { most: '2' });
    await inbox.file(report({ address: '/01/09520000000011', code: '/01/09520000000011' }), SOURCE);
    await desk.handle(AUTHORITY, first.reference, 'x', undefined);
    await inbox.file(report(), SOURCE);
    await rejectsWith(inbox.file(report(), SOURCE), 'REPORTS_ABOUT_ITEM_FULL');
  });

  it('is about a code that nobody can read, of which there are too many', async () => {
    const { inbox } = open({ openReportsPerItem: 1 });
    const unreadable = (code: string): CitizenReport => {
      const { address: _none, ...rest } = report({ code });
      return rest;
    };
    await inbox.file(unreadable('(01)123'), SOURCE);
    await rejectsWith(inbox.file(unreadable('(01)123'), SOURCE), 'REPORTS_ABOUT_ITEM_FULL');
    await inbox.file(unreadable('(01)124'), SOURCE);
  });

  it('is one more than are kept at all, also after a restart', async () => {
    const { inbox } = open({ mostReports: 2 });
    await inbox.file(report(), SOURCE);
    await inbox.file(report(), SOURCE);
    await rejectsWith(inbox.file(report(), SOURCE), 'REPORTS_FULL', { most: '2' });
    await rejectsWith(open({ mostReports: 2 }).inbox.file(report(), SOURCE), 'REPORTS_FULL', { most: '2' });
  });

  it('is one of two at once for the last place', async () => {
    const { inbox } = open({ openReportsPerItem: 1 });
    const outcomes = await Promise.allSettled([inbox.file(report(), SOURCE), inbox.file(report(), SOURCE), inbox.file(report(), SOURCE)]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected']);
  });

  it('cannot be written: then nobody is told a reference', async () => {
    const faulty = new FaultyStore(store);
    faulty.durableFaults = ['before'];
    await rejectsWith(open({}, faulty).inbox.file(report(), SOURCE), 'STORE_FAILED');
    expect(await rowsUnder('citizen-report')).toEqual([]);
  });
});

describe('a report', () => {
  it('is acknowledged only when it is on the disk', async () => {
    const steps: string[] = [];
    const watched: DurableStore = {
      failure: undefined, get: (key) => store.get(key), rows: (prefix, after) => store.rows(prefix, after), close: () => store.close(),
      write: async (changes, durable) => {
        await store.write(changes, durable);
        steps.push(durable ? `synced ${changes.some(({ key }) => key.startsWith('citizen-report/'))}` : 'not synced');
      },
    };
    await open({}, watched).inbox.file(report(), SOURCE);
    steps.push('told');
    expect(steps).toEqual(['synced true', 'told']);
  });

  it('sent again is the same report: at once, later, beyond every limit, and after a restart', async () => {
    const limits = { reportsPerDay: 1, openReportsPerItem: 1, mostReports: 1 };
    const { inbox } = open(limits);
    const sent = report({ text: 'Vẫn bán' });
    const answers = await Promise.all(Array.from({ length: 10 }, async () => inbox.file(sent, SOURCE)));
    clock.advance(60_000);
    // What the site makes of the code may change while somebody presses the button twice.
    answers.push(await inbox.file({ ...sent, judged: 'recalled' }, SOURCE), await open(limits).inbox.file(sent, SOURCE));
    expect(new Set(answers.map(({ reference }) => reference)).size).toBe(1);
    expect(answers[0]).toEqual({ reference: expect.stringMatching(/^BC-[2-9A-HJ-NP-Z]{12}$/), receivedAt: '2026-11-20T08:00:00.000Z' });
    expect(await rowsUnder('citizen-report/')).toHaveLength(1);
  });

  it('with the same token and other words is another one: nothing that was written is lost', async () => {
    const { inbox, desk } = open();
    const sent = report({ text: 'một' });
    const one = await inbox.file(sent, SOURCE);
    const two = await inbox.file({ ...sent, text: 'hai' }, SOURCE);
    const three = await inbox.file({ ...sent, contact: '0900 000 000' }, SOURCE);
    expect(new Set([one, two, three].map(({ reference }) => reference)).size).toBe(3);
    expect((await desk.page(AUTHORITY, { limit: 10 })).reports.map(({ text }) => text).sort()).toEqual(['hai', 'một', 'một']);
  });

  it('keeps what was sent and what the code says, and nothing of who sent it', async () => {
    const { inbox, desk } = open();
    const address = '/01/09520000000011/10/A%2FB/21/S%2F1?17=271231';
    const { reference, receivedAt } = await inbox.file(report({ address, code: address, shown: 'registered', judged: 'recalled', reason: 'seal-broken', text: 'a\nb', province: '15', contact: 'x@example.org' }), SOURCE);
    expect(await desk.read(AUTHORITY, reference)).toEqual({
      reference, receivedAt, code: address, item: '/01/09520000000011/21/S%2F1', gtin: '09520000000011', lot: 'A/B', serial: 'S/1', shown: 'registered', judged: 'recalled',
      reason: 'seal-broken', text: 'a\nb', province: '15', contact: 'x@example.org', handlings: [],
    });
    const everything: string[] = [];
    for await (const [key, row] of store.rows('')) everything.push(key + row.toString('latin1'));
    expect(everything.filter((row) => row.includes(SOURCE))).toEqual([]);
    expect(everything.filter((row) => row.includes('x@example.org'))).toEqual([expect.stringMatching(/^citizen-report-contact\//)]);
  });

  it.each([
    ['a logistic unit', '/00/095200000000000011', { item: '/00/095200000000000011', sscc: '095200000000000011' }],
    ['a lot', '/01/09520000000011/10/L1', { item: '/01/09520000000011/10/L1', gtin: '09520000000011', lot: 'L1' }],
    ['a GTIN-8', '/01/00000095200002', { item: '/01/00000095200002', gtin: '00000095200002' }],
    ['a place', '/414/9520000000103', { item: '/414/9520000000103' }],
  ])('about %s names it', async (_what, address, named) => {
    const { inbox, desk } = open();
    const { reference } = await inbox.file(report({ address, code: address }), SOURCE);
    const { reference: _reference, receivedAt: _at, code: _code, judged: _judged, reason: _reason, handlings: _handlings, ...thing } = await desk.read(AUTHORITY, reference);
    expect(thing).toEqual(named);
  });
});

describe('a list of very many', () => {
  it('ends a page early where a filter lets few pass, and goes on from there', async () => {
    const { desk } = open();
    const many = Array.from({ length: 5_002 }, (_, index) => rowsOf({
      reference: `BC-${serialFromRandom(randomBytes(8))}`, receivedAt: instantOf(clock.now() + index), code: 'x', judged: 'malformed', reason: 'other',
      ...(index === 0 ? { lot: 'L1' } : {}),
    }, undefined)).flat();
    await store.write(many, false);
    const first = await desk.page(AUTHORITY, { limit: 10, lot: 'L1' });
    expect([first.reports, first.next]).toEqual([[], expect.any(String)]);
    const second = await desk.page(AUTHORITY, { limit: 10, lot: 'L1', after: first.next! });
    expect([second.reports.map(({ lot }) => lot), second.next]).toEqual([['L1'], undefined]);
  });
});

describe('with time', () => {
  it('a contact goes after a year, the report after five, and makes room', async () => {
    const { inbox, desk } = open({ mostReports: 1 });
    const { reference } = await inbox.file(report({ contact: '0900' }), SOURCE);
    await desk.handle(AUTHORITY, reference, 'x', undefined);
    clock.advance(364 * DAY_MS);
    await desk.forgetOld();
    expect(await desk.read(AUTHORITY, reference)).toMatchObject({ contact: '0900' });
    clock.advance(2 * DAY_MS);
    await desk.forgetOld();
    expect(await desk.read(AUTHORITY, reference)).not.toHaveProperty('contact');
    await rejectsWith(inbox.file(report(), SOURCE), 'REPORTS_FULL');
    clock.advance(5 * 366 * DAY_MS);
    await desk.forgetOld();
    await rejectsWith(desk.read(AUTHORITY, reference), 'REPORT_UNKNOWN');
    expect(await rowsUnder('citizen-report')).toEqual([]);
    await inbox.file(report(), SOURCE);
  });

  it('younger ones stay, with their contacts', async () => {
    const { inbox, desk } = open();
    const old = await inbox.file(report({ contact: 'old' }), SOURCE);
    clock.advance(300 * DAY_MS);
    const young = await inbox.file(report({ contact: 'young' }), SOURCE);
    clock.advance(100 * DAY_MS);
    await desk.forgetOld();
    expect(await desk.read(AUTHORITY, old.reference)).not.toHaveProperty('contact');
    expect(await desk.read(AUTHORITY, young.reference)).toMatchObject({ contact: 'young' });
  });
});
