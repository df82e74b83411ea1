/** Who belongs to the channel, and which certificates its orderers have: as edits of its configuration. */
import { common, orderer } from '@hyperledger/fabric-protos';
import { Problem } from '#domain/errors.js';
import { BLOCK_VALIDATION, blockValidationPolicy } from './block-validation.js';
import type { Edit } from './channel-change.js';

const APPLICATION = 'Application';
const ORDERER = 'Orderer';

/** @returns the organisations that may write and endorse, sorted, e.g. `['EducationMSP', 'IndustryMSP', 'RegulatorMSP']` */
export function memberOrganisations(config: common.Config): string[] {
  const names: string[] = [];
  groupIn(config.getChannelGroup(), APPLICATION).getGroupsMap().forEach((_: unknown, mspId: string) => { names.push(mspId); });
  return names.sort();
}

/**
 * An organisation joins: from the block on that holds the change, its clients may write and its peers are members.
 *
 * @param organisation its group, e.g. taken with `organisationGroupIn` from a block that configtxgen made
 */
export function withOrganisation(mspId: string, organisation: common.ConfigGroup): Edit {
  return (group) => { groupIn(group, APPLICATION).getGroupsMap().set(mspId, organisation); };
}

/**
 * An organisation leaves: its clients' next transaction is refused, and its peers get no block after this one.
 *
 * @throws Problem FABRIC_ORGANISATION_UNKNOWN; FABRIC_ORGANISATION_ORDERS while one of its orderers signs blocks
 */
export function withoutOrganisation(mspId: string): Edit {
  return (group) => {
    const members = groupIn(group, APPLICATION).getGroupsMap();
    if (!members.has(mspId)) throw new Problem('FABRIC_ORGANISATION_UNKNOWN', { organisation: mspId });
    if (groupIn(group, ORDERER).getGroupsMap().has(mspId)) throw new Problem('FABRIC_ORGANISATION_ORDERS', { organisation: mspId });
    members.del(mspId);
  };
}

/** @returns the group of a member organisation. @throws Problem FABRIC_ORGANISATION_UNKNOWN */
export function organisationGroupIn(config: common.Config, mspId: string): common.ConfigGroup {
  const organisation = groupIn(config.getChannelGroup(), APPLICATION).getGroupsMap().get(mspId);
  if (organisation === undefined) throw new Problem('FABRIC_ORGANISATION_UNKNOWN', { organisation: mspId });
  return organisation;
}

/** New certificates of one orderer, PEM. */
export interface OrdererCertificates {
  /** Where it is reached, as it stands in the configuration: what tells it from the others. */
  readonly host: string;
  readonly port: number;
  /** It signs blocks with; BFT only. */
  readonly identity: string;
  readonly tls: string;
}

/**
 * An orderer's certificates are replaced, one orderer at a time: the others must go on agreeing meanwhile.
 *
 * @throws Problem FABRIC_ORDERER_UNKNOWN
 */
export function withOrdererCertificates(certificates: OrdererCertificates): Edit {
  return (group) => {
    const ordererGroup = groupIn(group, ORDERER);
    const values = ordererGroup.getValuesMap();
    const [consensus, orderers] = [values.get('ConsensusType'), values.get('Orderers')];
    const found = orderers === undefined ? inRaft(consensus, certificates) : inBft(orderers, certificates, ordererGroup);
    if (!found) throw new Problem('FABRIC_ORDERER_UNKNOWN', { orderer: `${certificates.host}:${certificates.port}` });
  };
}

function inBft(value: common.ConfigValue, { host, port, identity, tls }: OrdererCertificates, ordererGroup: common.ConfigGroup): boolean {
  const content = common.Orderers.deserializeBinary(value.getValue_asU8());
  const consenters = content.getConsenterMappingList();
  const consenter = consenters.find((one) => one.getHost() === host && one.getPort() === port);
  consenter?.setIdentity(Buffer.from(identity));
  consenter?.setClientTlsCert(Buffer.from(tls));
  consenter?.setServerTlsCert(Buffer.from(tls));
  value.setValue(content.serializeBinary());
  ordererGroup.getPoliciesMap().get(BLOCK_VALIDATION)?.setPolicy(blockValidationPolicy(consenters));
  return consenter !== undefined;
}

function inRaft(value: common.ConfigValue | undefined, { host, port, tls }: OrdererCertificates): boolean {
  if (value === undefined) return false;
  const content = orderer.ConsensusType.deserializeBinary(value.getValue_asU8());
  const metadata = orderer.etcdraft.ConfigMetadata.deserializeBinary(content.getMetadata_asU8());
  const consenter = metadata.getConsentersList().find((one) => one.getHost() === host && one.getPort() === port);
  consenter?.setClientTlsCert(Buffer.from(tls));
  consenter?.setServerTlsCert(Buffer.from(tls));
  content.setMetadata(metadata.serializeBinary());
  value.setValue(content.serializeBinary());
  return consenter !== undefined;
}

function groupIn(group: common.ConfigGroup | undefined, name: string): common.ConfigGroup {
  const inner = group?.getGroupsMap().get(name);
  if (inner === undefined) throw new Problem('FABRIC_CHANGE_UNREADABLE', { reason: `the configuration has no group ${name}` });
  return inner;
}
