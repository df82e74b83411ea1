import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCompanyPrefix, prefixOwns } from '#domain/gs1/company-prefix.js';
import { parseSscc } from '#domain/gs1/item-key.js';
import { ssccOf } from '../../../gateway/serials/sscc-counter.js';
import { randomSerials } from '../../../gateway/serials/serial-orders.js';

/** Vectors: GS1 General Specifications 2.2.1 (extension digit, prefix, serial reference) with the check digit of 7.9.1. */
describe('the SSCC of a number', () => {
  it.each([
    ['9520000', 0, '095200000000000004'], ['9520000', 1, '095200000000000011'], ['9520000', 9_999_999_999, '995200009999999996'],
    ['952000000001', 12_345, '195200000000123458'],
  ])('%s %i', (prefix, number, sscc) => {
    expect(ssccOf(prefix, number)).toBe(sscc);
    expect(parseSscc(sscc)).toBe(sscc);
  });

  it('ends where the digits end', () => {
    expect(ssccOf('9520000', 10_000_000_000)).toBeUndefined();
    expect(ssccOf('952000000001', 100_000)).toBeUndefined();
  });

  it('is right, under its prefix, and another one for every number', () => {
    fc.assert(fc.property(fc.constantFrom('9520', '95200', '9520000', '952000000001'), fc.nat(99_999), fc.nat(99_999), (prefix, one, other) => {
      const sscc = parseSscc(ssccOf(prefix, one) ?? '');
      expect(prefixOwns(parseCompanyPrefix(prefix), sscc)).toBe(true);
      expect(sscc === ssccOf(prefix, other)).toBe(one === other);
    }));
  });
});

describe('random serials', () => {
  it('are as many as asked for, also where chance repeats itself', () => {
    let calls = 0;
    const stuttering = (length: number): Uint8Array => (calls++ === 0 ? new Uint8Array(length) : randomBytes(length));
    const serials = randomSerials(50, stuttering);
    expect(new Set(serials).size).toBe(50);
    expect(serials[0]).toBe('222222222222');
  });
});
