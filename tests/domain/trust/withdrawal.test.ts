import { describe, expect, it } from 'vitest';
import { retire } from '#domain/trust/key-period.js';
import { withdraw } from '#domain/trust/withdrawal.js';
import { UNIVERSITY, day, didOf, keyOf } from '../../support/trust-records.js';
import { throwsWith } from '../../support/rejects-with.js';

const record = didOf(UNIVERSITY);
const fromNow = { effect: 'from-now', reason: 'x' } as const;

describe('withdrawing', () => {
  it.each([
    ['since without a time', { effect: 'since', reason: 'x' }],
    ['since the future', { effect: 'since', since: day(101), reason: 'x' }],
    ['from now, with a time', { effect: 'from-now', since: day(50), reason: 'x' }],
    ['ever, with a time', { effect: 'from-beginning', since: day(50), reason: 'x' }],
  ] as const)('%s', (_what, request) => {
    throwsWith(() => withdraw(record, request, day(100)), 'WITHDRAWAL_SINCE_WRONG', { field: 'since', now: day(100) });
  });

  it('may later reach further back, never less far, and forgets nothing', () => {
    const first = withdraw(record, fromNow, day(100));
    const second = withdraw(first, { effect: 'since', since: day(50), reason: 'y' }, day(110));
    const third = withdraw(second, { effect: 'from-beginning', reason: 'z' }, day(120));
    expect(third).toEqual({
      ...record,
      withdrawn: { at: day(120), effect: 'from-beginning', reason: 'z' },
      withdrawnBefore: [{ at: day(100), effect: 'from-now', reason: 'x' }, { at: day(110), effect: 'since', since: day(50), reason: 'y' }],
    });
    throwsWith(() => withdraw(third, { effect: 'from-beginning', reason: 'x' }, day(130)), 'WITHDRAWAL_ALREADY_RECORDED', { at: day(120), effect: 'from-beginning' });
    throwsWith(() => withdraw(second, { effect: 'since', since: day(50), reason: 'x' }, day(130)), 'WITHDRAWAL_ALREADY_RECORDED', { effect: 'since' });
    throwsWith(() => withdraw(first, fromNow, day(130)), 'WITHDRAWAL_ALREADY_RECORDED', { effect: 'from-now' });
  });
});

describe('retiring a key', () => {
  const key = keyOf(UNIVERSITY, 'k', { from: day(10) });

  it('superseded: from now on', () => {
    expect(retire(key, { reason: 'superseded' }, day(100))).toEqual({ ...key, to: day(100), reason: 'superseded', retiredAt: day(100) });
  });

  it('compromised, nobody knows since when: nothing it signed counts', () => {
    expect(retire(key, { reason: 'compromised' }, day(100))).toMatchObject({ compromisedSince: day(10), to: day(100) });
  });

  it('superseded, then found compromised, then for longer', () => {
    const superseded = retire(key, { reason: 'superseded' }, day(100));
    const stolen = retire(superseded, { reason: 'compromised', compromisedSince: day(80) }, day(120));
    const longer = retire(stolen, { reason: 'compromised', compromisedSince: day(60) }, day(130));
    expect(longer).toEqual({
      ...key, to: day(100), reason: 'compromised', compromisedSince: day(60), retiredAt: day(130),
      endedBefore: [{ to: day(100), reason: 'superseded', retiredAt: day(100) }, { to: day(100), reason: 'compromised', compromisedSince: day(80), retiredAt: day(120) }],
    });
    throwsWith(() => retire(longer, { reason: 'compromised', compromisedSince: day(60) }, day(140)), 'DID_KEY_ALREADY_RETIRED', { keyId: 'k', reason: 'compromised' });
    throwsWith(() => retire(longer, { reason: 'superseded' }, day(140)), 'DID_KEY_ALREADY_RETIRED');
    throwsWith(() => retire(superseded, { reason: 'superseded' }, day(140)), 'DID_KEY_ALREADY_RETIRED', { reason: 'superseded' });
  });

  it.each([
    ['superseded, since a time', { reason: 'superseded', compromisedSince: day(50) }],
    ['compromised since the future', { reason: 'compromised', compromisedSince: day(101) }],
  ] as const)('%s', (_what, request) => {
    throwsWith(() => retire(key, request, day(100)), 'WITHDRAWAL_SINCE_WRONG', { field: 'compromisedSince' });
  });

  it('is found worse so often and no oftener', () => {
    let worse = retire(key, { reason: 'superseded' }, day(100));
    for (let since = 90; since > 82; since--) worse = retire(worse, { reason: 'compromised', compromisedSince: day(since) }, day(200 - since));
    expect(worse.endedBefore).toHaveLength(8);
    throwsWith(() => retire(worse, { reason: 'compromised', compromisedSince: day(20) }, day(200)), 'DID_KEY_ALREADY_RETIRED');
  });
});
