/** `did:key` (did:key Method 0.9): base58btc of a multicodec prefix and the key's bytes. P-256 and Ed25519 only. */
import { Problem, require } from '../errors.js';
import { isSmallOrderEd25519 } from './curve-points.js';
import type { SignatureAlgorithm } from './public-key.js';

/** The key inside a `did:key`. */
export interface DidKeyBytes {
  readonly algorithm: SignatureAlgorithm;
  /**
   * P-256: 33 bytes, the compressed point of SEC 1 section 2.3.3 (02 or 03, then x); to find y is the work of the
   * cryptography that checks signatures anyway. Ed25519: the 32 bytes of RFC 8032.
   */
  readonly publicKeyBytes: Uint8Array;
}

const ALPHABET = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';

/** 35 bytes, the longest taken here, are 48 digits of base 58. */
const LONGEST = 49;

/**
 * Checks what follows `did:key:`.
 *
 * @throws Problem DID_MALFORMED, DID_METHOD_NOT_ALLOWED for another kind of key, PUBLIC_KEY_SMALL_ORDER
 */
export function checkDidKey(identifier: string, did: string): void {
  readDidKey(identifier, did);
}

/**
 * @param identifier e.g. `z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK`
 * @param did the whole text, to be named in a refusal
 * @throws Problem as {@link checkDidKey}
 */
export function readDidKey(identifier: string, did: string): DidKeyBytes {
  const bytes = identifier.startsWith('z') && identifier.length <= LONGEST ? decodeBase58(identifier.slice(1)) : undefined;
  if (bytes === undefined) throw new Problem('DID_MALFORMED', { did: did.slice(0, 80) });
  const key = p256Key(bytes) ?? ed25519Key(bytes);
  require(key !== undefined, 'DID_METHOD_NOT_ALLOWED', { did: did.slice(0, 80), method: 'key', expected: 'P-256 | Ed25519' });
  if (key.algorithm === 'EdDSA') require(!isSmallOrderEd25519(key.publicKeyBytes), 'PUBLIC_KEY_SMALL_ORDER', { did: did.slice(0, 80) });
  return key;
}

/** Multicodec 0x1200 as a varint, then a compressed point. */
function p256Key(bytes: Uint8Array): DidKeyBytes | undefined {
  const right = bytes.length === 35 && bytes[0] === 0x80 && bytes[1] === 0x24 && (bytes[2] === 2 || bytes[2] === 3);
  return right ? { algorithm: 'ES256', publicKeyBytes: bytes.slice(2) } : undefined;
}

/** Multicodec 0xed as a varint, then the key. */
function ed25519Key(bytes: Uint8Array): DidKeyBytes | undefined {
  const right = bytes.length === 34 && bytes[0] === 0xed && bytes[1] === 1;
  return right ? { algorithm: 'EdDSA', publicKeyBytes: bytes.slice(2) } : undefined;
}

/** A leading `1` would stand for a zero byte, with which no multicodec begins: none is read, so each key has one spelling. */
function decodeBase58(text: string): Uint8Array | undefined {
  let number = 0n;
  for (const digit of text) {
    const value = ALPHABET.indexOf(digit);
    if (value === -1) return undefined;
    number = number * 58n + BigInt(value);
  }
  return text === '' || text.startsWith('1') ? undefined : bytesOfNumber(number);
}

function bytesOfNumber(number: bigint): Uint8Array {
  const hex = number.toString(16);
  const even = hex.length % 2 === 0 ? hex : `0${hex}`;
  return Uint8Array.from({ length: even.length / 2 }, (_, at) => Number.parseInt(even.slice(2 * at, 2 * at + 2), 16));
}
