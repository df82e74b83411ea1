/** One PDF document being written: pages of exact size, fonts as subsets, bytes to take away after each page. */
import Pdfkit from 'pdfkit';
import { fontFile, LabelFont, type EmbeddedFont, type Face } from './label-font.js';
import { PageContent, type Fonts } from './page-content.js';
import { POINT } from './typography.js';
import type { Size } from './media.js';

/** A font's tables, read. pdfkit takes them in place of a file, though its types know only files. */
type FontProgram = Buffer & { readonly __program: true };

/** Reading and learning a face takes longer than a sheet of labels: once per process, not once per job. */
const programs = new Map<Face, FontProgram>();

/** What pdfkit has and its types do not show: the font in use, the catalog, the data of an object not yet written. */
interface Inside {
  readonly _font: EmbeddedFont & { readonly font: FontProgram; ref(): object };
  readonly _root: { readonly data: { ViewerPreferences?: { readonly data: Record<string, unknown> } } };
}

export interface PdfInfo {
  readonly title: string;
  readonly language: 'vi' | 'en';
  readonly page: Size;
}

/** A document whose pages are drawn one after the other and then forgotten. */
export class PdfDocument {
  readonly #document: PDFKit.PDFDocument;
  readonly #size: [number, number];
  readonly #resources: Record<string, object> = {};
  readonly fonts: Fonts;

  constructor({ title, language, page }: PdfInfo) {
    this.#size = [page.width / POINT, page.height / POINT];
    // An empty font name keeps pdfkit from loading its default font, which nothing here uses.
    this.#document = new Pdfkit({
      autoFirstPage: false, font: '', pdfVersion: '1.7', lang: language === 'vi' ? 'vi-VN' : 'en', displayTitle: true,
      info: { Title: title, Producer: 'Minh Chứng', Creator: 'Minh Chứng' },
    });
    // Viewers must not fit the page to the paper: a scaled module is a module of the wrong size.
    const preferences = this.#inside._root.data.ViewerPreferences;
    if (preferences !== undefined) preferences.data['PrintScaling'] = 'None';
    this.fonts = { regular: this.#embed('regular'), bold: this.#embed('bold') };
  }

  get #inside(): Inside {
    return this.#document as unknown as Inside;
  }

  #embed(face: Face): LabelFont {
    this.#document.registerFont(face, programs.get(face) ?? fontFile(face));
    this.#document.font(face);
    const font = this.#inside._font;
    programs.set(face, font.font);
    this.#resources[font.id] = font.ref();
    return new LabelFont(font);
  }

  /** Writes one page drawn by `draw`. */
  addPage(draw: (content: PageContent) => void): void {
    const content = new PageContent(this.fonts);
    draw(content);
    this.#document.addPage({ size: this.#size, margin: 0 });
    const { page } = this.#document;
    Object.assign(page.fonts, this.#resources);
    const scale = (1 / POINT).toFixed(9);
    // As bytes: of a text, pdfkit makes bytes one character at a time.
    page.write(Buffer.from(`${scale} 0 0 ${scale} 0 0 cm\n${content.operators()}`, 'latin1'));
    this.#document.flushPages();
    // The page tree needs only the number of a written page; its contents would pile up in memory.
    page.dictionary.data = {} as typeof page.dictionary.data;
  }

  /** Ends the document: fonts, page tree, cross-reference table. */
  end(): void {
    this.#document.end();
  }

  /** The bytes written since the last call; `undefined` if there are none. */
  take(): Buffer | undefined {
    const bytes: unknown = this.#document.read();
    return bytes instanceof Buffer ? bytes : undefined;
  }
}
