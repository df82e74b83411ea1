/** The label of a logistic unit on A6, in the three blocks of the GS1 Logistic Label: free text, data in words, bar code. */
import { barsWidth, GS1_128_QUIET_ZONE, LEAST_SSCC_MODULE, ssccBars, SSCC_HEIGHT } from './gs1-symbols.js';
import type { UnitLabel } from './label-job.js';
import type { LabelSetting } from './label-setting.js';
import { dotPitch, type Frame } from './media.js';
import type { PageContent } from './page-content.js';
import { printableText, sizeToFit, wrapText } from './printable-text.js';
import { qrModules, QUIET_ZONE } from './qr-symbol.js';
import { CAP_HEIGHT, LEADING, POINT } from './typography.js';

const MARGIN = 6;
const GAP = 3;
const CAPTION = 8;
/** Points; capitals and digits are then 3 mm high, the least under a bar code on a logistic unit. */
const READABLE = 12;
const ADDRESS_LINES = 4;
const CONTENTS_LINES = 3;

interface Block {
  readonly caption: string;
  readonly text: string | undefined;
  readonly lines: number;
  readonly size: number;
}

/** Draws a label into its frame. */
export function drawUnitLabel(content: PageContent, label: UnitLabel, frame: Frame, setting: LabelSetting): void {
  const inner: Frame = { x: frame.x + MARGIN, y: frame.y + MARGIN, width: frame.width - 2 * MARGIN, height: 0 };
  const barTop = frame.y + frame.height - setting.media.jobLine - 2.1 - READABLE * POINT - SSCC_HEIGHT;
  content.ink('black');
  const addressed = drawAddresses(content, label, inner, setting);
  rule(content, inner, addressed);
  const named = drawBlock(content, { caption: setting.words.contents, text: label.contents, lines: CONTENTS_LINES, size: 11 }, { ...inner, y: addressed + GAP });
  rule(content, inner, named);
  drawCode(content, label, { ...inner, y: named, height: barTop - GAP - named }, setting);
  drawBars(content, label.sscc, { ...frame, y: barTop }, setting);
}

function rule(content: PageContent, inner: Frame, y: number): void {
  content.rect({ x: inner.x, y, width: inner.width, height: 0.4 });
}

function drawAddresses(content: PageContent, label: UnitLabel, inner: Frame, { words }: LabelSetting): number {
  const width = (inner.width - GAP) / 2;
  const block = { lines: ADDRESS_LINES, size: 10 };
  const from = drawBlock(content, { ...block, caption: words.from, text: label.shipFrom }, { ...inner, width });
  const to = drawBlock(content, { ...block, caption: words.to, text: label.shipTo }, { ...inner, x: inner.x + width + GAP, width });
  return Math.max(from, to);
}

/** A caption with its text below; returns where the block ends. */
function drawBlock(content: PageContent, { caption, text, lines, size }: Block, at: Frame): number {
  let y = at.y + CAPTION * POINT * CAP_HEIGHT;
  content.text({ x: at.x, y, text: caption, face: 'regular', size: CAPTION });
  const width = at.width / (size * POINT);
  y += 1;
  for (const line of wrapText(printableText(text ?? '') || '–', width, lines, (part) => content.fonts.bold.widthOf(part))) {
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
