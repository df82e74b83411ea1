/** What elements of a channel's configuration hold, in words: values, policies, certificates by their fingerprints. */
import { X509Certificate } from 'node:crypto';
import { common, msp, orderer, peer } from '@hyperledger/fabric-protos';
import { Problem } from '#domain/errors.js';
import { readExactly } from './read-exactly.js';
import { plain, quoted } from './written-elements.js';

type Read = (bytes: Uint8Array, path: string) => object;
type Message = { serializeBinary(): Uint8Array; toObject(): object };

const holding = (type: { deserializeBinary(bytes: Uint8Array): Message }): Read => (bytes, path) => readExactly(type, bytes, path).toObject();

const FABRIC_MSP = 0;

/** Every value that Fabric 3.1 takes, by its name; it refuses others. */
const VALUES: ReadonlyMap<string, Read> = new Map<string, Read>([
  ['HashingAlgorithm', holding(common.HashingAlgorithm)],
  ['BlockDataHashingStructure', holding(common.BlockDataHashingStructure)],
  ['OrdererAddresses', holding(common.OrdererAddresses)],
  ['Consortium', holding(common.Consortium)],
  ['Capabilities', holding(common.Capabilities)],
  ['ConsensusType', consensus],
  ['BatchSize', holding(orderer.BatchSize)],
  ['BatchTimeout', holding(orderer.BatchTimeout)],
  ['KafkaBrokers', holding(orderer.KafkaBrokers)],
  ['ChannelRestrictions', holding(orderer.ChannelRestrictions)],
  ['Orderers', holding(common.Orderers)],
  ['Endpoints', holding(common.OrdererAddresses)],
  ['ACLs', holding(peer.ACLs)],
  ['AnchorPeers', holding(peer.AnchorPeers)],
  ['MSP', membership],
]);

function consensus(bytes: Uint8Array, path: string): object {
  const { metadata, state, ...rest } = readExactly(orderer.ConsensusType, bytes, path).toObject();
  const options = Buffer.from(metadata.toString(), 'base64');
  const content = { etcdraft: holding(orderer.etcdraft.ConfigMetadata), BFT: holding(orderer.smartbft.Options) }[rest.type];
  return { ...rest, state: nameIn(orderer.ConsensusType.State, state), metadata: content?.(options, path) ?? metadata };
}

function membership(bytes: Uint8Array, path: string): object {
  const content = readExactly(msp.MSPConfig, bytes, path);
  if (content.getType() !== FABRIC_MSP) throw new Problem('FABRIC_CHANGE_UNREADABLE', { reason: `${path}: an organisation whose members are not known by certificates` });
  return readExactly(msp.FabricMSPConfig, content.getConfig_asU8(), path).toObject();
}

/**
 * @param name of the value, e.g. `AnchorPeers`
 * @param path where it stands, for a refusal
 * @returns one line for each thing it holds, e.g. `anchorPeers 1 host: "localhost"`; what is absent, zero or empty is left out
 * @throws Problem FABRIC_CHANGE_UNREADABLE for bytes that are not this value, and values that Fabric does not know
 */
export function valueWords(name: string, value: Uint8Array, path: string): string[] {
  const read = VALUES.get(name);
  if (read === undefined) throw new Problem('FABRIC_CHANGE_UNREADABLE', { reason: `${path}: Fabric knows no value of this name` });
  const lines = linesOf('', read(value, path));
  return lines.length === 0 ? ['empty'] : lines;
}

function linesOf(path: string, held: unknown): string[] {
  if (held === undefined || held === '' || held === 0 || held === false) return [];
  if (typeof held === 'string') return [`${path}: ${certificateIn(held) ?? quoted(held)}`];
  if (typeof held !== 'object' || held === null) return [`${path}: ${JSON.stringify(held)}`];
  return partsOf(held).flatMap(([name, one]) => {
    const inner = `${path} ${name}`.trimStart();
    const lines = linesOf(inner, one);
    // An element of a list, and a message, is there even if there is nothing in it.
    const counts = Array.isArray(held) || (typeof one === 'object' && !Array.isArray(one));
    return lines.length === 0 && counts ? [`${inner}: empty`] : lines;
  });
}

