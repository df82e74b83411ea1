import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Problem } from '#domain/errors.js';
import { readJob } from '../../../gateway/labels/check-job.js';
import { drawDrumLabel } from '../../../gateway/labels/drum-label.js';
import { drawItemLabel } from '../../../gateway/labels/item-label.js';
import { LEAST_DIAGONAL } from '../../../gateway/labels/hazard-mark.js';
import { planJob } from '../../../gateway/labels/job-plan.js';
import { GHS_PICTOGRAMS, type ItemLabel, type Label, type LabelJob } from '../../../gateway/labels/label-job.js';
import type { LabelSetting } from '../../../gateway/labels/label-setting.js';
import { labelFrame, type Frame, type MediaName } from '../../../gateway/labels/media.js';
import { PageContent, type TextRun } from '../../../gateway/labels/page-content.js';
import { drawFooter } from '../../../gateway/labels/page-footer.js';
import { PdfDocument } from '../../../gateway/labels/pdf-document.js';
import { QUIET_ZONE, type Modules } from '../../../gateway/labels/qr-symbol.js';
import { drawTestPage } from '../../../gateway/labels/test-page.js';
import { drawUnitLabel } from '../../../gateway/labels/unit-label.js';
import { POINT } from '../../../gateway/labels/typography.js';
import { GTIN, HOSTILE_NAMES, jobOf, pallet, STEM } from './sample-labels.js';

/** Notes where things are drawn: letters from the height of an accent to that of a descender, symbols with their quiet zone. */
class NotingContent extends PageContent {
  readonly texts: (Frame & { readonly text: string })[] = [];
  readonly symbols: Frame[] = [];
  readonly diagonals: number[] = [];

  override text(run: TextRun): this {
    const size = run.size * POINT;
    this.texts.push({ text: run.text, x: run.x, y: run.y - 0.74 * size, width: this.widthOf(run.text, run.face, run.size), height: 0.96 * size });
    return super.text(run);
  }

  override modules(modules: Modules, x: number, y: number, module: number): this {
    const quiet = quietZone(modules) * module;
    const side = modules.size * module + 2 * quiet;
    this.symbols.push({ x: x - quiet, y: y - quiet, width: side, height: side });
    return super.modules(modules, x, y, module);
  }

  override drawing(operators: string, x: number, y: number, unit: number): this {
    this.diagonals.push(100 * unit);
    this.symbols.push({ x: x - 50 * unit, y: y - 50 * unit, width: 100 * unit, height: 100 * unit });
    return super.drawing(operators, x, y, unit);
  }
}

/** A QR code has an odd size and begins with a finder pattern, a DataMatrix has an even one; anything else is a pattern to look at. */
function quietZone({ size, data }: Modules): number {
  if (size % 2 === 0) return 1;
  return [1, 1, 1, 1, 1, 1, 1, 0].every((dark, at) => data[at] === dark) ? QUIET_ZONE : 0;
}

const ROUNDING = 0.02;

function overlap(a: Frame, b: Frame): boolean {
  return a.x + ROUNDING < b.x + b.width && b.x + ROUNDING < a.x + a.width && a.y + ROUNDING < b.y + b.height && b.y + ROUNDING < a.y + a.height;
}

function isInside(frame: Frame, outer: Frame): boolean {
  return frame.x >= outer.x - ROUNDING && frame.y >= outer.y - ROUNDING && frame.x + frame.width <= outer.x + outer.width + ROUNDING && frame.y + frame.height <= outer.y + outer.height + ROUNDING;
}

function drawnOver({ texts, symbols }: NotingContent): unknown[] {
  const all = [...texts, ...symbols];
  return all.flatMap((one, at) => all.slice(at + 1).filter((other) => overlap(one, other)).map((other) => [one, other]));
}

function drawLabel(content: PageContent, label: Label, frame: Frame, setting: LabelSetting): void {
  if (label.kind === 'unit') drawUnitLabel(content, label, frame, setting);
  else if (setting.media.hazard === 'field') drawDrumLabel(content, label, frame, setting);
  else drawItemLabel(content, label, frame, setting);
}

/** The noted first label of a job with its job line; `undefined` when the job is refused for want of room. */
function noted(job: LabelJob): { readonly content: NotingContent; readonly frame: Frame } | undefined {
  try {
    const reading = readJob(job);
    const { fonts } = new PdfDocument({ title: 'x', language: 'vi', page: reading.media.page });
    const setting = planJob(job, reading, fonts);
    const content = new NotingContent(fonts);
    const frame = labelFrame(setting.media, 0);
    drawLabel(content, job.labels[0]!, frame, setting);
    if (setting.media.jobLine > 0) drawFooter(content, 2, setting);
    return { content, frame };
  } catch (error) {
    if (error instanceof Problem && /^LABEL_(TEXT|LINK|HAZARD)_/.test(error.code)) return undefined;
    throw error;
  }
}

