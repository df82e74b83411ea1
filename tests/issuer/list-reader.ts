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
  const { alg, kid, typ, ...rest } = json(header);
  check(more.length === 0 && typ === 'vc+jwt' && Object.keys(rest).length === 0, 'form');
  const method = (document['verificationMethod'] as Json[]).find((one) => one['id'] === kid);
  const key = createPublicKey({ key: method?.['publicKeyJwk'] as never, format: 'jwk' });
  check(verify(alg === 'ES256' ? 'sha256' : null, Buffer.from(`${header}.${payload}`), { key, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url')), 'signature');
  const list = json(payload);
  const subject = list['credentialSubject'] as Json;
  check(String(kid).split('#')[0] === list['issuer'] && subject['id'] === `${String(list['id'])}#list`, 'names');
  const bits = unpacked(String(subject['encodedList']));
  return {
    id: String(list['id']), issuer: String(list['issuer']), purpose: String(subject['statusPurpose']), version: Number(subject['version']), ttl: Number(subject['ttl']), kid: String(kid),
    validFrom: String(list['validFrom']), validUntil: String(list['validUntil']), bits,
    isSet: (index) => ((bits[Math.floor(index / 8)] ?? 0) & (128 >> (index % 8))) !== 0,
  };
}

function unpacked(encoded: string): Buffer {
  check(encoded.startsWith('u'), 'multibase');
  const bits = gunzipSync(Buffer.from(encoded.slice(1), 'base64url'), { maxOutputLength: 1_000_000 });
  check(bits.length >= 16_384, 'at least 16 KiB');
  return bits;
}

function check(condition: boolean, what: string): void {
  if (!condition) throw new Error(`not a status list: ${what}`);
}

function json(section: string): Json {
  return JSON.parse(Buffer.from(section, 'base64url').toString()) as Json;
}
