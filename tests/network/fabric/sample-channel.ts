/** A channel's configuration with real organisations, and changes of it as a stranger may write them. */
import { common, msp, peer } from '@hyperledger/fabric-protos';
import { createAuthority, type Authority } from '../../../network/enrolment/authority.js';
import type { Identity } from '../../../network/enrolment/identity.js';
import { lengthDelimited } from './wire-fields.js';

export interface SampleOrganisation {
  readonly mspId: string;
  readonly authority: Authority;
  readonly admin: Identity;
  readonly group: common.ConfigGroup;
}

export async function sampleOrganisation(mspId: string): Promise<SampleOrganisation> {
  const authority = await createAuthority({ mspId, commonName: `ca.${mspId}` });
  const admin = await authority.enrol({ commonName: 'admin', role: 'admin' });
  const group = groupOf({}, { MSP: mspValue(mspId, authority.certificatePem), AnchorPeers: anchorPeers('peer.example', 7051) }, { Admins: roleOf(mspId), Readers: roleOf(mspId) });
  return { mspId, authority, admin, group };
}

export function groupOf(groups: Readonly<Record<string, common.ConfigGroup>>, values: Readonly<Record<string, Uint8Array>> = {}, policies: Readonly<Record<string, common.Policy>> = {}): common.ConfigGroup {
  const made = new common.ConfigGroup();
  made.setModPolicy('Admins');
  for (const [name, inner] of Object.entries(groups)) made.getGroupsMap().set(name, inner);
  for (const [name, bytes] of Object.entries(values)) made.getValuesMap().set(name, valueOf(bytes));
  for (const [name, policy] of Object.entries(policies)) made.getPoliciesMap().set(name, policyOf(policy));
  return made;
}

export function valueOf(bytes: Uint8Array, modPolicy = 'Admins'): common.ConfigValue {
  const value = new common.ConfigValue();
  value.setValue(bytes);
  value.setModPolicy(modPolicy);
  return value;
}

export function policyOf(policy: common.Policy, modPolicy = 'Admins'): common.ConfigPolicy {
  const made = new common.ConfigPolicy();
  made.setPolicy(policy);
  made.setModPolicy(modPolicy);
  return made;
}

export function mspValue(name: string, root: string): Uint8Array {
  const unit = new msp.FabricOUIdentifier();
  unit.setOrganizationalUnitIdentifier('admin');
  const units = new msp.FabricNodeOUs();
  units.setEnable(true);
  units.setAdminOuIdentifier(unit);
  const config = new msp.FabricMSPConfig();
  config.setName(name);
  config.addRootCerts(Buffer.from(root));
  config.setFabricNodeOus(units);
  const outer = new msp.MSPConfig();
  outer.setConfig(config.serializeBinary());
  return outer.serializeBinary();
}

export function anchorPeers(host: string, port: number): Uint8Array {
  const one = new peer.AnchorPeer();
  one.setHost(host);
  one.setPort(port);
  const all = new peer.AnchorPeers();
  all.addAnchorPeers(one);
  return all.serializeBinary();
}

export function capabilities(name: string): Uint8Array {
  const made = new common.Capabilities();
  made.getCapabilitiesMap().set(name, new common.Capability());
  return made.serializeBinary();
}

/** A rule over the policies of this name in the groups below. */
export function rule(kind: keyof common.ImplicitMetaPolicy.RuleMap, subPolicy: string): common.Policy {
  const meta = new common.ImplicitMetaPolicy();
  meta.setRule(common.ImplicitMetaPolicy.Rule[kind]);
  meta.setSubPolicy(subPolicy);
  return policyWith(common.Policy.PolicyType.IMPLICIT_META, meta.serializeBinary());
}

/** The organisation's administrator or its members. */
export function roleOf(mspId: string): common.Policy {
  const { ADMIN, MEMBER } = msp.MSPRole.MSPRoleType;
  const any = new common.SignaturePolicy.NOutOf();
  any.setN(1);
  any.setRulesList([0, 1].map(signedBy));
  const all = new common.SignaturePolicy();
  all.setNOutOf(any);
  const envelope = new common.SignaturePolicyEnvelope();
  envelope.setRule(all);
  envelope.setIdentitiesList([ADMIN, MEMBER].map((role) => principal(mspId, role)));
  return policyWith(common.Policy.PolicyType.SIGNATURE, envelope.serializeBinary());
}

export function policyWith(type: number, value: Uint8Array): common.Policy {
  const policy = new common.Policy();
  policy.setType(type);
  policy.setValue(value);
  return policy;
}

function signedBy(index: number): common.SignaturePolicy {
  const one = new common.SignaturePolicy();
  one.setSignedBy(index);
  return one;
}

function principal(mspId: string, role: msp.MSPRole.MSPRoleTypeMap[keyof msp.MSPRole.MSPRoleTypeMap]): msp.MSPPrincipal {
  const content = new msp.MSPRole();
  content.setMspIdentifier(mspId);
  content.setRole(role);
  const made = new msp.MSPPrincipal();
  made.setPrincipal(content.serializeBinary());
  return made;
}

/** Channel with these organisations as members, the first one as orderer too; the members' group is at version 2. */
export function sampleConfig(organisations: readonly SampleOrganisation[]): common.Config {
  const members = groupOf(Object.fromEntries(organisations.map(({ mspId, group }) => [mspId, group.cloneMessage()])), { Capabilities: capabilities('V2_5') }, { Admins: rule('MAJORITY', 'Admins'), Readers: rule('ANY', 'Readers') });
  members.setVersion(2);
  const [first] = organisations;
  const made = new common.Config();
  made.setSequence(5);
  made.setChannelGroup(groupOf({ Application: members, Orderer: groupOf(first === undefined ? {} : { [first.mspId]: first.group.cloneMessage() }) }, {}, { Admins: rule('MAJORITY', 'Admins') }));
  return made;
}

/** The bytes that administrators sign. */
export function updateBytes(change: Uint8Array): Buffer {
  return Buffer.from(contentOf(change).getConfigUpdate_asU8());
}

export function contentOf(change: Uint8Array): common.ConfigUpdateEnvelope {
  const payload = common.Payload.deserializeBinary(common.Envelope.deserializeBinary(change).getPayload_asU8());
  return common.ConfigUpdateEnvelope.deserializeBinary(payload.getData_asU8());
}

/** The change with other bytes in the place of those that are signed. */
export function changeWith(change: Uint8Array, update: Uint8Array): Uint8Array {
  const content = contentOf(change);
  content.setConfigUpdate(update);
  return withContent(change, content);
}

export function withContent(change: Uint8Array, content: common.ConfigUpdateEnvelope): Uint8Array {
  const envelope = common.Envelope.deserializeBinary(change);
  const payload = common.Payload.deserializeBinary(envelope.getPayload_asU8());
  payload.setData(content.serializeBinary());
  envelope.setPayload(payload.serializeBinary());
  return envelope.serializeBinary();
}

/** An update's bytes out of those of its read set and its write set. */
export function updateOf(channel: string, read: Uint8Array, write: Uint8Array): Buffer {
  return Buffer.concat([lengthDelimited(1, Buffer.from(channel)), lengthDelimited(2, read), lengthDelimited(3, write)]);
}
