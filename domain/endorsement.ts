/**
 * Whose peers must endorse what concerns controlled chemicals, in the words of a Fabric chaincode definition.
 *
 * Every record of a controlled chemical stands on the ledger like any other, and its SHA-256 besides, under the same key, in
 * a collection of private data. Of the collection only the hashes matter: every peer has them, and as it has an endorsement
 * policy of its own, nobody writes one without the regulator (docs/decisions/0007).
 */

/** The organisation whose endorsement is needed besides. */
export const REGULATOR = 'RegulatorMSP';

/** Name of the collection in the chaincode's definition. */
export const CONTROLLED_COLLECTION = 'controlled';

/** One entry of the file that `peer lifecycle chaincode approveformyorg --collections-config` reads. */
export interface CollectionDefinition {
  readonly name: string;
  /** Whose peers keep the values: nobody needs them. */
  readonly policy: string;
  readonly requiredPeerCount: number;
  readonly maxPeerCount: number;
  readonly blockToLive: number;
  readonly memberOnlyRead: boolean;
  readonly memberOnlyWrite: boolean;
  readonly endorsementPolicy: { readonly signaturePolicy: string };
}

/**
 * @param members organisations that keep a peer, the regulator among them, e.g. `['RegulatorMSP', 'IndustryMSP', 'EducationMSP']`
 * @returns a majority of them with the regulator always in it, e.g. `AND('RegulatorMSP.peer', OutOf(1, 'IndustryMSP.peer', 'EducationMSP.peer'))`
 * @throws RangeError if the regulator is not among them
 */
export function controlledPolicy(members: readonly string[]): string {
  if (!members.includes(REGULATOR)) throw new RangeError(`${REGULATOR} keeps no peer`);
  const regulator = `'${REGULATOR}.peer'`;
  const others = members.filter((one) => one !== REGULATOR).map((one) => `'${one}.peer'`);
  const further = Math.floor(members.length / 2);
  return further === 0 ? `OR(${regulator})` : `AND(${regulator}, OutOf(${further}, ${others.join(', ')}))`;
}

/**
 * The collection, as the definition of the chaincode states it. Throws RangeError as {@link controlledPolicy}.
 *
 * @param member the organisation whose peers would keep the values: one of the channel that has no peer, e.g. `OperatorMSP`.
 *   A peer of the member that did not endorse a transaction looks for its values, in vain, for as long as its setting
 *   `peer.gossip.pvtData.pullRetryThreshold` says, before it commits the block
 */
export function controlledCollection(members: readonly string[], member: string = REGULATOR): CollectionDefinition {
  return {
    name: CONTROLLED_COLLECTION,
    policy: `OR('${member}.member')`,
    requiredPeerCount: 0, maxPeerCount: 0, blockToLive: 0,
    memberOnlyRead: false, memberOnlyWrite: false,
    endorsementPolicy: { signaturePolicy: controlledPolicy(members) },
  };
}
