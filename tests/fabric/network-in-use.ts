/** A network of the commands as its users see it: what runs, what is recorded on it. */
import { readdir } from 'node:fs/promises';
import { runningProcess } from '../../network/fabric/process-record.js';
import { sendSignal } from '../../network/fabric/processes.js';
import { until } from '../../network/fabric/until.js';
import type { LedgerClient } from '../ledger-suite/ledger-client.js';
import { withClient } from './network-client.js';
import type { CommandNetwork } from './network-command.js';
import { commitSurely } from './sure-submission.js';

const REGULATOR = 'RegulatorMSP';
const WITHIN_MS = 60_000;

/** Names of the processes that run. */
export async function running({ folder }: CommandNetwork): Promise<string[]> {
  const files = await readdir(folder.run).catch((): string[] => []);
  const names = files.filter((file) => file.endsWith('.pid')).map((file) => file.slice(0, -'.pid'.length));
  const records = await Promise.all(names.map((name) => runningProcess(folder, name)));
  return names.filter((_, index) => records[index] !== undefined).toSorted();
}

/** Ends processes by SIGKILL, and waits until they have ended. */
export async function killAll({ folder }: CommandNetwork, names: readonly string[]): Promise<void> {
  for (const name of names) {
    const record = await runningProcess(folder, name);
    if (record !== undefined) sendSignal(record, 'SIGKILL');
  }
  for (const name of names) await until({ what: `${name} to end`, withinMs: WITHIN_MS }, async () => await runningProcess(folder, name) === undefined);
}

/** Parameters of a registration. */
export const organisation = (id: string): string => JSON.stringify({ address: 'Phố Ví Dụ', fictional: 'yes', id, name: `Tổ chức ${id}`, province: '01', type: 'enterprise' });

/** Registers an organisation on the ledger. */
export async function register(network: CommandNetwork, id: string): Promise<void> {
  await withClient(network, REGULATOR, async (client) => {
    const { chaincode } = await network.connection();
    await commitSurely(client, client.contract(chaincode), 'registry:registerOrganisation', organisation(id));
  });
}

/** The record of an organisation as each peer gives it. */
export async function recordsOf(network: CommandNetwork, id: string): Promise<unknown[]> {
  const { chaincode, peers } = await network.connection();
  const read = (client: LedgerClient): Promise<Uint8Array> => client.contract(chaincode).evaluateTransaction('registry:readRecord', `organisation/${id}`);
  return Promise.all(peers.map(async ({ mspId }) => JSON.parse(Buffer.from(await withClient(network, mspId, read)).toString('utf8')) as unknown));
}
