import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ProblemCode, ProblemFields } from '#domain/errors.js';
import {
  buildDigitalLink, canonicalDigitalLink, parseDigitalLink, parseDigitalLinkPath, validateDigitalLink, type DigitalLink,
} from '#domain/gs1/digital-link.js';
import { parseElementString } from '#domain/gs1/element-string.js';
import type { AiValue } from '#domain/gs1/identification.js';
import { itemKeyOf } from '#domain/gs1/item-key.js';
import { throwsWith } from '../../support/rejects-with.js';
import { LINK_AIS, linkAround, linkText } from './generated-links.js';
import { seededRandom } from './seeded-random.js';

const ID = 'https://id.example';
const GTIN = '/01/09520000000011';
const sorted = (list: readonly AiValue[]): AiValue[] => [...list].sort((a, b) => (a.ai < b.ai ? -1 : 1));

describe('reading a link', () => {
  test('key, qualifiers, attributes and the rest', () => {
    expect(parseDigitalLink(`${ID}/shop/vi${GTIN}/22/2A/10/LO26-001/21/7QK2M9ZD4XWA?17=271231&linkType=gs1:pip&3103=025000&utm#top`)).toEqual({
      domain: 'id.example', stem: '/shop/vi', primaryKey: { ai: '01', value: '09520000000011' },
      qualifiers: [{ ai: '22', value: '2A' }, { ai: '10', value: 'LO26-001' }, { ai: '21', value: '7QK2M9ZD4XWA' }],
      attributes: [{ ai: '17', value: '271231' }, { ai: '3103', value: '025000' }],
      otherQuery: ['linkType=gs1:pip', 'utm'],
    } satisfies DigitalLink);
  });

  test.each([
    ['https://id.gs1.org/01/09521234543213', '/01/09521234543213', 'GS1 Digital Link URI syntax, examples'],
    ['https://id.gs1.org/01/09521234543213/10/ABC123/21/12345', '/01/09521234543213/21/12345', 'bwip-js documentation'],
    ['https://id.gs1.org/01/09521234543213/10/ABC123?17=261231', '/01/09521234543213/10/ABC123', 'bwip-js documentation'],
    ['https://id.gs1.org/00/106141411234567897', '/00/106141411234567897', 'bwip-js documentation'],
    ['https://example.com/products/01/09521234543213', '/01/09521234543213', 'bwip-js documentation'],
    ['HTTPS://ID.GS1.ORG/01/09521234543213/22/ABC%2D123?99=XYZ-987', '/01/09521234543213/22/ABC-123', 'bwip-js example'],
    [`${ID}/414/9520000000103/254/B-12`, '/414/9520000000103/254/B-12', 'location with extension'],
    [`${ID}/8006/195200000000180102/21/S`, '/8006/195200000000180102/21/S', 'piece of a trade item'],
    [`${ID}${GTIN}/10/A%2FB`, '/01/09520000000011/10/A%2FB', 'an encoded slash is part of the value'],
    [`${ID}${GTIN}/10/A+B`, '/01/09520000000011/10/A%2BB', 'a plus sign in the path is a plus sign'],
    [`${ID}${GTIN}/10/A%2bB`, '/01/09520000000011/10/A%2BB', 'small hex'],
    [`${ID}${GTIN}/10/%2541`, '/01/09520000000011/10/%2541', 'decoded once only'],
    [`${ID}${GTIN}/10/%4C`, '/01/09520000000011/10/L', 'an unreserved character encoded'],
    [`${ID}${GTIN}/`, '/01/09520000000011', 'one slash at the end'],
    [`http://id.example:8443${GTIN}`, '/01/09520000000011', 'plain http and a port'],
    [`${ID}/01/x${GTIN}`, '/01/09520000000011', 'the rightmost key counts'],
    [`${ID}${GTIN}/21/S/00/395200000000000012`, '/00/395200000000000012', 'the rightmost key counts, whatever stands in front'],
    [`${ID}${GTIN}/10/414`, '/01/09520000000011/10/414', 'a value that looks like an AI'],
    [`${ID}${GTIN}?a=%zz&b&&c=1;17=x`, '/01/09520000000011', 'other parameters are not looked into'],
    [`${ID}${GTIN}?10x=1&x10=1`, '/01/09520000000011', 'a name that is not all digits is none of GS1\'s'],
    [`${ID}${GTIN}#/10/%00`, '/01/09520000000011', 'a fragment means nothing'],
  ])('%s is %s (%s)', (uri, key) => expect(itemKeyOf(parseDigitalLink(uri))).toBe(key));

  test('a plus sign in the query is a space, so only %2B is a plus sign', () => {
    expect(parseDigitalLink(`${ID}${GTIN}?240=A%2BB`).attributes).toEqual([{ ai: '240', value: 'A+B' }]);
    throwsWith(() => parseDigitalLink(`${ID}${GTIN}?240=A+B`), 'AI_VALUE_CHARACTERS', { ai: '240', value: 'A B' });
  });

  test('case of values is kept, case of the domain is not', () => {
    expect(parseDigitalLink(`HTTPS://Id.Example/01/09520000000011/10/aB`)).toMatchObject({ domain: 'id.example', qualifiers: [{ value: 'aB' }] });
  });
});

