import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkDigitOf } from '#domain/gs1/check-digit.js';
import { parseCompanyPrefix } from '#domain/gs1/company-prefix.js';
import { parseDigitalLink, parseDigitalLinkPath } from '#domain/gs1/digital-link.js';
import { decodeEpcBinary, isEpcBinary } from '#domain/gs1/epc-binary.js';
import { epcUrnOf, parseEpcUrn } from '#domain/gs1/epc-urn.js';
import { parseGtin } from '#domain/gs1/gtin.js';
import { itemKeyOf, lotKey, parseLot, parseSerial, serialKey, type ItemKey } from '#domain/gs1/item-key.js';
import { throwsWith } from '../../support/rejects-with.js';

const TDS = 'EPC Tag Data Standard, examples of section 7 and annex E';

describe('EPC URN', () => {
  test.each([
    { urn: 'urn:epc:id:sgtin:0614141.112345.400', key: '/01/10614141123459/21/400', prefix: '0614141', source: TDS },
    { urn: 'urn:epc:id:sgtin:0614141.712345.32a%2Fb', key: '/01/70614141123451/21/32a%2Fb', prefix: '0614141', source: TDS },
    { urn: 'urn:epc:id:sscc:0614141.1234567890', key: '/00/106141412345678908', prefix: '0614141', source: TDS },
    { urn: 'urn:epc:id:sgln:0614141.12345.400', key: '/414/0614141123452/254/400', prefix: '0614141', source: TDS },
    { urn: 'urn:epc:id:sgln:0614141.12345.0', key: '/414/0614141123452', prefix: '0614141', source: TDS },
    { urn: 'urn:epc:class:lgtin:0614141.712345.32a%2Fb', key: '/01/70614141123451/10/32a%2Fb', prefix: '0614141', source: TDS },
    { urn: 'urn:epc:idpat:sgtin:0614141.112345.*', key: '/01/10614141123459', prefix: '0614141', source: TDS },
    { urn: 'urn:epc:id:pgln:952000000010.', key: '/417/9520000000103', prefix: '952000000010', source: 'a company prefix of twelve digits leaves no reference' },
    { urn: 'urn:epc:id:sgtin:952000.0000001.S', key: '/01/09520000000011/21/S', prefix: '9520', source: 'company prefixes below six digits are lengthened' },
  ])('$urn is $key', ({ urn, key, prefix }) => {
    expect(itemKeyOf(parseEpcUrn(urn))).toBe(key);
    expect(epcUrnOf(key as ItemKey, parseCompanyPrefix(prefix))).toBe(urn);
  });

  test.each([
    '', 'urn:epc:id:sgtin', 'URN:EPC:ID:SGTIN:0614141.112345.400', 'urn:epc:id:sgtin:0614141.112345', 'urn:epc:id:sgtin:0614141.11234.400', 'urn:epc:id:sgtin:06141.11123450.400',
    'urn:epc:id:sscc:0614141.1234567890.1', 'urn:epc:id:sgtin:0614141.112345.', 'urn:epc:id:sgtin:0614141.112345.a/b', 'urn:epc:id:sgtin:0614141.112345.a&b', 'urn:epc:id:sgtin:0614141.112345.%zz',
    'urn:epc:idpat:sgtin:0614141.112345.400', 'urn:epc:idpat:sgtin:0614141.*.*', ' urn:epc:id:sgtin:0614141.112345.400', 'urn:epc:id:sgtin:0614141.112345.400\n', `urn:epc:id:sgtin:0614141.112345.${'4'.repeat(1000)}#`,
  ])('%j is malformed', (urn) => throwsWith(() => parseEpcUrn(urn), 'EPC_URN_MALFORMED', { urn: urn.slice(0, 200) }));

  test.each([['urn:epc:id:grai:0614141.12345.400', 'id:grai'], ['urn:epc:raw:sgtin:0614141.112345.400', 'raw:sgtin'], ['urn:epc:id:usdod:061414.12345', 'id:usdod']])(
    '%s is of a scheme not known here', (urn, scheme) => throwsWith(() => parseEpcUrn(urn), 'EPC_URN_SCHEME_UNKNOWN', { scheme }));

  test('a serial is checked like any other', () => {
    throwsWith(() => parseEpcUrn('urn:epc:id:sgtin:0614141.112345.a%20b'), 'AI_VALUE_CHARACTERS', { ai: '21' });
    throwsWith(() => parseEpcUrn(`urn:epc:id:sgtin:0614141.112345.${'4'.repeat(21)}`), 'AI_VALUE_TOO_LONG', { ai: '21' });
  });

  test('a key is not written under a prefix that does not own it, nor a kind that has no URN', () => {
    throwsWith(() => epcUrnOf('/01/09520000000011' as ItemKey, parseCompanyPrefix('9521')), 'COMPANY_PREFIX_NOT_OWNER', { prefix: '9521', key: '09520000000011' });
    throwsWith(() => epcUrnOf('/01/09520000000011/22/V' as ItemKey, parseCompanyPrefix('9520')), 'EPC_URN_SCHEME_UNKNOWN', { scheme: 'variant' });
    throwsWith(() => epcUrnOf('/8004/9520A' as ItemKey, parseCompanyPrefix('9520')), 'EPC_URN_SCHEME_UNKNOWN', { scheme: 'identifier' });
  });

  test('URN and key are two spellings of one thing', () => {
    const value = fc.stringMatching(/^[!"%&'()*+,\-./0-9:;<=>?A-Z_a-z]{1,20}$/).filter((text) => !/^\.{1,2}$/.test(text));
    fc.assert(fc.property(fc.stringMatching(/^\d[13-9]\d{11}$/), fc.integer({ min: 4, max: 12 }), value, fc.boolean(), (body, length, text, isLot) => {
      const gtin = parseGtin(body + checkDigitOf(body));
      const key = isLot ? lotKey(gtin, parseLot(text)) : serialKey(gtin, parseSerial(text));
      expect(itemKeyOf(parseEpcUrn(epcUrnOf(key, parseCompanyPrefix(gtin.slice(1, 1 + length)))))).toBe(key);
    }));
  });
});

describe('EPC in binary', () => {
  test.each([
    { segment: 'eh30164596f40c0e5cbe991a83', key: '/01/09528765123457/21/123456789123', source: 'Digital Link URI: Compression, worked example' },
    { segment: 'exMBZFlvQMDly-mRqD', key: '/01/09528765123457/21/123456789123', source: 'the same in base64url' },
    { segment: 'eh3074257bf7194e4000001a85', key: '/01/80614141123458/21/6789', source: `SGTIN-96, ${TDS}` },
    { segment: 'eh3174257bf4499602d2000000', key: '/00/106141412345678908', source: `SSCC-96, ${TDS}` },
    { segment: 'eh3274257bf46072000000162e', key: '/414/0614141123452/254/5678', source: `SGLN-96, ${TDS}` },
    { segment: 'eh3674257bf6b7a659b2c2bf100000000000000000000000000000', key: '/01/70614141123451/21/32a%2Fb', source: `SGTIN-198, ${TDS}` },
    { segment: 'eh3974257bf46072cd9615f8800000000000000000000000000000', key: '/414/0614141123452/254/32a%2Fb', source: `SGLN-195, ${TDS}` },
  ])('$segment is $key ($source)', ({ segment, key }) => {
    expect(isEpcBinary(segment)).toBe(true);
    expect(itemKeyOf(decodeEpcBinary(segment))).toBe(key);
    expect(itemKeyOf(parseDigitalLink(`https://id.example/${segment}`))).toBe(key);
    expect(itemKeyOf(parseDigitalLinkPath(`/${segment}/`, 'linkType=all'))).toBe(key);
  });

  test('a location without extension carries zero', () => {
    expect(itemKeyOf(decodeEpcBinary('eh3274257bf460720000000000'))).toBe('/414/0614141123452');
  });

  test.each([
    ['eh2f164596f40c0e5cbe991a83', '2f'], ['ehf7164596f40c0e5cbe991a83', 'f7'], ['eh00164596f40c0e5cbe991a83', '0'],
  ])('%s is of a scheme not known here', (segment, header) => throwsWith(() => parseDigitalLink(`https://id.example/${segment}`), 'EPC_BINARY_SCHEME_UNKNOWN', { header }));

  test.each([
    ['partition 7', 'eh301c4596f40c0e5cbe991a83'], ['a bit set behind the end', 'eh30164596f40c0e5cbe991a8301'], ['too many zeros behind', 'eh30164596f40c0e5cbe991a830000'.concat('0')],
    ['a prefix with too many digits', 'eh3017ffffff0c0e5cbe991a83'], ['reserved bits set in an SSCC', 'eh3174257bf4499602d2000001'], ['an SGTIN-198 cut to 96 bits', 'eh3674257bf6b7a659b2c2bf10'],
    ['capital hex', 'eh30164596F40C0E5CBE991A83'], ['cut short', 'eh30164596f40c0e5cbe991a8'], ['nothing', 'eh'], ['a key path', '01'],
  ])('%s is malformed', (_, segment) => throwsWith(() => decodeEpcBinary(segment), 'EPC_BINARY_MALFORMED', { segment }));

  test('what it says is checked as if it had been typed', () => {
    // SGTIN-198 whose serial begins with a space (0x20): seven bits 0100000 in place of `3`
    throwsWith(() => decodeEpcBinary('eh3674257bf6b7a640b2c2bf100000000000000000000000000000'), 'AI_VALUE_CHARACTERS', { ai: '21' });
    // and one whose serial is empty
    throwsWith(() => decodeEpcBinary('eh3674257bf6b7a600000000000000000000000000000000000000'), 'AI_VALUE_TOO_SHORT', { ai: '21' });
  });

  test('a serial that looks like one stays a serial', () => {
    expect(itemKeyOf(parseDigitalLink('https://id.example/01/09520000000011/21/eh30164596f40c0e5cb')))
      .toBe('/01/09520000000011/21/eh30164596f40c0e5cb');
    throwsWith(() => parseDigitalLink('https://id.example/01/09520000000011/eh30164596f40c0e5cbe991a83'), 'LINK_SEGMENTS_ODD');
  });

  test('random bits never crash and never give an unchecked key', () => {
    fc.assert(fc.property(fc.constantFrom('30', '31', '32', '36', '39'), fc.stringMatching(/^[0-9a-f]{22}$/), fc.constantFrom(0, 24, 26, 28), (header, body, more) => {
      const segment = `eh${header}${body}${'0'.repeat(more)}`;
      let key: string | undefined;
      try {
        key = itemKeyOf(decodeEpcBinary(segment));
      } catch (error) {
        expect(error).toMatchObject({ name: 'Problem' });
      }
      if (key !== undefined) expect(itemKeyOf(parseDigitalLinkPath(key, ''))).toBe(key);
    }), { numRuns: 2_000 });
  });
});
