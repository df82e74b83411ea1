/** What of a network runs on this machine: the nodes whose keys are in its folder. */
import { existsSync } from 'node:fs';
import type { NetworkFolder, NodeFolder } from './network-folder.js';
import { ordererOrganisations, peerOrganisations, type Topology } from './topology.js';

/** @returns the topology with those nodes alone that have their keys and certificates here; of a network on one machine all of it */
export function nodesHere(folder: NetworkFolder, topology: Topology): Topology {
  const organisations = topology.organisations.map(({ peer, orderer, ...organisation }) => {
    const host = folder.host(organisation.mspId);
    return {
      ...organisation,
      ...(peer !== undefined && isHere(host.peer) ? { peer } : {}),
      ...(orderer !== undefined && isHere(host.orderer) ? { orderer } : {}),
    };
  });
  return { ...topology, organisations: organisations.filter(({ peer, orderer }) => peer !== undefined || orderer !== undefined) };
}

/** True if other machines run parts of the network. */
export function isSpread({ folder, topology }: { readonly folder: NetworkFolder; readonly topology: Topology }): boolean {
  return nodeCount(nodesHere(folder, topology)) < nodeCount(topology);
}

const nodeCount = (topology: Topology): number => ordererOrganisations(topology).length + peerOrganisations(topology).length;

function isHere(node: NodeFolder): boolean {
  return [node.key, node.certificate, node.tlsKey, node.tlsCertificate].every((file) => existsSync(file));
}
