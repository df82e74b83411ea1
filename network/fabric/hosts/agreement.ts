/**
 * Agreeing on the chaincode from one organisation's own machine: it approves its own code, and whoever makes the majority
 * commits. Nothing is repeated that is done.
 */
import { Problem } from '#domain/errors.js';
import { approvals, approve, commit, committedDefinition, LOST, ownApproval, type Definition } from '../chaincode-definition.js';
import { asksForMajorityOf } from '../endorsement-policy.js';
import type { Network } from '../network.js';
import type { ServerPlan } from '../server-folders.js';
import { peerOrganisations, type PeerOrganisation } from '../topology.js';
import { until } from '../until.js';

export interface Agreement {
  /** True if the channel runs this machine's code. */
  readonly committed: boolean;
  /** Organisations that have approved it, e.g. `['IndustryMSP', 'RegulatorMSP']`. */
  readonly approvedBy: readonly string[];
}

/**
 * @param network with its whole topology
 * @param own the organisation whose peer and administrator are on this machine
 * @throws Problem FABRIC_CODE_DIFFERENT if this machine's code is older than what the channel runs, FABRIC_NOT_READY if the
 *   orderers, which may start later than this machine, do not take the approval in time
 */
export async function agreeFromHere(network: Network, own: PeerOrganisation, plan: ServerPlan): Promise<Agreement> {
  const { withinMs, signal } = network;
  return until({ what: 'the organisations to agree on the chaincode', withinMs, signal }, async () => {
    try {
      return await agreeOnce(network, own, plan);
    } catch (error) {
      if (error instanceof Problem && error.code === 'FABRIC_COMMAND_FAILED') throw new Error(error.fields['said'] ?? error.message, { cause: error });
      throw error;
    }
  });
}

/** Looks at everything anew each time: other machines approve and commit meanwhile. */
async function agreeOnce(network: Network, own: PeerOrganisation, plan: ServerPlan): Promise<Agreement> {
  const committed = await definitionAt(network, own, plan);
  if (committed !== undefined && await isSettled(network, own, plan, committed)) return { committed: true, approvedBy: [] };
  if (committed !== undefined && await wasApproved(network, own, plan, committed)) throw new Problem('FABRIC_CODE_DIFFERENT', { approved: committed.version, own: plan.digest });
  const sequence = (committed?.sequence ?? 0) + 1;
  if (!(await approvals(network, own, plan, sequence)).includes(own.mspId)) await approve(network, own, plan, sequence);
  return commitByMajority(network, own, plan, sequence);
}

async function definitionAt(network: Network, own: PeerOrganisation, { name }: ServerPlan): Promise<Definition | undefined> {
  return committedDefinition({ ...network, topology: { ...network.topology, organisations: [own] } }, name);
}

function isInForce({ topology }: Network, { version, validation_parameter: policy }: Definition, { digest }: ServerPlan): boolean {
  return version === digest && asksForMajorityOf(topology, policy);
}

/**
 * True if the channel runs this code, and nobody has to agree on it once more. An organisation's approval is kept by its own
 * peer alone: one that was rebuilt has lost it for good, cannot endorse, and asks for the same code under the next sequence.
 */
async function isSettled(network: Network, own: PeerOrganisation, plan: ServerPlan, committed: Definition): Promise<boolean> {
  if (!isInForce(network, committed, plan)) return false;
  const { sequence } = committed;
  const given = await ownApproval(network, own, plan, sequence);
  if (given === LOST) return false;
  // The others have agreed before this machine was there.
  if (given === undefined) await approve(network, own, plan, sequence);
  return (await approvals(network, own, plan, sequence + 1)).every((mspId) => mspId === own.mspId);
}

/** Code that was approved for an earlier definition is not proposed again by a machine that was left behind. */
async function wasApproved(network: Network, own: PeerOrganisation, plan: ServerPlan, { sequence: last, version }: Definition): Promise<boolean> {
  if (version === plan.digest) return false;
  for (let sequence = 1; sequence < last; sequence += 1) {
    if (await ownApproval(network, own, plan, sequence) === plan.digest) return true;
  }
  return false;
}

async function commitByMajority(network: Network, own: PeerOrganisation, plan: ServerPlan, sequence: number): Promise<Agreement> {
  const members = peerOrganisations(network.topology);
  const approvedBy = await approvals(network, own, plan, sequence);
  if (2 * approvedBy.length <= members.length) return { committed: false, approvedBy };
  await commit(network, plan, sequence, [own, ...members.filter(({ mspId }) => mspId !== own.mspId && approvedBy.includes(mspId))]);
  return { committed: true, approvedBy };
}
