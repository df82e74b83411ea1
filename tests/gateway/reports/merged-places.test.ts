import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergedPlaces } from '../../../gateway/reports/merged-places.js';

/** A list that tells when nobody holds it any more. */
async function* listOf(places: readonly string[], onEnd: () => void): AsyncGenerator<string> {
  try {
    yield* places;
  } finally {
    onEnd();
  }
}

async function merge(lists: readonly (readonly string[])[], most = Infinity): Promise<{ places: string[]; ended: number }> {
  let ended = 0;
  const places: string[] = [];
  for await (const place of mergedPlaces(lists.map((list) => listOf(list, () => { ended++; })))) {
    places.push(place);
    if (places.length >= most) break;
  }
  return { places, ended };
}

describe('lists read as one', () => {
  it('come in order, all of them, and every list is let go', async () => {
    await fc.assert(fc.asyncProperty(fc.uniqueArray(fc.tuple(fc.stringMatching(/^[0-9a-f]{3}$/), fc.nat(3)), { selector: ([place]) => place, maxLength: 40 }), async (entries) => {
      const lists = [0, 1, 2, 3].map((list) => entries.filter(([, own]) => own === list).map(([place]) => place).sort());
      expect(await merge(lists)).toEqual({ places: entries.map(([place]) => place).sort(), ended: 4 });
    }));
  });

  it.each([0, 1, 3])('are let go when somebody stops after %i', async (most) => {
    expect((await merge([['a', 'c'], ['b', 'd'], []], Math.max(1, most))).ended).toBe(3);
  });

  it('none at all is none', async () => expect(await merge([])).toEqual({ places: [], ended: 0 }));
});
