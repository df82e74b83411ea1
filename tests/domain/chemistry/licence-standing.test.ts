import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LicenceRecord } from '#domain/chemistry/licence.js';
import { licenceStanding, type LicenceStanding } from '#domain/chemistry/licence-standing.js';
import { revoke } from '#domain/chemistry/licence-revocation.js';
import { reinstate, suspend } from '#domain/chemistry/licence-suspension.js';
import { addDays, instantOf, type Day, type Instant } from '#domain/instant.js';
import type { OrganisationId } from '#domain/registry/organisation.js';
import { throwsWith } from '../../support/rejects-with.js';

const AUTHORITY = 'cuc-hoa-chat' as OrganisationId;
const START = Date.UTC(2026, 10, 20, 8);
const at = (minutes: number): Instant => instantOf(START + minutes * 60_000);
const said = (minutes: number): { at: Instant; by: OrganisationId; reason: string } => ({ at: at(minutes), by: AUTHORITY, reason: '12/QĐ-VD' });

const LICENCE: LicenceRecord = {
  kind: 'licence', id: 'GP-1', number: '1/GP', holder: 'son-cau-vong' as OrganisationId, authority: AUTHORITY, recordedAt: at(-1_000), validFrom: '2026-11-20' as Day, validTo: '2027-11-20' as Day,
  lines: [{ line: 'L1', substance: 'acetone', least: '5', most: '100', perYear: '60' }] as unknown as LicenceRecord['lines'],
};
const revoked = (licence: LicenceRecord, from: string): LicenceRecord => ({ ...licence, revocation: { from: from as Day, at: at(0), by: AUTHORITY, reason: 'x' } });

describe('how a licence stands', () => {
  const suspended = suspend(LICENCE, said(0));
  const reinstated = reinstate(suspended, said(60));

  it.each<[string, LicenceRecord, Instant, LicenceStanding]>([
    ['before its first day in Viet Nam', LICENCE, '2026-11-19T16:59:59.999Z' as Instant, 'not-yet'],
    ['from its first midnight in Viet Nam', LICENCE, '2026-11-19T17:00:00.000Z' as Instant, 'in-force'],
    ['to the end of its last day', LICENCE, '2027-11-20T16:59:59.999Z' as Instant, 'in-force'],
    ['after its last day', LICENCE, '2027-11-20T17:00:00.000Z' as Instant, 'expired'],
    ['from the instant of its suspension', suspended, at(0), 'suspended'],
    ['just before it', suspended, instantOf(START - 1), 'in-force'],
    ['until the instant of its reinstatement', reinstated, instantOf(START + 3_600_000 - 1), 'suspended'],
    ['from that instant on', reinstated, at(60), 'in-force'],
    ['looked at as of then, whatever came after', reinstated, at(30), 'suspended'],
    ['expired while it is suspended', suspended, '2028-01-01T00:00:00.000Z' as Instant, 'expired'],
    ['revoked while it is suspended', revoked(suspended, '2026-11-20'), at(1), 'revoked'],
    ['suspended until its revocation counts', revoked(suspended, '2026-11-22'), at(1), 'suspended'],
  ])('%s', (_what, licence, when, standing) => {
    expect(licenceStanding(licence, when)).toBe(standing);
  });

  it('follows any history of suspensions: suspended in every interval, and nowhere else', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 1, maxLength: 40 }), fc.integer({ min: 0, max: 20_100 }), (steps, probe) => {
      let now = 0;
      let licence = LICENCE;
      let expected: LicenceStanding = 'in-force';
      steps.forEach((step, place) => {
        now += step;
        licence = place % 2 === 0 ? suspend(licence, said(now)) : reinstate(licence, said(now));
        if (now <= probe) expected = place % 2 === 0 ? 'suspended' : 'in-force';
      });
      expect(licenceStanding(licence, at(probe))).toBe(expected);
      expect(licence.suspensions).toHaveLength(Math.ceil(steps.length / 2));
    }));
  });
});

describe('a licence is not', () => {
  const suspended = suspend(LICENCE, said(0));

  it('suspended twice, nor reinstated where it is not suspended', () => {
    throwsWith(() => suspend(suspended, said(1)), 'LICENCE_ALREADY_SUSPENDED', { licence: 'GP-1' });
    throwsWith(() => reinstate(LICENCE, said(1)), 'LICENCE_NOT_SUSPENDED', { licence: 'GP-1' });
    throwsWith(() => reinstate(reinstate(suspended, said(1)), said(2)), 'LICENCE_NOT_SUSPENDED', { licence: 'GP-1' });
  });

  it('suspended or reinstated from the day on which it is revoked', () => {
    throwsWith(() => suspend(revoked(LICENCE, '2026-11-20'), said(1)), 'LICENCE_ALREADY_REVOKED', { licence: 'GP-1' });
    throwsWith(() => reinstate(revoked(suspended, '2026-11-20'), said(1)), 'LICENCE_ALREADY_REVOKED', { licence: 'GP-1' });
  });

  it('suspended without end: its record has room for fifty', () => {
    let licence = LICENCE;
    for (let time = 0; time < 50; time++) licence = reinstate(suspend(licence, said(2 * time)), said(2 * time + 1));
    throwsWith(() => suspend(licence, said(1_000)), 'LICENCE_SUSPENSIONS_TOO_MANY', { licence: 'GP-1', most: '50' });
  });
});

describe('a revocation that is announced for a later day', () => {
  const from = addDays('2026-11-20' as Day, 30);
  const ends = (day: string): NonNullable<LicenceRecord['revocation']> => ({ ...said(5), from: day as Day });

  it('stays while the licence is suspended and reinstated', () => {
    const announced = revoke(LICENCE, ends(from));
    const after = reinstate(suspend(announced, said(10)), said(20));
    expect([after.revocation, licenceStanding(suspend(announced, said(10)), at(15)), licenceStanding(after, at(25))]).toEqual([ends(from), 'suspended', 'in-force']);
  });

  it.each([['an earlier one to come', '2026-12-01'], ['today', '2026-11-20'], ['a day that has passed', '2026-11-01']])('gives way to %s', (_what, day) => {
    expect(revoke(revoke(LICENCE, ends(from)), ends(day)).revocation).toEqual(ends(day));
  });

  it.each([['the same day', from], ['a later one', addDays(from, 1)]])('does not give way to %s', (_what, day) => {
    throwsWith(() => revoke(revoke(LICENCE, ends(from)), ends(day)), 'LICENCE_ALREADY_REVOKED', { licence: 'GP-1', from });
  });

  it('is final once its day has come in Viet Nam, whatever day is stated', () => {
    throwsWith(() => revoke(revoke(LICENCE, ends('2026-11-20')), ends('2026-11-19')), 'LICENCE_ALREADY_REVOKED', { from: '2026-11-20' });
    throwsWith(() => revoke(revoke(LICENCE, ends('2026-11-21')), { ...ends('2026-11-20'), at: '2026-11-20T17:00:00.000Z' as Instant }), 'LICENCE_ALREADY_REVOKED', { from: '2026-11-21' });
    expect(revoke(revoke(LICENCE, ends('2026-11-21')), { ...ends('2026-11-20'), at: '2026-11-20T16:59:59.999Z' as Instant }).revocation?.from).toBe('2026-11-20');
  });
});
