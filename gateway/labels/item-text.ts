/** Sets the text of a small label: as much as the column holds, the essential always, nothing over anything else. */
import type { ItemLabel } from './label-job.js';
import type { LabelSetting } from './label-setting.js';
import type { Face } from './label-font.js';
import { signalLine } from './hazard-mark.js';
import { facts, humanReadable } from './label-text.js';
import { ellipsised, flowPieces, isCut, printableText, sizeToFit, type Measure } from './printable-text.js';
import { CAP_HEIGHT, LEADING, POINT } from './typography.js';

/** Points; smaller type is not read. */
const LEAST_TYPE = 3.75;

interface TextLine {
  readonly text: string;
  readonly face: Face;
  /** Points. */
  readonly size: number;
  /** Free space above the line, millimetres. */
  readonly gap: number;
}

/** What stands at the top of the column and what stands at its foot. */
export interface SetText {
  readonly upper: readonly TextLine[];
  readonly foot: readonly TextLine[];
  /** True when the name stands whole, in type of nearly full size. */
  readonly whole: boolean;
  /** Of both, closely set, from the capitals of the first line to the baseline of the last. */
  readonly height: number;
}

/** How much is said; the first that fits is taken. */
interface Density {
  readonly nameLines: number;
  readonly brand: boolean;
  readonly lotInWords: boolean;
  readonly scale: number;
}

const DENSITIES: readonly Density[] = [
  { nameLines: 3, brand: true, lotInWords: true, scale: 1 },
  { nameLines: 2, brand: true, lotInWords: true, scale: 1 },
  { nameLines: 2, brand: true, lotInWords: false, scale: 1 },
  { nameLines: 2, brand: false, lotInWords: false, scale: 1 },
  { nameLines: 2, brand: false, lotInWords: false, scale: 0.9 },
  { nameLines: 1, brand: false, lotInWords: false, scale: 1 },
  { nameLines: 1, brand: false, lotInWords: false, scale: 0.9 },
  { nameLines: 1, brand: false, lotInWords: false, scale: 0.8 },
];

/**
 * @param column the free column, millimetres
 * @param signal true when the signal word stands in the text
 * @returns `undefined` when even the tersest setting is too high
 */
export function setItemText(label: ItemLabel, column: { readonly width: number; readonly height: number }, signal: boolean, setting: LabelSetting): SetText | undefined {
  for (const density of DENSITIES) {
    const text = setAt(density, label, column.width, signal, setting);
    if (text.height <= column.height) return text;
  }
  return undefined;
}

function setAt(density: Density, label: ItemLabel, width: number, signal: boolean, setting: LabelSetting): SetText {
  const name = setting.media.type.name * density.scale;
  const body = setting.media.type.body * density.scale;
  const nameLines = setting.nameLines(label.productName, width / (name * POINT), density.nameLines);
  const column: Column = { width: width / (body * POINT), body, gap: body * POINT * 0.3, setting };
  const upper = [
    ...brandLines(density, label, column),
    ...linesOf(nameLines, 'bold', name, 0),
    ...signalLines(signal, label, column),
    ...linesOf(flowPieces(humanReadable(label), '  ', column.width, widthIn('regular', setting)), 'regular', body, column.gap),
    ...linesOf(flowPieces(facts(label, setting, density.lotInWords), ' · ', column.width, widthIn('bold', setting)), 'bold', body, column.gap),
  ];
  const foot = [...linesOf([setting.words.scan], 'regular', body, column.gap), ...hostLines(column)];
  const whole = density.scale >= 0.9 && !isCut(nameLines);
  return { upper, foot, whole, height: heightOf([...upper, ...foot]) };
}

/** A column in the unit of its body type. */
interface Column {
  /** Ems. */
  readonly width: number;
  /** Points. */
  readonly body: number;
  /** Above a group of lines, millimetres. */
  readonly gap: number;
  readonly setting: LabelSetting;
}

function brandLines(density: Density, label: ItemLabel, { width, body, setting }: Column): TextLine[] {
  if (!density.brand || label.brand === undefined) return [];
  return linesOf([ellipsised(printableText(label.brand), width, widthIn('regular', setting))], 'regular', body, 0);
}

function signalLines(signal: boolean, label: ItemLabel, { width, body, gap, setting }: Column): TextLine[] {
  if (!signal || label.hazard === undefined) return [];
  return linesOf(flowPieces([signalLine(label.hazard, setting)], '', width, widthIn('bold', setting)), 'bold', body, gap);
}

/** On one line if slightly smaller type allows; otherwise broken before a dot, so that no name in it is torn. */
function hostLines({ width, body, setting }: Column): TextLine[] {
  const measure = widthIn('bold', setting);
  const size = sizeToFit(setting.host, body, width * body, measure);
  if (size >= Math.max(body * 0.75, LEAST_TYPE)) return linesOf([setting.host], 'bold', size, 0);
  return linesOf(flowPieces(setting.host.split(/(?=\.)/), '', width, measure), 'bold', body, 0);
}

function widthIn(face: Face, setting: LabelSetting): Measure {
  return (text) => setting.fonts[face].widthOf(text);
}

function linesOf(texts: readonly string[], face: Face, size: number, gap: number): TextLine[] {
  return texts.map((text, index) => ({ text, face, size, gap: index === 0 ? gap : 0 }));
}

function heightOf(lines: readonly TextLine[]): number {
  const [first] = lines;
  const leading = lines.reduce((sum, line) => sum + lineAdvance(line), 0);
  return first === undefined ? 0 : leading - lineAdvance(first) + first.size * POINT * CAP_HEIGHT;
}

/** From the baseline above to the baseline of `line`. */
export function lineAdvance(line: TextLine): number {
  return line.size * POINT * LEADING + line.gap;
}
