import { Buffer } from 'node:buffer';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { areWellFormed } from '../../../gateway/ledger/transaction-boundaries.js';
import { envelopeOf } from './fabric-blocks.js';

const PAYLOAD = Buffer.from([0x0a, 0x02, 0x70, 0x70]);
const SIGNATURE = Buffer.from([0x12, 0x01, 0x73]);
const PLAIN = Buffer.concat([PAYLOAD, SIGNATURE]);
const deepGroup = (depth: number): Buffer => Buffer.concat([Buffer.alloc(depth, 0x1b), Buffer.alloc(depth, 0x1c)]);

/** Fabric `protoutil/blockutils.go`, VerifyTransactionsAreWellFormed: marshalled again, the envelope has to be the same. */
describe('the envelopes of a block', () => {
  it.each<[string, readonly Uint8Array[], bigint, boolean]>([
    ['one', [PLAIN], 1n, true],
    ['several', [PLAIN, envelopeOf({}), PLAIN], 1n, true],
    ['none', [], 1n, false],
    ['with an unknown field behind', [Buffer.concat([PLAIN, Buffer.from([0x1a, 0x01, 0x00])])], 1n, true],
    ['with a field of a number that is known, and another wire type, behind', [Buffer.concat([PLAIN, Buffer.from([0x08, 0x01, 0x15, 1, 2, 3, 4])])], 1n, true],
    ['with groups behind, as deep as Go reads them', [Buffer.concat([PLAIN, deepGroup(10_000)])], 1n, true],
    ['with an unknown field in front', [Buffer.concat([Buffer.from([0x1a, 0x01, 0x00]), PLAIN])], 1n, false],
    ['with an unknown field between', [Buffer.concat([PAYLOAD, Buffer.from([0x1a, 0x01, 0x00]), SIGNATURE])], 1n, false],
    ['the signature first', [Buffer.concat([SIGNATURE, PAYLOAD])], 1n, false],
    ['two in one', [Buffer.concat([PLAIN, PLAIN])], 1n, false],
    ['two signatures', [Buffer.concat([PLAIN, SIGNATURE])], 1n, false],
    ['a second payload behind an unknown field, its tag in two bytes', [Buffer.concat([PLAIN, Buffer.from([0x1a, 0x00, 0x8a, 0x00, 0x01, 0x70])])], 1n, false],
    ['without a signature', [PAYLOAD], 1n, false],
    ['without a signature, in block 0', [PAYLOAD], 0n, true],
    ['an empty signature', [Buffer.concat([PAYLOAD, Buffer.from([0x12, 0x00])])], 0n, false],
    ['an empty payload', [Buffer.concat([Buffer.from([0x0a, 0x00]), SIGNATURE])], 1n, false],
    ['a tag in two bytes', [Buffer.concat([Buffer.from([0x8a, 0x00, 0x01, 0x70]), SIGNATURE])], 1n, false],
    ['a length in two bytes where one does', [Buffer.concat([Buffer.from([0x0a, 0x81, 0x00, 0x70]), SIGNATURE])], 1n, false],
    ['no message', [Buffer.from([0xff, 0xff])], 1n, false],
    ['empty', [PLAIN, Buffer.alloc(0)], 1n, false],
  ])('%s', (_name, envelopes, block, expected) => {
    expect(areWellFormed(envelopes.map((one) => Buffer.from(one)), block)).toBe(expected);
  });

  it('of 127, 128 and 16,384 bytes', () => {
    for (const length of [1, 127, 128, 16_383, 16_384]) {
      const size = length < 128 ? [length] : length < 16_384 ? [(length & 127) | 128, length >> 7] : [128, 128, 1];
      expect(areWellFormed([Buffer.concat([Buffer.from([0x0a, ...size]), Buffer.alloc(length), SIGNATURE])], 1n)).toBe(true);
    }
  });

  const piece = fc.constantFrom(PAYLOAD, SIGNATURE, PLAIN, Buffer.from([0x1a, 0x00]), Buffer.from([0x08, 0x01]), Buffer.from([0x0a]), Buffer.from([0x00]));
  const bytes = fc.array(piece, { minLength: 1, maxLength: 8 }).map((pieces) => Buffer.concat(pieces));

  it('can be cut in no second way', () => {
    fc.assert(fc.property(bytes, (whole) => {
      expect(cuts(whole).length).toBeLessThanOrEqual(1);
    }), { numRuns: 500 });
  });
});

/** All ways to cut these bytes into well-formed envelopes. */
function cuts(whole: Buffer): Buffer[][] {
  if (whole.length === 0) return [[]];
  return Array.from({ length: whole.length }, (_, index) => index + 1).flatMap((end) => {
    const first = whole.subarray(0, end);
    return areWellFormed([first], 1n) ? cuts(whole.subarray(end)).map((rest) => [first, ...rest]) : [];
  });
}
