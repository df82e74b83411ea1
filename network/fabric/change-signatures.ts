/** Whose signatures a change carries, and which of them count. */
import { X509Certificate, verify } from 'node:crypto';
import { common, msp } from '@hyperledger/fabric-protos';
import { isLowS } from '../enrolment/low-s-signature.js';

export interface JudgedSignature {
  /** In whose name it was made, e.g. `RegulatorMSP`. */
  readonly mspId: string;
  /** Why it does not count; `undefined` if it does. */
  readonly fault: string | undefined;
}

/** True if the signature is over this very update, with the key of the certificate that it names. */
export function isOver(update: Uint8Array, signature: common.ConfigSignature): boolean {
  const key = certificateOf(signature)?.publicKey;
  const [header, bytes] = [signature.getSignatureHeader_asU8(), signature.getSignature_asU8()];
  return key !== undefined && isLowS(bytes) && verify('sha256', Buffer.concat([header, update]), key, bytes);
}

/** @returns the identity that a signature names, as its bytes; empty if it cannot be read */
export function creatorIn(signature: common.ConfigSignature): Uint8Array {
  try {
    return common.SignatureHeader.deserializeBinary(signature.getSignatureHeader_asU8()).getCreator_asU8();
  } catch {
    return new Uint8Array(); // names nobody, and so does not count
  }
}

/**
 * @param update the bytes that are signed
 * @param channel the channel's group, which says whose certificates are an organisation's; without it no signature counts
 */
export function judgedSignatures(update: Uint8Array, signatures: readonly common.ConfigSignature[], channel: common.ConfigGroup | undefined): JudgedSignature[] {
  return signatures.map((signature) => {
    const mspId = identityOf(signature)?.getMspid() ?? '';
    return { mspId, fault: isOver(update, signature) ? memberFault(certificateOf(signature), mspConfigs(channel, mspId)) : 'it was not made over this change with the key of its certificate' };
  });
}

/** Fabric's rule with node roles: issued by one of the organisation's authorities, and of the unit `admin`. */
function memberFault(certificate: X509Certificate | undefined, configs: readonly msp.FabricMSPConfig[]): string | undefined {
  const authorities = configs.flatMap((one) => [...one.getRootCertsList_asU8(), ...one.getIntermediateCertsList_asU8()]).map((pem) => new X509Certificate(pem));
  if (certificate === undefined || !authorities.some((one) => certificate.checkIssued(one) && certificate.verify(one.publicKey))) return 'the channel as it is known here has no authority that issued its certificate';
  return certificate.subject.split('\n').includes('OU=admin') ? undefined : 'its certificate is not an administrator\'s';
}

function mspConfigs(channel: common.ConfigGroup | undefined, mspId: string): msp.FabricMSPConfig[] {
  return ['Application', 'Orderer'].flatMap((name) => {
    const value = channel?.getGroupsMap().get(name)?.getGroupsMap().get(mspId)?.getValuesMap().get('MSP');
    return value === undefined ? [] : [msp.FabricMSPConfig.deserializeBinary(msp.MSPConfig.deserializeBinary(value.getValue_asU8()).getConfig_asU8())];
  });
}

function certificateOf(signature: common.ConfigSignature): X509Certificate | undefined {
  try {
    return new X509Certificate(identityOf(signature)?.getIdBytes_asU8() ?? new Uint8Array());
  } catch {
    return undefined; // no certificate: its signature does not count
  }
}

function identityOf(signature: common.ConfigSignature): msp.SerializedIdentity | undefined {
  try {
    return msp.SerializedIdentity.deserializeBinary(creatorIn(signature));
  } catch {
    return undefined; // told as a signature of nobody
  }
}
