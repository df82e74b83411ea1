/** What kind of picture some bytes are, by the bytes alone: what a caller says of them counts for nothing. */

export type PictureType = 'image/jpeg' | 'image/png' | 'image/webp';

const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const JPEG = [0xff, 0xd8, 0xff];
const RIFF = [0x52, 0x49, 0x46, 0x46];
const WEBP = [0x57, 0x45, 0x42, 0x50];

/** @returns `undefined` for anything but JPEG, PNG (ISO/IEC 15948) and WebP (RFC 9649) */
export function pictureType(bytes: Uint8Array): PictureType | undefined {
  if (startsWith(bytes, JPEG, 0)) return 'image/jpeg';
  if (startsWith(bytes, PNG, 0)) return 'image/png';
  return startsWith(bytes, RIFF, 0) && startsWith(bytes, WEBP, 8) ? 'image/webp' : undefined;
}

function startsWith(bytes: Uint8Array, magic: readonly number[], at: number): boolean {
  return magic.every((byte, index) => bytes[at + index] === byte);
}
