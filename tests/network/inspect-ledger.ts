/** What a ledger that `ledger-child.ts` filled must look like after it died. */
import { expect } from 'vitest';
import type { EmbeddedLedger } from '../../network/embedded/embedded-ledger.js';
import type { LedgerClient } from '../ledger-suite/ledger-client.js';
import { CHAINCODE } from './temporary-ledger.js';

const keysOf = async (client: LedgerClient, side: string): Promise<number[]> => {
  const answer = await client.contract(CHAINCODE).evaluateTransaction('keys', `${side}~`, `${side}~~`);
  return (JSON.parse(Buffer.from(answer).toString()) as string[]).map((key) => Number(key.slice(side.length + 1)));
};

async function changesOf(client: LedgerClient, key: string): Promise<number> {
  const answer = await client.contract(CHAINCODE).evaluateTransaction('history', key);
  return (JSON.parse(Buffer.from(answer).toString()) as unknown[]).length;
}

/**
 * Compares what is stored with what was acknowledged: nothing lost, nothing written twice, nothing half.
 *
 * @returns all numbers stored
 */
export async function inspect(ledger: EmbeddedLedger, client: LedgerClient, acknowledged: ReadonlySet<number>): Promise<number[]> {
  const [left, right] = [await keysOf(client, 'left'), await keysOf(client, 'right')];
  expect(left, 'torn').toEqual(right);
  const stored = new Set(left);
  expect([...acknowledged].filter((n) => !stored.has(n)), 'lost').toEqual([]);
  const doubled = [];
  for (const n of left.slice(-30)) if (await changesOf(client, `left~${n}`) !== 1) doubled.push(n);
  expect(doubled, 'doubled').toEqual([]);
  expect(await ledger.verifyChain()).toMatchObject({ ok: true });
  return left;
}