const REFUSALS: readonly [uri: string, code: ProblemCode, fields: ProblemFields][] = [
  // the address
  ['', 'LINK_SCHEME_WRONG', { link: '' }], [`ftp://id.example${GTIN}`, 'LINK_SCHEME_WRONG', {}], [`Https://id.example${GTIN}`, 'LINK_SCHEME_WRONG', {}], [`id.example${GTIN}`, 'LINK_SCHEME_WRONG', {}],
  [`//id.example${GTIN}`, 'LINK_SCHEME_WRONG', {}], [`javascript:alert(1)//${GTIN}`, 'LINK_SCHEME_WRONG', {}], ['(01)09520000000011', 'LINK_SCHEME_WRONG', {}],
  [` ${ID}${GTIN}`, 'LINK_NOT_A_URI', {}], [`${ID}${GTIN}\n`, 'LINK_NOT_A_URI', {}], [`${ID}${GTIN}/10/Lô`, 'LINK_NOT_A_URI', {}], [`${ID}${GTIN}/10/A"B`, 'LINK_NOT_A_URI', {}], [`${ID}\\${GTIN}`, 'LINK_NOT_A_URI', {}], [`${ID}${GTIN}/10/\u0000`, 'LINK_NOT_A_URI', {}],
  [`https://${GTIN}`, 'LINK_DOMAIN_WRONG', { domain: '' }], [`https://brand.example@evil.example${GTIN}`, 'LINK_DOMAIN_WRONG', {}], [`https://id..example${GTIN}`, 'LINK_DOMAIN_WRONG', {}], [`https://[::1]${GTIN}`, 'LINK_DOMAIN_WRONG', {}],
  [`https://id%2Eexample${GTIN}`, 'LINK_DOMAIN_WRONG', {}], [`https://-id.example${GTIN}`, 'LINK_DOMAIN_WRONG', {}], [`https://id.example:${GTIN}`, 'LINK_DOMAIN_WRONG', {}], [`https://id.example?x=${GTIN}`, 'LINK_DOMAIN_WRONG', {}],
  [`${ID}${GTIN}?x=${'a'.repeat(4_296)}`, 'LINK_TOO_LONG', {}],
  // the path
  [ID, 'LINK_NO_PRIMARY_KEY', {}], [`${ID}/`, 'LINK_NO_PRIMARY_KEY', {}], [`${ID}/foo`, 'LINK_NO_PRIMARY_KEY', { path: '/foo' }], [`${ID}/10/LOT`, 'LINK_NO_PRIMARY_KEY', {}], [`${ID}/gtin/09520000000011`, 'LINK_NO_PRIMARY_KEY', {}], [`${ID}/%30%31/09520000000011`, 'LINK_NO_PRIMARY_KEY', {}], [`${ID}/?01=09520000000011`, 'LINK_NO_PRIMARY_KEY', {}],
  [`${ID}${GTIN}/foo`, 'LINK_SEGMENTS_ODD', { path: '/01/09520000000011/foo' }], [`${ID}${GTIN}/10`, 'LINK_SEGMENTS_ODD', {}], [`${ID}/01`, 'LINK_SEGMENTS_ODD', {}], [`${ID}/01/`, 'LINK_SEGMENTS_ODD', {}], [`${ID}${GTIN}/10/`, 'LINK_SEGMENTS_ODD', {}],
  [`${ID}/01//10/A`, 'LINK_SEGMENT_EMPTY', { ai: '01' }], [`${ID}${GTIN}/10//21/A`, 'LINK_SEGMENT_EMPTY', { ai: '10' }], [`${ID}${GTIN}//`, 'LINK_SEGMENTS_ODD', {}],
  [`${ID}${GTIN}/foo/bar`, 'AI_UNKNOWN', { ai: 'foo' }], [`${ID}${GTIN}/999/1`, 'AI_UNKNOWN', { ai: '999' }],
  [`${ID}${GTIN}/17/271231`, 'LINK_ATTRIBUTE_IN_PATH', { ai: '17', key: '01' }], [`${ID}/00/395200000000000012/10/A`, 'LINK_ATTRIBUTE_IN_PATH', { ai: '10', key: '00' }], [`${ID}/414/9520000000103/21/A`, 'LINK_ATTRIBUTE_IN_PATH', { ai: '21', key: '414' }],
  [`${ID}${GTIN}/21/S/10/L`, 'LINK_QUALIFIER_ORDER', { qualifiers: '21 10' }], [`${ID}${GTIN}/10/L/22/V`, 'LINK_QUALIFIER_ORDER', { qualifiers: '10 22' }], [`${ID}${GTIN}/10/L/235/T`, 'LINK_QUALIFIER_ORDER', {}], [`${ID}/414/9520000000103/254/A/7040/1ABC`, 'LINK_QUALIFIER_ORDER', {}],
  [`${ID}${GTIN}/10/A/10/A`, 'LINK_AI_REPEATED', { ai: '10' }], [`${ID}${GTIN}/10/A?10=A`, 'LINK_AI_REPEATED', { ai: '10' }], [`${ID}${GTIN}?17=271231&17=271231`, 'LINK_AI_REPEATED', { ai: '17' }], [`${ID}${GTIN}?01=09520000000011`, 'LINK_AI_REPEATED', { ai: '01' }],
  // the writing of values
  [`${ID}${GTIN}/10/%`, 'LINK_PERCENT_WRONG', { ai: '10' }], [`${ID}${GTIN}/10/A%4`, 'LINK_PERCENT_WRONG', {}], [`${ID}${GTIN}/10/A%zzB`, 'LINK_PERCENT_WRONG', {}], [`${ID}${GTIN}?240=%A`, 'LINK_PERCENT_WRONG', { ai: '240' }],
  [`${ID}${GTIN}/10/A%00B`, 'LINK_CONTROL_CHARACTER', { ai: '10' }], [`${ID}${GTIN}/10/A%1DB`, 'LINK_CONTROL_CHARACTER', {}], [`${ID}${GTIN}/10/A%0a`, 'LINK_CONTROL_CHARACTER', {}], [`${ID}${GTIN}?240=%7F`, 'LINK_CONTROL_CHARACTER', {}],
  [`${ID}${GTIN}/10/..`, 'LINK_DOT_SEGMENT', { value: '..' }], [`${ID}${GTIN}/10/%2E%2e`, 'LINK_DOT_SEGMENT', { value: '..' }], [`${ID}${GTIN}/10/.`, 'LINK_DOT_SEGMENT', {}], [`${ID}/a/..${GTIN}`, 'LINK_DOT_SEGMENT', { stem: 'a/..' }], [`${ID}/%2e${GTIN}`, 'LINK_DOT_SEGMENT', {}],
  // the query
  [`${ID}${GTIN}?10=A`, 'LINK_QUALIFIER_IN_QUERY', { ai: '10', key: '01' }], [`${ID}${GTIN}/21/S?10=A`, 'LINK_QUALIFIER_IN_QUERY', { ai: '10' }], [`${ID}${GTIN}?21=S`, 'LINK_QUALIFIER_IN_QUERY', { ai: '21' }], [`${ID}${GTIN}?235=T`, 'LINK_QUALIFIER_IN_QUERY', { ai: '235' }],
  [`${ID}${GTIN}/235/T?21=S`, 'LINK_NOT_AN_ATTRIBUTE', { ai: '21' }], [`${ID}${GTIN}?8200=A`, 'LINK_NOT_AN_ATTRIBUTE', { ai: '8200' }], [`${ID}${GTIN}?8014=A`, 'LINK_NOT_AN_ATTRIBUTE', {}], [`${ID}/00/395200000000000012?21=A`, 'LINK_NOT_AN_ATTRIBUTE', { ai: '21', key: '00' }],
  [`${ID}${GTIN}?17`, 'LINK_VALUE_MISSING', { ai: '17' }], [`${ID}${GTIN}?17=`, 'LINK_VALUE_MISSING', { ai: '17' }], [`${ID}${GTIN}?x&17&y`, 'LINK_VALUE_MISSING', {}], [`${ID}${GTIN}?%31%37=271231`, 'LINK_AI_ENCODED', { name: '%31%37' }], [`${ID}${GTIN}?1%37=271231`, 'LINK_AI_ENCODED', {}],
  [`${ID}${GTIN}?999=1`, 'AI_UNKNOWN', { ai: '999' }], [`${ID}${GTIN}?0=1`, 'AI_UNKNOWN', { ai: '0' }], [`${ID}${GTIN}?${Array.from({ length: 65 }, (_, at) => `${at}=1`).join('&')}`, 'LINK_TOO_MANY_AIS', { count: '66' }],
  // the values
  [`${ID}/01/09520000000012`, 'AI_CHECK_DIGIT_WRONG', { ai: '01', value: '09520000000012' }], [`${ID}/01/9520000000011`, 'LINK_GTIN_NOT_14_DIGITS', { gtin: '9520000000011' }], [`${ID}/01/12345670`, 'LINK_GTIN_NOT_14_DIGITS', {}], [`${ID}/01/095200000000110`, 'AI_VALUE_TOO_LONG', {}],
  [`${ID}/00/395200000000000013`, 'AI_CHECK_DIGIT_WRONG', { ai: '00' }], [`${ID}${GTIN}/10/${'A'.repeat(21)}`, 'AI_VALUE_TOO_LONG', { ai: '10' }], [`${ID}${GTIN}/10/A%20B`, 'AI_VALUE_CHARACTERS', { ai: '10' }], [`${ID}${GTIN}/10/%C3%B4`, 'AI_VALUE_CHARACTERS', { ai: '10' }], [`${ID}${GTIN}/10/%F0%9F%98%80`, 'AI_VALUE_CHARACTERS', {}], [`${ID}${GTIN}/10/A@B`, 'AI_VALUE_CHARACTERS', {}],
  [`${ID}${GTIN}?17=271301`, 'AI_DATE_WRONG', { ai: '17' }], [`${ID}/8010/9520a`, 'AI_VALUE_CHARACTERS', { ai: '8010' }],
  // what stands beside what
  [`${ID}${GTIN}?3102=000195&3103=000195`, 'AI_EXCLUDES', { ai: '3102', other: '310n' }], [`${ID}${GTIN}?37=5`, 'AI_EXCLUDES', { ai: '01', other: '37' }], [`${ID}/00/395200000000000012?17=271231`, 'AI_REQUIRES', { ai: '17' }], [`${ID}/415/9520000000103`, 'AI_REQUIRES', { ai: '415', needs: '8020' }],
  [`${ID}/00/395200000000000012?02=09520000000011`, 'AI_REQUIRES', { ai: '02', needs: '37' }],
];

