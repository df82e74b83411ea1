/** The DID documents of issuers, compared with the register now and then. They decide nothing; a difference is told. */
import { Problem } from '#domain/errors.js';
import type { Did } from '#domain/trust/did.js';
import { didWebUrl } from '#domain/trust/did-web.js';
import { type DidDocumentDifference, didDocumentDifferences } from './did-document-check.js';
import type { PublishedSource } from './credential-sources.js';
import type { KnownRegister } from './register-copy.js';

export interface DidDocumentParts {
  readonly published: PublishedSource;
  /** Documents of DIDs under its host are served there. */
  readonly issuerOrigin: string;
  readonly onFault: (error: unknown) => void;
}

/** `unreachable` also where what was served could not be read. */
export type DidDocumentFinding =
  | { readonly finding: 'agrees' | 'unreachable'; readonly checkedAt: number }
  | { readonly finding: 'differs'; readonly checkedAt: number; readonly differences: readonly DidDocumentDifference[] };

const CHECK_EVERY_MS = 10 * 60_000;
const MOST_AT_ONCE = 8;

export class DidDocumentKeeper {
  readonly #parts: DidDocumentParts;
  readonly #findings = new Map<Did, DidDocumentFinding>();
  /** What the register said of a DID's keys when its document was found to differ. */
  readonly #differed = new Map<Did, string>();

  constructor(parts: DidDocumentParts) {
    this.#parts = parts;
  }

  findingOf(did: Did): DidDocumentFinding | undefined {
    return this.#findings.get(did);
  }

  /** How many documents there are of each finding. */
  counts(): Readonly<Record<DidDocumentFinding['finding'], number>> {
    const counts = { agrees: 0, differs: 0, unreachable: 0 };
    for (const { finding } of this.#findings.values()) counts[finding] += 1;
    return counts;
  }

  /**
   * Looks at the documents that were not looked at for longest, a few at once.
   *
   * @param now milliseconds since 1970
   */
  async refresh(register: KnownRegister, now: number): Promise<void> {
    await Promise.all(this.#due(register, now).map(async (did) => {
      const found = await this.#check(did, register, now);
      this.#findings.set(did, found);
      if (found.finding === 'differs') this.#differed.set(did, keysText(did, register));
      else this.#differed.delete(did);
    }));
  }

  #due(register: KnownRegister, now: number): Did[] {
    const { snapshot, view } = register;
    const age = (did: Did): number => this.#findings.get(did)?.checkedAt ?? -1;
    const isDue = (did: Did): boolean => age(did) < 0 || now - age(did) >= CHECK_EVERY_MS || this.#mayAgreeNow(did, register);
    const dids = snapshot.dids.filter(({ did, withdrawn }) => did.startsWith('did:web:') && withdrawn === undefined && view.keysOf(did).length > 0 && isDue(did)).map(({ did }) => did);
    return dids.sort((a, b) => age(a) - age(b)).slice(0, MOST_AT_ONCE);
  }

  /** A difference is worth another look when the register says something else of these keys. */
  #mayAgreeNow(did: Did, register: KnownRegister): boolean {
    const differed = this.#differed.get(did);
    return differed !== undefined && differed !== keysText(did, register);
  }

  async #check(did: Did, { view }: KnownRegister, now: number): Promise<DidDocumentFinding> {
    try {
      const text = await this.#parts.published.text(documentUrl(did, this.#parts.issuerOrigin));
      const differences = didDocumentDifferences(text, did, view.keysOf(did), now);
      return differences.length === 0 ? { finding: 'agrees', checkedAt: now } : { finding: 'differs', checkedAt: now, differences };
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.#parts.onFault(error);
      return { finding: 'unreachable', checkedAt: now };
    }
  }
}

function keysText(did: Did, { view }: KnownRegister): string {
  return JSON.stringify(view.keysOf(did));
}

/**
 * Where a document is asked for: at the host that the DID names; at the own issuer's origin where that is its host, which
 * may be plain http on this machine.
 */
export function documentUrl(did: Did, issuerOrigin: string): string {
  const url = new URL(didWebUrl(did));
  return url.host === new URL(issuerOrigin).host ? new URL(url.pathname, issuerOrigin).href : url.href;
}
