/** A compose file (compose-spec.io) over the official images, as JSON, which is YAML. Paths and ports are the machine's own. */
import { join } from 'node:path';
import type { NodeService, ServerService } from './node-services.js';

/** The series that everything here is made for. */
const IMAGES = { peer: 'hyperledger/fabric-peer:3.1', orderer: 'hyperledger/fabric-orderer:3.1', node: 'node:20-bookworm-slim' } as const;

export interface ComposePlan {
  /** Name of the project: containers of another network on this machine are none of its business. */
  readonly network: string;
  /** Owner of the network's folder, as numbers. */
  readonly owner: { readonly uid: number; readonly gid: number };
  readonly logging: string;
  readonly nodes: readonly NodeService[];
  readonly servers: readonly ServerService[];
  /** Version of the chaincode that is served. */
  readonly label: string;
  /** The program of the chaincode server, and the folders and files that it is made of. */
  readonly entry: string;
  readonly program: readonly string[];
}

/** @returns the content of `compose.yaml` */
export function composeFile(plan: ComposePlan): object {
  return {
    name: plan.network,
    services: {
      ...Object.fromEntries(plan.nodes.map((node) => [serviceName(node.name), nodeService(plan, node)])),
      ...Object.fromEntries(plan.servers.map((server) => [serviceName(`chaincode-${server.mspId}`), serverService(plan, server)])),
    },
  };
}

const serviceName = (name: string): string => name.toLowerCase();

function nodeService(plan: ComposePlan, node: NodeService): object {
  const start = node.kind === 'peer' ? 'peer node start' : 'orderer';
  return {
    ...common(plan),
    image: IMAGES[node.kind],
    command: node.stale === undefined ? start.split(' ') : ['sh', '-c', `rm -rf "$$0" && exec ${start}`, literal(node.stale)],
    environment: { FABRIC_CFG_PATH: literal(node.settings), FABRIC_LOGGING_SPEC: literal(plan.logging) },
    volumes: [mount(node.settings, 'read'), mount(node.data, 'write'), ...node.reads.map((path) => mount(path, 'read'))],
  };
}

function serverService(plan: ComposePlan, { folder, clientRoot }: ServerService): object {
  return {
    ...common(plan),
    image: IMAGES.node,
    init: true,
    command: ['node', plan.entry, join(folder, plan.label, 'server.json')].map(literal),
    volumes: [...plan.program, join(folder, plan.label), clientRoot].map((path) => mount(path, 'read')),
  };
}

/** On the machine's own network: administrative ports stay on its loopback, and a firewall sees what it sees without containers. */
function common({ owner }: ComposePlan): object {
  return {
    network_mode: 'host', user: `${owner.uid}:${owner.gid}`, restart: 'unless-stopped', stop_grace_period: '30s',
    read_only: true, tmpfs: ['/tmp'], cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'],
    logging: { driver: 'local' },
  };
}

/** At the same path inside: the settings name files by their whole paths. */
function mount(path: string, use: 'read' | 'write'): object {
  return { type: 'bind', source: literal(path), target: literal(path), ...(use === 'read' ? { read_only: true } : {}), bind: { create_host_path: false } };
}

/** A dollar sign begins a variable of the compose file. */
const literal = (text: string): string => text.replaceAll('$', '$$$$');
