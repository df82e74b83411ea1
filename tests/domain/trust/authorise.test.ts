import { describe, expect, it } from 'vitest';
import type { Instant } from '#domain/instant.js';
import type { OrganisationId } from '#domain/registry/organisation.js';
import { authorise, type TrustAnswer, type TrustQuestion } from '#domain/trust/authorise.js';
import { parseDid } from '#domain/trust/did.js';
import type { DidKeyRecord, DidRecord, GrantRecord, Withdrawal } from '#domain/trust/records.js';
import { CHAIN, DEPARTMENT, DIDS, DIPLOMA, FACULTY, KEY_DID, MINISTRY, UNIVERSITY, childGrant, day, didOf, keyOf, question, rootGrant, viewOf } from '../../support/trust-records.js';

const [ministry, department, university] = CHAIN;

/** The same records with one of them replaced, or added. */
function withGrant(...changed: readonly GrantRecord[]): readonly GrantRecord[] {
  const ids = new Set(changed.map(({ id }) => id));
  return [...CHAIN.filter(({ id }) => !ids.has(id)), ...changed];
}

function withDid(changed: DidRecord): readonly DidRecord[] {
  return [...DIDS.filter(({ did }) => did !== changed.did), changed];
}

const ask = (change: Partial<TrustQuestion>, grants: readonly GrantRecord[] = CHAIN, dids: readonly DidRecord[] = DIDS, keys: readonly DidKeyRecord[] = []): TrustAnswer =>
  authorise(question(change), viewOf({ grants, dids, keys }));

const no = (code: string): unknown => expect.objectContaining({ answer: 'NOT_AUTHORISED', code });

describe('chains (credentials.md 5)', () => {
  it('a chain of three, up to the registrar', () => {
    expect(ask({})).toEqual({ answer: 'AUTHORISED', chain: ['g3', 'g2', 'g1'] });
  });

  it('a chain of four is the longest', () => {
    const faculty = childGrant('g4', university, FACULTY);
    expect(ask({ did: FACULTY }, withGrant(faculty))).toEqual({ answer: 'AUTHORISED', chain: ['g4', 'g3', 'g2', 'g1'] });
  });

  it('of five there is none, whatever their depths say', () => {
    const faculty = childGrant('g4', university, FACULTY);
    const fifth = childGrant('g5', faculty, FACULTY, { depth: -1 });
    expect(ask({ did: FACULTY }, [...CHAIN, { ...faculty, actions: ['accredit'] }, fifth])).toEqual(no('GRANT_CHAIN_BROKEN'));
  });

  it.each([
    ['of one that is its own parent', [{ ...university, parent: 'g3', grantor: 'dai-hoc' as OrganisationId }]],
    ['of two under each other', [{ ...department, parent: 'g3', grantor: 'dai-hoc' as OrganisationId }, university]],
    ['of three', [{ ...ministry, parent: 'g3', grantor: 'dai-hoc' as OrganisationId, depth: 9 }, { ...department, depth: 8 }, { ...university, depth: 10 }]],
  ])('a circle %s ends, and allows nothing', (_what, grants) => {
    expect(ask({}, grants)).toEqual(no('GRANT_CHAIN_BROKEN'));
  });

  it.each<[string, readonly GrantRecord[]]>([
    ['a parent that is not there', CHAIN.slice(1)],
    ['a parent recorded later than is known', withGrant({ ...department, grantedAt: '2027-01-01T00:00:00.000Z' as Instant })],
    ['a giver who does not hold the grant above', withGrant({ ...university, grantor: 'nguoi-khac' as OrganisationId })],
    ['a parent that may not accredit', withGrant({ ...department, actions: ['issue', 'revoke'] })],
    ['an action that the parent has not', withGrant({ ...department, actions: ['accredit', 'revoke'] })],
    ['a type that the parent has not', withGrant({ ...department, credentialType: 'ChemicalLicenceCredential' })],
    ['a province that the parent has not', withGrant({ ...department, scope: { provinces: ['79'] } })],
    ['all provinces under some', withGrant({ ...department, scope: { provinces: ['01'], substances: 'all' } })],
    ['substances under a parent without', withGrant({ ...department, scope: { provinces: 'all' } })],
    ['a beginning before the parent\'s', withGrant({ ...department, from: day(20) })],
    ['an end after the parent\'s', withGrant({ ...department, until: day(200) })],
    ['as much depth as the parent', withGrant({ ...department, depth: 1 })],
  ])('%s breaks it', (_what, grants) => {
    expect(ask({}, grants)).toEqual(no('GRANT_CHAIN_BROKEN'));
  });

  it('a holder that is not on the registry breaks it', () => {
    expect(ask({}, CHAIN, DIDS.filter(({ did }) => did !== DEPARTMENT))).toEqual(no('GRANT_CHAIN_BROKEN'));
  });
});

