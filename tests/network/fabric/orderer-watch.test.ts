/** When an orderer counts as locked up. */
import { describe, expect, test } from 'vitest';
import { Standstill, type OrdererSight } from '../../../network/fabric/orderer-watch.js';

/** Seconds, height, requests that wait. */
type Look = readonly [at: number, height: number, waiting: number];

/** Seconds at which it would have been started again. */
function startedAgain(looks: readonly Look[]): number[] {
  const standstill = new Standstill();
  return looks.filter(([at, height, waiting]) => standstill.lasts({ height, waiting } satisfies OrdererSight, at * 1000)).map(([at]) => at);
}

const every5 = (from: number, to: number, height: number, waiting: number): Look[] => Array.from({ length: (to - from) / 5 + 1 }, (_, index) => [from + 5 * index, height, waiting]);

describe('an orderer', () => {
  test.each<[what: string, looks: readonly Look[], times: readonly number[]]>([
    ['that has nothing to do', every5(0, 600, 7, 0), []],
    ['that orders', Array.from({ length: 100 }, (_, index): Look => [5 * index, index, 40]), []],
    ['whose leader is dead for 25 seconds', [...every5(0, 25, 7, 9), ...every5(30, 60, 8, 0)], []],
    ['that has requests and makes no block', every5(0, 40, 7, 84), [30]],
    ['whose requests came late', [...every5(0, 100, 7, 0), ...every5(105, 145, 7, 1)], [130]],
    ['that stands still again and again is started less and less often', every5(0, 1300, 7, 3), [30, 90, 210, 450, 750, 1050]],
    ['that has moved in between is looked at afresh', [...every5(0, 30, 7, 3), ...every5(35, 70, 8, 3)], [30, 65]],
  ])('%s', (_what, looks, times) => {
    expect(startedAgain(looks)).toEqual(times);
  });
});
