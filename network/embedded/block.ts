/** Blocks in Fabric's own format: header hash, data hash, orderer's signature, validation flags, commit hash. */
import { createHash } from 'node:crypto';
import { bytesFields } from './proposal-message.js';
import { MessageWriter } from './wire-format.js';

const EMPTY = Buffer.alloc(0);

const DER_SEQUENCE = 0x30;
const DER_INTEGER = 0x02;
const DER_OCTET_STRING = 0x04;

/** Places in a block's metadata (`common.BlockMetadataIndex`). */
export const METADATA = { signatures: 0, lastConfig: 1, transactionsFilter: 2, orderer: 3, commitHash: 4 } as const;

export interface BlockHeader {
  readonly number: number;
  /** SHA-256 of the previous header's DER form; empty for block 0. */
  readonly previousHash: Buffer;
  /** SHA-256 over all envelopes one after the other. */
  readonly dataHash: Buffer;
}

/** A block without its envelopes. */
export interface BlockFrame {
  readonly header: BlockHeader;
  /** Five elements, see `METADATA`. */
  readonly metadata: readonly Buffer[];
}

/** Whoever signs blocks: serialised identity and signature of a message. */
export interface BlockSigner {
  readonly identity: Buffer;
  sign(message: Uint8Array): Buffer;
}

/** The form of the header that is hashed and signed: ASN.1 DER `SEQUENCE { number, previous_hash, data_hash }`. */
export function headerBytes(header: BlockHeader): Buffer {
  const body = Buffer.concat([
    der(DER_INTEGER, unsignedBigEndian(header.number)), der(DER_OCTET_STRING, header.previousHash), der(DER_OCTET_STRING, header.dataHash),
  ]);
  return der(DER_SEQUENCE, body);
}

export function headerHash(header: BlockHeader): Buffer {
  return sha256(headerBytes(header));
}

export function dataHash(envelopes: readonly Buffer[]): Buffer {
  return sha256(...envelopes);
}

export function sha256(...parts: readonly Uint8Array[]): Buffer {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

/** A DER value of at most 127 bytes: a header has at most 80. */
function der(tag: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.of(tag, content.length), content]);
}

function unsignedBigEndian(n: number): Buffer {
  const digits = n.toString(16);
  const bytes = Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, 'hex');
  return (bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.of(0), bytes]) : bytes;
}

/**
 * The orderer's metadata (`common.Metadata`): number of the last configuration block, and one signature over it,
 * the signature header and the block header.
 */
export function signaturesMetadata(header: BlockHeader, signer: BlockSigner, nonce: Uint8Array): Buffer {
  const value = new MessageWriter().message(1, lastConfig()).finish();
  const signatureHeader = new MessageWriter().bytes(1, signer.identity).bytes(2, nonce).finish();
  const signature = signer.sign(Buffer.concat([value, signatureHeader, headerBytes(header)]));
  const entry = new MessageWriter().bytes(1, signatureHeader).bytes(2, signature);
  return new MessageWriter().bytes(1, value).message(2, entry).finish();
}

/** The parts of `signaturesMetadata` that a verifier needs. */
export interface OrdererSignature {
  readonly identity: Buffer;
  readonly message: Buffer;
  readonly signature: Buffer;
}

/** Reads a block's metadata `SIGNATURES`; @throws MalformedMessage */
export function ordererSignature(header: BlockHeader, metadata: Buffer): OrdererSignature {
  const [value = EMPTY, entry = EMPTY] = bytesFields(metadata, 2);
  const [signatureHeader = EMPTY, signature = EMPTY] = bytesFields(entry, 2);
  const [identity = EMPTY] = bytesFields(signatureHeader, 1);
  return { identity, signature, message: Buffer.concat([value, signatureHeader, headerBytes(header)]) };
}

/** `common.LastConfig` of a channel whose only configuration is block 0. */
function lastConfig(): MessageWriter {
  return new MessageWriter();
}

/** Metadata `LAST_CONFIG`, which older readers use. */
export function lastConfigMetadata(): Buffer {
  return new MessageWriter().bytes(1, lastConfig().finish()).finish();
}

/** `common.Metadata` around a commit hash; empty for block 0, which has none. */
export function commitHashMetadata(hash: Buffer): Buffer {
  return new MessageWriter().bytes(1, hash).finish();
}

/** @returns `common.Block` without its data: fields 1 and 3 */
export function encodeFrame(frame: BlockFrame): { header: Buffer; metadata: Buffer } {
  const header = new MessageWriter().number(1, frame.header.number).bytes(2, frame.header.previousHash).bytes(3, frame.header.dataHash);
  const metadata = new MessageWriter();
  for (const element of frame.metadata) metadata.element(1, element);
  return { header: new MessageWriter().message(1, header).finish(), metadata: new MessageWriter().message(3, metadata).finish() };
}

/** @returns `common.Block`, field 2: the envelopes */
export function encodeData(envelopes: readonly Buffer[]): Buffer {
  const data = new MessageWriter();
  for (const envelope of envelopes) data.element(1, envelope);
  return new MessageWriter().message(2, data).finish();
}
