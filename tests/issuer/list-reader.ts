/**
 * A reader of status lists of its own, written from Bitstring Status List 1.0 and VC-JOSE-COSE with nothing of the issuer:
 * JWS by node:crypto with the key of the DID document, gzip by zlib, bits counted from the left.
 */
import { createPublicKey, verify } from 'node:crypto';
import { gunzipSync } from 'node:zlib';

export interface ReadList {
  readonly id: string;
  readonly issuer: string;
  readonly purpose: string;
  readonly version: number;
  readonly ttl: number;
  readonly kid: string;
  readonly validFrom: string;
  readonly validUntil: string;
  readonly bits: Buffer;
  isSet(index: number): boolean;
}

type Json = Record<string, unknown>;

/** @param document of the DID that `kid` names; the key must stand under `assertionMethod` or be of the past */
export function readList(jwt: string, document: Json): ReadList {
  const [header = '', payload = '', signature = '', ...more] = jwt.split('.');
  if (more.length > 0) throw new Error('too many parts');
  const { alg, kid, typ, ...rest } = json(header);
  if (typ !== 'vc+jwt' || Object.keys(rest).length > 0) throw new Error(`header ${JSON.stringify({ typ, ...rest })}`);
  const method = (document['verificationMethod'] as Json[]).find((one) => one['id'] === kid);
  if (method === undefined) throw new Error(`no key ${String(kid)}`);
  const key = createPublicKey({ key: method['publicKeyJwk'] as never, format: 'jwk' });
  const isRight = verify(alg === 'ES256' ? 'sha256' : null, Buffer.from(`${header}.${payload}`), { key, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url'));
  if (!isRight) throw new Error('signature');
  const list = json(payload);
  const subject = list['credentialSubject'] as Json;
  const encoded = String(subject['encodedList']);
  if (!encoded.startsWith('u')) throw new Error('multibase');
  const bits = gunzipSync(Buffer.from(encoded.slice(1), 'base64url'), { maxOutputLength: 1_000_000 });
  if (bits.length < 16_384) throw new Error('shorter than 16 KiB');
  if (String(kid).split('#')[0] !== list['issuer'] || subject['id'] !== `${String(list['id'])}#list`) throw new Error('names');
  return {
    id: String(list['id']), issuer: String(list['issuer']), purpose: String(subject['statusPurpose']), version: Number(subject['version']), ttl: Number(subject['ttl']), kid: String(kid),
    validFrom: String(list['validFrom']), validUntil: String(list['validUntil']), bits,
    isSet: (index) => ((bits[Math.floor(index / 8)] ?? 0) & (128 >> (index % 8))) !== 0,
  };
}

function json(section: string): Json {
  return JSON.parse(Buffer.from(section, 'base64url').toString()) as Json;
}
