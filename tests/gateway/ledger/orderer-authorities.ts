/** Authorities, certificates and revocation lists of an organisation that orders, good ones and others. */
import { webcrypto } from 'node:crypto';
import type * as x509Package from '@peculiar/x509';
import type { Extension } from '@peculiar/x509';
import { loadX509 } from '../../../network/enrolment/authority.js';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const DAY_MS = 86_400_000;
/** Around which everything is valid that is made without a period: 2026-11-21. */
const NOW = Date.UTC(2026, 10, 21);

export interface Issuer {
  readonly subject: string;
  readonly pem: string;
  readonly keys: webcrypto.CryptoKeyPair;
}

export interface Wish {
  /** OU of the subject */
  readonly unit?: string;
  readonly isAuthority?: boolean;
  /** without an identifier of its own key */
  readonly withoutKeyName?: boolean;
  /** days from now */
  readonly from?: number;
  readonly to?: number;
}

let x509: typeof x509Package;
let serial = 0x7f;

async function extensionsOf({ isAuthority = false, withoutKeyName = false }: Wish, publicKey: webcrypto.CryptoKey, issuer: Issuer | undefined): Promise<Extension[]> {
  return [
    new x509.BasicConstraintsExtension(isAuthority, undefined, true),
    ...(withoutKeyName ? [] : [await x509.SubjectKeyIdentifierExtension.create(publicKey)]),
    ...(issuer === undefined ? [] : [await x509.AuthorityKeyIdentifierExtension.create(await x509.PublicKey.create(issuer.keys.publicKey))]),
  ];
}

/** A certificate that `issuer` signs; its own key does without one. Serial numbers begin at 0x80, whose first bit is set. */
export async function certified(name: string, issuer: Issuer | undefined, wish: Wish = {}): Promise<Issuer> {
  x509 = await loadX509();
  const { unit = 'orderer', from = -1, to = 365 } = wish;
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const subject = `CN=${name}, OU=${unit}, O=OrdererMSP`;
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: (++serial).toString(16), subject, issuer: issuer?.subject ?? subject,
    notBefore: new Date(NOW + from * DAY_MS), notAfter: new Date(NOW + to * DAY_MS),
    publicKey: keys.publicKey, signingKey: (issuer?.keys ?? keys).privateKey, signingAlgorithm: { ...ALGORITHM, hash: 'SHA-256' },
    extensions: await extensionsOf(wish, keys.publicKey, issuer),
  });
  return { subject, keys, pem: `${certificate.toString('pem')}\n` };
}

export async function authority(name: string, issuer?: Issuer, wish: Wish = {}): Promise<Issuer> {
  return certified(name, issuer, { unit: 'authority', from: -1000, to: 1000, ...wish, isAuthority: true });
}

export interface ListWish {
  readonly hash?: 'SHA-256' | 'SHA-384' | 'SHA-512';
  /** whose key signs it; absent: the authority's own */
  readonly signedBy?: Issuer;
  readonly withoutAuthorityKey?: boolean;
  /** milliseconds since 1970, of the list and of each entry */
  readonly at?: number;
  readonly form?: 'PEM' | 'DER' | 'two PEM';
}

/** A list in the name of an authority. */
export async function revocationListOf(of: Issuer, revoked: readonly Issuer[], { hash = 'SHA-256', signedBy = of, withoutAuthorityKey = false, at = NOW, form = 'PEM' }: ListWish = {}): Promise<Uint8Array> {
  x509 = await loadX509();
  const list = await x509.X509CrlGenerator.create({
    issuer: of.subject, thisUpdate: new Date(at), nextUpdate: new Date(at + DAY_MS), signingKey: signedBy.keys.privateKey, signingAlgorithm: { name: 'ECDSA', hash },
    entries: revoked.map(({ pem }) => ({ serialNumber: new x509.X509Certificate(pem).serialNumber, revocationDate: new Date(at) })),
    extensions: withoutAuthorityKey ? [] : [await x509.AuthorityKeyIdentifierExtension.create(await x509.PublicKey.create(of.keys.publicKey))],
  });
  const text = `-----BEGIN X509 CRL-----\n${Buffer.from(list.rawData).toString('base64')}\n-----END X509 CRL-----\n`;
  return { PEM: Buffer.from(text), DER: Buffer.from(list.rawData), 'two PEM': Buffer.from(text + text) }[form];
}
