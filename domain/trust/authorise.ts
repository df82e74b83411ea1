/** Who may do what with which credentials: one rule for contracts, issuer and verifier. */
import type { ProblemCode } from '../errors.js';
import { wholeSecond } from '../instant.js';
import type { Did } from './did.js';
import { ownKeyId } from './did-public-key.js';
import { judgeChain, type ChainFinding, type ChainQuestion, type ChainView } from './grant-chain.js';
import { keyAt, type KeyFinding } from './key-period.js';
import type { DidKeyRecord, DidRecord, GrantRecord } from './records.js';
import { withdrawnAt } from './withdrawal.js';

/** What a copy of the registry knows. */
export interface TrustView extends ChainView {
  key(did: Did, keyId: string): DidKeyRecord | undefined;
  grants(grantee: Did): readonly GrantRecord[];
}

export interface TrustQuestion extends ChainQuestion {
  readonly did: Did;
  /** The fragment of the key's DID URL; left out, the key is not judged. */
  readonly keyId?: string;
}

export interface TrustAnswer {
  readonly answer: 'AUTHORISED' | 'AUTHORISED_THEN_REVOKED_NOW' | 'NOT_AUTHORISED' | 'UNKNOWN_ISSUER';
  /** Ids of the grants, from the one that allows up to the registrar's. */
  readonly chain: readonly string[];
  /** Why not, or what was withdrawn since. */
  readonly code?: ProblemCode;
}

/**
 * Judges on two clocks: by the rights there were at `at`, as far as they were recorded until `known`. The same question
 * of the same records has the same answer for ever; a record made after `known` never changes it.
 *
 * `AUTHORISED` · `AUTHORISED_THEN_REVOKED_NOW`: it was right when it was done, and the key, the DID or a grant on the
 * chain lost its force since · `NOT_AUTHORISED`: the registry says no · `UNKNOWN_ISSUER`: it says nothing of this DID.
 *
 * What is said against the DID, the key or a link beats the chain; a grant that is revoked takes nothing from another
 * one that stands by itself, for else whoever may give a small grant could, by taking it back, undo a large one of
 * somebody else. With `did:key` and `did:jwk` the key is the DID's own, good from its registration on.
 *
 * @param question e.g. may `did:web:cuc-hoa-chat.example`, with key `khoa-2026`, `issue` a `ChemicalLicenceCredential`
 *   for `{ provinces: ['75'], substances: ['acetone'] }`, as of 2026-11-20, as known today
 */
export function authorise(question: TrustQuestion, view: TrustView): TrustAnswer {
  const { did, at, known } = question;
  const record = view.did(did);
  if (record === undefined || record.registeredAt > known) return { answer: 'UNKNOWN_ISSUER', chain: [], code: 'DID_UNKNOWN' };
  if (withdrawnAt(record, at, known) === 'then') return refused('DID_WITHDRAWN');
  const key = keyOf(question, record, view);
  if (key.denied !== undefined) return refused(key.denied);
  const best = bestOf(view.grants(did).filter((grant) => grant.grantee === did && grant.grantedAt <= known).map((grant) => judgeChain(grant, question, view)));
  if (best.denied !== undefined) return { answer: 'NOT_AUTHORISED', chain: best.chain, code: best.denied };
  const later = key.later ?? best.later;
  return later === undefined ? { answer: 'AUTHORISED', chain: best.chain } : { answer: 'AUTHORISED_THEN_REVOKED_NOW', chain: best.chain, code: later };
}

function refused(code: ProblemCode): TrustAnswer {
  return { answer: 'NOT_AUTHORISED', chain: [], code };
}

function keyOf({ did, keyId, at, known }: TrustQuestion, record: DidRecord, view: TrustView): KeyFinding {
  if (keyId === undefined) return {};
  const own = ownKeyId(did);
  if (own === undefined) {
    const key = view.key(did, keyId);
    return key === undefined ? { denied: 'DID_KEY_UNKNOWN' } : keyAt(key, at, known);
  }
  if (keyId !== own) return { denied: 'DID_KEY_UNKNOWN' };
  return at < wholeSecond(record.registeredAt) ? { denied: 'DID_KEY_NOT_YET_VALID' } : {};
}

/** What kept a chain from allowing, from the farthest to the nearest miss: the nearest tells most. */
const MISSES: readonly ProblemCode[] = [
  'GRANT_MISSING', 'GRANT_TYPE_OTHER', 'GRANT_SCOPE_NARROWER', 'GRANT_CHAIN_BROKEN', 'GRANT_NOT_YET_VALID', 'GRANT_EXPIRED', 'DID_WITHDRAWN', 'GRANT_REVOKED',
];

const NONE: ChainFinding = { chain: [], denied: 'GRANT_MISSING' };

function bestOf(findings: readonly ChainFinding[]): ChainFinding {
  let best = NONE;
  for (const finding of findings) if (rank(finding) > rank(best)) best = finding;
  return best;
}

function rank({ denied, later }: ChainFinding): number {
  if (denied !== undefined) return MISSES.indexOf(denied);
  return MISSES.length + (later === undefined ? 1 : 0);
}
