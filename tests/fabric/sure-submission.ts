/** Submitting from a client of Fabric's own: under BFT a peer tells of failures that are none, and the same bytes do no harm. */
import type { Contract, Transaction } from '@hyperledger/fabric-gateway';
import { peer } from '@hyperledger/fabric-protos';
import { until } from '../../network/fabric/until.js';
import type { LedgerClient } from '../ledger-suite/ledger-client.js';

const WITHIN_MS = 60_000;

/**
 * Submits an endorsed transaction until it is in a block.
 *
 * @returns its validation code
 */
export async function committedCode(client: LedgerClient, transaction: Transaction): Promise<number> {
  return until({ what: 'a transaction to be committed', withinMs: WITHIN_MS }, async () => {
    // What orderers have ordered they refuse to take again, and the peer calls that a failure too: the ledger is asked then.
    const submitted = await transaction.submit().catch(() => undefined);
    return submitted === undefined ? recordedCode(client, transaction.getTransactionId()) : (await submitted.getStatus()).code;
  });
}

async function recordedCode({ network }: LedgerClient, transactionId: string): Promise<number> {
  const found = await network.getContract('qscc').evaluateTransaction('GetTransactionByID', network.getName(), transactionId);
  return peer.ProcessedTransaction.deserializeBinary(found).getValidationcode();
}

/** `submitTransaction` of a contract, in this manner. Throws where it is committed as invalid. */
export async function commitSurely(client: LedgerClient, contract: Contract, name: string, ...parameters: string[]): Promise<void> {
  const code = await committedCode(client, await contract.newProposal(name, { arguments: parameters }).endorse());
  if (code !== peer.TxValidationCode.VALID) throw new Error(`${name} is invalid: code ${code}`);
}
