/** A network whose processes are killed and started one by one. */
import { readFile, rm } from 'node:fs/promises';
import { ordererOperations, type Network } from '../../network/fabric/network.js';
import type { NetworkFolder } from '../../network/fabric/network-folder.js';
import { metric } from '../../network/fabric/node-endpoints.js';
import { isRunning, KEEPER, runningProcess, type ProcessRecord } from '../../network/fabric/process-record.js';
import { sendSignal } from '../../network/fabric/processes.js';
import { serverPlaces } from '../../network/fabric/server-order.js';
import { startOrderer, startPeer } from '../../network/fabric/start-nodes.js';
import { networkStatus } from '../../network/fabric/status.js';
import { ordererName, ordererOrganisations, peerName, peerOrganisations } from '../../network/fabric/topology.js';
import { until } from '../../network/fabric/until.js';
import { CommandNetwork } from './network-command.js';

const PATIENCE_MS = 90_000;

export class FailingNetwork {
  readonly #command: CommandNetwork;
  readonly #network: Network;

  private constructor(command: CommandNetwork, network: Network) {
    this.#command = command;
    this.#network = network;
  }

  /** A network from nothing, with four BFT orderers, up and with the chaincode on it. */
  static async make(): Promise<FailingNetwork> {
    const command = await CommandNetwork.plan();
    try {
      await command.must('up');
      return new FailingNetwork(command, await command.open());
    } catch (error) {
      await command.close();
      throw error;
    }
  }

  get folder(): NetworkFolder {
    return this.#network.folder;
  }

  /** Starts whatever does not run, and mends what is missing, as its operator would. */
  async up(): Promise<void> {
    await this.#command.must('up');
  }

  /** Names of the peers' processes, in the order of the organisations. */
  get peers(): string[] {
    return peerOrganisations(this.#network.topology).map(({ mspId }) => peerName(mspId));
  }

  get orderers(): string[] {
    return ordererOrganisations(this.#network.topology).map(({ mspId }) => ordererName(mspId));
  }

  /** Names of the chaincode servers' processes. */
  get chaincodes(): string[] {
    return serverPlaces(this.folder).map((place) => place.process);
  }

  /** Ends a process without a warning, and waits until it is gone. */
  async kill(name: string): Promise<void> {
    const record = await this.#running(name);
    sendSignal(record, 'SIGKILL');
    await until({ what: `${name} to end`, withinMs: PATIENCE_MS }, async () => !await isRunning(record));
  }

  /** Stops a process where it is: its connections stay open, and nobody is answered. */
  async freeze(name: string): Promise<void> {
    sendSignal(await this.#running(name), 'SIGSTOP');
  }

  /** Lets a stopped process go on. */
  async thaw(name: string): Promise<void> {
    sendSignal(await this.#running(name), 'SIGCONT');
  }

  /** Starts a peer or orderer that was killed. It is not waited for: the network must go on meanwhile. */
  async start(name: string): Promise<void> {
    const { topology } = this.#network;
    const peer = peerOrganisations(topology).find(({ mspId }) => peerName(mspId) === name);
    const orderer = ordererOrganisations(topology).find(({ mspId }) => ordererName(mspId) === name);
    if (peer !== undefined) await startPeer(this.#network, peer);
    else if (orderer !== undefined) await startOrderer(this.#network, orderer);
    else throw new Error(`no node ${name}`);
  }

  async #running(name: string): Promise<ProcessRecord> {
    return until({ what: `${name} to run`, withinMs: PATIENCE_MS }, () => runningProcess(this.folder, name));
  }

  async isRunning(name: string): Promise<boolean> {
    return await runningProcess(this.folder, name) !== undefined;
  }

  /**
   * Waits until all peers have the same blocks, and every orderer too but for the last one: an orderer that was away when it
   * was made asks for it only when the next one comes. Nothing may be written meanwhile.
   */
  async settled(): Promise<void> {
    let told = '';
    await until({ what: 'all nodes to have the same blocks', withinMs: PATIENCE_MS }, async () => {
      const heights = await this.#heights();
      told = JSON.stringify([...heights]);
      const height = heights.get(this.peers[0] ?? '');
      return height !== undefined && this.peers.every((name) => heights.get(name) === height) && this.orderers.every((name) => [height, height - 1].includes(heights.get(name) ?? 0));
    }).catch((error: unknown) => { throw new Error(`heights are ${told}`, { cause: error }); });
  }

  /** How many blocks each node says that it has. */
  async #heights(): Promise<ReadonlyMap<string, number>> {
    const { processes } = await networkStatus(this.folder);
    return new Map(processes.flatMap(({ name, height }) => (height === undefined ? [] : [[name, height]])));
  }

  /** The orderer that leads, by the word of the one with the most blocks: one that was away may think that it still does. */
  async leader(): Promise<string> {
    return until({ what: 'a leader', withinMs: PATIENCE_MS }, async () => {
      const heights = await this.#heights();
      const [newest] = ordererOrganisations(this.#network.topology).toSorted((a, b) => (heights.get(ordererName(b.mspId)) ?? 0) - (heights.get(ordererName(a.mspId)) ?? 0));
      const id = newest && await metric(ordererOperations(this.#network, newest), `consensus_BFT_leader_id{channel="${this.#network.topology.channel}"}`);
      // The consenters' numbers are their places from 1.
      const name = this.orderers[(id ?? 0) - 1];
      return name !== undefined && await this.isRunning(name) && name;
    });
  }

  /** Removes what a peer knows; it must not run. */
  async forgetData(peer: string): Promise<void> {
    await rm(this.folder.host(peer.slice('peer-'.length)).peer.data, { recursive: true });
  }

  /** Ends every process and removes the folder. An orderer may have locked itself up whenever leaders changed: the keeper's log says so. */
  async close(): Promise<void> {
    const log = await readFile(this.folder.logFile(KEEPER), 'utf8').catch(() => '');
    for (const line of log.split('\n').filter((one) => one.includes(' stood still '))) console.info(line);
    await this.#command.close();
  }
}
