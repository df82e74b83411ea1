/** What is no HTTP, or comes too slowly, never reaches a route; it is answered on the socket. */
import type { Socket } from 'node:net';
import { Problem } from '#domain/errors.js';
import { problemBody } from './problem.js';

/** Node's error for a request it could not read. */
interface ParseError extends Error {
  readonly code?: string;
}

const SLOW = 'ERR_HTTP_REQUEST_TIMEOUT';

/** Answers 408 for a slow request, 400 for an unreadable one, and closes the connection. */
export function answerBrokenRequest(error: ParseError, socket: Socket): void {
  // Gone already, or in the middle of an answer: nothing that is written now would be read as one.
  if (error.code === 'ECONNRESET' || !socket.writable || socket.bytesWritten > 0) {
    socket.destroy();
    return;
  }
  const body = problemBody(new Problem(error.code === SLOW ? 'REQUEST_TOO_SLOW' : 'REQUEST_UNREADABLE'), 'vi');
  const text = JSON.stringify(body);
  socket.end([
    `HTTP/1.1 ${body.status} ${body.status === 408 ? 'Request Timeout' : 'Bad Request'}`,
    'Content-Type: application/problem+json', `Content-Length: ${Buffer.byteLength(text)}`, 'Connection: close', 'Cache-Control: no-store', '', text,
  ].join('\r\n'));
}
