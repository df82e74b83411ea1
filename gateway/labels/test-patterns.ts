/** What a test page measures with: rulers, lines as fine as the code's modules, shades, a code to try, a count to fill in. */
import type { LabelSetting } from './label-setting.js';
import { dotPitch, type Frame } from './media.js';
import type { PageContent } from './page-content.js';
import { qrModules, qrSize, qrVersion } from './qr-symbol.js';
import { CAP_HEIGHT, POINT } from './typography.js';

const LINE = 0.15;
const FIGURES = 7;

/** A point on the page, millimetres. */
export interface Corner {
  readonly x: number;
  readonly y: number;
}

/** A ruler of whole centimetres along the page: a tick for each millimetre, figures for each tenth. */
export function drawRuler(content: PageContent, from: Corner, length: number, size = FIGURES): void {
  content.rect({ x: from.x - LINE / 2, y: from.y, width: length + LINE, height: LINE });
  for (let mark = 0; mark <= length; mark++) {
    content.rect({ x: from.x + mark - LINE / 2, y: from.y, width: LINE, height: tickLength(mark) });
    if (mark % 10 === 0) content.textAround({ x: from.x + mark, y: from.y + 4.6 + size * POINT * CAP_HEIGHT, text: String(mark), face: 'regular', size });
  }
}

/** The same down the page. */
export function drawUprightRuler(content: PageContent, from: Corner, length: number): void {
  content.rect({ x: from.x, y: from.y - LINE / 2, width: LINE, height: length + LINE });
  for (let mark = 0; mark <= length; mark++) {
    content.rect({ x: from.x, y: from.y + mark - LINE / 2, width: tickLength(mark), height: LINE });
    if (mark % 10 === 0) content.text({ x: from.x + 4.8, y: from.y + mark + (FIGURES * POINT * CAP_HEIGHT) / 2, text: String(mark), face: 'regular', size: FIGURES });
  }
}

function tickLength(mark: number): number {
  if (mark % 10 === 0) return 4;
  return mark % 5 === 0 ? 3 : 2;
}

/** Upright lines, level lines and a chequer, each as fine as the code's module. Returns the width taken. */
export function drawStripes(content: PageContent, from: Corner, side: number, setting: LabelSetting): number {
  const { module } = setting.qr;
  const count = Math.floor(side / module / 2) * 2 - 1;
  const dot = dotPitch(setting.dpi);
  const snap = (length: number): number => Math.round(length / dot) * dot;
  const kinds = [(column: number) => column, (_: number, row: number) => row, (column: number, row: number) => column + row];
  for (const [index, kind] of kinds.entries()) {
    const data = Uint8Array.from({ length: count * count }, (_, at) => 1 - (kind(at % count, Math.floor(at / count)) % 2));
    content.modules({ size: count, data }, snap(from.x + index * (side + 2)), snap(from.y), module);
  }
  return kinds.length * (side + 2) - 2;
}

/** Shades from white to black in equal steps; their percentages below in `size` points, or none. */
export function drawShades(content: PageContent, frame: Frame, steps: number, size?: number): void {
  const width = frame.width / (steps + 1);
  for (let step = 0; step <= steps; step++) {
    const cell = { x: frame.x + step * width, y: frame.y, width, height: frame.height };
    content.ink(1 - step / steps).rect(cell).ink('black').outline(cell, 0.1);
    if (size === undefined) continue;
    const text = String(Math.round((100 * step) / steps));
    content.textAround({ x: cell.x + width / 2, y: frame.y + frame.height + 1 + size * POINT * CAP_HEIGHT, text, face: 'regular', size });
  }
}

/** The link of the test code: the host alone, in capitals. */
function testLink(setting: LabelSetting): string {
  return `HTTPS://${setting.host.toUpperCase()}`;
}

/** A code that leads to the host alone, in the job's own module. Returns its dark side. */
export function drawTestSymbol(content: PageContent, at: Corner, setting: LabelSetting): number {
  const link = testLink(setting);
  const version = qrVersion(link) ?? 1;
  content.modules(qrModules(link, version), at.x, at.y, setting.qr.module);
  return qrSize(version) * setting.qr.module;
}

/** Cross marks on the corners of the labels along the edge of the stock, to lay the page on it; none inside, where text stands. */
export function drawCornerMarks(content: PageContent, { media }: LabelSetting): void {
  const columns = edges(media.left, media.label.width, media.pitchX, media.columns);
  const rows = edges(media.top, media.label.height, media.pitchY, media.rows);
  content.ink(0.45);
  for (const [column, x] of columns.entries()) {
    for (const [row, y] of rows.entries()) {
      if (isOutermost(column, columns) || isOutermost(row, rows)) drawCross(content, x, y);
    }
  }
  content.ink('black');
}

function drawCross(content: PageContent, x: number, y: number): void {
  const arm = 1.5;
  content.rect({ x: x - arm, y: y - 0.05, width: 2 * arm, height: 0.1 }).rect({ x: x - 0.05, y: y - arm, width: 0.1, height: 2 * arm });
}

function isOutermost(at: number, list: readonly unknown[]): boolean {
  return at === 0 || at === list.length - 1;
}

function edges(first: number, length: number, pitch: number, count: number): number[] {
  const both = Array.from({ length: count }, (_, at) => [first + at * pitch, first + at * pitch + length]).flat();
  return both.filter((edge, at) => at === 0 || edge - (both[at - 1] ?? 0) > 0.01);
}

/** Four boxes to write counts in, the first filled: printed, applied, spoiled, returned. Returns where the table ends. */
export function drawTally(content: PageContent, frame: Frame, printed: string, setting: LabelSetting, size: number): number {
  const { tally } = setting.words;
  const width = frame.width / 4;
  for (const [index, caption] of [tally.printed, tally.applied, tally.spoiled, tally.returned].entries()) {
    const cell = { x: frame.x + index * width, y: frame.y, width, height: frame.height };
    content.outline(cell, 0.25).text({ x: cell.x + 1.5, y: cell.y + 1 + size * POINT, text: caption, face: 'regular', size });
    if (index === 0) content.text({ x: cell.x + 1.5, y: cell.y + frame.height - 2, text: printed, face: 'bold', size: size * 1.4 });
  }
  const base = frame.y + frame.height + 1.2 + size * POINT;
  content.text({ x: frame.x, y: base, text: tally.rule, face: 'regular', size });
  return base;
}
