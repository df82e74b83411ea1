/** Whether the ledger's organisations signed that a commitment stands there. */
import { Problem } from '#domain/errors.js';
import { parseStrictJson } from '#domain/strict-json.js';
import type { TrustRoots } from '#domain/goods/public-item.js';
import type { TransactionName } from '#domain/transactions.js';
import { commitmentKey } from '#domain/trust/keys.js';
import { commitmentRecord, type CommitmentRecord } from '#domain/trust/records.js';
import type { CryptoPort } from '../crypto-port.js';
import { type ExpectedCall, type ReceiptFacts, verifyReceipt } from '../receipt.js';

/** The reading transaction whose signed answer a receipt of a commitment holds. */
const READ_RECORD = 'registry:readRecord' satisfies TransactionName;

/** The one question that the receipt of a commitment must answer. */
export function expectedCommitmentRead(root: string, { channel, chaincode, roots, revocationLists, minimumOrganisations }: TrustRoots, now: number): ExpectedCall {
  return { channel, chaincode, function: READ_RECORD, arguments: [commitmentKey(root)], policy: { roots, revocationLists, minimumOrganisations, peerRole: 'peer' }, now };
}

/** A commitment as the ledger's organisations signed it. */
export interface ProvenCommitment {
  readonly record: CommitmentRecord;
  readonly facts: ReceiptFacts;
}

/**
 * Reads a commitment out of its receipt: what is believed is the signed answer, never what stands beside it.
 *
 * @param receipt text of the signed read of `registry:readRecord`
 * @param root 64 hexadecimal digits
 * @param trust the organisations whose word counts
 * @param now milliseconds since 1970
 * @returns `undefined` where the receipt does not prove a commitment of this root
 */
export async function provenCommitment(receipt: string, root: string, trust: TrustRoots, now: number, crypto: CryptoPort): Promise<ProvenCommitment | undefined> {
  const verdict = await verifyReceipt(receipt, expectedCommitmentRead(root, trust, now), crypto);
  if (verdict.verdict !== 'verified') return undefined;
  const record = recordIn(verdict.facts.response);
  return record?.root === root ? { record, facts: verdict.facts } : undefined;
}

const LONGEST_RECORD = 4_096;

/** A signed `null` says that there is none. */
function recordIn(response: string): CommitmentRecord | undefined {
  try {
    return commitmentRecord(parseStrictJson(response, LONGEST_RECORD));
  } catch (error) {
    if (error instanceof Problem) return undefined;
    throw error;
  }
}
