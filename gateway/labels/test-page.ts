/** The first page of every job: print it, measure it, scan it, and only then load the labels. */
import type { LabelSetting } from './label-setting.js';
import type { Frame } from './media.js';
import type { PageContent } from './page-content.js';
import { LEAST_MODULE } from './media.js';
import { QUIET_ZONE } from './qr-symbol.js';
import { sizeToFit, wrapText } from './printable-text.js';
import { drawCornerMarks, drawRuler, drawShades, drawStripes, drawTally, drawTestSymbol, drawUprightRuler } from './test-patterns.js';
import { CAP_HEIGHT, LEADING, POINT } from './typography.js';
import { countInWords, millimetresInWords, type TestStep } from './wording.js';

/** Measures of the page by paper. Sizes of type in points, the rest in millimetres. */
interface PageStyle {
  readonly margin: number;
  readonly title: number;
  readonly body: number;
  readonly upright: number;
  readonly patch: number;
  readonly steps: readonly TestStep[];
}

const SHEET_STYLE: PageStyle = { margin: 20, title: 20, body: 10.5, upright: 100, patch: 18, steps: ['scale', 'rulers', 'corners', 'patches', 'scan', 'count'] };
const A6_STYLE: PageStyle = { margin: 6, title: 13, body: 6.6, upright: 0, patch: 11, steps: ['scale', 'ruler', 'patches', 'scan', 'count'] };

/** Draws the test page of sheets, of A6, or of a small roll. */
export function drawTestPage(content: PageContent, setting: LabelSetting): void {
  if (setting.media.page.height < 100) drawTestLabel(content, setting);
  else drawFullPage(content, setting, setting.media.columns > 1 ? SHEET_STYLE : A6_STYLE);
}

function drawFullPage(content: PageContent, setting: LabelSetting, style: PageStyle): void {
  const { page } = setting.media;
  const area: Frame = { x: style.margin, y: style.margin, width: page.width - 2 * style.margin, height: page.height - 2 * style.margin };
  if (setting.media.columns > 1) drawCornerMarks(content, setting);
  content.ink('black');
  let y = drawHead(content, area, setting, style);
  y = drawSteps(content, { ...area, y: y + style.body * 0.3 }, setting, style);
  drawMeasures(content, { ...area, y: y + style.body * 0.4 }, setting, style);
}

function drawHead(content: PageContent, area: Frame, setting: LabelSetting, style: PageStyle): number {
  let y = area.y + style.title * POINT * CAP_HEIGHT;
  content.text({ x: area.x, y, text: setting.words.testPage, face: 'bold', size: style.title });
  y += style.title * POINT * 0.5;
  content.rect({ x: area.x, y, width: area.width, height: 0.4 });
  y += style.body * POINT * 0.6;
  const rows = headRows(setting);
  const indent = Math.max(...rows.map(([caption]) => content.widthOf(caption, 'regular', style.body))) + 3;
  for (const [caption, value] of rows) {
    y += style.body * POINT * 1.3;
    content.text({ x: area.x, y, text: caption, face: 'regular', size: style.body });
    const size = sizeToFit(value, style.body, (area.width - indent) / POINT, (text) => content.fonts.bold.widthOf(text));
    content.text({ x: area.x + indent, y, text: value, face: 'bold', size });
  }
  return y;
}

function headRows(setting: LabelSetting): [string, string][] {
  const { words, language, qr, media } = setting;
  const module = `${millimetresInWords(qr.module, language)} (${qr.dots} ${words.dots})`;
  const rows: [string, string][] = [
    [words.job, setting.jobId],
    [words.facts.media, words.media[media.name]],
    [words.facts.labels, countInWords(setting.labels, language)],
    [words.facts.printer, `${setting.dpi} dpi`],
    [words.facts.module, module],
  ];
  if (qr.module < LEAST_MODULE) rows.push(['', words.facts.belowRetail]);
  return rows;
}

function drawSteps(content: PageContent, area: Frame, setting: LabelSetting, style: PageStyle): number {
  const indent = style.body * POINT * 1.6;
  const width = (area.width - indent) / (style.body * POINT);
  let { y } = area;
  for (const [index, name] of style.steps.entries()) {
    y += style.body * POINT * 0.25;
    const step = setting.words.steps[name].replace('{host}', setting.host);
    for (const [row, text] of wrapText(step, width, 3, (part) => content.fonts.regular.widthOf(part)).entries()) {
      y += style.body * POINT * LEADING;
      if (row === 0) content.text({ x: area.x, y, text: `${index + 1}.`, face: 'bold', size: style.body });
      content.text({ x: area.x + indent, y, text, face: 'regular', size: style.body });
    }
  }
  return y;
}

