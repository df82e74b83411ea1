/**
 * Where the transactions of a block begin and end. The data hash, which orderers sign, is over all of them in one piece, so
 * whoever delivers a block could cut that piece elsewhere, and pass bytes from inside a transaction off as one of its own.
 * So each has to have a form that lets no other cut through: Fabric's peers ask for it too, before they hash
 * (`protoutil/blockutils.go`, VerifyTransactionsAreWellFormed).
 */
import type { Buffer } from 'node:buffer';
import { WireError, WireReader } from './protobuf-wire.js';

/** `common.Envelope`: field 1 is the payload, field 2 the signature. */
const PAYLOAD = { field: 1, tag: 0x0a } as const;
const SIGNATURE = { field: 2, tag: 0x12 } as const;

/**
 * Whether the envelopes of a block are such that their bytes in one piece can be cut in no other way: a payload first, then
 * its signature, each once, written as short as can be, and only then what no member of the message is. Of block 0, which
 * nobody signed, the signature may be missing.
 *
 * @param envelopes serialised `common.Envelope`s, as a block holds them
 */
export function areWellFormed(envelopes: readonly Buffer[], block: bigint): boolean {
  return envelopes.length > 0 && envelopes.every((envelope) => isWellFormed(envelope, block === 0n));
}

function isWellFormed(envelope: Buffer, mayBeUnsigned: boolean): boolean {
  try {
    const payloadEnd = endOfMember(envelope, 0, PAYLOAD.tag);
    if (payloadEnd === undefined) return false;
    if (mayBeUnsigned && payloadEnd === envelope.length) return true;
    const end = endOfMember(envelope, payloadEnd, SIGNATURE.tag);
    return end !== undefined && holdsNoMember(envelope, end);
  } catch (error) {
    if (error instanceof WireError) return false;
    throw error;
  }
}

/** @returns where the member ends, if it begins at `at`, is not empty, and no byte of tag and length could be spared */
function endOfMember(envelope: Buffer, at: number, tag: number): number | undefined {
  if (envelope[at] !== tag) return undefined;
  const reader = new WireReader(envelope, at);
  reader.next();
  const length = reader.stop - reader.start;
  return length > 0 && reader.start - at === 1 + bytesOfNumber(length) ? reader.stop : undefined;
}

/** Orderers pass on fields that Fabric does not know, so whoever submits may add some: they must not stop anybody. */
function holdsNoMember(envelope: Buffer, from: number): boolean {
  const reader = new WireReader(envelope, from);
  while (reader.next()) if (reader.field === PAYLOAD.field || reader.field === SIGNATURE.field) return false;
  return true;
}

function bytesOfNumber(value: number): number {
  let count = 1;
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128)) count++;
  return count;
}
