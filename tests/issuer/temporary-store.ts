/** An issuer's database in a folder of its own. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openIssuerStore, type IssuerStore } from '../../issuer/store/issuer-store.js';

export interface TemporaryStore {
  readonly folder: string;
  readonly keyFile: string;
  readonly store: IssuerStore;
  /** Closes it and opens it again, as a restart does. */
  reopen(): Promise<IssuerStore>;
  remove(): Promise<void>;
}

export async function temporaryStore(): Promise<TemporaryStore> {
  const folder = await mkdtemp(join(tmpdir(), 'minhchung-issuer-'));
  const keyFile = join(folder, 'key-encryption-key');
  let store = await openIssuerStore({ folder, keyFile });
  return {
    folder, keyFile,
    get store() {
      return store;
    },
    reopen: async () => {
      await store.close();
      store = await openIssuerStore({ folder, keyFile });
      return store;
    },
    remove: async () => {
      await store.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
