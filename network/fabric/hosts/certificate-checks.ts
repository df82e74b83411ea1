/** Whether certificates from another machine are what they must be, before anything is built on them. */
import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { Problem } from '#domain/errors.js';
import { matching, type Shape } from '#domain/shape.js';
import type { Role } from '../../enrolment/identity.js';

const LONGEST_CERTIFICATE = 8_000;
/** One certificate in the one spelling that the enrolment writes, so that equal certificates are equal bytes in block 0. */
const ONE_CERTIFICATE = /^-----BEGIN CERTIFICATE-----\n(?:[A-Za-z0-9+/]{64}\n)*[A-Za-z0-9+/]{1,64}={0,2}\n-----END CERTIFICATE-----\n$/;

/** Exactly one certificate as PEM, and nothing beside it. */
export const certificatePem: Shape<string> = (value) => {
  const pem = matching(ONE_CERTIFICATE, 'one certificate, PEM')(value);
  // The last character of base64 may hold bits that mean nothing: another spelling of the same certificate.
  if (pem.length > LONGEST_CERTIFICATE || readable(pem)?.toString() !== pem) throw new Problem('FIELD_WRONG_VALUE', { expected: 'a certificate, PEM' });
  return pem;
};

function readable(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined;
  }
}

/** @throws Problem FABRIC_PART_WRONG unless it is a self-signed authority with a key on P-256 */
export function assertRoot(pem: string, field: string): void {
  const root = new X509Certificate(pem);
  expect(root.ca && root.checkIssued(root) && root.verify(root.publicKey), field, 'a self-signed authority');
  assertKey(root, field);
}

/** @throws Problem FABRIC_PART_WRONG unless it is a certificate of the root for a member with this role (RFC 5280 section 4.1.2.6, "OU") */
export function assertMember(pem: string, root: string, role: Role, field: string): void {
  const certificate = assertIssued(pem, root, field);
  const units = certificate.subject.split('\n').filter((line) => line.startsWith('OU=')).map((line) => line.slice('OU='.length));
  expect(units.length === 1 && units[0] === role, field, `a certificate with the role ${role}`);
}

/**
 * @param host the name under which others reach the server; `undefined` for a mere client
 * @throws Problem FABRIC_PART_WRONG unless it is a certificate of the root for this name
 */
export function assertTls(pem: string, root: string, host: string | undefined, field: string): void {
  const certificate = assertIssued(pem, root, field);
  if (host === undefined) return;
  const named = isIP(host) === 0 ? certificate.checkHost(host, { subject: 'never', wildcards: false }) : certificate.checkIP(host);
  expect(named !== undefined, field, `a certificate for ${host}`);
}

function assertIssued(pem: string, root: string, field: string): X509Certificate {
  const [certificate, issuer] = [new X509Certificate(pem), new X509Certificate(root)];
  expect(!certificate.ca && certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey), field, 'a certificate of the organisation\'s own authority');
  assertKey(certificate, field);
  return certificate;
}

/** Fabric knows no other keys for signatures. */
function assertKey({ publicKey }: X509Certificate, field: string): void {
  expect(publicKey.asymmetricKeyDetails?.namedCurve === 'prime256v1', field, 'a key on curve P-256');
}

function expect(condition: boolean, field: string, expected: string): void {
  if (!condition) throw new Problem('FABRIC_PART_WRONG', { field, expected });
}
