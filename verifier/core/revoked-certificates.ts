/** Certificates that their authorities have taken back: revocation lists (RFC 5280 section 5), as they are pinned beside the roots. */
import { hexOf, sameBytes } from './bytes.js';
import { isSignedBy } from './certificate-path.js';
import type { CryptoPort } from './crypto-port.js';
import { DER, DerReader } from './der-reader.js';
import { readName } from './distinguished-name.js';
import { revocationListFromPem } from './pem.js';
import type { PinnedOrganisations } from './pinned-organisations.js';
import { Refusal } from './refusal.js';
import { type Certificate, readAlgorithm } from './x509.js';

/** Issuer and serial number of each, as `isRevoked` joins them. */
export type RevokedCertificates = ReadonlySet<string>;

/**
 * The certificates on the lists of the pinned organisations.
 *
 * A list counts whatever its age: what was revoked stays so. One that is not signed by an authority of its own
 * organisation makes the whole policy unusable, for nobody can tell what it was meant to say.
 *
 * @param lists PEM by MSP id
 * @throws Refusal RECEIPT_POLICY_UNUSABLE, CRYPTO_UNAVAILABLE
 */
export async function revokedCertificates(lists: Readonly<Record<string, readonly string[]>> = {}, organisations: PinnedOrganisations, crypto: CryptoPort): Promise<RevokedCertificates> {
  const revoked = new Set<string>();
  for (const [mspId, texts] of Object.entries(lists)) {
    for (const text of texts) await addList(text, organisations.get(mspId) ?? [], crypto, revoked);
  }
  return revoked;
}

/** Whether a certificate stands on one of the lists. */
export function isRevoked({ issuer, serial }: Pick<Certificate, 'issuer' | 'serial'>, revoked: RevokedCertificates): boolean {
  return revoked.has(hexOf(issuer.der) + serial);
}

async function addList(text: string, pinned: readonly Certificate[], crypto: CryptoPort, revoked: Set<string>): Promise<void> {
  const { issuer, serials, ...signed } = readList(text);
  for (const authority of pinned) {
    if (!authority.isAuthority || !sameBytes(authority.subject.der, issuer) || !await isSignedBy(signed, authority, crypto)) continue;
    for (const serial of serials) revoked.add(hexOf(issuer) + serial);
    return;
  }
  throw new Refusal('RECEIPT_POLICY_UNUSABLE');
}

/** `CertificateList` of RFC 5280 section 5.1. */
function readList(text: string): { issuer: Uint8Array; serials: string[]; tbs: Uint8Array; signature: Uint8Array } {
  try {
    const outer = new DerReader(revocationListFromPem(text) ?? new Uint8Array());
    const list = outer.inside(DER.sequence);
    const tbs = list.whole(DER.sequence);
    readAlgorithm(list);
    const signature = list.wholeOctets();
    list.end();
    outer.end();
    return { tbs, signature, ...readSignedPart(new DerReader(tbs).inside(DER.sequence)) };
  } catch (error) {
    throw error instanceof Refusal ? new Refusal('RECEIPT_POLICY_UNUSABLE') : error;
  }
}

function readSignedPart(reader: DerReader): { issuer: Uint8Array; serials: string[] } {
  if (reader.nextTag === DER.integer) reader.unsignedInteger();
  readAlgorithm(reader);
  const issuer = readName(reader).der;
  const serials: string[] = [];
  do reader.skip(); while (isTime(reader));
  if (reader.nextTag === DER.sequence) {
    const entries = reader.inside(DER.sequence);
    while (!entries.atEnd) serials.push(hexOf(entries.inside(DER.sequence).unsignedInteger()));
  }
  return { issuer, serials };
}

function isTime({ nextTag }: DerReader): boolean {
  return nextTag === DER.utcTime || nextTag === DER.generalizedTime;
}
