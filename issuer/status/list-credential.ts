/** A status list as a credential (Bitstring Status List 1.0 section 3.1), signed as `vc+jwt` (VC-JOSE-COSE section 3.2.1). */
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { canonicalJson, type Json } from '#domain/canonical-json.js';
import type { StatusPurpose } from '#domain/credential/status-list.js';
import { instantOf } from '#domain/instant.js';
import type { Did } from '#domain/trust/did.js';
import type { HeldKey } from '../dids/held-did.js';
import type { IssuerAgent } from '../veramo-agent.js';

/** How long a verifier may keep a list before it asks for the next (section 3.1, `ttl`), in milliseconds. */
const KEEP_MS = 300_000;

export interface ListVersion {
  readonly did: Did;
  /** e.g. `http://localhost:8082/status/7QK2M9ZD4XWA-revocation` */
  readonly url: string;
  readonly purpose: StatusPurpose;
  readonly version: number;
  /** The whole list, unpacked. */
  readonly bits: Uint8Array;
  /** Seconds since 1970; a verifier refuses the list from `validUntil` on. */
  readonly validFrom: number;
  readonly validUntil: number;
}

/** @returns a compact JWT */
export async function signListVersion(list: ListVersion, { keyId, vault, algorithm }: HeldKey, agent: Pick<IssuerAgent, 'sign'>): Promise<string> {
  const header = { alg: algorithm, kid: `${list.did}#${keyId}`, typ: 'vc+jwt' };
  const input = `${encoded(header)}.${encoded(payloadOf(list))}`;
  return `${input}.${await agent.sign(vault, input)}`;
}

function encoded(value: Json): string {
  return Buffer.from(canonicalJson(value)).toString('base64url');
}

function payloadOf({ did, url, purpose, version, bits, validFrom, validUntil }: ListVersion): Json {
  return {
    '@context': ['https://www.w3.org/ns/credentials/v2'],
    id: url,
    type: ['VerifiableCredential', 'BitstringStatusListCredential'],
    issuer: did, iss: did, iat: validFrom, exp: validUntil,
    validFrom: secondsText(validFrom), validUntil: secondsText(validUntil),
    credentialSubject: { id: `${url}#list`, type: 'BitstringStatusList', statusPurpose: purpose, encodedList: encodedList(bits), ttl: KEEP_MS, version },
  };
}

/** Multibase base64url of the gzipped bits (section 3.3). */
function encodedList(bits: Uint8Array): string {
  return `u${gzipSync(bits, { level: 9 }).toString('base64url')}`;
}

/** RFC 3339 with whole seconds, e.g. `2026-11-20T08:30:00Z`. */
function secondsText(seconds: number): string {
  return `${instantOf(seconds * 1000).slice(0, 19)}Z`;
}

/** What is anchored on the ledger: SHA-256 of the published text, 64 hexadecimal digits. */
export function hashOfText(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
