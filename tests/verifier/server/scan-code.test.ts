import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Problem } from '#domain/errors.js';
import { scannedItem } from '../../../verifier/core/goods/scanned-item.js';
import { readCode } from '../../../verifier/server/scan-code.js';

const KEY = '/01/09520000000011';
const SERIAL = `${KEY}/21/7QK2M9ZD4XWA`;

describe('codes as people and scanners give them', () => {
  test.each([
    ['https://id.example.org/01/09520000000011/10/LO26-001/21/7QK2M9ZD4XWA?17=271231', SERIAL, 'a whole link'],
    ['HTTPS://ID.EXAMPLE.ORG/01/09520000000011/21/7QK2M9ZD4XWA', SERIAL, 'a link in capitals, as printed'],
    ['Https://id.example.org/01/09520000000011', KEY, 'a link that a keyboard began with a capital'],
    ['id.example.org/01/09520000000011', KEY, 'a link without https'],
    ['https://shop.example/vi/01/09520000000011', KEY, 'a link with something in front of the key'],
    ['https://id.example.org/01/9520000000011', KEY, 'a link printed before URI Syntax 1.4'],
    ['/01/09520000000011/21/7QK2M9ZD4XWA', SERIAL, 'a path'],
    ['9520000000011', KEY, 'GTIN-13'],
    ['09520000000011', KEY, 'GTIN-14'],
    [' 9 520000 000011 ', KEY, 'GTIN-13 in groups'],
    ['095200000000000011', '/00/095200000000000011', 'SSCC'],
    ['(01)09520000000011(10)LO26-001(21)7QK2M9ZD4XWA', SERIAL, 'in brackets'],
    ['(01) 09520000000011 (10) LO26-001 (21) 7QK2M9ZD4XWA', SERIAL, 'in brackets with blanks'],
    [']d2010952000000001110LO26-001\u001d217QK2M9ZD4XWA', SERIAL, 'from a scanner'],
    [']E09520000000011', KEY, 'EAN-13 with its symbology identifier'],
  ])('%j → %s (%s)', (code, key) => expect(scannedItem(readCode(code).link).key).toBe(key));

  test.each([
    ['', 'SCAN_EMPTY'], ['  \n', 'SCAN_EMPTY'], ['x'.repeat(4097), 'LINK_TOO_LONG'], ['9520000000012', 'GTIN_CHECK_DIGIT_WRONG'], ['123', 'GTIN_MALFORMED'],
    ['095200000000000012', 'SSCC_CHECK_DIGIT_WRONG'], ['https://id.example.org/', 'LINK_NO_PRIMARY_KEY'], ['hello', 'AI_UNKNOWN'], ['(01)0952000000001', 'AI_VALUE_TOO_SHORT'],
    ['https://user@id.example.org/01/09520000000011', 'LINK_DOMAIN_WRONG'], ['javascript:alert(1)', 'AI_UNKNOWN'], ['(10)L1', 'AI_REQUIRES'],
  ])('%j is refused: %s', (code, expected) => {
    let refusal: unknown;
    try { readCode(code); } catch (error) { refusal = error; }
    expect(refusal).toMatchObject({ code: expected });
  });

  test('a whole link says where it leads', () => {
    expect(readCode('https://evil.example:8443/01/09520000000011').domain).toBe('evil.example:8443');
    expect(readCode('9520000000011').domain).toBeUndefined();
  });

  test('anything else is refused with a code, never with a bug', () => {
    fc.assert(fc.property(fc.oneof(fc.string({ unit: 'binary', maxLength: 80 }), fc.webUrl(), fc.stringMatching(/^[()0-9A-Z]{0,60}$/)), (text) => {
      try { readCode(text); } catch (error) { expect(error).toBeInstanceOf(Problem); }
    }), { numRuns: 2000 });
  });
});
