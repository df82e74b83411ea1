/** The parts of a workbook that its first sheet is made of (ECMA-376 part 1, 18.2.20; part 2, 9.3). */
import { Problem, require } from '#domain/errors.js';
import type { ZipArchive } from './zip-archive.js';

export interface WorkbookParts {
  /** the name of the first sheet's part, e.g. `xl/worksheets/sheet1.xml` */
  readonly sheet: string;
  /** every part that is needed to read it, by name */
  readonly contents: ReadonlyMap<string, Buffer>;
}

const WORKBOOK = 'xl/workbook.xml';
const RELATIONS = 'xl/_rels/workbook.xml.rels';
const FIRST_SHEET = /<(?:[A-Za-z][\w.-]{0,20}:)?sheet\s([^<>]*)>/;
const RELATION_ID = /\s[\w.-]{1,40}:id\s*=\s*["']([^"'<>]{1,200})["']/;
const RELATION = /<(?:[A-Za-z][\w.-]{0,20}:)?Relationship\s([^<>]*)>/g;
const ATTRIBUTE = /(?:^|\s)(Id|Type|Target)\s*=\s*["']([^"'<>]*)["']/g;
/** What the sheet's cells refer to. */
const SHARED = /\/(?:sharedStrings|styles)$/;

interface Relation {
  readonly id: string;
  readonly type: string;
  readonly part: string;
}

/**
 * @returns only what is needed: pictures, macros, other sheets are not even inflated
 * @throws Problem BATCH_SPREADSHEET_BROKEN, BATCH_SPREADSHEET_TOO_LARGE
 */
export function workbookParts(archive: ZipArchive): WorkbookParts {
  const contents = new Map<string, Buffer>();
  const read = (name: string): string => {
    const content = archive.read(name);
    require(content !== undefined, 'BATCH_SPREADSHEET_BROKEN', { reason: 'part missing', part: name.slice(0, 100) });
    contents.set(name, content);
    return plainXml(content);
  };
  const id = RELATION_ID.exec(FIRST_SHEET.exec(read(WORKBOOK))?.[0] ?? '')?.[1];
  const relations = relationsOf(read(RELATIONS));
  const sheet = relations.find((relation) => relation.id === id && relation.type.endsWith('/worksheet'));
  require(sheet !== undefined, 'BATCH_SPREADSHEET_BROKEN', { reason: 'no worksheet' });
  for (const { part, type } of relations) if (SHARED.test(type) && !contents.has(part)) read(part);
  read(sheet.part);
  return { sheet: sheet.part, contents };
}

/** No document type, and so no entities of its own; no comment or character section in which a cell could hide. */
function plainXml(content: Buffer): string {
  const xml = content.toString('utf8');
  if (xml.includes('<!') || xml.includes('\0')) throw new Problem('BATCH_SPREADSHEET_BROKEN', { reason: 'XML' });
  return xml;
}

function relationsOf(xml: string): Relation[] {
  return Array.from(xml.matchAll(RELATION), ([, attributes = '']) => {
    const { Id: id = '', Type: type = '', Target: target = '' } = Object.fromEntries(Array.from(attributes.matchAll(ATTRIBUTE), ([, name = '', value = '']) => [name, value]));
    return { id, type, part: target.startsWith('/') ? target.slice(1) : `xl/${target}` };
  });
}
