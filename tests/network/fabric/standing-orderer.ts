/**
 * An orderer as the watch sees it: a process that answers on its operations port over mutual TLS, with the metrics that a file
 * holds. It orders nothing.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { makeOrganisation } from '../../../network/fabric/certificates.js';
import { NetworkFolder } from '../../../network/fabric/network-folder.js';
import { isServing } from '../../../network/fabric/node-endpoints.js';
import { makeOperationsIdentity } from '../../../network/fabric/operations-identity.js';
import { runningProcess, type ProcessRecord } from '../../../network/fabric/process-record.js';
import { startProcess, stopProcess } from '../../../network/fabric/processes.js';
import { ordererName, planTopology, type Consensus, type OrdererOrganisation } from '../../../network/fabric/topology.js';
import { until } from '../../../network/fabric/until.js';
import { inTemporaryDirectory } from '../temporary-ledger.js';

const WITHIN_MS = 30_000;

/** While `hold-answers` or `hold-end` is there, it waits with what it was asked for. */
const PROGRAM = `
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
const [folder, port, root, certificate, key] = process.argv.slice(2);
const released = (name, then) => {
  writeFileSync(folder + '/asked-' + name, '');
  const wait = () => existsSync(folder + '/hold-' + name) ? setTimeout(wait, 5) : then();
  wait();
};
createServer({ ca: readFileSync(root), cert: readFileSync(certificate), key: readFileSync(key), requestCert: true, rejectUnauthorized: true, ALPNProtocols: ['h2', 'http/1.1'] },
  (request, response) => released('answers', () => response.end(readFileSync(folder + '/metrics')))).listen(Number(port), '127.0.0.1');
process.once('SIGTERM', () => released('end', () => process.exit(0)));
`;

export class StandingOrderer {
  readonly folder: NetworkFolder;
  readonly name: string;
  readonly #organisation: OrdererOrganisation;

  private constructor(folder: NetworkFolder, organisation: OrdererOrganisation) {
    this.folder = folder;
    this.name = ordererName(organisation.mspId);
    this.#organisation = organisation;
  }

  /** One that has stood still at 41 blocks with 3 requests, in a network of its own. */
  static async with(use: (orderer: StandingOrderer) => Promise<void>, consensus: Consensus = 'bft'): Promise<void> {
    await inTemporaryDirectory(async (dir) => {
      const folder = new NetworkFolder(join(dir, 'network'));
      const { organisations: [regulator], ...topology } = planTopology({ consensus, portBase: 17_000 });
      const organisation = { ...regulator!, orderer: { service: 0, admin: 0, operations: await freePort() } };
      await makeOrganisation(folder.host(organisation.mspId), organisation);
      await makeOperationsIdentity(folder.host(organisation.mspId));
      await mkdir(folder.run);
      await writeFile(folder.topology, JSON.stringify({ ...topology, organisations: [organisation] }));
      const orderer = new StandingOrderer(folder, organisation);
      await writeFile(orderer.#file('program.mjs'), PROGRAM);
      await orderer.tells({ height: 41, waiting: 3 });
      await orderer.start();
      try {
        await use(orderer);
      } finally {
        await stopProcess(folder, orderer.name);
      }
    });
  }

  async start(): Promise<void> {
    const { orderer: { tlsCertificate, tlsKey }, operationsRoot } = this.folder.host(this.#organisation.mspId);
    const parameters = [this.#file('program.mjs'), this.folder.root, String(this.#organisation.orderer.operations), operationsRoot, tlsCertificate, tlsKey];
    startProcess(this.folder, { name: this.name, program: process.execPath, parameters, environment: { FABRIC_CFG_PATH: '/a=b', EMPTY: '' } });
    await this.answers();
  }

  async answers(): Promise<void> {
    const node = this.folder.host(this.#organisation.mspId).orderer;
    await until({ what: 'an answer', withinMs: WITHIN_MS, log: this.folder.logFile(this.name) }, () => isServing({ node, port: this.#organisation.orderer.operations }));
  }

  async tells({ height, waiting }: { readonly height: number; readonly waiting: number }): Promise<void> {
    await writeFile(this.#file('metrics'), `# TYPE consensus_smartbft_pool_count_of_elements gauge\nconsensus_smartbft_pool_count_of_elements{channel="minhchung"} ${waiting}\nledger_blockchain_height{channel="minhchung"} ${height}\n`);
  }

  async tellsNothing(): Promise<void> {
    await writeFile(this.#file('metrics'), 'ledger_blockchain_height{channel="minhchung"} 41\n');
  }

  async running(): Promise<ProcessRecord> {
    return until({ what: `${this.name} to run`, withinMs: WITHIN_MS }, () => runningProcess(this.folder, this.name));
  }

  /** The words that its process was started with, and its variables, which have no order. */
  async startedWith(): Promise<readonly [command: readonly string[], environment: readonly string[]]> {
    const { pid } = await this.running();
    const [command, environment] = await Promise.all(['cmdline', 'environ'].map(async (name) => (await readFile(`/proc/${pid}/${name}`, 'utf8')).split('\0')));
    return [command ?? [], (environment ?? []).toSorted()];
  }

  #file(name: string): string {
    return join(this.folder.root, name);
  }

  /** Path of the file that has it wait, and of the one that it writes when it was asked. */
  held(what: 'answers' | 'end'): { readonly hold: string; readonly asked: string } {
    return { hold: this.#file(`hold-${what}`), asked: this.#file(`asked-${what}`) };
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
