/**
 * Status lists at hand. The ledger says which version of each is the newest, so a list is fetched when it has to be and not
 * when somebody asks for it.
 */
import { Problem, type ProblemCode } from '#domain/errors.js';
import type { StatusPurpose } from '#domain/credential/status-list.js';
import type { Did } from '#domain/trust/did.js';
import type { CryptoPort } from '../../core/crypto-port.js';
import { heldList, listNameIn } from '../../core/credential/held-list.js';
import { type Inflate, newerList } from '../../core/credential/status-list.js';
import type { PublishedSource } from './credential-sources.js';
import { basisOf, type HeldList, isOutdated, type JudgedList, type ListEntry } from './list-entry.js';
import type { KnownRegister } from './register-copy.js';
import { WantedLists } from './wanted-lists.js';

export interface StatusKeeperParts {
  readonly published: PublishedSource;
  /** Lists of the register are looked for below it: `{origin}/status/{list}`. */
  readonly issuerOrigin: string;
  readonly crypto: CryptoPort;
  readonly inflate: Inflate;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** The copy at hand, always the newest. */
  readonly register: () => KnownRegister;
  readonly onFault: (error: unknown) => void;
}

/** A list that somebody needs, whoever publishes it. */
export interface WantedList {
  readonly url: string;
  readonly purpose: StatusPurpose;
  /** Issuer of the credential that names it. */
  readonly by: Did;
}

/** Lists at the own issuer never wait for those at any other address. */
export type ListPlace = 'own' | 'elsewhere';

/** A list that is not known to have changed is asked for again after so long: what the register says could be late. */
const REFRESH_MS = 5 * 60_000;
/** A list is judged again after so long though nothing was seen to change: times of the ledger can be ahead of this clock. */
const JUDGED_AGAIN_MS = 60_000;
const FIRST_WAIT_MS = 5_000;
const LONGEST_WAIT_MS = 5 * 60_000;
/** Who asks again for what has failed so often, for some ten minutes, begins anew. */
const MOST_FAILURES = 8;
/** Issuers asked at once. */
const AT_ONCE = 4;
/** Nothing is begun in a round after so long: what is due then comes first in the next. */
const LONGEST_ROUND_MS = 5_000;

export class StatusKeeper {
  readonly #parts: StatusKeeperParts;
  readonly #own = new Map<string, ListEntry>();
  readonly #elsewhere = new WantedLists();

  constructor(parts: StatusKeeperParts) {
    this.#parts = parts;
  }

  held(url: string): HeldList | undefined {
    return this.#entry(url)?.held;
  }

  faultOf(url: string): ProblemCode | undefined {
    return this.#entry(url)?.fault;
  }

  /**
   * Says that a list is needed, for the next round. Nothing is fetched now; only lists whose name and purpose stand on the
   * register are ever fetched, and of those elsewhere than at the own issuer as many as {@link WantedLists} holds.
   *
   * @param wanted named by a credential whose issuer signed it and had the right to
   */
  want({ url, purpose, by }: WantedList): void {
    if (this.#own.has(url)) return;
    const entry = this.#elsewhere.get(url) ?? this.#newEntry(url, purpose, by);
    if (entry !== undefined) this.#elsewhere.want(entry);
  }

  /**
   * To be called with every new copy of the register: takes on the lists that are new in it, and judges again those at
   * hand of whose issuer, keys or version it says something else. Asks nobody.
   */
  async follow(): Promise<void> {
    for (const { list, purpose, did } of this.#parts.register().snapshot.lists) this.#take(`${this.#parts.issuerOrigin}/status/${list}`, purpose, did);
    for (const entry of this.#all()) {
      if (entry.held !== undefined && !this.#stands(entry.held, entry)) await this.#judgeAgain(entry, entry.held);
    }
  }

  /**
   * Fetches what is due: issuers side by side and in turns, the lists of each one after the other. What never failed
   * comes before what did.
   *
   * @param signal ends it after what is under way
   */
  async refresh(place: ListPlace, signal: AbortSignal): Promise<void> {
    const end = this.#parts.now() + LONGEST_ROUND_MS;
    const queues = byOwner(this.#due(place));
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, queues.length) }, async () => {
      for (let queue = queues.shift(); queue !== undefined && !signal.aborted && this.#parts.now() < end; queue = queues.shift()) {
        for (const entry of queue.splice(0, 1)) await this.#fetch(entry);
        if (queue.length > 0) queues.push(queue);
      }
    }));
  }

