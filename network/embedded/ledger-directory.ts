/** What lies in a ledger's directory, and the first filling of it: organisations, the operator's nodes, the seal's key. */
import { createPrivateKey, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { access, mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createAuthority, openAuthority, type Authority } from '../enrolment/authority.js';
import type { Identity, Role } from '../enrolment/identity.js';
import { loadIdentity, storeIdentity, syncDirectory, writeDurably } from '../enrolment/identity-files.js';
import { signLowS } from '../enrolment/low-s-signature.js';
import type { BlockSigner } from './block.js';
import { OPERATOR_MSP } from './channel-config.js';
import { serializeIdentity } from './membership.js';
import { recordDamaged, SEAL_KEY_BYTES } from './record-seal.js';

const SEAL_KEY_FILE = 'record-seal.key';

export class LedgerDirectory {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  /** Makes the directory, readable by its owner alone, if it is missing. */
  static async open(path: string): Promise<LedgerDirectory> {
    await mkdir(path, { recursive: true, mode: 0o700 });
    return new LedgerDirectory(path);
  }

  /** The same, but refuses a directory that is no ledger. @throws Error ENOENT */
  static async openExisting(path: string): Promise<LedgerDirectory> {
    await access(join(path, SEAL_KEY_FILE));
    return new LedgerDirectory(path);
  }

  /** Makes the names of what lies here durable. */
  async sync(): Promise<void> {
    await syncDirectory(this.path);
    await syncDirectory(dirname(this.path));
  }

  /** Where a verification recomputes the store. */
  get scratch(): string {
    return join(this.path, 'verification');
  }

  get store(): string {
    return join(this.path, 'store');
  }

  get headFile(): string {
    return join(this.path, 'head');
  }

  /** The seal's key: read, or made (mode 0600) the first time. @throws Problem LEDGER_RECORD_DAMAGED if only the key is gone */
  async sealKey(): Promise<Buffer> {
    const path = join(this.path, SEAL_KEY_FILE);
    try {
      return await readFile(path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      if (existsSync(this.store)) throw recordDamaged(SEAL_KEY_FILE, 'missing');
      await writeDurably(path, randomBytes(SEAL_KEY_BYTES));
      return readFile(path);
    }
  }

  /** Root certificate and key of an organisation: read, or made the first time. */
  async organisation(mspId: string): Promise<Identity> {
    const directory = this.#organisationPath(mspId);
    const stored = await loadIdentity(directory, mspId);
    if (stored !== undefined) return stored;
    const { certificatePem, privateKeyPem } = await createAuthority({ mspId, commonName: `ca.${mspId}` });
    await storeIdentity(directory, { mspId, certificatePem, privateKeyPem });
    return { mspId, certificatePem, privateKeyPem };
  }

  /** An organisation that was made earlier and can enrol members; `undefined` if its key is not here. */
  async authority(mspId: string, clock: () => Date): Promise<Authority | undefined> {
    const stored = await loadIdentity(this.#organisationPath(mspId), mspId);
    return stored === undefined ? undefined : openAuthority(stored, { clock });
  }

  #organisationPath(mspId: string): string {
    return join(this.path, 'organisations', mspId);
  }

  /** A node of the operator: read, or enrolled the first time; valid for ten years, because nobody renews it. */
  async node(role: Extract<Role, 'peer' | 'orderer'>, now: Date): Promise<BlockSigner> {
    const directory = join(this.path, 'operator', role);
    const stored = await loadIdentity(directory, OPERATOR_MSP);
    if (stored !== undefined) return signerOf(stored);
    const authority = await openAuthority(await this.organisation(OPERATOR_MSP));
    const validity = { notBefore: new Date(now.getTime() - 5 * 60_000), notAfter: new Date(now.getTime() + NODE_LIFETIME_MS) };
    const identity = await authority.enrol({ commonName: `${role}0`, role, validity });
    await storeIdentity(directory, identity);
    return signerOf(identity);
  }
}

const NODE_LIFETIME_MS = 3_650 * 24 * 60 * 60_000;

function signerOf(identity: Identity): BlockSigner {
  const key = createPrivateKey(identity.privateKeyPem);
  return { identity: serializeIdentity(identity), sign: (message) => signLowS(key, message) };
}
