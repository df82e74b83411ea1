/** Asking an authority on another machine for a certificate: the key stays, the request travels (PKCS #10, RFC 2986). */
import { generateKeyPairSync } from 'node:crypto';
import { keysFor, loadX509 } from './authority.js';

/** @returns a new P-256 key, PKCS #8 PEM */
export function newPrivateKey(): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256', privateKeyEncoding: { type: 'pkcs8', format: 'pem' }, publicKeyEncoding: { type: 'spki', format: 'pem' } });
  return privateKey;
}

/**
 * @param privateKeyPem PKCS #8
 * @param commonName for whoever reads the request, e.g. `orderer-EducationMSP`; the authority gives the name itself
 * @returns `-----BEGIN CERTIFICATE REQUEST-----…`
 */
export async function certificationRequest(privateKeyPem: string, commonName: string): Promise<string> {
  const x509 = await loadX509();
  const keys = await keysFor(privateKeyPem);
  const request = await x509.Pkcs10CertificateRequestGenerator.create({
    name: [{ CN: [commonName] }], keys, signingAlgorithm: { name: 'ECDSA', hash: 'SHA-256' },
  });
  return `${request.toString('pem')}\n`;
}
