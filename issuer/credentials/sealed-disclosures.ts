/** Personal data beside a credential: disclosures with their salts and digests, and the box that the printed key opens. */
import { createCipheriv, createDecipheriv, hash, hkdfSync } from 'node:crypto';
import { CREDENTIAL_TYPES, type CredentialType } from '#domain/credential/credential-type.js';
import { encodeDisclosure } from '#domain/credential/disclosure.js';
import type { PersonalData } from '#domain/credential/personal-data.js';
import { joinSealedBox, openSealedBox, readSealedText, SEALED_BOX, sealedText } from '#domain/credential/reveal.js';
import { freshNonce } from '../store/fresh-nonce.js';

const KEY_BYTES = 32;

/**
 * @param token a source of salts, 22 characters of base64url each
 * @returns in the order of the type's disclosures
 */
export function disclosuresOf(type: CredentialType, personal: PersonalData, token: () => string): readonly string[] {
  return CREDENTIAL_TYPES[type].disclosures.flatMap((name) => {
    const value = personal[name];
    return value === undefined ? [] : [encodeDisclosure(token(), name, value)];
  });
}

/** Digests as `_sd` holds them: SHA-256 over the ASCII in base64url, sorted (RFC 9901 sections 4.2.3 and 4.2.4.1). */
export function digestsOf(disclosures: readonly string[]): readonly string[] {
  return disclosures.map((one) => hash('sha256', one, 'base64url')).sort();
}

/** @returns the box in base64url */
export function sealDisclosures(disclosures: readonly string[], revealKey: string): string {
  const nonce = freshNonce();
  const cipher = createCipheriv('aes-256-gcm', boxKey(revealKey), nonce);
  const sealed = cipher.update(sealedText(disclosures));
  cipher.final();
  return Buffer.from(joinSealedBox({ nonce, ciphertext: Buffer.concat([sealed, cipher.getAuthTag()]) })).toString('base64url');
}

/**
 * @param sealed as {@link sealDisclosures} gives it
 * @throws Error for another key, or a box that was changed: both are ours here, so this is a bug
 */
export function openDisclosures(sealed: string, revealKey: string): readonly string[] {
  const { nonce, ciphertext } = openSealedBox(Buffer.from(sealed, 'base64url'));
  const end = ciphertext.length - SEALED_BOX.tagBytes;
  const opening = createDecipheriv('aes-256-gcm', boxKey(revealKey), nonce).setAuthTag(ciphertext.subarray(end));
  return readSealedText(Buffer.concat([opening.update(ciphertext.subarray(0, end)), opening.final()]).toString());
}

function boxKey(revealKey: string): Buffer {
  return Buffer.from(hkdfSync('sha256', Buffer.from(revealKey, 'base64url'), '', SEALED_BOX.info, KEY_BYTES));
}