describe('what a grant covers', () => {
  const licence = (scope: GrantRecord['scope']): readonly GrantRecord[] => [rootGrant('g1', UNIVERSITY, { credentialType: 'ChemicalLicenceCredential', scope })];
  const chemical = { type: 'ChemicalLicenceCredential' } as const;

  it.each<[string, Partial<TrustQuestion>, string]>([
    ['another type', { type: 'EnterpriseIdentityCredential' }, 'GRANT_TYPE_OTHER'],
    ['another action', { action: 'suspend' }, 'GRANT_MISSING'],
    ['before it began', { at: '2025-12-31T23:59:59.999Z' as Instant }, 'GRANT_NOT_YET_VALID'],
    ['at the instant it ends', { at: '2031-01-01T00:00:00.000Z' as Instant }, 'GRANT_EXPIRED'],
    ['a DID without grants', { did: FACULTY }, 'GRANT_MISSING'],
  ])('not %s', (_what, change, code) => {
    expect(ask(change)).toEqual(no(code));
  });

  it('the first instant of its time, and the last', () => {
    expect(ask({ at: day(1) }).answer).toBe('AUTHORISED');
    expect(ask({ at: '2030-12-31T23:59:59.999Z' as Instant }).answer).toBe('AUTHORISED');
  });

  it.each<[GrantRecord['scope'], TrustQuestion['scope'], boolean]>([
    [{ provinces: 'all', substances: 'all' }, { provinces: ['01', '79'], substances: ['acetone'] }, true],
    [{ provinces: ['75'], substances: ['acetone', 'toluene'] }, { provinces: ['75'], substances: ['toluene'] }, true],
    [{ provinces: ['75'], substances: ['acetone'] }, { provinces: ['75'], substances: ['acetone', 'toluene'] }, false],
    [{ provinces: ['75'], substances: ['acetone'] }, { provinces: ['75', '79'], substances: ['acetone'] }, false],
    [{ provinces: ['75'] }, { provinces: ['75'], substances: ['acetone'] }, false],
    [{ provinces: ['75'] }, { provinces: ['75'], substances: [] }, true],
    [{ provinces: 'all', substances: ['acetone'] }, { provinces: [], substances: [] }, true],
  ])('%j for %j: %s', (scope, wanted, covered) => {
    expect(ask({ ...chemical, scope: wanted }, licence(scope))).toEqual(covered ? { answer: 'AUTHORISED', chain: ['g1'] } : { answer: 'NOT_AUTHORISED', chain: ['g1'], code: 'GRANT_SCOPE_NARROWER' });
  });

  it('narrowed: the wide one revoked, a narrow one given', () => {
    const wide = { ...university, withdrawn: { at: day(60), effect: 'from-now', reason: 'x' } } as const;
    const narrow = childGrant('g9', department, UNIVERSITY, { scope: { provinces: ['48'] }, from: day(60), grantedAt: day(60) });
    const grants = withGrant(wide, narrow);
    expect(ask({ at: day(59) }, grants)).toEqual({ answer: 'AUTHORISED_THEN_REVOKED_NOW', chain: ['g3', 'g2', 'g1'], code: 'GRANT_REVOKED' });
    expect(ask({ at: day(61) }, grants)).toEqual(no('GRANT_REVOKED'));
    expect(ask({ at: day(61), scope: { provinces: ['48'], substances: [] } }, grants)).toEqual({ answer: 'AUTHORISED', chain: ['g9', 'g2', 'g1'] });
  });

  it('the best of several grants answers', () => {
    const revoked = { ...university, withdrawn: { at: day(60), effect: 'from-beginning', reason: 'x' } } as const;
    expect(ask({}, [revoked, department, ministry, rootGrant('own', UNIVERSITY)])).toEqual({ answer: 'AUTHORISED', chain: ['own'] });
  });

  it('a grant of somebody else does not, wherever the view puts it', () => {
    const view = viewOf({ dids: DIDS, grants: CHAIN });
    expect(authorise(question({ did: FACULTY }), { ...view, grants: () => CHAIN })).toEqual(no('GRANT_MISSING'));
  });
});

