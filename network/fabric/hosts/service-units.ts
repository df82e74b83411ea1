/** Units for systemd: one per node, a template for the chaincode server's versions, and a target that holds them together. */
import type { Topology } from '../topology.js';
import type { NodeService, ServerService, WatchService } from './node-services.js';

export interface UnitPlan {
  /** What the units' names begin with, from `unitsOf`. */
  readonly network: string;
  /** Whose programs they are: owner of the network's folder. */
  readonly user: string;
  /** Paths of the programs. */
  readonly programs: Readonly<Record<'peer' | 'orderer' | 'node', string>>;
  /** What peers and orderers log, e.g. `warn`. */
  readonly logging: string;
  readonly nodes: readonly NodeService[];
  readonly servers: readonly ServerService[];
  /** The program of the chaincode server. */
  readonly entry: string;
  /** Exit status of a server that must not be started again. */
  readonly finalStatus: number;
  /** What looks after the orderers, and the words that run it but for the network's folder: Node without a compiler. */
  readonly watch?: WatchService & { readonly command: readonly string[] };
}

/**
 * What the names of a network's units and containers begin with, e.g. `minhchung-17000`. Networks that live on one machine side
 * by side differ in their ports.
 */
export const unitsOf = ({ portBase }: Pick<Topology, 'portBase'>): string => `minhchung-${portBase}`;

/** @param network from `unitsOf`. @returns name of the target over all its units, e.g. `minhchung-17000.target` */
export const targetOf = (network: string): string => `${network}.target`;

/** @param network from `unitsOf`. @returns name of the unit that ends orderers which stand still */
export const watchUnitOf = (network: string): string => `${network}-orderer-watch.service`;

type Lines = readonly (readonly [name: string, value: string])[];

/** @returns texts by file name, e.g. `minhchung-17000-peer-RegulatorMSP.service` */
export function serviceUnits(plan: UnitPlan): Readonly<Record<string, string>> {
  return {
    [targetOf(plan.network)]: unit({ Unit: [['Description', 'Minh Chung: this machine\'s part of the ledger']], Install: [['WantedBy', 'multi-user.target']] }),
    ...Object.fromEntries(plan.nodes.map((node) => [nodeUnitOf(plan.network, node.name), nodeUnit(plan, node)])),
    ...Object.fromEntries(plan.servers.map((server) => [serverUnitOf(plan.network, server.mspId, ''), serverUnit(plan, server)])),
    ...(plan.watch === undefined ? {} : { [watchUnitOf(plan.network)]: watchUnit(plan, plan.watch) }),
  };
}

/** @param network from `unitsOf`. @returns name of a node's unit, e.g. `minhchung-17000-peer-RegulatorMSP.service` */
export const nodeUnitOf = (network: string, node: string): string => `${network}-${node}.service`;

/**
 * @param network from `unitsOf`
 * @returns name of the unit of one version's server, e.g. `minhchung-17000-chaincode-RegulatorMSP@minhchung-0123456789abcdef.service`
 */
export function serverUnitOf(network: string, mspId: string, label: string): string {
  return `${network}-chaincode-${mspId}@${label}.service`;
}

function nodeUnit({ network, user, programs, logging }: UnitPlan, node: NodeService): string {
  const command = node.kind === 'peer' ? [programs.peer, 'node', 'start'] : [programs.orderer];
  return unit({
    Unit: heading(network, `${node.kind} of ${node.mspId}`),
    Service: [
      ...common(user),
      ['Environment', word(`FABRIC_CFG_PATH=${node.settings}`)], ['Environment', word(`FABRIC_LOGGING_SPEC=${logging}`)],
      ...(node.stale === undefined ? [] : [['ExecStartPre', commandLine(['/bin/rm', '-rf', node.stale])] as const]),
      ['ExecStart', commandLine(command)], ['LimitNOFILE', '65536'],
      ...writable(node.data), ...hiding([node.settings, ...node.reads, ...command.slice(0, 1)], node.hidden),
      ['MemoryDenyWriteExecute', 'yes'],
    ],
    Install: [['WantedBy', targetOf(network)]],
  });
}

/** It speaks to its own peer alone, and nothing beyond this machine exists for it. */
function serverUnit({ network, user, programs, entry, finalStatus }: UnitPlan, { mspId, folder, hidden }: ServerService): string {
  return unit({
    Unit: heading(network, `chaincode server of ${mspId}, %i`),
    Service: [
      ...common(user),
      ['ExecStart', `${commandLine([programs.node, entry])} ${word(`${folder}/`).replace(/("?)$/, '%i/server.json$1')}`],
      ['RestartPreventExitStatus', String(finalStatus)],
      ['IPAddressDeny', 'any'], ['IPAddressAllow', 'localhost'],
      ...hiding([programs.node, entry, folder], hidden),
    ],
    Install: [['WantedBy', targetOf(network)]],
  });
}

