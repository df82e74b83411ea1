/** Diplomas as PDF: one in a file of its own, or a whole class in one file for the printer. */
import { drawDiploma, type DiplomaDocument } from './diploma-page.js';
import { PdfFile } from './pdf-file.js';

/** Bytes that are gathered before they are passed on. */
const PIECE = 65_536;

/**
 * One diploma. The same document gives the same bytes.
 *
 * @param issuedAt milliseconds since 1970
 */
export function diplomaPdf(document: DiplomaDocument, issuedAt: number): Buffer {
  const file = new PdfFile({ title: `${document.diploma.title} ${document.personal.serialNumber}`, createdAt: issuedAt });
  file.addPage((drawing) => drawDiploma(drawing, document));
  file.end();
  return file.take();
}

/**
 * A class, a page for each diploma; what is written is passed on and forgotten.
 *
 * @param title of the file, e.g. `Đợt cấp 0192f3a8…`
 * @param issuedAt milliseconds since 1970
 */
export async function* classPdf(documents: AsyncIterable<DiplomaDocument>, title: string, issuedAt: number): AsyncGenerator<Buffer> {
  const file = new PdfFile({ title, createdAt: issuedAt });
  let gathered: Buffer[] = [];
  for await (const document of documents) {
    file.addPage((drawing) => drawDiploma(drawing, document));
    gathered.push(file.take());
    if (gathered.reduce((sum, { length }) => sum + length, 0) < PIECE) continue;
    yield Buffer.concat(gathered);
    gathered = [];
  }
  file.end();
  yield Buffer.concat([...gathered, file.take()]);
}
