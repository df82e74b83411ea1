/** A chain of blocks as orderers sign it, whose configuration blocks name the orderers of the next ones. */
import { createHash } from 'node:crypto';
import { common, msp, orderer } from '@hyperledger/fabric-protos';
import { headerBytes } from '../../../gateway/ledger/block-reader.js';
import { nativeSigner } from '../../../gateway/ledger/native-signer.js';
import type { Authority } from '../../../network/enrolment/authority.js';
import type { Identity } from '../../../network/enrolment/identity.js';
import { blockOf, envelopeOf, type TransactionSpec } from './fabric-blocks.js';
import { identifierHeader, signatureHeader } from './signer-headers.js';

/** Who orders: BFT orderers sign as numbers, from 1 in this order; a Raft one signs by its certificate. */
export interface Ordering {
  readonly consensus: 'BFT' | 'etcdraft';
  readonly authority: Pick<Authority, 'mspId' | 'certificatePem'>;
  readonly orderers: readonly Identity[];
  /** of the authority, PEM */
  readonly revocationLists?: readonly string[];
  /** a root of an organisation that does not order: any bytes that it likes */
  readonly memberRoot?: Uint8Array;
}

/** The envelope of a configuration transaction that names these. */
export function configEnvelope({ consensus, authority, orderers, revocationLists = [], memberRoot }: Ordering): Uint8Array {
  const group = new common.ConfigGroup();
  const type = new orderer.ConsensusType();
  type.setType(consensus);
  group.getValuesMap().set('ConsensusType', valueOf(type.serializeBinary()));
  const consenters = new common.Orderers();
  consenters.setConsenterMappingList(orderers.map(({ mspId, certificatePem }, index) => {
    const one = new common.Consenter();
    one.setId(index + 1);
    one.setMspId(mspId);
    one.setIdentity(Buffer.from(certificatePem));
    return one;
  }));
  group.getValuesMap().set('Orderers', valueOf(consenters.serializeBinary()));
  group.getGroupsMap().set(authority.mspId, organisationGroup(authority.mspId, Buffer.from(authority.certificatePem), revocationLists));
  const channel = new common.ConfigGroup();
  channel.getGroupsMap().set('Orderer', group);
  if (memberRoot !== undefined) channel.getGroupsMap().set('Application', applicationGroup(memberRoot));
  return enveloped(channel);
}

function organisationGroup(mspId: string, root: Uint8Array, revocationLists: readonly string[] = []): common.ConfigGroup {
  const organisation = new common.ConfigGroup();
  const fabric = new msp.FabricMSPConfig();
  fabric.setName(mspId);
  fabric.setRootCertsList([root]);
  fabric.setRevocationListList(revocationLists.map((list) => Buffer.from(list)));
  const config = new msp.MSPConfig();
  config.setConfig(fabric.serializeBinary());
  organisation.getValuesMap().set('MSP', valueOf(config.serializeBinary()));
  return organisation;
}

function applicationGroup(memberRoot: Uint8Array): common.ConfigGroup {
  const group = new common.ConfigGroup();
  group.getGroupsMap().set('NewMSP', organisationGroup('NewMSP', memberRoot));
  return group;
}

function enveloped(channel: common.ConfigGroup): Uint8Array {
  const config = new common.Config();
  config.setChannelGroup(channel);
  const content = new common.ConfigEnvelope();
  content.setConfig(config);
  const channelHeader = new common.ChannelHeader();
  channelHeader.setType(common.HeaderType.CONFIG);
  const header = new common.Header();
  header.setChannelHeader(channelHeader.serializeBinary());
  const payload = new common.Payload();
  payload.setHeader(header);
  payload.setData(content.serializeBinary());
  const envelope = new common.Envelope();
  envelope.setPayload(payload.serializeBinary());
  envelope.setSignature(Buffer.from('signature'));
  return envelope.serializeBinary();
}

