/** A commit that fails at any of its steps: nothing acknowledged is lost, nothing is half written, and the ledger says so. */
import { describe, expect, test } from 'vitest';
import type { CommitStep } from '../../network/embedded/orderer.js';
import { CHAINCODE, inTemporaryDirectory, ledgerOptions, withLedger } from './temporary-ledger.js';

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');
const STEPS: readonly (readonly [CommitStep, string])[] = [
  ['before-prepare', ''], ['before-write', ''], ['after-write', 'new'], ['after-head', 'new'],
];

/** Throws at the first time `step` is reached after `arm` was called. */
function failingAt(step: CommitStep): { atCommitStep: (reached: CommitStep) => void; arm: () => void } {
  const state = { armed: false };
  return {
    atCommitStep: (reached) => { if (state.armed && reached === step) throw new Error('EIO: no space left on device'); },
    arm: () => { state.armed = true; },
  };
}

describe('an I/O error in a commit', () => {
  test.each(STEPS)('%s: makes the ledger read-only and unhealthy', async (step) => {
    const failing = failingAt(step);
    await inTemporaryDirectory((dir) => withLedger(ledgerOptions(dir, { atCommitStep: failing.atCommitStep }), async ({ ledger, client }) => {
      const contract = client.contract(CHAINCODE);
      await contract.submitTransaction('put', 'old', 'old');
      failing.arm();
      await expect(contract.submitTransaction('put', 'new', 'new')).rejects.toMatchObject({ name: 'CommitStatusError', code: 14, message: expect.stringContaining('LEDGER_READ_ONLY') as string });
      expect([ledger.healthy(), ledger.failure()?.code]).toEqual([false, 'LEDGER_READ_ONLY']);
      await expect(contract.submitTransaction('put', 'more', 'more')).rejects.toMatchObject({ name: 'SubmitError', code: 14, message: expect.stringContaining('LEDGER_READ_ONLY') as string });
      expect(text(await contract.evaluateTransaction('get', 'old'))).toBe('old');
    }));
  });

  test.each(STEPS)('%s: opened again, the transaction is wholly in or wholly out', async (step, value) => {
    const failing = failingAt(step);
    await inTemporaryDirectory(async (dir) => {
      await withLedger(ledgerOptions(dir, { atCommitStep: failing.atCommitStep }), async ({ client }) => {
        failing.arm();
        await expect(client.contract(CHAINCODE).submitTransaction('putMany', '[["a","new"],["b","new"]]')).rejects.toThrow();
      });
      await withLedger(ledgerOptions(dir), async ({ ledger, client }) => {
        const contract = client.contract(CHAINCODE);
        expect([text(await contract.evaluateTransaction('get', 'a')), text(await contract.evaluateTransaction('get', 'b'))]).toEqual([value, value]);
        expect(await ledger.verifyChain()).toMatchObject({ ok: true });
        await contract.submitTransaction('put', 'a', 'after');
        expect([ledger.healthy(), await ledger.verifyChain()]).toMatchObject([true, { ok: true }]);
      });
    });
  });

  test('waiters of transactions that cannot come any more are told', async () => {
    const failing = failingAt('before-write');
    await inTemporaryDirectory((dir) => withLedger(ledgerOptions(dir, { atCommitStep: failing.atCommitStep }), async ({ client }) => {
      const contract = client.contract(CHAINCODE);
      const transactions = await Promise.all(Array.from({ length: 20 }, (_, n) => contract.newProposal('put', { arguments: [`k${n}`, '1'] }).endorse()));
      failing.arm();
      const outcomes = await Promise.allSettled(transactions.map(async (transaction) => (await transaction.submit()).getStatus()));
      expect(outcomes.every(({ status }) => status === 'rejected')).toBe(true);
    }));
  });
});
