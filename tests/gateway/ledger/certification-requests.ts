/** Requests for certificates as an enterprise makes them, and broken ones. */
// oxlint-disable-next-line import/no-unassigned-import -- it only adds to Reflect, and @peculiar/x509 asks for it first
import 'reflect-metadata';
import { generateKeyPairSync, webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

export interface MadeRequest {
  /** PEM */
  readonly request: string;
  /** SubjectPublicKeyInfo, DER */
  readonly publicKey: Buffer;
  /** PKCS #8, PEM */
  readonly privateKey: string;
}

async function signed(keys: webcrypto.CryptoKeyPair): Promise<x509.Pkcs10CertificateRequest> {
  x509.cryptoProvider.set(webcrypto as unknown as Crypto);
  return x509.Pkcs10CertificateRequestGenerator.create({ name: 'CN=whoever,O=RegulatorMSP,OU=admin', keys, signingAlgorithm: { name: 'ECDSA', hash: 'SHA-256' } });
}

/** @param tampered the key is another than the one that signed */
export async function certificationRequest({ tampered = false } = {}): Promise<MadeRequest> {
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const privateKey = pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const publicKey = pair.publicKey.export({ type: 'spki', format: 'der' });
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256' };
  const keys = {
    privateKey: await webcrypto.subtle.importKey('pkcs8', pair.privateKey.export({ type: 'pkcs8', format: 'der' }), algorithm, true, ['sign']),
    publicKey: await webcrypto.subtle.importKey('spki', publicKey, algorithm, true, ['verify']),
  };
  const request = await signed(keys);
  if (!tampered) return { request: `${request.toString('pem')}\n`, publicKey, privateKey };
  const der = Buffer.from(request.rawData);
  const at = der.indexOf(publicKey.subarray(-64));
  generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ type: 'spki', format: 'der' }).copy(der, at, 27);
  return { request: `-----BEGIN CERTIFICATE REQUEST-----\n${der.toString('base64')}\n-----END CERTIFICATE REQUEST-----\n`, publicKey, privateKey };
}

/** A request with a key on P-384. */
export async function otherCurveRequest(): Promise<string> {
  const keys = await webcrypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-384' }, true, ['sign', 'verify']);
  return (await signed(keys)).toString('pem');
}
