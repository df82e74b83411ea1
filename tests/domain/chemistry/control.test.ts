import { describe, expect, test } from 'vitest';
import { parseCasNumber } from '#domain/chemistry/cas-number.js';
import { controlOf } from '#domain/chemistry/control.js';
import { SUBSTANCES, parseSubstance } from '#domain/chemistry/substances.js';
import type { Day } from '#domain/instant.js';
import { parsePercent } from '#domain/quantity/mass.js';
import { throwsWith } from '../../support/rejects-with.js';

describe('special control (domain.md 1.4 and 6)', () => {
  test.each([
    ['acetone', '100', true], ['acetone', '5.0001', true], ['acetone', '5', false], ['acetone', '4.9999', false],
    ['thionyl-chloride', '3', true], ['thionyl-chloride', '1.0001', true], ['thionyl-chloride', '1', false],
    ['acetic-anhydride', '1.0001', true], ['acetic-anhydride', '1', false],
    ['ethanol', '96', false], ['water', '100', false],
  ])('%s at %s %%: %s', (substance, content, controlled) => {
    expect(controlOf(parseSubstance(substance), parsePercent(content), '2026-11-20' as Day).controlled).toBe(controlled);
  });

  test('the day before the listing came into force', () => {
    expect(controlOf('acetone', 1_000_000n, '2026-01-16' as Day)).toEqual({ controlled: false, rule: 'no listing in force' });
    expect(controlOf('acetone', 1_000_000n, '2026-01-17' as Day)).toEqual({ controlled: true, rule: 'NĐ 28/2026 IVC, NĐ 24/2026 III.2, > 5 %' });
  });
});

describe('CAS numbers', () => {
  test('every number of the catalogue passes its check digit, and no id stands twice', () => {
    for (const { cas } of SUBSTANCES) expect(parseCasNumber(cas)).toBe(cas);
    expect(new Set(SUBSTANCES.map((one) => one.id)).size).toBe(SUBSTANCES.length);
    expect(SUBSTANCES).toHaveLength(80);
  });

  // Misprints found in published lists, which must not pass (domain.md 1.10, 6).
  test.each(['1609-66-5', '4133-37-9', '10118-77-6', '10037-74-3', '7746-08-4', '108-24-8'])('%s', (cas) => throwsWith(() => parseCasNumber(cas), 'CAS_CHECK_DIGIT_WRONG'));
  test.each(['28578-16-', '067-64-1', '67-64-1 ', '', '6764-1'])('%j', (cas) => throwsWith(() => parseCasNumber(cas), 'CAS_MALFORMED'));
  test.each(['acetone ', 'Acetone', '__proto__', 'constructor', ''])('%j is no substance', (id) => throwsWith(() => parseSubstance(id), 'SUBSTANCE_UNKNOWN'));
});
