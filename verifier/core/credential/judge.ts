/**
 * The judgement of a credential: (text, copy of the register, status lists, commitment, now) → a report in which every
 * check has its outcome. Pure but for the cryptography behind its port: server and browser come to the same, byte for
 * byte, or one of them has been deceived.
 */
import { instantOf } from '#domain/instant.js';
import { refusing, type Answer, type CryptoPort } from '../crypto-port.js';
import { fail, verdictOf, type Outcome } from '../report.js';
import { fromThisCopy, issuerOutcome } from './authorisation-checks.js';
import { authorityRevocation } from './authority-revocation.js';
import { CredentialMemory } from './credential-memory.js';
import { NOT_REACHED, READ, type CredentialReport } from './credential-report.js';
import type { CredentialQuestion, CredentialVerdict } from './credential-verdict.js';
import { knowsAbsence } from './freshness-check.js';
import { findKey, type FoundKey } from './issuer-key.js';
import { issueTimes } from './issue-times.js';
import { judgeSigned } from './judge-signed.js';
import { prove, type CredentialProof } from './proof.js';
import { readCredential, type CredentialReading } from './reading.js';

/**
 * Judges a credential. Never throws for anything in the text: every defect is a `fail` with its code, and what could not
 * be checked is `unknown`.
 *
 * @param question the text, the copies it is judged by, and the time
 * @param crypto `webCrypto(crypto.subtle)` or the server's `nodeCrypto()`
 * @param memory keeps what follows from text and key alone, so that a text shown again costs no signature; everything
 *   else is judged anew each time
 * @returns the outcome of every check, their verdict, and what is signed; codes CREDENTIAL_…, DID_…, PUBLIC_KEY_…,
 *   GRANT_…, COMMITMENT_OF_OTHER, DISCLOSURE_…, STATUS_LIST_…, TRUST_SNAPSHOT_STALE, CRYPTO_UNAVAILABLE,
 *   LEDGER_UNREACHABLE, RECEIPT_CHECK_NOT_REACHED, and those of `readPayload` and `readDisclosure`
 */
export async function judgeCredential(question: CredentialQuestion, crypto: CryptoPort, memory = new CredentialMemory(0)): Promise<CredentialVerdict> {
  const kept = memory.proofOf(question.text);
  const reading = kept?.reading ?? readCredential(question.text, memory.parts);
  if ('unreadable' in reading) return { verdict: 'not-verified', report: reading.unreadable };
  const { claims, keyId, header } = reading;
  const key = findKey(claims.issuer, keyId, header, question.trust, memory.ownKeys);
  if ('code' in key) return judgeUnsigned(reading, key, NOT_REACHED, question);
  const proof = kept?.jwk === key.jwk ? kept : await prove(reading, key.jwk, refusing(crypto));
  if (proof.signature.result !== 'pass') return judgeUnsigned(reading, key, proof.signature, question);
  if (proof !== kept) memory.keep(question, proof);
  return withRevocations(proof, key, question, memory, crypto);
}

/** Nobody waits for a hash where there is nothing to look up. */
function withRevocations(proof: CredentialProof, key: FoundKey, question: CredentialQuestion, memory: CredentialMemory, crypto: CryptoPort): Answer<CredentialVerdict> {
  const { trust } = question;
  const { claims } = proof.reading;
  if (trust.revocationsOf(claims.issuer).length === 0) return judgeSigned(proof, key, question, memory);
  const looked = authorityRevocation(claims, proof.scope, trust, memory.instantOf(trust.knownAt), refusing(crypto));
  return looked.then((authority) => judgeSigned(proof, key, question, memory, authority));
}

/** Nothing that stands in it counts. What is left to say is whether the register knows who it claims to be of. */
function judgeUnsigned(reading: CredentialReading, key: FoundKey, signature: Outcome, { trust, now }: CredentialQuestion): CredentialVerdict {
  const { claims, issuedAt } = reading;
  const canMiss = knowsAbsence(trust.knownAt, claims.issuedAt * 1000, now);
  const issuer = issuerOutcome(trust.did(claims.issuer), claims, issueTimes(issuedAt, claims.issuedAt, undefined), instantOf(trust.knownAt));
  const report: CredentialReport = {
    ...READ,
    issuer: fromThisCopy(issuer, canMiss),
    key: 'code' in key ? fromThisCopy(fail(key.code), canMiss) : NOT_REACHED,
    signature,
  };
  return { verdict: verdictOf(report), report };
}
