import { describe, expect, test } from 'vitest';
import type { LoadRecord } from '#domain/goods/dossier.js';
import { ItemCache, type AssembledItem } from '../../../gateway/public/item-cache.js';
import type { StateRow } from '../../../gateway/read-model/rows.js';

/** A copy for reading of which only versions matter. */
class Versions {
  readonly rows = new Map<string, { block: bigint; index: number }>();
  readonly get = (key: string): StateRow | undefined => this.rows.get(key) as StateRow | undefined;
}

function setUp(capacity?: number): { model: Versions; ask: (key: string, ...reads: string[]) => Promise<AssembledItem>; made: string[] } {
  const model = new Versions();
  const made: string[] = [];
  const cache = new ItemCache({ model, records: { load: () => undefined }, ...(capacity === undefined ? {} : { capacity }) });
  const ask = async (key: string, ...reads: string[]): Promise<AssembledItem> => cache.of(key, async (load: LoadRecord) => {
    for (const one of reads) await load(one, 'serial');
    made.push(key);
    return { dossier: { item: key }, journey: [] } as unknown as AssembledItem;
  });
  return { model, ask, made };
}

describe('a public item is assembled anew', () => {
  test.each([
    ['a record it rests on is written again', (model: Versions) => model.rows.set('a', { block: 2n, index: 0 })],
    ['it is written twice in one block', (model: Versions) => model.rows.set('a', { block: 1n, index: 5 })],
    ['a record that was not there comes', (model: Versions) => model.rows.set('b', { block: 2n, index: 0 })],
    ['a record goes', (model: Versions) => model.rows.delete('a')],
  ])('when %s', async (_, change) => {
    const { model, ask, made } = setUp();
    model.rows.set('a', { block: 1n, index: 0 });
    const first = await ask('item', 'a', 'b');
    expect(await ask('item', 'a', 'b')).toBe(first);
    change(model);
    expect(await ask('item', 'a', 'b')).not.toBe(first);
    expect(made).toHaveLength(2);
  });

  test('when it was the longest unused and others came', async () => {
    const { ask, made } = setUp(2);
    for (const key of ['x', 'y', 'x', 'z', 'x', 'y']) await ask(key);
    expect(made).toEqual(['x', 'y', 'z', 'y']);
  });
});

test('what cannot be assembled is not kept', async () => {
  const { model } = setUp();
  const cache = new ItemCache({ model, records: { load: () => undefined } });
  await expect(cache.of('k', async () => { throw new Error('no'); })).rejects.toThrow('no');
  expect(await cache.of('k', async () => ({ dossier: {}, journey: [] }) as unknown as AssembledItem)).toMatchObject({ journey: [] });
});
