/** What is posted to /report: a form as browsers send it, or JSON from a machine. */
import type { FastifyInstance } from 'fastify';
import { Problem, require } from '#domain/errors.js';
import { parseStrictJson } from '#domain/strict-json.js';

/** A text of a thousand characters takes up to nine thousand bytes in a form, a typed code as many. */
export const LONGEST_BODY = 65_536;

export interface ReportBody {
  /** Fields as they came; those of a form without what a browser adds to a text. */
  readonly fields: Readonly<Record<string, unknown>>;
  readonly isForm: boolean;
}

/** Reads both, strictly, instead of whatever else could be posted here. */
export function readReportBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  const options = { parseAs: 'buffer', bodyLimit: LONGEST_BODY } as const;
  app.addContentTypeParser<Buffer>('application/x-www-form-urlencoded', options, async (_request: unknown, body: Buffer) => ({ isForm: true, fields: formFields(textOf(body)) }));
  app.addContentTypeParser<Buffer>('application/json', options, async (_request: unknown, body: Buffer) => ({ isForm: false, fields: jsonFields(textOf(body)) }));
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

function textOf(body: Buffer): string {
  try {
    return utf8.decode(body);
  } catch {
    throw new Problem('TEXT_NOT_PLAIN', { expected: 'UTF-8' }); // TypeError is the decoder's only error
  }
}

/** @throws Problem TEXT_NOT_JSON, TEXT_NOT_PLAIN, JSON_DUPLICATE_KEY, JSON_TOO_DEEP, FIELD_WRONG_TYPE */
function jsonFields(text: string): Readonly<Record<string, unknown>> {
  const value = parseStrictJson(text, LONGEST_BODY);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Problem('FIELD_WRONG_TYPE', { field: '', expected: 'object' });
  return value as Readonly<Record<string, unknown>>;
}

/**
 * The fields of a form (WHATWG URL 5.1); those left empty are left out.
 *
 * @param text e.g. `reason=other&text=hai+d%C3%B2ng`
 * @throws Problem JSON_DUPLICATE_KEY for a field that comes twice, TEXT_NOT_PLAIN for a broken percent-encoding
 */
export function formFields(text: string): Readonly<Record<string, string>> {
  const fields = new Map<string, string>();
  for (const part of text.split('&')) {
    const mark = part.indexOf('=');
    const name = decoded(mark < 0 ? part : part.slice(0, mark));
    require(!fields.has(name), 'JSON_DUPLICATE_KEY', { field: name.slice(0, 60) });
    fields.set(name, mark < 0 ? '' : asTyped(decoded(part.slice(mark + 1))));
  }
  return Object.fromEntries([...fields].filter(([, value]) => value !== ''));
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    throw new Problem('TEXT_NOT_PLAIN', { field: '' }); // URIError is the decoder's only error
  }
}

/**
 * A form's text as its writer meant it: browsers end lines with two characters, some keyboards write Vietnamese letters
 * in pieces, and pasting brings tabs and no-break spaces. Whatever else is hidden in it stays, and is refused.
 */
function asTyped(text: string): string {
  return text.replaceAll(/\r\n?/g, '\n').replaceAll(/[\t\u00a0]/g, ' ').normalize('NFC').trim();
}
