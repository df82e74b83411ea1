/** A Fabric network for the bench: made by the product's own commands, with the same contracts under several policies. */
import { fileURLToPath } from 'node:url';
import { readFileSync } from 'node:fs';
import { CHAINCODE } from '#domain/transactions.js';
import { definitionOf } from '../network/fabric/chaincode-definition.js';
import { chaincodePackage } from '../network/fabric/chaincode-package.js';
import { codeDigest } from '../network/fabric/code-digest.js';
import { deployChaincode } from '../network/fabric/deploy.js';
import type { Network } from '../network/fabric/network.js';
import { orderedCommand } from '../network/fabric/peer-command.js';
import { runningProcess } from '../network/fabric/process-record.js';
import { removeServer } from '../network/fabric/server-folders.js';
import { readOrder, serverPlaces } from '../network/fabric/server-order.js';
import { networkStatus } from '../network/fabric/status.js';
import { peerOrganisations } from '../network/fabric/topology.js';
import { CommandNetwork } from '../tests/fabric/network-command.js';

/** The program that serves the probe contract, compiled. */
const PROBE = fileURLToPath(new URL('../tests/fabric/probe-server.js', import.meta.url));
const CONTRACTS = fileURLToPath(new URL('../network/fabric/chaincode-server.js', import.meta.url));

/** Milliseconds of processor time that each kind of process has used. */
export type CpuUse = Readonly<Record<'client' | 'gateway peer' | 'other peers' | 'chaincodes' | 'orderers', number>>;

export class BenchNetwork {
  readonly command: CommandNetwork;
  #network: Network | undefined;

  private constructor(command: CommandNetwork) {
    this.command = command;
  }

  /** Nothing is made or started yet. */
  static async plan(): Promise<BenchNetwork> {
    return new BenchNetwork(await CommandNetwork.plan());
  }

  get connection(): string {
    return this.command.folder.connection;
  }

  /** Starts it; makes it before, the first time. */
  async up(): Promise<void> {
    await this.command.must('up');
  }

  /** The probe contract beside the others, under the usual policy. */
  async deployProbe(): Promise<void> {
    await deployChaincode(await this.#open(), { name: 'probe', entry: PROBE });
  }

  /** Nobody's network starts the probe's servers beside its own, three more programs. To be called while nothing runs. */
  async dropProbe(): Promise<void> {
    for (const { folder } of serverPlaces(this.command.folder)) if ((await readOrder(folder)).name === 'probe') await removeServer(folder);
  }

  /**
   * The same package of the contracts once more, with a state of its own.
   *
   * @param policy e.g. `OR('RegulatorMSP.peer')`
   */
  async deployUnder(name: string, policy: string): Promise<void> {
    const network = await this.#open();
    const digest = await codeDigest(CONTRACTS);
    const plan = { name, entry: CONTRACTS, digest, package: chaincodePackage(CHAINCODE, digest) };
    const words = definitionOf(network, plan, 1);
    const definition = words.map((word, index) => (words[index - 1] === '--signature-policy' ? policy : word));
    const organisations = peerOrganisations(network.topology);
    for (const organisation of organisations) {
      await orderedCommand(network, organisation, ['lifecycle', 'chaincode', 'approveformyorg', ...definition, '--package-id', plan.package.id]);
    }
    const peers = organisations.flatMap(({ mspId, host, peer }) => ['--peerAddresses', `${host}:${peer.service}`, '--tlsRootCertFiles', network.folder.host(mspId).peer.tlsRoot]);
    const [first] = organisations;
    if (first !== undefined) await orderedCommand(network, first, ['lifecycle', 'chaincode', 'commit', ...definition, ...peers]);
  }

  /** Bytes of memory of all its processes. */
  async memory(): Promise<number> {
    const { processes } = await networkStatus(this.command.folder);
    return processes.reduce((sum, { memory }) => sum + memory, 0);
  }

  /** Processor time so far, by kind of process; this one is the client. */
  async cpu(): Promise<CpuUse> {
    const use = { 'client': cpuOf('self'), 'gateway peer': 0, 'other peers': 0, 'chaincodes': 0, 'orderers': 0 };
    const { processes } = await networkStatus(this.command.folder);
    for (const { name } of processes) {
      const running = await runningProcess(this.command.folder, name);
      const kind = kindOf(name);
      if (running !== undefined && kind !== undefined) use[kind] += cpuOf(String(running.pid));
    }
    return use;
  }

  async close(): Promise<void> {
    await this.command.close();
  }

  async #open(): Promise<Network> {
    this.#network ??= await this.command.open();
    return this.#network;
  }
}

function kindOf(name: string): Exclude<keyof CpuUse, 'client'> | undefined {
  if (name === 'peer-RegulatorMSP') return 'gateway peer';
  if (name.startsWith('peer-')) return 'other peers';
  if (name.startsWith('chaincode-')) return 'chaincodes';
  return name.startsWith('orderer-') ? 'orderers' : undefined;
}

const TICK_MS = 10;
const [USER, SYSTEM] = [11, 12];

/** @param pid or `self` */
function cpuOf(pid: string): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[USER]) + Number(fields[SYSTEM])) * TICK_MS;
}
