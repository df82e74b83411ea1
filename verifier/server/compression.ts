/** Answers in gzip (RFC 1952) for whoever takes it. */
import { constants, crc32, deflateRawSync, gzipSync } from 'node:zlib';
import type { FastifyReply } from 'fastify';
import { acceptsGzip } from './negotiation.js';
import { PAGE_STARTS } from './parts/document.js';

/** Below it an answer takes one packet anyway. */
export const SMALLEST_COMPRESSED = 1_024;
/** A page of 13 kB takes some 80 µs; the levels above take longer for a hundredth of the size. */
const OPTIONS = { level: 4, windowBits: 14, memLevel: 8 } as const;

/** Sends a text, compressed where that is worth it and taken; its type is set already. */
export function sendCompressible(reply: FastifyReply, text: string): FastifyReply {
  if (text.length < SMALLEST_COMPRESSED) return reply.send(text);
  variesByEncoding(reply);
  if (!acceptsGzip(reply.request.headers['accept-encoding'])) return reply.send(text);
  return reply.header('content-encoding', 'gzip').send(gzipped(text));
}

/** What a client can decode changes what it gets. */
export function variesByEncoding(reply: FastifyReply): FastifyReply {
  const varies = reply.getHeader('vary');
  return reply.header('vary', varies === undefined ? 'Accept-Encoding' : `${String(varies)}, Accept-Encoding`);
}

/** The beginning of a page, compressed once, up to where the next deflate block can begin. */
interface Start {
  readonly text: string;
  readonly compressed: Buffer;
  readonly length: number;
  readonly crc: number;
}

const HEADER = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff]);
const STARTS: readonly Start[] = PAGE_STARTS.map((text) => {
  const bytes = Buffer.from(text);
  return { text, compressed: deflateRawSync(bytes, { level: 9, finishFlush: constants.Z_FULL_FLUSH }), length: bytes.length, crc: crc32(bytes) };
});

/**
 * Two fifths of a page are its style sheet: they are deflated once at the start, and the rest behind them as further
 * blocks of the same stream.
 */
export function gzipped(text: string): Buffer {
  const start = STARTS.find((one) => text.startsWith(one.text));
  if (start === undefined) return gzipSync(text, OPTIONS);
  const rest = Buffer.from(text.slice(start.text.length));
  const trailer = Buffer.allocUnsafe(8);
  trailer.writeUInt32LE(crc32(rest, start.crc), 0);
  trailer.writeUInt32LE(start.length + rest.length, 4);
  return Buffer.concat([HEADER, start.compressed, deflateRawSync(rest, OPTIONS), trailer]);
}
