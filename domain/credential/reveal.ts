/**
 * How the disclosures of a printed credential reach whoever holds the paper, and nobody else. The QR's path names the public
 * record; its fragment, which no browser sends, is the key to the sealed disclosures in it. Without scripts the two
 * numbers on the paper are typed instead.
 */
import { Problem, require } from '../errors.js';
import { object, matching, parsedBy, type Parsed } from '../shape.js';
import { parseDay } from '../instant.js';
import { parseRegisterNumber } from './personal-data.js';

/**
 * The sealed box: AES-256-GCM under HKDF-SHA-256 (RFC 5869) of the fragment's key, with this `info` and no salt; no
 * additional data. Layout: nonce ‖ ciphertext ‖ tag. The plain text is the ASCII of the disclosures with `~` between them.
 */
export const SEALED_BOX = { info: 'minhchung disclosures v1', keyBytes: 16, nonceBytes: 12, tagBytes: 16, mostBytes: 8_192 } as const;

const token = matching(/^[A-Za-z0-9_-]{21}[AQgw]$/, '128 bits in base64url, 22 characters');

/** Names a public record: 128 random bits, so that nobody can count through them. */
export const publicCredentialId = token;

/** The key in the fragment of a printed QR. */
export const revealKey = token;

/** Path of the page of a public record, e.g. `/c/2GLC42sKQveCfGfryNRN9w`. */
export const publicCredentialPath = (id: string): string => `/c/${id}`;

/** The link of a printed QR. */
export function printedLink(origin: string, id: string, key: string): string {
  return `${origin}${publicCredentialPath(publicCredentialId(id))}#${revealKey(key)}`;
}

/** What somebody without scripts copies from the paper to be shown the name. */
export const revealRequest = object({ serialNumber: parsedBy(parseRegisterNumber), dateOfBirth: parsedBy(parseDay) });
export type RevealRequest = Parsed<typeof revealRequest>;

export interface SealedBox {
  readonly nonce: Uint8Array;
  /** With the tag at its end, as WebCrypto has it. */
  readonly ciphertext: Uint8Array;
}

/** Takes a sealed box apart. Throws SEALED_DISCLOSURES_MALFORMED. */
export function openSealedBox(bytes: Uint8Array): SealedBox {
  const least = SEALED_BOX.nonceBytes + SEALED_BOX.tagBytes + 1;
  require(bytes.length >= least && bytes.length <= SEALED_BOX.mostBytes, 'SEALED_DISCLOSURES_MALFORMED', { bytes: String(bytes.length) });
  return { nonce: bytes.slice(0, SEALED_BOX.nonceBytes), ciphertext: bytes.slice(SEALED_BOX.nonceBytes) };
}

/** Puts a sealed box together, to be served in base64url. */
export function joinSealedBox({ nonce, ciphertext }: SealedBox): Uint8Array {
  if (nonce.length !== SEALED_BOX.nonceBytes) throw new TypeError(`a nonce has ${SEALED_BOX.nonceBytes} bytes`);
  const bytes = new Uint8Array(nonce.length + ciphertext.length);
  bytes.set(nonce);
  bytes.set(ciphertext, nonce.length);
  return bytes;
}

/** What is sealed. */
export const sealedText = (disclosures: readonly string[]): string => disclosures.join('~');

/** The disclosures of an opened box, each still to be read. Throws SEALED_DISCLOSURES_MALFORMED. */
export function readSealedText(text: string): readonly string[] {
  const parts = text.split('~');
  if (!parts.every((one) => /^[A-Za-z0-9_-]+$/.test(one))) throw new Problem('SEALED_DISCLOSURES_MALFORMED');
  return parts;
}
