/**
 * The trust registry as one snapshot: kept in memory, and brought up to date by what changed since it was last asked
 * for. Every verifier asks for it, and blocks that do not concern it come all the time.
 */
import { createHash } from 'node:crypto';
import { endingOf, type LicenceEnding } from '#domain/chemistry/licence-ending.js';
import type { LicenceRecord } from '#domain/chemistry/licence.js';
import { require } from '#domain/errors.js';
import { epochMs, instantOf, type Instant } from '#domain/instant.js';
import { organisationKey } from '#domain/registry/keys.js';
import type { OrganisationRecord } from '#domain/registry/organisation.js';
import type { CredentialRevocationRecord, DidKeyRecord, DidRecord, GrantRecord, StatusListRecord } from '#domain/trust/records.js';
import { MOST_IN_SNAPSHOT, type TrustOrganisation, type TrustSnapshot } from '#domain/trust/snapshot.js';
import type { Clock } from '../ledger/clock.js';
import type { RecordReader } from '../trace/record-reader.js';

export interface PublishedTrust {
  /** The same object until anything in it changes. */
  readonly snapshot: TrustSnapshot;
  /** The same as JSON. */
  readonly text: string;
  /** Of the text, quoted as HTTP has it. */
  readonly etag: string;
}

export interface TrustRegistryOptions {
  readonly records: Pick<RecordReader, 'asOf' | 'load' | 'page'>;
  readonly clock: Pick<Clock, 'now'>;
}

type TrustRecord = DidRecord | DidKeyRecord | GrantRecord | StatusListRecord | CredentialRevocationRecord;

/** The kind of record under a key, by what the key begins with. Organisations are read when they are named. */
const KINDS: Readonly<Record<string, TrustRecord['kind'] | LicenceRecord['kind'] | undefined>> = {
  'did': 'did', 'did-key': 'did-key', 'grant': 'grant', 'status-list': 'status-list', 'credential-revocation': 'credential-revocation', 'licence': 'licence',
};

/** A snapshot says anew how current it is after so long: a verifier that asks more often gets the one it has. */
const SAME_FOR_MS = 10_000;
const PAGE = 1000;

interface Content {
  readonly parts: Omit<TrustSnapshot, 'height' | 'knownAt'>;
  /** The parts as members of a JSON object, without its braces. */
  readonly text: string;
  readonly digest: string;
}

export class TrustRegistry {
  readonly #options: TrustRegistryOptions;
  readonly #records = new Map<string, TrustRecord>();
  readonly #endings = new Map<string, LicenceEnding>();
  #readTo = '';
  #content: Content | undefined;
  #published: PublishedTrust | undefined;
  #working: Promise<PublishedTrust> | undefined;
  /** Blocks that the last answer rests on, at least. */
  #covers = 0n;

  constructor(options: TrustRegistryOptions) {
    this.#options = options;
  }

  /**
   * Those who ask at once share one answer, unless it was begun before what they have seen written.
   *
   * @throws Problem READ_MODEL_…, TRUST_REGISTRY_TOO_LARGE
   */
  async published(): Promise<PublishedTrust> {
    const { height } = this.#options.records.asOf();
    const shared = await this.#refreshed();
    return this.#covers < BigInt(height) ? this.#refreshed() : shared;
  }

