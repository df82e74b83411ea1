/** Ranges, composite keys and pages. */
import { expect } from 'vitest';
import type { LedgerBench, LedgerCase } from './ledger-bench.js';

const RANGE = 'Fabric, GetStateByRange';
const PAGES = 'Fabric, pagination with bookmarks';
const COMPOSITE = 'Fabric, composite keys';

async function putAll(bench: LedgerBench, suffixes: readonly string[]): Promise<void> {
  await bench.submit('putMany', JSON.stringify(suffixes.map((suffix) => [bench.key(suffix), '1'])));
}

const suffixesOf = (bench: LedgerBench, keys: unknown): string[] => (keys as string[]).map((key) => key.slice(bench.key('').length));

interface Page { readonly keys: string[]; readonly metadata?: { readonly fetchedRecordsCount: number; readonly bookmark: string } }

const pageOf = async (bench: LedgerBench, size: number, bookmark: string): Promise<Page> =>
  await bench.evaluateJson('page', bench.key('p~'), bench.key('p~~'), String(size), bookmark) as Page;

export const RANGE_CASES: readonly LedgerCase[] = [
  {
    name: 'keys come in the order of their UTF-8 bytes, not of JavaScript\'s characters', source: RANGE,
    run: async (bench) => {
      const inOrder = ['r10', 'r9', 'rZ', 'rz', 'ré', 'r\uFFFD', 'r\u{1F600}'];
      await putAll(bench, [...inOrder].reverse());
      expect(suffixesOf(bench, await bench.evaluateJson('keys', bench.key('r'), bench.key('s')))).toEqual(inOrder);
    },
  },
  {
    name: 'the first key of a range belongs to it, the last one does not', source: RANGE,
    run: async (bench) => {
      await putAll(bench, ['a', 'b', 'c']);
      expect(suffixesOf(bench, await bench.evaluateJson('keys', bench.key('a'), bench.key('c')))).toEqual(['a', 'b']);
    },
  },
  {
    name: 'a range longer than one message is complete and in order', source: RANGE,
    run: async (bench) => {
      const suffixes = Array.from({ length: 250 }, (_, n) => `m${String(n).padStart(3, '0')}`);
      await putAll(bench, suffixes);
      expect(suffixesOf(bench, await bench.evaluateJson('keys', bench.key('m'), bench.key('n')))).toEqual(suffixes);
    },
  },
  {
    name: 'a deleted key is not in the range', source: RANGE,
    run: async (bench) => {
      await putAll(bench, ['d1', 'd2', 'd3']);
      await bench.submit('remove', bench.key('d2'));
      expect(suffixesOf(bench, await bench.evaluateJson('keys', bench.key('d'), bench.key('e')))).toEqual(['d1', 'd3']);
    },
  },
  {
    name: 'a range from the beginning shows no composite key', source: COMPOSITE,
    run: async (bench) => {
      await bench.submit('putComposite', JSON.stringify([bench.key('type'), 'x']), '1');
      const page = await bench.evaluateJson('page', '', '', '5', '') as Page;
      expect(page.keys.length).toBeGreaterThan(0);
      expect(page.keys.filter((key) => key.startsWith('\u0000'))).toEqual([]);
    },
  },
  {
    name: 'a partial composite key finds what begins with its parts, part by part', source: COMPOSITE,
    run: async (bench) => {
      const type = bench.key('lot');
      for (const parts of [['a', '1'], ['a', '2'], ['ab', '1'], ['b', '1']]) await bench.submit('putComposite', JSON.stringify([type, ...parts]), '1');
      expect(await bench.evaluateJson('partial', JSON.stringify([type, 'a']))).toEqual([['a', '1'], ['a', '2']]);
      expect(await bench.evaluateJson('partial', JSON.stringify([type]))).toHaveLength(4);
    },
  },
  {
    name: 'parts that look alike when joined are different keys', source: COMPOSITE,
    run: async (bench) => {
      const type = bench.key('pair');
      await bench.submit('putComposite', JSON.stringify([type, 'ab', 'c']), 'left');
      await bench.submit('putComposite', JSON.stringify([type, 'a', 'bc']), 'right');
      expect(await bench.evaluateJson('partial', JSON.stringify([type]))).toEqual([['a', 'bc'], ['ab', 'c']]);
    },
  },
  ...([
    ['U+0000', ['t', 'a\u0000b']], ['a lone surrogate', ['t', 'a\ud800']], ['U+0000 in the type', ['t\u0000x', 'a']],
  ] as const).map(([what, parts]): LedgerCase => ({
    name: `a part of a composite key with ${what} is refused`, source: COMPOSITE, needs: 'strictKeys',
    run: async (bench) => {
      await expect(bench.submit('putComposite', JSON.stringify(parts), '1')).rejects.toMatchObject({
        details: [{ message: expect.stringMatching(/^chaincode response 500, a part of a composite key contains/) as string }],
      });
    },
  })),
  {
    name: 'an empty key is refused', source: 'Fabric hides an empty key from ranges', needs: 'strictKeys',
    run: async (bench) => {
      await expect(bench.submit('put', '', 'x')).rejects.toMatchObject({ details: [{ message: expect.stringContaining('the key is empty') as string }] });
    },
  },
  {
    name: 'pages follow each other by bookmark; the last one has none', source: PAGES,
    run: async (bench) => {
      const suffixes = Array.from({ length: 7 }, (_, n) => `p~${n}`);
      await putAll(bench, suffixes);
      const first = await pageOf(bench, 3, '');
      const second = await pageOf(bench, 3, first.metadata!.bookmark);
      const third = await pageOf(bench, 3, second.metadata!.bookmark);
      expect([first, second, third].map((page) => suffixesOf(bench, page.keys))).toEqual([suffixes.slice(0, 3), suffixes.slice(3, 6), suffixes.slice(6)]);
      expect([first, second, third].map((page) => page.metadata)).toEqual([
        { fetchedRecordsCount: 3, bookmark: bench.key('p~3') }, { fetchedRecordsCount: 3, bookmark: bench.key('p~6') }, { fetchedRecordsCount: 1, bookmark: '' },
      ]);
    },
  },
  {
    name: 'a page that holds exactly the rest has no bookmark', source: PAGES,
    run: async (bench) => {
      await putAll(bench, ['p~0', 'p~1', 'p~2']);
      expect(await pageOf(bench, 3, '')).toMatchObject({ metadata: { fetchedRecordsCount: 3, bookmark: '' } });
    },
  },
  {
    name: 'an empty page is no error, and nothing is said about it', source: PAGES,
    run: async (bench) => { expect(await pageOf(bench, 3, '')).toEqual({ keys: [] }); },
  },
  {
    name: 'after a paginated query a transaction may not write', source: PAGES,
    run: async (bench) => {
      await putAll(bench, ['p~0', 'p~1', 'p~2']);
      await expect(bench.submit('pageThenPut', bench.key('p~'), bench.key('p~~'), bench.key('target'))).rejects.toMatchObject({
        name: 'EndorseError', details: [{ message: expect.stringContaining('Transaction has already performed a paginated query. Writes are not allowed') as string }],
      });
      expect(await bench.evaluate('get', bench.key('target'))).toBe('');
    },
  },
];
