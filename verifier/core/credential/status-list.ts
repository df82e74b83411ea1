/** Status lists as their issuers publish them: a `vc+jwt`, verified before anything relies on it. */
import { decodeBase64Url } from '#domain/base64url.js';
import { hexOf, utf8Of } from '../bytes.js';
import { instantOf, type Instant } from '#domain/instant.js';
import { keyAt } from '#domain/trust/key-period.js';
import { LIST_BITS, type StatusPurpose } from '#domain/credential/status-list.js';
import { Problem, require } from '#domain/errors.js';
import { refusing, type CryptoPort } from '../crypto-port.js';
import { TwoGenerations } from '../two-generations.js';
import type { Did } from '#domain/trust/did.js';
import type { StatusListRecord } from '#domain/trust/records.js';
import type { TrustView } from '#domain/trust/authorise.js';
import { withdrawnAt } from '#domain/trust/withdrawal.js';
import { readJws } from './credential-text.js';
import { CLOCK_SKEW_MS } from './issue-times.js';
import { findKey, type FoundKey } from './issuer-key.js';
import { readCanonicalSection } from './json-section.js';
import { keyIdOf, readHeader } from './jws-header.js';
import { signatureOutcome } from './proof.js';
import { refusalCode } from './refusal-code.js';
import { readStatusListPayload, type StatusListClaims } from './status-list-payload.js';
import type { KnownStatus } from './status-checks.js';

/** UTF-16 units of a whole token: even a list of random bits is far below it. */
export const LONGEST_LIST = 65_536;
const LIST_BYTES = LIST_BITS / 8;

/**
 * Unpacks gzip (RFC 1952). Rejects for what is no gzip, and as soon as there would be more than `most` bytes: 100 kB can
 * unpack to 100 MB.
 */
export type Inflate = (gzip: Uint8Array, most: number) => Promise<Uint8Array>;

/** A copy of the register. With `list`, what the ledger knows of a list is compared with it. */
export type StatusTrust = TrustView & { list?(did: Did, list: string): StatusListRecord | undefined };

export interface StatusListQuestion {
  /** What the address answered, without white space around it. */
  readonly jwt: string;
  /** The address asked, e.g. `https://cap.minhchung.example/status/7QK2M9ZD4XWA-revocation`. */
  readonly url: string;
  /** For which a credential names it. */
  readonly purpose: StatusPurpose;
  readonly trust: StatusTrust;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/**
 * Verifies a status list.
 *
 * @throws Problem with field `list`, the address: STATUS_LIST_…; CREDENTIAL_TEXT_MALFORMED, CREDENTIAL_HEADER_…,
 *   CREDENTIAL_TYP_WRONG, … of the token; DID_… and PUBLIC_KEY_… of its issuer and key; CREDENTIAL_SIGNATURE_…;
 *   CRYPTO_UNAVAILABLE
 */
export async function verifyStatusList(question: StatusListQuestion, inflate: Inflate, crypto: CryptoPort): Promise<KnownStatus> {
  const { url, purpose, now } = question;
  try {
    const { version, issuer, validFrom, validUntil, encodedList } = await verifiedClaims(question, refusing(crypto));
    return { list: url, purpose, version, issuer, validFrom, validUntil, bits: await unpacked(encodedList, inflate), fetchedAt: now };
  } catch (error) {
    throw new Problem(refusalCode(error), { ...(error instanceof Problem ? error.fields : {}), list: url });
  }
}

async function verifiedClaims({ jwt, url, purpose, trust, now }: StatusListQuestion, crypto: CryptoPort): Promise<StatusListClaims> {
  require(jwt.length <= LONGEST_LIST, 'STATUS_LIST_TOO_LARGE', { longest: String(LONGEST_LIST) });
  const jws = readJws(jwt);
  const header = readHeader(jws.header, 'vc+jwt');
  const claims = readStatusListPayload(readCanonicalSection(jws.payload, 'payload'), url, purpose);
  checkPeriod(claims, now);
  checkIssuer(claims, trust, now);
  const key = findKey(claims.issuer, keyIdOf(header.kid, claims.issuer), header, trust, new TwoGenerations(0));
  if ('code' in key) throw new Problem(key.code);
  const signature = await signatureOutcome(utf8Of(jwt.slice(0, jws.signedLength)), jws.signature, key.jwk, crypto);
  if ('code' in signature) throw new Problem(signature.code);
  checkKey(key, claims, await isOnLedger(jwt, claims, { url, trust }, crypto), instantOf(now));
  return claims;
}

function checkPeriod({ validFrom, validUntil }: StatusListClaims, now: number): void {
  require(validFrom <= now + CLOCK_SKEW_MS, 'STATUS_LIST_NOT_YET_VALID');
  require(now < validUntil, 'STATUS_LIST_EXPIRED');
}

function checkIssuer({ issuer, validFrom }: StatusListClaims, trust: TrustView, now: number): void {
  const record = trust.did(issuer);
  if (record === undefined) throw new Problem('DID_UNKNOWN', { did: issuer });
  require(withdrawnAt(record, instantOf(validFrom), instantOf(now)) !== 'then', 'DID_WITHDRAWN', { did: issuer });
}

/**
 * A list is put on the ledger before it is served. So the ledger's version is that of this text, or an earlier one where
 * the copy of the register lags behind.
 */
async function isOnLedger(jwt: string, { issuer, version }: StatusListClaims, { url, trust }: Pick<StatusListQuestion, 'url' | 'trust'>, crypto: CryptoPort): Promise<boolean> {
  const record = trust.list?.(issuer, url.slice(url.lastIndexOf('/') + 1));
  if (record === undefined || record.version < version) return false;
  require(record.version === version, 'STATUS_LIST_ROLLED_BACK', { version: String(version), published: String(record.version) });
  require(hexOf(await crypto.sha256(utf8Of(jwt))) === record.hash, 'STATUS_LIST_NOT_PUBLISHED', { version: String(version) });
  return true;
}

/** Under a key that was found compromised, only what is on the ledger is believed to be older than that. */
function checkKey(key: FoundKey, { validFrom }: StatusListClaims, isRecorded: boolean, known: Instant): void {
  if (!('record' in key) || key.record === undefined) return;
  const { denied, later } = keyAt(key.record, instantOf(validFrom), known);
  const code = denied ?? (isRecorded ? undefined : later);
  if (code !== undefined) throw new Problem(code);
}

async function unpacked(encodedList: string, inflate: Inflate): Promise<Uint8Array> {
  const gzip = decodeBase64Url(encodedList);
  if (gzip === undefined) throw new Problem('STATUS_LIST_BITS_WRONG');
  const bits = await inflate(gzip, LIST_BYTES).catch(() => undefined); // too long and damaged are the same to the caller
  if (bits?.length !== LIST_BYTES) throw new Problem('STATUS_LIST_BITS_WRONG');
  return bits;
}

/**
 * Which of two verified lists to keep. Versions only increase, and a list signed anew without a change is the newer one;
 * another list, or somebody else's, never takes its place.
 *
 * @param kept what is there, if anything
 * @param fetched what came
 */
export function newerList(kept: KnownStatus | undefined, fetched: KnownStatus): KnownStatus {
  if (kept === undefined) return fetched;
  if (kept.list !== fetched.list || kept.issuer !== fetched.issuer || kept.purpose !== fetched.purpose) return kept;
  if (kept.version !== fetched.version) return kept.version > fetched.version ? kept : fetched;
  return fetched.validFrom >= kept.validFrom ? fetched : kept;
}
