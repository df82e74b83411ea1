import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CrashGuard } from '../../../gateway/read-model/crash-guard.js';

let dir = '';
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'guard-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

describe('the crash guard', () => {
  it('trips at the fourth start if three did not get through, and counts anew then', async () => {
    const tripped: boolean[] = [];
    for (let start = 0; start < 6; start++) tripped.push((await CrashGuard.enter(dir)).tripped);
    expect(tripped).toEqual([false, false, false, true, false, false]);
  });

  it('forgets all when a start gets through', async () => {
    for (let start = 0; start < 10; start++) {
      const guard = await CrashGuard.enter(join(dir, 'made', 'if', 'missing'));
      expect(guard.tripped).toBe(false);
      if (start % 3 === 2) await guard.passed();
    }
  });

  it('does not count a start that found the store in use', async () => {
    for (let start = 0; start < 10; start++) {
      const guard = await CrashGuard.enter(dir);
      expect(guard.tripped).toBe(false);
      await guard.withdrawn();
    }
  });
});
