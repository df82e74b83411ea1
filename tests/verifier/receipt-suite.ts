/** What every platform must answer about receipts. `receipt.node.test.ts` and `receipt.browser.test.ts` run it. */
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ExpectedCall, ReceiptVerdict } from '../../verifier/core/receipt.js';
import { verdictOf } from '../../verifier/core/report.js';
import { DAY, intermediateAuthority, NOW, peerOf, rootAuthority } from './certificate-builder.js';
import { expectedCall, ITEM, newWorld, partsOf, payloadOf, receipt, receiptOf, RECORD, type World } from './receipt-builder.js';
import { needing, pinning, reportOf, type Row } from './receipt-row.js';
import { ENDORSEMENT_ROWS } from './receipt-rows-endorsement.js';
import { ENVELOPE_ROWS } from './receipt-rows-envelope.js';
import { QUESTION_ROWS } from './receipt-rows-question.js';
import { REVOCATION_ROWS } from './receipt-rows-revocation.js';

/** A place where receipts are verified. */
export interface Platform {
  verifyAll(texts: readonly string[], expected: ExpectedCall): Promise<readonly ReceiptVerdict[]>;
  close(): Promise<void>;
}

export const ROWS: readonly Row[] = [...ENVELOPE_ROWS, ...QUESTION_ROWS, ...ENDORSEMENT_ROWS, ...REVOCATION_ROWS];

/** Registers the suite. `open` is called once; `runs` is the number of random cases of each property. */
export function receiptSuite(name: string, open: () => Promise<Platform>, runs: number): void {
  describe(`receipts on ${name}`, () => {
    let platform: Platform;
    let world: World;

    beforeAll(async () => {
      [platform, world] = await Promise.all([open(), newWorld()]);
    });
    afterAll(() => platform.close());

    const verify = async (text: string, expected: ExpectedCall): Promise<ReceiptVerdict> => {
      const [verdict] = await platform.verifyAll([text], expected);
      return verdict!;
    };

    describe('good ones', () => {
      for (const { name: title, make, facts } of GOOD) {
        test(title, async () => {
          const { text, expected } = await make(world);
          const verdict = await verify(text, expected);
          expect(verdict.report).toEqual(reportOf({}));
          expect(verdict).toMatchObject({ verdict: 'verified', facts });
        });
      }
    });

    describe('one single change', () => {
      test.each(ROWS)('$name ($source)', async (row) => {
        const text = await row.receipt(world);
        const expected = expectedCall(world);
        const verdict = await verify(text, row.expected?.(expected, world) ?? expected);
        expect(verdict.report).toEqual(reportOf(row.upset));
        expect(verdict.verdict).toBe(verdictOf(reportOf(row.upset)));
        expect(verdict.verdict).not.toBe('verified');
        expect(verdict).not.toHaveProperty('facts');
      });
    });

    test('every byte of a payload matters, even where one organisation would be enough', async () => {
      const payload = payloadOf(partsOf(world));
      const expected = needing(expectedCall(world), 1);
      expect(payload.length).toBeGreaterThan(2000);
      const texts = Array.from(payload, (byte, at) => receiptOf(payload.with(at, byte ^ (1 + ((at * 167) % 255)))));
      const verdicts = await inBatches(texts, (batch) => platform.verifyAll(batch, expected));
      expect(verdicts).toHaveLength(payload.length);
      expect(verdicts.flatMap(({ verdict }, at) => (verdict === 'not-verified' ? [] : [at]))).toEqual([]);
    });

    test('bytes cut out, doubled or put in are never verified', async () => {
      const payload = payloadOf(partsOf(world));
      const expected = needing(expectedCall(world), 1);
      const splice = fc.record({ at: fc.nat(payload.length - 1), cut: fc.nat(40), put: fc.uint8Array({ maxLength: 40 }) });
      await fc.assert(fc.asyncProperty(fc.array(splice, { minLength: 50, maxLength: 50 }), async (splices) => {
        const changed = splices.map(({ at, cut, put }) => receiptOf(spliced(payload, at, cut, put)));
        const texts = changed.filter((text) => text !== receiptOf(payload));
        const verdicts = await platform.verifyAll(texts, expected);
        expect(verdicts.map(({ verdict }) => verdict)).toEqual(texts.map(() => 'not-verified'));
      }), { numRuns: Math.ceil(runs / 50) });
    });

    test('random bytes and random texts get an answer, and never a good one', async () => {
      const expected = expectedCall(world);
      const hostile = fc.oneof(
        fc.uint8Array({ maxLength: 600 }).map((bytes) => receiptOf(bytes)),
        fc.string({ unit: 'binary', maxLength: 200 }),
        fc.json(),
      );
      await fc.assert(fc.asyncProperty(fc.array(hostile, { minLength: 50, maxLength: 50 }), async (texts) => {
        const verdicts = await platform.verifyAll(texts, expected);
        expect(verdicts.map(({ verdict }) => verdict)).toEqual(texts.map(() => 'not-verified'));
      }), { numRuns: Math.ceil(runs / 50) });
    });
  });
}

function spliced(bytes: Uint8Array, at: number, cut: number, put: Uint8Array): Uint8Array {
  return Buffer.concat([bytes.subarray(0, at), put, bytes.subarray(at + cut)]);
}

async function inBatches(texts: readonly string[], verify: (batch: readonly string[]) => Promise<readonly ReceiptVerdict[]>): Promise<ReceiptVerdict[]> {
  const verdicts: ReceiptVerdict[] = [];
  for (let from = 0; from < texts.length; from += 500) verdicts.push(...(await verify(texts.slice(from, from + 500))));
  return verdicts;
}