describe('refusing a link', () => {
  test.each(REFUSALS.map(([uri, code, fields]) => ({ uri, code, fields, shown: JSON.stringify(uri.slice(0, 100)) })))('$shown: $code', ({ uri, code, fields }) => throwsWith(() => parseDigitalLink(uri), code, fields));

  test('every fault of a link has a code of its own, and every code its fault', () => {
    const seen = new Set(REFUSALS.map(([, code]) => code).filter((code) => code.startsWith('LINK_')));
    expect([...seen].sort()).toEqual([
      'LINK_AI_ENCODED', 'LINK_AI_REPEATED', 'LINK_ATTRIBUTE_IN_PATH', 'LINK_CONTROL_CHARACTER', 'LINK_DOMAIN_WRONG', 'LINK_DOT_SEGMENT', 'LINK_GTIN_NOT_14_DIGITS',
      'LINK_NOT_AN_ATTRIBUTE', 'LINK_NOT_A_URI', 'LINK_NO_PRIMARY_KEY', 'LINK_PERCENT_WRONG', 'LINK_QUALIFIER_IN_QUERY', 'LINK_QUALIFIER_ORDER', 'LINK_SCHEME_WRONG',
      'LINK_SEGMENTS_ODD', 'LINK_SEGMENT_EMPTY', 'LINK_TOO_LONG', 'LINK_TOO_MANY_AIS', 'LINK_VALUE_MISSING',
    ]);
  });

  test('links from before 2023 with a short GTIN are read when asked for', () => {
    for (const [short, key] of [['9520000000011', '/01/09520000000011'], ['614141999996', '/01/00614141999996'], ['12345670', '/01/00000012345670']] as const) {
      expect(itemKeyOf(parseDigitalLink(`${ID}/01/${short}`, { shortGtins: true }))).toBe(key);
      expect(itemKeyOf(parseDigitalLinkPath(`/01/${short}`, '', { shortGtins: true }))).toBe(key);
    }
    throwsWith(() => parseDigitalLink(`${ID}/01/9520000000012`, { shortGtins: true }), 'AI_CHECK_DIGIT_WRONG', { value: '09520000000012' });
    throwsWith(() => parseDigitalLink(`${ID}/01/952000000`, { shortGtins: true }), 'AI_VALUE_TOO_SHORT');
  });
});

