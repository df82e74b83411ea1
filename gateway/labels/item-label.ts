/** The label of an item on sheets and small rolls: code on the left, text on the right, hazards below. */
import { Problem } from '#domain/errors.js';
import { drawHazardStrip, hazardStrip, STRIP_DIAGONALS, STRIP_FOOT, type HazardStrip } from './hazard-mark.js';
import { lineAdvance, setItemText, type SetText } from './item-text.js';
import type { ItemLabel } from './label-job.js';
import type { LabelSetting } from './label-setting.js';
import { dotPitch, type Frame } from './media.js';
import type { PageContent } from './page-content.js';
import { QUIET_ZONE, qrModules } from './qr-symbol.js';
import { CAP_HEIGHT, POINT } from './typography.js';

/** Free at the edges for what a printer or a cutter shifts: left of the code's quiet zone, above and below the text, right of it. */
const CODE_LEFT = 0.5;
/** Between the code's quiet zone and the text. */
const TEXT_LEFT = 0.2;
const TEXT_TOP = 1.3;
const TEXT_FOOT = 1;
const TEXT_RIGHT = 1.2;

interface Layout {
  readonly strip: HazardStrip | undefined;
  readonly text: SetText;
}

/**
 * Checks that a label can be set.
 *
 * @throws Problem LABEL_TEXT_DOES_NOT_FIT, LABEL_HAZARD_DOES_NOT_FIT
 */
export function checkItemFits(label: ItemLabel, setting: LabelSetting): void {
  layOut(label, setting);
}

/** Draws a label into its frame. */
export function drawItemLabel(content: PageContent, label: ItemLabel, frame: Frame, setting: LabelSetting): void {
  const { strip, text } = layOut(label, setting);
  const area = codeArea(strip, setting);
  const code = codeCorner(frame, area, setting);
  content.ink('black').modules(qrModules(label.link, setting.qr.version), code.x, code.y, setting.qr.module);
  const dark = { top: code.y, bottom: code.y + setting.qr.box - 2 * QUIET_ZONE * setting.qr.module };
  drawText(content, text, frame.x + textLeft(setting), columnSpan(text, frame.y, area, dark));
  if (label.hazard !== undefined && strip !== undefined) {
    const bottom = frame.y + frame.height - setting.media.jobLine;
    drawHazardStrip(content, label.hazard, strip, { x: frame.x, bottom, right: frame.x + frame.width }, setting);
  }
}

/** The largest pictograms beside which the name stands whole; failing that, the first setting that fits at all. */
function layOut(label: ItemLabel, setting: LabelSetting): Layout {
  const fitting: Layout[] = [];
  for (const strip of strips(label, setting)) {
    const text = textAbove(strip, label, setting);
    if (text?.whole === true) return { strip, text };
    if (text !== undefined) fitting.push({ strip, text });
  }
  const [first] = fitting;
  if (first === undefined) throw new Problem('LABEL_TEXT_DOES_NOT_FIT', { media: setting.media.name });
  return first;
}

function textAbove(strip: HazardStrip | undefined, label: ItemLabel, setting: LabelSetting): SetText | undefined {
  const width = setting.media.label.width - textLeft(setting) - TEXT_RIGHT;
  const height = codeArea(strip, setting) - TEXT_TOP - TEXT_FOOT;
  const signal = label.hazard !== undefined && strip?.signalSize === undefined;
  return setItemText(label, { width, height }, signal, setting);
}

function strips({ hazard }: ItemLabel, setting: LabelSetting): readonly (HazardStrip | undefined)[] {
  return hazard === undefined ? [undefined] : STRIP_DIAGONALS.map((most) => hazardStrip(hazard, most, setting));
}

/** Height above the strip and the job line. */
function codeArea(strip: HazardStrip | undefined, { media }: LabelSetting): number {
  return media.label.height - media.jobLine - (strip === undefined || strip.diagonal === 0 ? 0 : strip.diagonal + STRIP_FOOT);
}

function textLeft({ qr }: LabelSetting): number {
  return CODE_LEFT + qr.box + TEXT_LEFT;
}

/** The first dark module's corner, on the printer's dots as the page has them. */
function codeCorner(frame: Frame, area: number, setting: LabelSetting): { readonly x: number; readonly y: number } {
  const { qr, dpi } = setting;
  const quiet = QUIET_ZONE * qr.module;
  const dot = dotPitch(dpi);
  const snap = (length: number): number => Math.round(length / dot) * dot;
  return { x: snap(frame.x + CODE_LEFT + quiet), y: snap(frame.y + (area - qr.box) / 2 + quiet) };
}

/** The text keeps to the code's dark square when it can, so that their edges line up; otherwise it is centred. */
function columnSpan(text: SetText, top: number, area: number, dark: { readonly top: number; readonly bottom: number }): { readonly top: number; readonly bottom: number } {
  if (text.height <= dark.bottom - dark.top) return dark;
  const middle = top + (area + TEXT_TOP - TEXT_FOOT) / 2;
  return { top: middle - text.height / 2, bottom: middle + text.height / 2 };
}

function drawText(content: PageContent, { upper, foot }: SetText, x: number, span: { readonly top: number; readonly bottom: number }): void {
  let y = span.top;
  for (const [index, line] of upper.entries()) {
    y += index === 0 ? line.size * POINT * CAP_HEIGHT : lineAdvance(line);
    content.text({ ...line, x, y });
  }
  y = span.bottom;
  for (const line of foot.toReversed()) {
    content.text({ ...line, x, y });
    y -= lineAdvance(line);
  }
}
