/** The label of an item on A6: a drum, a carton, a sack. From the top: name, facts, hazards; codes at the foot. */
import { drawPictograms, pictogramGrid } from './hazard-mark.js';
import { dataMatrix } from './gs1-symbols.js';
import type { HazardLabel, ItemLabel } from './label-job.js';
import type { LabelSetting } from './label-setting.js';
import { elementString, humanReadable } from './label-text.js';
import { dotPitch, type Frame } from './media.js';
import type { PageContent } from './page-content.js';
import { ellipsised, isCut, printableText, sizeToFit } from './printable-text.js';
import { qrModules, QUIET_ZONE, type Modules } from './qr-symbol.js';
import { CAP_HEIGHT, LEADING, POINT } from './typography.js';
import { dayInWords } from './wording.js';

const MARGIN = 6;
const GAP = 3;
const SMALL = 8;
const INVITATION = 10;
const SIGNAL = 22;
/** Least module of a GS1 DataMatrix in general use, millimetres (GS1 General Specifications, symbol specification tables). */
const DATA_MATRIX_MODULE = 0.495;

/** A name's size in points, and how many lines it may take. */
interface NameStyle {
  readonly name: number;
  readonly nameLines: number;
}

/** Type of the upper half, in points; rows in millimetres. Without hazards there is room for larger type. */
interface Style {
  readonly large: NameStyle;
  /** For a name that would be cut in large type; no higher than that. */
  readonly small: NameStyle;
  readonly value: number;
  readonly row: number;
}
const PLAIN: Style = { large: { name: 24, nameLines: 4 }, small: { name: 16, nameLines: 6 }, value: 17, row: 15 };
const HAZARDOUS: Style = { large: { name: 17, nameLines: 3 }, small: { name: 13, nameLines: 4 }, value: 13, row: 11 };

interface Codes {
  readonly elements: Modules;
  /** Module of the DataMatrix, millimetres. */
  readonly module: number;
  /** Height of the whole foot, from the readable lines to the last dark module. */
  readonly height: number;
}

/** Draws a label into its frame. */
export function drawDrumLabel(content: PageContent, label: ItemLabel, frame: Frame, setting: LabelSetting): void {
  const inner: Frame = { x: frame.x + MARGIN, y: frame.y + MARGIN, width: frame.width - 2 * MARGIN, height: frame.height - 2 * MARGIN };
  const style = label.hazard === undefined ? PLAIN : HAZARDOUS;
  const codes = planCodes(label, setting);
  const foot = frame.y + frame.height - setting.media.jobLine - QUIET_ZONE * setting.qr.module - codes.height;
  content.ink('black');
  const named = drawName(content, label, inner, nameStyle(label, inner.width, style, setting), setting);
  const listed = drawFacts(content, label, { ...inner, y: named + GAP }, setting, style);
  if (label.hazard !== undefined) drawHazard(content, label.hazard, { ...inner, y: listed + GAP, height: foot - Math.max(GAP, QUIET_ZONE * setting.qr.module) - listed - GAP }, setting);
  drawCodes(content, label, { ...inner, y: foot, height: codes.height }, setting, codes);
}

function planCodes(label: ItemLabel, { qr, dpi }: LabelSetting): Codes {
  const dot = dotPitch(dpi);
  const module = Math.ceil(DATA_MATRIX_MODULE / dot) * dot;
  const elements = dataMatrix(elementString(label));
  const readable = humanReadable(label).length * SMALL * POINT * LEADING;
  return { elements, module, height: Math.max(qr.box - 2 * QUIET_ZONE * qr.module, readable + GAP + elements.size * module) };
}

/** In the larger type where the name stands whole in it. */
function nameStyle({ productName }: ItemLabel, width: number, { large, small }: Style, setting: LabelSetting): NameStyle {
  return isCut(setting.nameLines(productName, width / (large.name * POINT), large.nameLines)) ? small : large;
}

function drawName(content: PageContent, label: ItemLabel, inner: Frame, { name, nameLines }: NameStyle, setting: LabelSetting): number {
  let { y } = inner;
  if (label.brand !== undefined) {
    const size = name * 0.55;
    y += size * POINT * CAP_HEIGHT;
    content.text({ x: inner.x, y, face: 'regular', size, text: ellipsised(printableText(label.brand), inner.width / (size * POINT), (text) => content.fonts.regular.widthOf(text)) });
    y += size * POINT * 0.4;
  }
  for (const [index, text] of setting.nameLines(label.productName, inner.width / (name * POINT), nameLines).entries()) {
    y += name * POINT * (index === 0 ? 0.95 : LEADING);
    content.text({ x: inner.x, y, face: 'bold', size: name, text });
  }
  y += name * POINT * 0.4;
  content.rect({ x: inner.x, y, width: inner.width, height: 0.4 });
  return y;
}

