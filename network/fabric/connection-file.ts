/** `connection.json`: what a gateway needs to know of the network, and nothing secret but where this machine keeps the authorities. */
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { CHAINCODE } from '#domain/transactions.js';
import { holdsAuthorities } from './certificates.js';
import { genesisHash } from './genesis-block.js';
import type { Network } from './network.js';
import type { NetworkFolder } from './network-folder.js';
import { ordererOrganisations, peerOrganisations, signingQuorum, type Consensus, type Organisation, type Topology } from './topology.js';

export interface ConnectionFile {
  readonly channel: string;
  readonly chaincode: string;
  readonly consensus: Consensus;
  readonly peers: readonly { readonly mspId: string; readonly address: string; readonly tlsRoot: string }[];
  /** Organisations with peers: what receipts are checked against, PEM. */
  readonly roots: Readonly<Record<string, readonly string[]>>;
  /** Organisations with orderers: what block signatures are checked against, PEM. */
  readonly ordererRoots: Readonly<Record<string, readonly string[]>>;
  /** BFT: who signs under which number. */
  readonly consenters?: Readonly<Record<string, { readonly mspId: string; readonly certificate: string }>>;
  /** How many orderers sign a block. */
  readonly quorum: number;
  /** Header hash of block 0, hexadecimal. */
  readonly genesisHash: string;
  /** Folders of the authorities that this machine holds, from the file's folder on. */
  readonly authorities: Readonly<Record<string, string>>;
}

/** Writes `connection.json` anew, if it differs. */
export async function writeConnectionFile({ folder, topology }: Pick<Network, 'folder' | 'topology'>): Promise<void> {
  const content = `${JSON.stringify(await connectionOf(folder, topology), null, 2)}\n`;
  if (content === await readFile(folder.connection, 'utf8').catch(() => '')) return;
  await writeFile(`${folder.connection}.new`, content);
  await rename(`${folder.connection}.new`, folder.connection);
}

async function connectionOf(folder: NetworkFolder, topology: Topology): Promise<ConnectionFile> {
  const [peers, orderers] = [peerOrganisations(topology), ordererOrganisations(topology)];
  const hosts = topology.organisations.map(({ mspId }) => folder.host(mspId));
  const consenters = await Promise.all(orderers.map(async ({ mspId }, index) => [String(index + 1), { mspId, certificate: await readFile(folder.host(mspId).orderer.certificate, 'utf8') }] as const));
  return {
    channel: topology.channel, chaincode: CHAINCODE, consensus: topology.consensus,
    peers: await Promise.all(peers.map(async ({ mspId, host, peer }) => ({ mspId, address: `${host}:${peer.service}`, tlsRoot: await readFile(folder.host(mspId).peer.tlsRoot, 'utf8') }))),
    roots: await rootsOf(folder, peers), ordererRoots: await rootsOf(folder, orderers),
    ...(topology.consensus === 'bft' ? { consenters: Object.fromEntries(consenters) } : {}),
    quorum: signingQuorum(topology), genesisHash: await genesisHash(folder),
    authorities: Object.fromEntries(hosts.filter(holdsAuthorities).map(({ mspId, authority }) => [mspId, relative(folder.root, authority)])),
  };
}

async function rootsOf(folder: NetworkFolder, organisations: readonly Organisation[]): Promise<ConnectionFile['roots']> {
  const roots = organisations.map(async ({ mspId }): Promise<[string, string[]]> => [mspId, [await readFile(join(folder.host(mspId).authority, 'certificate.pem'), 'utf8')]]);
  return Object.fromEntries(await Promise.all(roots));
}
