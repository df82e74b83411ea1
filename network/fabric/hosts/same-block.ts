/**
 * Block 0 made the same everywhere. configtxgen puts the time and a random number into it and writes maps in any order; here
 * they are settled, so that every organisation makes the very block from the public parts and compares one hash, instead of
 * trusting whoever made it first.
 */
import { createHash, X509Certificate } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { common } from '@hyperledger/fabric-protos';
import { Problem } from '#domain/errors.js';
import { writeDurably } from '../../enrolment/identity-files.js';
import { headerHashOfBlock0, writeGenesisBlock } from '../genesis-block.js';
import type { NetworkFolder } from '../network-folder.js';
import type { Programs } from '../programs.js';
import type { Topology } from '../topology.js';
import { storedPart } from './public-part.js';

const NONCE_BYTES = 24;

/**
 * Makes `channel.block` from the public parts that are here; one that is here already is compared.
 *
 * @returns its header hash, hexadecimal
 * @throws Problem FABRIC_HOST_INCOMPLETE with the organisations whose public part is missing, FABRIC_BLOCK_DIFFERENT,
 *   FABRIC_COMMAND_FAILED
 */
export async function makeSameBlock(folder: NetworkFolder, plan: Topology, programs: Programs): Promise<string> {
  const parts = await Promise.all(plan.organisations.map(({ mspId }) => storedPart(folder, plan, mspId)));
  const missing = plan.organisations.filter((_, index) => parts[index] === undefined).map(({ mspId }) => `public part of ${mspId}`);
  if (missing.length > 0) throw new Problem('FABRIC_HOST_INCOMPLETE', { missing: missing.join(', ') });
  const roots = parts.flatMap((part) => (part === undefined ? [] : [part.root]));
  const block = settledBlock(await generatedBlock(folder, plan, programs), latestStart(roots));
  const hash = headerHashOfBlock0(block);
  if (!existsSync(folder.genesisBlock)) await writeDurably(folder.genesisBlock, block);
  const known = headerHashOfBlock0(await readFile(folder.genesisBlock));
  if (known !== hash) throw new Problem('FABRIC_BLOCK_DIFFERENT', { here: known, made: hash });
  return hash;
}

/** The time in block 0: no root is younger. */
function latestStart(roots: readonly string[]): number {
  return Math.floor(Math.max(...roots.map((root) => Date.parse(new X509Certificate(root).validFrom))) / 1_000);
}

async function generatedBlock(folder: NetworkFolder, topology: Topology, programs: Programs): Promise<Uint8Array> {
  const temporary = await mkdtemp(join(tmpdir(), 'minhchung-block-'));
  try {
    const block = join(temporary, 'channel.block');
    await writeGenesisBlock({ folder, topology, programs, profileFolder: temporary, block });
    return await readFile(block);
  } finally {
    await rm(temporary, { recursive: true });
  }
}

/**
 * @param generated block 0 as configtxgen writes it
 * @param seconds since 1970, for its time
 * @returns the same configuration in a block that depends on nothing else
 */
export function settledBlock(generated: Uint8Array, seconds: number): Uint8Array {
  const block = common.Block.deserializeBinary(generated);
  const envelope = settledEnvelope(common.Envelope.deserializeBinary(block.getData()?.getDataList_asU8()[0] ?? new Uint8Array()), seconds).serializeBinary();
  const data = new common.BlockData();
  data.setDataList([envelope]);
  const header = new common.BlockHeader();
  header.setDataHash(createHash('sha256').update(envelope).digest());
  block.setHeader(header);
  block.setData(data);
  return block.serializeBinary();
}

function settledEnvelope(generated: common.Envelope, seconds: number): common.Envelope {
  const payload = common.Payload.deserializeBinary(generated.getPayload_asU8());
  const config = inOneOrder(payload.getData_asU8());
  const nonce = createHash('sha256').update(config).digest().subarray(0, NONCE_BYTES);
  payload.setData(config);
  payload.setHeader(settledHeader(payload.getHeader(), nonce, seconds));
  const envelope = new common.Envelope();
  envelope.setPayload(payload.serializeBinary());
  return envelope;
}

/** Maps are written here sorted by key; nothing may get lost on the way. */
function inOneOrder(config: Uint8Array): Uint8Array {
  const written = common.ConfigEnvelope.deserializeBinary(config).serializeBinary();
  if (written.length !== config.length) throw new Error('the configuration of block 0 has fields that are not known here');
  return written;
}

function settledHeader(generated: common.Header | undefined, nonce: Uint8Array, seconds: number): common.Header {
  const channelHeader = common.ChannelHeader.deserializeBinary(generated?.getChannelHeader_asU8() ?? new Uint8Array());
  channelHeader.getTimestamp()?.setSeconds(seconds);
  // As Fabric counts it: over nonce and creator; block 0 has no creator.
  channelHeader.setTxId(createHash('sha256').update(nonce).digest('hex'));
  const signatureHeader = new common.SignatureHeader();
  signatureHeader.setNonce(nonce);
  const header = new common.Header();
  header.setChannelHeader(channelHeader.serializeBinary());
  header.setSignatureHeader(signatureHeader.serializeBinary());
  return header;
}
