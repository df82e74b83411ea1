/** One diploma on one A4 page: what it says, in both languages, and how to check it. */
import type { Diploma } from '#domain/credential/diploma.js';
import type { PersonalData } from '#domain/credential/personal-data.js';
import { printedLink, publicCredentialPath } from '#domain/credential/reveal.js';
import { CHECKING, CLASSES, dateWords, DIGITISED, LABELS, LEVELS, MODES, SPECIMEN, type Words } from './diploma-wording.js';
import { fitText, type Box } from './fitted-text.js';
import type { PageDrawing } from './page-drawing.js';
import { A4, ASCENT, LEADING, POINT } from './paper.js';
import { MODULE_MM, qrModules, qrSide, QUIET_ZONE } from './qr-code.js';

export interface DiplomaDocument {
  readonly diploma: Diploma;
  readonly personal: PersonalData;
  /** of the public record, 22 characters */
  readonly publicId: string;
  /** in the fragment of the printed link, 22 characters */
  readonly revealKey: string;
  /** of the verifier, e.g. `https://xac-minh.example` */
  readonly origin: string;
  /** printed small at the bottom, so that prints can be told apart, e.g. `0192f3a8…/17` */
  readonly mark: string;
}

const MARGIN = 20;
const WIDTH = A4.width - 2 * MARGIN;
const CENTRE = A4.width / 2;
const COLUMN = WIDTH / 2;
/** Where the facts end and the block for checking begins. */
const CHECK_TOP = 228;
const MARK_Y = 289;
const INK = 0;
const PALE = 0.35;

/** Draws the page. Every text stands there whole, however long it is. */
export function drawDiploma(drawing: PageDrawing, document: DiplomaDocument): void {
  drawing.grey(INK);
  drawing.outline(10, 10, A4.width - 20, A4.height - 20, 0.4);
  const below = drawHead(drawing, document);
  drawFacts(drawing, factsOf(document), below);
  drawChecking(drawing, document);
  drawing.grey(PALE);
  drawing.line({ x: CENTRE, y: MARK_Y - 4, text: document.mark, face: 'regular', size: 6.5, anchor: 'middle' });
}

const HEAD: Readonly<Record<'institution' | 'institutionEn' | 'title' | 'titleEn' | 'awarded' | 'name' | 'specimen', Box & { readonly before: number }>> = {
  specimen: { width: WIDTH, face: 'bold', size: 9, least: 9, lines: 1, before: 0 },
  institution: { width: WIDTH, face: 'bold', size: 15, least: 9, lines: 2, before: 3 },
  institutionEn: { width: WIDTH, face: 'regular', size: 10.5, least: 7, lines: 2, before: 0.5 },
  title: { width: WIDTH, face: 'bold', size: 28, least: 11, lines: 2, before: 7 },
  titleEn: { width: WIDTH, face: 'regular', size: 14, least: 8, lines: 2, before: 1 },
  awarded: { width: WIDTH, face: 'regular', size: 10, least: 10, lines: 1, before: 5 },
  name: { width: WIDTH, face: 'bold', size: 24, least: 12, lines: 2, before: 2 },
};

/** @returns where it ends */
function drawHead(drawing: PageDrawing, { diploma: { institution, title, titleEn, fictional }, personal }: DiplomaDocument): number {
  const lines: readonly (readonly [keyof typeof HEAD, string | undefined])[] = [
    ['specimen', fictional === undefined ? undefined : both(SPECIMEN)],
    ['institution', institution.name], ['institutionEn', institution.nameEn], ['title', title], ['titleEn', titleEn],
    ['awarded', both(LABELS.awarded)], ['name', personal.fullName],
  ];
  let y = 18;
  for (const [part, text] of lines) {
    if (text === undefined) continue;
    const { before, ...box } = HEAD[part];
    drawing.grey(box.face === 'bold' ? INK : PALE);
    y = drawCentred(drawing, text, box, y + before);
  }
  return y;
}

const both = ({ vi, en }: Words): string => `${vi} · ${en}`;

function drawCentred(drawing: PageDrawing, text: string, box: Box, top: number): number {
  const { lines, size, height } = fitText(drawing, text, box);
  lines.forEach((line, at) => drawing.line({ x: CENTRE, y: top + (at * LEADING + ASCENT) * size * POINT, text: line, face: box.face, size, anchor: 'middle' }));
  return top + height;
}

interface Fact {
  readonly label: Words;
  readonly value: string;
  /** below the value, paler */
  readonly also?: string;
}

/** Rows of one or two facts. */
type FactRow = readonly Fact[];

function factsOf({ diploma, personal }: DiplomaDocument): FactRow[] {
  const { level, mode, field, fieldEn, graduationYear, decisionNumber, issuePlace, issueDate, replaces, assurance } = diploma;
  return [
    [dated(LABELS.dateOfBirth, personal.dateOfBirth), ...(personal.classification === undefined ? [] : [worded(LABELS.classification, CLASSES[personal.classification])])],
    [{ label: LABELS.field, value: field, ...(fieldEn === undefined ? {} : { also: fieldEn }) }],
    [worded(LABELS.level, LEVELS[level]), worded(LABELS.mode, MODES[mode])],
    [{ label: LABELS.graduationYear, value: String(graduationYear) }, { label: LABELS.decisionNumber, value: decisionNumber }],
    [{ label: LABELS.serialNumber, value: personal.serialNumber }, { label: LABELS.registerNumber, value: personal.registerNumber }],
    [{ label: LABELS.issued, value: `${issuePlace}, ${dateWords(issueDate).vi}`, also: dateWords(issueDate).en }],
    ...(replaces === undefined ? [] : [[{ label: LABELS.replaces, value: replaces.decisionNumber }]]),
    ...(assurance === 'native' ? [] : [[worded(LABELS.assurance, DIGITISED)]]),
  ];
}

