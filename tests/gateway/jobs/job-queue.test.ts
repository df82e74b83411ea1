import { describe, expect, it } from 'vitest';
import { isJobId, jobId, newestFirst } from '../../../gateway/jobs/job-id.js';
import { JobQueue } from '../../../gateway/jobs/job-queue.js';

interface Running {
  readonly id: string;
  readonly signal: AbortSignal;
  readonly end: (error?: Error) => void;
}

class Bench {
  readonly started: string[] = [];
  readonly faults: unknown[] = [];
  readonly running = new Map<string, Running>();
  readonly queue: JobQueue;

  constructor(atOnce = 2) {
    this.queue = new JobQueue({ atOnce, onFault: (error, id) => this.faults.push([id, String(error)]), run: (id, signal) => this.#run(id, signal) });
  }

  #run(id: string, signal: AbortSignal): Promise<void> {
    this.started.push(id);
    return new Promise((resolve, reject) => this.running.set(id, { id, signal, end: (error) => (error === undefined ? resolve() : reject(error)) }));
  }

  async end(id: string, error?: Error): Promise<void> {
    this.running.get(id)!.end(error);
    await this.queue.ended(id);
    await Promise.resolve();
  }
}

const turn = (): Promise<void> => new Promise(setImmediate);

describe('a queue of jobs', () => {
  it('runs the jobs of one owner one after the other', async () => {
    const bench = new Bench();
    for (const id of ['a1', 'a2', 'a3']) bench.queue.add('a', id);
    await turn();
    expect([bench.started, bench.queue.length('a')]).toEqual([['a1'], 3]);
    await bench.end('a1');
    await turn();
    expect(bench.started).toEqual(['a1', 'a2']);
  });

  it('lets owners take turns, so many at a time', async () => {
    const bench = new Bench(2);
    for (const id of ['a1', 'a2', 'a3']) bench.queue.add('a', id);
    for (const id of ['b1', 'b2']) bench.queue.add('b', id);
    bench.queue.add('c', 'c1');
    await turn();
    expect(bench.started).toEqual(['a1', 'b1']);
    await bench.end('a1');
    await turn();
    expect(bench.started).toEqual(['a1', 'b1', 'c1']);
    await bench.end('c1');
    await bench.end('b1');
    await turn();
    expect(new Set(bench.started.slice(3))).toEqual(new Set(['a2', 'b2']));
  });

  it('goes on after a fault, and tells of it', async () => {
    const bench = new Bench();
    bench.queue.add('a', 'a1');
    bench.queue.add('a', 'a2');
    await turn();
    await bench.end('a1', new Error('broken'));
    await turn();
    expect([bench.started, bench.faults]).toEqual([['a1', 'a2'], [['a1', 'Error: broken']]]);
  });

  it('survives a run that throws before it waits', async () => {
    const faults: string[] = [];
    const queue = new JobQueue({ atOnce: 1, onFault: (_error, id) => faults.push(id), run: () => { throw new Error('at once'); } });
    queue.add('a', 'a1');
    queue.add('a', 'a2');
    await queue.ended('a2');
    expect([faults, queue.length('a')]).toEqual([['a1', 'a2'], 0]);
  });

  it('at the end tells what runs to stop, starts nothing more, and lets go whoever waits', async () => {
    const bench = new Bench(1);
    bench.queue.add('a', 'a1');
    bench.queue.add('a', 'a2');
    await turn();
    const waiting = bench.queue.ended('a2');
    const closing = bench.queue.close();
    expect(bench.running.get('a1')!.signal.aborted).toBe(true);
    bench.running.get('a1')!.end();
    await Promise.all([closing, waiting]);
    expect(bench.started).toEqual(['a1']);
  });

  it('does not wait for a job it does not have', async () => {
    await expect(new Bench().queue.ended('none')).resolves.toBeUndefined();
  });
});

describe('names of jobs', () => {
  const bytes = (fill: number) => (length: number): Uint8Array => new Uint8Array(length).fill(fill);

  it('sort as the jobs were made, and the other way round', () => {
    const ids = [0, 1, 255, 1_800_000_000_000, 1_800_000_000_001].map((now) => jobId(now, bytes(now % 251)));
    expect(ids.toSorted()).toEqual(ids);
    expect(ids.toSorted((a, b) => (newestFirst(a) < newestFirst(b) ? -1 : 1))).toEqual(ids.toReversed());
    expect(ids.every(isJobId)).toBe(true);
  });

  it.each(['', '0'.repeat(31), '0'.repeat(33), 'G'.repeat(32), `${'0'.repeat(31)}/`])('%j is none', (text) => {
    expect(isJobId(text)).toBe(false);
  });
});
