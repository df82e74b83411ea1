/**
 * The orderers' signatures under a block. A peer checks them; whoever does not want to believe one peer checks them
 * too. Raft: one orderer signs, whichever wrote the copy. BFT: a quorum does, and names itself by a number that the
 * channel's configuration gives a certificate to.
 */
import { Buffer } from 'node:buffer';
import { createHash, verify, X509Certificate, type KeyObject } from 'node:crypto';
import { blockWrong, readMetadata } from './block-reader.js';
import { WireError, WireReader } from './protobuf-wire.js';

export interface OrdererTrust {
  /** root certificates of the orderers' organisations, PEM by MSP id; pinned out of band */
  readonly roots: Readonly<Record<string, readonly string[]>>;
  /** BFT: PEM certificates of the consenters by their number */
  readonly consenters?: Readonly<Record<number, { readonly mspId: string; readonly certificate: string }>>;
  /** how many different orderers must have signed; 1 for Raft */
  readonly quorum: number;
}

interface Signer {
  readonly key: KeyObject;
  readonly fingerprint: string;
}

/** Index of the orderers' signatures in a block's metadata. */
const SIGNATURES = 0;
const NOTHING: Buffer = Buffer.alloc(0);
const MOST_SIGNERS = 1000;

/**
 * A check to be given to `openFabricLedger` as `checkBlock`.
 *
 * @returns throws Problem LEDGER_BLOCK_WRONG with reason `orderers` unless enough trusted orderers signed. Block 0 is
 *   signed by nobody: it is known by its hash
 */
export function ordererCheck(trust: OrdererTrust): (serialisedBlock: Uint8Array) => void {
  const signers = new Map<string, Signer | undefined>();
  const known = (mspId: string, pem: string): Signer | undefined => {
    const name = `${mspId}\n${pem}`;
    // Whoever delivers blocks could name ever new certificates.
    if (signers.size >= MOST_SIGNERS) signers.clear();
    if (!signers.has(name)) signers.set(name, trustedSigner(trust, mspId, pem));
    return signers.get(name);
  };
  return (block) => {
    const { metadata, header, number } = readMetadata(block);
    if (number === 0n) return;
    const good = countSigners(metadata[SIGNATURES] ?? NOTHING, header, trust, known);
    if (good < trust.quorum) throw blockWrong(number, 'orderers');
  };
}

type Known = (mspId: string, pem: string) => Signer | undefined;

function countSigners(metadata: Buffer, header: Buffer, trust: OrdererTrust, known: Known): number {
  const good = new Set<string>();
  for (const signature of signaturesIn(metadata)) {
    const signer = signerOf(signature, trust, known);
    const named = signature.header.length > 0 ? signature.header : signature.identifier;
    const message = Buffer.concat([signature.value, named, header]);
    if (signer !== undefined && verify('sha256', message, signer.key, signature.signature)) good.add(signer.fingerprint);
  }
  return good.size;
}

interface BlockSignature {
  readonly value: Buffer;
  header: Buffer;
  signature: Buffer;
  identifier: Buffer;
}

/** `common.Metadata`: what all of them sign besides the header, and one `MetadataSignature` for each. */
function signaturesIn(metadata: Buffer): BlockSignature[] {
  try {
    const value = fieldOf(metadata, 1);
    const reader = new WireReader(metadata);
    const signatures: BlockSignature[] = [];
    while (reader.next()) if (reader.field === 2) signatures.push(readSignature(reader.nested(), value));
    return signatures;
  } catch (error) {
    if (error instanceof WireError) return [];
    throw error;
  }
}

function readSignature(reader: WireReader, value: Buffer): BlockSignature {
  const out: BlockSignature = { value, header: NOTHING, signature: NOTHING, identifier: NOTHING };
  while (reader.next()) {
    if (reader.field === 1) out.header = reader.view();
    else if (reader.field === 2) out.signature = reader.view();
    else if (reader.field === 3) out.identifier = reader.view();
  }
  return out;
}

function signerOf({ header, identifier }: BlockSignature, trust: OrdererTrust, known: Known): Signer | undefined {
  try {
    if (header.length > 0) {
      const identity = fieldOf(header, 1);
      return known(fieldOf(identity, 1).toString(), fieldOf(identity, 2).toString());
    }
    const named = new WireReader(identifier);
    let number = -1;
    while (named.next()) if (named.field === 1) number = named.number;
    const consenter = trust.consenters?.[number];
    return consenter && known(consenter.mspId, consenter.certificate);
  } catch (error) {
    if (error instanceof WireError) return undefined;
    throw error;
  }
}

function fieldOf(bytes: Buffer, field: number): Buffer {
  const reader = new WireReader(bytes);
  let found = NOTHING;
  while (reader.next()) if (reader.field === field) found = reader.view();
  return found;
}

/** Issued by a pinned root of its organisation, for an orderer (its subject's OU says so, as Fabric's NodeOUs do). */
function trustedSigner(trust: OrdererTrust, mspId: string, pem: string): Signer | undefined {
  const certificate = readCertificate(pem);
  if (certificate === undefined || !certificate.subject.split('\n').includes('OU=orderer')) return undefined;
  const roots = Object.hasOwn(trust.roots, mspId) ? (trust.roots[mspId] ?? []) : [];
  const issued = roots.some((root) => {
    const issuer = new X509Certificate(root);
    return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
  });
  return issued ? { key: certificate.publicKey, fingerprint: createHash('sha256').update(certificate.raw).digest('hex') } : undefined;
}

function readCertificate(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined; // hostile bytes in a signature header: nobody's signature
  }
}
