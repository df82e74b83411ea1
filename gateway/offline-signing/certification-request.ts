/** A request for a certificate (PKCS #10, RFC 2986), written with nothing but Node: what a firm sends in place of its key. */
import { Buffer } from 'node:buffer';
import { createPublicKey, sign, type KeyObject } from 'node:crypto';

const tagged = (tag: number, ...parts: readonly Uint8Array[]): Buffer => {
  const body = Buffer.concat(parts);
  const length = body.length < 0x80 ? [body.length] : body.length < 0x100 ? [0x81, body.length] : [0x82, body.length >> 8, body.length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), body]);
};
const sequence = (...parts: readonly Uint8Array[]): Buffer => tagged(0x30, ...parts);

/** 2.5.4.3 commonName. */
const COMMON_NAME = Buffer.from('0603550403', 'hex');
/** 1.2.840.10045.4.3.2 ecdsa-with-SHA256. */
const ECDSA_WITH_SHA256 = Buffer.from('06082a8648ce3d040302', 'hex');
const VERSION_1 = Buffer.from('020100', 'hex');
const NO_ATTRIBUTES = Buffer.from('a000', 'hex');

/**
 * @param key a private key on P-256
 * @param name who asks, e.g. `kho-1`: for people, the authority takes no names from a request
 * @returns PEM
 */
export function certificationRequest(key: KeyObject, name: string): string {
  const subject = sequence(tagged(0x31, sequence(COMMON_NAME, tagged(0x0c, Buffer.from(name)))));
  const info = sequence(VERSION_1, subject, createPublicKey(key).export({ type: 'spki', format: 'der' }), NO_ATTRIBUTES);
  const signature = tagged(0x03, Buffer.of(0), sign('sha256', info, key));
  const der = sequence(info, sequence(ECDSA_WITH_SHA256), signature).toString('base64');
  return `-----BEGIN CERTIFICATE REQUEST-----\n${der.replaceAll(/.{64}(?=.)/g, '$&\n')}\n-----END CERTIFICATE REQUEST-----\n`;
}