  #refreshed(): Promise<PublishedTrust> {
    this.#working ??= this.#bringUpToDate().finally(() => { this.#working = undefined; });
    return this.#working;
  }

  async #bringUpToDate(): Promise<PublishedTrust> {
    // Before the records: what is written meanwhile may be in them, but is not promised.
    const { height, knownAt } = this.#head();
    await this.#readNews();
    this.#covers = BigInt(height);
    const kept = this.#published;
    if (kept !== undefined && this.#content !== undefined && isAsCurrent(epochMs(kept.snapshot.knownAt), epochMs(knownAt))) return kept;
    this.#content ??= this.#gather();
    this.#published = published(this.#content, height, knownAt);
    return this.#published;
  }

  /** What a block says of the time counts only up to this clock: its submitter said it. */
  #head(): { height: string; knownAt: Instant } {
    const { height, blockTime, knownAt } = this.#options.records.asOf();
    const told = Math.min(epochMs(blockTime), this.#options.clock.now());
    return { height, knownAt: instantOf(Math.max(epochMs(knownAt), told)) };
  }

  /** Again until there is nothing new: a record that changes while pages are read moves out of the ones to come. */
  async #readNews(): Promise<void> {
    for (;;) {
      const { keys, newest } = await this.#changes();
      if (keys.length === 0) return;
      for (const key of keys) this.#read(key);
      this.#readTo = newest;
    }
  }

  /** Keys of what was written in blocks after the last one read, from the newest back. */
  async #changes(): Promise<{ keys: string[]; newest: string }> {
    const keys: string[] = [];
    let newest = this.#readTo;
    let after: string | undefined;
    do {
      const { rows, next } = await this.#options.records.page('trust', '', { limit: PAGE, reverse: true, ...(after === undefined ? {} : { after }) });
      for (const { key, stateKey } of rows) {
        if (key <= this.#readTo) return { keys, newest };
        if (key > newest) newest = key;
        keys.push(stateKey);
      }
      after = next;
    } while (after !== undefined);
    return { keys, newest };
  }

  #read(key: string): void {
    const kind = KINDS[key.slice(0, key.indexOf('/'))];
    const record = kind === undefined ? undefined : this.#options.records.load(key, kind);
    if (record?.kind === 'licence') return this.#readLicence(key, record);
    this.#content = undefined;
    if (record !== undefined) this.#records.set(key, record);
  }

  /** Most licences are in force, and nothing is published of them. */
  #readLicence(key: string, licence: LicenceRecord): void {
    const ending = endingOf(licence);
    if (this.#endings.delete(key) || ending !== undefined) this.#content = undefined;
    if (ending !== undefined) this.#endings.set(key, ending);
  }

  #gather(): Content {
    const sorted = [...this.#records].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, record]) => record);
    const dids = sorted.filter((record) => record.kind === 'did');
    const keys = sorted.filter((record) => record.kind === 'did-key');
    const grants = sorted.filter((record) => record.kind === 'grant');
    const lists = sorted.filter((record) => record.kind === 'status-list');
    const revocations = sorted.filter((record) => record.kind === 'credential-revocation');
    const licences = [...this.#endings].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, ending]) => ending);
    for (const some of [dids, keys, grants, lists, revocations, licences]) require(some.length <= MOST_IN_SNAPSHOT, 'TRUST_REGISTRY_TOO_LARGE', { most: String(MOST_IN_SNAPSHOT) });
    const parts = { dids, keys, grants, lists, revocations, licences, organisations: this.#organisations(dids, grants) };
    const text = JSON.stringify(parts).slice(1, -1);
    return { parts, text, digest: createHash('sha256').update(text).digest('base64url').slice(0, 22) };
  }

  #organisations(dids: readonly DidRecord[], grants: readonly GrantRecord[]): TrustOrganisation[] {
    const ids = new Set([...dids.map((record) => record.organisation), ...grants.map((record) => record.grantor)]);
    return [...ids].sort().flatMap((id) => {
      const record = this.#options.records.load(organisationKey(id), 'organisation');
      // The registrar who runs the register need not stand on it.
      return record === undefined ? [] : [named(record)];
    });
  }
}

/** One from a clock that was ahead, and was put right, is not: every verifier refuses what comes from the future. */
function isAsCurrent(keptAt: number, now: number): boolean {
  return keptAt <= now && now - keptAt < SAME_FOR_MS;
}

function named({ id, name, nameEn, type, fictional }: OrganisationRecord): TrustOrganisation {
  return { id, name, type, ...(nameEn === undefined ? {} : { nameEn }), ...(fictional === undefined ? {} : { fictional }) };
}

function published({ parts, text, digest }: Content, height: string, knownAt: Instant): PublishedTrust {
  return {
    snapshot: { height, knownAt, ...parts },
    text: `{"height":${JSON.stringify(height)},"knownAt":${JSON.stringify(knownAt)},${text}}`,
    etag: `"${digest}.${height}.${epochMs(knownAt).toString(36)}"`,
  };
}
