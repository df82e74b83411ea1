/** The commands for a network on several machines, in the order in which they are used. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { Problem } from '#domain/errors.js';
import { writeDurably } from '../../enrolment/identity-files.js';
import { MISUSED, type Command, type Terminal } from '../command-line.js';
import { withLock } from '../command-lock.js';
import type { ChaincodeSource } from '../deploy.js';
import { folderOf, openNetwork } from '../open-network.js';
import { standstillLine } from '../orderer-watch.js';
import type { NetworkFolder } from '../network-folder.js';
import type { Topology } from '../topology.js';
import { readTopology } from '../topology-file.js';
import { certifyNode, contentFingerprint } from './certification.js';
import { parsePlan, planFingerprint, planHosts, planText } from './host-plan.js';
import { compareWithFile, hostReport } from './host-report.js';
import { startHost } from './host-start.js';
import { writeCompose, writeUnits } from './kept-elsewhere.js';
import { makeHost, PIECES, writeOwnPart, type Piece } from './make-host.js';
import { makeSameBlock } from './same-block.js';
import { shown, takeFile } from './take-file.js';
import { waitForStandstill } from './wait-for-standstill.js';

export interface HostSurroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly chaincode: ChaincodeSource;
  /** Milliseconds since 1970. */
  readonly nowMs: number;
}

/** Exit status of `watch`: an orderer stands still. */
const STANDS_STILL = 3;
const DAY_MS = 24 * 60 * 60 * 1_000;

/** @returns the commands by name */
export function hostCommands(around: HostSurroundings): Readonly<Record<string, Command>> {
  return { plan, make, certify: certifyAt(around.nowMs), take, block: blockWith(around), check, join: joinWith(around), units: handOver(around, writeUnits), compose: handOver(around, writeCompose), watch };
}

function misused({ print }: Pick<Terminal, 'print'>, usage: string): number {
  print(`expected: ${usage}`);
  return MISUSED;
}

const plan: Command = async (settings, [file, ...assignments], { print }) => {
  const hosts = assignments.map((one) => /^([A-Za-z0-9]+)=(.+)$/.exec(one)?.slice(1) ?? []);
  if (file === undefined || hosts.some(({ length }) => length === 0)) return misused({ print }, 'plan <file> RegulatorMSP=<host name>[,<host name of its orderer>] …');
  const topology = planHosts(settings, Object.fromEntries(hosts) as Record<string, string>);
  const known = existsSync(file) ? await readFile(file, 'utf8') : undefined;
  if (known !== undefined && known !== planText(topology)) throw new Problem('FABRIC_PLAN_DIFFERENT', { here: planFingerprint(parsePlan(known)), asked: planFingerprint(topology) });
  if (known === undefined) await writeDurably(file, planText(topology));
  print(`the plan is ${file}; fingerprint ${shown(planFingerprint(topology))}`);
  return 0;
};

const make: Command = async (settings, [file, mspId, ...pieces], { print }) => {
  if (file === undefined || mspId === undefined || pieces.some((one) => !isPiece(one))) return misused({ print }, `make <file of the plan> <MSP id> [${PIECES.join('] [')}]`);
  const folder = folderOf(settings);
  const { publicPart, requests } = await withLock(folder.root, async () => makeHost(folder, parsePlan(await readFile(file, 'utf8')), mspId, pieces.filter(isPiece)));
  for (const request of requests) print(`requests for the authorities of ${mspId}: ${request}; fingerprint ${shown(contentFingerprint(await readFile(request, 'utf8')))}`);
  print(publicPart === undefined ? `the public part of ${mspId} is not here yet` : `public part for all others: ${publicPart}`);
  await reportHost(folder, print);
  return 0;
};

const isPiece = (text: string): text is Piece => PIECES.some((piece) => piece === text);

function certifyAt(nowMs: number): Command {
  return async (settings, [file, ...groups], { print }) => {
    if (file === undefined || groups.length === 0) return misused({ print }, 'certify <file of requests> <its fingerprint, as the machine shows it that wrote the file>');
    const folder = folderOf(settings);
    await withLock(folder.root, async () => {
      const topology = await planOf(folder);
      const answer = await certifyNode(await readFile(file, 'utf8'), { folder, plan: topology, fingerprint: groups.join(' '), validUntilMs: nowMs + settings.renewWithinDays * DAY_MS });
      print(`certificates to send back: ${answer.file}; fingerprint ${shown(contentFingerprint(await readFile(answer.file, 'utf8')))}`);
      if (answer.node === 'orderer') print(`public part for all others: ${await writeOwnPart(folder, topology, answer.mspId)}`);
    });
    return 0;
  };
}

const take: Command = async (settings, files, { print }) => {
  if (files.length === 0) return misused({ print }, 'take <file> …');
  const folder = folderOf(settings);
  await withLock(folder.root, async () => {
    const topology = await planOf(folder);
    for (const file of files) print(await takeFile(folder, topology, await readFile(file, 'utf8')));
  });
  return 0;
};

function blockWith({ env }: HostSurroundings): Command {
  return async (settings, _, terminal) => withLock(folderOf(settings).root, async () => {
    const { folder, topology, programs } = await openNetwork({ settings, env, ...terminal });
    const hash = await makeSameBlock(folder, parsePlan(JSON.stringify(topology)), programs);
    terminal.print(`block 0 is ${folder.genesisBlock}; its hash, the same on every machine: ${shown(hash)}`);
    return 0;
  });
}

const check: Command = async (settings, files, { print }) => {
  const folder = folderOf(settings);
  const topology = await planOf(folder);
  const status = await reportHost(folder, print);
  for (const file of files) print(await compareWithFile(folder, topology, await readFile(file, 'utf8')));
  return status;
};

async function reportHost(folder: NetworkFolder, print: Terminal['print']): Promise<number> {
  const { lines, missing } = await hostReport(folder, await planOf(folder));
  for (const line of lines) print(line);
  for (const one of missing) print(`missing: ${one}`);
  return missing.length === 0 ? 0 : 1;
}

function joinWith({ env, chaincode }: HostSurroundings): Command {
  return async (settings, _, terminal) => withLock(folderOf(settings).root, async () => {
    const network = await openNetwork({ settings, env, ...terminal });
    await startHost({ ...network, keptElsewhere: true }, chaincode);
    return 0;
  });
}

function handOver({ env, chaincode }: HostSurroundings, write: typeof writeUnits): Command {
  return async (settings, _, terminal) => withLock(folderOf(settings).root, async () => {
    const network = await openNetwork({ settings, env, ...terminal });
    for (const line of await write(network, chaincode)) terminal.print(line);
    return 0;
  });
}

const watch: Command = async (settings, _, { print, signal }) => {
  const folder = folderOf(settings);
  await planOf(folder);
  for (const locked of await waitForStandstill(folder, { signal })) print(standstillLine(locked, new Date()));
  return STANDS_STILL;
};

/** @throws Problem FABRIC_NETWORK_MISSING, FABRIC_PLAN_WRONG */
async function planOf(folder: NetworkFolder): Promise<Topology> {
  const topology = await readTopology(folder);
  if (topology === undefined) throw new Problem('FABRIC_NETWORK_MISSING', { folder: folder.root });
  return parsePlan(JSON.stringify(topology));
}

