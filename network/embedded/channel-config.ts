/**
 * Block 0: the channel's configuration in Fabric's format. A verifier that knows Fabric finds the organisations' root
 * certificates here, and nowhere else.
 */
import { common, msp, orderer } from '@hyperledger/fabric-protos';
import type { TrustRoots } from './membership.js';
import { decodeEnvelope } from './transaction-message.js';

/** The organisation that runs peer and orderer. */
export const OPERATOR_MSP = 'OperatorMSP';

export interface ChannelConfig {
  readonly channel: string;
  /** Organisations whose clients may propose transactions, e.g. `['RegulatorMSP', 'IndustryMSP']`. */
  readonly organisations: readonly string[];
  /** Roots of those and of the operator. */
  readonly roots: TrustRoots;
  readonly maxMessages: number;
  readonly batchTimeoutMs: number;
}

const ADMINS = 'Admins';
const CONFIG_TRANSACTION = common.HeaderType.CONFIG;
const HASHING_WIDTH = 0xffffffff; // "one flat hash over the whole data", in Fabric's words

/** @returns the single envelope of block 0 */
export function encodeGenesisEnvelope(config: ChannelConfig): Buffer {
  const channelHeader = new common.ChannelHeader();
  channelHeader.setType(CONFIG_TRANSACTION);
  channelHeader.setVersion(1);
  channelHeader.setChannelId(config.channel);
  const header = new common.Header();
  header.setChannelHeader(channelHeader.serializeBinary());
  header.setSignatureHeader(new common.SignatureHeader().serializeBinary());
  const channelConfig = new common.Config();
  channelConfig.setChannelGroup(channelGroup(config));
  const content = new common.ConfigEnvelope();
  content.setConfig(channelConfig);
  const payload = new common.Payload();
  payload.setHeader(header);
  payload.setData(content.serializeBinary());
  const envelope = new common.Envelope();
  envelope.setPayload(payload.serializeBinary());
  return Buffer.from(envelope.serializeBinary());
}

function channelGroup(config: ChannelConfig): common.ConfigGroup {
  const group = new common.ConfigGroup();
  group.setModPolicy(ADMINS);
  addMetaPolicies(group, { Readers: 'ANY', Writers: 'ANY', Admins: 'MAJORITY' });
  const hashing = new common.HashingAlgorithm();
  hashing.setName('SHA256');
  addValue(group, 'HashingAlgorithm', hashing);
  const structure = new common.BlockDataHashingStructure();
  structure.setWidth(HASHING_WIDTH);
  addValue(group, 'BlockDataHashingStructure', structure);
  addValue(group, 'Capabilities', capabilities('V2_0'));
  group.getGroupsMap().set('Orderer', ordererGroup(config));
  group.getGroupsMap().set('Application', applicationGroup(config));
  return group;
}

function ordererGroup(config: ChannelConfig): common.ConfigGroup {
  const group = new common.ConfigGroup();
  group.setModPolicy(ADMINS);
  addMetaPolicies(group, { Readers: 'ANY', Writers: 'ANY', Admins: 'MAJORITY', BlockValidation: 'ANY' });
  const batchSize = new orderer.BatchSize();
  batchSize.setMaxMessageCount(config.maxMessages);
  batchSize.setAbsoluteMaxBytes(MAX_TRANSACTION_BYTES);
  batchSize.setPreferredMaxBytes(PREFERRED_BLOCK_BYTES);
  addValue(group, 'BatchSize', batchSize);
  const timeout = new orderer.BatchTimeout();
  timeout.setTimeout(`${config.batchTimeoutMs}ms`);
  addValue(group, 'BatchTimeout', timeout);
  const consensus = new orderer.ConsensusType();
  consensus.setType('embedded');
  addValue(group, 'ConsensusType', consensus);
  addValue(group, 'Capabilities', capabilities('V2_0'));
  group.getGroupsMap().set(OPERATOR_MSP, organisationGroup(OPERATOR_MSP, config.roots, ['orderer', 'admin']));
  return group;
}