/** Withdrawn on day 100: asked as of day 50, 150; known on day 99, 100. */
describe('withdrawals on two clocks', () => {
  const withdrawal = (effect: Withdrawal['effect'], since?: number): Withdrawal => ({ at: day(100), effect, reason: 'x', ...(since === undefined ? {} : { since: day(since) }) });
  const now = 'AUTHORISED_THEN_REVOKED_NOW';
  const table: [string, Withdrawal, number, number, TrustAnswer['answer']][] = [
    ['from-now', withdrawal('from-now'), 50, 99, 'AUTHORISED'],
    ['from-now', withdrawal('from-now'), 50, 100, now],
    ['from-now', withdrawal('from-now'), 100, 100, 'NOT_AUTHORISED'],
    ['from-now', withdrawal('from-now'), 150, 99, 'AUTHORISED'],
    ['from-now', withdrawal('from-now'), 150, 100, 'NOT_AUTHORISED'],
    ['from-beginning', withdrawal('from-beginning'), 50, 99, 'AUTHORISED'],
    ['from-beginning', withdrawal('from-beginning'), 50, 100, 'NOT_AUTHORISED'],
    ['from-beginning', withdrawal('from-beginning'), 1, 100, 'NOT_AUTHORISED'],
    ['since day 40', withdrawal('since', 40), 39, 100, now],
    ['since day 40', withdrawal('since', 40), 40, 100, 'NOT_AUTHORISED'],
    ['since day 40', withdrawal('since', 40), 50, 99, 'AUTHORISED'],
  ];

  for (const [index, grant] of CHAIN.entries()) {
    it.each(table)(`grant ${index + 1} of the chain %s %j: done on day %i, known on day %i`, (_what, withdrawn, at, known, answer) => {
      const found = ask({ at: day(at), known: day(known) }, withGrant({ ...grant, withdrawn }));
      expect(found).toMatchObject({ answer, ...(answer === 'AUTHORISED' ? {} : { code: 'GRANT_REVOKED' }) });
    });
  }

  for (const did of [MINISTRY, DEPARTMENT, UNIVERSITY]) {
    it.each(table)(`${did} %s %j: done on day %i, known on day %i`, (_what, withdrawn, at, known, answer) => {
      const found = ask({ at: day(at), known: day(known) }, CHAIN, withDid(didOf(did, { withdrawn })));
      expect(found).toMatchObject({ answer, ...(answer === 'AUTHORISED' ? {} : { code: 'DID_WITHDRAWN' }) });
    });
  }

  it('a later withdrawal that reaches further back counts from when it was known', () => {
    const grants = withGrant({ ...university, withdrawn: { at: day(120), effect: 'from-beginning', reason: 'y' }, withdrawnBefore: [withdrawal('from-now')] });
    const answers = [99, 100, 119, 120].map((known) => ask({ at: day(50), known: day(known) }, grants).answer);
    expect(answers).toEqual(['AUTHORISED', now, now, 'NOT_AUTHORISED']);
  });
});

describe('the known clock', () => {
  it.each([[30, 'UNKNOWN_ISSUER'], [31, 'AUTHORISED']] as const)('a DID registered on day 31, known on day %i', (known, answer) => {
    expect(ask({ known: day(known) }, CHAIN, withDid(didOf(UNIVERSITY, { registeredAt: day(31) })))).toMatchObject({ answer });
  });

  it('a DID nobody registered is unknown, not refused', () => {
    const own = parseDid('did:web:tu-lam.example');
    expect(ask({ did: own })).toEqual({ answer: 'UNKNOWN_ISSUER', chain: [], code: 'DID_UNKNOWN' });
  });

  it.each([[30, 'GRANT_MISSING'], [31, undefined]] as const)('a grant recorded on day 31, known on day %i', (known, code) => {
    expect(ask({ known: day(known) }, withGrant({ ...university, grantedAt: day(31) })).code).toBe(code);
  });
});

/**
 * Five keys × signed before, in and after their time (trust.md K1). Their time is day 10 to day 100; all is known on
 * day 365, and the thief of the stolen ones may have signed since day 60.
 */
