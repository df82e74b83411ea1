/** What is posted to the routes of credentials: kept as text until somebody asks what stands in it. */
import type { FastifyInstance } from 'fastify';
import { Problem } from '#domain/errors.js';
import { parseStrictJson } from '#domain/strict-json.js';
import { formFields } from '../report-body.js';
import { LONGEST_VERIFY_BODY } from './verify-request.js';

/** A credential of 64 KiB with line ends in it, percent-encoded. */
const LONGEST_FORM = 163_840;

interface PostedBody {
  readonly isForm: boolean;
  readonly text: string;
}

/** Takes forms and JSON, instead of whatever else could be posted here. */
export function readPostedBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser<Buffer>('application/x-www-form-urlencoded', { parseAs: 'buffer', bodyLimit: LONGEST_FORM }, async (_request: unknown, body: Buffer): Promise<PostedBody> => ({ isForm: true, text: textOf(body) }));
  app.addContentTypeParser<Buffer>('application/json', { parseAs: 'buffer', bodyLimit: LONGEST_VERIFY_BODY }, async (_request: unknown, body: Buffer): Promise<PostedBody> => ({ isForm: false, text: textOf(body) }));
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

function textOf(body: Buffer): string {
  try {
    return utf8.decode(body);
  } catch {
    throw new Problem('TEXT_NOT_PLAIN', { expected: 'UTF-8' }); // TypeError is the decoder's only error
  }
}

function bodyOf({ body }: { readonly body: unknown }): PostedBody {
  if (body === undefined || body === null) throw new Problem('CONTENT_TYPE_WRONG');
  return body as PostedBody;
}

/** Fields of a form or of a JSON object. Throws Problem CONTENT_TYPE_WRONG, TEXT_…, JSON_…, FIELD_WRONG_TYPE. */
export function postedFields(request: { readonly body: unknown }): Readonly<Record<string, unknown>> {
  const { isForm, text } = bodyOf(request);
  if (isForm) return formFields(text);
  const value = parseStrictJson(text, LONGEST_VERIFY_BODY);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Problem('FIELD_WRONG_TYPE', { field: '', expected: 'object' });
  return value as Readonly<Record<string, unknown>>;
}

/** The text of a JSON body. Throws Problem CONTENT_TYPE_WRONG for a form. */
export function postedJson(request: { readonly body: unknown }): string {
  const { isForm, text } = bodyOf(request);
  if (isForm) throw new Problem('CONTENT_TYPE_WRONG', { expected: 'application/json' });
  return text;
}
