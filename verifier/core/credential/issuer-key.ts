/** Which public key a credential must be signed with, and whether that key counted then. */
import { encodeBase64Url } from '#domain/base64url.js';
import { algorithmOf, publicKeyJwk, type PublicKeyJwk } from '#domain/trust/public-key.js';
import { endsOf, keyAt } from '#domain/trust/key-period.js';
import { ownKeyOf, type OwnKey } from '#domain/trust/did-public-key.js';
import type { ProblemCode } from '#domain/errors.js';
import type { Did } from '#domain/trust/did.js';
import type { TrustView } from '#domain/trust/authorise.js';
import { epochMs, wholeSecond, type Instant } from '#domain/instant.js';
import type { DidKeyRecord, DidRecord } from '#domain/trust/records.js';
import { fail, PASS, unknown, type Outcome } from '../report.js';
import type { TwoGenerations } from '../two-generations.js';
import type { Logged } from './commitment-check.js';
import { p256KeyOf } from './p256-point.js';
import type { JwsHeader } from './jws-header.js';
import { refusalCode } from './refusal-code.js';
import type { IssueTimes } from './issue-times.js';

/** The key to check the signature with, or why there is none. `record` is absent for a DID that is its own key. */
export type FoundKey = { readonly jwk: PublicKeyJwk; readonly record?: DidKeyRecord } | { readonly code: ProblemCode };

/** Keys decoded from DIDs, each once: finding the y of a point costs as much as several signatures. */
export type OwnKeys = TwoGenerations<PublicKeyJwk>;

/**
 * Finds the key that a token names: for `did:web` among the keys on the register, for `did:key` and `did:jwk` in the DID.
 *
 * @param issuer `iss`
 * @param header of the token: its `alg` must be the one algorithm of that key
 * @returns the key; or DID_KEY_UNKNOWN, PUBLIC_KEY_ALGORITHM_DIFFERS, PUBLIC_KEY_NOT_ON_CURVE, PUBLIC_KEY_SMALL_ORDER
 */
export function findKey(issuer: Did, keyId: string, header: JwsHeader, trust: TrustView, ownKeys: OwnKeys): FoundKey {
  const found = issuer.startsWith('did:web:') ? registeredKey(trust.key(issuer, keyId)) : ownKey(issuer, keyId, ownKeys);
  if ('code' in found) return found;
  return algorithmOf(found.jwk) === header.alg ? found : { code: 'PUBLIC_KEY_ALGORITHM_DIFFERS' };
}

function registeredKey(record: DidKeyRecord | undefined): FoundKey {
  if (record === undefined) return { code: 'DID_KEY_UNKNOWN' };
  const fault = faultOf(record.publicKeyJwk);
  if (fault !== undefined) return { code: fault };
  return record.algorithm === algorithmOf(record.publicKeyJwk) ? { jwk: record.publicKeyJwk, record } : { code: 'PUBLIC_KEY_ALGORITHM_DIFFERS' };
}

const faults = new WeakMap<PublicKeyJwk, ProblemCode | 'none'>();

/** The register lets no such key in; whoever made this copy of it may have been less careful. */
function faultOf(jwk: PublicKeyJwk): ProblemCode | undefined {
  let fault = faults.get(jwk);
  if (fault === undefined) {
    fault = keyFault(jwk) ?? 'none';
    faults.set(jwk, fault);
  }
  return fault === 'none' ? undefined : fault;
}

function keyFault(jwk: PublicKeyJwk): ProblemCode | undefined {
  try {
    publicKeyJwk(jwk);
    return undefined;
  } catch (error) {
    return refusalCode(error);
  }
}

function ownKey(issuer: Did, keyId: string, ownKeys: OwnKeys): FoundKey {
  const known = ownKeys.get(`${issuer}#${keyId}`);
  if (known !== undefined) return { jwk: known };
  const own = ownKeyOf(issuer);
  if (own?.keyId !== keyId) return { code: 'DID_KEY_UNKNOWN' };
  try {
    const jwk = jwkOf(own);
    ownKeys.set(`${issuer}#${keyId}`, jwk);
    return { jwk };
  } catch (error) {
    return { code: refusalCode(error) };
  }
}

function jwkOf(own: OwnKey): PublicKeyJwk {
  if ('jwk' in own) return own.jwk;
  if (own.algorithm === 'ES256') return p256KeyOf(own.publicKeyBytes);
  return { kty: 'OKP', crv: 'Ed25519', x: encodeBase64Url(own.publicKeyBytes) };
}

export interface KeyCounted {
  readonly outcome: Outcome;
  /** Good for this credential, and found compromised since. */
  readonly since?: ProblemCode;
}

/**
 * Whether the key counted when the credential was issued. When that was is the signer's own word, and whoever stole a key
 * says whatever suits: under a key that was found compromised, only the ledger's time is believed. Under one that was only
 * superseded the word is believed, with CREDENTIAL_LOGGED_AFTER_KEY where the ledger's entry came more than a day after its end.
 *
 * @param found of {@link findKey}
 * @param issuer the DID on the register; `undefined` where it is not
 * @param times of issue
 * @param logged what became of the commitment
 * @param known nothing recorded later counts
 */
export function keyFinding(found: FoundKey, issuer: DidRecord | undefined, times: IssueTimes, logged: Logged, known: Instant): KeyCounted {
  if ('code' in found) return { outcome: fail(found.code) };
  const { record } = found;
  if (record === undefined) return { outcome: ownKeyOutcome(issuer, times) };
  const findings = times.claimed.map((at) => keyAt(record, at, known));
  const best = findings.find((finding) => finding.denied === undefined) ?? findings[0];
  if (best?.denied !== undefined) return { outcome: fail(best.denied) };
  if (best?.later !== undefined) return underCompromisedKey(record, logged, known, best.later);
  return { outcome: isLate(record, logged, known) ? LATE : PASS };
}

/**
 * From the time that a credential states to its entry: a batch takes its time, and so does a ledger that is out of reach.
 * What comes still later may be dated back.
 */
export const LONGEST_WAY_MS = 86_400_000;

/** Good by the signer's word, which nothing bears out. */
const LATE: Outcome = Object.freeze({ result: 'pass', code: 'CREDENTIAL_LOGGED_AFTER_KEY' });

function isLate(record: DidKeyRecord, { committedAt }: Logged, known: Instant): boolean {
  return committedAt !== undefined && endsOf(record).some(({ to, retiredAt }) => retiredAt <= known && epochMs(committedAt) - epochMs(to) > LONGEST_WAY_MS);
}

/** A DID's own key is good from the DID's registration on, and as long as the DID: that is the check `issuer`. */
function ownKeyOutcome(issuer: DidRecord | undefined, { claimed }: IssueTimes): Outcome {
  const isEarly = issuer !== undefined && claimed.every((at) => at < wholeSecond(issuer.registeredAt));
  return isEarly ? fail('DID_KEY_NOT_YET_VALID') : PASS;
}

function underCompromisedKey(record: DidKeyRecord, logged: Logged, known: Instant, since: ProblemCode): KeyCounted {
  const { outcome, committedAt } = logged;
  if (committedAt !== undefined) return keyAt(record, committedAt, known).denied === since ? { outcome: fail(since) } : { outcome: PASS, since };
  const couldNotAsk = outcome.result === 'unknown' && outcome.code !== 'CREDENTIAL_EVIDENCE_MISSING';
  return { outcome: couldNotAsk ? unknown(outcome.code) : fail(since) };
}
