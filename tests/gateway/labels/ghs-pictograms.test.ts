import { PDFiumLibrary } from '@hyzyla/pdfium';
import { describe, expect, test } from 'vitest';
import { GHS_DRAWINGS } from '../../../gateway/labels/ghs-pictograms.js';
import { pictogramGrid } from '../../../gateway/labels/hazard-mark.js';
import { GHS_PICTOGRAMS, type GhsPictogram } from '../../../gateway/labels/label-job.js';
import { circle, pathOperators, star } from '../../../gateway/labels/path-operators.js';
import { PdfDocument } from '../../../gateway/labels/pdf-document.js';

const SIDE = 40;

/** The nine, drawn 40 mm across on pages of their own, as pixels. */
const pictures = await (async () => {
  const document = new PdfDocument({ title: 'x', language: 'vi', page: { width: SIDE, height: SIDE } });
  for (const name of GHS_PICTOGRAMS) document.addPage((content) => content.drawing(GHS_DRAWINGS[name], SIDE / 2, SIDE / 2, SIDE / 100));
  document.end();
  const opened = await (await PDFiumLibrary.init()).loadDocument(document.take()!);
  const pages: Awaited<ReturnType<ReturnType<typeof opened.getPage>['render']>>[] = [];
  for (const page of opened.pages()) pages.push(await page.render({ scale: 3, render: 'bitmap' }));
  opened.destroy();
  return new Map(GHS_PICTOGRAMS.map((name, at) => [name, pages[at]!]));
})();

type Colour = 'red' | 'black' | 'white' | 'mixed';

function colourOf([red = 0, green = 0, blue = 0]: Uint8Array): Colour {
  const [least, most] = [Math.min(red, green, blue), Math.max(red, green, blue)];
  if (least > 230) return 'white';
  if (most < 60) return 'black';
  return red > 180 && Math.max(green, blue) < 60 ? 'red' : 'mixed';
}

/** Colour and distance from the centre, 1 on the diamond's edge, of every pixel. */
function pixelsOf(name: GhsPictogram): { colour: Colour; reach: number }[] {
  const { width, height, data } = pictures.get(name)!;
  return Array.from({ length: width * height }, (_, at) => ({
    colour: colourOf(data.subarray(at * 4, at * 4 + 3)),
    reach: (Math.abs((at % width) + 0.5 - width / 2) / width + Math.abs(Math.floor(at / width) + 0.5 - height / 2) / height) * 2,
  }));
}

describe.each(GHS_PICTOGRAMS)('%s', (name) => {
  const pixels = pixelsOf(name);
  const share = (colour: Colour): number => pixels.filter((pixel) => pixel.colour === colour && pixel.reach < 0.86).length / pixels.filter(({ reach }) => reach < 0.86).length;

  test('has an unbroken red frame and nothing outside it', () => {
    expect(pixels.filter(({ colour, reach }) => reach > 0.91 && reach < 0.97 && colour !== 'red')).toEqual([]);
    expect(pixels.filter(({ colour, reach }) => reach > 1.03 && colour !== 'white')).toEqual([]);
  });

  test('has a black symbol on white that keeps off the frame', () => {
    expect(share('black')).toBeGreaterThan(0.1);
    expect(share('black')).toBeLessThan(0.5);
    expect(share('red')).toBe(0);
    expect(pixels.filter(({ colour, reach }) => reach > 0.855 && reach < 0.865 && colour === 'black')).toEqual([]);
  });

  test('looks like none of the others', () => {
    for (const other of GHS_PICTOGRAMS.filter((each) => each !== name)) {
      const theirs = pixelsOf(other);
      const different = pixels.filter(({ colour }, at) => (colour === 'black') !== (theirs[at]!.colour === 'black')).length;
      expect(different / pixels.filter(({ colour }) => colour === 'black').length).toBeGreaterThan(0.3);
    }
  });
});

describe('rows on a large label', () => {
  test.each([
    { count: 1, width: 93, height: 40, grid: { rows: 1, perRow: 1, diagonal: 30 } },
    { count: 4, width: 93, height: 40, grid: { rows: 1, perRow: 4, diagonal: 23.25 } },
    { count: 5, width: 93, height: 46, grid: { rows: 2, perRow: 3, diagonal: 23 } },
    { count: 9, width: 93, height: 34, grid: { rows: 2, perRow: 5, diagonal: 17 } },
    { count: 9, width: 93, height: 20, grid: { rows: 1, perRow: 9, diagonal: 93 / 9 } },
  ])('$count in $width × $height mm', ({ count, width, height, grid }) => {
    expect(pictogramGrid(count, width, height)).toEqual(grid);
  });
});

describe('paths', () => {
  test.each([
    { path: 'M0 0 L10 0 L10 10 Z', operators: '0 0 m 10 0 l 10 10 l h' },
    { path: 'M1 2 H5 V7 Z', operators: '1 2 m 5 2 l 5 7 l h' },
    { path: 'M0 0 C1 2 3 4 5 6 H9', operators: '0 0 m 1 2 3 4 5 6 c 9 6 l' },
    { path: 'M-1.5 -2 L-3,-4', operators: '-1.5 -2 m -3 -4 l' },
  ])('$path', ({ path, operators }) => {
    expect(pathOperators(path)).toBe(operators);
  });

  test('a circle goes through its four poles', () => {
    const operators = pathOperators(circle(1, 2, 10));
    expect(operators.match(/(-?\d+(?:\.\d+)?) (-?\d+(?:\.\d+)?) [mc]/g)).toEqual(['11 2 m', '1 12 c', '-9 2 c', '1 -8 c', '11 2 c']);
  });

  test('a star points up', () => {
    expect(star(0, 0, 10, 5, 4)).toMatch(/^M0\.00 -10\.00 L/);
    expect(star(0, 0, 10, 5, 4).match(/ L/g)).toHaveLength(7);
  });
});
