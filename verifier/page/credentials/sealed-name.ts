/** Opens the sealed disclosures with the key that came in the fragment of the printed link. The key goes nowhere. */
import { decodeBase64Url } from '#domain/base64url.js';
import { openSealedBox, readSealedText, revealKey, SEALED_BOX } from '#domain/credential/reveal.js';
import { textOf, utf8Of } from '../../core/bytes.js';

/**
 * @param hash of the address, e.g. `#2GLC42sKQveCfGfryNRN9w`
 * @returns `undefined` where it is no key
 */
export function keyIn(hash: string): string | undefined {
  try {
    return revealKey(hash.slice(1));
  } catch {
    return undefined; // only the shape throws here
  }
}

/**
 * @param sealed base64url of nonce, ciphertext and tag
 * @param key 22 characters of base64url
 * @param subtle the browser's; there is none where the page is not secure
 * @returns the disclosures; `undefined` where the key does not open the box
 */
export async function openSealed(sealed: string, key: string, subtle: SubtleCrypto): Promise<readonly string[] | undefined> {
  const [box, secret] = [decodeBase64Url(sealed), decodeBase64Url(key)];
  if (box === undefined || secret === undefined) return undefined;
  try {
    const { nonce, ciphertext } = openSealedBox(box);
    const plain = await subtle.decrypt({ name: 'AES-GCM', iv: bytes(nonce) }, await boxKey(secret, subtle), bytes(ciphertext));
    return readSealedText(textOf(new Uint8Array(plain)) ?? '');
  } catch {
    return undefined; // another key, or a box that was changed: the cipher does not say which
  }
}

async function boxKey(secret: Uint8Array, subtle: SubtleCrypto): Promise<CryptoKey> {
  const key = await subtle.importKey('raw', bytes(secret), 'HKDF', false, ['deriveKey']);
  const hkdf = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(0), info: bytes(utf8Of(SEALED_BOX.info)) };
  return subtle.deriveKey(hkdf, key, { name: 'AES-GCM', length: 256 }, false, ['decrypt']);
}

/** The platform's types want a buffer that is not shared. */
function bytes(of: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(of);
}
