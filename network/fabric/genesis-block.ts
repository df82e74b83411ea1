/** Block 0: made by configtxgen, and known by the hash of its header, for nobody signs it. */
import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { channelProfile, PROFILE } from './channel-profile.js';
import type { NetworkFolder } from './network-folder.js';
import { runProgram } from './run-program.js';
import type { Programs } from './programs.js';
import type { Topology } from './topology.js';

/** Writes `channel.block` from the certificates in the organisations' folders. */
export async function makeGenesisBlock(folder: NetworkFolder, topology: Topology, programs: Programs): Promise<void> {
  await writeGenesisBlock({ folder, topology, programs, profileFolder: join(folder.root, 'profile'), block: folder.genesisBlock });
}

export interface GenesisRequest {
  readonly folder: NetworkFolder;
  readonly topology: Topology;
  readonly programs: Programs;
  /** Where what configtxgen reads is written; made. */
  readonly profileFolder: string;
  /** The block's file. */
  readonly block: string;
}

/** The same for any topology, into any file. */
export async function writeGenesisBlock({ folder, topology, programs, profileFolder, block }: GenesisRequest): Promise<void> {
  await mkdir(profileFolder, { recursive: true });
  await writeFile(join(profileFolder, 'configtx.yaml'), JSON.stringify(channelProfile(topology, folder), null, 2));
  await runProgram(programs.configtxgen, ['-configPath', profileFolder, '-profile', PROFILE, '-channelID', topology.channel, '-outputBlock', block], programs.environment);
}

/** @returns the header hash of block 0 in hexadecimal: what tells this channel from every other */
export async function genesisHash({ genesisBlock }: Pick<NetworkFolder, 'genesisBlock'>): Promise<string> {
  return headerHashOfBlock0(await readFile(genesisBlock));
}

const DATA_HASH_BYTES = 32;

/**
 * SHA-256 over the ASN.1 DER header `SEQUENCE { number 0, previous_hash of no bytes, data_hash }`.
 *
 * @param block a `common.Block`: field 1 is the header, in which field 3 is the hash of the content; number 0 and an
 *   empty hash take no bytes in Protocol Buffers
 */
export function headerHashOfBlock0(block: Uint8Array): string {
  const header = [0x0a, DATA_HASH_BYTES + 2, 0x1a, DATA_HASH_BYTES];
  if (!header.every((byte, index) => block[index] === byte)) throw new Error('this is not a block 0 as configtxgen writes it');
  const dataHash = block.subarray(header.length, header.length + DATA_HASH_BYTES);
  const der = Buffer.concat([Buffer.from([0x30, 7 + DATA_HASH_BYTES, 0x02, 0x01, 0x00, 0x04, 0x00, 0x04, DATA_HASH_BYTES]), dataHash]);
  return createHash('sha256').update(der).digest('hex');
}