describe('keys', () => {
  const period = { from: day(10), registeredAt: day(10) } as const;
  const ended = { to: day(100), retiredAt: day(100) } as const;
  const keys = [
    keyOf(UNIVERSITY, 'in-use', period),
    keyOf(UNIVERSITY, 'superseded', { ...period, ...ended, reason: 'superseded' }),
    keyOf(UNIVERSITY, 'stolen', { ...period, ...ended, reason: 'compromised', compromisedSince: day(60) }),
    keyOf(UNIVERSITY, 'never-safe', { ...period, ...ended, reason: 'compromised', compromisedSince: day(10) }),
    keyOf(UNIVERSITY, 'stolen-later', {
      ...period, to: day(100), reason: 'compromised', compromisedSince: day(60), retiredAt: day(200), endedBefore: [{ ...ended, reason: 'superseded' }],
    }),
  ];
  const yes = ['AUTHORISED', undefined] as const;
  const early = ['NOT_AUTHORISED', 'DID_KEY_NOT_YET_VALID'] as const;
  const gone = ['NOT_AUTHORISED', 'DID_KEY_SUPERSEDED'] as const;
  const stolen = ['NOT_AUTHORISED', 'DID_KEY_COMPROMISED'] as const;
  const warned = ['AUTHORISED_THEN_REVOKED_NOW', 'DID_KEY_COMPROMISED'] as const;
  //                before  in (50) in (70)  after
  it.each([
    ['in-use', early, yes, yes, yes],
    ['superseded', early, yes, yes, gone],
    ['stolen', early, warned, stolen, stolen],
    ['never-safe', early, stolen, stolen, stolen],
    ['stolen-later', early, warned, stolen, stolen],
  ] as const)('%s', (keyId, ...expected) => {
    const answers = [5, 50, 70, 150].map((at) => ask({ keyId, at: day(at) }, CHAIN, DIDS, keys)).map(({ answer, code }) => [answer, code]);
    expect(answers).toEqual(expected);
  });

  it('is stolen from the very instant stated on', () => {
    const at = (instant: string): string | undefined => ask({ keyId: 'stolen', at: instant as Instant }, CHAIN, DIDS, keys).answer;
    expect([at('2026-02-28T23:59:59.999Z'), at(day(60))]).toEqual(['AUTHORISED_THEN_REVOKED_NOW', 'NOT_AUTHORISED']);
  });

  it('its first instant is in, its last is out', () => {
    const at = (instant: string): string | undefined => ask({ keyId: 'superseded', at: instant as Instant }, CHAIN, DIDS, keys).code;
    expect([at('2026-01-09T23:59:59.999Z'), at(day(10)), at('2026-04-09T23:59:59.999Z'), at(day(100))]).toEqual(['DID_KEY_NOT_YET_VALID', undefined, undefined, 'DID_KEY_SUPERSEDED']);
  });

  it.each([
    ['superseded', 150, 99, undefined], ['superseded', 150, 100, 'DID_KEY_SUPERSEDED'],
    ['stolen', 70, 99, undefined], ['stolen', 70, 100, 'DID_KEY_COMPROMISED'],
    ['stolen-later', 70, 199, undefined], ['stolen-later', 70, 200, 'DID_KEY_COMPROMISED'], ['stolen-later', 150, 199, 'DID_KEY_SUPERSEDED'],
    ['in-use', 9, 9, 'DID_KEY_UNKNOWN'], ['nobody', 50, 365, 'DID_KEY_UNKNOWN'],
  ] as const)('%s: signed on day %i, known on day %i: %s', (keyId, at, known, code) => {
    expect(ask({ keyId, at: day(at), known: day(known) }, CHAIN, DIDS, keys).code).toBe(code);
  });

  it('a key of another DID is none', () => {
    expect(ask({ keyId: 'theirs' }, CHAIN, DIDS, [keyOf(DEPARTMENT, 'theirs')]).code).toBe('DID_KEY_UNKNOWN');
  });

  it('of a did:key is its own, from its registration on, while the DID is on the registry', () => {
    const grants = [rootGrant('k1', KEY_DID)];
    const dids = [didOf(KEY_DID, { registeredAt: '2026-02-01T00:00:00.700Z' as Instant })];
    const own = KEY_DID.slice('did:key:'.length);
    const code = (keyId: string, at: string): string | undefined => ask({ did: KEY_DID, keyId, at: at as Instant }, grants, dids).code;
    expect([code(own, day(152)), code('0', day(152)), code(own, '2026-01-31T23:59:59.999Z')]).toEqual([undefined, 'DID_KEY_UNKNOWN', 'DID_KEY_NOT_YET_VALID']);
    // Tokens count whole seconds: one issued in the second of the registration is not too early.
    expect(code(own, '2026-02-01T00:00:00.000Z')).toBeUndefined();
    expect(ask({ did: KEY_DID, keyId: own }, grants, DIDS)).toMatchObject({ answer: 'UNKNOWN_ISSUER' });
  });
});

it('the answer names the type asked for, not the one granted', () => {
  expect(question().type).toBe(DIPLOMA);
  expect(ask({ type: 'ChemicalLicenceCredential' })).toEqual({ answer: 'NOT_AUTHORISED', chain: ['g3'], code: 'GRANT_TYPE_OTHER' });
});
