import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LIST_BITS, parseStatusIndex, setStatusBit, statusBit } from '#domain/credential/status-list.js';
import { statusListUrl } from '#domain/credential/status-entry.js';
import { throwsWith } from '../../support/rejects-with.js';

describe('index of a status entry (trust.md K7)', () => {
  test.each([['0', 0], ['7', 7], ['94567', 94_567], ['131071', 131_071]])('%s', (text, index) => expect(parseStatusIndex(text)).toBe(index));
  test.each(['abc', '1e3', '-1', '131072', '1.5', ' 5', '5 ', '5\n', '05', '', '9007199254740992', '99999999999', '0x1', '١'])('%j is refused', (text) => throwsWith(() => parseStatusIndex(text), 'CREDENTIAL_STATUS_INDEX_WRONG', { value: text }));
});

describe('bits of a list', () => {
  test.each([[0, 0x80], [1, 0x40], [7, 0x01]])('bit %i of a byte is counted from the left (Bitstring Status List 1.0, 3.3)', (index, byte) => {
    const bits = Uint8Array.of(byte, 0);
    expect(Array.from({ length: 16 }, (_, at) => statusBit(bits, at)).indexOf(true)).toBe(index);
  });

  test('the same bits are read from the right by the Token Status List; here they are not', () => {
    // 0xb9 0xa3 is the example of draft-ietf-oauth-status-list 4.1, whose statuses begin 1 0 0 1 1 1 0 1 from the right
    expect(Array.from({ length: 8 }, (_, at) => Number(statusBit(Uint8Array.of(0xb9, 0xa3), at)))).toEqual([1, 0, 1, 1, 1, 0, 0, 1]);
  });

  test('what was set is set, and nothing else', () => {
    fc.assert(fc.property(fc.uniqueArray(fc.integer({ min: 0, max: LIST_BITS - 1 }), { maxLength: 200 }), fc.uniqueArray(fc.integer({ min: 0, max: LIST_BITS - 1 }), { maxLength: 50 }), (set, cleared) => {
      const bits = new Uint8Array(LIST_BITS / 8);
      for (const index of set) setStatusBit(bits, index, true);
      for (const index of cleared) setStatusBit(bits, index, false);
      const expected = set.filter((index) => !cleared.includes(index)).sort((a, b) => a - b);
      const found: number[] = [];
      for (let index = 0; index < LIST_BITS; index++) if (statusBit(bits, index)) found.push(index);
      expect(found).toEqual(expected);
    }), { numRuns: 20 });
  });

  test.each([LIST_BITS, -1, 1.5, NaN, 2 ** 53, -0.5])('bit %d is not there, and never read as unset', (index) => throwsWith(() => statusBit(new Uint8Array(LIST_BITS / 8), index), 'CREDENTIAL_STATUS_INDEX_WRONG', { value: String(index) }));
  test('nor is one beyond a list cut short', () => throwsWith(() => statusBit(new Uint8Array(2), 16), 'CREDENTIAL_STATUS_INDEX_WRONG'));
  test('nor can it be set', () => throwsWith(() => setStatusBit(new Uint8Array(2), 16, true), 'CREDENTIAL_STATUS_INDEX_WRONG'));
});

describe('address of a list', () => {
  test.each(['https://cap.minhchung.example/status/thu-hoi-1', 'https://cap.example:8443/a/b/c.d_e', 'http://127.0.0.1:8082/status/1', 'http://localhost/status/1'])('%s', (url) => expect(statusListUrl(url)).toBe(url));
});
