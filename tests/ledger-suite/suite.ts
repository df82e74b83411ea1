/**
 * One suite for every ledger: how a Fabric-compatible ledger behaves, seen through Fabric's own client alone.
 * What a ledger declares it cannot do is named, not left out in silence.
 */
import { afterAll, beforeAll, describe, test } from 'vitest';
import { BLOCK_CASES } from './block-cases.js';
import { COLLECTION_CASES } from './collection-cases.js';
import { CONFLICT_CASES } from './conflict-cases.js';
import { EVENT_CASES } from './event-cases.js';
import { LedgerBench, type Abilities, type LedgerCase, type LedgerUnderTest } from './ledger-bench.js';
import { RANGE_CASES } from './range-cases.js';
import { REFUSAL_CASES } from './refusal-cases.js';
import { STATE_CASES } from './state-cases.js';

const GROUPS: Readonly<Record<string, readonly LedgerCase[]>> = {
  'reading and writing': STATE_CASES,
  conflicts: CONFLICT_CASES,
  'hashes in a collection': COLLECTION_CASES,
  'ranges and composite keys': RANGE_CASES,
  'events, blocks and status': EVENT_CASES,
  'blocks and answers as proof': BLOCK_CASES,
  refusals: REFUSAL_CASES,
};

export interface LedgerSuite {
  /** e.g. `embedded` */
  readonly name: string;
  readonly openLedger: () => Promise<LedgerUnderTest>;
  readonly supports: Abilities;
}

/** Declares all cases as tests of the calling file. */
export function ledgerSuite({ name, openLedger, supports }: LedgerSuite): void {
  describe(`${name} ledger`, () => {
    let ledger: LedgerUnderTest;
    const notRun: string[] = [];

    beforeAll(async () => { ledger = await openLedger(); });
    afterAll(async () => {
      for (const what of notRun) console.info(`not run on the ${name} ledger: ${what}`);
      await ledger.close();
    });

    for (const [group, cases] of Object.entries(GROUPS)) {
      describe(group, () => {
        for (const ledgerCase of cases) {
          if (ledgerCase.needs !== undefined && !supports[ledgerCase.needs]) {
            notRun.push(`${ledgerCase.name} (needs ${ledgerCase.needs})`);
            test.skip(ledgerCase.name);
          } else {
            test(ledgerCase.name, async () => {
              const bench = new LedgerBench(ledger);
              try {
                await ledgerCase.run(bench);
              } finally {
                bench.close();
              }
            });
          }
        }
      });
    }
  });
}
