/** Submits operations with their idempotency keys, and tells what it was answered; made to be killed. */
import { openLedger } from '../../../gateway/ledger/open-ledger.js';
import type { FabricLedgerOptions } from '../../../gateway/ledger/fabric-ledger.js';

export interface SubmittingSettings {
  readonly fabric: FabricLedgerOptions;
  readonly outboxDirectory: string;
  /** keys to write, one transaction each */
  readonly operations: readonly string[];
}

export type SubmittingLine =
  | { readonly operation: string; readonly status: string; readonly transactionId: string }
  | { readonly operation: string; readonly error: string };

const { fabric, outboxDirectory, operations } = JSON.parse(process.argv[2] ?? '{}') as SubmittingSettings;
const tell = (line: SubmittingLine): void => { process.stdout.write(`${JSON.stringify(line)}\n`); };

const ledger = await openLedger({ fabric, outboxDirectory, resendAfterMs: 100, answerWithinMs: 5000 });
await Promise.all(operations.map(async (operation) => {
  try {
    const { status, transactionId } = await ledger.submit('increment', [operation], {
      identity: fabric.identity,
      idempotency: { principal: 'enterprise', key: operation, body: operation },
    });
    tell({ operation, status, transactionId });
  } catch (error) {
    tell({ operation, error: error instanceof Error ? error.message : String(error) });
  }
}));
await ledger.close();
