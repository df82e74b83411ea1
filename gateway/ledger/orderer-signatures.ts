/**
 * The orderers' signatures under a block. A peer checks them; whoever does not want to believe one peer checks them
 * too. Raft: one orderer signs, whichever wrote the copy. BFT: a quorum does, and names itself by a number that the
 * channel's configuration gives a certificate to.
 */
import { Buffer } from 'node:buffer';
import { verify, type KeyObject } from 'node:crypto';
import { blockWrong, readMetadata } from './block-reader.js';
import { signerJudge, type OrdererOrganisation, type SignerJudge } from './orderer-organisation.js';
import { WireError, WireReader } from './protobuf-wire.js';

export interface OrdererTrust {
  /** the organisations that order, by MSP id, as one configuration defines them */
  readonly organisations: Readonly<Record<string, OrdererOrganisation>>;
  /** BFT: PEM certificates of the consenters by their number; where they are, nobody else's signature counts */
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
 * A check of the blocks that one configuration is in force for. Authorities, lists and certificates are read once.
 *
 * @returns throws Problem LEDGER_BLOCK_WRONG with reason `orderers` unless enough trusted orderers signed. Block 0 is
 *   signed by nobody: it is known by its hash
 */
export function ordererCheck(trust: OrdererTrust): (serialisedBlock: Uint8Array) => void {
  const known = knownSigners(trust);
  return (block) => {
    const { metadata, header, number } = readMetadata(block);
    if (number === 0n) return;
    const good = countSigners(metadata[SIGNATURES] ?? NOTHING, header, trust, known);
    if (good < trust.quorum) throw blockWrong(number, 'orderers');
  };
}

type Known = (mspId: string, pem: string) => Signer | undefined;

function knownSigners(trust: OrdererTrust): Known {
  const judges = new Map<string, SignerJudge>(Object.entries(trust.organisations).map(([mspId, organisation]) => [mspId, signerJudge(organisation)]));
  const signers = new Map<string, Signer | undefined>();
  return (mspId, pem) => {
    const name = `${mspId}\n${pem}`;
    // Whoever delivers blocks could name ever new certificates.
    if (signers.size >= MOST_SIGNERS) signers.clear();
    if (!signers.has(name)) {
      const certificate = judges.get(mspId)?.(pem);
      signers.set(name, certificate && { key: certificate.publicKey, fingerprint: certificate.fingerprint256 });
    }
    return signers.get(name);
  };
}

/** Different signers of good signatures, up to the quorum: whoever has signed well is not checked again. */
function countSigners(metadata: Buffer, header: Buffer, trust: OrdererTrust, known: Known): number {
  const good = new Set<string>();
  for (const signature of signaturesIn(metadata)) {
    if (good.size >= trust.quorum) break;
    const signer = signerOf(signature, trust, known);
    if (signer === undefined || good.has(signer.fingerprint)) continue;
    const named = signature.header.length > 0 ? signature.header : signature.identifier;
    const message = Buffer.concat([signature.value, named, header]);
    if (verify('sha256', message, signer.key, signature.signature)) good.add(signer.fingerprint);
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

/**
 * Under BFT an orderer is a number. An organisation that orders could make any number of orderers' certificates, so one
 * that comes with the signature names nobody there.
 */
function signerOf({ header, identifier }: BlockSignature, { consenters }: OrdererTrust, known: Known): Signer | undefined {
  try {
    if (consenters === undefined) {
      const identity = fieldOf(header, 1);
      return known(fieldOf(identity, 1).toString(), fieldOf(identity, 2).toString());
    }
    if (header.length > 0) return undefined;
    const named = new WireReader(identifier);
    let number = -1;
    while (named.next()) if (named.varint === 1) number = named.number;
    const consenter = consenters[number];
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
