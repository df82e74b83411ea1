import { describe, expect, test } from 'vitest';
import { fuzzCredentials } from './credential-fuzzer.js';
import { PUBLIC } from './public-knowledge.js';
import { accepts } from './second-verifier.js';

describe('twenty thousand broken credentials (a million: `npm run fuzz:credentials`)', async () => {
  const { texts, unchanged, refused } = await fuzzCredentials(20_000, 20_261_120);

  test('none is accepted, none breaks anything', () => expect(texts).toBe(20_000));

  test('they reach every stage and most of the codes, so the changes are neither too small nor too large', () => {
    expect(unchanged).toBeLessThan(2_000);
    expect(refused.size).toBeGreaterThan(60);
    const stages = new Set([...refused.keys()].map((fault) => fault.split(' ')[0]));
    expect([...stages].sort()).toEqual(expect.arrayContaining(['commitment', 'disclosures', 'format', 'header', 'key', 'payload', 'signature']));
  });
});

test('the second verifier says of three thousand others what the first says', async () => {
  const { disputed, unchanged } = await fuzzCredentials(3_000, 20_261_121, (around) => accepts(around, PUBLIC));
  expect(disputed).toEqual([]);
  expect(unchanged).toBeGreaterThan(50);
});
