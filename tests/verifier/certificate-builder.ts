/** Real certificate authorities and real peers, made for one run of the tests. */
// oxlint-disable-next-line import/no-unassigned-import -- it only adds to Reflect, and @peculiar/x509 asks for it first
import 'reflect-metadata';
import { createPrivateKey, type KeyObject, sign, webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

/** The instant around which everything in the tests is valid: 2026-11-20T08:30:00Z. */
export const NOW = 1_795_163_400_000;
export const DAY = 86_400_000;

export interface Authority {
  readonly subject: string;
  readonly pem: string;
  readonly der: Uint8Array;
  readonly keys: webcrypto.CryptoKeyPair;
}

/** Somebody who can endorse. */
export interface Signer {
  readonly mspId: string;
  readonly pem: string;
  readonly der: Uint8Array;
  readonly key: KeyObject;
}

export interface Organisation {
  readonly mspId: string;
  readonly root: Authority;
  readonly peer: Signer;
}

/** What a certificate says, where it is to say something else than a good one. */
export interface CertificateOptions {
  readonly subject?: string;
  readonly issuer?: string;
  readonly notBefore?: number;
  readonly notAfter?: number;
  readonly isAuthority?: boolean;
  readonly pathLength?: number;
  readonly usages?: x509.KeyUsageFlags;
  readonly extensions?: readonly x509.Extension[];
  readonly curve?: 'P-256' | 'P-384';
  readonly hash?: 'SHA-256' | 'SHA-384';
}

x509.cryptoProvider.set(webcrypto as unknown as Crypto);

const AUTHORITY_USAGES: x509.KeyUsageFlags = x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign;
const PEER_USAGES: x509.KeyUsageFlags = x509.KeyUsageFlags.digitalSignature;

async function keyPair(curve: string): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey({ name: 'ECDSA', namedCurve: curve }, true, ['sign', 'verify']);
}

function extensionsOf(options: CertificateOptions): x509.Extension[] {
  return [
    new x509.BasicConstraintsExtension(options.isAuthority ?? false, options.pathLength, true),
    new x509.KeyUsagesExtension(options.usages ?? (options.isAuthority ? AUTHORITY_USAGES : PEER_USAGES), true),
    ...(options.extensions ?? []),
  ];
}

async function certify(publicKey: webcrypto.CryptoKey, signingKey: webcrypto.CryptoKey, options: CertificateOptions): Promise<x509.X509Certificate> {
  return x509.X509CertificateGenerator.create({
    subject: options.subject ?? '',
    issuer: options.issuer ?? '',
    notBefore: new Date(options.notBefore ?? NOW - 365 * DAY),
    notAfter: new Date(options.notAfter ?? NOW + 365 * DAY),
    publicKey,
    signingKey,
    signingAlgorithm: { name: 'ECDSA', hash: options.hash ?? 'SHA-256' },
    extensions: extensionsOf(options),
  });
}

function written(certificate: x509.X509Certificate): { pem: string; der: Uint8Array } {
  return { pem: `${certificate.toString('pem')}\n`, der: new Uint8Array(certificate.rawData) };
}

/** A root authority of its own. */
export async function rootAuthority(name: string, options: CertificateOptions = {}): Promise<Authority> {
  const keys = await keyPair('P-256');
  const subject = options.subject ?? `CN=ca.${name}, O=${name}, C=VN`;
  const certificate = await certify(keys.publicKey, keys.privateKey, { isAuthority: true, issuer: subject, ...options, subject });
  return { subject, keys, ...written(certificate) };
}

/** An authority below another one. */
export async function intermediateAuthority(parent: Authority, name: string, options: CertificateOptions = {}): Promise<Authority> {
  const keys = await keyPair('P-256');
  const subject = `CN=ica.${name}, O=${name}, C=VN`;
  const certificate = await certify(keys.publicKey, parent.keys.privateKey, { isAuthority: true, issuer: parent.subject, ...options, subject });
  return { subject, keys, ...written(certificate) };
}

/** A peer (or whatever `options` make of it) certified by an authority. */
export async function peerOf(authority: Authority, mspId: string, options: CertificateOptions = {}): Promise<Signer> {
  const keys = await keyPair(options.curve ?? 'P-256');
  const subject = options.subject ?? `CN=peer0.${mspId}, OU=peer, O=${mspId}, C=VN`;
  const certificate = await certify(keys.publicKey, authority.keys.privateKey, { issuer: authority.subject, ...options, subject });
  return { mspId, key: await nodeKey(keys.privateKey), ...written(certificate) };
}

/** A certificate that its own key has signed. */
export async function selfSignedPeer(mspId: string, subject: string): Promise<Signer> {
  const keys = await keyPair('P-256');
  const certificate = await certify(keys.publicKey, keys.privateKey, { subject, issuer: subject });
  return { mspId, key: await nodeKey(keys.privateKey), ...written(certificate) };
}

/** The authority that a peer would be if it misused its key. */
export async function authorityOfKey(peer: Signer, subject: string): Promise<Authority> {
  const pkcs8 = peer.key.export({ format: 'der', type: 'pkcs8' });
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256' };
  const privateKey = await webcrypto.subtle.importKey('pkcs8', pkcs8, algorithm, true, ['sign']);
  return { subject, pem: peer.pem, der: peer.der, keys: { privateKey, publicKey: privateKey } };
}

/** A certificate that says nothing but a name, DER. */
export async function bareCertificate({ keys }: Authority): Promise<Uint8Array> {
  const signingAlgorithm = { name: 'ECDSA', hash: 'SHA-256' };
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=bare', notBefore: new Date(NOW), notAfter: new Date(NOW), keys, signingAlgorithm,
  });
  return new Uint8Array(certificate.rawData);
}

export async function organisation(name: string): Promise<Organisation> {
  const mspId = `${name}MSP`;
  const root = await rootAuthority(name);
  return { mspId, root, peer: await peerOf(root, mspId) };
}

async function nodeKey(key: webcrypto.CryptoKey): Promise<KeyObject> {
  const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', key));
  return createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' });
}

const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/** r and s of a fresh signature, s low. */
function numbersOf(key: KeyObject, message: Uint8Array): { r: bigint; s: bigint } {
  const raw = sign('sha256', message, { key, dsaEncoding: 'ieee-p1363' }).toString('hex');
  const half = raw.length / 2;
  const s = BigInt(`0x${raw.slice(half)}`);
  const isHigh = half === 64 && s > ORDER / 2n; // a P-384 key has longer halves and another order
  return { r: BigInt(`0x${raw.slice(0, half)}`), s: isHigh ? ORDER - s : s };
}

/** As a peer signs: DER, low s. */
export function signLow(key: KeyObject, message: Uint8Array): Uint8Array {
  const { r, s } = numbersOf(key, message);
  return derSignature(r, s);
}

/** The other spelling of a signature, which Fabric refuses. */
export function signHigh(key: KeyObject, message: Uint8Array): Uint8Array {
  const { r, s } = numbersOf(key, message);
  return derSignature(r, ORDER - s);
}

export function derSignature(r: bigint, s: bigint): Uint8Array {
  const body = Buffer.concat([derInteger(r), derInteger(s)]);
  return Buffer.concat([Buffer.from([0x30, body.length]), body]);
}

function derInteger(value: bigint): Buffer {
  const hex = value.toString(16);
  const even = hex.length % 2 === 0 ? hex : `0${hex}`;
  const content = Buffer.from(Number.parseInt(even.slice(0, 2), 16) >= 0x80 ? `00${even}` : even, 'hex');
  return Buffer.concat([Buffer.from([0x02, content.length]), content]);
}
