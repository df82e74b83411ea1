/** Commitments whose receipts were checked here. A commitment never changes, so each is asked for and checked once. */
import type { TrustRoots } from '#domain/goods/public-item.js';
import type { PublicCommitment } from '#domain/trust/snapshot.js';
import type { CommitmentAnswer } from '../../core/credential/commitment-check.js';
import { provenCommitment, type ProvenCommitment } from '../../core/credential/commitment-proof.js';
import type { CryptoPort } from '../../core/crypto-port.js';
import { Recent } from '../../core/recent.js';
import type { CommitmentSource } from './credential-sources.js';

export interface KnownCommitmentsParts {
  readonly source: CommitmentSource;
  readonly trust: () => Promise<TrustRoots>;
  readonly crypto: CryptoPort;
  readonly now: () => number;
  readonly onFault: (error: unknown) => void;
}

/** What is known of a root, its proof where there is one. */
export type CommitmentFinding =
  | { readonly answer: Exclude<CommitmentAnswer, string>; readonly proof: ProvenCommitment; readonly published: PublicCommitment; readonly trust: TrustRoots }
  | { readonly answer: 'unknown' | 'unreachable' };

/** Receipts of some 6 kB each: below 20 MB. */
const MOST = 2_000;

export class KnownCommitments {
  readonly #parts: KnownCommitmentsParts;
  #known = new Recent<CommitmentFinding>(MOST);
  readonly #underWay = new Map<string, Promise<CommitmentFinding>>();
  #trust: TrustRoots | undefined;

  constructor(parts: KnownCommitmentsParts) {
    this.#parts = parts;
  }

  /** What is at hand already. */
  at(root: string): CommitmentFinding | undefined {
    return this.#known.get(root);
  }

  /**
   * Never rejects. A receipt that does not hold is as good as no answer.
   *
   * @param root 64 hexadecimal digits
   */
  async of(root: string): Promise<CommitmentFinding> {
    const known = this.#known.get(root);
    if (known !== undefined) return known;
    const underWay = this.#underWay.get(root) ?? this.#ask(root);
    this.#underWay.set(root, underWay);
    try {
      return await underWay;
    } finally {
      this.#underWay.delete(root);
    }
  }

  /** To be called now and then: under other organisations every receipt is checked anew. */
  async followTrust(): Promise<void> {
    try {
      this.#under(await this.#parts.trust());
    } catch (error) {
      this.#parts.onFault(error);
    }
  }

  #under(trust: TrustRoots): TrustRoots {
    if (this.#trust !== trust && JSON.stringify(this.#trust) !== JSON.stringify(trust)) this.#known = new Recent(MOST);
    this.#trust = trust;
    return trust;
  }

  async #ask(root: string): Promise<CommitmentFinding> {
    const { source, crypto, now, onFault } = this.#parts;
    try {
      const [published, trust] = await Promise.all([source.commitment(root), this.#parts.trust()]);
      if (published === undefined) return { answer: 'unknown' };
      const proof = await provenCommitment(published.receipt, root, this.#under(trust), now(), crypto);
      if (proof === undefined) throw new Error(`the receipt of commitment ${root} does not hold`);
      const finding: CommitmentFinding = { answer: { record: proof.record }, proof, published, trust };
      this.#known.set(root, finding);
      return finding;
    } catch (error) {
      onFault(error);
      return { answer: 'unreachable' };
    }
  }
}
