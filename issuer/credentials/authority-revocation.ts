/**
 * A credential revoked by another organisation than its issuer's, by a grant to revoke (`credentials.md` 5). The issuer's own
 * lists are not touched: they are its word. What counts is the record on the ledger, made with the caller's own rights.
 */
import { createHash } from 'node:crypto';
import { trustScopeOf } from '#domain/credential/claims.js';
import { Problem, require, type ProblemCode, type ProblemFields } from '#domain/errors.js';
import { dayInVietNam, epochMs, instantOf, type Day } from '#domain/instant.js';
import { authorise, type TrustAnswer, type TrustQuestion } from '#domain/trust/authorise.js';
import type { Did } from '#domain/trust/did.js';
import type { Caller } from '../callers.js';
import type { TrustCopy, TrustKnowledge } from '../ledger/trust-copy.js';
import type { ForeignRevocation, TrustLedger } from '../ledger/trust-ledger.js';
import type { IssuerStore } from '../store/issuer-store.js';
import { putRecord, type CredentialRecord } from './credential-record.js';
import { licenceIdOf } from './signing.js';
import { uncovered } from './uncovered.js';

export interface AuthorityParts {
  readonly store: IssuerStore;
  readonly ledger: TrustLedger;
  readonly trust: TrustCopy;
  readonly now: () => number;
}

export interface AuthorityOrder {
  /** Number of the decision, e.g. `45/QĐ-BGDĐT`. */
  readonly decision?: string;
  /** For a licence: the day from which it gives no right any more, today or earlier; today where absent. */
  readonly from?: Day;
}

/**
 * Records the revocation; repeated, it is done. To be called with the credential's turn.
 *
 * @throws Problem DID_NOT_HELD where the caller has no right of this kind at all; GRANT_… and DID_… where what it has does not
 *   cover this; FIELD_MISSING for the decision; FIELD_WRONG_VALUE for a later day; what the ledger refuses; LEDGER_…
 */
export async function revokeByAuthority(caller: Caller, record: CredentialRecord, order: AuthorityOrder, parts: AuthorityParts): Promise<CredentialRecord> {
  const did = await revokerOf(caller, record, parts);
  const { decision } = order;
  require(decision !== undefined, 'FIELD_MISSING', { field: 'decision' });
  // The record that revokes the credential has no day of its own: it counts at once, and so must the end of the licence.
  require(order.from === undefined || order.from <= dayInVietNam(instantOf(parts.now())), 'FIELD_WRONG_VALUE', { field: 'from', expected: 'today or earlier' });
  const { claims } = record;
  const { provinces, substances } = trustScopeOf(claims);
  const scope = { provinces, ...(substances.length === 0 ? {} : { substances }) };
  const revocation = { did, issuer: claims.issuer, credential: createHash('sha256').update(record.id).digest('hex'), credentialType: claims.type, scope, decision };
  const ended = claims.type === 'ChemicalLicenceCredential' ? await endLicence(caller, record, revocation, order, parts) : {};
  if (claims.type !== 'ChemicalLicenceCredential') await parts.ledger.revokeCredential(caller.bearer, revocation);
  parts.trust.expire();
  return noted(caller, { ...record, ...ended }, { did, decision }, parts);
}

/** Licence and credential in one transaction; where one of them has lost its force already, the other alone. */
async function endLicence(caller: Caller, { id }: CredentialRecord, credential: ForeignRevocation, { from }: AuthorityOrder, { ledger, now }: AuthorityParts): Promise<Pick<CredentialRecord, 'licenceEnd'>> {
  const end = { from: from ?? dayInVietNam(instantOf(now())), reason: credential.decision };
  const licence = { id: licenceIdOf(id), ...end, by: credential.did };
  const isDone = await doneAlready(ledger.revokeLicence(caller.bearer, { ...licence, credential }));
  if (isDone === 'LICENCE_ALREADY_REVOKED') await ledger.revokeCredential(caller.bearer, credential);
  if (isDone === 'CREDENTIAL_REVOCATION_ALREADY_RECORDED') await doneAlready(ledger.revokeLicence(caller.bearer, licence));
  return { licenceEnd: { ...end, done: true } };
}

const DONE: ReadonlySet<ProblemCode> = new Set(['LICENCE_ALREADY_REVOKED', 'CREDENTIAL_REVOCATION_ALREADY_RECORDED']);

/** The code of a refusal that says that it was done before. */
async function doneAlready(writing: Promise<void>): Promise<ProblemCode | undefined> {
  try {
    await writing;
    return undefined;
  } catch (error) {
    if (error instanceof Problem && DONE.has(error.code)) return error.code;
    throw error;
  }
}

async function noted({ key }: Caller, record: CredentialRecord, by: { readonly did: Did; readonly decision: string }, { store, now }: AuthorityParts): Promise<CredentialRecord> {
  if (record.revokedBy !== undefined) return record;
  const at = instantOf(now());
  const revoked: CredentialRecord = { ...record, revokedBy: { ...by, at }, log: [...record.log, { purpose: 'revocation', value: true, at, by: key.id, reason: by.decision }] };
  await store.write([putRecord(revoked)]);
  return revoked;
}

/** What says nothing but that the caller has no such right: then the credential is just somebody else's. */
const STRANGER: ReadonlySet<ProblemCode> = new Set(['GRANT_MISSING', 'GRANT_TYPE_OTHER']);

/** A DID of the caller that may revoke this; the ledger decides, this copy says it early. */
async function revokerOf({ organisation }: Caller, record: CredentialRecord, { trust, now }: AuthorityParts): Promise<Did> {
  const ask = async (): Promise<readonly Asked[]> => answersOf(organisation, record, await trust.current(), now());
  const early = (await ask()).find(isRight);
  if (early !== undefined) return early.did;
  trust.expire(); // a right may have been given since
  const answers = await ask();
  const right = answers.find(isRight);
  if (right !== undefined) return right.did;
  const near = answers.find(({ answer }) => answer.code !== undefined && !STRANGER.has(answer.code));
  if (near?.answer.code !== undefined) throw new Problem(near.answer.code, { did: near.did, type: record.claims.type, ...partOf(near, record) });
  throw new Problem('DID_NOT_HELD', { did: record.claims.issuer, organisation });
}

interface Asked {
  readonly did: Did;
  readonly answer: TrustAnswer;
  /** The same question about a part of the credential. */
  readonly ask: (scope: TrustQuestion['scope']) => TrustAnswer;
}

/** The line, substance or province that is outside of what the caller may revoke. */
function partOf({ answer, ask }: Asked, { claims }: CredentialRecord): ProblemFields {
  const { field: _field, ...part } = uncovered(claims.subjectClaims, answer, ask);
  return part;
}

function isRight({ answer }: Asked): boolean {
  return answer.answer === 'AUTHORISED';
}

function answersOf(organisation: string, { claims }: CredentialRecord, trust: TrustKnowledge, now: number): Asked[] {
  const known = instantOf(Math.max(now, epochMs(trust.knownAt)));
  const own = trust.dids.filter((one) => one.organisation === organisation);
  return own.map(({ did }) => {
    const ask: Asked['ask'] = (scope) => authorise({ did, action: 'revoke', type: claims.type, scope, at: known, known }, trust);
    return { did, answer: ask(trustScopeOf(claims)), ask };
  });
}
