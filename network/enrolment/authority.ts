/**
 * The certificate authority of one member organisation: a self-signed root (RFC 5280, ECDSA P-256) that enrols the
 * organisation's clients, peers and orderers. Both ledgers use it; Fabric reads its certificates as they are.
 */
import { createPublicKey, randomBytes as systemRandomBytes, webcrypto } from 'node:crypto';
import { isIP } from 'node:net';
import type * as x509Package from '@peculiar/x509';
import type { Extension, JsonName, X509Certificate } from '@peculiar/x509';
import { attributeExtension } from './attribute-extension.js';
import { requestedKey } from './certification-request.js';
import type { EnrolmentRequest, Identity, Role, TlsRequest, Validity } from './identity.js';
import { isLowS } from './low-s-signature.js';

type X509 = typeof x509Package;

/** Loaded with the first certificate: a ledger that is opened again needs none of it, and starts faster without. */
export async function loadX509(): Promise<X509> {
  await import('reflect-metadata'); // the package asks for this polyfill to be there before it
  const x509 = await import('@peculiar/x509');
  x509.cryptoProvider.set(webcrypto as Crypto);
  return x509;
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const MINUTE_MS = 60_000;
const YEAR_MS = 365 * 24 * 60 * MINUTE_MS;
const SERIAL_BYTES = 16;

export interface Authority extends Identity {
  /**
   * Makes a key pair and a certificate for one member.
   *
   * @throws RangeError if the common name is empty or longer than X.509's 64 characters
   */
  enrol(request: EnrolmentRequest): Promise<Identity>;

  /**
   * Makes a certificate for a key that its owner alone has.
   *
   * @param certificationRequest PKCS #10, PEM; only its key counts
   * @returns PEM
   * @throws Problem CERTIFICATION_REQUEST_WRONG; RangeError as `enrol`
   */
  certify(request: Omit<EnrolmentRequest, 'privateKeyPem'>, certificationRequest: string): Promise<string>;

  /**
   * Makes a key pair and a certificate for one end of TLS connections: good for a server under the names it is given,
   * and for a client (RFC 5280 section 4.2.1.12). It names no role, so that it can never pass for a member.
   *
   * @throws RangeError if the common name is empty or longer than X.509's 64 characters
   */
  enrolTls(request: TlsRequest): Promise<Identity>;

  /**
   * The same for a key that its owner alone has.
   *
   * @param certificationRequest PKCS #10, PEM; only its key counts
   * @returns PEM
   * @throws Problem CERTIFICATION_REQUEST_WRONG; RangeError as `enrolTls`
   */
  certifyTls(request: Omit<TlsRequest, 'privateKeyPem'>, certificationRequest: string): Promise<string>;
}

/** Where the authority takes time and chance from; tests inject their own. */
export interface Surroundings {
  readonly clock?: () => Date;
  readonly randomBytes?: (length: number) => Uint8Array;
}

/**
 * Makes a new organisation: a root key and its self-signed certificate, valid for ten years.
 *
 * @param organisation e.g. `{ mspId: 'RegulatorMSP', commonName: 'ca.regulator' }`
 */
export async function createAuthority(
  organisation: { readonly mspId: string; readonly commonName: string; readonly validity?: Validity },
  surroundings: Surroundings = {},
): Promise<Authority> {
  const x509 = await loadX509();
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const validity = organisation.validity ?? validFor(surroundings, 10 * YEAR_MS);
  const certificate = await signCertificate(x509, {
    subject: subjectName(organisation.commonName, organisation.mspId), issuer: subjectName(organisation.commonName, organisation.mspId),
    publicKey: keys.publicKey, signingKey: keys.privateKey, validity, surroundings,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  const identity = { mspId: organisation.mspId, certificatePem: pemOf(certificate), privateKeyPem: await exportKey(keys.privateKey) };
  return authorityOver(x509, identity, { certificate, key: keys.privateKey }, surroundings);
}

/**
 * Opens an organisation that was made earlier.
 *
 * @param stored what `createAuthority` gave: root certificate and PKCS #8 key as PEM
 */
export async function openAuthority(stored: Identity, surroundings: Surroundings = {}): Promise<Authority> {
  const key = await webcrypto.subtle.importKey('pkcs8', derOf(stored.privateKeyPem), ALGORITHM, false, ['sign']);
  const x509 = await loadX509();
  return authorityOver(x509, stored, { certificate: new x509.X509Certificate(stored.certificatePem), key }, surroundings);
}

interface Issuer {
  readonly certificate: X509Certificate;
  readonly key: CryptoKey;
}

function authorityOver(x509: X509, identity: Identity, root: Issuer, surroundings: Surroundings): Authority {
  const certificateFor = async ({ subject, validity, publicKey, extensions }: Certified): Promise<string> => pemOf(await signCertificate(x509, {
    subject, issuer: root.certificate.subjectName.toJSON(), publicKey, signingKey: root.key,
    validity: validity ?? validFor(surroundings, YEAR_MS), surroundings, extensions,
  }));
  const issue = async ({ keys, ...rest }: Issue): Promise<Identity> => (
    { mspId: identity.mspId, certificatePem: await certificateFor({ ...rest, publicKey: keys.publicKey }), privateKeyPem: await exportKey(keys.privateKey) });
  const certify: Authority['certify'] = async (request, certificationRequest) => {
    const publicKey = await requestedKey(x509, certificationRequest);
    const extensions = await memberExtensions(x509, request, root.certificate, publicKey);
    return certificateFor({ subject: subjectName(request.commonName, identity.mspId, request.role), validity: request.validity, publicKey, extensions });
  };
  const enrol = async (request: EnrolmentRequest): Promise<Identity> => {
    const keys = await keysFor(request.privateKeyPem);
    const extensions = await memberExtensions(x509, request, root.certificate, keys.publicKey);
    return issue({ subject: subjectName(request.commonName, identity.mspId, request.role), validity: request.validity, keys, extensions });
  };
  const enrolTls = async (request: TlsRequest): Promise<Identity> => {
    const keys = await keysFor(request.privateKeyPem);
    const extensions = await tlsExtensions(x509, request, root.certificate, keys.publicKey);
    return issue({ subject: subjectName(request.commonName, identity.mspId), validity: request.validity, keys, extensions });
  };
  const certifyTls: Authority['certifyTls'] = async (request, certificationRequest) => {
    const publicKey = await requestedKey(x509, certificationRequest);
    const extensions = await tlsExtensions(x509, request, root.certificate, publicKey);
    return certificateFor({ subject: subjectName(request.commonName, identity.mspId), validity: request.validity, publicKey, extensions });
  };
  return { ...identity, enrol, certify, enrolTls, certifyTls };
}

interface Certified {
  readonly subject: JsonName;
  readonly validity: Validity | undefined;
  readonly publicKey: CryptoKey;
  readonly extensions: Extension[];
}

interface Issue extends Omit<Certified, 'publicKey'> {
  readonly keys: webcrypto.CryptoKeyPair;
}

/** A new pair, or the one that the member has already. @param privateKeyPem PKCS #8 */
export async function keysFor(privateKeyPem: string | undefined): Promise<webcrypto.CryptoKeyPair> {
  if (privateKeyPem === undefined) return webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const spki = createPublicKey(privateKeyPem).export({ type: 'spki', format: 'der' });
  return {
    privateKey: await webcrypto.subtle.importKey('pkcs8', derOf(privateKeyPem), ALGORITHM, true, ['sign']),
    publicKey: await webcrypto.subtle.importKey('spki', spki, ALGORITHM, true, ['verify']),
  };
}

const derOf = (pem: string): Buffer => Buffer.from(pem.replace(/-----[A-Z ]+-----/g, ''), 'base64');

async function memberExtensions(x509: X509, request: EnrolmentRequest, root: X509Certificate, publicKey: CryptoKey): Promise<Extension[]> {
  return [
    new x509.BasicConstraintsExtension(false, undefined, true),
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
    await x509.SubjectKeyIdentifierExtension.create(publicKey),
    await x509.AuthorityKeyIdentifierExtension.create(root),
    attributeExtension(request, x509.Extension),
  ];
}

async function tlsExtensions(x509: X509, { hosts }: TlsRequest, root: X509Certificate, publicKey: CryptoKey): Promise<Extension[]> {
  const names = hosts.map((host) => ({ type: isIP(host) === 0 ? 'dns' as const : 'ip' as const, value: host }));
  return [
    new x509.BasicConstraintsExtension(false, undefined, true),
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
    new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth, x509.ExtendedKeyUsage.clientAuth]),
    await x509.SubjectKeyIdentifierExtension.create(publicKey),
    await x509.AuthorityKeyIdentifierExtension.create(root),
    ...(names.length === 0 ? [] : [new x509.SubjectAlternativeNameExtension(names)]),
  ];
}

interface CertificateContent {
  readonly subject: JsonName;
  readonly issuer: JsonName;
  readonly publicKey: CryptoKey;
  readonly signingKey: CryptoKey;
  readonly validity: Validity;
  readonly extensions: Extension[];
  readonly surroundings: Surroundings;
}

/** Signs until `s` is low (every second try): Fabric would otherwise rewrite the certificate, and its bytes are the identity. */
async function signCertificate(x509: X509, content: CertificateContent): Promise<X509Certificate> {
  const random = content.surroundings.randomBytes ?? systemRandomBytes;
  const serial = Buffer.from(random(SERIAL_BYTES));
  serial[0] = ((serial[0] ?? 0) & 0x3f) | 0x40; // RFC 5280 section 4.1.2.2: positive, and of constant length
  for (;;) {
    const certificate = await x509.X509CertificateGenerator.create({
      serialNumber: serial.toString('hex'), subject: content.subject, issuer: content.issuer,
      notBefore: content.validity.notBefore, notAfter: content.validity.notAfter, signingAlgorithm: ALGORITHM,
      publicKey: content.publicKey, signingKey: content.signingKey, extensions: content.extensions,
    });
    if (isLowS(new Uint8Array(certificate.signature))) return certificate;
  }
}

function subjectName(commonName: string, mspId: string, role?: Role): JsonName {
  if (commonName.length === 0 || commonName.length > 64) throw new RangeError(`common name of 1 to 64 characters expected, got ${commonName.length}`);
  return [{ O: [mspId] }, ...(role === undefined ? [] : [{ OU: [role] }]), { CN: [commonName] }];
}

function validFor(surroundings: Surroundings, lifetimeMs: number): Validity {
  const now = (surroundings.clock ?? (() => new Date()))().getTime();
  return { notBefore: new Date(now - 5 * MINUTE_MS), notAfter: new Date(now + lifetimeMs) };
}

const pemOf = (certificate: X509Certificate): string => `${certificate.toString('pem')}\n`;

async function exportKey(key: CryptoKey): Promise<string> {
  const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', key)).toString('base64');
  return `-----BEGIN PRIVATE KEY-----\n${der.replace(/(.{64})(?=.)/g, '$1\n')}\n-----END PRIVATE KEY-----\n`;
}
