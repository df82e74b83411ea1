/** What was acknowledged, held against the ledger: each operation once, whatever was killed in between. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleProgram, startProgram, type Program } from '../child-program.js';
import { CounterNetwork } from './counter-network.js';
import type { SubmittingLine } from './submitting-program.js';

let network: CounterNetwork;
let program: Program;

beforeAll(async () => {
  network = await CounterNetwork.start();
  program = await bundleProgram('tests/gateway/ledger/submitting-program.ts');
});
afterAll(async () => {
  await program.remove();
  await network.stop();
});

interface Acknowledged {
  readonly operation: string;
  readonly transactionId: string;
}

/** Runs the program until it has told `killAfter` answers, and kills it then; gives all that it told. */
async function run(operations: readonly string[], killAfter: number): Promise<SubmittingLine[]> {
  const { process, lines, ended } = startProgram(program, { fabric: network.fabric(), outboxDirectory: network.folder('history'), operations });
  const told: SubmittingLine[] = [];
  for await (const line of lines) {
    if (line !== undefined) told.push(line as SubmittingLine);
    if (told.length >= killAfter) process.kill('SIGKILL');
  }
  await ended;
  return told;
}

/** Transactions of each key on the ledger that are valid. */
async function effects(): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>();
  for (const { transactions } of await network.blocks()) {
    for (const { id, writes } of transactions) for (const { key } of writes) found.set(key, [...(found.get(key) ?? []), id]);
  }
  return found;
}

describe('a gateway that is killed again and again while it submits', () => {
  it('leaves each operation on the ledger exactly once, and each acknowledged one at once', async () => {
    const operations = Array.from({ length: 120 }, (_, n) => `operation-${n}`);
    const acknowledged = new Map<string, Acknowledged>();
    let open = operations;
    for (let round = 0; open.length > 0; round++) {
      expect(round).toBeLessThan(30);
      const killAfter = round < 8 ? 3 + ((round * 7) % 13) : operations.length;
      for (const line of await run(open, killAfter)) {
        if ('error' in line) expect.fail(line.error);
        if (line.status === 'committed') acknowledged.set(line.operation, line);
      }
      const onLedger = await effects();
      for (const { operation, transactionId } of acknowledged.values()) expect(onLedger.get(operation)).toEqual([transactionId]);
      for (const operation of operations) expect((onLedger.get(operation) ?? []).length).toBeLessThanOrEqual(1);
      open = operations.filter((operation) => !acknowledged.has(operation));
    }
    expect([...(await effects()).keys()].sort()).toEqual([...operations].sort());
  });
});
