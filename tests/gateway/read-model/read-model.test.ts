import { Buffer } from 'node:buffer';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Problem } from '#domain/errors.js';
import { systemClock } from '../../../gateway/ledger/clock.js';
import { openReadModel, type ReadModel } from '../../../gateway/read-model/read-model.js';
import type { ReadModelOptions } from '../../../gateway/read-model/model-options.js';
import type { Indexer } from '../../../gateway/read-model/projection.js';
import { BlockChain, NAMESPACE, type TransactionSpec } from '../ledger/fabric-blocks.js';
import { ManualClock } from '../manual-clock.js';
import { ChainLedger } from './chain-ledger.js';

let dir = '';
const open: ReadModel[] = [];

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'read-model-'));
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((model) => model.close()));
  await rm(dir, { recursive: true, force: true });
});

/** States are JSON `{ owner }`; listed by owner, with the block in which they were written. */
const byOwner: Indexer = {
  version: 'owner-1',
  entries: ({ value }, { block }) => {
    const { owner } = JSON.parse(Buffer.from(value).toString()) as { owner?: string };
    return owner === undefined ? [] : [{ index: 'owner', key: owner, value: `in block ${block}` }];
  },
};

async function modelOf(ledger: ChainLedger, options: Partial<ReadModelOptions> = {}): Promise<ReadModel> {
  const model = await openReadModel({ dir: join(dir, 'model'), ledger, namespace: NAMESPACE, indexer: byOwner, clock: systemClock, ...options });
  open.push(model);
  return model;
}

async function closed(model: ReadModel): Promise<void> {
  open.splice(open.indexOf(model), 1);
  await model.close();
}

const owned = (key: string, owner: string, time = 1_700_000_000_000): TransactionSpec => ({ time, writes: [{ key, value: JSON.stringify({ owner }) }] });
const listed = async (model: ReadModel, owner: string): Promise<string[]> => (await model.index('owner', owner, { limit: 100 })).rows.map(({ stateKey }) => stateKey);

async function all(read: (after?: string) => Promise<{ rows: readonly { key: string }[]; next?: string }>): Promise<string[]> {
  const found: string[] = [];
  let after: string | undefined;
  do {
    const page = await read(after);
    found.push(...page.rows.map(({ key }) => key));
    after = page.next;
  } while (after !== undefined);
  return found;
}

