/** Taking Fabric's blocks and transactions apart with Fabric's own message classes, independently of the ledger's code. */
import { createHash, verify, X509Certificate } from 'node:crypto';
import { common, gateway, ledger, msp, peer } from '@hyperledger/fabric-protos';

export interface ParsedTransaction {
  readonly txId: string;
  readonly creatorMsp: string;
  readonly readWriteSets: {
    readonly namespace: string;
    readonly set: ledger.rwset.kvrwset.KVRWSet;
    readonly collections: ledger.rwset.CollectionHashedReadWriteSet[];
  }[];
  readonly response: peer.Response | undefined;
  readonly event: peer.ChaincodeEvent | undefined;
  /** True for each endorsement whose signature fits and whose certificate chains to a root. */
  readonly endorsements: { readonly mspId: string; readonly valid: boolean }[];
}

export type Roots = Readonly<Record<string, { readonly pems: readonly string[]; readonly group: string }>>;

const sha256 = (...parts: Uint8Array[]): Buffer => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

/** Roots of all organisations out of a configuration block. */
export function rootsOfConfigBlock(block: common.Block): Roots {
  const payload = payloadOf(block.getData()!.getDataList_asU8()[0]!);
  const groups = common.ConfigEnvelope.deserializeBinary(payload.getData_asU8()).getConfig()!.getChannelGroup()!.getGroupsMap();
  const roots: Record<string, { pems: string[]; group: string }> = {};
  for (const group of ['Application', 'Orderer']) {
    groups.get(group)!.getGroupsMap().forEach((organisation) => {
      const config = msp.MSPConfig.deserializeBinary(organisation.getValuesMap().get('MSP')!.getValue_asU8());
      const fabric = msp.FabricMSPConfig.deserializeBinary(config.getConfig_asU8());
      roots[fabric.getName()] = { group, pems: fabric.getRootCertsList_asU8().map((pem) => Buffer.from(pem).toString()) };
    });
  }
  return roots;
}

/** BFT: the orderers by their numbers; none otherwise. */
function consentersOfConfigBlock(block: common.Block): Map<number, { mspId: string; pem: string }> {
  const payload = payloadOf(block.getData()!.getDataList_asU8()[0]!);
  const groups = common.ConfigEnvelope.deserializeBinary(payload.getData_asU8()).getConfig()!.getChannelGroup()!.getGroupsMap();
  const orderers = groups.get('Orderer')!.getValuesMap().get('Orderers');
  const list = orderers === undefined ? [] : common.Orderers.deserializeBinary(orderers.getValue_asU8()).getConsenterMappingList();
  return new Map(list.map((one) => [one.getId(), { mspId: one.getMspId(), pem: Buffer.from(one.getIdentity_asU8()).toString() }]));
}

export function payloadOf(envelope: Uint8Array): common.Payload {
  return common.Payload.deserializeBinary(common.Envelope.deserializeBinary(envelope).getPayload_asU8());
}

/** ASN.1 DER of a header, written as Go's encoding/asn1 does it. */
export function headerDer(header: common.BlockHeader): Buffer {
  let digits = header.getNumber().toString(16);
  if (digits.length % 2 === 1) digits = `0${digits}`;
  if (Number.parseInt(digits.slice(0, 2), 16) > 127) digits = `00${digits}`;
  const field = (tag: number, content: Uint8Array): Buffer => Buffer.concat([Buffer.of(tag, content.length), content]);
  const body = Buffer.concat([field(2, Buffer.from(digits, 'hex')), field(4, header.getPreviousHash_asU8()), field(4, header.getDataHash_asU8())]);
  return field(0x30, body);
}

export const headerHash = (header: common.BlockHeader): string => sha256(headerDer(header)).toString('hex');

export function dataHash(block: common.Block): string {
  return sha256(...block.getData()!.getDataList_asU8()).toString('hex');
}

/**
 * Organisations whose orderers signed the block validly. Under BFT a signer names itself by a number, which the
 * configuration gives a certificate to.
 *
 * @param config the configuration block that was in force
 */
