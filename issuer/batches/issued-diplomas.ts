/** An issued batch as files: each diploma as text and as page, the class as one archive or for the printer. */
import { disclosedData, readDisclosure, type PersonalData } from '#domain/credential/disclosure.js';
import { CREDENTIAL_TYPES } from '#domain/credential/credential-type.js';
import type { Diploma } from '#domain/credential/diploma.js';
import { publicCredentialPath } from '#domain/credential/reveal.js';
import { Problem } from '#domain/errors.js';
import type { CredentialRecord, Secrets } from '../credentials/credential-record.js';
import type { CredentialRows } from '../credentials/credential-rows.js';
import { classPdf, diplomaPdf } from '../documents/diploma-pdf.js';
import type { DiplomaDocument } from '../documents/diploma-page.js';
import { zipArchive, type ZipEntry } from '../documents/zip-writer.js';
import { wholeText } from '../public/public-credentials.js';
import type { Batch } from './batch.js';
import type { Place } from './batch-job.js';
import type { BatchRows } from './batch-rows.js';
import { chunkOf, CHUNK } from './chunks.js';
import { BYTE_ORDER_MARK, csvLine } from './csv-lines.js';

export interface IssuedParts {
  readonly batches: BatchRows;
  readonly credentials: CredentialRows;
  /** of the verifier that the printed codes lead to, e.g. `https://xac-minh.example` */
  readonly verifier: string;
}

/** An issued diploma whose personal data were not erased. */
interface IssuedDiploma {
  readonly place: Place;
  readonly record: CredentialRecord;
  readonly secrets: Secrets;
  readonly personal: PersonalData;
}

/** A row of a batch as it is listed. */
export interface IssuedRow extends Place {
  readonly publicId: string;
  readonly erased: boolean;
}

export class IssuedDiplomas {
  readonly #parts: IssuedParts;

  constructor(parts: IssuedParts) {
    this.#parts = parts;
  }

  /**
   * @param from a place among the issued, from 0
   * @param most of rows, e.g. 100
   */
  async list({ id }: Batch, from: number, most: number): Promise<IssuedRow[]> {
    const rows: IssuedRow[] = [];
    for (let at = from; at < from + most; at += 1) {
      const place = await this.#placeAt(id, at);
      if (place === undefined) break;
      const { publicId, erasedAt } = await this.#parts.credentials.known(place.id);
      rows.push({ ...place, publicId, erased: erasedAt !== undefined });
    }
    return rows;
  }

  async #placeAt(batch: string, at: number): Promise<Place | undefined> {
    return (await this.#parts.batches.readChunk<Place>('place', batch, chunkOf(at)))?.[at % CHUNK];
  }

  /** The text of one diploma, with everything that its holder may show. Throws BATCH_ROW_UNKNOWN, PERSONAL_DATA_ERASED. */
  async text(batch: Batch, row: number): Promise<string> {
    const { record, secrets } = await this.#ofRow(batch, row);
    return wholeText(record, secrets);
  }

  /** One diploma as PDF. Throws BATCH_ROW_UNKNOWN, PERSONAL_DATA_ERASED. */
  async pdf(batch: Batch, row: number): Promise<Buffer> {
    return diplomaPdf(this.#document(batch, await this.#ofRow(batch, row)), issuedMs(batch));
  }

  /** The class as one PDF, a page for each, in the order of the file. */
  classPdf(batch: Batch): AsyncGenerator<Buffer> {
    return classPdf(this.#documents(batch), `${batch.institution.name} · ${batch.id}`, issuedMs(batch));
  }

  /** The class as one archive: a text and a PDF for each, and a list of them. */
  archive(batch: Batch): AsyncGenerator<Buffer> {
    return zipArchive(this.#entries(batch), issuedMs(batch));
  }

  async *#documents(batch: Batch): AsyncGenerator<DiplomaDocument> {
    for await (const one of this.#all(batch)) if ('personal' in one) yield this.#document(batch, one);
  }

  async *#entries(batch: Batch): AsyncGenerator<ZipEntry> {
    const list = [BYTE_ORDER_MARK + csvLine(LIST_HEADINGS)];
    for await (const one of this.#all(batch)) {
      if (!('personal' in one)) {
        list.push(csvLine([String(one.row), '', '', '', one.id, '', '', 'đã xóa dữ liệu cá nhân · personal data erased']));
        continue;
      }
      const { place: { row, id }, record, secrets, personal } = one;
      const name = fileName(row, personal.serialNumber);
      yield { name: `pdf/${name}.pdf`, content: diplomaPdf(this.#document(batch, one), issuedMs(batch)) };
      yield { name: `van-ban/${name}.txt`, content: Buffer.from(wholeText(record, secrets)) };
      list.push(csvLine([String(row), personal.fullName, personal.serialNumber, personal.registerNumber, id, `pdf/${name}.pdf`, `van-ban/${name}.txt`, this.#page(record.publicId)]));
    }
    yield { name: 'danh-sach.csv', content: Buffer.from(list.join('')) };
  }

  #page(publicId: string): string {
    return this.#parts.verifier + publicCredentialPath(publicId);
  }

  async *#all(batch: Batch): AsyncGenerator<IssuedDiploma | Place> {
    for await (const place of this.#parts.batches.read<Place>('place', batch.id)) yield await this.#open(place) ?? place;
  }

  async #ofRow(batch: Batch, row: number): Promise<IssuedDiploma> {
    for await (const place of this.#parts.batches.read<Place>('place', batch.id)) {
      if (place.row < row) continue;
      if (place.row > row) break;
      const found = await this.#open(place);
      if (found === undefined) throw new Problem('PERSONAL_DATA_ERASED', { credential: place.id });
      return found;
    }
    throw new Problem('BATCH_ROW_UNKNOWN', { row: String(row) });
  }

  /** @returns `undefined` where the personal data were erased */
  async #open(place: Place): Promise<IssuedDiploma | undefined> {
    const { credentials } = this.#parts;
    const record = await credentials.known(place.id);
    if (record.erasedAt !== undefined) return undefined;
    const secrets = await credentials.secrets(place.id);
    const allowed = CREDENTIAL_TYPES.DiplomaCredential.disclosures;
    const personal = disclosedData(secrets.disclosures.map(readDisclosure), allowed) as PersonalData;
    return { place, record, secrets, personal };
  }

  #document({ id }: Batch, { place, record, secrets, personal }: IssuedDiploma): DiplomaDocument {
    const { revealKey = '' } = secrets;
    return { diploma: record.claims.subjectClaims as Diploma, personal, publicId: record.publicId, revealKey, origin: this.#parts.verifier, mark: `${id} / ${place.row}` };
  }
}

const LIST_HEADINGS = ['Dòng', 'Họ và tên', 'Số hiệu', 'Số vào sổ gốc', 'Mã văn bằng', 'Tệp PDF', 'Tệp văn bản', 'Trang kiểm tra'];

function issuedMs({ issuedAt = 0 }: Batch): number {
  return issuedAt * 1000;
}

/** e.g. `0017_VD-0001234`: by row and by what is printed on the form, not by the person's name. */
function fileName(row: number, serialNumber: string): string {
  return `${String(row).padStart(5, '0')}_${serialNumber.replaceAll(/[^\p{L}\p{N}.-]+/gu, '-')}`;
}
