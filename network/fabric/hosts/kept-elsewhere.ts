/** Hands this machine's nodes to systemd or to a container engine: writes their settings, and units or a compose file. */
import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { Problem } from '#domain/errors.js';
import type { ChaincodeSource } from '../deploy.js';
import { KEEPER_OPTIONS } from '../keeper-control.js';
import type { Network } from '../network.js';
import { nodesHere } from '../nodes-here.js';
import { OTHER_CODE } from '../server-order.js';
import { composeFile } from './compose-file.js';
import { hostReport } from './host-report.js';
import { prepareHost } from './host-start.js';
import { nodeServices, serverServices, watchService } from './node-services.js';
import { nodeUnitOf, serverUnitOf, serviceUnits, targetOf, unitsOf, watchUnitOf } from './service-units.js';

/**
 * Writes the units into `units/` of the network's folder.
 *
 * @returns the commands that put them to work
 * @throws Problem FABRIC_HOST_INCOMPLETE, FABRIC_OWNER_UNFIT
 */
export async function writeUnits(network: Network, source: ChaincodeSource): Promise<string[]> {
  const { folder, programs, logging, topology } = network;
  await assertComplete(network);
  await ownerOf(folder.root);
  const plan = await prepareHost(network, source);
  const tenants = { here: nodesHere(folder, topology), all: topology };
  const [nodes, servers] = [nodeServices(folder, tenants), serverServices(folder, tenants)];
  const watch = watchService(folder, tenants);
  const own = unitsOf(topology);
  const units = serviceUnits({
    network: own, user: userInfo().username, programs: { ...programs, node: process.execPath }, logging, nodes, servers, entry: source.entry, finalStatus: OTHER_CODE,
    ...(watch === undefined ? {} : { watch: { ...watch, command: [process.execPath, ...KEEPER_OPTIONS, join(import.meta.dirname, 'watch-orderers.js')] } }),
  });
  const directory = join(folder.root, 'units');
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory);
  for (const [name, text] of Object.entries(units)) await writeFile(join(directory, name), text);
  const wanted = [targetOf(own), ...nodes.map(({ name }) => nodeUnitOf(own, name)), ...servers.map(({ mspId }) => serverUnitOf(own, mspId, plan.package.label)), ...(watch === undefined ? [] : [watchUnitOf(own)])];
  return [`sudo cp ${directory}/* /etc/systemd/system/`, 'sudo systemctl daemon-reload', `sudo systemctl enable --now ${wanted.join(' ')}`];
}

/**
 * Writes `compose.yaml` into the network's folder.
 *
 * @returns the command that puts it to work
 * @throws Problem FABRIC_HOST_INCOMPLETE, FABRIC_OWNER_UNFIT
 */
export async function writeCompose(network: Network, source: ChaincodeSource): Promise<string[]> {
  const { folder, logging, topology } = network;
  await assertComplete(network);
  const owner = await ownerOf(folder.root);
  const { package: { label } } = await prepareHost(network, source);
  const tenants = { here: nodesHere(folder, topology), all: topology };
  const product = dirname(dirname(dirname(dirname(source.entry))));
  const compose = composeFile({
    network: unitsOf(topology), owner, logging, label, entry: source.entry, nodes: nodeServices(folder, tenants), servers: serverServices(folder, tenants),
    program: ['dist', 'node_modules', 'package.json'].map((name) => join(product, name)),
  });
  const file = join(folder.root, 'compose.yaml');
  await writeFile(file, `${JSON.stringify(compose, null, 2)}\n`);
  return [`docker compose -f ${file} up --detach`];
}

async function assertComplete({ folder, topology }: Network): Promise<void> {
  const { missing } = await hostReport(folder, topology);
  if (missing.length > 0) throw new Problem('FABRIC_HOST_INCOMPLETE', { missing: missing.join('; ') });
}

/** The nodes run as the owner of the folder. What this command writes must be the owner's too. */
async function ownerOf(root: string): Promise<{ readonly uid: number; readonly gid: number }> {
  const { uid, gid } = await stat(root);
  const own = userInfo().uid;
  if (uid === 0 || own !== uid) throw new Problem('FABRIC_OWNER_UNFIT', { folder: root, owner: String(uid), commandRunBy: String(own) });
  return { uid, gid };
}
