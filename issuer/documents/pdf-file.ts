/** A PDF being written: pages that are forgotten when they are drawn, and the same bytes whenever the same is drawn. */
import Pdfkit from 'pdfkit';
import { PageDrawing, type Faces } from './page-drawing.js';
import { A4, POINT } from './paper.js';
import { Typeface, typefaceFile, type EmbeddedFont, type Face, type FontProgram } from './typeface.js';

export interface PdfFacts {
  readonly title: string;
  /** milliseconds since 1970 */
  readonly createdAt: number;
}

/** What pdfkit has and its types do not show. */
interface Inside {
  readonly _font: EmbeddedFont & { ref(): object };
  readonly _root: { readonly data: { ViewerPreferences?: { readonly data: Record<string, unknown> } } };
}

type FontSource = Parameters<PDFKit.PDFDocument['registerFont']>[1];

/** Parsed once: pdfkit takes the parsed font in place of a file. */
const programs = new Map<Face, FontProgram>();

export class PdfFile {
  readonly #document: PDFKit.PDFDocument;
  readonly #fonts: Record<string, object> = {};
  readonly #faces: Faces;

  constructor({ title, createdAt }: PdfFacts) {
    // An empty name keeps pdfkit from loading a default font.
    this.#document = new Pdfkit({
      autoFirstPage: false, font: '', pdfVersion: '1.7', lang: 'vi-VN', displayTitle: true,
      info: { Title: title, Producer: 'Minh Chứng', Creator: 'Minh Chứng', CreationDate: new Date(createdAt) },
    });
    // A viewer that fits the page to its paper would change the size of the modules.
    const preferences = this.#inside._root.data.ViewerPreferences;
    if (preferences !== undefined) preferences.data['PrintScaling'] = 'None';
    this.#faces = { regular: this.#embed('regular'), bold: this.#embed('bold') };
  }

  /** Writes one A4 page. */
  addPage(draw: (drawing: PageDrawing) => void): void {
    const drawing = new PageDrawing(this.#faces);
    draw(drawing);
    this.#document.addPage({ size: [A4.width / POINT, A4.height / POINT], margin: 0 });
    const { page } = this.#document;
    Object.assign(page.fonts, this.#fonts);
    const scale = (1 / POINT).toFixed(9);
    page.write(Buffer.from(`${scale} 0 0 ${scale} 0 0 cm\n${drawing.operators()}\n`, 'latin1'));
    this.#document.flushPages();
    // The page tree needs only the number of a page that is written; its contents would pile up.
    page.dictionary.data = {} as typeof page.dictionary.data;
  }

  /** Writes fonts, page tree and cross-reference table. */
  end(): void {
    this.#document.end();
  }

  /** The bytes written since the last call; none: an empty buffer. */
  take(): Buffer {
    const bytes: unknown = this.#document.read();
    return bytes instanceof Buffer ? bytes : Buffer.alloc(0);
  }

  get #inside(): Inside {
    return this.#document as unknown as Inside;
  }

  #embed(face: Face): Typeface {
    const source = (programs.get(face) ?? typefaceFile(face)) as unknown as FontSource;
    this.#document.registerFont(face, source);
    this.#document.font(face);
    const font = this.#inside._font;
    programs.set(face, font.font);
    this.#fonts[font.id] = font.ref();
    return new Typeface(face, font);
  }
}
