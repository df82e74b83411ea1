/** DER and certificates written by hand, for what no library would write. Nothing here is signed. */

/** One element. */
export function der(tag: number, ...content: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(content);
  return Buffer.concat([Buffer.of(tag), lengthOf(body.length), body]);
}

function lengthOf(length: number): Buffer {
  if (length < 0x80) return Buffer.of(length);
  return length < 0x100 ? Buffer.of(0x81, length) : Buffer.of(0x82, length >> 8, length & 0xff);
}

export const hex = (digits: string): Buffer => Buffer.from(digits.replaceAll(' ', ''), 'hex');
export const NULL = hex('0500');

export const sequence = (...content: readonly Uint8Array[]): Buffer => der(0x30, ...content);
export const set = (...content: readonly Uint8Array[]): Buffer => der(0x31, ...content);
export const integer = (digits: string): Buffer => der(0x02, hex(digits));
export const oid = (digits: string): Buffer => der(0x06, hex(digits));
export const utf8 = (text: string): Buffer => der(0x0c, Buffer.from(text));
export const utcTime = (text: string): Buffer => der(0x17, Buffer.from(text));
export const generalizedTime = (text: string): Buffer => der(0x18, Buffer.from(text));
export const bits = (unused: number, ...octets: readonly number[]): Buffer => der(0x03, Buffer.of(unused, ...octets));
export const yes = hex('0101ff');

export const ECDSA_SHA256 = sequence(oid('2a8648ce3d040302'));
export const UNIT = '55040b';
export const NAME = '550403';

export const extension = (id: string, ...rest: readonly Uint8Array[]): Buffer => sequence(oid(id), ...rest);
export const octets = (...content: readonly Uint8Array[]): Buffer => der(0x04, ...content);
export const attribute = (id: string, ...rest: readonly Uint8Array[]): Buffer => sequence(oid(id), ...rest);

/** The fields of the signed part in order, and the two that follow it. */
export interface CertificateFields {
  readonly version: Uint8Array;
  readonly serial: Uint8Array;
  readonly innerAlgorithm: Uint8Array;
  readonly issuer: Uint8Array;
  readonly validity: Uint8Array;
  readonly subject: Uint8Array;
  readonly key: Uint8Array;
  readonly extensions: Uint8Array;
  readonly afterSigned: Uint8Array;
  readonly outerAlgorithm: Uint8Array;
  readonly signature: Uint8Array;
  readonly after: Uint8Array;
}

const NOTHING = Buffer.alloc(0);

export const FIELDS: CertificateFields = {
  version: der(0xa0, integer('02')),
  serial: integer('01'),
  innerAlgorithm: ECDSA_SHA256,
  issuer: sequence(set(attribute(NAME, utf8('ca')))),
  validity: sequence(utcTime('260101000000Z'), utcTime('270101000000Z')),
  subject: sequence(set(attribute(UNIT, utf8('peer'))), set(attribute(NAME, utf8('peer0')))),
  key: sequence(sequence(oid('2a8648ce3d0201'), oid('2a8648ce3d030107')), bits(0, 4, ...Array.from({ length: 64 }, () => 1))),
  extensions: der(0xa3, sequence(extension('551d13', yes, octets(sequence())))),
  afterSigned: NOTHING,
  outerAlgorithm: ECDSA_SHA256,
  signature: bits(0, 0x30, 0x00),
  after: NOTHING,
};

/** A certificate of these fields, the others as in `FIELDS`. */
export function certificateOf(change: Partial<CertificateFields> = {}): Uint8Array {
  const f = { ...FIELDS, ...change };
  const signed = sequence(f.version, f.serial, f.innerAlgorithm, f.issuer, f.validity, f.subject, f.key, f.extensions, f.afterSigned);
  return new Uint8Array(sequence(signed, f.outerAlgorithm, f.signature, f.after));
}

/** A certificate with exactly these extensions. */
export function withExtensions(...extensions: readonly Uint8Array[]): Uint8Array {
  return certificateOf({ extensions: der(0xa3, sequence(...extensions)) });
}
