/** Machines of a network on several, as folders on this one: made by the product's functions, files carried by hand. */
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { NetworkFolder } from '../../../network/fabric/network-folder.js';
import type { Topology } from '../../../network/fabric/topology.js';
import { certificatesFile, certifyNode, contentFingerprint, requestsFile } from '../../../network/fabric/hosts/certification.js';
import { planHosts } from '../../../network/fabric/hosts/host-plan.js';
import type { NodeKind } from '../../../network/fabric/hosts/key-places.js';
import { makeHost, writeOwnPart, type MadeHost, type Piece } from '../../../network/fabric/hosts/make-host.js';
import { publicPartFile } from '../../../network/fabric/hosts/public-part.js';
import { takeFile } from '../../../network/fabric/hosts/take-file.js';

export const HOSTS = {
  RegulatorMSP: 'regulator.example', IndustryMSP: 'industry.example', EducationMSP: 'education.example,orderer.education.example', OperatorMSP: 'operator.example',
};
export const PLAN: Topology = planHosts({ consensus: 'bft', portBase: 17_000 }, HOSTS);

export class Machines {
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  /** @param name of a machine, e.g. `regulator` */
  folder(name: string): NetworkFolder {
    return new NetworkFolder(join(this.#root, name, 'network'));
  }

  async make(name: string, mspId: string, pieces: readonly Piece[] = []): Promise<MadeHost> {
    await mkdir(join(this.#root, name), { recursive: true });
    return makeHost(this.folder(name), PLAN, mspId, pieces);
  }

  async part(name: string, mspId: string): Promise<string> {
    return readFile(publicPartFile(this.folder(name), mspId), 'utf8');
  }

  async requests(name: string, mspId: string, node: NodeKind): Promise<string> {
    return readFile(requestsFile(this.folder(name), mspId, node), 'utf8');
  }

  /** Carries a node's requests to its authorities, and the certificates back. */
  async certify(node: NodeKind, mspId: string, { of, by }: { readonly of: string; readonly by: string }): Promise<void> {
    const requests = await this.requests(of, mspId, node);
    await certifyNode(requests, { folder: this.folder(by), plan: PLAN, fingerprint: contentFingerprint(requests), validUntilMs: Date.now() });
    await takeFile(this.folder(of), PLAN, await readFile(certificatesFile(this.folder(by), mspId, node), 'utf8'));
  }

  /** All five, each with every public part. */
  static async all(root: string): Promise<Machines> {
    const machines = new Machines(root);
    for (const [name, mspId] of OWNERS) await machines.make(name, mspId, name === 'orderer' ? ['orderer'] : []);
    await machines.certify('orderer', 'EducationMSP', { of: 'orderer', by: 'education' });
    await writeOwnPart(machines.folder('education'), PLAN, 'EducationMSP');
    for (const [name] of OWNERS) {
      for (const [other, mspId] of OWNERS) {
        if (other !== name && other !== 'orderer') await takeFile(machines.folder(name), PLAN, await machines.part(other, mspId));
      }
    }
    return machines;
  }
}

/** Machines and whose they are; `orderer` is the second one of the universities. */
export const OWNERS = [['regulator', 'RegulatorMSP'], ['industry', 'IndustryMSP'], ['education', 'EducationMSP'], ['orderer', 'EducationMSP'], ['operator', 'OperatorMSP']] as const;

/** Every file below a folder, by its path from there. */
export async function files(folder: string): Promise<Map<string, Buffer>> {
  const names = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((one) => one.isFile()).map((one) => join(one.parentPath, one.name));
  return new Map(await Promise.all(names.map(async (name) => [name.slice(folder.length + 1), await readFile(name)] as const)));
}
