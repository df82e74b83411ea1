/** The label of a logistic unit on A6, in the three blocks of the GS1 Logistic Label: free text, data in words, bar code. */
import { barsWidth, GS1_128_QUIET_ZONE, LEAST_SSCC_MODULE, ssccBars, SSCC_HEIGHT } from './gs1-symbols.js';
import type { UnitLabel } from './label-job.js';
import type { LabelSetting } from './label-setting.js';
import { dotPitch, type Frame } from './media.js';
import type { PageContent } from './page-content.js';
import { isCut, printableText, sizeToFit, wrapText } from './printable-text.js';
import { qrModules, QUIET_ZONE } from './qr-symbol.js';
import { CAP_HEIGHT, LEADING, POINT } from './typography.js';

const MARGIN = 6;
const GAP = 3;
const CAPTION = 8;
/** Points; capitals and digits are then 3 mm high, the least under a bar code on a logistic unit. */
const READABLE = 12;

/** Size in points, and the most lines. */
interface BlockStyle {
  readonly size: number;
  readonly lines: number;
}

/** An address cut short finds nobody: smaller type comes first, and above the code there is room for it. */
const ADDRESS: readonly [BlockStyle, BlockStyle] = [{ size: 10, lines: 4 }, { size: 8.5, lines: 6 }];
const CONTENTS: readonly [BlockStyle, BlockStyle] = [{ size: 11, lines: 3 }, { size: 8.5, lines: 4 }];

interface Block {
  readonly caption: string;
  readonly text: string | undefined;
}

/** Draws a label into its frame. */
export function drawUnitLabel(content: PageContent, label: UnitLabel, frame: Frame, setting: LabelSetting): void {
  const inner: Frame = { x: frame.x + MARGIN, y: frame.y + MARGIN, width: frame.width - 2 * MARGIN, height: 0 };
  const barTop = frame.y + frame.height - setting.media.jobLine - 2.1 - READABLE * POINT - SSCC_HEIGHT;
  content.ink('black');
  const { from, to, contents } = setting.words;
  const addressed = drawBlocks(content, [{ caption: from, text: label.shipFrom }, { caption: to, text: label.shipTo }], ADDRESS, inner);
  rule(content, inner, addressed);
  const named = drawBlocks(content, [{ caption: contents, text: label.contents }], CONTENTS, { ...inner, y: addressed + GAP });
  rule(content, inner, named);
  drawCode(content, label, { ...inner, y: named, height: barTop - GAP - named }, setting);
  drawBars(content, label.sscc, { ...frame, y: barTop }, setting);
}

function rule(content: PageContent, inner: Frame, y: number): void {
  content.rect({ x: inner.x, y, width: inner.width, height: 0.4 });
}

/** Blocks beside each other, in the larger type where all of them stand whole in it; returns where they end. */
function drawBlocks(content: PageContent, blocks: readonly Block[], [large, small]: readonly [BlockStyle, BlockStyle], inner: Frame): number {
  const width = (inner.width - (blocks.length - 1) * GAP) / blocks.length;
  const setIn = (style: BlockStyle): string[][] => blocks.map(({ text }) => blockLines(content, text, width, style));
  const inLarge = setIn(large);
  const [lines, { size }] = inLarge.some(isCut) ? [setIn(small), small] : [inLarge, large];
  const ends = blocks.map(({ caption }, at) => drawBlock(content, caption, lines[at] ?? [], { x: inner.x + at * (width + GAP), y: inner.y, size }));
  return Math.max(...ends);
}

function blockLines({ fonts }: PageContent, text: string | undefined, width: number, { size, lines }: BlockStyle): string[] {
  return wrapText(printableText(text ?? '') || '–', width / (size * POINT), lines, (part) => fonts.bold.widthOf(part));
}

/** A caption with its text below; returns where the block ends. */
function drawBlock(content: PageContent, caption: string, lines: readonly string[], at: { readonly x: number; readonly y: number; readonly size: number }): number {
  const { size } = at;
  let y = at.y + CAPTION * POINT * CAP_HEIGHT;
  content.text({ x: at.x, y, text: caption, face: 'regular', size: CAPTION });
  y += 1;
  for (const line of lines) {
    y += size * POINT * LEADING;
    content.text({ x: at.x, y, text: line, face: 'bold', size });
  }
  return y + GAP;
}

/** The QR code with the number in large figures and the invitation to check beside it. */
function drawCode(content: PageContent, label: UnitLabel, field: Frame, setting: LabelSetting): void {
  const { qr, words, host } = setting;
  const dot = dotPitch(setting.dpi);
  const dark = qr.box - 2 * QUIET_ZONE * qr.module;
  const x = Math.round(field.x / dot) * dot;
  const y = Math.round((field.y + (field.height - dark) / 2) / dot) * dot;
  content.modules(qrModules(label.link, qr.version), x, y, qr.module);
  const left = x + dark + Math.max(QUIET_ZONE * qr.module, GAP);
  const width = field.x + field.width - left;
  const bold = (text: string): number => content.fonts.bold.widthOf(text);
  content.text({ x: left, y: y + CAPTION * POINT * CAP_HEIGHT, text: 'SSCC', face: 'regular', size: CAPTION });
  const size = sizeToFit(label.sscc, 14, width / POINT, bold);
  content.text({ x: left, y: y + CAPTION * POINT * CAP_HEIGHT + size * POINT * LEADING + 1, text: label.sscc, face: 'bold', size });
  content.text({ x: left, y: y + dark - 10 * POINT * LEADING, text: words.scan, face: 'regular', size: 10 });
  content.text({ x: left, y: y + dark, text: host, face: 'bold', size: sizeToFit(host, 10, width / POINT, bold) });
}

function drawBars(content: PageContent, sscc: string, frame: Frame, setting: LabelSetting): void {
  const dot = dotPitch(setting.dpi);
  const module = Math.ceil(LEAST_SSCC_MODULE / dot) * dot;
  const bars = ssccBars(sscc);
  const width = barsWidth(bars) * module;
  const quiet = GS1_128_QUIET_ZONE * module;
  const x = Math.max(quiet, Math.round((frame.x + (frame.width - width) / 2) / dot) * dot);
  content.bars(bars, { x, y: frame.y }, module, SSCC_HEIGHT);
  const y = frame.y + SSCC_HEIGHT + 1 + READABLE * POINT * CAP_HEIGHT;
  content.textAround({ x: x + width / 2, y, text: `(00)${sscc}`, face: 'regular', size: READABLE });
}
