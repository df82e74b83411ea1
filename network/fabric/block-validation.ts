/** Who must have signed a block, as the channel's configuration says it under BFT: a quorum of the very certificates of its orderers. */
import { common, msp } from '@hyperledger/fabric-protos';
import { bftQuorum } from './topology.js';

/** Name of the policy in the group of the orderers. */
export const BLOCK_VALIDATION = 'BlockValidation';

/**
 * The policy that has to stand beside a list of BFT orderers; with any other one the orderers refuse the list.
 *
 * @param consenters in the order of the list
 */
export function blockValidationPolicy(consenters: readonly common.Consenter[]): common.Policy {
  const rules = new common.SignaturePolicy.NOutOf();
  rules.setN(bftQuorum(consenters.length));
  rules.setRulesList(consenters.map((_, index) => {
    const rule = new common.SignaturePolicy();
    rule.setSignedBy(index);
    return rule;
  }));
  const rule = new common.SignaturePolicy();
  rule.setNOutOf(rules);
  const envelope = new common.SignaturePolicyEnvelope();
  envelope.setRule(rule);
  envelope.setIdentitiesList(consenters.map(identityOf));
  const policy = new common.Policy();
  policy.setType(common.Policy.PolicyType.SIGNATURE);
  policy.setValue(envelope.serializeBinary());
  return policy;
}

function identityOf(consenter: common.Consenter): msp.MSPPrincipal {
  const identity = new msp.SerializedIdentity();
  identity.setMspid(consenter.getMspId());
  identity.setIdBytes(consenter.getIdentity_asU8());
  const principal = new msp.MSPPrincipal();
  principal.setPrincipalClassification(msp.MSPPrincipal.Classification.IDENTITY);
  principal.setPrincipal(identity.serializeBinary());
  return principal;
}
