/** What follows from a credential's text and a key alone, whatever the time and the registers say: worth keeping. */
import { encodeBase64Url } from '#domain/base64url.js';
import { foldPath, leafInput, saltBytes } from '#domain/credential/commitment.js';
import { trustScopeOf } from '#domain/credential/claims.js';
import type { TrustQuestion } from '#domain/trust/authorise.js';
import { algorithmOf, type PublicKeyJwk } from '#domain/trust/public-key.js';
import { isHexOf } from '../bytes.js';
import { asciiBytes, type CryptoPort } from '../crypto-port.js';
import { fail, PASS, passIf, unknown, type Outcome } from '../report.js';
import { none, NOT_REACHED } from './credential-report.js';
import { isCanonicalSignature } from './jws-signature.js';
import type { CredentialReading, OrCode } from './reading.js';
import { refusalCode } from './refusal-code.js';

export interface CredentialProof {
  readonly reading: CredentialReading;
  /** The key that the signature was checked with. */
  readonly jwk: PublicKeyJwk;
  readonly signature: Outcome;
  readonly disclosures: Outcome;
  /** For what the issuer must have had the right. */
  readonly scope: TrustQuestion['scope'];
  /** Whether the evidence leads from this token to the root that it names. */
  readonly leadsToRoot: OrCode<boolean>;
}

/**
 * Checks a token's signature.
 *
 * @param signed the bytes of `header.payload`
 * @param signature 64 bytes
 * @param jwk as `publicKeyJwk` reads it, of the algorithm that the header names
 * @param crypto refuses with CRYPTO_UNAVAILABLE and nothing else
 * @returns `pass`; `fail` CREDENTIAL_SIGNATURE_NOT_CANONICAL or CREDENTIAL_SIGNATURE_WRONG; `unknown` CRYPTO_UNAVAILABLE
 */
export async function signatureOutcome(signed: Uint8Array, signature: Uint8Array, jwk: PublicKeyJwk, crypto: CryptoPort): Promise<Outcome> {
  if (!isCanonicalSignature(algorithmOf(jwk), signature)) return fail('CREDENTIAL_SIGNATURE_NOT_CANONICAL');
  try {
    return passIf(await crypto.verifyJws(jwk, signed, signature), 'CREDENTIAL_SIGNATURE_WRONG');
  } catch (error) {
    return unknown(refusalCode(error));
  }
}

/**
 * Does everything that needs cryptography, and nothing beyond the signature for a token whose signature does not hold.
 *
 * @param crypto refuses with CRYPTO_UNAVAILABLE and nothing else
 */
export async function prove(reading: CredentialReading, jwk: PublicKeyJwk, crypto: CryptoPort): Promise<CredentialProof> {
  const { jws, jwt } = reading.text;
  const token = asciiBytes(jwt, crypto);
  const signature = await signatureOutcome(token.subarray(0, jws.signedLength), jws.signature, jwk, crypto);
  const scope = trustScopeOf(reading.claims);
  if (signature.result !== 'pass') return { reading, jwk, signature, scope, disclosures: NOT_REACHED, leadsToRoot: { code: 'RECEIPT_CHECK_NOT_REACHED' } };
  return { reading, jwk, signature, scope, disclosures: await disclosuresOutcome(reading, crypto), leadsToRoot: await leadsToRoot(reading, token, crypto) };
}

async function leadsToRoot({ evidence }: CredentialReading, token: Uint8Array, crypto: CryptoPort): Promise<OrCode<boolean>> {
  if ('code' in evidence) return evidence;
  try {
    const leaf = await crypto.sha256(leafInput(saltBytes(evidence.value.salt), await crypto.sha256(token)));
    const root = evidence.value.path.length === 0 ? leaf : await foldPath(leaf, evidence.value, (bytes) => crypto.sha256(bytes));
    return { value: isHexOf(evidence.value.root, root) };
  } catch (error) {
    return { code: refusalCode(error) };
  }
}

/** RFC 9901 section 7.1: each digest is among the signed ones, and none is there twice. */
async function disclosuresOutcome({ claims, text, disclosed }: CredentialReading, crypto: CryptoPort): Promise<Outcome> {
  if (text.disclosures.length === 0) return none(claims.digests.length === 0 ? 'nothing-hidden' : 'nothing-shown');
  if ('code' in disclosed) return fail(disclosed.code);
  try {
    for (const disclosure of text.disclosures) {
      const digest = encodeBase64Url(await crypto.sha256(asciiBytes(disclosure, crypto)));
      if (!claims.digests.includes(digest)) return fail('DISCLOSURE_NOT_SIGNED');
    }
    return PASS;
  } catch (error) {
    return unknown(refusalCode(error));
  }
}
