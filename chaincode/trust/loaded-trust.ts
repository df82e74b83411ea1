/** The part of the trust registry that one question needs, loaded beforehand: the rule itself waits for nothing. */
import type { CredentialType } from '#domain/credential/credential-type.js';
import type { TrustView } from '#domain/trust/authorise.js';
import type { Did } from '#domain/trust/did.js';
import { didKey, grantKey, grantsOfKey } from '#domain/trust/keys.js';
import { LONGEST_CHAIN, type DidKeyRecord, type DidRecord, type GrantRecord } from '#domain/trust/records.js';
import type { Transaction } from '../transaction.js';

/** Grants of one type to one DID that are looked at. */
const MOST_GRANTS = 1000;

/** Everything by which a DID may do something with credentials of one type. Keys are not in it: whoever writes is known by a certificate. */
export async function trustOf(tx: Transaction, did: Did, type: CredentialType): Promise<TrustView> {
  const trust = new LoadedTrust(tx);
  await trust.loadDid(did);
  const prefix = grantsOfKey(did, type);
  const keys = await tx.ledger.keysUnder(prefix, MOST_GRANTS);
  for (const key of keys) await trust.loadChain(key.slice(key.lastIndexOf('/') + 1));
  return trust;
}

/** One grant with all that it rests on. */
export async function trustAbove(tx: Transaction, grant: string): Promise<TrustView> {
  const trust = new LoadedTrust(tx);
  await trust.loadChain(grant);
  return trust;
}

class LoadedTrust implements TrustView {
  readonly #tx: Transaction;
  readonly #dids = new Map<Did, DidRecord>();
  readonly #grants = new Map<string, GrantRecord>();

  constructor(tx: Transaction) {
    this.#tx = tx;
  }

  async loadDid(did: Did): Promise<void> {
    const record = await this.#tx.ledger.load(didKey(did), 'did');
    if (record !== undefined) this.#dids.set(did, record);
  }

  async loadChain(id: string): Promise<void> {
    let next: string | undefined = id;
    for (let links = 0; next !== undefined && links < LONGEST_CHAIN; links++) {
      const grant: GrantRecord | undefined = this.#grants.get(next) ?? await this.#tx.ledger.load(grantKey(next), 'grant');
      if (grant === undefined) return;
      this.#grants.set(grant.id, grant);
      await this.loadDid(grant.grantee);
      next = grant.parent;
    }
  }

  did(did: Did): DidRecord | undefined {
    return this.#dids.get(did);
  }

  key(): DidKeyRecord | undefined {
    return undefined;
  }

  grants(grantee: Did): readonly GrantRecord[] {
    return [...this.#grants.values()].filter((grant) => grant.grantee === grantee);
  }

  grant(id: string): GrantRecord | undefined {
    return this.#grants.get(id);
  }
}