function valueOf(bytes: Uint8Array): common.ConfigValue {
  const value = new common.ConfigValue();
  value.setValue(bytes);
  return value;
}

export class SignedChain {
  readonly blocks: Buffer[] = [];
  #previous: Buffer = Buffer.alloc(0);
  #configuration = 0;
  #ordering: Ordering;

  private constructor(ordering: Ordering) {
    this.#ordering = ordering;
  }

  /** Block 0, which nobody signs. */
  static begin(ordering: Ordering): SignedChain {
    const chain = new SignedChain(ordering);
    chain.#append(blockOf(0, Buffer.alloc(0), [configEnvelope(ordering)]), [configEnvelope(ordering)]);
    return chain;
  }

  get genesisHash(): string {
    const header = common.Block.deserializeBinary(this.blocks[0] ?? Buffer.alloc(0)).getHeader();
    return createHash('sha256').update(headerBytes(0n, Buffer.alloc(0), header?.getDataHash_asU8() ?? Buffer.alloc(0))).digest('hex');
  }

  /** A block of one transaction, signed by these, who are among the orderers unless a test wants others. */
  async add(signers: readonly Identity[] = this.#ordering.orderers, transaction: TransactionSpec = { writes: [{ key: `k${this.blocks.length}`, value: 'v' }] }): Promise<this> {
    return this.#sign([envelopeOf(transaction)], signers, this.#configuration);
  }

  /** A configuration block, signed by the orderers before it; with other transactions in it, if a test wants some. */
  async change(ordering: Ordering, signers: readonly Identity[] = this.#ordering.orderers, beside: readonly Uint8Array[] = []): Promise<this> {
    const number = this.blocks.length;
    await this.#sign([configEnvelope(ordering), ...beside], signers, number);
    this.#configuration = number;
    this.#ordering = ordering;
    return this;
  }

  async #sign(data: readonly Uint8Array[], signers: readonly Identity[], configuration: number): Promise<this> {
    const number = this.blocks.length;
    const block = common.Block.deserializeBinary(blockOf(number, this.#previous, data, data.map(() => 0)));
    const metadata = new common.Metadata();
    metadata.setValue(lastConfiguration(configuration));
    metadata.setSignaturesList(await Promise.all(signers.map(async (signer) => this.#signature(block, metadata.getValue_asU8(), signer))));
    const [, ...rest] = block.getMetadata()?.getMetadataList_asU8() ?? [];
    block.getMetadata()?.setMetadataList([metadata.serializeBinary(), ...rest]);
    this.#append(Buffer.from(block.serializeBinary()), data);
    return this;
  }

  async #signature(block: common.Block, value: Uint8Array, signer: Identity): Promise<common.MetadataSignature> {
    const header = block.getHeader();
    const named = this.#ordering.consensus === 'BFT' ? identifierHeader(this.#ordering.orderers.indexOf(signer) + 1) : signatureHeader(signer);
    const out = new common.MetadataSignature();
    if (this.#ordering.consensus === 'BFT') out.setIdentifierHeader(named);
    else out.setSignatureHeader(named);
    const signed = Buffer.concat([value, named, headerBytes(BigInt(header?.getNumber() ?? 0), header?.getPreviousHash_asU8() ?? value, header?.getDataHash_asU8() ?? value)]);
    out.setSignature(await nativeSigner(signer.privateKeyPem)(signed));
    return out;
  }

  #append(block: Buffer, data: readonly Uint8Array[]): void {
    const dataHash = createHash('sha256').update(Buffer.concat(data)).digest();
    this.#previous = createHash('sha256').update(headerBytes(BigInt(this.blocks.length), this.#previous, dataHash)).digest();
    this.blocks.push(block);
  }
}

function lastConfiguration(index: number): Uint8Array {
  const last = new common.LastConfig();
  last.setIndex(index);
  const metadata = new common.OrdererBlockMetadata();
  metadata.setLastConfig(last);
  return metadata.serializeBinary();
}