interface Good {
  readonly name: string;
  readonly make: (world: World) => Promise<{ text: string; expected: ExpectedCall }>;
  readonly facts: object;
}

const ORGANISATIONS = ['Org1MSP', 'Org2MSP', 'Org3MSP'];

const GOOD: readonly Good[] = [
  {
    name: 'one organisation where one is needed',
    make: async (w) => ({ text: receipt(w, { signers: [w.org1.peer] }), expected: needing(expectedCall(w), 1) }),
    facts: { organisations: ['Org1MSP'], response: RECORD, reads: [{ key: ITEM, version: '12:4' }], askedAt: NOW, age: 60_000 },
  },
  {
    name: 'three organisations where two are needed',
    make: async (w) => ({ text: receipt(w), expected: expectedCall(w) }),
    facts: { organisations: ORGANISATIONS, response: RECORD },
  },
  {
    name: 'organisations are named once and in order, whoever signed first',
    make: async (w) => ({ text: receipt(w, { signers: [w.org3.peer, w.org1.peer, w.org3.peer, w.org2.peer] }), expected: expectedCall(w) }),
    facts: { organisations: ORGANISATIONS },
  },
  {
    name: 'a peer below a pinned intermediate',
    make: async (w) => {
      const intermediate = await intermediateAuthority(w.org3.root, 'Org3', { pathLength: 0 });
      const peer = await peerOf(intermediate, 'Org3MSP');
      const text = receipt(w, { signers: [w.org1.peer, w.org2.peer, peer] });
      return { text, expected: needing(pinning(expectedCall(w), 'Org3MSP', [intermediate.pem, w.org3.root.pem]), 3) };
    },
    facts: { organisations: ORGANISATIONS },
  },
  {
    name: 'a root whose key was renewed under the same name, the old one pinned first',
    make: async (w) => {
      const renewed = await rootAuthority('Org3');
      const text = receipt(w, { signers: [w.org1.peer, await peerOf(renewed, 'Org3MSP')] });
      return { text, expected: pinning(expectedCall(w), 'Org3MSP', [w.org3.root.pem, renewed.pem]) };
    },
    facts: { organisations: ['Org1MSP', 'Org3MSP'] },
  },
  {
    name: 'the same, the new one pinned first',
    make: async (w) => {
      const renewed = await rootAuthority('Org3');
      const text = receipt(w, { signers: [w.org1.peer, await peerOf(renewed, 'Org3MSP')] });
      return { text, expected: pinning(expectedCall(w), 'Org3MSP', [renewed.pem, w.org3.root.pem]) };
    },
    facts: { organisations: ['Org1MSP', 'Org3MSP'] },
  },
  {
    name: 'more units than the role, and an attribute extension',
    make: async (w) => {
      const peer = await peerOf(w.org3.root, 'Org3MSP', { subject: 'CN=peer1, OU=kho, OU=peer, OU=Hà Nội, O=Org3' });
      return { text: receipt(w, { signers: [w.org2.peer, peer] }), expected: expectedCall(w) };
    },
    facts: { organisations: ['Org2MSP', 'Org3MSP'] },
  },
  {
    name: 'a network that calls its peers something else',
    make: async (w) => {
      const peer = await peerOf(w.org3.root, 'Org3MSP', { subject: 'CN=peer1, OU=nút, O=Org3' });
      const expected = needing(expectedCall(w), 1);
      return { text: receipt(w, { signers: [peer] }), expected: { ...expected, policy: { ...expected.policy, peerRole: 'nút' } } };
    },
    facts: { organisations: ['Org3MSP'] },
  },
  {
    name: 'certificates that were valid then and have expired since',
    make: async (w) => {
      const peer = await peerOf(w.org3.root, 'Org3MSP', { notBefore: NOW, notAfter: NOW });
      return { text: receipt(w, { signers: [w.org1.peer, peer] }), expected: { ...expectedCall(w), now: NOW + 30 * DAY } };
    },
    facts: { age: 30 * DAY },
  },
  {
    name: 'a device whose clock is ten minutes behind',
    make: async (w) => ({ text: receipt(w), expected: { ...expectedCall(w), now: NOW - 600_000 } }),
    facts: { age: 0, askedAt: NOW },
  },
  {
    name: 'nothing found: an empty answer, and the key that was read',
    make: async (w) => ({ text: receipt(w, { response: '', namespaces: [{ name: 'minhchung', reads: [{ key: ITEM }] }] }), expected: expectedCall(w) }),
    facts: { response: '', reads: [{ key: ITEM, version: null }] },
  },
  {
    name: 'no reads at all, a private read, the first block',
    make: async (w) => ({
      text: receipt(w, { namespaces: [{ name: 'minhchung', privateReads: 1, reads: [{ key: 'a', version: [0, 0] }] }] }),
      expected: expectedCall(w),
    }),
    facts: { reads: [{ key: 'a', version: '0:0' }] },
  },
  {
    name: 'white space up to the limit, slashes escaped',
    make: async (w) => ({ text: receipt(w).replaceAll('/', '\\/').padEnd(256 * 1024), expected: expectedCall(w) }),
    facts: { organisations: ORGANISATIONS },
  },
  {
    name: 'no arguments',
    make: async (w) => ({ text: receipt(w, { input: ['goods:count'] }), expected: { ...expectedCall(w), function: 'goods:count', arguments: [] } }),
    facts: { response: RECORD },
  },
];