describe('reading the path at the root of a server', () => {
  test('gives what the whole link gives, without the domain', () => {
    const { domain, ...rest } = parseDigitalLink(`${ID}${GTIN}/10/A%2FB?17=271231&x`);
    expect(domain).toBe('id.example');
    expect(parseDigitalLinkPath(`${GTIN}/10/A%2FB`, '17=271231&x')).toEqual({ domain: '', ...rest });
    expect(parseDigitalLinkPath(`${GTIN}/10/A%2FB/`, '17=271231&x')).toEqual({ domain: '', ...rest });
  });

  test.each([
    ['/foo/01/09520000000011', 'LINK_STEM_UNEXPECTED'], ['/shop/eh30164596f40c0e5cbe991a83', 'LINK_STEM_UNEXPECTED'], ['01/09520000000011', 'LINK_NO_PRIMARY_KEY'], ['', 'LINK_NO_PRIMARY_KEY'], ['//01/09520000000011', 'LINK_STEM_UNEXPECTED'], ['eh30164596f40c0e5cbe991a83', 'LINK_NO_PRIMARY_KEY'], ['x/01/09520000000011', 'LINK_NO_PRIMARY_KEY'],
    ['/01/09520000000011/foo', 'LINK_SEGMENTS_ODD'], ['/01/09520000000011/10/Lô', 'LINK_NOT_A_URI'], [`/${'a'.repeat(5_000)}`, 'LINK_TOO_LONG'],
  ] as const)('%s is refused: %s', (path, code) => throwsWith(() => parseDigitalLinkPath(path, ''), code));

  test('the query is looked at as closely as the path', () => {
    throwsWith(() => parseDigitalLinkPath(GTIN, '17=271301'), 'AI_DATE_WRONG');
    throwsWith(() => parseDigitalLinkPath(GTIN, 'x=\u0000'), 'LINK_NOT_A_URI');
  });
});

