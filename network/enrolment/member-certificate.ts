/** Reads a member's certificate back: whose it is, if it is one that the organisation's authority made and that is valid now. */
import { X509Certificate } from 'node:crypto';
import { Problem, type ProblemCode } from '#domain/errors.js';
import { ATTRIBUTE_OID } from './attribute-extension.js';

/** A client of a member organisation, as its certificate says. */
export interface CertifiedClient {
  readonly mspId: string;
  /** What contracts read with `getAttributeValue`. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** One certificate and nothing around it. */
const CERTIFICATE = /^-----BEGIN CERTIFICATE-----\r?\n[A-Za-z0-9+/=\r\n]+-----END CERTIFICATE-----\s*$/;
const LONGEST = 10_000;

/**
 * @param pem one certificate
 * @param roots of the member organisations, PEM by MSP id
 * @param now milliseconds since 1970
 * @throws Problem CERTIFICATE_MALFORMED, CERTIFICATE_UNTRUSTED (made by none of the roots), CERTIFICATE_NOT_YET_VALID,
 *   CERTIFICATE_EXPIRED, CERTIFICATE_UNSUPPORTED (another key than P-256), CERTIFICATE_WRONG_USE (not of a client)
 */
export async function readClientCertificate(pem: string, roots: Readonly<Record<string, readonly string[]>>, now: number): Promise<CertifiedClient> {
  const certificate = parsed(pem);
  const mspId = Object.keys(roots).find((one) => roots[one]?.some((root) => isIssuedBy(certificate, new X509Certificate(root))));
  if (mspId === undefined) throw new Problem('CERTIFICATE_UNTRUSTED');
  require(certificate.publicKey.asymmetricKeyDetails?.namedCurve === 'prime256v1', 'CERTIFICATE_UNSUPPORTED');
  require(Date.parse(certificate.validFrom) <= now, 'CERTIFICATE_NOT_YET_VALID');
  require(now <= Date.parse(certificate.validTo), 'CERTIFICATE_EXPIRED');
  const units = certificate.subject.split('\n').filter((line) => line.startsWith('OU='));
  require(!certificate.ca && units.length === 1 && units[0] === 'OU=client', 'CERTIFICATE_WRONG_USE');
  return { mspId, attributes: await attributesOf(pem) };
}

function require(holds: boolean, code: ProblemCode): void {
  if (!holds) throw new Problem(code);
}

function parsed(pem: string): X509Certificate {
  if (pem.length > LONGEST || !CERTIFICATE.test(pem)) throw new Problem('CERTIFICATE_MALFORMED');
  try {
    return new X509Certificate(pem);
  } catch {
    throw new Problem('CERTIFICATE_MALFORMED');
  }
}

function isIssuedBy(certificate: X509Certificate, root: X509Certificate): boolean {
  return certificate.checkIssued(root) && certificate.verify(root.publicKey);
}

/** The authority wrote them, so what cannot be read is no attribute of ours. */
async function attributesOf(pem: string): Promise<Readonly<Record<string, string>>> {
  await import('reflect-metadata'); // the package asks for this polyfill to be there before it
  const x509 = await import('@peculiar/x509');
  const extension = new x509.X509Certificate(pem).getExtension(ATTRIBUTE_OID);
  if (extension === null) return {};
  const { attrs } = JSON.parse(Buffer.from(extension.value).toString('utf8')) as { attrs?: Readonly<Record<string, unknown>> };
  return Object.fromEntries(Object.entries(attrs ?? {}).filter((one): one is [string, string] => typeof one[1] === 'string'));
}
