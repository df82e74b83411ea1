/**
 * A ledger under load in a process of its own, to be killed. Arguments: directory, first number, and optionally a commit
 * step with the occurrence at which the process kills itself. Prints `ready`, then `ack <n>` after each acknowledged write.
 */
import { writeSync } from 'node:fs';
import type { CommitStep } from '../../network/embedded/orderer.js';
import { CHAINCODE, ledgerOptions, withLedger } from './temporary-ledger.js';

const WRITERS = 16;
const [, , dir = '', first = '0', step, occurrence = '1'] = process.argv;

const reached = { count: 0, armed: false };
function killAtStep(at: CommitStep): void {
  if (at !== step || !reached.armed) return;
  reached.count += 1;
  if (reached.count === Number(occurrence)) process.kill(process.pid, 'SIGKILL');
}

await withLedger(ledgerOptions(dir, { atCommitStep: killAtStep, batchTimeoutMs: 2 }), async ({ client }) => {
  const contract = client.contract(CHAINCODE);
  let next = Number(first);
  writeSync(1, 'ready\n');
  reached.armed = true;
  /** Two keys in one transaction, each created once: lost, torn and doubled writes can be told apart afterwards. */
  const write = async (): Promise<void> => {
    for (;;) {
      const n = next;
      next += 1;
      await contract.submitTransaction('createPair', `left~${n}`, `right~${n}`, `value ${n} ${'x'.repeat(500)}`);
      writeSync(1, `ack ${n}\n`);
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, write));
});
