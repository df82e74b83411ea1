/** The API keys that were given out: all in memory, each change on the disk before it is answered. */
import { Problem, require } from '#domain/errors.js';
import { dayInVietNam, epochMs, instantOf, type Day, type Instant } from '#domain/instant.js';
import type { OrganisationId } from '#domain/registry/organisation.js';
import type { Clock } from '../ledger/clock.js';
import type { DurableStore } from '../ledger/durable-store.js';
import { openJson, putJson } from '../sealed-json.js';
import { isSecretOf, newApiKey, NO_HASH, readBearer } from './api-key.js';
import type { Principal } from './principal.js';
import type { OrganisationType, Scope } from './scopes.js';

/** What is stored of a key. */
export interface ApiKeyRecord {
  readonly id: string;
  /** SHA-256 of the secret, hexadecimal */
  readonly hash: string;
  readonly organisation: OrganisationId;
  readonly type: OrganisationType;
  /** Whose or what for, e.g. `kho Bình Dương`. */
  readonly label: string;
  readonly scopes: readonly Scope[];
  readonly createdAt: Instant;
  readonly expiresAt: Instant;
  readonly lastUsedOn?: Day;
  readonly revokedAt?: Instant;
}

/** What may be shown of a key: everything but its hash. */
export type ApiKeyView = Omit<ApiKeyRecord, 'hash'>;

export type ApiKeyOrder = Pick<ApiKeyRecord, 'organisation' | 'type' | 'label' | 'scopes' | 'expiresAt'>;

export interface ApiKeysOptions {
  readonly store: DurableStore;
  readonly clock: Pick<Clock, 'now'>;
  readonly randomBytes: (length: number) => Uint8Array;
}

const PREFIX = 'api-key/';

export class ApiKeys {
  readonly #options: ApiKeysOptions;
  readonly #records: Map<string, ApiKeyRecord>;

  private constructor(options: ApiKeysOptions, records: Map<string, ApiKeyRecord>) {
    this.#options = options;
    this.#records = records;
  }

  /** @throws Problem TENANT_DATA_DAMAGED */
  static async open(options: ApiKeysOptions): Promise<ApiKeys> {
    const records = new Map<string, ApiKeyRecord>();
    for await (const [key, row] of options.store.rows(PREFIX)) {
      const record = openJson(key, row) as ApiKeyRecord;
      records.set(record.id, record);
    }
    return new ApiKeys(options, records);
  }

  /** Makes a key. Its text is in this answer and nowhere else. Throws STORE_FAILED. */
  async issue(order: ApiKeyOrder): Promise<{ text: string; key: ApiKeyView }> {
    const { id, text, hash } = newApiKey(this.#options.randomBytes);
    const record: ApiKeyRecord = { id, hash, ...order, createdAt: this.#now() };
    await this.#save(record, true);
    return { text, key: viewOf(record) };
  }

  /**
   * @param authorization the header of a request
   * @throws Problem API_KEY_MISSING, API_KEY_WRONG, and for a right secret only API_KEY_REVOKED, API_KEY_EXPIRED
   */
  authenticate(authorization: string | undefined): Principal {
    const { id, secret } = readBearer(authorization);
    const record = this.#records.get(id);
    const right = isSecretOf(secret, record?.hash ?? NO_HASH);
    if (record === undefined || !right) throw new Problem('API_KEY_WRONG');
    const now = this.#now();
    require(record.revokedAt === undefined, 'API_KEY_REVOKED', { key: id });
    require(epochMs(now) < epochMs(record.expiresAt), 'API_KEY_EXPIRED', { key: id, expiresAt: record.expiresAt });
    this.#noteUse(record, dayInVietNam(now));
    return { keyId: id, organisation: record.organisation, type: record.type, scopes: new Set(record.scopes) };
  }

  /** The keys of one organisation. */
  list(organisation: OrganisationId): ApiKeyView[] {
    return [...this.#records.values()].filter((record) => record.organisation === organisation).map(viewOf);
  }

  /** @throws Problem API_KEY_UNKNOWN */
  view(id: string): ApiKeyView {
    return viewOf(this.#known(id));
  }

  /** From now on the key is refused; a key that is revoked already stays as it is. Throws API_KEY_UNKNOWN. */
  async revoke(id: string): Promise<ApiKeyView> {
    const record = this.#known(id);
    if (record.revokedAt !== undefined) return viewOf(record);
    const revoked: ApiKeyRecord = { ...record, revokedAt: this.#now() };
    // In memory first: a key that shall be gone is gone at once, whatever the disk says.
    this.#records.set(id, revoked);
    await this.#save(revoked, true);
    return viewOf(revoked);
  }

  #known(id: string): ApiKeyRecord {
    const record = this.#records.get(id);
    require(record !== undefined, 'API_KEY_UNKNOWN', { key: id.slice(0, 40) });
    return record;
  }

  #now(): Instant {
    return instantOf(this.#options.clock.now());
  }

  /** To the day only, and not flushed: knowing that a key is in use is not worth a disk write for each request. */
  #noteUse(record: ApiKeyRecord, day: Day): void {
    if (record.lastUsedOn === day) return;
    void this.#save({ ...record, lastUsedOn: day }, false).catch(() => undefined);
  }

  async #save(record: ApiKeyRecord, durable: boolean): Promise<void> {
    const written = this.#options.store.write([putJson(PREFIX + record.id, record)], durable);
    if (!durable) this.#records.set(record.id, record);
    await written;
    this.#records.set(record.id, record);
  }
}

function viewOf({ hash: _hash, ...view }: ApiKeyRecord): ApiKeyView {
  return view;
}