/** Names as Protocol Buffers' own objects have them: `rootCertsList` holds `rootCerts`, `aclsMap` pairs of a name and what it means. */
function partsOf(held: object): [string, unknown][] {
  if (Array.isArray(held)) return held.map((one: unknown, index) => [String(index + 1), one]);
  return Object.entries(held).flatMap(([name, one]: [string, unknown]): [string, unknown][] => {
    if (!name.endsWith('Map') || !Array.isArray(one)) return [[name.replace(/List$/, ''), one]];
    return (one as [string, unknown][]).map(([key, value]) => [`${name.slice(0, -'Map'.length)} ${plain(key)}`, value]);
  });
}

const ONE_CERTIFICATE = /^\s*-----BEGIN CERTIFICATE-----\s([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----\s*$/;

/** @param base64 of a field's bytes. @returns what is known of the one certificate that they are, `undefined` if they are none */
function certificateIn(base64: string): string | undefined {
  return certificateWords(Buffer.from(base64, 'base64').toString('latin1'));
}

/** @param pem of one certificate, with nothing beside it. @returns e.g. `certificate of "CN=ca.CustomsMSP", SHA-256 4B:1A:…` */
export function certificateWords(pem: string): string | undefined {
  const der = ONE_CERTIFICATE.exec(pem)?.[1];
  if (der === undefined) return undefined;
  try {
    const certificate = new X509Certificate(pem);
    // Otherwise the fingerprint would be that of other bytes than those which are signed for.
    if (!certificate.raw.equals(Buffer.from(der, 'base64'))) return undefined;
    return `certificate of ${quoted(certificate.subject.replaceAll('\n', ', '))}, SHA-256 ${certificate.fingerprint256}`;
  } catch {
    return undefined;
  }
}

const { SIGNATURE, IMPLICIT_META } = common.Policy.PolicyType;
const { ROLE, IDENTITY } = msp.MSPPrincipal.Classification;

/**
 * @param path where it stands, for a refusal
 * @returns e.g. `MAJORITY of the "Admins" of the groups below`, `1 of (RegulatorMSP.admin, RegulatorMSP.client)`
 * @throws Problem FABRIC_CHANGE_UNREADABLE
 */
export function policyWords(policy: common.Policy | undefined, path: string): string {
  if (policy?.getType() === IMPLICIT_META) {
    const rule = readExactly(common.ImplicitMetaPolicy, policy.getValue_asU8(), path);
    return `${nameIn(common.ImplicitMetaPolicy.Rule, rule.getRule())} of the ${quoted(rule.getSubPolicy())} of the groups below`;
  }
  if (policy?.getType() !== SIGNATURE) throw new Problem('FABRIC_CHANGE_UNREADABLE', { reason: `${path}: neither signatures nor a rule over the groups below` });
  const envelope = readExactly(common.SignaturePolicyEnvelope, policy.getValue_asU8(), path);
  if (envelope.getVersion() !== 0) throw new Problem('FABRIC_CHANGE_UNREADABLE', { reason: `${path}: a policy of another version` });
  return ruleWords(envelope.getRule(), envelope.getIdentitiesList().map((one) => principalWords(one, path)), path);
}

function ruleWords(rule: common.SignaturePolicy | undefined, principals: readonly string[], path: string): string {
  if (rule?.hasSignedBy() === true) return principals[rule.getSignedBy()] ?? 'nobody';
  const several = rule?.getNOutOf();
  if (several === undefined) throw new Problem('FABRIC_CHANGE_UNREADABLE', { reason: `${path}: a policy without a rule` });
  return `${several.getN()} of (${several.getRulesList().map((one) => ruleWords(one, principals, path)).join(', ')})`;
}

function principalWords(principal: msp.MSPPrincipal, path: string): string {
  const kind = principal.getPrincipalClassification();
  if (kind === ROLE) {
    const role = readExactly(msp.MSPRole, principal.getPrincipal_asU8(), path);
    return `${plain(role.getMspIdentifier())}.${nameIn(msp.MSPRole.MSPRoleType, role.getRole()).toLowerCase()}`;
  }
  if (kind !== IDENTITY) return `${nameIn(msp.MSPPrincipal.Classification, kind)} ${quoted(principal.getPrincipal_asB64())}`;
  const identity = readExactly(msp.SerializedIdentity, principal.getPrincipal_asU8(), path);
  return `${plain(identity.getMspid())} with ${certificateIn(identity.getIdBytes_asB64()) ?? quoted(identity.getIdBytes_asB64())}`;
}

function nameIn(names: object, value: number): string {
  return Object.entries(names).find(([, number]) => number === value)?.[0] ?? `number ${value}`;
}
