/**
 * A network on several machines: each is a host in a network namespace of its own, with its own folder, made and started by
 * the product's commands on that host. Files travel between the folders only as the commands say.
 */
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { PeerAddress } from '../../gateway/ledger/peer-link.js';
import type { ConnectionFile } from '../../network/fabric/connection-file.js';
import { NetworkFolder } from '../../network/fabric/network-folder.js';
import { until } from '../../network/fabric/until.js';
import { openNamespaceNetwork, type HostRun, type NamespaceHost, type NamespaceNetwork } from '../support/network-namespaces.js';
import type { WorldWish } from './fabric-world.js';

/** The machines: the universities keep their orderer on one of its own. */
export const MACHINES = {
  'regulator.example': 'RegulatorMSP', 'industry.example': 'IndustryMSP', 'education.example': 'EducationMSP', 'orderer.education.example': 'EducationMSP', 'operator.example': 'OperatorMSP',
} as const;
export type Machine = keyof typeof MACHINES;
export const NAMES = Object.keys(MACHINES) as Machine[];

const PLAN = ['RegulatorMSP=regulator.example', 'IndustryMSP=industry.example', 'EducationMSP=education.example,orderer.education.example', 'OperatorMSP=operator.example'];
const PATIENCE_MS = 60_000;
const HOSTS_PROGRAM = resolve('dist/network/fabric/hosts/main.js');
const NETWORK_PROGRAM = resolve('dist/network/fabric/main.js');

export class SpreadNetwork {
  readonly #root: string;
  readonly #switch: NamespaceNetwork<Machine>;

  private constructor(root: string, network: NamespaceNetwork<Machine>) {
    this.#root = root;
    this.#switch = network;
  }

  /** The hosts, cabled and set up as the documentation has it; no folder yet. */
  static async open(): Promise<SpreadNetwork> {
    const network = new SpreadNetwork(await mkdtemp(join(tmpdir(), 'minhchung-spread-')), openNamespaceNetwork(NAMES));
    try {
      for (const name of NAMES) must(await network.host(name).run('sysctl', ['-w', 'net.ipv4.tcp_syn_retries=1'], { env: { PATH: process.env['PATH'] ?? '' } }));
      return network;
    } catch (error) {
      await network.close();
      throw error;
    }
  }

  host(machine: Machine): NamespaceHost {
    return this.#switch.hosts[machine];
  }

  folder(machine: Machine): NetworkFolder {
    return new NetworkFolder(join(this.#root, machine, 'network'));
  }

  /** `npm run fabric:hosts -- …` on a machine. */
  async hosts(machine: Machine, ...parameters: string[]): Promise<HostRun> {
    return this.#command(machine, HOSTS_PROGRAM, parameters);
  }

  /** `npm run fabric:up` and its like on a machine. */
  async network(machine: Machine, ...parameters: string[]): Promise<HostRun> {
    return this.#command(machine, NETWORK_PROGRAM, parameters);
  }

  async #command(machine: Machine, program: string, parameters: readonly string[]): Promise<HostRun> {
    await mkdir(join(this.#root, machine), { recursive: true });
    const kept = Object.entries(process.env).filter((one): one is [string, string] => /^(PATH|TMPDIR|FABRIC_.*)$/.test(one[0]));
    const env = { ...Object.fromEntries(kept), FABRIC_NETWORK: this.folder(machine).root };
    return this.host(machine).run(process.execPath, [program, ...parameters], { cwd: join(this.#root, machine), env });
  }

  /** Makes every machine's folder, step by step as the documentation has it. @returns what `check` said last, by machine */
  async make(): Promise<ReadonlyMap<Machine, HostRun>> {
    const plan = join(this.#root, 'network.json');
    must(await this.hosts('operator.example', 'plan', plan, ...PLAN));
    let fingerprint = '';
    for (const machine of NAMES) {
      const received = await this.#carry(plan, machine);
      const { stdout } = must(await this.hosts(machine, 'make', received, MACHINES[machine], ...(machine === 'orderer.education.example' ? ['orderer'] : [])));
      fingerprint = /^requests .*; fingerprint (.*)$/m.exec(stdout)?.[1] ?? fingerprint;
    }
    const requests = await this.#carry(join(this.folder('orderer.education.example').root, 'requests', 'EducationMSP-orderer.json'), 'education.example');
    must(await this.hosts('education.example', 'certify', requests, ...fingerprint.split(' ')));
    must(await this.hosts('orderer.education.example', 'take', await this.#carry(join(this.folder('education.example').root, 'certificates', 'EducationMSP-orderer.json'), 'orderer.education.example')));
    for (const machine of NAMES) await this.#gather(machine);
    return new Map(await Promise.all(NAMES.map(async (machine) => [machine, await this.hosts(machine, 'check')] as const)));
  }

  async #gather(machine: Machine): Promise<void> {
    const others = NAMES.filter((one) => one !== machine && one !== 'orderer.education.example');
    const parts = await Promise.all(others.map(async (one) => this.#carry(join(this.folder(one).root, 'public', `${MACHINES[one]}.json`), machine)));
    must(await this.hosts(machine, 'take', ...parts));
    must(await this.hosts(machine, 'block'));
  }

  /** A file goes to another machine, as by mail. */
  async #carry(file: string, to: Machine): Promise<string> {
    const received = join(this.#root, to, 'received', `${Math.random().toString(36).slice(2)}.json`);
    await mkdir(dirname(received), { recursive: true });
    await cp(file, received);
    return received;
  }

  /** Starts machines at the same time. */
  async up(machines: readonly Machine[] = NAMES): Promise<void> {
    for (const run of await Promise.all(machines.map(async (machine) => this.network(machine, 'up')))) must(run);
  }

  /** Waits until a machine has no connection to a silent one any more. */
  async givenUp(silent: Machine, by: Machine): Promise<void> {
    await until({ what: `${by} to give up its lines to ${silent}`, withinMs: PATIENCE_MS }, async () => {
      const { stdout } = must(await this.host(by).run('ss', ['-Htn', 'state', 'established', 'dst', this.host(silent).address], { env: { PATH: process.env['PATH'] ?? '' } }));
      return stdout.trim() === '';
    });
  }

  /** A client beside the hosts, which has the members' authorities of all of them. */
  async wish(more: Omit<WorldWish, 'connection' | 'through'> = {}): Promise<WorldWish> {
    const authorities: Record<string, string> = {};
    for (const machine of ['regulator.example', 'industry.example', 'education.example'] as const) authorities[MACHINES[machine]] = this.folder(machine).host(MACHINES[machine]).authority;
    const known = JSON.parse(await readFile(this.folder('regulator.example').connection, 'utf8')) as ConnectionFile;
    const connection = join(this.#root, 'connection.json');
    await writeFile(connection, JSON.stringify({ ...known, authorities }));
    return { ...more, connection, through: (peer) => this.#reached(peer) };
  }

  /** The hosts' names are known on the hosts alone. */
  #reached(peer: PeerAddress): PeerAddress {
    const [name = '', port = ''] = peer.address.split(':');
    const { address } = this.host(name as Machine);
    return { ...peer, address: `${address}:${port}`, ...(peer.tls === undefined ? {} : { tls: { ...peer.tls, serverName: name } }) };
  }

  /** Ends whatever runs on the hosts, and removes hosts and folders. */
  async close(): Promise<void> {
    this.#switch.close();
    await rm(this.#root, { recursive: true, force: true });
  }
}

function must(run: HostRun): HostRun {
  if (run.status !== 0) throw new Error(`a command ended with ${run.status}:\n${run.stdout}${run.stderr}`);
  return run;
}
