/** Revocation lists as an organisation's authority makes them. */
// oxlint-disable-next-line import/no-unassigned-import -- it only adds to Reflect, and @peculiar/x509 asks for it first
import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

export interface ListMaker {
  /** certificate of the authority, PEM */
  readonly pem: string;
  readonly key: webcrypto.CryptoKey;
}

export interface ListContent {
  /** certificates that are taken back, PEM */
  readonly revoked: readonly string[];
  readonly at: number;
  /** with a reason for each entry, and a number of the list: the parts that may be left out */
  readonly full?: boolean;
  /** names the authority by its key, which Fabric asks for */
  readonly withAuthorityKey?: boolean;
}

/** @returns the list, PEM */
export async function revocationList({ pem, key }: ListMaker, { revoked, at, full = false, withAuthorityKey = false }: ListContent): Promise<string> {
  x509.cryptoProvider.set(webcrypto as unknown as Crypto);
  const extensions = [
    ...(withAuthorityKey ? [await x509.AuthorityKeyIdentifierExtension.create(new x509.X509Certificate(pem))] : []),
    ...(full ? [new x509.Extension('2.5.29.20', false, Uint8Array.of(2, 1, 7))] : []),
  ];
  const list = await x509.X509CrlGenerator.create({
    issuer: new x509.X509Certificate(pem).subjectName, thisUpdate: new Date(at), signingKey: key, signingAlgorithm: { name: 'ECDSA', hash: 'SHA-256' },
    entries: revoked.map((one) => ({
      serialNumber: new x509.X509Certificate(one).serialNumber, revocationDate: new Date(at), ...(full ? { reason: x509.X509CrlReason.keyCompromise } : {}),
    })),
    ...(full ? { nextUpdate: new Date(at + 86_400_000) } : {}), ...(extensions.length === 0 ? {} : { extensions }),
  });
  // The library's own label is not the one of RFC 7468.
  return `-----BEGIN X509 CRL-----\n${Buffer.from(list.rawData).toString('base64').replaceAll(/.{64}(?=.)/g, '$&\n')}\n-----END X509 CRL-----\n`;
}

/** The key of an authority on the disk. */
export async function signingKey(pkcs8Pem: string): Promise<webcrypto.CryptoKey> {
  const der = Buffer.from(pkcs8Pem.replace(/-----[A-Z ]+-----/g, ''), 'base64');
  return webcrypto.subtle.importKey('pkcs8', der, { name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign']);
}
