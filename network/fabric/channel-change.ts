/**
 * Changes of the channel's configuration as files that travel: proposed on one host, signed on every host whose
 * administrator agrees, submitted by the last. The file is Fabric's own (an envelope with a configuration update), so
 * `peer channel signconfigtx` signs it too.
 */
import { createHash, createPrivateKey, randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { common, msp } from '@hyperledger/fabric-protos';
import { Problem } from '#domain/errors.js';
import type { Identity } from '../enrolment/identity.js';
import { signLowS } from '../enrolment/low-s-signature.js';
import { changeIsIn } from './change-in-force.js';
import { creatorIn, isOver, judgedSignatures, type JudgedSignature } from './change-signatures.js';
import { configUpdate } from './config-update.js';
import type { Network } from './network.js';
import { isAboutReaching, orderedCommand, orderersFor, peerCommand } from './peer-command.js';
import { readExactly, type Nested } from './read-exactly.js';
import type { PeerOrganisation } from './topology.js';
import { until } from './until.js';

const NONCE_BYTES = 24;
const CONFIG_UPDATE = common.HeaderType.CONFIG_UPDATE;

/** Changes a copy of the channel's group in place. */
export type Edit = (group: common.ConfigGroup) => void;

/**
 * The channel's configuration as the orderers have it now.
 *
 * @param asker whose administrator asks, and whose peer's tools are used
 * @throws Problem FABRIC_COMMAND_FAILED
 */
export async function newestConfig(network: Network, asker: PeerOrganisation): Promise<common.Config> {
  return inTemporaryFolder(async (folder) => {
    const file = join(folder, 'config.block');
    await orderedCommand(network, asker, ['channel', 'fetch', 'config', file, '-c', network.topology.channel], 'reading');
    return configOfBlock(await readFile(file));
  });
}

/** @param block serialised configuration block */
export function configOfBlock(block: Uint8Array): common.Config {
  const [envelope] = common.Block.deserializeBinary(block).getData()?.getDataList_asU8() ?? [];
  const payload = common.Payload.deserializeBinary(common.Envelope.deserializeBinary(envelope ?? new Uint8Array()).getPayload_asU8());
  const config = common.ConfigEnvelope.deserializeBinary(payload.getData_asU8()).getConfig();
  if (config === undefined) throw new Problem('FABRIC_CHANGE_UNREADABLE', { reason: 'this block holds no configuration' });
  return config;
}

/**
 * @param edit what is to become of the newest configuration
 * @returns the change, signed by nobody yet; `undefined` if everything is so already
 */
export function proposedChange(channel: string, config: common.Config, edit: Edit): Uint8Array | undefined {
  const original = config.getChannelGroup();
  if (original === undefined) throw new Problem('FABRIC_CHANGE_UNREADABLE', { reason: 'the configuration is empty' });
  const wanted = common.ConfigGroup.deserializeBinary(original.serializeBinary());
  edit(wanted);
  const update = configUpdate(channel, original, wanted);
  if (update === undefined) return undefined;
  const content = new common.ConfigUpdateEnvelope();
  content.setConfigUpdate(update.serializeBinary());
  return envelopeOf(channel, content);
}

/**
 * Adds an administrator's signature. One who has signed already does not sign again; what somebody else wrote down as this
 * administrator's signature is replaced.
 *
 * @param change as `proposedChange` gave it, with any signatures
 * @throws Problem FABRIC_CHANGE_UNREADABLE
 */
export function signedChange(change: Uint8Array, admin: Identity): Uint8Array {
  updateIn(change);
  const { channel, content } = readChange(change);
  const [creator, update] = [creatorOf(admin), content.getConfigUpdate_asU8()];
  const isOwn = (one: common.ConfigSignature): boolean => Buffer.compare(creatorIn(one), creator) === 0;
  if (content.getSignaturesList().some((one) => isOwn(one) && isOver(update, one))) return change;
  content.setSignaturesList(content.getSignaturesList().filter((one) => !isOwn(one)));
  content.addSignatures(signatureOf(admin, creator, update));
  return envelopeOf(channel, content);
}

function signatureOf(admin: Identity, creator: Uint8Array, update: Uint8Array): common.ConfigSignature {
  const header = new common.SignatureHeader();
  header.setCreator(creator);
  header.setNonce(randomBytes(NONCE_BYTES));
  const signature = new common.ConfigSignature();
  signature.setSignatureHeader(header.serializeBinary());
  signature.setSignature(signLowS(createPrivateKey(admin.privateKeyPem), Buffer.concat([header.serializeBinary(), update])));
  return signature;
}

/** Maps of the update may stand in any order; other tools write them in another one. */
const GROUP: Record<number, Nested> = {};
Object.assign(GROUP, { 2: { 2: GROUP }, 3: { 2: {} }, 4: { 2: {} } });
const UPDATE: Nested = { 2: GROUP, 3: GROUP };

/** @returns what a change asks for. @throws Problem FABRIC_CHANGE_UNREADABLE, also if another program would read something else in it */
export function updateIn(change: Uint8Array): common.ConfigUpdate {
  const { channel, content } = readChange(change);
  const update = readExactly(common.ConfigUpdate, content.getConfigUpdate_asU8(), 'the change', UPDATE);
  if (update.getChannelId() !== channel) throw new Problem('FABRIC_CHANGE_UNREADABLE', { reason: 'the change is of another channel than its envelope says' });
  return update;
}

/** @returns SHA-256 over what is signed, hexadecimal: the same before and after each signature */
export function changeFingerprint(change: Uint8Array): string {
  return createHash('sha256').update(readChange(change).content.getConfigUpdate_asU8()).digest('hex');
}

/** @param config says whose certificates are whose; without it no signature counts. @returns every signature, in the change's order */
export function changeSignatures(change: Uint8Array, config?: common.Config): JudgedSignature[] {
  const { content } = readChange(change);
  return judgedSignatures(content.getConfigUpdate_asU8(), content.getSignaturesList(), config?.getChannelGroup());
}

/**
 * Hands a change to the orderers and waits until it is in force: until this very change is, not only some later one.
 *
 * @throws Problem FABRIC_COMMAND_FAILED, e.g. because too few have signed; FABRIC_NOT_READY
 */
export async function submitChange(network: Network, asker: PeerOrganisation, change: Uint8Array): Promise<void> {
  const update = updateIn(change);
  const before = (await newestConfig(network, asker)).getSequence();
  const isInForce = async (): Promise<boolean> => {
    const config = await newestConfig(network, asker);
    return config.getSequence() > before && changeIsIn(config, update);
  };
  await inTemporaryFolder(async (folder) => {
    const file = join(folder, 'change.pb');
    await writeFile(file, change);
    for (const orderer of await orderersFor(network, 'writing')) {
      if (await submittedBy(network, asker, [file, ...orderer], isInForce)) return;
    }
    throw new Problem('FABRIC_NOT_READY', { what: 'the channel to change', waitedMs: String(ATTEMPT_MS) });
  });
}

/** An orderer that was just restarted may take a change and hand it to nobody: after this time another one is given it, too. */
const ATTEMPT_MS = 20_000;

/** @returns true if the change is in force; false if another orderer has to be tried */
async function submittedBy(network: Network, asker: PeerOrganisation, [file = '', ...orderer]: readonly string[], isInForce: () => Promise<boolean>): Promise<boolean> {
  try {
    await peerCommand(network, asker, ['channel', 'update', '-c', network.topology.channel, '-f', file, ...orderer]);
  } catch (error) {
    // What an orderer was given before may have come into force meanwhile, and a second copy is refused.
    if (await isInForce()) return true;
    if (isAboutReaching(error)) return false;
    throw error;
  }
  return until({ what: 'the channel to change', withinMs: ATTEMPT_MS, signal: network.signal }, isInForce).catch((error: unknown) => {
    if (error instanceof Problem && error.code === 'FABRIC_NOT_READY') return false;
    throw error;
  });
}

function readChange(change: Uint8Array): { readonly channel: string; readonly content: common.ConfigUpdateEnvelope } {
  try {
    const payload = common.Payload.deserializeBinary(common.Envelope.deserializeBinary(change).getPayload_asU8());
    const header = common.ChannelHeader.deserializeBinary(payload.getHeader()?.getChannelHeader_asU8() ?? new Uint8Array());
    if (header.getType() === CONFIG_UPDATE) return { channel: header.getChannelId(), content: common.ConfigUpdateEnvelope.deserializeBinary(payload.getData_asU8()) };
  } catch {
    // told below: bytes that cannot be read are no change either
  }
  throw new Problem('FABRIC_CHANGE_UNREADABLE', { reason: 'this file is no change of a channel' });
}

function envelopeOf(channel: string, content: common.ConfigUpdateEnvelope): Uint8Array {
  const channelHeader = new common.ChannelHeader();
  channelHeader.setType(CONFIG_UPDATE);
  channelHeader.setChannelId(channel);
  const header = new common.Header();
  header.setChannelHeader(channelHeader.serializeBinary());
  const payload = new common.Payload();
  payload.setHeader(header);
  payload.setData(content.serializeBinary());
  const envelope = new common.Envelope();
  envelope.setPayload(payload.serializeBinary());
  return envelope.serializeBinary();
}

function creatorOf({ mspId, certificatePem }: Identity): Uint8Array {
  const creator = new msp.SerializedIdentity();
  creator.setMspid(mspId);
  creator.setIdBytes(Buffer.from(certificatePem));
  return creator.serializeBinary();
}

async function inTemporaryFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'minhchung-channel-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}
