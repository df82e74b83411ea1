/**
 * A status list as it may be relied on: good news only while nothing newer is known, bad news for good. The server and the
 * browser read lists through this one function, so that the same list says the same to both.
 */
import { Problem } from '#domain/errors.js';
import { epochMs } from '#domain/instant.js';
import type { StatusListRecord } from '#domain/trust/records.js';
import type { CryptoPort } from '../crypto-port.js';
import { readJws } from './credential-text.js';
import { readCanonicalSection } from './json-section.js';
import { refusalCode } from './refusal-code.js';
import { readStatusListPayload, type StatusListClaims } from './status-list-payload.js';
import { type Inflate, LONGEST_LIST, type StatusListQuestion, verifyStatusList } from './status-list.js';
import type { KnownStatus } from './status-checks.js';

/**
 * How long an unset bit is still believed after a newer version stands on the ledger: the time in which that version
 * must have been fetched. Longer than any revocation may go unseen.
 */
export const OLDER_VERSION_LASTS_MS = 60_000;

/**
 * Verifies a list. Unlike `verifyStatusList` it takes one that is past its time, and one of which the ledger has a newer
 * version: with `validUntil` then at or before that moment, its set bits count and its unset ones no longer do.
 *
 * @throws Problem as `verifyStatusList`, but for STATUS_LIST_EXPIRED and STATUS_LIST_ROLLED_BACK
 */
export async function heldList(question: StatusListQuestion, inflate: Inflate, crypto: CryptoPort): Promise<KnownStatus> {
  const { url, trust, now } = question;
  const claims = claimsOf(question);
  const newer = newerOnLedger(claims, question);
  const within = { ...question, now: Math.min(now, claims.validUntil - 1), trust: newer === undefined ? trust : { ...trust, list: () => undefined } };
  const held = await verifyStatusList(within, inflate, crypto);
  const until = newer === undefined ? held.validUntil : Math.min(held.validUntil, epochMs(newer.publishedAt) + OLDER_VERSION_LASTS_MS);
  return { ...held, list: url, validUntil: until, fetchedAt: now };
}

/** What it says of itself, before anything of it is believed. */
function claimsOf({ jwt, url, purpose }: StatusListQuestion): StatusListClaims {
  try {
    if (jwt.length > LONGEST_LIST) throw new Problem('STATUS_LIST_TOO_LARGE', { longest: String(LONGEST_LIST) });
    return readStatusListPayload(readCanonicalSection(readJws(jwt).payload, 'payload'), url, purpose);
  } catch (error) {
    throw new Problem(refusalCode(error), { ...(error instanceof Problem ? error.fields : {}), list: url });
  }
}

function newerOnLedger({ issuer, version }: StatusListClaims, { url, trust }: StatusListQuestion): StatusListRecord | undefined {
  const record = trust.list?.(issuer, listNameIn(url));
  return record !== undefined && record.version > version ? record : undefined;
}

/** Last segment of a list's address, under which the ledger knows it. */
export function listNameIn(url: string): string {
  return url.slice(url.lastIndexOf('/') + 1);
}
