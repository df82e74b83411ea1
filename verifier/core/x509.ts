/** X.509 version 3 certificates (RFC 5280), as far as the members of a Fabric network use them. */
import { bytesOfHex, hexOf, sameBytes, startsWith } from './bytes.js';
import { epochMsOf } from './calendar.js';
import { DER, DerReader } from './der-reader.js';
import { type DistinguishedName, readName } from './distinguished-name.js';
import { Refusal } from './refusal.js';
import { type CertificateUse, readExtensions, USE_WITHOUT_EXTENSIONS } from './x509-extensions.js';

export interface Certificate extends CertificateUse {
  /** The signed part. */
  readonly tbs: Uint8Array;
  /** The serial number in hexadecimal digits: unique among the certificates of one issuer. */
  readonly serial: string;
  readonly issuer: DistinguishedName;
  readonly subject: DistinguishedName;
  /** First and last instant of validity, both included, in milliseconds since 1970. */
  readonly notBefore: number;
  readonly notAfter: number;
  /** The P-256 public key as SubjectPublicKeyInfo in DER, 91 bytes. */
  readonly spki: Uint8Array;
  /** The issuer's ECDSA signature over `tbs`, in DER. */
  readonly signature: Uint8Array;
}

/** SEQUENCE { ecdsa-with-SHA256 }, RFC 5758 section 3.2: no parameters. */
const ECDSA_WITH_SHA256 = bytesOfHex('300a06082a8648ce3d040302');

/**
 * SEQUENCE { SEQUENCE { id-ecPublicKey, secp256r1 }, BIT STRING of an uncompressed point }, RFC 5480 section 2. The
 * lengths in it fix the length of the key: 91 bytes.
 */
const P256_KEY_START = bytesOfHex('3059301306072a8648ce3d020106082a8648ce3d03010703420004');

const VERSION_3 = Uint8Array.of(2);
const LONGEST_SERIAL = 20;
const ASCII_ZERO = 0x30;
const ASCII_Z = 0x5a;

/**
 * Reads a certificate. Nothing is trusted yet: see `certificate-path.ts`.
 *
 * @param der the whole certificate in DER, e.g. 500 to 900 bytes
 * @throws Refusal CERTIFICATE_MALFORMED for anything but strict DER of version 3; CERTIFICATE_UNSUPPORTED for another
 * key than P-256, another algorithm than ecdsa-with-SHA256, or an unknown critical extension
 */
export function parseCertificate(der: Uint8Array): Certificate {
  const outer = new DerReader(der);
  const certificate = outer.inside(DER.sequence);
  outer.end();
  const tbs = certificate.whole(DER.sequence);
  readAlgorithm(certificate);
  const signature = certificate.wholeOctets();
  certificate.end();
  return { ...readSignedPart(new DerReader(tbs).inside(DER.sequence)), tbs, signature };
}

function readSignedPart(reader: DerReader): Omit<Certificate, 'tbs' | 'signature'> {
  const serial = readVersionAndSerial(reader);
  readAlgorithm(reader);
  const issuer = readName(reader);
  const validity = readValidity(reader);
  const subject = readName(reader);
  const spki = readKey(reader);
  const use = reader.nextTag === DER.context3 ? readWrappedExtensions(reader) : USE_WITHOUT_EXTENSIONS;
  reader.end();
  return { serial, issuer, subject, ...validity, spki, ...use };
}

function readVersionAndSerial(reader: DerReader): string {
  const version = reader.inside(DER.context0);
  const isVersion3 = sameBytes(version.unsignedInteger(), VERSION_3);
  version.end();
  const serial = reader.unsignedInteger();
  if (!isVersion3 || serial.length > LONGEST_SERIAL) throw new Refusal('CERTIFICATE_MALFORMED');
  return hexOf(serial);
}

/** Stands inside the signed part and again beside the signature; both must be the one that is accepted. */
export function readAlgorithm(reader: DerReader): void {
  if (!sameBytes(reader.whole(DER.sequence), ECDSA_WITH_SHA256)) throw new Refusal('CERTIFICATE_UNSUPPORTED');
}

function readKey(reader: DerReader): Uint8Array {
  const spki = reader.whole(DER.sequence);
  if (!startsWith(spki, P256_KEY_START)) throw new Refusal('CERTIFICATE_UNSUPPORTED');
  return spki;
}

function readWrappedExtensions(reader: DerReader): CertificateUse {
  const wrapper = reader.inside(DER.context3);
  const use = readExtensions(wrapper);
  wrapper.end();
  return use;
}

function readValidity(reader: DerReader): { notBefore: number; notAfter: number } {
  const validity = reader.inside(DER.sequence);
  const notBefore = readTime(validity);
  const notAfter = readTime(validity);
  validity.end();
  return { notBefore, notAfter };
}

/** UTCTime has two digits for the year: 50 to 99 are of the twentieth century (RFC 5280 section 4.1.2.5.1). */
function readTime(reader: DerReader): number {
  const isUtcTime = reader.nextTag === DER.utcTime;
  const digits = reader.content(isUtcTime ? DER.utcTime : DER.generalizedTime);
  const month = isUtcTime ? 2 : 4; // where its digits begin
  if (digits.length !== month + 11 || digits.at(-1) !== ASCII_Z) throw new Refusal('CERTIFICATE_MALFORMED');
  const two = (at: number): number => twoDigits(digits, at);
  const instant = epochMsOf({
    year: isUtcTime ? (two(0) < 50 ? 2000 : 1900) + two(0) : two(0) * 100 + two(2),
    month: two(month), day: two(month + 2), hour: two(month + 4), minute: two(month + 6), second: two(month + 8),
  });
  if (instant === undefined) throw new Refusal('CERTIFICATE_MALFORMED');
  return instant;
}

function twoDigits(text: Uint8Array, at: number): number {
  const tens = (text[at] ?? 0) - ASCII_ZERO;
  const ones = (text[at + 1] ?? 0) - ASCII_ZERO;
  if (tens < 0 || tens > 9 || ones < 0 || ones > 9) throw new Refusal('CERTIFICATE_MALFORMED');
  return tens * 10 + ones;
}