async function refusalOf(run: () => unknown): Promise<Problem> {
  try {
    await run();
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('a read model', () => {
  it('has what valid transactions wrote, with version and time', async () => {
    const chain = new BlockChain();
    chain.add([{ code: 11, writes: [{ key: 'a', value: '{}' }] }, owned('a', 'x', 1_700_000_000_500)]);
    chain.add([owned('b', 'x', 1_700_000_001_000), { writes: [{ key: 'other', value: '{}', namespace: 'lscc' }] }]);
    const model = await modelOf(new ChainLedger(chain));
    await model.caughtUp();
    const { value, ...a } = model.get('a') ?? expect.fail('a is missing');
    expect(a).toEqual({ key: 'a', block: 1n, index: 1, time: 1_700_000_000_500, attested: false });
    expect(value.toString()).toBe('{"owner":"x"}');
    expect(model.get('other')).toBeUndefined();
    expect(model.asOf()).toMatchObject({ height: 3n, blockTime: 1_700_000_001_000 });
    expect((await model.index('owner', 'x', { limit: 10 })).rows).toEqual([
      { key: 'x', value: 'in block 1', stateKey: 'a' }, { key: 'x', value: 'in block 2', stateKey: 'b' },
    ]);
  });

  /** docs/decisions/0007: what contracts would refuse to read must not be shown either. */
  describe('of a record that came with its hash', () => {
    const KEY = 'licence/GP-2026-001';
    const valueOf = (owner: string): string => JSON.stringify({ owner });
    const inOpen = (owner: string | null, key = KEY): TransactionSpec => ({ writes: [{ key, value: owner === null ? null : valueOf(owner) }] });
    const withHash = (owner: string | null, { key = KEY, of = owner, name = 'controlled' }: { key?: string; of?: string | null; name?: string } = {}): TransactionSpec => (
      { ...inOpen(owner, key), collections: [{ name, writes: [{ key, value: of === null ? null : valueOf(of) }] }] }
    );

    it.each<[string, string, readonly (readonly TransactionSpec[])[], string, [bigint, number] | undefined]>([
      ['takes what came with its hash again', KEY, [[withHash('x')], [withHash('y')]], 'y', [2n, 0]],
      ['takes nothing without it, and knows that the version is another', KEY, [[withHash('x')], [inOpen('y')]], 'x', [2n, 0]],
      ['keeps it though it is removed without it', KEY, [[withHash('x')], [inOpen(null)]], 'x', [2n, 0]],
      ['keeps it in the same block', KEY, [[withHash('x'), inOpen('y')]], 'x', [1n, 1]],
      ['takes it after what came without, in the same block', KEY, [[inOpen('y'), withHash('x')], [inOpen('z')]], 'x', [2n, 0]],
      ['takes nothing with the hash of something else', KEY, [[withHash('x')], [withHash('y', { of: 'z' })]], 'x', [2n, 0]],
      ['takes nothing new with the hash of something else', KEY, [[withHash('y', { of: 'z' })]], '', undefined],
      ['takes nothing with a hash in another collection', KEY, [[withHash('x')], [withHash('y', { name: 'other' })]], 'x', [2n, 0]],
      ['takes a hash for a record from before there were any', KEY, [[inOpen('w')], [withHash('x')], [inOpen('y')]], 'x', [3n, 0]],
      ['takes it again once it was put right', KEY, [[withHash('x')], [inOpen('y')], [withHash('z')]], 'z', [3n, 0]],
      ['takes what never had one', KEY, [[inOpen('x')], [inOpen('y')]], 'y', [2n, 0]],
      ['forgets it when the hash is removed too', KEY, [[withHash('x')], [withHash(null)]], '', undefined],
      ['and anything after that', KEY, [[withHash('x')], [withHash(null)], [inOpen('y')]], 'y', [3n, 0]],
      ['keeps a container like a licence', '/01/09520000000011/21/7QK2', [[withHash('x', { key: '/01/09520000000011/21/7QK2' })], [inOpen('y', '/01/09520000000011/21/7QK2')]], 'x', [2n, 0]],
      ['takes an event like contracts, which do not look', 'event/1', [[withHash('x', { key: 'event/1' })], [inOpen('y', 'event/1')]], 'y', [2n, 0]],
    ])('%s', async (_name, key, blocks, owner, version) => {
      const chain = new BlockChain();
      for (const transactions of blocks) chain.add(transactions);
      const model = await modelOf(new ChainLedger(chain));
      await model.caughtUp();
      const row = model.get(key);
      expect(row && [row.block, row.index]).toEqual(version);
      expect(row?.value.toString() ?? '').toBe(owner === '' ? '' : valueOf(owner));
      for (const one of ['w', 'x', 'y', 'z']) expect(await listed(model, one)).toEqual(one === owner ? [key] : []);
    });

    it('knows so after a restart', async () => {
      const ledger = new ChainLedger(new BlockChain());
      ledger.chain.add([withHash('x')]);
      const first = await modelOf(ledger);
      await first.caughtUp();
      await closed(first);
      ledger.chain.add([inOpen('y')]);
      const second = await modelOf(ledger);
      await second.caughtUp();
      expect([await listed(second, 'x'), await listed(second, 'y')]).toEqual([[KEY], []]);
    });
  });

  it('follows overwriting, moving, removing and touching', async () => {
    const chain = new BlockChain();
    const ledger = new ChainLedger(chain);
    const model = await modelOf(ledger);
    const steps: [TransactionSpec[], string[], string[], [bigint, number] | undefined][] = [
      [[owned('k', 'x')], ['k'], [], [1n, 0]],
      [[owned('k', 'y')], [], ['k'], [2n, 0]],
      [[owned('l', 'y'), { touched: ['k', 'never'] }], [], ['k', 'l'], [3n, 1]],
      [[{ writes: [{ key: 'k', value: null }] }], [], ['l'], undefined],
      [[owned('k', 'x'), { touched: ['k'] }], ['k'], ['l'], [5n, 1]],
      [[owned('k', 'y'), { writes: [{ key: 'k', value: null }] }], [], ['l'], undefined],
    ];
    for (const [transactions, x, y, version] of steps) {
      chain.add(transactions);
      ledger.wake();
      expect(await model.waitFor(BigInt(chain.blocks.length - 1))).toBe(true);
      await model.caughtUp();
      expect([await listed(model, 'x'), await listed(model, 'y')]).toEqual([x, y]);
      const row = model.get('k');
      expect(row && [row.block, row.index]).toEqual(version);
    }
  });

  it('gives ranges and indexes in pages, in the order of UTF-8 bytes, forwards and backwards', async () => {
    const chain = new BlockChain();
    const keys = ['/01/a', '/01/b', '/01/\u{fffd}', '/01/\u{1f600}', '/01/\u{10ffff}', '/02', '\0t\0a\0', '\0t\0b\0'];
    chain.add(keys.map((key) => owned(key, `o${key}`.replaceAll('\0', '-'))));
    const model = await modelOf(new ChainLedger(chain));
    await model.caughtUp();
    const range = (prefix: string, limit: number, reverse = false): Promise<string[]> =>
      all((after) => model.range(prefix, { limit, reverse, ...(after === undefined ? {} : { after }) }));
    for (const limit of [1, 2, 5, 100]) {
      expect(await range('/01/', limit)).toEqual(keys.slice(0, 5));
      expect(await range('/01/', limit, true)).toEqual(keys.slice(0, 5).reverse());
      expect(await range('\0t\0', limit)).toEqual(keys.slice(6));
    }
    expect(await range('/01/\u{10ffff}', 1)).toEqual(['/01/\u{10ffff}']);
    expect(await range('', 100)).toHaveLength(keys.length);
    expect(await all((after) => model.index('owner', 'o/01/', { limit: 2, ...(after === undefined ? {} : { after }) }))).toEqual(keys.slice(0, 5).map((key) => `o${key}`));
  });

  it.each([
    [{ limit: 0 }, { field: 'limit' }],
    [{ limit: 1001 }, { field: 'limit' }],
    [{ limit: 1.5 }, { field: 'limit' }],
    [{ limit: 1, after: 'no base64!' }, { field: 'after' }],
    [{ limit: 1, after: Buffer.from('/02/x').toString('base64url') }, { field: 'after' }],
  ])('refuses the page %j', async (request, fields) => {
    const model = await modelOf(new ChainLedger(new BlockChain()));
    await model.caughtUp();
    expect(await refusalOf(() => model.range('/01/', request))).toMatchObject({ code: 'FIELD_WRONG_VALUE', fields });
  });

  it('goes on after its link was cut, without a block twice or left out', async () => {
    const chain = new BlockChain();
    const ledger = new ChainLedger(chain);
    const clock = new ManualClock();
    const model = await modelOf(ledger, { clock });
    await model.caughtUp();
    chain.add([owned('a', 'x')]);
    ledger.cut();
    const reached = model.waitFor(1n);
    await expect.poll(() => clock.waiting.length).toBe(2);
    expect(model.health().trouble).toMatchObject({ message: 'link lost' });
    clock.advance(1000);
    expect(await reached).toBe(true);
    expect(ledger.streamsOpened).toBe(2);
    expect(await listed(model, 'x')).toEqual(['a']);
  });

  it('says since when it is known that nothing is newer', async () => {
    const ledger = new ChainLedger(new BlockChain());
    const clock = new ManualClock(1000);
    const model = await modelOf(ledger, { clock });
    await model.caughtUp();
    expect(model.asOf()).toEqual({ height: 1n, blockTime: 1_700_000_000_000, knownAt: 1000 });
    clock.advance(1000);
    await expect.poll(() => model.asOf().knownAt).toBe(2000);
    ledger.down = new Error('unplugged');
    clock.advance(1000);
    await expect.poll(() => model.health().trouble).toBe(ledger.down);
    expect(model.asOf().knownAt).toBe(2000);
    ledger.down = undefined;
    ledger.claimedHeight = 0n;
    clock.advance(1000);
    await expect.poll(() => model.health().trouble).toMatchObject({ code: 'LEDGER_REWOUND', fields: { seen: '1', found: '0' } });
    expect(model.asOf().knownAt).toBe(2000);
  });

  it('gives up waiting for a block when told to, and when closed', async () => {
    const model = await modelOf(new ChainLedger(new BlockChain()));
    const stop = new AbortController();
    const [one, other] = [model.waitFor(9n, stop.signal), model.waitFor(9n)];
    stop.abort();
    expect(await one).toBe(false);
    await closed(model);
    expect(await other).toBe(false);
  });

  it('tells its progress until it has reached the head', async () => {
    const chain = new BlockChain();
    for (let n = 0; n < 50; n++) chain.add([owned(`k${n}`, 'x')]);
    const seen: [bigint, number][] = [];
    const model = await modelOf(new ChainLedger(chain), { onProgress: ({ height, rows }) => seen.push([height, rows]) });
    await model.caughtUp();
    expect(seen.at(-1)).toEqual([51n, 100]);
    expect(seen.map(([height]) => height)).toEqual([...new Set(seen.map(([height]) => height))].sort((a, b) => Number(a - b)));
  });

  it('says nothing of what is missing before it is complete', async () => {
    const chain = new BlockChain();
    chain.add([owned('a', 'x')]);
    const ledger = new ChainLedger(chain);
    ledger.claimedHeight = 5n;
    const model = await modelOf(ledger);
    await model.waitFor(1n);
    expect(model.get('a')).toMatchObject({ key: 'a' });
    expect(await refusalOf(() => model.get('b'))).toMatchObject({ code: 'READ_MODEL_CHECKING' });
    expect(await refusalOf(() => listed(model, 'x'))).toMatchObject({ code: 'READ_MODEL_CHECKING' });
  });
});

describe('what stops a model', () => {
  it('is told: a bug in the indexer; what was there before can still be read', async () => {
    const chain = new BlockChain();
    chain.add([owned('a', 'x')]);
    const ledger = new ChainLedger(chain);
    const failures: Error[] = [];
    const model = await modelOf(ledger, { onFailure: (error) => failures.push(error) });
    await model.caughtUp();
    chain.add([{ writes: [{ key: 'b', value: 'no JSON' }] }]);
    ledger.wake();
    await expect.poll(() => failures).toHaveLength(1);
    expect(failures[0]).toBeInstanceOf(SyntaxError);
    expect(model.health().trouble).toBe(failures[0]);
    expect(model.get('a')).toMatchObject({ key: 'a' });
    expect(model.asOf().height).toBe(2n);
  });

  it.each(['index', 'key'])('is told: an indexer with a NUL in its %s', async (where) => {
    const chain = new BlockChain();
    chain.add([owned('a', 'x')]);
    const failures: Error[] = [];
    await modelOf(new ChainLedger(chain), {
      indexer: { version: 'nul', entries: () => [{ index: where === 'index' ? 'o\0' : 'o', key: where === 'key' ? 'k\0' : 'k' }] },
      onFailure: (error) => failures.push(error),
    });
    await expect.poll(() => failures).toHaveLength(1);
    expect(failures[0]).toBeInstanceOf(TypeError);
  });
});

describe('a read model that is opened again', () => {
  it('goes on where it was, and is the same as one built at once', async () => {
    const chain = new BlockChain();
    for (let n = 0; n < 20; n++) chain.add([owned(`k${n % 7}`, `o${n % 3}`), { writes: [{ key: `k${n % 5}`, value: null }] }]);
    const first = await modelOf(new ChainLedger(chain));
    await first.caughtUp();
    await closed(first);
    for (let n = 20; n < 40; n++) chain.add([owned(`k${n % 7}`, `o${n % 3}`)]);
    const again = await modelOf(new ChainLedger(chain));
    await again.caughtUp();
    const fresh = await modelOf(new ChainLedger(chain), { dir: join(dir, 'fresh') });
    await fresh.caughtUp();
    expect(again.asOf()).toMatchObject({ height: 41n });
    expect(await again.digest()).toBe(await fresh.digest());
  });

  it('is rebuilt when the indexer is another one', async () => {
    const chain = new BlockChain();
    chain.add([owned('a', 'x')]);
    const first = await modelOf(new ChainLedger(chain));
    await first.caughtUp();
    await closed(first);
    const model = await modelOf(new ChainLedger(chain), { indexer: { version: 'key-1', entries: ({ key }) => [{ index: 'key', key }] } });
    await model.caughtUp();
    expect(await listed(model, 'x')).toEqual([]);
    expect((await model.index('key', '', { limit: 10 })).rows).toMatchObject([{ stateKey: 'a' }]);
  });

  it('refuses another ledger', async () => {
    const chain = new BlockChain();
    const first = await modelOf(new ChainLedger(chain));
    await first.caughtUp();
    await closed(first);
    const model = await modelOf(new ChainLedger(new BlockChain('another')));
    expect(await refusalOf(() => model.caughtUp())).toMatchObject({ code: 'LEDGER_DIFFERENT', fields: { block: '0' } });
    expect(await refusalOf(() => model.get('a'))).toMatchObject({ code: 'LEDGER_DIFFERENT' });
  });

  it('refuses a ledger whose history took another way, also while it runs', async () => {
    const chain = new BlockChain();
    chain.add([owned('a', 'x')]);
    const first = await modelOf(new ChainLedger(chain));
    await first.caughtUp();
    await closed(first);
    const other = new BlockChain();
    other.add([owned('a', 'y')]);
    const forked = Object.assign(new BlockChain(), { blocks: [chain.blocks[0], ...other.blocks.slice(1)] });
    const model = await modelOf(new ChainLedger(forked));
    expect(await refusalOf(() => model.caughtUp())).toMatchObject({ code: 'LEDGER_DIFFERENT', fields: { block: '1' } });
    await closed(model);

    const ledger = new ChainLedger(chain);
    const running = await modelOf(ledger);
    await running.caughtUp();
    other.add([owned('b', 'y')]);
    ledger.chain = other;
    ledger.wake();
    await expect.poll(() => running.health().refusal).toMatchObject({ code: 'LEDGER_DIFFERENT', fields: { block: '2' } });
  });

  it('refuses a ledger that has fewer blocks, until it has them again', async () => {
    const chain = new BlockChain();
    chain.add([owned('a', 'x')]);
    const first = await modelOf(new ChainLedger(chain));
    await first.caughtUp();
    await closed(first);
    const ledger = new ChainLedger(chain);
    ledger.claimedHeight = 1n;
    const clock = new ManualClock();
    const model = await modelOf(ledger, { clock });
    expect(await refusalOf(() => model.caughtUp())).toMatchObject({ code: 'LEDGER_REWOUND', fields: { seen: '2', found: '1' } });
    expect(await refusalOf(() => model.get('a'))).toMatchObject({ code: 'LEDGER_REWOUND' });
    ledger.claimedHeight = undefined;
    clock.advance(1000);
    await expect.poll(() => model.health().refusal).toBeUndefined();
    await model.caughtUp();
    expect(model.get('a')).toMatchObject({ key: 'a' });
  });

  it('serves what it has while the ledger cannot be reached', async () => {
    const chain = new BlockChain();
    chain.add([owned('a', 'x')]);
    const first = await modelOf(new ChainLedger(chain));
    await first.caughtUp();
    await closed(first);
    const ledger = new ChainLedger(chain);
    ledger.down = new Error('unplugged');
    const model = await modelOf(ledger);
    expect(model.get('a')).toMatchObject({ key: 'a' });
    expect(model.asOf()).toEqual({ height: 2n, blockTime: 1_700_000_000_000, knownAt: undefined });
    await expect.poll(() => model.health().checked).toBe(true);
    expect(model.get('b')).toBeUndefined();
  });

  it('refuses a folder that is in use', async () => {
    await modelOf(new ChainLedger(new BlockChain()));
    expect(await refusalOf(() => modelOf(new ChainLedger(new BlockChain())))).toMatchObject({ code: 'STORE_IN_USE' });
  });
});

describe('any sequence of blocks', () => {
  const key = fc.constantFrom('a', 'b', 'c', 'd');
  const transaction: fc.Arbitrary<TransactionSpec> = fc.oneof(
    fc.record({ k: key, owner: fc.constantFrom('x', 'y', 'z') }).map(({ k, owner }) => owned(k, owner)),
    key.map((k) => ({ writes: [{ key: k, value: null }] })),
    key.map((k) => ({ touched: [k] })),
    key.map((k) => ({ code: 11, writes: [{ key: k, value: '{"owner":"never"}' }] })),
  );

  it('gives the state and the lists that a map gives, across restarts', async () => {
    await fc.assert(fc.asyncProperty(fc.array(fc.array(transaction, { maxLength: 4 }), { minLength: 1, maxLength: 12 }), fc.nat(11), async (blocks, restart) => {
      const place = await mkdtemp(join(dir, 'run-'));
      const chain = new BlockChain();
      blocks.slice(0, restart).forEach((transactions) => chain.add(transactions));
      const first = await modelOf(new ChainLedger(chain), { dir: place });
      await first.caughtUp();
      await closed(first);
      blocks.slice(restart).forEach((transactions) => chain.add(transactions));
      const model = await modelOf(new ChainLedger(chain), { dir: place });
      await model.caughtUp();
      const expected = stateAfter(blocks);
      const found = (await model.range('', { limit: 100 })).rows.map((row) => [row.key, row.value.toString(), Number(row.block), row.index]);
      expect(found).toEqual([...expected].sort(([a], [b]) => (a < b ? -1 : 1)).map(([k, { value, block, index }]) => [k, value, block, index]));
      for (const owner of ['x', 'y', 'z', 'never']) {
        expect(await listed(model, owner)).toEqual([...expected].filter(([, { value }]) => value === JSON.stringify({ owner })).map(([k]) => k).sort());
      }
      await closed(model);
    }), { numRuns: 40 });
  });
});

function stateAfter(blocks: readonly (readonly TransactionSpec[])[]): Map<string, { value: string; block: number; index: number }> {
  const state = new Map<string, { value: string; block: number; index: number }>();
  blocks.forEach((transactions, place) => transactions.forEach(({ code, writes = [], touched = [] }, index) => {
    if (code !== undefined) return;
    const block = place + 1;
    for (const { key, value } of writes) {
      if (value === null) state.delete(key);
      else state.set(key, { value: value as string, block, index });
    }
    for (const key of touched) {
      const known = state.get(key);
      if (known !== undefined) state.set(key, { ...known, block, index });
    }
  }));
  return state;
}
