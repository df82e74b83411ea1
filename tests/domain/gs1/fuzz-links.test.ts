import { describe, expect, test } from 'vitest';
import { fuzzLinks } from './link-fuzzer.js';

describe('fifty thousand broken links (a million: `npm run fuzz:links`)', () => {
  const { links, read, refused } = fuzzLinks(50_000, 20_261_120);

  test('are all read for certain or refused with a code', () => expect(links).toBe(50_000));

  test('reach both answers and most of the codes, so the changes are neither too small nor too large', () => {
    expect(read).toBeGreaterThan(1_000);
    expect(refused.size).toBeGreaterThan(25);
  });
});
