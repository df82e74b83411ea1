/**
 * The package of a chaincode. It holds no code and no address, only what all organisations must agree on: the name and
 * the digest of the code. So it is the same file, with the same id, in every organisation, and whoever has the code
 * can make it and compare.
 */
import { createHash } from 'node:crypto';
import { tarGz } from './tar-archive.js';

export interface ChaincodePackage {
  /** Name and the beginning of the digest, e.g. `minhchung-0123456789abcdef`. */
  readonly label: string;
  /** As Fabric counts it: label, colon, SHA-256 of the package's bytes. */
  readonly id: string;
  readonly bytes: Buffer;
}

const SHOWN_DIGITS = 16;

/**
 * @param name of the chaincode, e.g. `minhchung`: small letters, digits, hyphens
 * @param digest of its code, from `codeDigest`
 */
export function chaincodePackage(name: string, digest: string): ChaincodePackage {
  if (!/^[a-z0-9-]+$/.test(name)) throw new RangeError(`small letters, digits and hyphens expected, got ${name}`);
  const label = `${name}-${digest.slice(0, SHOWN_DIGITS)}`;
  const code = tarGz({ label: Buffer.from(label), 'code.json': Buffer.from(JSON.stringify({ name, digest })) });
  const bytes = tarGz({ 'metadata.json': Buffer.from(JSON.stringify({ type: 'ccaas', label })), 'code.tar.gz': code });
  return { label, id: `${label}:${createHash('sha256').update(bytes).digest('hex')}`, bytes };
}
