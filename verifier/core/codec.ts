import { decodeBase64Url } from '#domain/base64url.js';
import { utf8Of } from './bytes.js';

/** Conversions that some platforms do many times faster than portable code. What comes out is the same everywhere. */
export interface Codec {
  /** The bytes of base64url in its one canonical spelling (RFC 4648 section 5, no padding); `undefined` for any other text. */
  readonly decode: (base64url: string) => Uint8Array | undefined;
  /** The bytes of a text that is ASCII. */
  readonly ascii: (text: string) => Uint8Array;
}

export const PORTABLE_CODEC: Codec = { decode: decodeBase64Url, ascii: utf8Of };
