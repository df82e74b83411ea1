/** Ledgers for one test each: a directory of their own, the probe contract, one client. */
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CONTROLLED_COLLECTION } from '#domain/endorsement.js';
import { openEmbeddedLedger, type EmbeddedLedger, type EmbeddedLedgerOptions } from '../../network/embedded/embedded-ledger.js';
import type { Identity } from '../../network/enrolment/identity.js';
import { connectClient, type LedgerClient } from '../ledger-suite/ledger-client.js';
import { ProbeContract } from '../ledger-suite/probe-contract.js';

export const CHANNEL = 'minhchung';
export const CHAINCODE = 'probe';

export function ledgerOptions(dir: string, more: Partial<EmbeddedLedgerOptions> = {}): EmbeddedLedgerOptions {
  return { dir, channel: CHANNEL, chaincodes: { [CHAINCODE]: [ProbeContract] }, organisations: ['RegulatorMSP', 'IndustryMSP', 'EducationMSP'], ...more };
}

/** Runs `use` with an empty directory and removes it afterwards. */
export async function inTemporaryDirectory<T>(use: (dir: string) => Promise<T>): Promise<T> {
  const dir = await mkdtemp(join(tmpdir(), 'ledger-'));
  try {
    return await use(dir);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

export interface OpenedLedger {
  readonly ledger: EmbeddedLedger;
  readonly client: LedgerClient;
  readonly identity: Identity;
}

/** Opens a ledger with a client, runs `use`, closes both. */
export async function withLedger<T>(options: EmbeddedLedgerOptions, use: (opened: OpenedLedger) => Promise<T>): Promise<T> {
  const ledger = await openEmbeddedLedger(options);
  const identity = await ledger.enrol({ mspId: 'IndustryMSP', commonName: 'tester', role: 'client', attributes: { role: 'enterprise' } });
  const client = connectClient({ address: ledger.address, channel: ledger.channel, identity });
  try {
    return await use({ ledger, client, identity });
  } finally {
    client.close();
    await ledger.close();
  }
}

/** A copy of a closed ledger's directory. */
export async function copyLedger(from: string, to: string): Promise<void> {
  await rm(to, { recursive: true, force: true });
  await cp(from, to, { recursive: true });
}

/** Fills a ledger with everything there is: writes, deletions, conflicts, duplicates, ranges, events, composite keys, hashes. */
export async function fillLedger(dir: string): Promise<void> {
  await withLedger(ledgerOptions(dir), async ({ client }) => {
    const contract = client.contract(CHAINCODE);
    for (let n = 0; n < 5; n += 1) await contract.submitTransaction('putMany', JSON.stringify(Array.from({ length: 10 }, (_, k) => [`k${k}`, `v${n}`])));
    await contract.submitTransaction('remove', 'k3');
    await contract.submitTransaction('putComposite', '["lot","a","1"]', 'c');
    await contract.submitTransaction('twoEvents', 'event', 'payload');
    await contract.submitTransaction('summarise', 'k', 'l', 'count');
    const losers = await Promise.all(['1', '2'].map(() => contract.newProposal('bump', { arguments: ['n'] }).endorse()));
    await Promise.all(losers.map(async (transaction) => (await transaction.submit()).getStatus()));
    await (await losers[0]!.submit()).getStatus();
    await contract.submitTransaction('putPrivate', CONTROLLED_COLLECTION, 'k1', 'first');
    await contract.submitTransaction('putPrivate', CONTROLLED_COLLECTION, 'k1', 'second');
    await contract.submitTransaction('put', 'last', 'last');
  });
}
