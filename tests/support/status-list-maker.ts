/** Status lists as issuers publish them, signed by the tests' own few lines. */
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { canonicalJson, type Json } from '#domain/canonical-json.js';
import { LIST_BITS, setStatusBit, type StatusPurpose } from '#domain/credential/status-list.js';
import { instantOf } from '#domain/instant.js';
import { signatureOf, type Signer } from './credential-maker.js';

export interface ListPlan {
  readonly url: string;
  readonly purpose: StatusPurpose;
  readonly version: number;
  /** Indices whose bits are set. */
  readonly set?: readonly number[];
  /** Seconds since 1970. */
  readonly from: number;
  readonly until: number;
  /** Changes the payload before it is signed. */
  readonly edit?: (payload: Record<string, Json>) => void;
}

/** @returns a compact JWT */
export function statusListJwt(signer: Signer, plan: ListPlan): string {
  const payload = payloadOf(signer, plan);
  plan.edit?.(payload);
  const signed = [{ alg: signer.algorithm, kid: `${signer.did}#${signer.keyId}`, typ: 'vc+jwt' }, payload].map((part) => Buffer.from(canonicalJson(part)).toString('base64url')).join('.');
  return `${signed}.${signatureOf(signer, signed).toString('base64url')}`;
}

function payloadOf({ did }: Signer, { url, purpose, version, set = [], from, until }: ListPlan): Record<string, Json> {
  const bits = new Uint8Array(LIST_BITS / 8);
  for (const index of set) setStatusBit(bits, index, true);
  return {
    '@context': ['https://www.w3.org/ns/credentials/v2'], id: url, type: ['VerifiableCredential', 'BitstringStatusListCredential'],
    issuer: did, iss: did, iat: from, exp: until, validFrom: instantOf(from * 1000), validUntil: instantOf(until * 1000),
    credentialSubject: { id: `${url}#list`, type: 'BitstringStatusList', statusPurpose: purpose, encodedList: `u${gzipSync(bits).toString('base64url')}`, ttl: 300_000, version },
  };
}

/** What the ledger holds of a list. */
export const listHash = (jwt: string): string => createHash('sha256').update(jwt).digest('hex');
