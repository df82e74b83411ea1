/** How the signature of a block names who made it (fabric-protos, common.proto: IdentifierHeader, SignatureHeader). */
import { Buffer } from 'node:buffer';
import { randomBytes } from 'node:crypto';
import { common, msp } from '@hyperledger/fabric-protos';
import type { Identity } from '../../../network/enrolment/identity.js';

/** A BFT orderer signs as a number, from 1. */
export function identifierHeader(number: number): Uint8Array {
  const header = new common.IdentifierHeader();
  header.setIdentifier(number);
  header.setNonce(randomBytes(8));
  return header.serializeBinary();
}

/** A Raft orderer signs by its certificate. */
export function signatureHeader(signer: Identity): Uint8Array {
  const identity = new msp.SerializedIdentity();
  identity.setMspid(signer.mspId);
  identity.setIdBytes(Buffer.from(signer.certificatePem));
  const header = new common.SignatureHeader();
  header.setCreator(identity.serializeBinary());
  header.setNonce(randomBytes(24));
  return header.serializeBinary();
}
