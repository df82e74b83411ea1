/** A strict reader of DER (ITU-T X.690 section 10): one byte string for one value, everything else refused. */
import { hexOf } from './bytes.js';
import { Refusal } from './refusal.js';

/** The identifier octets used in certificates and signatures. */
export const DER = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  objectIdentifier: 0x06,
  utf8String: 0x0c,
  sequence: 0x30,
  set: 0x31,
  printableString: 0x13,
  ia5String: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  context0: 0xa0,
  context3: 0xa3,
} as const;

const LONG_FORM = 0x80;

/**
 * Walks the elements of a byte string in order.
 *
 * Every method throws Refusal CERTIFICATE_MALFORMED for indefinite or overlong lengths, bytes missing, another tag than
 * the one asked for, or a value that is not in its one DER form. The byte strings that it gives are views, not copies.
 */
export class DerReader {
  readonly #bytes: Uint8Array;
  readonly #end: number;
  #at: number;

  /** @param from,end the part of `bytes` to walk; all of it by default */
  constructor(bytes: Uint8Array, from = 0, end = bytes.length) {
    this.#bytes = bytes;
    this.#at = from;
    this.#end = end;
  }

  get atEnd(): boolean {
    return this.#at === this.#end;
  }

  /** The identifier octet of the next element; `undefined` at the end. */
  get nextTag(): number | undefined {
    return this.atEnd ? undefined : this.#bytes[this.#at];
  }

  /** A reader of what stands inside the next element. */
  inside(tag: number): DerReader {
    const from = this.#enter(tag);
    return new DerReader(this.#bytes, from, this.#at);
  }

  /** What stands inside the next element. */
  content(tag: number): Uint8Array {
    const from = this.#enter(tag);
    return this.#bytes.subarray(from, this.#at);
  }

  /** The next element with its identifier and length. */
  whole(tag: number): Uint8Array {
    const start = this.#at;
    this.#enter(tag);
    return this.#bytes.subarray(start, this.#at);
  }

  /** Steps over the next element, whatever it is. */
  skip(): void {
    this.#enter(this.nextTag ?? DER.sequence);
  }

  /** The content octets of a non-negative INTEGER in its shortest form, without the sign octet. */
  unsignedInteger(): Uint8Array {
    const content = this.content(DER.integer);
    const [first, second] = content;
    if (first === undefined || first >= 0x80) throw malformed();
    if (first !== 0 || second === undefined) return content;
    if (second < 0x80) throw malformed();
    return content.subarray(1);
  }

  /** A BOOLEAN: only 00 and FF are DER. */
  boolean(): boolean {
    const content = this.content(DER.boolean);
    const value = content[0];
    if (content.length !== 1 || (value !== 0x00 && value !== 0xff)) throw malformed();
    return value === 0xff;
  }

  /** The content octets of an OBJECT IDENTIFIER in hexadecimal, e.g. `550403` for 2.5.4.3. */
  objectIdentifier(): string {
    const content = this.content(DER.objectIdentifier);
    if (content.length === 0) throw malformed();
    return hexOf(content);
  }

  /** The octets of a BIT STRING of whole octets. */
  wholeOctets(): Uint8Array {
    const content = this.content(DER.bitString);
    if (content[0] !== 0) throw malformed();
    return content.subarray(1);
  }

  /** Refuses anything that is left. */
  end(): void {
    if (!this.atEnd) throw malformed();
  }

  /** Steps over the next element and returns where its content begins; it ends where the reader then stands. */
  #enter(tag: number): number {
    if (this.#byte() !== tag) throw malformed();
    const length = this.#length();
    const from = this.#at;
    if (length > this.#end - from) throw malformed();
    this.#at = from + length;
    return from;
  }

  #byte(): number {
    const byte = this.#bytes[this.#at];
    if (byte === undefined || this.atEnd) throw malformed();
    this.#at++;
    return byte;
  }

  #length(): number {
    const first = this.#byte();
    if (first < LONG_FORM) return first;
    const count = first - LONG_FORM;
    if (count < 1 || count > 3) throw malformed(); // 0 is the indefinite form; nothing here is 16 MiB long
    let length = 0;
    for (let i = 0; i < count; i++) length = length * 256 + this.#byte();
    const shortest = count === 1 ? LONG_FORM : 256 ** (count - 1);
    if (length < shortest) throw malformed();
    return length;
  }
}

function malformed(): Refusal {
  return new Refusal('CERTIFICATE_MALFORMED');
}
