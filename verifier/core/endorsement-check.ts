import { joined, textOf } from './bytes.js';
import { chainsToRoot } from './certificate-path.js';
import type { CryptoPort } from './crypto-port.js';
import { rawLowSignature } from './ecdsa-signature.js';
import type { Endorsement } from './endorsed-call.js';
import { certificateFromPem } from './pem.js';
import type { PinnedOrganisations } from './pinned-organisations.js';
import { messageReader } from './protobuf-reader.js';
import { codeOf, Refusal } from './refusal.js';
import { fail, type Outcome, passIf, unknown } from './report.js';
import { isRevoked, type RevokedCertificates } from './revoked-certificates.js';
import { type Certificate, parseCertificate } from './x509.js';

/** What was found out about one endorsement. */
export interface EndorsementFinding {
  /** The organisation it speaks for, e.g. `Org1MSP`; `undefined` if that could not be read. */
  readonly mspId: string | undefined;
  readonly signature: Outcome;
  readonly certificate: Outcome;
  readonly role: Outcome;
}

/** What an endorsement is held against. */
export interface EndorsementContext {
  /** The signed answer. */
  readonly signed: Uint8Array;
  /** When it was signed, milliseconds since 1970. */
  readonly at: number;
  readonly organisations: PinnedOrganisations;
  readonly revoked: RevokedCertificates;
  /** The OU of peers, e.g. `peer`. */
  readonly peerRole: string;
  /** Rejects with a Refusal when no answer can be had. */
  readonly crypto: CryptoPort;
}

interface Identity {
  readonly mspId: string;
  readonly certificate: Certificate;
}

// fabric-protos msp/identities.proto
const readSerializedIdentity = messageReader({ mspId: [1, 'text'], idBytes: [2, 'bytes'] });

/** The roles that Fabric's membership service knows; a certificate must have exactly one. */
const NODE_ROLES: ReadonlySet<string> = new Set(['client', 'peer', 'admin', 'orderer']);

/**
 * Checks one endorsement: the signature over the answer and the endorser, the path of its certificate to a pinned
 * root of the organisation it names, and that it belongs to a peer.
 */
export async function examineEndorsement(endorsement: Endorsement, context: EndorsementContext): Promise<EndorsementFinding> {
  const identity = readIdentity(endorsement.endorser);
  if (identity instanceof Refusal) return unreadable(identity);
  const [signature, certificate] = await Promise.all([
    settled(signatureOf(endorsement, identity.certificate, context)),
    settled(pathOf(identity, context)),
  ]);
  return { mspId: identity.mspId, signature, certificate, role: roleOf(identity.certificate, context.peerRole) };
}

function unreadable({ code }: Refusal): EndorsementFinding {
  const notReached = unknown('RECEIPT_CHECK_NOT_REACHED');
  return { mspId: undefined, signature: notReached, certificate: fail(code), role: notReached };
}

function readIdentity(endorser: Uint8Array): Identity | Refusal {
  try {
    const { mspId, idBytes } = readSerializedIdentity(endorser);
    const der = certificateFromPem(textOf(idBytes) ?? '');
    return der === undefined ? new Refusal('CERTIFICATE_MALFORMED') : { mspId, certificate: parseCertificate(der) };
  } catch (error) {
    return new Refusal(codeOf(error));
  }
}

async function signatureOf(endorsement: Endorsement, certificate: Certificate, context: EndorsementContext): Promise<Outcome> {
  const { endorser, signature } = endorsement;
  if (rawLowSignature(signature) === undefined) return fail('RECEIPT_SIGNATURE_NOT_CANONICAL');
  const holds = await context.crypto.verifyP256(certificate.spki, joined(context.signed, endorser), signature);
  return passIf(holds, 'RECEIPT_SIGNATURE_WRONG');
}

async function pathOf({ mspId, certificate }: Identity, context: EndorsementContext): Promise<Outcome> {
  const pinned = context.organisations.get(mspId);
  if (pinned === undefined) return fail('RECEIPT_ORGANISATION_UNKNOWN');
  const path = await chainsToRoot(certificate, pinned, context.at, context.crypto);
  return path.result === 'pass' && isRevoked(certificate, context.revoked) ? fail('CERTIFICATE_REVOKED') : path;
}

/** A certificate of two roles is refused as Fabric refuses it: it could pass for whichever one is asked for. */
function roleOf(certificate: Certificate, peerRole: string): Outcome {
  const roles = new Set(certificate.subject.organisationalUnits.filter((unit) => unit === peerRole || NODE_ROLES.has(unit)));
  return passIf(roles.size === 1 && roles.has(peerRole), 'RECEIPT_NOT_A_PEER');
}

/** Turns the refusal to answer of a port into an outcome. */
async function settled(outcome: Promise<Outcome>): Promise<Outcome> {
  try {
    return await outcome;
  } catch (error) {
    return unknown(codeOf(error));
  }
}
