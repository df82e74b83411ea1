/**
 * The browser's own judgement of a credential, by the server's rules and by copies that it verifies itself: status lists by
 * their issuers' signatures, commitments by the ledger's. The registry is the server's word, and its age is shown.
 */
import { STATUS_PURPOSES } from '#domain/credential/status-list.js';
import type { TrustRoots } from '#domain/goods/public-item.js';
import { epochMs, instantOf } from '#domain/instant.js';
import { did, type Did } from '#domain/trust/did.js';
import { trustViewOf, type SnapshotView, type TrustSnapshot } from '#domain/trust/snapshot.js';
import type { CommitmentAnswer } from '../../core/credential/commitment-check.js';
import { provenCommitment, type ProvenCommitment } from '../../core/credential/commitment-proof.js';
import type { CredentialVerdict } from '../../core/credential/credential-verdict.js';
import { heldList } from '../../core/credential/held-list.js';
import { judgeCredential } from '../../core/credential/judge.js';
import { committedRootIn, readCredential } from '../../core/credential/reading.js';
import { refusalCode } from '../../core/credential/refusal-code.js';
import type { Inflate } from '../../core/credential/status-list.js';
import type { KnownStatus } from '../../core/credential/status-checks.js';
import type { CryptoPort } from '../../core/crypto-port.js';

/** What is asked of the server; rejects where it does not answer. */
export interface TrustCopies {
  /** As much of the registry as these issuers are judged by; `undefined` where the server has none. */
  snapshot(dids: readonly Did[]): Promise<TrustSnapshot | undefined>;
  /** The token of a status list; `undefined` where the server has none. */
  list(url: string): Promise<string | undefined>;
  commitment(root: string): Promise<{ readonly receipt: string; readonly trust: TrustRoots } | Exclude<CommitmentAnswer, object>>;
}

export interface Judging {
  readonly copies: TrustCopies;
  readonly crypto: CryptoPort;
  readonly inflate: Inflate;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Roots of an earlier visit: they count, whatever the server says. */
  readonly pinned: TrustRoots | undefined;
}

export interface OwnJudgement {
  readonly judged: CredentialVerdict;
  readonly snapshot: TrustSnapshot;
  readonly view: SnapshotView;
  readonly proof: ProvenCommitment | undefined;
  /** The roots that the server named. */
  readonly trust: TrustRoots | undefined;
  /** The same by the same copies, of another text of the same credential. */
  readonly again: (text: string) => Promise<CredentialVerdict>;
}

const NOTHING: TrustSnapshot = { height: '0', knownAt: instantOf(0), dids: [], keys: [], grants: [], lists: [], revocations: [], licences: [], organisations: [] };

/**
 * Judges a text.
 *
 * @param text without white space around it
 * @returns rejects where the server does not answer
 */
export async function judgeHere(text: string, judging: Judging): Promise<OwnJudgement> {
  const { copies, now, crypto } = judging;
  const issuer = issuerOf(text);
  // All at once: each question is a round trip, and phones have slow ones.
  const ledger = new OwnLedger(judging, committedRootIn(text));
  const [tokens, part] = await Promise.all([listTokens(text, copies), issuer === undefined ? undefined : copies.snapshot([issuer]), ledger.ready]);
  const signers = signersOf(issuer, tokens);
  const snapshot = (signers.length > 1 ? await copies.snapshot(signers) : part) ?? NOTHING;
  const view = trustViewOf(snapshot);
  const statuses = await heldLists(tokens, view, judging);
  const again = async (of: string): Promise<CredentialVerdict> => judgeCredential({
    text: of, now, trust: { ...view, knownAt: epochMs(snapshot.knownAt) }, statusOf: (list) => statuses.get(list), commitmentOf: (root) => ledger.answerFor(root),
  }, crypto);
  return { judged: await again(text), snapshot, view, proof: ledger.proof, trust: ledger.trust, again };
}

function issuerOf(text: string): Did | undefined {
  const reading = readCredential(text);
  return 'unreadable' in reading ? undefined : reading.claims.issuer;
}

interface Token {
  readonly url: string;
  readonly purpose: (typeof STATUS_PURPOSES)[number];
  readonly jwt: string;
}

/** Lists are asked for whole, so the server does not learn of which credential. */
async function listTokens(text: string, copies: TrustCopies): Promise<readonly Token[]> {
  const reading = readCredential(text);
  if ('unreadable' in reading) return [];
  const tokens = await Promise.all(STATUS_PURPOSES.map(async (purpose) => {
    const url = reading.claims.status[purpose].list;
    const jwt = await copies.list(url);
    return jwt === undefined ? [] : [{ url, purpose, jwt }];
  }));
  return tokens.flat();
}

/** The issuer, and whoever else says that they signed a list. */
function signersOf(issuer: Did | undefined, tokens: readonly Token[]): readonly Did[] {
  return issuer === undefined ? [] : [...new Set([issuer, ...tokens.flatMap(({ jwt }) => issuerIn(jwt) ?? [])])];
}

function issuerIn(jwt: string): Did | undefined {
  try {
    const { iss } = JSON.parse(atob((jwt.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/'))) as { iss?: unknown };
    return did(iss);
  } catch {
    return undefined; // no token of an issuer that could be asked for: it will be refused where it is verified
  }
}

/** A list that does not hold is as good as none. */
async function heldLists(tokens: readonly Token[], view: SnapshotView, { crypto, inflate, now }: Judging): Promise<ReadonlyMap<string, KnownStatus>> {
  const held = new Map<string, KnownStatus>();
  for (const { url, purpose, jwt } of tokens) {
    try {
      held.set(url, await heldList({ jwt, url, purpose, trust: view, now }, inflate, crypto));
    } catch (error) {
      refusalCode(error);
    }
  }
  return held;
}

/** What the ledger says of the one root that the text names. */
class OwnLedger {
  readonly ready: Promise<void>;
  readonly #root: string | undefined;
  #answer: CommitmentAnswer = 'unreachable';
  proof: ProvenCommitment | undefined;
  trust: TrustRoots | undefined;

  constructor(judging: Judging, root: string | undefined) {
    this.#root = root;
    this.ready = root === undefined ? Promise.resolve() : this.#ask(root, judging);
  }

  answerFor(root: string): CommitmentAnswer {
    return root === this.#root ? this.#answer : 'unreachable';
  }

  async #ask(root: string, { copies, pinned, now, crypto }: Judging): Promise<void> {
    const found = await copies.commitment(root);
    if (typeof found === 'string') {
      this.#answer = found;
      return;
    }
    this.trust = found.trust;
    this.proof = await provenCommitment(found.receipt, root, pinned ?? found.trust, now, crypto);
    if (this.proof !== undefined) this.#answer = { record: this.proof.record };
  }
}
