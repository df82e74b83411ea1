/** Submitting from a client of Fabric's own: under BFT a peer tells of failures that are none, and the same bytes do no harm. */
import { GatewayError, type Contract, type SubmittedTransaction, type Transaction } from '@hyperledger/fabric-gateway';
import { until } from '../../network/fabric/until.js';

const WITHIN_MS = 60_000;
/** Of gRPC. */
const UNAVAILABLE = 14;

/** Submits the same endorsed transaction until a peer has taken it. */
export async function submitSurely(transaction: Transaction): Promise<SubmittedTransaction> {
  return until({ what: 'the orderers to take a transaction', withinMs: WITHIN_MS }, async () => transaction.submit().catch((error: unknown) => {
    if (error instanceof GatewayError && error.code === UNAVAILABLE) return undefined;
    throw error;
  }));
}

/** `submitTransaction` of a contract, in this manner. Throws where it is committed as invalid. */
export async function commitSurely(contract: Contract, name: string, ...parameters: string[]): Promise<void> {
  const submitted = await submitSurely(await contract.newProposal(name, { arguments: parameters }).endorse());
  const { successful, code } = await submitted.getStatus();
  if (!successful) throw new Error(`${name} is invalid: code ${code}`);
}
