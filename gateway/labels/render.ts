/** A print job becomes a PDF, page after page, at the pace of whoever takes it. */
import { pipeline } from 'node:stream/promises';
import { setImmediate as turn } from 'node:timers/promises';
import type { Writable } from 'node:stream';
import { readJob } from './check-job.js';
import { drawDrumLabel } from './drum-label.js';
import { drawItemLabel } from './item-label.js';
import { planJob } from './job-plan.js';
import type { Label, LabelJob } from './label-job.js';
import type { LabelSetting } from './label-setting.js';
import { labelFrame, labelsPerPage, type Frame } from './media.js';
import type { PageContent } from './page-content.js';
import { drawFooter } from './page-footer.js';
import { PdfDocument } from './pdf-document.js';
import { drawTestPage } from './test-page.js';
import { drawUnitLabel } from './unit-label.js';

/** Bytes gathered before they are handed on. */
const CHUNK = 64 * 1024;

/** The name under which a job's file is offered, e.g. `labels-2026-11-20-001.pdf`. */
export function labelFileName(job: LabelJob): string {
  return `labels-${job.jobId}.pdf`;
}

/**
 * Writes a job as PDF into `output` and ends it. The first page is a print test, every page carries job, page and
 * range of labels. Memory does not grow with the number of labels beyond a few hundred bytes for each page.
 *
 * @param job read and refused as a whole before the first byte is written
 * @param output any writable; its pace is kept
 * @returns what was written, e.g. `{ pages: 43, labels: 1000 }`, when the output has taken all of it
 * @throws Problem the codes of `readJob` and `planJob`; whatever `output` fails with
 */
export async function renderLabels(job: LabelJob, output: Writable): Promise<{ pages: number; labels: number }> {
  const reading = readJob(job);
  const document = new PdfDocument({ title: labelFileName(job), language: job.language, page: reading.media.page });
  const setting = planJob(job, reading, document.fonts);
  await pipeline(chunks(document, job.labels, setting), output);
  return { pages: setting.pages, labels: setting.labels };
}

async function* chunks(document: PdfDocument, labels: readonly Label[], setting: LabelSetting): AsyncGenerator<Buffer> {
  let gathered: Buffer[] = [];
  let size = 0;
  for (let page = 1; page <= setting.pages; page++) {
    document.addPage((content) => drawPage(content, page, labels, setting));
    const bytes = document.take();
    if (bytes === undefined) continue;
    gathered.push(bytes);
    size += bytes.length;
    if (size < CHUNK) continue;
    yield Buffer.concat(gathered);
    [gathered, size] = [[], 0];
    // Others in this process get their turn even when the output never holds back.
    await turn();
  }
  document.end();
  yield Buffer.concat([...gathered, document.take() ?? Buffer.alloc(0)]);
}

function drawPage(content: PageContent, page: number, labels: readonly Label[], setting: LabelSetting): void {
  if (page === 1) drawTestPage(content, setting);
  else drawLabels(content, page - 2, labels, setting);
  drawFooter(content, page, setting);
}

function drawLabels(content: PageContent, sheet: number, labels: readonly Label[], setting: LabelSetting): void {
  const perPage = labelsPerPage(setting.media);
  const first = sheet * perPage;
  const last = Math.min(first + perPage, labels.length);
  for (let at = first; at < last; at++) {
    const label = labels[at];
    if (label !== undefined) drawLabel(content, label, labelFrame(setting.media, at - first), setting);
  }
}

function drawLabel(content: PageContent, label: Label, frame: Frame, setting: LabelSetting): void {
  if (label.kind === 'unit') drawUnitLabel(content, label, frame, setting);
  else if (setting.media.hazard === 'field') drawDrumLabel(content, label, frame, setting);
  else drawItemLabel(content, label, frame, setting);
}
