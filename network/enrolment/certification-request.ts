/** Requests for a certificate by somebody who keeps the key (PKCS #10, RFC 2986). */
import type * as x509Package from '@peculiar/x509';
import { Problem } from '#domain/errors.js';

/** A request with a P-256 key has some 400 characters; names in it do not count here. */
const LONGEST = 10_000;
const P256 = { name: 'ECDSA', namedCurve: 'P-256' } as const;

/**
 * The key for which a certificate is asked. Nothing else in the request counts: who its owner is, the authority says.
 *
 * @param pem `-----BEGIN CERTIFICATE REQUEST-----…`
 * @throws Problem CERTIFICATION_REQUEST_WRONG with `expected`: not readable, another key than P-256, or not signed with
 *   the key that it names
 */
export async function requestedKey(x509: typeof x509Package, pem: string): Promise<CryptoKey> {
  const request = readRequest(x509, pem);
  const key = await p256Key(request);
  // With the key in the request, for whoever asks must have its other half.
  if (!await request.verify().catch(() => false)) throw wrong('a signature by the key in the request');
  return key;
}

function readRequest(x509: typeof x509Package, pem: string): x509Package.Pkcs10CertificateRequest {
  const body = /^\s*-----BEGIN (?:NEW )?CERTIFICATE REQUEST-----([A-Za-z0-9+/=\s]+)-----END (?:NEW )?CERTIFICATE REQUEST-----\s*$/.exec(pem.slice(0, LONGEST))?.[1];
  if (body === undefined) throw wrong('a certificate request, PEM');
  try {
    return new x509.Pkcs10CertificateRequest(Buffer.from(body, 'base64'));
  } catch {
    throw wrong('a certificate request, PEM');
  }
}

async function p256Key({ publicKey }: x509Package.Pkcs10CertificateRequest): Promise<CryptoKey> {
  try {
    return await publicKey.export(P256, ['verify']);
  } catch {
    throw wrong('a key on curve P-256');
  }
}

function wrong(expected: string): Problem {
  return new Problem('CERTIFICATION_REQUEST_WRONG', { expected });
}
