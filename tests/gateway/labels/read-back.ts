/** Reads printed labels back the way strangers would: an independent PDF renderer, a blur, an independent decoder. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Writable } from 'node:stream';
import { PDFiumLibrary, type PDFiumDocument } from '@hyzyla/pdfium';
import { prepareZXingModule, readBarcodes, type ReadInputBarcodeFormat, type ReadResult } from 'zxing-wasm/reader';
import type { LabelJob } from '../../../gateway/labels/label-job.js';
import type { Frame } from '../../../gateway/labels/media.js';
import { renderLabels } from '../../../gateway/labels/render.js';

/** The coarsest printer in use. */
export const DPI = 203;

/** A page as grey pixels: so many to a millimetre across and down (the renderer rounds the page to whole points). */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly across: number;
  readonly down: number;
  readonly grey: Uint8Array;
}

export interface PrintedPage {
  /** Millimetres. */
  readonly width: number;
  readonly height: number;
  readonly text: string;
  picture(dpi?: number): Promise<Picture>;
}

// The decoder would otherwise fetch its program from the network.
const decoder = createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm');
await prepareZXingModule({ overrides: { wasmBinary: new Uint8Array(readFileSync(decoder)).buffer }, fireImmediately: true });
const pdfium = await PDFiumLibrary.init();

/** The bytes of a job's PDF. */
export async function pdfOf(job: LabelJob): Promise<Buffer> {
  const chunks: Buffer[] = [];
  await renderLabels(job, new Writable({ write: (chunk: Buffer, _encoding, done) => { chunks.push(chunk); done(); } }));
  return Buffer.concat(chunks);
}

/** Renders a job and opens its pages for `look`; the first is the test page. */
export async function withPages<T>(job: LabelJob, look: (pages: readonly PrintedPage[]) => Promise<T>): Promise<T> {
  return withPagesOf(await pdfOf(job), look);
}

/** Opens the pages of a PDF for `look`. */
export async function withPagesOf<T>(pdf: Uint8Array, look: (pages: readonly PrintedPage[]) => Promise<T>): Promise<T> {
  const document = await pdfium.loadDocument(pdf);
  try {
    return await look(pagesOf(document));
  } finally {
    document.destroy();
  }
}

function pagesOf(document: PDFiumDocument): PrintedPage[] {
  return [...document.pages()].map((page) => {
    const { originalWidth, originalHeight } = page.getOriginalSize();
    const paper = { width: (originalWidth * 25.4) / 72, height: (originalHeight * 25.4) / 72 };
    return {
      ...paper, text: page.getText(),
      picture: async (dpi = DPI) => {
        const { width, height, data } = await page.render({ scale: dpi / 72, render: 'bitmap', colorSpace: 'BGRA' });
        return { width, height, across: width / paper.width, down: height / paper.height, grey: greyOf(data, width * height) };
      },
    };
  });
}

function greyOf(pixels: Uint8Array, count: number): Uint8Array {
  const grey = new Uint8Array(count);
  for (let at = 0; at < count; at++) grey[at] = (pixels[at * 4]! + pixels[at * 4 + 1]! + pixels[at * 4 + 2]!) / 3;
  return grey;
}

/** What a cheap lens does: each pixel mixed with its neighbours, weights 1 2 1 in both directions. */
export function blurred(picture: Picture): Picture {
  const across = mixed(picture.grey, 1);
  return { ...picture, grey: mixed(across, picture.width) };
}

function mixed(grey: Uint8Array, step: number): Uint8Array {
  return grey.map((value, at) => ((grey[at - step] ?? value) + 2 * value + (grey[at + step] ?? value)) >> 2);
}

/** The part of a picture inside a frame given in millimetres. */
export function cut(picture: Picture, frame: Frame): Picture {
  const left = Math.max(0, Math.floor(frame.x * picture.across));
  const top = Math.max(0, Math.floor(frame.y * picture.down));
  const right = Math.min(picture.width, Math.ceil((frame.x + frame.width) * picture.across));
  const bottom = Math.min(picture.height, Math.ceil((frame.y + frame.height) * picture.down));
  const [width, height] = [right - left, bottom - top];
  const grey = new Uint8Array(width * height);
  for (let row = 0; row < height; row++) {
    const from = (top + row) * picture.width + left;
    grey.set(picture.grey.subarray(from, from + width), row * width);
  }
  return { ...picture, width, height, grey };
}

/** Everything of these formats that the decoder finds. */
export async function decode(picture: Picture, formats: ReadInputBarcodeFormat[]): Promise<ReadResult[]> {
  const data = new Uint8ClampedArray(picture.grey.length * 4);
  const pixels = new Uint32Array(data.buffer);
  for (const [at, value] of picture.grey.entries()) pixels[at] = 0xff000000 | (value * 0x010101);
  const found = await readBarcodes({ data, width: picture.width, height: picture.height, colorSpace: 'srgb' }, { formats, tryHarder: true, maxNumberOfSymbols: 20 });
  return found.filter((symbol) => symbol.isValid);
}

/** Corners of a symbol in millimetres from its picture's top left. */
export function cornersOf(symbol: ReadResult, picture: Picture): { readonly x: number; readonly y: number; readonly side: number } {
  const { topLeft, topRight } = symbol.position;
  return { x: topLeft.x / picture.across, y: topLeft.y / picture.down, side: (topRight.x - topLeft.x) / picture.across };
}
