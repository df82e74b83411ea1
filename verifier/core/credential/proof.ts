/** What follows from a credential's text and a key alone, whatever the time and the registers say: worth keeping. */
import { encodeBase64Url } from '#domain/base64url.js';
import { foldPath, leafInput, saltBytes } from '#domain/credential/commitment.js';
import type { PublicKeyJwk } from '#domain/trust/public-key.js';
import { hexOf } from '../bytes.js';
import { PORTABLE_CODEC } from '../codec.js';
import type { CryptoPort } from '../crypto-port.js';
import { fail, PASS, passIf, unknown, type Outcome } from '../report.js';
import { none, NOT_REACHED } from './credential-report.js';
import type { JwsParts } from './credential-text.js';
import type { JwsHeader } from './jws-header.js';
import { isCanonicalSignature } from './jws-signature.js';
import type { CredentialReading, OrCode } from './reading.js';
import { refusalCode } from './refusal-code.js';

export interface CredentialProof {
  readonly reading: CredentialReading;
  /** The key that the signature was checked with. */
  readonly jwk: PublicKeyJwk;
  readonly signature: Outcome;
  readonly disclosures: Outcome;
  /** That the evidence leads to, right or wrong. */
  readonly root: OrCode<string>;
}

/**
 * Checks a token's signature.
 *
 * @param jws the token's parts
 * @param jwk as `publicKeyJwk` reads it, of the algorithm that the header names
 * @returns `pass`; `fail` CREDENTIAL_SIGNATURE_NOT_CANONICAL or CREDENTIAL_SIGNATURE_WRONG; `unknown` CRYPTO_UNAVAILABLE
 */
export async function signatureOutcome(jws: JwsParts, { alg }: JwsHeader, jwk: PublicKeyJwk, crypto: CryptoPort): Promise<Outcome> {
  if (!isCanonicalSignature(alg, jws.signature)) return fail('CREDENTIAL_SIGNATURE_NOT_CANONICAL');
  return unlessUnanswered(async () => passIf(await crypto.verifyJws(jwk, (crypto.codec ?? PORTABLE_CODEC).ascii(jws.signed), jws.signature), 'CREDENTIAL_SIGNATURE_WRONG'));
}

/**
 * Does everything that needs cryptography, and nothing beyond the signature for a token whose signature does not hold.
 *
 * @param crypto refuses with CRYPTO_UNAVAILABLE and nothing else
 */
export async function prove(reading: CredentialReading, jwk: PublicKeyJwk, crypto: CryptoPort): Promise<CredentialProof> {
  const signature = await signatureOutcome(reading.text.jws, reading.header, jwk, crypto);
  if (signature.result !== 'pass') return { reading, jwk, signature, disclosures: NOT_REACHED, root: { code: 'RECEIPT_CHECK_NOT_REACHED' } };
  return { reading, jwk, signature, disclosures: await disclosuresOutcome(reading, crypto), root: await rootOfEvidence(reading, crypto) };
}

async function rootOfEvidence({ evidence, text }: CredentialReading, crypto: CryptoPort): Promise<OrCode<string>> {
  if ('code' in evidence) return evidence;
  try {
    const jwtHash = await crypto.sha256((crypto.codec ?? PORTABLE_CODEC).ascii(text.jwt));
    const leaf = await crypto.sha256(leafInput(saltBytes(evidence.value.salt), jwtHash));
    return { value: hexOf(await foldPath(leaf, evidence.value, (bytes) => crypto.sha256(bytes))) };
  } catch (error) {
    return { code: refusalCode(error) };
  }
}

/** RFC 9901 section 7.1: each digest is among the signed ones, and none is there twice. */
async function disclosuresOutcome({ claims, text, disclosed }: CredentialReading, crypto: CryptoPort): Promise<Outcome> {
  if (text.disclosures.length === 0) return none(claims.digests.length === 0 ? 'nothing-hidden' : 'nothing-shown');
  if ('code' in disclosed) return fail(disclosed.code);
  return unlessUnanswered(async () => {
    for (const disclosure of text.disclosures) {
      const digest = encodeBase64Url(await crypto.sha256((crypto.codec ?? PORTABLE_CODEC).ascii(disclosure)));
      if (!claims.digests.includes(digest)) return fail('DISCLOSURE_NOT_SIGNED');
    }
    return PASS;
  });
}

async function unlessUnanswered(check: () => Promise<Outcome>): Promise<Outcome> {
  try {
    return await check();
  } catch (error) {
    return unknown(refusalCode(error));
  }
}