/** Fabric's defaults: `AbsoluteMaxBytes` bounds one transaction, `PreferredMaxBytes` one block of several. */
export const MAX_TRANSACTION_BYTES = 10 * 1024 * 1024;
export const PREFERRED_BLOCK_BYTES = 8 * 1024 * 1024;

function applicationGroup(config: ChannelConfig): common.ConfigGroup {
  const group = new common.ConfigGroup();
  group.setModPolicy(ADMINS);
  addMetaPolicies(group, { Readers: 'ANY', Writers: 'ANY', Admins: 'MAJORITY', LifecycleEndorsement: 'MAJORITY' });
  addPolicy(group, 'Endorsement', signaturePolicy([[OPERATOR_MSP, 'peer']]));
  addValue(group, 'Capabilities', capabilities('V2_5'));
  for (const mspId of config.organisations) group.getGroupsMap().set(mspId, organisationGroup(mspId, config.roots, ['client', 'admin']));
  group.getGroupsMap().set(OPERATOR_MSP, organisationGroup(OPERATOR_MSP, config.roots, []));
  return group;
}

type NodeRole = 'client' | 'peer' | 'orderer' | 'admin';

/** @param writers roles whose signature lets a transaction in; none for the operator, who endorses but does not propose */
function organisationGroup(mspId: string, roots: TrustRoots, writers: readonly NodeRole[]): common.ConfigGroup {
  const group = new common.ConfigGroup();
  group.setModPolicy(ADMINS);
  const of = (roles: readonly NodeRole[]): [string, NodeRole][] => roles.map((role) => [mspId, role]);
  addPolicy(group, 'Readers', signaturePolicy(of(['client', 'peer', 'orderer', 'admin'])));
  addPolicy(group, 'Writers', signaturePolicy(of(writers)));
  addPolicy(group, ADMINS, signaturePolicy(of(['admin'])));
  addPolicy(group, 'Endorsement', signaturePolicy(of(['peer'])));
  addValue(group, 'MSP', mspConfig(mspId, roots[mspId] ?? []));
  return group;
}

function mspConfig(mspId: string, roots: readonly string[]): msp.MSPConfig {
  const fabric = new msp.FabricMSPConfig();
  fabric.setName(mspId);
  fabric.setRootCertsList(roots.map((pem) => Buffer.from(pem)));
  const crypto = new msp.FabricCryptoConfig();
  crypto.setSignatureHashFamily('SHA2');
  crypto.setIdentityIdentifierHashFunction('SHA256');
  fabric.setCryptoConfig(crypto);
  const nodeOus = new msp.FabricNodeOUs();
  nodeOus.setEnable(true);
  nodeOus.setClientOuIdentifier(organisationalUnit('client'));
  nodeOus.setPeerOuIdentifier(organisationalUnit('peer'));
  nodeOus.setAdminOuIdentifier(organisationalUnit('admin'));
  nodeOus.setOrdererOuIdentifier(organisationalUnit('orderer'));
  fabric.setFabricNodeOus(nodeOus);
  const config = new msp.MSPConfig();
  config.setConfig(fabric.serializeBinary());
  return config;
}

function organisationalUnit(name: NodeRole): msp.FabricOUIdentifier {
  const unit = new msp.FabricOUIdentifier();
  unit.setOrganizationalUnitIdentifier(name);
  return unit;
}

const MSP_ROLE = { client: msp.MSPRole.MSPRoleType.CLIENT, peer: msp.MSPRole.MSPRoleType.PEER, orderer: msp.MSPRole.MSPRoleType.ORDERER, admin: msp.MSPRole.MSPRoleType.ADMIN };

