/** How fast label sheets are made, beside the work that nothing can save: making the QR codes on them. */
import { create } from 'qrcode';
import { Writable } from 'node:stream';
import type { ItemLabel, LabelJob } from '../gateway/labels/label-job.js';
import { renderLabels } from '../gateway/labels/render.js';
import type { BenchRow } from './bench-row.js';

const SHEETS = 60;
const PER_SHEET = 24;
const TURNS = 5;
const HOST = 'id.example.vn';

function itemLabel(number: number): ItemLabel {
  const serial = `7QK2M9ZD${String(number).padStart(5, '0')}`;
  return {
    kind: 'item', gtin: '09520000000011', lot: 'LO26-0417', serial, expiry: '2027-12-31', brand: 'Trà Suối Giàng',
    productName: 'Trà xanh Shan Tuyết cổ thụ Suối Giàng', netQuantity: '200 g',
    link: `HTTPS://${HOST.toUpperCase()}/01/09520000000011/10/LO26-0417/21/${serial}`,
  };
}

/** A job of a4-24 sheets, every label with a serial of its own. */
export function benchJob(labels: number, media: LabelJob['media'] = 'a4-24'): LabelJob {
  return { jobId: 'bench', media, host: HOST, language: 'vi', labels: Array.from({ length: labels }, (_, number) => itemLabel(number)) };
}

class Counter extends Writable {
  bytes = 0;
  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.bytes += chunk.length;
    done();
  }
}

function codesAlone(job: LabelJob): number {
  const from = performance.now();
  for (const { link } of job.labels) create([{ data: link, mode: 'alphanumeric' }], { errorCorrectionLevel: 'M' });
  return performance.now() - from;
}

async function rendered(job: LabelJob): Promise<{ ms: number; bytes: number }> {
  const output = new Counter();
  const from = performance.now();
  await renderLabels(job, output);
  return { ms: performance.now() - from, bytes: output.bytes };
}

/** Sheets per second, the share of the time that is the QR library's own, and the size of a label in the file. */
export async function bench(): Promise<readonly BenchRow[]> {
  const job = benchJob(SHEETS * PER_SHEET);
  let codesMs = Infinity;
  let sheetsMs = Infinity;
  let bytes = 0;
  // In turn, and the best of each: what else the machine does then meets both alike. The first turn warms up.
  for (let turn = 0; turn < TURNS; turn++) {
    codesMs = Math.min(codesMs, codesAlone(job));
    const run = await rendered(job);
    sheetsMs = Math.min(sheetsMs, run.ms);
    ({ bytes } = run);
  }
  return [
    { name: 'label sheets (A4, 24 labels)', value: (SHEETS * 1000) / sheetsMs, unit: 'sheets/s' },
    { name: 'labels', value: (SHEETS * PER_SHEET * 1000) / sheetsMs, unit: 'labels/s' },
    { name: 'qrcode alone', value: (SHEETS * PER_SHEET * 1000) / codesMs, unit: 'codes/s' },
    { name: 'labels against qrcode alone', value: codesMs / sheetsMs, unit: 'ratio' },
    { name: 'label in the file', value: bytes / (SHEETS * PER_SHEET), unit: 'bytes' },
  ];
}
