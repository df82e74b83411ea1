/** The copy of the trust registry at hand: replaced by newer ones only. */
import { epochMs, instantOf } from '#domain/instant.js';
import { trustViewOf, type SnapshotView, type TrustSnapshot } from '#domain/trust/snapshot.js';
import type { TrustSource } from './credential-sources.js';

/** A snapshot, indexed, with milliseconds since 1970 at which it was last known to have everything. */
export interface KnownRegister {
  readonly snapshot: TrustSnapshot;
  readonly view: SnapshotView & { readonly knownAt: number };
}

/** Known at the beginning of time: nothing can be said from it, not even that something is missing. */
const NOTHING: TrustSnapshot = { height: '0', knownAt: instantOf(0), dids: [], keys: [], grants: [], lists: [], revocations: [], licences: [], organisations: [] };

export class RegisterCopy {
  readonly #source: TrustSource;
  #known = registerOf(NOTHING);
  #rollbacks = 0;

  constructor(source: TrustSource) {
    this.#source = source;
  }

  get known(): KnownRegister {
    return this.#known;
  }

  get isThere(): boolean {
    return this.#known.snapshot !== NOTHING;
  }

  /** How often an older registry was offered than the one at hand. */
  get rollbacks(): number {
    return this.#rollbacks;
  }

  /** Asks once. A refusal leaves what is there. */
  async refresh(): Promise<void> {
    const snapshot = await this.#source.trustSnapshot();
    const held = this.#known.snapshot;
    if (snapshot === held) return;
    if (isOlder(snapshot, held)) this.#rollbacks += 1;
    else this.#known = registerOf(snapshot);
  }
}

function registerOf(snapshot: TrustSnapshot): KnownRegister {
  return { snapshot, view: { ...trustViewOf(snapshot), knownAt: epochMs(snapshot.knownAt) } };
}

/** Blocks are only added: a ledger with fewer is another copy of it, or another ledger. */
function isOlder(snapshot: TrustSnapshot, held: TrustSnapshot): boolean {
  const [height, before] = [BigInt(snapshot.height), BigInt(held.height)];
  return height < before || (height === before && epochMs(snapshot.knownAt) < epochMs(held.knownAt));
}
