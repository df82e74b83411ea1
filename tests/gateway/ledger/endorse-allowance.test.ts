import { describe, expect, it } from 'vitest';
import { endorseAllowance } from '../../../gateway/ledger/endorse-allowance.js';

describe('the time for an endorsement', () => {
  it.each<[what: string, leastMs: number, bytes: number, ms: number]>([
    ['of nothing', 5000, 0, 5000],
    ['of one serial', 5000, 90, 5090],
    ['of a thousand serials', 5000, 15_000, 20_000],
    ['of more than a peer takes the time for', 5000, 4_000_000, 30_000],
    ['that was asked for is never shortened', 60_000, 10, 60_000],
  ])('%s', (_what, leastMs, bytes, ms) => {
    expect(endorseAllowance(leastMs, bytes)).toBe(ms);
  });
});
