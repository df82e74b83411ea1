import { hexOf } from './bytes.js';
import { certificateFromPem } from './pem.js';
import { Refusal } from './refusal.js';
import { type Certificate, parseCertificate } from './x509.js';

/** Whose word counts, and how many of them it takes. Comes from a trust snapshot, never from the receipt. */
export interface ReceiptPolicy {
  /**
   * By MSP id, e.g. `Org1MSP`: the organisation's root certificates, and intermediate ones if it has any, each as PEM
   * text or DER bytes.
   */
  readonly roots: Readonly<Record<string, readonly (string | Uint8Array)[]>>;
  /** Revocation lists of their authorities by MSP id, PEM; whoever stands on one signs in vain, whenever it signed. */
  readonly revocationLists?: Readonly<Record<string, readonly string[]>> | undefined;
  /** How many different organisations must have signed; 1 or more. */
  readonly minimumOrganisations: number;
  /** The OU that marks a peer: `peer` unless the network's configuration names another. */
  readonly peerRole: string;
}

/** The pinned certificates by MSP id. */
export type PinnedOrganisations = ReadonlyMap<string, readonly Certificate[]>;

/**
 * Reads the certificates of a policy.
 *
 * @throws Refusal RECEIPT_POLICY_UNUSABLE if a certificate cannot be read, if two organisations share a key (one
 * authority could then speak for both, and counting organisations would count nothing), or if the minimum is not a
 * whole number of at least 1
 */
export function pinnedOrganisations({ roots, minimumOrganisations, peerRole }: ReceiptPolicy): PinnedOrganisations {
  if (!Number.isSafeInteger(minimumOrganisations) || minimumOrganisations < 1 || peerRole === '') throw unusable();
  const pinned = new Map<string, readonly Certificate[]>();
  const owners = new Map<string, string>();
  for (const [mspId, certificates] of Object.entries(roots)) {
    const parsed = certificates.map(readPinned);
    for (const { spki } of parsed) claimKey(owners, hexOf(spki), mspId);
    pinned.set(mspId, parsed);
  }
  return pinned;
}

function claimKey(owners: Map<string, string>, key: string, mspId: string): void {
  const owner = owners.get(key) ?? mspId;
  if (owner !== mspId) throw unusable();
  owners.set(key, mspId);
}

function readPinned(certificate: string | Uint8Array): Certificate {
  const der = typeof certificate === 'string' ? certificateFromPem(certificate) : certificate;
  if (der === undefined) throw unusable();
  try {
    return parseCertificate(der);
  } catch (error) {
    throw error instanceof Refusal ? unusable() : error;
  }
}

function unusable(): Refusal {
  return new Refusal('RECEIPT_POLICY_UNUSABLE');
}
