/** What a gateway service answers instead of a result, as ours: the contract's refusal, or a failure with its stage. */
import { GatewayError } from '@hyperledger/fabric-gateway';
import { parseLedgerMessage, type Problem } from '#domain/errors.js';
import { LedgerFailure, type Stage } from './ledger.js';
import { grpcName, meantAtSubmit, meantCode, retryAfterGrpc } from './retry.js';

type CallStage = Exclude<Stage, 'status'>;

/**
 * Makes one call of fabric-gateway.
 *
 * @param transactionId of the transaction that it is about, if there is one
 * @throws Problem what the contract refused; LedgerFailure anything else that the service answered
 */
export async function guarded<T>(stage: CallStage, call: () => Promise<T>, transactionId = ''): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    throw (stage === 'submit' ? undefined : refusalIn(error)) ?? failureOf(stage, error, transactionId);
  }
}

/** A contract's refusal: with several endorsers it stands in their details, with one also in the message itself. */
function refusalIn(error: GatewayError): Problem | undefined {
  for (const detail of error.details) {
    const problem = parseLedgerMessage(detail.message);
    if (problem !== undefined) return problem;
  }
  return parseLedgerMessage(error.message);
}

function failureOf(stage: CallStage, error: GatewayError, transactionId: string): LedgerFailure {
  const said = [error.message, ...error.details.map(({ mspId, message }) => `${mspId}: ${message}`)].join('; ');
  const details = error.details.map(({ message }) => message);
  const code = stage === 'submit' ? meantAtSubmit(error.code, details) : meantCode(error.code, error.message, details);
  // Whom some orderers refuse, others may have taken: only where one spoke for all is it final.
  const judged = stage === 'submit' ? error.code : code;
  return new LedgerFailure({ stage, transactionId, retry: retryAfterGrpc(stage, judged), code: grpcName(code) }, said, error);
}
