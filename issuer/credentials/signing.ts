/** From a plan to a signed credential, and to its place under a root: the same steps for one and for ten thousand. */
import { hash } from 'node:crypto';
import { canonicalJson, type Json } from '#domain/canonical-json.js';
import { payloadOf, type CredentialClaims } from '#domain/credential/claims.js';
import { leafInput, saltBytes, type Sha256 } from '#domain/credential/commitment.js';
import { instantOf } from '#domain/instant.js';
import type { IssuerAgent } from '../veramo-agent.js';
import type { UnsignedCredential } from './jwt-encoder.js';

export const sha256: Sha256 = (bytes) => hash('sha256', bytes, 'buffer');

/** The payload's parts, as `payloadOf` puts them together. */
interface Payload {
  readonly iss: string;
  readonly sub: string;
  readonly jti: string;
  readonly iat: number;
  readonly nbf: number;
  readonly exp?: number;
  readonly vc: { readonly '@context': readonly string[]; readonly type: readonly string[]; readonly credentialSubject: { readonly [name: string]: Json }; readonly [member: string]: Json };
  readonly _sd_alg?: string;
}

/**
 * Signs what was planned. What the encoder wrote is compared with what was to be signed: an encoder that adds or moves a
 * claim is found here, and not by a verifier.
 *
 * @returns a compact JWT
 */
export async function signClaims(claims: CredentialClaims, key: { readonly vault: string; readonly keyId: string }, agent: Pick<IssuerAgent, 'signCredential'>): Promise<string> {
  const payload = payloadOf(claims);
  const jwt = await agent.signCredential(unsigned(payload as unknown as Payload), key);
  const [, signed = ''] = jwt.split('.');
  if (signed !== Buffer.from(canonicalJson(payload)).toString('base64url')) throw new Error(`another payload was signed than planned for ${claims.id}`);
  return jwt;
}

/** The JSON form of the standard (VC Data Model 1.1 section 6.3.1 backwards), from which the encoder makes the payload. */
function unsigned({ iss, sub, jti, iat, nbf, exp, vc, _sd_alg: algorithm }: Payload): UnsignedCredential {
  return {
    '@context': vc['@context'], type: vc.type, credentialStatus: vc['credentialStatus'], credentialSchema: vc['credentialSchema'],
    id: jti, issuer: iss, issuanceDate: secondsText(nbf), iat, ...(exp === undefined ? {} : { expirationDate: secondsText(exp) }),
    ...(algorithm === undefined ? {} : { _sd_alg: algorithm }), credentialSubject: { ...vc.credentialSubject, id: sub },
  };
}

/** A class is issued in one second: its text is written once. */
let lastText = { seconds: Number.NaN, text: '' };

function secondsText(seconds: number): string {
  if (seconds !== lastText.seconds) lastText = { seconds, text: `${instantOf(seconds * 1000).slice(0, 19)}Z` };
  return lastText.text;
}

/** The hash of a credential's leaf in its batch's tree, 32 bytes. */
export async function leafOf(jwt: string, salt: string): Promise<Uint8Array> {
  return sha256(leafInput(saltBytes(salt), await sha256(Buffer.from(jwt, 'ascii'))));
}

/** The id under which the ledger keeps a licence that is a credential: the UUID of its id. */
export function licenceIdOf(credentialId: string): string {
  return credentialId.slice('urn:uuid:'.length);
}