/**
 * It runs as the orderers' user, and so may end them without a right of its own; their units start them again. To find them it
 * must see processes that are in sandboxes of their own.
 */
function watchUnit({ network, user }: UnitPlan, { command, folder, hidden }: NonNullable<UnitPlan['watch']>): string {
  return unit({
    Unit: heading(network, 'watch over the orderers'),
    Service: [
      ...common(user).map(([name, value]) => [name, name === 'ProtectProc' ? 'default' : value] as const),
      ['ExecStart', commandLine([...command, folder])],
      ['IPAddressDeny', 'any'], ['IPAddressAllow', 'localhost'],
      ...hiding([...command.filter((one) => one.startsWith('/')), folder], hidden),
      // Node would compile into memory that it has written; it is told not to.
      ['MemoryDenyWriteExecute', 'yes'],
    ],
    Install: [['WantedBy', targetOf(network)]],
  });
}

function heading(network: string, description: string): Lines {
  return [['Description', `Minh Chung: ${description}`], ['Wants', 'network-online.target'], ['After', 'network-online.target'], ['PartOf', targetOf(network)]];
}

/** What a program gets that needs a few files, sockets and nothing of the machine. */
function common(user: string): Lines {
  return [
    ['Type', 'exec'], ['User', user], ['Restart', 'always'], ['RestartSec', '2'], ['TimeoutStopSec', '30'], ['UMask', '0077'],
    ['NoNewPrivileges', 'yes'], ['CapabilityBoundingSet', ''], ['AmbientCapabilities', ''],
    ['ProtectSystem', 'strict'], ['PrivateTmp', 'yes'], ['PrivateDevices', 'yes'], ['PrivateUsers', 'yes'], ['RemoveIPC', 'yes'],
    ['ProtectKernelTunables', 'yes'], ['ProtectKernelModules', 'yes'], ['ProtectKernelLogs', 'yes'], ['ProtectControlGroups', 'yes'],
    ['ProtectClock', 'yes'], ['ProtectHostname', 'yes'], ['ProtectProc', 'invisible'],
    ['RestrictAddressFamilies', 'AF_INET AF_INET6 AF_UNIX AF_NETLINK'], ['RestrictNamespaces', 'yes'], ['RestrictRealtime', 'yes'], ['RestrictSUIDSGID', 'yes'],
    ['LockPersonality', 'yes'], ['SystemCallArchitectures', 'native'], ['SystemCallFilter', '@system-service'], ['SystemCallFilter', '~@privileged @resources'],
    ['SystemCallErrorNumber', 'EPERM'],
  ];
}

const STATE = '/var/lib/';

/** The one folder that a node writes: as systemd's state where it lies there, which also makes it the user's. */
function writable(data: string): Lines {
  return data.startsWith(STATE) ? [['StateDirectory', word(data.slice(STATE.length))], ['StateDirectoryMode', '0700']] : [['ReadWritePaths', word(data)]];
}

/** Homes are hidden unless what the program needs lies in one. */
function hiding(needed: readonly string[], hidden: readonly string[]): Lines {
  const inHome = needed.some((path) => /^\/(home|root|run\/user)\//.test(path));
  return [['ProtectHome', inHome ? 'read-only' : 'yes'], ['InaccessiblePaths', hidden.map((path) => word(`-${path}`)).join(' ')]];
}

/** A command line does more to its words than other settings do: a dollar sign stands for a variable. */
function commandLine(words: readonly string[]): string {
  return words.map((one) => word(one).replaceAll('$', '$$$$')).join(' ');
}

/** One word as systemd reads it (systemd.syntax(7)); a percent sign would begin a specifier. */
function word(text: string): string {
  const literal = text.replaceAll('%', '%%');
  return /^[A-Za-z0-9/._@%=:,+-]+$/.test(literal) ? literal : `"${literal.replaceAll(/[\\"]/g, '\\$&')}"`;
}

function unit(sections: Readonly<Record<string, Lines>>): string {
  return Object.entries(sections).map(([name, lines]) => [`[${name}]`, ...lines.map(([key, value]) => `${key}=${value}`), ''].join('\n')).join('\n');
}
