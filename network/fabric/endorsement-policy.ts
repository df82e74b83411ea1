/** Whether the channel's chaincode definition still asks for the endorsements that the network's members make necessary. */
import { msp, peer } from '@hyperledger/fabric-protos';
import { peerOrganisations, type Topology } from './topology.js';

/**
 * @param validationParameter of a committed definition, as `peer lifecycle chaincode querycommitted -O json` gives it: base64
 *   of a `protos.ApplicationPolicy`
 * @returns true if it asks for a majority of exactly the organisations that keep a peer
 */
export function asksForMajorityOf(topology: Topology, validationParameter: string): boolean {
  const policy = peer.ApplicationPolicy.deserializeBinary(Buffer.from(validationParameter, 'base64')).getSignaturePolicy();
  const named = policy?.getIdentitiesList().map((one) => msp.MSPRole.deserializeBinary(one.getPrincipal_asU8()).getMspIdentifier()) ?? [];
  const wanted = peerOrganisations(topology).map(({ mspId }) => mspId);
  return policy?.getRule()?.getNOutOf()?.getN() === Math.floor(wanted.length / 2) + 1 && named.toSorted().join() === wanted.toSorted().join();
}
