/** Credentials as they are stored: looked up by their ids, and those with something left to be done. */
import { Problem } from '#domain/errors.js';
import type { IssuerStore } from '../store/issuer-store.js';
import { credentialRow, PENDING, publicRow, secretsRow, uniqueRow, type CredentialRecord, type Secrets } from './credential-record.js';

export class CredentialRows {
  readonly #store: IssuerStore;

  constructor(store: IssuerStore) {
    this.#store = store;
  }

  async find(id: string): Promise<CredentialRecord | undefined> {
    return await this.#store.json(credentialRow(id)) as CredentialRecord | undefined;
  }

  /** @throws Problem CREDENTIAL_UNKNOWN */
  async known(id: string): Promise<CredentialRecord> {
    const record = await this.find(id);
    if (record === undefined) throw new Problem('CREDENTIAL_UNKNOWN', { credential: id.slice(0, 60) });
    return record;
  }

  /** By the name of its public record, once it is issued. Throws CREDENTIAL_UNKNOWN. */
  async published(publicId: string): Promise<CredentialRecord> {
    const id = await this.#store.json(publicRow(publicId)) as string | undefined;
    const record = id === undefined ? undefined : await this.find(id);
    if (record?.state !== 'issued') throw new Problem('CREDENTIAL_UNKNOWN');
    return record;
  }

  /** @throws Problem PERSONAL_DATA_ERASED */
  async secrets(id: string): Promise<Secrets> {
    const secrets = await this.#store.json(secretsRow(id)) as Secrets | undefined;
    if (secrets === undefined) throw new Problem('PERSONAL_DATA_ERASED', { credential: id });
    return secrets;
  }

  /** A record with what is secret of it; `undefined` once that was erased. */
  async withSecrets(record: CredentialRecord): Promise<{ readonly record: CredentialRecord; readonly secrets: Secrets } | undefined> {
    return record.erasedAt === undefined ? { record, secrets: await this.secrets(record.id) } : undefined;
  }

  /** What was asked for under a name of which there can be only one: the credential, and a fingerprint of what it says. */
  async unique(name: string): Promise<{ readonly id: string; readonly content: string } | undefined> {
    return await this.#store.json(uniqueRow(name)) as { id: string; content: string } | undefined;
  }

  /** Whether something is left to be done for a credential. */
  async isPending(id: string): Promise<boolean> {
    return await this.#store.get(PENDING + id) !== undefined;
  }

  /** Ids of credentials with something left to be done. */
  async pending(): Promise<string[]> {
    const ids: string[] = [];
    for await (const [key] of this.#store.rows(PENDING)) ids.push(key.slice(PENDING.length));
    return ids;
  }
}
