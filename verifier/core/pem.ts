import { decodeBase64 } from './base64.js';

/** One certificate and nothing around it; lines of any length, since makers differ. */
const CERTIFICATE = /^-----BEGIN CERTIFICATE-----\r?\n([A-Za-z0-9+/=\r\n]+)\r?\n-----END CERTIFICATE-----(?:\r?\n)?$/;
const LONGEST = 16_384;
const REVOCATION_LIST = /^-----BEGIN X509 CRL-----\r?\n([A-Za-z0-9+/=\r\n]+)\r?\n-----END X509 CRL-----(?:\r?\n)?$/;
const LONGEST_LIST = 1_000_000;

/**
 * The DER bytes of one certificate in PEM (RFC 7468 section 5, strict form): no text before or after it.
 *
 * @param text e.g. `-----BEGIN CERTIFICATE-----\nMIIB…\n-----END CERTIFICATE-----\n`
 * @returns the bytes, or `undefined` if the text is anything else
 */
export function certificateFromPem(text: string): Uint8Array | undefined {
  if (text.length > LONGEST) return undefined;
  const body = CERTIFICATE.exec(text)?.[1];
  return body === undefined ? undefined : decodeBase64(body.replaceAll(/[\r\n]/g, ''));
}

/**
 * The DER bytes of one revocation list in PEM (RFC 7468 section 6, strict form).
 *
 * @param text e.g. `-----BEGIN X509 CRL-----\nMIIB…\n-----END X509 CRL-----\n`
 * @returns the bytes, or `undefined` if the text is anything else
 */
export function revocationListFromPem(text: string): Uint8Array | undefined {
  if (text.length > LONGEST_LIST) return undefined;
  const body = REVOCATION_LIST.exec(text)?.[1];
  return body === undefined ? undefined : decodeBase64(body.replaceAll(/[\r\n]/g, ''));
}
