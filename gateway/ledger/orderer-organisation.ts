/**
 * Who may sign for an organisation that orders, as its MSP in a configuration of the channel defines it (Fabric
 * `msp/mspimplvalidate.go`, `msp/mspimplsetup.go`): issued by one of its authorities, for an orderer, not taken back.
 *
 * No clock is asked. A certificate has to fit its authorities' periods, and is not judged by when it ends: a block says
 * nothing of when it was signed that could be believed, and one that was good stays so.
 */
import { X509Certificate } from 'node:crypto';
import { DerError } from './der-elements.js';
import { readRevocationList, serialOf, subjectKeyOf, type RevocationList } from './revocation-list.js';

export interface OrdererOrganisation {
  /** PEM */
  readonly roots: readonly string[];
  /** PEM, of authorities that the roots made */
  readonly intermediates?: readonly string[];
  /** PEM or DER */
  readonly revocationLists?: readonly Uint8Array[];
}

/** Judges a certificate (PEM); gives it if it may sign blocks. */
export type SignerJudge = (pem: string) => X509Certificate | undefined;

interface CertificateAuthority {
  readonly certificate: X509Certificate;
  /** absent for a root */
  readonly issuer?: CertificateAuthority;
  readonly revoked: ReadonlySet<string>;
}

/** A second after it began: the time at which Fabric judges a certificate, always. */
const JUDGED_AFTER_MS = 1000;

/** Reads authorities and lists once, for any number of certificates. Where a list cannot be read, nobody may sign. */
export function signerJudge(organisation: OrdererOrganisation): SignerJudge {
  const lists = readLists(organisation.revocationLists ?? []);
  const authorities = lists === undefined ? [] : signingAuthorities(organisation, lists);
  return (pem) => {
    const certificate = readCertificate(pem);
    if (certificate === undefined || certificate.ca || !isForOrderer(certificate)) return undefined;
    const issuers = authorities.filter((authority) => isIssuedBy(certificate, authority));
    return issuers.length > 0 && issuers.every((issuer) => !isRevokedBy(certificate, issuer)) ? certificate : undefined;
  };
}

/** Fabric believes nobody of an organisation that has a list without its authority's key. */
function readLists(bytes: readonly Uint8Array[]): readonly RevocationList[] | undefined {
  try {
    const lists = bytes.map(readRevocationList);
    return lists.every(({ authorityKey }) => authorityKey !== undefined) ? lists : undefined;
  } catch (error) {
    if (error instanceof DerError) return undefined;
    throw error;
  }
}

/** Those at the ends of the tree: an authority that made another one makes no members. */
function signingAuthorities({ roots, intermediates = [] }: OrdererOrganisation, lists: readonly RevocationList[]): readonly CertificateAuthority[] {
  const known = certificatesIn(roots).map((certificate): CertificateAuthority => ({ certificate, revoked: revokedBy(certificate, lists) }));
  let waiting = certificatesIn(intermediates);
  for (let found = -1; found !== known.length;) {
    found = known.length;
    for (const certificate of waiting) {
      const issuer = known.find((one) => isIssuedBy(certificate, one) && !isRevokedBy(certificate, one));
      if (issuer !== undefined) known.push({ certificate, issuer, revoked: revokedBy(certificate, lists) });
    }
    waiting = waiting.filter((certificate) => !known.some((one) => one.certificate === certificate));
  }
  return known.filter((one) => !known.some(({ issuer }) => issuer === one));
}

/** What is no authority with a key identifier cannot have made anybody. */
function certificatesIn(texts: readonly string[]): X509Certificate[] {
  return texts.flatMap((pem) => readCertificate(pem) ?? []).filter((certificate) => certificate.ca && subjectKeyOf(certificate.raw) !== undefined);
}

/** From lists that name this authority's key, and that it signed. */
function revokedBy({ raw, publicKey }: X509Certificate, lists: readonly RevocationList[]): ReadonlySet<string> {
  const key = subjectKeyOf(raw);
  return new Set(lists.flatMap((list) => (list.authorityKey === key && list.isSignedBy(publicKey) ? [...list.serials] : [])));
}

function isRevokedBy(certificate: X509Certificate, { revoked }: CertificateAuthority): boolean {
  return revoked.has(serialOf(certificate.serialNumber));
}

function isIssuedBy(certificate: X509Certificate, authority: CertificateAuthority): boolean {
  const issuer = authority.certificate;
  return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey) && fits(certificate, authority);
}

/** The certificate and every authority above it were valid a second after it began. */
function fits(certificate: X509Certificate, authority: CertificateAuthority): boolean {
  const at = Date.parse(certificate.validFrom) + JUDGED_AFTER_MS;
  let above: CertificateAuthority | undefined = authority;
  while (above !== undefined && isValidAt(above.certificate, at)) above = above.issuer;
  return above === undefined && isValidAt(certificate, at);
}

function isValidAt({ validFrom, validTo }: X509Certificate, at: number): boolean {
  return Date.parse(validFrom) <= at && at <= Date.parse(validTo);
}

/** Its subject's OU says so, as Fabric's NodeOUs do. */
function isForOrderer({ subject }: X509Certificate): boolean {
  return subject.split('\n').includes('OU=orderer');
}

function readCertificate(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined; // hostile bytes in a signature header: nobody's signature
  }
}
