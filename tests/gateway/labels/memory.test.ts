import { Writable } from 'node:stream';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { renderLabels } from '../../../gateway/labels/render.js';
import { jobOf, tea } from './sample-labels.js';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Bytes alive, after what is dead has been cleared away. */
function alive(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

/** Notes the live heap as bytes of the file go by: after `first` bytes, and at the end. */
class HeapGauge extends Writable {
  bytes = 0;
  begin: { bytes: number; heap: number } | undefined;
  readonly first = 400_000;

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.bytes += chunk.length;
    if (this.begin === undefined && this.bytes > this.first) this.begin = { bytes: this.bytes, heap: alive() };
    done();
  }
}

test('a page that has been written leaves less than 900 bytes behind', async () => {
  const pages = 4000;
  const job = jobOf('roll-60x40', Array.from({ length: pages }, (_, at) => tea(at)));
  let end = 0;
  const gauge = new HeapGauge();
  gauge.on('prefinish', () => { end = alive(); });
  await renderLabels(job, gauge);
  const bytesPerPage = gauge.bytes / pages;
  const between = pages - gauge.begin!.bytes / bytesPerPage;
  expect(bytesPerPage).toBeGreaterThan(1000);
  expect((end - gauge.begin!.heap) / between).toBeLessThan(900);
});
