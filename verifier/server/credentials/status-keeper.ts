/**
 * Status lists at hand. The ledger says which version of each is the newest, so a list is fetched when it has to be and not
 * when somebody asks for it.
 */
import { Problem, type ProblemCode } from '#domain/errors.js';
import type { StatusPurpose } from '#domain/credential/status-list.js';
import type { Did } from '#domain/trust/did.js';
import type { StatusListRecord } from '#domain/trust/records.js';
import type { CryptoPort } from '../../core/crypto-port.js';
import { heldList, listNameIn } from '../../core/credential/held-list.js';
import { type Inflate, newerList } from '../../core/credential/status-list.js';
import type { KnownStatus } from '../../core/credential/status-checks.js';
import type { PublishedSource } from './credential-sources.js';
import type { KnownRegister } from './register-copy.js';

export interface StatusKeeperParts {
  readonly published: PublishedSource;
  /** Lists of the register are looked for below it: `{origin}/status/{list}`. */
  readonly issuerOrigin: string;
  readonly crypto: CryptoPort;
  readonly inflate: Inflate;
  readonly onFault: (error: unknown) => void;
}

/** A list as it was fetched, and what was made of it. */
export interface HeldList {
  readonly jwt: string;
  readonly known: KnownStatus;
}

/** A list that somebody needs, whoever publishes it. */
export interface WantedList {
  readonly url: string;
  readonly purpose: StatusPurpose;
}

interface Entry extends WantedList {
  /** Whose it is by the register: its lists are fetched one after the other. */
  readonly owner: Did;
  held?: HeldList;
  /** Why there is none, or none that is right. */
  fault?: ProblemCode;
  failures: number;
  /** Milliseconds since 1970: not asked for before. */
  nextAt: number;
}

/** A list that is not known to have changed is asked for again after so long: what the register says could be late. */
const REFRESH_MS = 5 * 60_000;
const FIRST_WAIT_MS = 5_000;
const LONGEST_WAIT_MS = 5 * 60_000;
/** Lists that credentials named beyond those of the own issuer. */
const MOST_WANTED = 256;
/** Issuers asked at once. */
const AT_ONCE = 4;

export class StatusKeeper {
  readonly #parts: StatusKeeperParts;
  readonly #entries = new Map<string, Entry>();
  #wanted = 0;

  constructor(parts: StatusKeeperParts) {
    this.#parts = parts;
  }

  held(url: string): HeldList | undefined {
    return this.#entries.get(url)?.held;
  }

  faultOf(url: string): ProblemCode | undefined {
    return this.#entries.get(url)?.fault;
  }

