/** DER (X.690 section 10), as far as it takes to find one's way in certificates and revocation lists. */
import type { Buffer } from 'node:buffer';

/** The bytes are not DER, or not what was expected there. */
export class DerError extends Error {
  override readonly name = 'DerError';
}

/** Tags of the elements that are looked for. */
export const DER_TAG = { integer: 0x02, bitString: 0x03, octetString: 0x04, utcTime: 0x17, generalizedTime: 0x18, sequence: 0x30 } as const;

export interface DerElement {
  readonly tag: number;
  readonly content: Buffer;
  /** with tag and length: what is signed */
  readonly whole: Buffer;
}

/**
 * @param bytes elements one behind the other, e.g. the content of a SEQUENCE
 * @throws DerError
 */
export function elementsIn(bytes: Buffer): DerElement[] {
  const elements: DerElement[] = [];
  for (let at = 0; at < bytes.length;) {
    const element = elementAt(bytes, at);
    elements.push(element);
    at += element.whole.length;
  }
  return elements;
}

/**
 * The elements inside the only element that `bytes` hold.
 *
 * @throws DerError unless it has this tag
 */
export function elementsInside(bytes: Buffer, tag: number = DER_TAG.sequence): DerElement[] {
  return elementsIn(contentOf(bytes, tag));
}

/** The content of the only element that `bytes` hold. @throws DerError unless it has this tag */
export function contentOf(bytes: Buffer, tag: number): Buffer {
  const [only, ...more] = elementsIn(bytes);
  if (only?.tag !== tag || more.length > 0) throw new DerError(`one element of tag ${tag} expected`);
  return only.content;
}

/**
 * The value of an extension of a certificate or a list (RFC 5280 section 4.1.2.9).
 *
 * @param extensions DER of `Extensions`
 * @param oid its content in hexadecimal digits, e.g. `551d0e` for 2.5.29.14
 * @returns the DER inside its OCTET STRING; `undefined` if there is no such extension
 * @throws DerError
 */
export function extensionIn(extensions: Buffer, oid: string): Buffer | undefined {
  for (const { content } of elementsInside(extensions)) {
    const [name, ...rest] = elementsIn(content);
    const value = rest.at(-1);
    if (name?.content.toString('hex') === oid && value?.tag === DER_TAG.octetString) return value.content;
  }
  return undefined;
}

function elementAt(bytes: Buffer, at: number): DerElement {
  const tag = bytes[at] ?? 0;
  const first = bytes[at + 1] ?? 0x80;
  if ((tag & 0x1f) === 0x1f || first === 0x80 || first > 0x84) throw new DerError('a tag or length that is not supported');
  const start = at + 2 + (first < 0x80 ? 0 : first - 0x80);
  const end = start + (first < 0x80 ? first : longLength(bytes.subarray(at + 2, start)));
  if (end > bytes.length) throw new DerError('an element reaches beyond its container');
  return { tag, content: bytes.subarray(start, end), whole: bytes.subarray(at, end) };
}

function longLength(digits: Buffer): number {
  const length = digits.reduce((value, byte) => value * 256 + byte, 0);
  if (digits.length === 0 || digits[0] === 0 || length < 0x80) throw new DerError('a length longer than it has to be');
  return length;
}
