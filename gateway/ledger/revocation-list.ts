/** Revocation lists (RFC 5280 section 5) as Fabric's MSPs hold them and judge by them (Fabric `msp/mspimplvalidate.go`). */
import { Buffer } from 'node:buffer';
import { verify, type KeyObject } from 'node:crypto';
import { DER_TAG, DerError, elementsIn, elementsInside, extensionIn, type DerElement } from './der-elements.js';

export interface RevocationList {
  /** key identifier of the authority that made it, hexadecimal digits; `undefined` if it does not say */
  readonly authorityKey: string | undefined;
  /** serial numbers, as `serialOf` writes them */
  readonly serials: ReadonlySet<string>;
  /** True if the authority with this key signed it. */
  readonly isSignedBy: (key: KeyObject) => boolean;
}

/** 2.5.29.35. */
const AUTHORITY_KEY_IDENTIFIER = '551d23';
/** 2.5.29.14. */
const SUBJECT_KEY_IDENTIFIER = '551d0e';
const EXTENSIONS_OF_LIST = 0xa0;
const EXTENSIONS_OF_CERTIFICATE = 0xa3;
const KEY_IDENTIFIER = 0x80;
/** Of several in one text the first one counts, as Fabric has it. */
const PEM = /^-----BEGIN X509 CRL-----([^-]+)-----END X509 CRL-----/;

/** Hash by the content of the signature algorithm's object identifier: ECDSA, RSA (PKCS #1 v1.5), Ed25519. */
const HASHES: ReadonlyMap<string, string | null> = new Map([
  ['2a8648ce3d0401', 'sha1'], ['2a8648ce3d040302', 'sha256'], ['2a8648ce3d040303', 'sha384'], ['2a8648ce3d040304', 'sha512'],
  ['2a864886f70d010105', 'sha1'], ['2a864886f70d01010b', 'sha256'], ['2a864886f70d01010c', 'sha384'], ['2a864886f70d01010d', 'sha512'],
  ['2b6570', null],
]);

/**
 * Reads a list. Its times are not looked at: it counts from the configuration that brought it, whatever it says.
 *
 * @param bytes DER, or PEM of one list
 * @throws DerError
 */
export function readRevocationList(bytes: Uint8Array): RevocationList {
  const [signed, algorithm, signature] = elementsInside(derOf(bytes));
  if (signed === undefined || algorithm === undefined || signature?.tag !== DER_TAG.bitString) throw new DerError('no revocation list');
  const hash = HASHES.get(elementsIn(algorithm.content)[0]?.content.toString('hex') ?? '');
  const isSignedBy = (key: KeyObject): boolean => hash !== undefined && isSigned(hash, signed.whole, key, signature.content.subarray(1));
  return { ...readSignedPart(elementsIn(signed.content)), isSignedBy };
}

/** @param hex e.g. `0A3F`, as Node writes a certificate's serial number; @returns `a3f` */
export function serialOf(hex: string): string {
  return hex.toLowerCase().replace(/^0+(?=.)/, '');
}

/**
 * The subject key identifier of a certificate (RFC 5280 section 4.2.1.2).
 *
 * @param certificate DER
 * @returns hexadecimal digits; `undefined` if it has none
 */
export function subjectKeyOf(certificate: Buffer): string | undefined {
  try {
    const [signed] = elementsInside(certificate);
    const extensions = elementsIn(signed?.content ?? certificate).find(({ tag }) => tag === EXTENSIONS_OF_CERTIFICATE);
    const value = extensions && extensionIn(extensions.content, SUBJECT_KEY_IDENTIFIER);
    return value && elementsIn(value)[0]?.content.toString('hex');
  } catch (error) {
    if (error instanceof DerError) return undefined;
    throw error;
  }
}

function derOf(bytes: Uint8Array): Buffer {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const text = PEM.exec(buffer.toString('latin1'))?.[1];
  return text === undefined ? buffer : Buffer.from(text, 'base64');
}

/** `TBSCertList`: version, algorithm, issuer, one or two times, entries, extensions. */
function readSignedPart(fields: readonly DerElement[]): Pick<RevocationList, 'authorityKey' | 'serials'> {
  let at = (fields[0]?.tag === DER_TAG.integer ? 1 : 0) + 2;
  if (!isTime(fields[at])) throw new DerError('a revocation list without a time');
  while (isTime(fields[at])) at++;
  const entries = fields[at]?.tag === DER_TAG.sequence ? elementsIn(fields[at]?.content ?? Buffer.alloc(0)) : [];
  const extensions = fields.find(({ tag }) => tag === EXTENSIONS_OF_LIST);
  return { serials: new Set(entries.map(serialIn)), authorityKey: extensions && authorityKeyIn(extensions.content) };
}

function isTime(element: DerElement | undefined): boolean {
  return element?.tag === DER_TAG.utcTime || element?.tag === DER_TAG.generalizedTime;
}

function serialIn({ content }: DerElement): string {
  const serial = elementsIn(content)[0];
  if (serial?.tag !== DER_TAG.integer || serial.content.length === 0) throw new DerError('an entry without a serial number');
  const hex = serial.content.toString('hex');
  // No certificate has a negative one; its digits must not be taken for another's.
  return (serial.content[0] ?? 0) < 0x80 ? serialOf(hex) : `-${hex}`;
}

function authorityKeyIn(extensions: Buffer): string | undefined {
  const value = extensionIn(extensions, AUTHORITY_KEY_IDENTIFIER);
  return value && elementsInside(value).find(({ tag }) => tag === KEY_IDENTIFIER)?.content.toString('hex');
}

function isSigned(hash: string | null, signed: Buffer, key: KeyObject, signature: Buffer): boolean {
  try {
    return verify(hash, signed, key, signature);
  } catch {
    return false; // a key of another kind than the algorithm's
  }
}