describe('writing a link', () => {
  const elements = parseElementString('(01)09520000000011(10)LO26-001(21)7QK2M9ZD4XWA(17)271231');

  test.each([
    [{ domain: 'id.example' }, 'https://id.example/01/09520000000011/10/LO26-001/21/7QK2M9ZD4XWA?17=271231'],
    [{ domain: 'ID.Example:8443', stem: '/shop' }, 'https://id.example:8443/shop/01/09520000000011/10/LO26-001/21/7QK2M9ZD4XWA?17=271231'],
    [{ domain: 'id.example', capitals: true }, 'HTTPS://ID.EXAMPLE/01/09520000000011/10/LO26-001/21/7QK2M9ZD4XWA?17=271231'],
  ])('%j', (options, uri) => {
    expect(buildDigitalLink(elements, options)).toBe(uri);
    expect(buildDigitalLink([...elements].reverse(), options)).toBe(uri);
  });

  test('in capitals and without attributes it stays in QR\'s alphanumeric set (ISO/IEC 18004 7.4.4)', () => {
    expect(buildDigitalLink(elements.slice(0, 3), { domain: 'id.example', capitals: true })).toMatch(/^[0-9A-Z $%*+\-./:]+$/);
  });

  test('reserved characters are encoded, also a plus sign', () => {
    expect(buildDigitalLink(parseElementString('(01)09520000000011(10)A/B+C%(240)x&y=z?'), { domain: 'id.example' })).toBe(`${ID}${GTIN}/10/A%2FB%2BC%25?240=x%26y%3Dz%3F`);
  });

  test.each([
    ['no key', '(10)A', {}, 'AI_PRIMARY_KEY_MISSING'], ['a wrong check digit', '(01)09520000000012', {}, 'AI_CHECK_DIGIT_WRONG'], ['a short GTIN', '(01)9520000000011', {}, 'LINK_GTIN_NOT_14_DIGITS'],
    ['an AI that no link carries', '(01)09520000000011(8200)x', {}, 'LINK_NOT_AN_ATTRIBUTE'], ['a lot that no path carries', '(01)09520000000011(10)..', {}, 'LINK_DOT_SEGMENT'], ['two alternatives of qualifiers', '(01)09520000000011(22)V(235)T', {}, 'LINK_NOT_AN_ATTRIBUTE'],
    ['a domain with a path', '(01)09520000000011', { domain: 'id.example/x' }, 'LINK_DOMAIN_WRONG'], ['an empty domain', '(01)09520000000011', { domain: '' }, 'LINK_DOMAIN_WRONG'], ['a stem without slash', '(01)09520000000011', { stem: 'x' }, 'LINK_STEM_WRONG'],
    ['a stem that ends in a slash', '(01)09520000000011', { stem: '/x/' }, 'LINK_STEM_WRONG'], ['a stem with a query', '(01)09520000000011', { stem: '/x?y' }, 'LINK_STEM_WRONG'], ['a stem with dots', '(01)09520000000011', { stem: '/..' }, 'LINK_DOT_SEGMENT'],
  ] as const)('refuses %s', (_, text, options, code) => {
    const raw = [...text.matchAll(/\((\d+)\)([^(]*)/g)].map(([, ai = '', value = '']) => ({ ai, value }));
    throwsWith(() => buildDigitalLink(raw, { domain: 'id.example', ...options }), code);
  });

  test('refuses characters beyond ASCII rather than to encode half of them', () => {
    throwsWith(() => buildDigitalLink([{ ai: '01', value: '09520000000011' }, { ai: '10', value: '䄰' }], { domain: 'id.example' }), 'AI_VALUE_CHARACTERS');
  });

  test('what is written reads back, and writes the same again, for every AI that a link can hold', () => {
    const random = seededRandom(9_520);
    for (const { ai } of [...LINK_AIS, ...LINK_AIS]) {
      const parts = linkAround(ai, random, []);
      const whole = [...parts.path, ...parts.query];
      const uri = buildDigitalLink(whole, { domain: 'id.example', stem: parts.stem });
      const link = parseDigitalLink(uri);
      expect(sorted([link.primaryKey, ...link.qualifiers, ...link.attributes])).toEqual(sorted(whole));
      expect(buildDigitalLink([link.primaryKey, ...link.qualifiers, ...link.attributes], link)).toBe(uri);
      expect(canonicalDigitalLink(parseDigitalLink(canonicalDigitalLink(link)))).toBe(canonicalDigitalLink(link));
      expect(parseDigitalLink(linkText(parts)).primaryKey).toEqual(link.primaryKey);
    }
  });

  test('the canonical form drops what does not belong to the thing, and is one for all spellings', () => {
    const spellings = [`${ID}${GTIN}/10/A%2FB?3103=000195&17=271231&x=1`, `HTTP://SHOP.EXAMPLE/a/b${GTIN}/10/%41%2fB/?17=271231&y&3103=00019%35#z`];
    for (const uri of spellings) expect(canonicalDigitalLink(parseDigitalLink(uri))).toBe('https://id.gs1.org/01/09520000000011/10/A%2FB?17=271231&3103=000195');
  });

  test('two lots are never written alike', () => {
    const lot = fc.stringMatching(/^[!"%&'()*+,\-./0-9:;<=>?A-Z_a-z]{1,20}$/).filter((text) => !/^\.{1,2}$/.test(text));
    fc.assert(fc.property(lot, lot, (a, b) => {
      const [first, second] = [a, b].map((value) => buildDigitalLink([{ ai: '01', value: '09520000000011' }, { ai: '10', value }], { domain: 'id.example' }));
      expect(first === second).toBe(a === b);
      expect(parseDigitalLink(first!).qualifiers).toEqual([{ ai: '10', value: a }]);
    }), { numRuns: 1_000 });
  });
});

describe('checking a link put together by hand', () => {
  const link = parseDigitalLink(`${ID}${GTIN}/10/A?17=271231`);
  test('accepts a right one', () => expect(validateDigitalLink(link)).toBeUndefined());
  test.each([
    ['a key that is none', { ...link, primaryKey: { ai: '10', value: 'A' }, qualifiers: [] }, 'LINK_NO_PRIMARY_KEY'],
    ['qualifiers in the wrong order', { ...link, qualifiers: [{ ai: '21', value: 'S' }, { ai: '10', value: 'A' }] }, 'LINK_QUALIFIER_ORDER'],
    ['a wrong value', { ...link, qualifiers: [{ ai: '10', value: 'A B' }] }, 'AI_VALUE_CHARACTERS'],
    ['a repeated attribute', { ...link, attributes: [...link.attributes, ...link.attributes] }, 'LINK_AI_REPEATED'],
  ] as const)('refuses %s', (_, wrong, code) => throwsWith(() => validateDigitalLink(wrong), code));
});