  /**
   * Says that a list is needed, for the next round. Nothing is fetched now; only lists whose name and purpose stand on the
   * register are ever fetched, and not more than {@link MOST_WANTED} beyond those of the own issuer.
   *
   * @param wanted named by a credential whose issuer signed it and had the right to
   */
  want({ url, purpose }: WantedList, { snapshot }: KnownRegister): void {
    if (this.#entries.has(url) || this.#wanted >= MOST_WANTED) return;
    const name = listNameIn(url);
    const record = snapshot.lists.find((one) => one.list === name && one.purpose === purpose);
    if (record === undefined) return;
    this.#wanted += 1;
    this.#add(url, record);
  }

  /**
   * Fetches what is due: issuers side by side, the lists of each one after the other.
   *
   * @param isNew whether the register says something else than in the round before
   * @param now milliseconds since 1970
   */
  async refresh(register: KnownRegister, isNew: boolean, now: number): Promise<void> {
    if (isNew) {
      this.#follow(register);
      await this.#judgeAgain(register, now);
    }
    const queues = byOwner(this.#due(register, now));
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, queues.length) }, async () => {
      for (let queue = queues.pop(); queue !== undefined; queue = queues.pop()) {
        for (const entry of queue) await this.#fetch(entry, register, now);
      }
    }));
  }

  /** For whoever watches. */
  counts(register: KnownRegister, now: number): { readonly held: number; readonly missing: number; readonly outdated: number; readonly oldest: number } {
    const entries = [...this.#entries.values()];
    const held = entries.flatMap((entry) => entry.held ?? []);
    return {
      held: held.length,
      missing: entries.length - held.length,
      outdated: entries.filter((entry) => isOutdated(entry, register) || (entry.held?.known.validUntil ?? now + 1) <= now).length,
      oldest: held.length === 0 ? 0 : now - Math.min(...held.map(({ known }) => known.validFrom)),
    };
  }

  #follow({ snapshot }: KnownRegister): void {
    for (const record of snapshot.lists) this.#add(`${this.#parts.issuerOrigin}/status/${record.list}`, record);
  }

  #add(url: string, { purpose, did }: StatusListRecord): void {
    if (!this.#entries.has(url)) this.#entries.set(url, { url, purpose, owner: did, failures: 0, nextAt: 0 });
  }

  #due(register: KnownRegister, now: number): Entry[] {
    return [...this.#entries.values()].filter((entry) => {
      if (now < entry.nextAt) return false;
      return entry.held === undefined || isOutdated(entry, register) || now - entry.held.known.fetchedAt >= REFRESH_MS;
    });
  }

  async #fetch(entry: Entry, register: KnownRegister, now: number): Promise<void> {
    try {
      const jwt = (await this.#parts.published.text(entry.url)).trim();
      this.#take(entry, jwt, await this.#verified(entry, jwt, register, now));
      entry.failures = 0;
    } catch (error) {
      this.#failed(entry, error, now);
    }
  }

  #verified({ url, purpose }: Entry, jwt: string, { view }: KnownRegister, now: number): Promise<KnownStatus> {
    return heldList({ jwt, url, purpose, trust: view, now }, this.#parts.inflate, this.#parts.crypto);
  }

  /** @throws Problem STATUS_LIST_ROLLED_BACK for a list that is older than the one at hand, or somebody else's */
  #take(entry: Entry, jwt: string, known: KnownStatus): void {
    const kept = entry.held?.known;
    if (newerList(kept, known) !== known) throw new Problem('STATUS_LIST_ROLLED_BACK', { list: entry.url, version: String(known.version), kept: String(kept?.version) });
    entry.held = { jwt, known };
    delete entry.fault;
  }

  /** What is there stays there. */
  #failed(entry: Entry, error: unknown, now: number): void {
    this.#parts.onFault(error);
    entry.fault = error instanceof Problem ? error.code : 'FETCH_FAILED';
    entry.nextAt = now + Math.min(FIRST_WAIT_MS * 2 ** entry.failures, LONGEST_WAIT_MS);
    entry.failures += 1;
  }

  /** A list is only as good as the register says now that its signer was. */
  async #judgeAgain(register: KnownRegister, now: number): Promise<void> {
    for (const entry of this.#entries.values()) {
      if (entry.held === undefined) continue;
      const { jwt, known } = entry.held;
      try {
        entry.held = { jwt, known: { ...await this.#verified(entry, jwt, register, now), fetchedAt: known.fetchedAt } };
      } catch (error) {
        delete entry.held;
        entry.nextAt = 0;
        entry.fault = error instanceof Problem ? error.code : 'FETCH_FAILED';
        this.#parts.onFault(error);
      }
    }
  }
}

function byOwner(entries: readonly Entry[]): Entry[][] {
  const queues = new Map<Did, Entry[]>();
  for (const entry of entries) {
    const queue = queues.get(entry.owner);
    if (queue === undefined) queues.set(entry.owner, [entry]);
    else queue.push(entry);
  }
  return [...queues.values()];
}

/** The ledger knows a newer version than the one at hand. */
function isOutdated({ url, held }: Entry, { view }: KnownRegister): boolean {
  if (held === undefined) return false;
  const record = view.list(held.known.issuer, listNameIn(url));
  return record !== undefined && record.version > held.known.version;
}