const worded = (label: Words, { vi, en }: Words): Fact => ({ label, value: vi, also: en });
const dated = (label: Words, day: string): Fact => worded(label, dateWords(day));

const LABEL_SIZE = 7.5;
const LABEL_HEIGHT = LABEL_SIZE * LEADING * POINT;
const LEAST_GAP = 0.8;
const MOST_GAP = 5;
/** Tried in turn until all rows have room. */
const VALUE_SIZES = [12, 11, 10, 9, 8, 7, 6];

interface FittedRow {
  readonly height: number;
  draw(top: number): void;
}

function drawFacts(drawing: PageDrawing, rows: readonly FactRow[], top: number): void {
  const room = CHECK_TOP - top - 6;
  const fitted = VALUE_SIZES.map((size) => rows.map((row) => fitRow(drawing, row, size)));
  const chosen = fitted.find((all) => heightOf(all) + all.length * LEAST_GAP <= room) ?? fitted.at(-1) ?? [];
  const gap = Math.min(MOST_GAP, (room - heightOf(chosen)) / chosen.length);
  let y = top + Math.max(LEAST_GAP, gap) + 1;
  for (const row of chosen) {
    row.draw(y);
    y += row.height + gap;
  }
}

const heightOf = (rows: readonly FittedRow[]): number => rows.reduce((sum, { height }) => sum + height, 0);

function fitRow(drawing: PageDrawing, facts: FactRow, size: number): FittedRow {
  const width = (facts.length === 1 ? WIDTH : COLUMN) - 4;
  const parts = facts.map((fact) => fitFact(drawing, fact, width, size));
  return {
    height: Math.max(...parts.map(({ height }) => height)),
    draw: (top) => parts.forEach((part, at) => part.draw(MARGIN + at * COLUMN, top)),
  };
}

function fitFact(drawing: PageDrawing, { label, value, also }: Fact, width: number, size: number): { height: number; draw(x: number, top: number): void } {
  const main = fitText(drawing, value, { width, face: 'bold', size, least: Math.min(size, 8), lines: 2 });
  const second = also === undefined ? undefined : fitText(drawing, also, { width, face: 'regular', size: Math.min(9, size), least: Math.min(size, 7), lines: 2 });
  return {
    height: LABEL_HEIGHT + main.height + (second?.height ?? 0),
    draw: (x, top) => {
      drawing.grey(PALE);
      drawLines(drawing, { lines: [both(label)], size: LABEL_SIZE }, 'regular', x, top);
      if (second !== undefined) drawLines(drawing, second, 'regular', x, top + LABEL_HEIGHT + main.height);
      drawing.grey(INK);
      drawLines(drawing, main, 'bold', x, top + LABEL_HEIGHT);
    },
  };
}

function drawLines(drawing: PageDrawing, { lines, size }: { readonly lines: readonly string[]; readonly size: number }, face: 'regular' | 'bold', x: number, top: number): void {
  lines.forEach((text, at) => drawing.line({ x, y: top + (at * LEADING + ASCENT) * size * POINT, text, face, size }));
}

/** The code, the address to compare, and the way without a camera. */
function drawChecking(drawing: PageDrawing, { origin, publicId, revealKey }: DiplomaDocument): void {
  const code = qrModules(printedLink(origin, publicId, revealKey));
  const side = qrSide(code);
  drawing.grey(INK);
  drawing.rectangle(MARGIN, CHECK_TOP - 2, WIDTH, 0.3);
  drawing.symbol(code, MARGIN + QUIET_ZONE * MODULE_MM, CHECK_TOP + QUIET_ZONE * MODULE_MM, MODULE_MM);
  const { host } = new URL(origin);
  const x = MARGIN + side + 4;
  const texts: readonly (readonly [string, Partial<Box>, number])[] = [
    [both(CHECKING.scan), { face: 'bold', size: 10 }, 1.5],
    [both(CHECKING.address), { size: 8 }, 1],
    [host, { face: 'bold', size: 15 }, 0],
    [CHECKING.typed.vi, { size: 7.5 }, 2], [CHECKING.typed.en, { size: 7.5 }, 0],
    [`${host}${publicCredentialPath(publicId)}`, { face: 'bold', size: 10.5, lines: 1 }, 0.5],
  ];
  let y = drawStack(drawing, texts, x, CHECK_TOP);
  y = Math.max(y, CHECK_TOP + side) + 2.5;
  drawStack(drawing, [CHECKING.paper, CHECKING.keep].flatMap(({ vi, en }) => [[vi, { size: 7 }, 0.6] as const, [en, { size: 7 }, 0] as const]), MARGIN, y);
}

/** @returns where it ends */
function drawStack(drawing: PageDrawing, texts: readonly (readonly [string, Partial<Box>, number])[], x: number, top: number): number {
  let y = top;
  for (const [text, box, before] of texts) {
    const { face = 'regular', size = 8, lines = 2 } = box;
    const fitted = fitText(drawing, text, { width: A4.width - MARGIN - x, face, size, least: 6, lines });
    drawLines(drawing, fitted, face, x, y + before);
    y += before + fitted.height;
  }
  return y;
}