export function blockSigners(block: common.Block, config: common.Block): string[] {
  const [roots, consenters] = [rootsOfConfigBlock(config), consentersOfConfigBlock(config)];
  const metadata = common.Metadata.deserializeBinary(block.getMetadata()!.getMetadataList_asU8()[0]!);
  return metadata.getSignaturesList().flatMap((entry) => {
    const [header, identifier] = [entry.getSignatureHeader_asU8(), entry.getIdentifierHeader_asU8()];
    const signer = header.length > 0
      ? identityOf(common.SignatureHeader.deserializeBinary(header).getCreator_asU8())
      : consenters.get(common.IdentifierHeader.deserializeBinary(identifier).getIdentifier())!;
    const signed = Buffer.concat([metadata.getValue_asU8(), header, identifier, headerDer(block.getHeader()!)]);
    const valid = roots[signer.mspId]?.group === 'Orderer' && chains(signer.pem, roots[signer.mspId]!.pems) && signatureFits(signer.pem, signed, entry.getSignature_asU8());
    return valid ? [signer.mspId] : [];
  });
}

export function flagsOf(block: common.Block): number[] {
  return [...block.getMetadata()!.getMetadataList_asU8()[common.BlockMetadataIndex.TRANSACTIONS_FILTER]!];
}

export function parseTransaction(envelope: Uint8Array, roots: Roots): ParsedTransaction {
  const payload = payloadOf(envelope);
  const channel = common.ChannelHeader.deserializeBinary(payload.getHeader()!.getChannelHeader_asU8());
  const signature = common.SignatureHeader.deserializeBinary(payload.getHeader()!.getSignatureHeader_asU8());
  const action = endorsedAction(payload);
  const responseBytes = action.getProposalResponsePayload_asU8();
  const result = peer.ChaincodeAction.deserializeBinary(peer.ProposalResponsePayload.deserializeBinary(responseBytes).getExtension_asU8());
  const eventBytes = result.getEvents_asU8();
  return {
    txId: channel.getTxId(), creatorMsp: identityOf(signature.getCreator_asU8()).mspId, response: result.getResponse(),
    readWriteSets: ledger.rwset.TxReadWriteSet.deserializeBinary(result.getResults_asU8()).getNsRwsetList()
      .map((set) => ({ namespace: set.getNamespace(), set: ledger.rwset.kvrwset.KVRWSet.deserializeBinary(set.getRwset_asU8()), collections: set.getCollectionHashedRwsetList() })),
    event: eventBytes.length === 0 ? undefined : peer.ChaincodeEvent.deserializeBinary(eventBytes),
    endorsements: action.getEndorsementsList().map((entry) => {
      const endorser = identityOf(entry.getEndorser_asU8());
      const signed = Buffer.concat([responseBytes, entry.getEndorser_asU8()]);
      return { mspId: endorser.mspId, valid: chains(endorser.pem, roots[endorser.mspId]?.pems ?? []) && signatureFits(endorser.pem, signed, entry.getSignature_asU8()) };
    }),
  };
}

export function endorsedAction(payload: common.Payload): peer.ChaincodeEndorsedAction {
  const transaction = peer.Transaction.deserializeBinary(payload.getData_asU8());
  return peer.ChaincodeActionPayload.deserializeBinary(transaction.getActionsList()[0]!.getPayload_asU8()).getAction()!;
}

/** The envelope inside what `Transaction.getBytes()` gives. */
export function preparedEnvelope(bytes: Uint8Array): Uint8Array {
  return gateway.PreparedTransaction.deserializeBinary(bytes).getEnvelope()!.serializeBinary();
}

function identityOf(bytes: Uint8Array): { mspId: string; pem: string } {
  const identity = msp.SerializedIdentity.deserializeBinary(bytes);
  return { mspId: identity.getMspid(), pem: Buffer.from(identity.getIdBytes_asU8()).toString() };
}

function chains(pem: string, roots: readonly string[]): boolean {
  const certificate = new X509Certificate(pem);
  return roots.some((root) => certificate.verify(new X509Certificate(root).publicKey));
}

function signatureFits(pem: string, message: Uint8Array, signature: Uint8Array): boolean {
  return verify('sha256', message, new X509Certificate(pem).publicKey, signature);
}
