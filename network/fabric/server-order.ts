/** What a chaincode server is started with, and where the orders lie. Written by a deployment, read by keeper and server. */
import { existsSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { ChaincodeFolder, HostFolder, NetworkFolder } from './network-folder.js';

/** Content of `server.json`. */
export interface ServerOrder {
  /** Name of the chaincode, e.g. `minhchung`. */
  readonly name: string;
  /** The package that the organisation's peer has installed. */
  readonly packageId: string;
  /** Digest of the code that the organisation approved. */
  readonly digest: string;
  /** The program, e.g. `/srv/minhchung/dist/network/fabric/chaincode-server.js`. */
  readonly entry: string;
  /** The same program in the copy of its code that is kept for this order. */
  readonly kept: string;
  /** e.g. `127.0.0.1:17104` */
  readonly listen: string;
  /** Folder of the server's TLS identity: `certificate.pem`, `key.pem`. */
  readonly tls: string;
  /** PEM file: the root of the organisation's own TLS certificates; the peer's is one of them. */
  readonly clientRoot: string;
}

/** Exit status of a server that must not be started again before something is mended: its code is not what was approved. */
export const OTHER_CODE = 78;

/** One server of one organisation: its process's name, its folder. */
export interface ServerPlace {
  /** e.g. `chaincode-RegulatorMSP-minhchung-0123456789abcdef` */
  readonly process: string;
  readonly folder: ChaincodeFolder;
}

/** @returns every server that there is an order for, on this machine */
export function serverPlaces(folder: NetworkFolder): ServerPlace[] {
  return entriesOf(folder.hosts).flatMap((mspId) => serversOf(folder.host(mspId)));
}

/** @returns the servers of one organisation */
export function serversOf(host: HostFolder): ServerPlace[] {
  return entriesOf(host.chaincodes).map((label) => serverPlace(host, label)).filter((place) => existsSync(place.folder.server));
}

/** @param label of a package, e.g. `minhchung-0123456789abcdef` */
export function serverPlace(host: HostFolder, label: string): ServerPlace {
  return { process: `chaincode-${host.mspId}-${label}`, folder: host.chaincode(label) };
}

export async function readOrder({ server }: ChaincodeFolder): Promise<ServerOrder> {
  return JSON.parse(await readFile(server, 'utf8')) as ServerOrder;
}

/** @returns the port that a server listens on, e.g. 17104 */
export function portOf({ listen }: ServerOrder): number {
  return Number(listen.slice(listen.lastIndexOf(':') + 1));
}

function entriesOf(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).toSorted() : [];
}
