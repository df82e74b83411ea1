/**
 * The plan of a network on several machines: who takes part, under which names its machines are reached, on which ports.
 * Written once, sent to everybody, read strictly: everything else is checked against it.
 */
import { createHash } from 'node:crypto';
import { isIPv4 } from 'node:net';
import { Problem, within } from '#domain/errors.js';
import { list, matching, object, oneOf, optional, wholeNumber, type Shape } from '#domain/shape.js';
import { parseStrictJson } from '#domain/strict-json.js';
import { CHANNEL } from '#domain/transactions.js';
import { CONSENSUS_KINDS, listeningPorts, ordererHost, ordererOrganisations, peerOrganisations, planTopology, type Consensus, type Organisation, type Topology } from '../topology.js';

const LONGEST_PLAN = 100_000;
const MOST_ORGANISATIONS = 30;
const MOST_PORTS = 20;
const HOST_NAME = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/;
/** Fewer SmartBFT nodes cannot agree while one of them is silent. */
const FEWEST_BFT_NODES = 4;

/** A name of the domain name system in small letters, or an IPv4 address. */
const hostName: Shape<string> = (value) => {
  const name = matching(HOST_NAME, 'host name in small letters, or IPv4 address')(value);
  if (/^[\d.]+$/.test(name) && !isIPv4(name)) throw new Problem('FIELD_WRONG_VALUE', { expected: 'IPv4 address' });
  return name;
};
const port = wholeNumber(1_024, 65_535);

const organisation = object({
  mspId: matching(/^[A-Z][A-Za-z0-9]{0,40}MSP$/, 'MSP id, e.g. RegulatorMSP'),
  host: hostName,
  ordererHost: optional(hostName),
  listen: oneOf('0.0.0.0', '127.0.0.1'),
  peer: optional(object({ service: port, chaincodeListener: port, operations: port })),
  orderer: optional(object({ service: port, admin: port, operations: port })),
  chaincodePorts: list(port, { max: MOST_PORTS }),
});

const plan = object({
  channel: oneOf(CHANNEL),
  consensus: oneOf(...CONSENSUS_KINDS),
  portBase: port,
  organisations: list(organisation, { min: 1, max: MOST_ORGANISATIONS }),
});

/**
 * A plan in which every organisation is reached at its own machine.
 *
 * @param hosts by MSP id, e.g. `{ RegulatorMSP: 'fabric.regulator.example', EducationMSP: 'peer.edu.example,orderer.edu.example' }`:
 *   the second name is the machine of its orderer, if that is another one
 * @throws Problem FABRIC_PLAN_WRONG with the organisation that is missing or unknown, or the name that is none
 */
export function planHosts({ consensus, portBase }: { readonly consensus: Consensus; readonly portBase: number }, hosts: Readonly<Record<string, string>>): Topology {
  const usual = planTopology({ consensus, portBase });
  const stranger = Object.keys(hosts).find((mspId) => !usual.organisations.some((one) => one.mspId === mspId));
  if (stranger !== undefined) throw new Problem('FABRIC_PLAN_WRONG', { organisation: stranger, expected: usual.organisations.map(({ mspId }) => mspId).join(', ') });
  const organisations = usual.organisations.map((one) => atItsHost(one, hosts[one.mspId]));
  return parsePlan(JSON.stringify({ ...usual, organisations }));
}

function atItsHost(one: Organisation, names: string | undefined): Organisation {
  const [host, orderers, ...more] = names?.split(',') ?? [];
  if (host === undefined || more.length > 0) throw new Problem('FABRIC_PLAN_WRONG', { organisation: one.mspId, expected: 'one host name, or two with a comma' });
  return { ...one, host, listen: '0.0.0.0', ...(orderers === undefined ? {} : { ordererHost: orderers }) };
}

/**
 * @param content of a plan's file
 * @throws Problem FABRIC_PLAN_WRONG with the field and what was expected there
 */
export function parsePlan(content: string): Topology {
  try {
    const topology = plan(parseStrictJson(content, LONGEST_PLAN)) as Topology;
    assertDistinct(topology.organisations.map(({ mspId }) => mspId), 'organisations');
    assertEnoughNodes(topology);
    for (const machine of machinesOf(topology)) assertDistinct(portsAt(topology, machine), `ports of ${machine}`);
    return topology;
  } catch (error) {
    if (error instanceof Problem && error.code !== 'FABRIC_PLAN_WRONG') throw new Problem('FABRIC_PLAN_WRONG', { ...within('plan', error).fields, reason: error.code });
    throw error;
  }
}

/** @returns the text of a plan's file; the same for the same plan */
export function planText(topology: Topology): string {
  return `${JSON.stringify(topology, null, 2)}\n`;
}

/** @returns SHA-256 of the plan in hexadecimal: machines that work from different plans find out by it */
export function planFingerprint(topology: Topology): string {
  return createHash('sha256').update(planText(parsePlan(JSON.stringify(topology)))).digest('hex');
}

/** @returns the organisation of the plan. @throws Problem FABRIC_ORGANISATION_UNKNOWN */
export function organisationIn({ organisations }: Topology, mspId: string): Organisation {
  const found = organisations.find((one) => one.mspId === mspId);
  if (found === undefined) throw new Problem('FABRIC_ORGANISATION_UNKNOWN', { organisation: mspId, expected: organisations.map((one) => one.mspId).join(', ') });
  return found;
}

function machinesOf({ organisations }: Topology): Set<string> {
  return new Set(organisations.flatMap((one) => [one.host, ordererHost(one)]));
}

/** Whatever listens on one machine. */
function portsAt(topology: Topology, machine: string): string[] {
  const organisations = topology.organisations.map(({ peer, orderer, ...rest }) => ({
    ...rest,
    ...(peer !== undefined && rest.host === machine ? { peer } : {}),
    ...(orderer !== undefined && ordererHost(rest) === machine ? { orderer } : {}),
  }));
  const chaincode = organisations.flatMap((one) => (one.host === machine ? one.chaincodePorts : []));
  return [...listeningPorts({ ...topology, organisations }).map((one) => one.port), ...chaincode].map(String);
}

function assertEnoughNodes(topology: Topology): void {
  const orderers = ordererOrganisations(topology).length;
  const fewest = topology.consensus === 'bft' ? FEWEST_BFT_NODES : 1;
  if (orderers < fewest) throw new Problem('FABRIC_PLAN_WRONG', { field: 'organisations', expected: `at least ${fewest} with an orderer` });
  const peers = peerOrganisations(topology);
  if (peers.length === 0) throw new Problem('FABRIC_PLAN_WRONG', { field: 'organisations', expected: 'at least one with a peer' });
  const portless = peers.find(({ chaincodePorts }) => chaincodePorts.length < 2);
  if (portless !== undefined) throw new Problem('FABRIC_PLAN_WRONG', { organisation: portless.mspId, field: 'chaincodePorts', expected: 'two or more: an upgrade runs both versions' });
}

function assertDistinct(values: readonly string[], field: string): void {
  const repeated = values.find((value, index) => values.indexOf(value) !== index);
  if (repeated !== undefined) throw new Problem('FABRIC_PLAN_WRONG', { field, value: repeated, expected: 'each once' });
}
