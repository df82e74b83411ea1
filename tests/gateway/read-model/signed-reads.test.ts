import { describe, expect, it } from 'vitest';
import { Problem } from '#domain/errors.js';
import { openSignedReads, type SignedReads } from '../../../gateway/read-model/signed-reads.js';
import type { StateRow } from '../../../gateway/read-model/rows.js';
import { NAMESPACE, payloadOf, type TransactionSpec } from '../ledger/fabric-blocks.js';

/** State as versions only; receipts over them as peers make them, with the versions that the peer has. */
class Ledger {
  readonly peer = new Map<string, [number, number]>();
  readonly model = new Map<string, [number, number]>();
  height = 10n;
  made: string[] = [];
  pause: Promise<void> = Promise.resolve();
  range = false;

  async signedRead(transaction: string, args: readonly string[]): Promise<Uint8Array> {
    if (transaction === 'refuse') throw new Problem('FIELD_WRONG_VALUE', { field: 'x' });
    const spec: TransactionSpec = this.range
      ? { ranges: [{ start: 'a', end: 'z', reads: args.flatMap((key) => { const version = this.peer.get(key); return version === undefined ? [] : [{ key, version }]; }) }] }
      : { reads: args.map((key) => ({ key, version: this.peer.get(key) ?? null })) };
    this.made.push(args.join());
    const payload = payloadOf(spec);
    await this.pause;
    return payload;
  }

  get(key: string): StateRow | undefined {
    const version = this.model.get(key);
    return version && { key, block: BigInt(version[0]), index: version[1], time: 0, value: Buffer.alloc(0), attested: false };
  }

  asOf(): { height: bigint; blockTime: undefined; knownAt: undefined } {
    return { height: this.height, blockTime: undefined, knownAt: undefined };
  }

  both(key: string, version: [number, number]): void {
    this.peer.set(key, version);
    this.model.set(key, version);
  }
}

function opened(capacityBytes?: number): [Ledger, SignedReads] {
  const ledger = new Ledger();
  return [ledger, openSignedReads({ ledger, model: ledger, namespace: NAMESPACE, ...(capacityBytes === undefined ? {} : { capacityBytes }) })];
}

describe('a receipt', () => {
  it('is made once for one version', async () => {
    const [ledger, reads] = opened();
    ledger.both('a', [5, 0]);
    const first = await reads.receiptFor('read', ['a']);
    ledger.height = 11n;
    expect(await reads.receiptFor('read', ['a'])).toBe(first);
    expect(ledger.made).toEqual(['a']);
  });

  it.each<[string, (ledger: Ledger) => void]>([
    ['another block', (ledger) => ledger.both('a', [6, 0])],
    ['another place in the same block', (ledger) => ledger.both('a', [5, 1])],
    ['removal', (ledger) => { ledger.peer.delete('a'); ledger.model.delete('a'); }],
    ['a second key that it read', (ledger) => ledger.both('b', [7, 0])],
  ])('is made anew after %s', async (_name, change) => {
    const [ledger, reads] = opened();
    ledger.both('a', [5, 0]);
    ledger.both('b', [5, 1]);
    await reads.receiptFor('read', ['a', 'b']);
    change(ledger);
    await reads.receiptFor('read', ['a', 'b']);
    await reads.receiptFor('read', ['a', 'b']);
    expect(ledger.made).toHaveLength(2);
  });

  it('of something that is not there is made anew when it comes', async () => {
    const [ledger, reads] = opened();
    await reads.receiptFor('read', ['a']);
    await reads.receiptFor('read', ['a']);
    ledger.both('a', [12, 0]);
    ledger.height = 13n;
    await reads.receiptFor('read', ['a']);
    expect(ledger.made).toEqual(['a', 'a']);
  });

  it('stands while the model has not come to the version that it read', async () => {
    const [ledger, reads] = opened();
    ledger.model.set('a', [5, 0]);
    ledger.peer.set('a', [10, 2]);
    await reads.receiptFor('read', ['a']);
    await reads.receiptFor('read', ['a']);
    expect(ledger.made).toHaveLength(1);
    ledger.model.set('a', [10, 2]);
    ledger.height = 11n;
    await reads.receiptFor('read', ['a']);
    expect(ledger.made).toHaveLength(1);
  });

  it('of a range stands until the next block', async () => {
    const [ledger, reads] = opened();
    ledger.range = true;
    ledger.both('a', [5, 0]);
    await reads.receiptFor('list', ['a']);
    await reads.receiptFor('list', ['a']);
    expect(ledger.made).toHaveLength(1);
    ledger.height = 11n;
    await reads.receiptFor('list', ['a']);
    expect(ledger.made).toHaveLength(2);
  });

  it('is made once for all who ask at the same time', async () => {
    const [ledger, reads] = opened();
    let go: () => void = () => undefined;
    ledger.pause = new Promise((resolve) => { go = resolve; });
    const asked = Array.from({ length: 20 }, () => reads.receiptFor('read', ['a']));
    go();
    expect(new Set(await Promise.all(asked)).size).toBe(1);
    expect(ledger.made).toHaveLength(1);
  });

  it('is for one transaction and its arguments, however they are split', async () => {
    const [ledger, reads] = opened();
    await reads.receiptFor('read', ['a', 'b']);
    await reads.receiptFor('read', ['a,b']);
    await reads.receiptFor('read2', ['a', 'b']);
    expect(ledger.made).toHaveLength(3);
  });

  it('that is refused is asked for again', async () => {
    const [, reads] = opened();
    await expect(reads.receiptFor('refuse', [])).rejects.toMatchObject({ code: 'FIELD_WRONG_VALUE', fields: { field: 'x' } });
    await expect(reads.receiptFor('refuse', [])).rejects.toMatchObject({ code: 'FIELD_WRONG_VALUE' });
  });

  it('makes room for others, the longest unused first', async () => {
    const size = payloadOf({ reads: [{ key: 'a', version: null }] }).length;
    const [ledger, reads] = opened(2 * (size + 400));
    for (const key of ['a', 'b', 'a', 'c', 'a', 'b']) await reads.receiptFor('read', [key]);
    expect(ledger.made).toEqual(['a', 'b', 'c', 'b']);
  });
});
