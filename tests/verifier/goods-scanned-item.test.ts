import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { buildDigitalLink, parseDigitalLink, parseDigitalLinkPath } from '#domain/gs1/digital-link.js';
import { checkDigitOf } from '#domain/gs1/check-digit.js';
import { parseItemKey } from '#domain/gs1/item-key.js';
import { readAddress } from '../../verifier/core/goods/address-reader.js';
import { scannedItem } from '../../verifier/core/goods/scanned-item.js';

const G = '09520000000011';

describe('what a link names', () => {
  test.each([
    [`/01/${G}`, '', 'product', `/01/${G}`, []],
    [`/01/${G}/10/A%2FB`, '', 'lot', `/01/${G}/10/A%2FB`, []],
    [`/01/${G}/10/A%2fB`, '', 'lot', `/01/${G}/10/A%2FB`, []],
    [`/01/${G}/22/V`, '', 'product', `/01/${G}`, ['22']],
    [`/01/${G}/22/V/10/L`, '', 'lot', `/01/${G}/10/L`, ['22']],
    [`/01/${G}/22/V/10/L/21/S`, '17=271231', 'serial', `/01/${G}/21/S`, ['22', '10', '17']],
    [`/01/${G}/235/TP`, '', 'foreign-serial', `/01/${G}/235/TP`, []],
    ['/00/095200000000000011', '', 'unit', '/00/095200000000000011', []],
    ['/414/9520000000103/254/B-12', '', 'not-kept', '/414/9520000000103/254/B-12', []],
    ['/417/9520000000103', '', 'not-kept', '/417/9520000000103', []],
    ['/8004/9520000ABC', '', 'not-kept', '/8004/9520000ABC', []],
  ])('%s?%s is a %s', (path, query, level, key, stated) => {
    const scanned = scannedItem(parseDigitalLinkPath(path, query));
    expect(scanned).toMatchObject({ level, key });
    expect(scanned.stated.map(({ ai }) => ai)).toEqual(stated);
  });

  test('a serial remembers the lot beside it', () => {
    expect(scannedItem(parseDigitalLinkPath(`/01/${G}/10/L%2F1/21/S`, '')).lotKey).toBe(`/01/${G}/10/L%2F1`);
    expect(scannedItem(parseDigitalLinkPath(`/01/${G}/21/S`, '')).lotKey).toBeUndefined();
  });
});

describe('reading the address bar', () => {
  const set82 = [...'!"%&\'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz'];
  const opaque = fc.array(fc.constantFrom(...set82), { minLength: 1, maxLength: 20 }).map((characters) => characters.join('')).filter((text) => text !== '.' && text !== '..');
  const gtin = fc.stringMatching(/^952\d{10}$/).map((digits) => `0${digits.slice(0, 12)}${checkDigitOf(`0${digits.slice(0, 12)}`)}`);
  const elements = fc.record({ gtin, lot: fc.option(opaque), serial: fc.option(opaque), variant: fc.option(opaque), expiry: fc.option(fc.constantFrom('271231', '280200')) })
    .map((one) => [
      { ai: '01', value: one.gtin },
      ...(one.variant === null ? [] : [{ ai: '22', value: one.variant }]),
      ...(one.lot === null ? [] : [{ ai: '10', value: one.lot }]),
      ...(one.serial === null ? [] : [{ ai: '21', value: one.serial }]),
      ...(one.expiry === null ? [] : [{ ai: '17', value: one.expiry }]),
    ]);

  test('finds what the strict reader finds in every link that it accepts', () => {
    fc.assert(fc.property(elements, (each) => {
      const url = new URL(buildDigitalLink(each, { domain: 'id.example.org' }));
      const strict = scannedItem(parseDigitalLink(url.href));
      expect(readAddress(url.pathname, `${url.search}${url.search === '' ? '?' : '&'}lang=en`)).toEqual(strict);
      if (strict.level !== 'not-kept') expect(parseItemKey(strict.key)).toBeDefined();
    }), { numRuns: 2000 });
  });

  test.each(['/scan', '/', '/eh30164596f40c0e5cbe991a83', `/01/${G}/10`, `/01/${G}/10/%zz`, 'x'])('%s names nothing', (path) => {
    expect(readAddress(path, '')).toBeUndefined();
  });
});
