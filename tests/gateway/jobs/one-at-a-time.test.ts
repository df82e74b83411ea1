import { expect, it } from 'vitest';
import { OneAtATime } from '../../../gateway/jobs/one-at-a-time.js';

it('lets one piece of work under a key end before the next begins, whatever came of it, and others go on', async () => {
  const turns = new OneAtATime();
  const seen: string[] = [];
  let endFirst: () => void = () => undefined;
  const held = new Promise<void>((resolve) => { endFirst = resolve; });
  const work = (name: string, until: Promise<void> = Promise.resolve()) => async (): Promise<string> => {
    seen.push(`${name} begins`);
    await until;
    seen.push(`${name} ends`);
    return name;
  };
  const first = turns.run('a', work('a1', held));
  const failing = turns.run('a', async () => { seen.push('a2 fails'); throw new RangeError('no'); });
  const third = turns.run('a', work('a3'));
  expect(await turns.run('b', work('b1'))).toBe('b1');
  endFirst();
  await expect(failing).rejects.toThrow('no');
  expect(await Promise.all([first, third])).toEqual(['a1', 'a3']);
  expect(seen).toEqual(['a1 begins', 'b1 begins', 'b1 ends', 'a1 ends', 'a2 fails', 'a3 begins', 'a3 ends']);
});
