/** What all labels of a job share once it is planned. */
import type { LabelLanguage } from './label-job.js';
import type { Media, PrinterDpi } from './media.js';
import type { Fonts } from './page-content.js';
import type { QrPlan } from './qr-symbol.js';
import { printableText, wrapText } from './printable-text.js';
import type { LabelWords } from './wording.js';

export interface LabelSetting {
  readonly jobId: string;
  readonly host: string;
  readonly language: LabelLanguage;
  readonly words: LabelWords;
  readonly media: Media;
  readonly dpi: PrinterDpi;
  readonly qr: QrPlan;
  /** Labels of the job. */
  readonly labels: number;
  /** Pages of the job, the test page among them. */
  readonly pages: number;
  readonly fonts: Fonts;
  /** {@link NameLines} of this job. */
  readonly nameLines: NameLines;
}

/** Lines of a product's name in bold, no wider than `width` ems and no more than `most`. */
export type NameLines = (name: string, width: number, most: number) => readonly string[];

const REMEMBERED = 64;
const LONGEST_REMEMBERED = 200;

/** Thousands of labels of a job bear few names: each is broken into lines once. */
export function nameLinesOf(fonts: Fonts): NameLines {
  const known = new Map<string, readonly string[]>();
  const measure = (text: string): number => fonts.bold.widthOf(text);
  return (name, width, most) => {
    const key = `${most} ${width} ${name}`;
    const found = known.get(key);
    if (found !== undefined) return found;
    const lines = wrapText(printableText(name), width, most, measure);
    if (known.size >= REMEMBERED) known.clear();
    if (name.length <= LONGEST_REMEMBERED) known.set(key, lines);
    return lines;
  };
}
