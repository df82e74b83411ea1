/** Private keys: sealed on the disk, opened once and kept in OpenSSL's memory, used by name. No method gives one out. */
import { Problem } from '#domain/errors.js';
import type { PublicKeyJwk, SignatureAlgorithm } from '#domain/trust/public-key.js';
import type { IssuerStore } from '../store/issuer-store.js';
import { newSigningKey, readSigningKey, signWith, type SigningKey } from './signing-key.js';

/** What is told of a key. */
export type PublicHalf = Pick<SigningKey, 'algorithm' | 'publicKeyJwk'>;

const PREFIX = 'private-key/';

export class KeyVault {
  readonly #store: IssuerStore;
  readonly #open = new Map<string, SigningKey>();

  constructor(store: IssuerStore) {
    this.#store = store;
  }

  /**
   * Makes a key; on the disk, sealed, when this resolves.
   *
   * @param name e.g. `7QK2M9ZD4XWA`; a name that is taken keeps its key
   */
  async create(name: string, algorithm: SignatureAlgorithm): Promise<PublicHalf> {
    const known = await this.#find(name);
    if (known !== undefined) return halfOf(known);
    const { key, pkcs8 } = newSigningKey(algorithm);
    try {
      await this.#store.write([{ key: PREFIX + name, value: pkcs8 }]);
    } finally {
      pkcs8.fill(0);
    }
    this.#open.set(name, key);
    return halfOf(key);
  }

  /** @throws Problem DID_KEY_UNKNOWN */
  async publicHalf(name: string): Promise<{ algorithm: SignatureAlgorithm; publicKeyJwk: PublicKeyJwk }> {
    return halfOf(await this.#known(name));
  }

  /** @returns the 64 bytes of a JWS signature. Throws DID_KEY_UNKNOWN, ISSUER_DATA_DAMAGED. */
  async sign(name: string, data: Uint8Array): Promise<Buffer> {
    return signWith(this.#open.get(name) ?? await this.#known(name), data);
  }

  /** Removes a key for good; its bytes are in no file any more. */
  async remove(name: string): Promise<void> {
    this.#open.delete(name);
    await this.#store.erase([{ key: PREFIX + name }]);
  }

  async #known(name: string): Promise<SigningKey> {
    const key = await this.#find(name);
    if (key === undefined) throw new Problem('DID_KEY_UNKNOWN', { key: name.slice(0, 64) });
    return key;
  }

  async #find(name: string): Promise<SigningKey | undefined> {
    const open = this.#open.get(name);
    if (open !== undefined) return open;
    const pkcs8 = await this.#store.get(PREFIX + name);
    if (pkcs8 === undefined) return undefined;
    const key = readSigningKey(pkcs8);
    pkcs8.fill(0);
    this.#open.set(name, key);
    return key;
  }
}

function halfOf({ algorithm, publicKeyJwk }: SigningKey): PublicHalf {
  return { algorithm, publicKeyJwk };
}
