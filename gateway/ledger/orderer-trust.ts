/** What a configuration block says of the orderers: whose signatures the blocks after it must bear. */
import { Buffer } from 'node:buffer';
import { common, msp, orderer } from '@hyperledger/fabric-protos';
import { blockWrong, readEnvelopes } from './block-reader.js';
import type { OrdererOrganisation } from './orderer-organisation.js';
import type { OrdererTrust } from './orderer-signatures.js';

/**
 * Reads the configuration out of a block (fabric-protos `common/configtx.proto`, `common/configuration.proto`).
 *
 * @param bytes a serialised `common.Block` that holds one configuration transaction and nothing else
 * @returns the orderers' organisations with their authorities and revocation lists, consenters by number for BFT, and how
 *   many must sign
 * @throws Problem LEDGER_BLOCK_WRONG with reason `configuration`
 */
export function ordererTrustIn(bytes: Uint8Array): OrdererTrust {
  const { envelopes: [envelope, ...more], number } = readEnvelopes(bytes);
  const group = envelope === undefined || more.length > 0 ? undefined : ordererGroup(envelope);
  if (group === undefined) throw blockWrong(number, 'configuration');
  const organisations: Record<string, OrdererOrganisation> = {};
  group.getGroupsMap().forEach((organisation) => {
    const { mspId, ...defined } = organisationIn(organisation);
    organisations[mspId] = defined;
  });
  if (consensusType(group) !== 'BFT') return { organisations, quorum: 1 };
  const consenters = consentersOf(group);
  return { organisations, consenters, quorum: quorumOf(Object.keys(consenters).length) };
}

/** How many of `n` SmartBFT orderers sign a block: more than half of those who are left beside all that may be faulty. */
export function quorumOf(n: number): number {
  const faulty = Math.floor((n - 1) / 3);
  return Math.ceil((n + faulty + 1) / 2);
}

function ordererGroup(envelope: Uint8Array): common.ConfigGroup | undefined {
  const payload = common.Payload.deserializeBinary(common.Envelope.deserializeBinary(envelope).getPayload_asU8());
  const config = common.ConfigEnvelope.deserializeBinary(payload.getData_asU8()).getConfig();
  return config?.getChannelGroup()?.getGroupsMap().get('Orderer');
}

function valueOf(group: common.ConfigGroup, name: string): Uint8Array {
  return group.getValuesMap().get(name)?.getValue_asU8() ?? new Uint8Array();
}

function consensusType(group: common.ConfigGroup): string {
  return orderer.ConsensusType.deserializeBinary(valueOf(group, 'ConsensusType')).getType();
}

function organisationIn(group: common.ConfigGroup): OrdererOrganisation & { readonly mspId: string } {
  const fabric = msp.FabricMSPConfig.deserializeBinary(msp.MSPConfig.deserializeBinary(valueOf(group, 'MSP')).getConfig_asU8());
  return {
    mspId: fabric.getName(),
    roots: fabric.getRootCertsList_asU8().map(pemText),
    intermediates: fabric.getIntermediateCertsList_asU8().map(pemText),
    revocationLists: fabric.getRevocationListList_asU8(),
  };
}

function consentersOf(group: common.ConfigGroup): Record<number, { mspId: string; certificate: string }> {
  const consenters = common.Orderers.deserializeBinary(valueOf(group, 'Orderers')).getConsenterMappingList();
  return Object.fromEntries(consenters.map((one) => [one.getId(), { mspId: one.getMspId(), certificate: pemText(one.getIdentity_asU8()) }]));
}

function pemText(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('utf8');
}