/** "Any one of these roles"; of none, nobody. */
function signaturePolicy(roles: readonly [string, NodeRole][]): common.Policy {
  const envelope = new common.SignaturePolicyEnvelope();
  envelope.setIdentitiesList(roles.map(([mspId, role]) => principal(mspId, role)));
  const anyOf = new common.SignaturePolicy.NOutOf();
  anyOf.setN(1);
  anyOf.setRulesList(roles.map((_, index) => {
    const rule = new common.SignaturePolicy();
    rule.setSignedBy(index);
    return rule;
  }));
  const rule = new common.SignaturePolicy();
  rule.setNOutOf(anyOf);
  envelope.setRule(rule);
  return policy(common.Policy.PolicyType.SIGNATURE, envelope.serializeBinary());
}

function principal(mspId: string, role: NodeRole): msp.MSPPrincipal {
  const mspRole = new msp.MSPRole();
  mspRole.setMspIdentifier(mspId);
  mspRole.setRole(MSP_ROLE[role]);
  const member = new msp.MSPPrincipal();
  member.setPrincipalClassification(msp.MSPPrincipal.Classification.ROLE);
  member.setPrincipal(mspRole.serializeBinary());
  return member;
}

function addMetaPolicies(group: common.ConfigGroup, rules: Readonly<Record<string, 'ANY' | 'MAJORITY'>>): void {
  for (const [name, rule] of Object.entries(rules)) {
    const meta = new common.ImplicitMetaPolicy();
    meta.setSubPolicy(name === 'BlockValidation' ? 'Writers' : name === 'LifecycleEndorsement' ? 'Endorsement' : name);
    meta.setRule(common.ImplicitMetaPolicy.Rule[rule]);
    addPolicy(group, name, policy(common.Policy.PolicyType.IMPLICIT_META, meta.serializeBinary()));
  }
}

function policy(type: number, value: Uint8Array): common.Policy {
  const result = new common.Policy();
  result.setType(type);
  result.setValue(value);
  return result;
}

function addPolicy(group: common.ConfigGroup, name: string, value: common.Policy): void {
  const entry = new common.ConfigPolicy();
  entry.setModPolicy(ADMINS);
  entry.setPolicy(value);
  group.getPoliciesMap().set(name, entry);
}

function addValue(group: common.ConfigGroup, name: string, value: { serializeBinary(): Uint8Array }): void {
  const entry = new common.ConfigValue();
  entry.setModPolicy(ADMINS);
  entry.setValue(value.serializeBinary());
  group.getValuesMap().set(name, entry);
}

function capabilities(version: string): common.Capabilities {
  const result = new common.Capabilities();
  result.getCapabilitiesMap().set(version, new common.Capability());
  return result;
}

/** What block 0 says about the channel. */
export interface ReadConfig {
  readonly channel: string;
  /** Organisations of the application, the operator left out; sorted. */
  readonly organisations: readonly string[];
  readonly roots: TrustRoots;
}

/** @param envelope the single envelope of block 0 */
export function decodeGenesisEnvelope(envelope: Buffer): ReadConfig {
  const message = decodeEnvelope(envelope);
  const group = common.ConfigEnvelope.deserializeBinary(message.data).getConfig()?.getChannelGroup();
  const application = group?.getGroupsMap().get('Application')?.getGroupsMap();
  const roots: Record<string, string[]> = {};
  application?.forEach((organisation, mspId) => { roots[mspId] = rootsOf(organisation); });
  const organisations = Object.keys(roots).filter((mspId) => mspId !== OPERATOR_MSP).sort();
  return { channel: message.header.channel.channelId, organisations, roots };
}

function rootsOf(organisation: common.ConfigGroup): string[] {
  const value = organisation.getValuesMap().get('MSP');
  if (value === undefined) return [];
  const config = msp.MSPConfig.deserializeBinary(value.getValue_asU8()).getConfig_asU8();
  return msp.FabricMSPConfig.deserializeBinary(config).getRootCertsList_asU8().map((pem) => Buffer.from(pem).toString('utf8'));
}
