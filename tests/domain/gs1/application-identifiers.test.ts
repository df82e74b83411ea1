import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { ApplicationIdentifier, Component } from '#domain/gs1/ai-table/ai-entry.js';
import { expandRow } from '#domain/gs1/ai-table/ai-row.js';
import { applicationIdentifier, applicationIdentifierAt, applicationIdentifiers } from '#domain/gs1/application-identifiers.js';

const ALL = [...applicationIdentifiers()];
const count = (holds: (entry: ApplicationIdentifier) => boolean): number => ALL.filter(holds).length;

const fits = (text: string): boolean => ALL.some(({ ai }) => ai.length === text.length && ai.startsWith(text.replace(/n+$/, '')));

/** One AI in GS1's notation, without its title. */
function inGs1Notation(entry: ApplicationIdentifier): string {
  const parts = entry.components.map(partInGs1Notation).join(' ');
  const needs = entry.requires.map((all) => all.map(({ text }) => text).join('+')).join(',');
  const bars = entry.excludes.map(({ text }) => text).join(',');
  const key = entry.qualifierOrders?.map((order) => order.join(',')).join('|');
  return `${entry.ai}|${entry.predefinedLength ? '*' : ''}${entry.attribute ? '?' : ''}|${parts}|${needs}|${bars}|${key === undefined ? '' : `key=${key}`}`;
}

function partInGs1Notation({ set, min, max, optional, linters }: Component): string {
  const rules = linters.map(({ name }) => name).filter((name) => name !== 'padding'); // part of GS1's base64url set
  return [`${set}${min === max ? '' : '..'}${max}${optional ? '?' : ''}`, ...rules].join(':');
}

describe('the table of Application Identifiers', () => {
  test('has what GS1\'s Barcode Syntax Dictionary has', () => {
    expect({
      all: ALL.length, predefined: count((e) => e.predefinedLength), attributes: count((e) => e.attribute),
      keys: count((e) => e.qualifierOrders !== undefined), needing: count((e) => e.requires.length > 0), barring: count((e) => e.excludes.length > 0),
      parts: ALL.reduce((sum, e) => sum + e.components.length, 0), linters: new Set(ALL.flatMap((e) => e.components.flatMap((c) => c.linters.map((l) => l.name)))).size,
    }).toEqual({ all: 541, predefined: 337, attributes: 525, keys: 16, needing: 502, barring: 394, parts: 618, linters: 34 + 1 });
  });

  test('says of each AI what the dictionary says', () => {
    const text = ALL.map(inGs1Notation).sort().join('\n');
    // made from the dictionary by another program: `ai|flags|parts|req|ex|key=dlpkey`, sorted, one line each
    expect(createHash('sha256').update(text).digest('hex')).toBe('650292c8d91a341bb9d52310e0a62aeaefd4a48c14648f331a75528ed9839820');
  });

  test.each([
    ['00', []], ['01', ['22 10 21', '235']], ['8006', ['22 10 21']], ['414', ['254', '7040']], ['417', ['7040']], ['8004', ['7040']],
    ['8010', ['8011']], ['8017', ['8019']], ['8018', ['8019']], ['415', ['8020']], ['253', []], ['255', []], ['401', []], ['402', []], ['8003', []], ['8013', []],
  ])('%s is a primary key with the qualifiers %j (Digital Link URI Syntax 4)', (ai, orders) => {
    expect(applicationIdentifier(ai)?.qualifierOrders).toEqual(orders.length === 0 ? [[]] : orders.map((order) => order.split(' ')));
  });

  test('predefined lengths go by the first two digits, and are the ones of GS1 General Specifications 7.8.5', () => {
    const lengths: Record<string, number> = { '00': 18, '01': 14, '02': 14, '03': 14, '11': 6, '12': 6, '13': 6, '15': 6, '16': 6, '17': 6, '20': 2, '31': 6, '32': 6, '33': 6, '34': 6, '35': 6, '36': 6, '41': 13 };
    for (const { ai, predefinedLength, minLength, maxLength } of ALL) {
      const length = lengths[ai.slice(0, 2)];
      expect({ ai, predefinedLength }).toEqual({ ai, predefinedLength: length !== undefined });
      if (length !== undefined) expect({ ai, minLength, maxLength }).toEqual({ ai, minLength: length, maxLength: length });
    }
  });

  test('no AI begins with another, so scanned data can be read in one way', () => {
    for (const { ai } of ALL) {
      expect(ALL.filter((other) => other.ai.startsWith(ai)).map((other) => other.ai)).toEqual([ai]);
      expect(applicationIdentifierAt(`x${ai}99999`, 1)?.ai).toBe(ai);
    }
  });

  test('only the last part varies in length, and what is optional stands last', () => {
    for (const { ai, components } of ALL) {
      expect({ ai, varying: components.slice(0, -1).filter((part) => part.min !== part.max) }).toEqual({ ai, varying: [] });
      expect({ ai, optional: components.map((part) => (part.optional ? '?' : '!')).join('') }).toEqual({ ai, optional: expect.stringMatching(/^!+\?*$/) });
    }
  });

  test('what an AI needs or bars exists', () => {
    for (const { requires, excludes } of ALL) {
      for (const { text } of [...requires.flat(), ...excludes]) expect({ text, fits: fits(text) }).toEqual({ text, fits: true });
    }
  });

  test('every AI has a title', () => expect(ALL.filter(({ title }) => title.trim() === '')).toEqual([]));

  test.each(['', '1', '04', '310', '3106', '0100', '5000', 'gtin', '__proto__', 'constructor'])('%j is no AI', (text) => expect(applicationIdentifier(text)).toBeUndefined());

  test.each(['N6:nosuchrule', 'N6:toString', 'Q6', 'N', 'N6,csum', 'X..', 'X...20'])('a table with the field %j does not load', (fields) => {
    expect(() => expandRow({ ai: '10', title: 'T', fields })).toThrow(/no (linter|field)/);
  });

  test.each(['1', '31x', '310m', 'n10'])('a table that needs %j does not load', (needs) => {
    expect(() => expandRow({ ai: '10', title: 'T', fields: 'N6', needs })).toThrow(/no AI pattern/);
  });
});
