/** The file in a request: as the body itself, or as the one part of a form. */
import { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import { Problem, require } from '#domain/errors.js';

/** Kinds of bodies that are a file; what it really is shows in its first bytes. */
export const FILE_TYPES = ['text/csv', 'application/csv', 'application/octet-stream', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'];

/**
 * @param most bytes
 * @throws Problem CONTENT_TYPE_WRONG, IMPORT_FILE_MISSING, IMPORT_FILE_TOO_LARGE, REQUEST_UNREADABLE
 */
export async function fileOf(request: FastifyRequest, most: number): Promise<Buffer> {
  const { 'content-encoding': encoding = 'identity' } = request.headers;
  require(encoding === 'identity', 'CONTENT_TYPE_WRONG', { encoding });
  if (request.isMultipart()) return gathered(onlyFile(request), most);
  require(request.body instanceof Readable, 'CONTENT_TYPE_WRONG', { expected: `multipart/form-data | ${FILE_TYPES.join(' | ')}` });
  return gathered(request.body, most);
}

async function* onlyFile(request: FastifyRequest): AsyncGenerator<Buffer> {
  let files = 0;
  for await (const part of request.parts()) {
    files += 1;
    if (part.type !== 'file' || files > 1) throw new Problem('IMPORT_FILE_MISSING');
    yield* part.file;
  }
  require(files === 1, 'IMPORT_FILE_MISSING');
}

/** What breaks off, or is no form, is the sender's doing. */
async function gathered(body: AsyncIterable<Buffer>, most: number): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let length = 0;
  try {
    for await (const piece of body) {
      length += piece.length;
      require(length <= most, 'IMPORT_FILE_TOO_LARGE', { most: String(most) });
      pieces.push(piece);
    }
  } catch (error) {
    throw error instanceof Problem ? error : new Problem('REQUEST_UNREADABLE', { reason: error instanceof Error ? error.message.slice(0, 100) : '' });
  }
  return Buffer.concat(pieces);
}
