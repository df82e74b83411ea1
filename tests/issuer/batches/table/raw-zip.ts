/** ZIP archives whose every field can be made to lie, for readers that must not believe them. */
import { crc32, deflateRawSync } from 'node:zlib';

export interface RawEntry {
  readonly name: string;
  readonly content: Buffer | string;
  /** 8 (deflate) where absent */
  readonly method?: number;
  readonly flags?: number;
  /** what the directory says of the inflated size */
  readonly statedSize?: number;
  readonly statedCrc?: number;
  /** bytes put in the place of the packed content */
  readonly packed?: Buffer;
}

export interface RawArchive {
  readonly comment?: string;
  /** what the end record says of the number of entries */
  readonly statedEntries?: number;
  readonly disk?: number;
}

export function rawZip(entries: readonly RawEntry[], { comment = '', statedEntries = entries.length, disk = 0 }: RawArchive = {}): Buffer {
  const pieces: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const entry of entries) {
    const { facts, packed } = factsOf(entry);
    const name = Buffer.from(entry.name);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(offset, 10);
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00'), facts, place, name]));
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), facts, name, packed]);
    pieces.push(local);
    offset += local.length;
  }
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 0, 'latin1');
  end.writeUInt16LE(disk, 4);
  end.writeUInt16LE(statedEntries, 8);
  end.writeUInt16LE(statedEntries, 10);
  end.writeUInt32LE(directory.reduce((sum, { length }) => sum + length, 0), 12);
  end.writeUInt32LE(offset, 16);
  end.writeUInt16LE(Buffer.byteLength(comment), 20);
  return Buffer.concat([...pieces, ...directory, end, Buffer.from(comment)]);
}

function factsOf({ name, content, method = 8, flags = 0, ...stated }: RawEntry): { facts: Buffer; packed: Buffer } {
  const bytes = Buffer.from(content);
  const packed = stated.packed ?? (method === 0 ? bytes : deflateRawSync(bytes));
  const facts = Buffer.alloc(26);
  facts.writeUInt16LE(20, 0);
  facts.writeUInt16LE(flags, 2);
  facts.writeUInt16LE(method, 4);
  facts.writeUInt32LE(stated.statedCrc ?? crc32(bytes), 10);
  facts.writeUInt32LE(packed.length, 14);
  facts.writeUInt32LE(stated.statedSize ?? bytes.length, 18);
  facts.writeUInt16LE(Buffer.byteLength(name), 22);
  return { facts, packed };
}

const NAMESPACE = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const RELATIONS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';

export interface RawWorkbook {
  readonly sheet: string;
  readonly workbook?: string;
  readonly relations?: string;
  readonly sharedStrings?: string;
  readonly more?: readonly RawEntry[];
}

/** The smallest workbook around the XML of a worksheet's data. */
export function rawWorkbook({ sheet, workbook, relations, sharedStrings, more = [] }: RawWorkbook): Buffer {
  const strings = sharedStrings === undefined ? [] : [{ name: 'xl/sharedStrings.xml', content: sharedStrings }];
  const toStrings = sharedStrings === undefined ? '' : `<Relationship Id="rId2" Type="${RELATIONS}/sharedStrings" Target="sharedStrings.xml"/>`;
  return rawZip([
    { name: 'xl/workbook.xml', content: workbook ?? `<?xml version="1.0"?><workbook xmlns="${NAMESPACE}" xmlns:r="${RELATIONS}"><sheets><sheet name="DS" sheetId="1" r:id="rId1"/></sheets></workbook>` },
    { name: 'xl/_rels/workbook.xml.rels', content: relations ?? `<Relationships><Relationship Id="rId1" Type="${RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/>${toStrings}</Relationships>` },
    { name: 'xl/worksheets/sheet1.xml', content: `<?xml version="1.0"?><worksheet xmlns="${NAMESPACE}"><sheetData>${sheet}</sheetData></worksheet>` },
    ...strings, ...more,
  ]);
}

/** A cell that holds its text itself. */
export const inline = (address: string, text: string): string => `<c r="${address}" t="inlineStr"><is><t>${text}</t></is></c>`;
