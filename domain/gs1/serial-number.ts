/** Serial numbers that cannot be guessed: 60 random bits, written so that a QR code stays small and a person can type them. */

/**
 * Capitals and digits without 0, 1, I and O, so that neither of the two pairs most often mistyped can occur. All 32 are
 * in QR's alphanumeric set, and five bits choose one exactly.
 */
const ALPHABET = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';
const BITS_EACH = 5;
const LENGTH = 12;

/** How many random bytes one serial number takes: 60 bits of 64. */
export const SERIAL_RANDOM_BYTES = 8;

/**
 * A serial number of 12 characters, each of the 2^60 possible ones equally likely.
 *
 * @param bytes at least {@link SERIAL_RANDOM_BYTES} bytes from a cryptographic source; those behind are not used
 * @returns e.g. `7QK2M9ZD4XWA`
 * @throws TypeError for fewer bytes: a bug of the caller, and a short serial would be a silent loss of safety
 */
export function serialFromRandom(bytes: Uint8Array): string {
  if (bytes.length < SERIAL_RANDOM_BYTES) throw new TypeError(`a serial number takes ${SERIAL_RANDOM_BYTES} random bytes`);
  let serial = '';
  let pool = 0;
  let bits = 0;
  for (let at = 0; serial.length < LENGTH; at++) {
    pool = (pool << 8) | (bytes[at] ?? 0);
    for (bits += 8; bits >= BITS_EACH && serial.length < LENGTH; bits -= BITS_EACH) {
      serial += ALPHABET.charAt((pool >> (bits - BITS_EACH)) & 31);
    }
    pool &= (1 << bits) - 1;
  }
  return serial;
}