const languages = fc.constantFrom('vi' as const, 'en' as const);
const printers = fc.constantFrom(undefined, 203 as const, 300 as const, 600 as const);
const identifier = fc.oneof(fc.stringMatching(/^[A-Z0-9]{1,20}$/), fc.constant('W'.repeat(20)), fc.constant('0'));
const words = fc.oneof(fc.constantFrom(...HOSTILE_NAMES, 'Gạo ST25', 'Trà xanh Shan tuyết cổ thụ Suối Giàng hộp 100 g'), fc.string({ unit: 'binary', minLength: 1, maxLength: 120 }).map((text) => `Ệ${text}`));
const hazards = fc.record({ signalWord: fc.constantFrom('danger' as const, 'warning' as const), pictograms: fc.subarray([...GHS_PICTOGRAMS]), unNumber: fc.constant('1789') });
const items = fc.record({ productName: words, brand: words, netQuantity: fc.constantFrom('25 kg', '1.000 ml', 'một trăm gam'), lot: identifier, serial: identifier, hazard: fc.option(hazards, { nil: undefined }) })
  .map(({ hazard, ...fields }): ItemLabel => ({
    kind: 'item', gtin: GTIN, expiry: '2027-12-31', link: `${STEM}/01/${GTIN}/10/${fields.lot}/21/${fields.serial}`, ...fields, ...(hazard === undefined ? {} : { hazard }),
  }));

describe('nothing stands on anything else, and nothing leaves its label', () => {
  test.each([
    { media: 'a4-24', hazards: true }, { media: 'a4-40', hazards: false }, { media: 'a4-65', hazards: false }, { media: 'roll-60x40', hazards: true }, { media: 'a6-logistic', hazards: true },
  ] as const)('$media', ({ media, hazards: shown }) => {
    let drawn = 0;
    fc.assert(fc.property(items, languages, printers, ({ hazard, ...item }, language, dpi) => {
      const label: ItemLabel = shown && hazard !== undefined ? { ...item, hazard } : item;
      const result = noted(jobOf(media, [label], { language, ...(dpi === undefined ? {} : { dpi }) }));
      if (result === undefined) return;
      drawn++;
      expect(drawnOver(result.content)).toEqual([]);
      expect(result.content.diagonals.filter((diagonal) => diagonal < LEAST_DIAGONAL - ROUNDING)).toEqual([]);
      expect([...result.content.texts, ...result.content.symbols].filter((part) => !isInside(part, result.frame))).toEqual([]);
    }), { numRuns: 120 });
    expect(drawn).toBeGreaterThan(40);
  });

  test('logistic units', () => {
    fc.assert(fc.property(words, words, words, fc.constantFrom(203 as const, 300 as const, 600 as const), (shipFrom, shipTo, contents, dpi) => {
      const { content, frame } = noted(jobOf('a6-logistic', [pallet({ shipFrom, shipTo, contents })], { dpi }))!;
      expect(drawnOver(content)).toEqual([]);
      expect([...content.texts, ...content.symbols].filter((part) => !isInside(part, frame))).toEqual([]);
    }), { numRuns: 60 });
  });
});

describe('identifiers are printed whole, whatever else gives way', () => {
  test.each(['a4-24', 'a4-40', 'a4-65', 'roll-60x40', 'a6-logistic'] as const)('%s', (media: MediaName) => {
    fc.assert(fc.property(items, (item) => {
      const { hazard, ...label } = item;
      const result = noted(jobOf(media, [media === 'a4-40' || media === 'a4-65' || hazard === undefined ? label : item]));
      if (result === undefined) return;
      const text = result.content.texts.map((run) => run.text).join('').replaceAll(' ', '');
      expect(text).toContain(`(01)${GTIN}`);
      expect(text).toContain(`(10)${label.lot}(21)${label.serial}`);
      expect(text).toContain('id.example.vn');
    }), { numRuns: 40 });
  });
});

describe('test pages', () => {
  const hosts = ['a.vn', 'id.minhchung.example.vn', `${'w'.repeat(60)}.example.vn`];
  test.each(['a4-24', 'a4-40', 'a4-65', 'roll-60x40', 'a6-logistic'] as const)('%s: nothing over anything else, nothing outside', (media) => {
    for (const host of hosts) {
      for (const language of ['vi', 'en'] as const) {
        const job = jobOf(media, [{ kind: 'item', gtin: GTIN, productName: 'Trà', link: `HTTPS://${host.toUpperCase()}/01/${GTIN}` }], { host, language, jobId: 'W'.repeat(40) });
        const reading = readJob(job);
        const { fonts } = new PdfDocument({ title: 'x', language, page: reading.media.page });
        const setting = planJob(job, reading, fonts);
        const content = new NotingContent(fonts);
        drawTestPage(content, setting);
        drawFooter(content, 1, setting);
        expect(drawnOver(content)).toEqual([]);
        expect(content.texts.filter((part) => !isInside(part, { x: 0, y: 0, ...setting.media.page }))).toEqual([]);
      }
    }
  });
});