/** A ruler along the page, one down the page where there is room, and beside it everything else. */
function drawMeasures(content: PageContent, area: Frame, setting: LabelSetting, style: PageStyle): void {
  const caption = style.body * POINT * 1.2;
  drawHint(content, setting.words.rulerHint, { x: area.x, y: area.y + caption }, style);
  drawRuler(content, { x: area.x, y: area.y + caption + 1.5 }, Math.floor((area.width - 1) / 10) * 10);
  const top = area.y + caption + 10;
  if (style.upright > 0) drawUprightRuler(content, { x: area.x, y: top + 2 }, style.upright);
  const indent = style.upright > 0 ? 22 : 0;
  let y = drawPatches(content, { x: area.x + indent, y: top, width: area.width - indent, height: style.patch }, setting, style);
  y += style.body * POINT * 1.5;
  content.text({ x: area.x + indent, y, text: setting.words.tally.title, face: 'bold', size: style.body });
  const table = { x: area.x + indent, y: y + 1.5, width: area.width - indent, height: style.body * 1.25 };
  drawTally(content, table, countInWords(setting.labels, setting.language), setting, style.body * 0.85);
}

/** Stripes and the test code beside each other, shades below. Returns where they end. */
function drawPatches(content: PageContent, area: Frame, setting: LabelSetting, style: PageStyle): number {
  const { words } = setting;
  const caption = style.body * POINT * 1.2;
  const top = area.y + caption + 1.5;
  drawHint(content, words.stripesHint, { x: area.x, y: area.y + caption }, style);
  const stripes = drawStripes(content, { x: area.x, y: top }, area.height, setting);
  const symbol = { x: area.x + stripes + area.height * 0.6, y: top - 0.7 + QUIET_ZONE * setting.qr.module };
  drawHint(content, words.symbolHint, { x: symbol.x, y: area.y + caption }, style);
  const side = drawTestSymbol(content, symbol, setting);
  const shades = Math.max(top + area.height, symbol.y + side) + caption + 2.5;
  drawHint(content, words.contrastHint, { x: area.x, y: shades - 1.5 }, style);
  drawShades(content, { ...area, y: shades, height: area.height * 0.7 }, 10, style.body * 0.75);
  return shades + area.height * 0.7 + style.body * POINT * 1.5;
}

function drawHint(content: PageContent, text: string, at: { readonly x: number; readonly y: number }, style: PageStyle): void {
  content.ink('grey').text({ ...at, text, face: 'regular', size: style.body * 0.85 }).ink('black');
}

/** The test label of a small roll: the same measures, the shortest words. */
function drawTestLabel(content: PageContent, setting: LabelSetting): void {
  const { words, media } = setting;
  const left = 5;
  const right = media.page.width - left;
  const facts = `${setting.dpi} dpi · ${millimetresInWords(setting.qr.module, setting.language)}`;
  const room = (right - left - 3 - content.widthOf(facts, 'regular', 5.5)) / POINT;
  const size = sizeToFit(words.testPageShort, 7.5, room, (text) => content.fonts.bold.widthOf(text));
  content.ink('black').text({ x: left, y: 5, text: words.testPageShort, face: 'bold', size });
  content.textTo({ x: right, y: 5, text: facts, face: 'regular', size: 5.5 });
  const symbol = drawTestSymbol(content, { x: left, y: 8 }, setting);
  const x = left + symbol + 3.5;
  const y = drawShortSteps(content, { x, y: 8, width: right - x, height: 0 }, setting);
  drawStripes(content, { x, y }, 6, setting);
  drawShades(content, { x: x + 25, y, width: right - x - 25, height: 5.5 }, 4);
  drawRuler(content, { x: left, y: 28.8 }, 50, 5.5);
}

function drawShortSteps(content: PageContent, area: Frame, { words, host }: LabelSetting): number {
  const size = 5.8;
  let y = area.y + size * POINT * CAP_HEIGHT;
  for (const step of words.stepsShort) {
    content.text({ x: area.x, y, text: step, face: 'regular', size });
    y += size * POINT * LEADING;
  }
  const hostSize = sizeToFit(host, size, area.width / POINT, (text) => content.fonts.bold.widthOf(text));
  content.text({ x: area.x, y, text: host, face: 'bold', size: hostSize });
  return y + 1.6;
}
