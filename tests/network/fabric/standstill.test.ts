/** When an orderer counts as locked up. */
import { describe, expect, test } from 'vitest';
import { Standstill } from '../../../network/fabric/standstill.js';

/** Seconds, height, requests that wait, number of the process; or seconds alone: nothing was seen. */
type Look = readonly [at: number, height?: number, waiting?: number, pid?: number];

/** Seconds at which it would have been started again. */
function startedAgain(looks: readonly Look[]): number[] {
  const standstill = new Standstill();
  return looks.filter(([at, height, waiting = 0, pid = 1]) => {
    const lasts = standstill.lasts(height === undefined ? undefined : { height, waiting, pid }, at * 1000);
    if (lasts) standstill.startsAgain(at * 1000);
    return lasts;
  }).map(([at]) => at);
}

const every5 = (from: number, to: number, ...seen: [height?: number, waiting?: number, pid?: number]): Look[] => Array.from({ length: (to - from) / 5 + 1 }, (_, index) => [from + 5 * index, ...seen]);

describe('an orderer', () => {
  test.each<[what: string, looks: readonly Look[], times: readonly number[]]>([
    ['that has nothing to do', every5(0, 600, 7, 0), []],
    ['that orders', Array.from({ length: 100 }, (_, index): Look => [5 * index, index, 40]), []],
    ['that does not answer', every5(0, 600), []],
    ['whose leader is dead for 25 seconds', [...every5(0, 25, 7, 9), ...every5(30, 60, 8, 0)], []],
    ['that has requests and makes no block', every5(0, 40, 7, 84), [30]],
    ['whose requests came late', [...every5(0, 100, 7, 0), ...every5(105, 145, 7, 1)], [130]],
    ['that was not seen in between is looked at afresh', [...every5(0, 25, 7, 3), ...every5(30, 30), ...every5(35, 65, 7, 3)], [65]],
    ['that somebody else started anew is looked at afresh', [...every5(0, 25, 7, 3, 1), ...every5(30, 60, 7, 3, 2)], [60]],
    ['that stands still again and again is started less and less often', every5(0, 2000, 7, 3), [30, 90, 210, 450, 930, 1410, 1890]],
    ['that stands still as another process is started less often, too', [...every5(0, 30, 7, 3, 1), ...every5(35, 35), ...every5(40, 100, 7, 3, 2)], [30, 100]],
    ['that has moved in between is looked at afresh', [...every5(0, 30, 7, 3), ...every5(35, 70, 8, 3)], [30, 65]],
  ])('%s', (_what, looks, times) => {
    expect(startedAgain(looks)).toEqual(times);
  });
});