/** Captions and values in two columns. Returns where the table ends. */
function drawFacts(content: PageContent, label: ItemLabel, inner: Frame, setting: LabelSetting, style: Style): number {
  const width = (inner.width - GAP) / 2;
  const cells = factCells(label, setting);
  for (const [index, [caption, value]] of cells.entries()) {
    const cell = { x: inner.x + (index % 2) * (width + GAP), y: inner.y + Math.floor(index / 2) * style.row, width, height: style.row };
    drawFact(content, cell, caption, value, style.value);
  }
  return inner.y + Math.ceil(cells.length / 2) * style.row - 1;
}

function factCells(label: ItemLabel, { words, language }: LabelSetting): [string, string][] {
  const cells: [string, string | undefined][] = [
    [words.netQuantity, label.netQuantity === undefined ? undefined : printableText(label.netQuantity)],
    [words.expiryCaption, label.expiry === undefined ? undefined : `${words.expires} ${dayInWords(label.expiry, language)}`],
    [words.lot, label.lot],
    [words.serial, label.serial],
  ];
  return cells.filter((cell): cell is [string, string] => cell[1] !== undefined);
}

/** A value is shrunk to its column and never cut. */
function drawFact(content: PageContent, cell: Frame, caption: string, value: string, wanted: number): void {
  const size = sizeToFit(value, wanted, cell.width / POINT, (text) => content.fonts.bold.widthOf(text));
  const captionBase = cell.y + SMALL * POINT * CAP_HEIGHT;
  content.text({ x: cell.x, y: captionBase, text: caption, face: 'regular', size: SMALL });
  content.text({ x: cell.x, y: captionBase + wanted * POINT * 1.15, text: value, face: 'bold', size });
}

/** Signal word, UN number and pictograms, in the middle of the room there is. */
function drawHazard(content: PageContent, hazard: HazardLabel, field: Frame, setting: LabelSetting): void {
  const head = SIGNAL * POINT * CAP_HEIGHT + 1.5;
  const count = hazard.pictograms.length;
  const grid = pictogramGrid(Math.max(count, 1), field.width, field.height - head - GAP);
  const spare = field.height - head - GAP - grid.rows * grid.diagonal;
  const base = field.y + head + Math.min(spare / 2, 8);
  content.text({ x: field.x, y: base, text: setting.words.signal[hazard.signalWord], face: 'bold', size: SIGNAL });
  if (hazard.unNumber !== undefined) drawUnNumber(content, `UN\u00a0${hazard.unNumber}`, field.x + field.width, base);
  for (let row = 0; row < grid.rows; row++) {
    const names = hazard.pictograms.slice(row * grid.perRow, (row + 1) * grid.perRow);
    drawPictograms(content, names, { x: field.x, y: base + GAP + row * grid.diagonal }, grid.diagonal);
  }
  content.ink('black');
}

/** The number in a frame, as it stands on transport documents. */
function drawUnNumber(content: PageContent, text: string, right: number, base: number): void {
  const width = content.widthOf(text, 'bold', SIGNAL) + 4;
  const height = SIGNAL * POINT * CAP_HEIGHT + 4;
  content.outline({ x: right - width, y: base + 2 - height, width, height }, 0.6);
  content.textTo({ x: right - 2, y: base, text, face: 'bold', size: SIGNAL });
}

/** QR code on the left; readable lines above, invitation and DataMatrix on one foot line to its right. */
function drawCodes(content: PageContent, label: ItemLabel, field: Frame, setting: LabelSetting, codes: Codes): void {
  const { qr } = setting;
  const dot = dotPitch(setting.dpi);
  const snap = (length: number): number => Math.round(length / dot) * dot;
  const bottom = Math.ceil((field.y + field.height) / dot) * dot;
  const dark = qr.box - 2 * QUIET_ZONE * qr.module;
  const left = snap(field.x);
  content.modules(qrModules(label.link, qr.version), left, bottom - dark, qr.module);
  const x = left + dark + Math.max(QUIET_ZONE * qr.module, GAP);
  const side = codes.elements.size * codes.module;
  const right = snap(field.x + field.width - side);
  content.modules(codes.elements, right, bottom - side, codes.module);
  drawReadable(content, label, { ...field, x, width: field.x + field.width - x });
  drawInvitation(content, { x, y: bottom, width: right - GAP - x }, setting);
}

function drawReadable(content: PageContent, label: ItemLabel, column: Frame): void {
  let y = column.y + SMALL * POINT * CAP_HEIGHT;
  for (const text of humanReadable(label)) {
    content.text({ x: column.x, y, text, face: 'regular', size: sizeToFit(text, SMALL, column.width / POINT, (part) => content.fonts.regular.widthOf(part)) });
    y += SMALL * POINT * LEADING;
  }
}

function drawInvitation(content: PageContent, line: { readonly x: number; readonly y: number; readonly width: number }, { words, host }: LabelSetting): void {
  const room = line.width / POINT;
  const scan = sizeToFit(words.scan, INVITATION, room, (text) => content.fonts.regular.widthOf(text));
  const size = sizeToFit(host, INVITATION, room, (text) => content.fonts.bold.widthOf(text));
  content.text({ x: line.x, y: line.y - INVITATION * POINT * LEADING, text: words.scan, face: 'regular', size: scan });
  content.text({ x: line.x, y: line.y, text: host, face: 'bold', size });
}
