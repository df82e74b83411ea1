/** What is known about one Application Identifier. */
import type { CharacterSet } from '../character-sets.js';
import type { Linter, LinterName } from '../linters.js';

/** A part of a data field: the data is taken from the left, part by part. Only the last may vary in length. */
export interface Component {
  readonly set: CharacterSet;
  /** The set as a table by character code. */
  readonly allowed: Uint8Array;
  readonly min: number;
  readonly max: number;
  /** May be left out when the data has ended; no mandatory part follows it. */
  readonly optional: boolean;
  readonly linters: readonly { readonly name: LinterName; readonly fault: Linter }[];
}

/** An AI, or all AIs of one length that begin alike: `310n`. */
export interface AiPattern {
  readonly text: string;
  readonly prefix: string;
  readonly length: number;
}

export interface ApplicationIdentifier {
  readonly ai: string;
  /** GS1's data title, printed beside a barcode. */
  readonly title: string;
  readonly components: readonly Component[];
  readonly minLength: number;
  readonly maxLength: number;
  /** No FNC1 stands behind it in scanned data (GS1 General Specifications 7.8.5). */
  readonly predefinedLength: boolean;
  /** May stand in the query of a Digital Link. */
  readonly attribute: boolean;
  /** Of a primary key of Digital Link: one list or more of the qualifiers that may follow it, in this order. */
  readonly qualifierOrders: readonly (readonly string[])[] | undefined;
  /** Alternatives: all AIs of one of them must be there. None: nothing is required. */
  readonly requires: readonly (readonly AiPattern[])[];
  readonly excludes: readonly AiPattern[];
}
