/** Reading numbers and characters off a row of bits. */

/** A place in a row of bits, moving to the right as it reads. */
export class BitReader {
  readonly #bits: string;
  #at = 0;

  /** @param bits of `0` and `1` */
  constructor(bits: string) {
    this.#bits = bits;
  }

  /** How many bits are left. */
  get left(): number {
    return this.#bits.length - this.#at;
  }

  /** The next `width` bits; fewer when the row ends. */
  take(width: number): string {
    const bits = this.#bits.slice(this.#at, this.#at + width);
    this.#at += width;
    return bits;
  }

  /** The next `width` bits as a whole number, the first bit weighing most. At most 53 of them. */
  number(width: number): number {
    return Number.parseInt(this.take(width), 2);
  }

  /** The next `width` bits as characters of 7 bits each, without the zeros that fill up the end. */
  text(width: number): string {
    const codes = this.take(width).match(/[01]{7}/g) ?? [];
    return codes.map((code) => String.fromCharCode(Number.parseInt(code, 2))).join('').replace(/\0*$/, '');
  }
}
