/** Which blocks a client wants (Fabric's `orderer.SeekInfo`). */
import { bytesFields } from './proposal-message.js';
import { asBytes, asNumber, eachField } from './wire-format.js';

/** `number` for a given block; `next` is the first one not yet on the disk. */
export type SeekPosition = { readonly number: number } | 'newest' | 'oldest' | 'next';

export interface SeekInfo {
  readonly start: SeekPosition;
  readonly stop: SeekPosition;
  /** Refuse what is not there yet instead of waiting for it. */
  readonly failIfNotReady: boolean;
}

/** @returns `undefined` if start or stop is missing; @throws MalformedMessage */
export function decodeSeekInfo(raw: Buffer): SeekInfo | undefined {
  const seek = { start: undefined as SeekPosition | undefined, stop: undefined as SeekPosition | undefined, failIfNotReady: false };
  eachField(raw, (field, value) => {
    if (field === 1) seek.start = decodePosition(asBytes(value));
    else if (field === 2) seek.stop = decodePosition(asBytes(value));
    else if (field === 3) seek.failIfNotReady = asNumber(value) === 1;
  });
  const { start, stop, failIfNotReady } = seek;
  return start === undefined || stop === undefined ? undefined : { start, stop, failIfNotReady };
}

/** `orderer.SeekPosition`: newest 1, oldest 2, specified 3, next_commit 4. */
function decodePosition(raw: Buffer): SeekPosition | undefined {
  const [newest, oldest, specified, next] = bytesFields(raw, 4);
  if (specified !== undefined) return { number: specifiedNumber(specified) };
  if (newest !== undefined) return 'newest';
  if (oldest !== undefined) return 'oldest';
  return next === undefined ? undefined : 'next';
}

function specifiedNumber(raw: Buffer): number {
  let number = 0;
  eachField(raw, (field, value) => { if (field === 1) number = asNumber(value); });
  return number;
}

/** Number of the first block to send, on a chain of `height` blocks. */
export function firstBlockOf(position: SeekPosition, height: number): number {
  if (position === 'oldest') return 0;
  if (position === 'newest') return height - 1;
  return position === 'next' ? height : position.number;
}

/** Number of the last block to send. */
export function lastBlockOf(seek: SeekInfo, first: number, height: number): number {
  if (seek.stop === 'oldest') return first;
  if (seek.stop === 'newest') return seek.start === 'newest' ? first : height - 1;
  return seek.stop === 'next' ? height : seek.stop.number;
}