  /** For whoever watches. */
  counts(): { readonly held: number; readonly missing: number; readonly outdated: number; readonly oldest: number } {
    const [entries, register, now] = [this.#all(), this.#parts.register(), this.#parts.now()];
    const held = entries.flatMap((entry) => entry.held ?? []);
    return {
      held: held.length,
      missing: entries.length - held.length,
      outdated: entries.filter((entry) => isOutdated(entry, register) || (entry.held?.known.validUntil ?? now + 1) <= now).length,
      oldest: held.length === 0 ? 0 : now - Math.min(...held.map(({ known }) => known.validFrom)),
    };
  }

  #entry(url: string): ListEntry | undefined {
    return this.#own.get(url) ?? this.#elsewhere.get(url);
  }

  #all(): readonly ListEntry[] {
    return [...this.#own.values(), ...this.#elsewhere.all()];
  }

  #take(url: string, purpose: StatusPurpose, owner: Did): void {
    if (!this.#own.has(url)) this.#own.set(url, { url, purpose, owner, failures: 0, nextAt: 0 });
  }

  #newEntry(url: string, purpose: StatusPurpose, owner: Did): ListEntry | undefined {
    const name = listNameIn(url);
    const isKnown = this.#parts.register().snapshot.lists.some((one) => one.list === name && one.purpose === purpose);
    return isKnown ? { url, purpose, owner, failures: 0, nextAt: 0 } : undefined;
  }

  #due(place: ListPlace): ListEntry[] {
    const [register, now] = [this.#parts.register(), this.#parts.now()];
    const entries = place === 'own' ? [...this.#own.values()] : this.#elsewhere.all();
    const due = entries.filter((entry) => {
      if (now < entry.nextAt) return false;
      return entry.held === undefined || isOutdated(entry, register) || now - entry.held.known.fetchedAt >= REFRESH_MS;
    });
    return due.sort((a, b) => a.nextAt - b.nextAt);
  }

  async #fetch(entry: ListEntry): Promise<void> {
    try {
      const jwt = (await this.#parts.published.text(entry.url)).trim();
      this.#keep(entry, await this.#judged(entry, jwt));
      entry.failures = 0;
      entry.nextAt = 0;
    } catch (error) {
      this.#failed(entry, error);
    }
  }

  async #judged({ url, purpose }: ListEntry, jwt: string): Promise<JudgedList> {
    const { register, now, inflate, crypto } = this.#parts;
    const [by, judgedAt] = [register(), now()];
    const known = await heldList({ jwt, url, purpose, trust: by.view, now: judgedAt }, inflate, crypto);
    return { jwt, known, judgedAt, basis: basisOf(by, known.issuer, url) };
  }

  /** @throws Problem STATUS_LIST_ROLLED_BACK for a list that is older than the one at hand, or somebody else's */
  #keep(entry: ListEntry, judged: JudgedList): void {
    const kept = entry.held?.known;
    if (newerList(kept, judged.known) !== judged.known) throw new Problem('STATUS_LIST_ROLLED_BACK', { list: entry.url, version: String(judged.known.version), kept: String(kept?.version) });
    entry.held = judged;
    delete entry.fault;
  }

  /** What is there stays there. The wait begins when it has failed: a slow failure is no shorter wait. */
  #failed(entry: ListEntry, error: unknown): void {
    this.#parts.onFault(error);
    entry.fault = codeOf(error);
    entry.nextAt = this.#parts.now() + Math.min(FIRST_WAIT_MS * 2 ** entry.failures, LONGEST_WAIT_MS);
    entry.failures += 1;
    if (entry.failures >= MOST_FAILURES && entry.held === undefined) this.#elsewhere.drop(entry.url);
  }

  #stands({ known, basis, judgedAt }: JudgedList, { url }: ListEntry): boolean {
    return this.#parts.now() - judgedAt < JUDGED_AGAIN_MS && basis === basisOf(this.#parts.register(), known.issuer, url);
  }

  /** A list is only as good as the register says now that its signer was. One that came meanwhile was judged by what it says now. */
  async #judgeAgain(entry: ListEntry, held: JudgedList): Promise<void> {
    try {
      const { known, ...judged } = await this.#judged(entry, held.jwt);
      if (entry.held === held) entry.held = { ...judged, known: { ...known, fetchedAt: held.known.fetchedAt } };
    } catch (error) {
      this.#parts.onFault(error);
      if (entry.held !== held) return;
      delete entry.held;
      entry.nextAt = 0;
      entry.fault = codeOf(error);
    }
  }
}

function codeOf(error: unknown): ProblemCode {
  return error instanceof Problem ? error.code : 'FETCH_FAILED';
}

function byOwner(entries: readonly ListEntry[]): ListEntry[][] {
  const queues = new Map<Did, ListEntry[]>();
  for (const entry of entries) {
    const queue = queues.get(entry.owner);
    if (queue === undefined) queues.set(entry.owner, [entry]);
    else queue.push(entry);
  }
  return [...queues.values()];
}
