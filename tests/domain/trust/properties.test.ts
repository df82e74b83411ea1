/** What holds for every registry, however it was filled: also by somebody who wants to be believed. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Instant } from '#domain/instant.js';
import type { SubstanceId } from '#domain/chemistry/substances.js';
import { authorise, type TrustQuestion } from '#domain/trust/authorise.js';
import type { Did } from '#domain/trust/did.js';
import { exceeds, scopeWithin } from '#domain/trust/grant-chain.js';
import type { DidKeyRecord, DidRecord, GrantRecord, GrantScope, TrustAction, Withdrawal } from '#domain/trust/records.js';
import { retire } from '#domain/trust/key-period.js';
import { withdraw } from '#domain/trust/withdrawal.js';
import { DEPARTMENT, DIPLOMA, FACULTY, MINISTRY, UNIVERSITY, day, didOf, keyOf, ownerOf, rootGrant, viewOf, type TrustRecords } from '../../support/trust-records.js';

const DIDS = [MINISTRY, DEPARTMENT, UNIVERSITY, FACULTY] as const;
const instants = fc.integer({ min: 0, max: 40 }).map((number) => day(10 * number));
const someOf = <T>(...members: readonly T[]): fc.Arbitrary<readonly T[]> => fc.subarray([...members], { minLength: 1 });
const provinces = fc.oneof(fc.constant('all' as const), someOf('01', '48', '75'));
const substances = fc.option(fc.oneof(fc.constant('all' as const), someOf<SubstanceId>('acetone', 'toluene')), { nil: undefined });
const scopes: fc.Arbitrary<GrantScope> = fc.record({ provinces, substances }).map(({ substances: named, ...rest }) => (named === undefined ? rest : { ...rest, substances: named }));
const actions = someOf<TrustAction>('issue', 'accredit', 'revoke', 'suspend');
const types = fc.constantFrom(DIPLOMA, 'ChemicalLicenceCredential' as const);

const withdrawals: fc.Arbitrary<Withdrawal> = fc.record({ at: instants, effect: fc.constantFrom('from-now' as const, 'from-beginning' as const, 'since' as const), since: instants })
  .map(({ at, effect, since }) => ({ at, effect, reason: 'x', ...(effect === 'since' ? { since: since < at ? since : at } : {}) }));
const withdrawn = fc.option(withdrawals, { nil: undefined }).map((one) => (one === undefined ? {} : { withdrawn: one }));

/** A grant anybody might write into a snapshot: nothing in it need fit. */
const grants: fc.Arbitrary<GrantRecord> = fc.record({
  id: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), parent: fc.option(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), { nil: undefined }), grantee: fc.constantFrom(...DIDS),
  givenBy: fc.constantFrom(...DIDS), actions, credentialType: types, scope: scopes, from: instants, until: instants, depth: fc.integer({ min: 0, max: 3 }), grantedAt: instants, withdrawn,
}).map(({ parent, givenBy, withdrawn: gone, ...rest }) => rootGrant(rest.id, rest.grantee, { ...rest, ...gone, ...(parent === undefined ? {} : { parent, grantor: ownerOf(givenBy) }) }));

const dids: fc.Arbitrary<DidRecord> = fc.record({ did: fc.constantFrom(...DIDS), registeredAt: instants, withdrawn }).map(({ did, registeredAt, withdrawn: gone }) => didOf(did, { registeredAt, ...gone }));

const keys: fc.Arbitrary<DidKeyRecord> = fc.record({
  did: fc.constantFrom(...DIDS), from: instants, registeredAt: instants, end: fc.option(fc.tuple(instants, fc.constantFrom('superseded' as const, 'compromised' as const), instants), { nil: undefined }),
}).map(({ did, from, registeredAt, end }) => {
  const [retiredAt, reason, since] = end ?? [];
  return keyOf(did, 'k', { from, registeredAt, ...(retiredAt === undefined || reason === undefined ? {} : { to: retiredAt, retiredAt, reason, ...(reason === 'compromised' && since !== undefined ? { compromisedSince: since } : {}) }) });
});

/** Registries in which chains happen: a narrowing one, with strangers among it. */
const chained: fc.Arbitrary<readonly GrantRecord[]> = fc.tuple(scopes, fc.option(scopes), fc.option(actions), withdrawn, withdrawn, fc.array(grants, { maxLength: 4 })).map(([wide, narrow, may, gone, alsoGone, strangers]) => {
  const top = rootGrant('a', MINISTRY, { scope: wide, ...gone });
  const middle: GrantRecord = { ...top, id: 'b', parent: 'a', grantor: ownerOf(MINISTRY), grantee: DEPARTMENT, depth: 2 };
  const leaf: GrantRecord = { ...middle, id: 'c', parent: 'b', grantor: ownerOf(DEPARTMENT), grantee: UNIVERSITY, depth: 1, scope: narrow ?? wide, actions: may ?? middle.actions, ...alsoGone };
  return [...strangers.filter(({ id }) => !['a', 'b', 'c'].includes(id)), top, middle, leaf];
});

const registries: fc.Arbitrary<TrustRecords> = fc.record({ dids: fc.array(dids, { minLength: 4, maxLength: 6 }).map((some) => [...DIDS.map((did) => didOf(did, { registeredAt: day(0) })), ...some.slice(4)]), keys: fc.array(keys, { maxLength: 4 }), grants: fc.oneof(fc.array(grants, { maxLength: 8 }), chained) });

const questions: fc.Arbitrary<TrustQuestion> = fc.record({
  did: fc.constantFrom<Did>(UNIVERSITY, ...DIDS), action: fc.constantFrom<TrustAction>('issue', 'issue', 'accredit', 'revoke'), type: fc.constantFrom(DIPLOMA, DIPLOMA, 'ChemicalLicenceCredential' as const), at: instants, known: instants,
  keyId: fc.option(fc.constant('k'), { nil: undefined, freq: 1 }),
  scope: fc.record({ provinces: fc.subarray(['01', '48', '75']), substances: fc.subarray<SubstanceId>(['acetone', 'toluene']) }),
}).map(({ keyId, ...rest }) => (keyId === undefined ? rest : { ...rest, keyId }));

/** A grant and one that was made from it: some fields anybody's, the rest the same. */
const families: fc.Arbitrary<[GrantRecord, GrantRecord]> = fc.tuple(grants, grants, fc.subarray(['actions', 'scope', 'from', 'until', 'credentialType'] as const)).map(([parent, other, fields]) => {
  const changed = Object.fromEntries(fields.map((field) => [field, other[field]])) as Partial<GrantRecord>;
  const wide: GrantRecord = { ...parent, actions: [...new Set<TrustAction>(['accredit', ...parent.actions])], depth: 3 };
  return [{ ...wide, depth: other.depth, ...changed }, wide];
});

const RUNS = { numRuns: 3000 };

describe('whatever stands in the registry', () => {
  it('an answer of yes rests on a chain of which every grant covers the question, and each but the first may accredit', () => {
    let yes = 0;
    fc.assert(fc.property(registries, questions, (records, asked) => {
      const { answer, chain } = authorise(asked, viewOf(records));
      if (answer !== 'AUTHORISED') return;
      yes++;
      const byId = new Map(records.grants.map((grant) => [grant.id, grant]));
      const links = chain.map((id) => byId.get(id) as GrantRecord);
      expect(links.length).toBeLessThanOrEqual(4);
      expect(links.at(-1)?.parent).toBeUndefined();
      for (const [index, link] of links.entries()) {
        expect(scopeWithin(asked.scope, link.scope) && link.credentialType === asked.type && link.from <= asked.at && asked.at < link.until && link.grantedAt <= asked.known).toBe(true);
        expect(link.actions).toContain(index === 0 ? asked.action : 'accredit');
        expect(link.withdrawn === undefined || link.withdrawn.at > asked.known).toBe(true);
      }
    }), RUNS);
    expect(yes).toBeGreaterThan(30);
  });

  it('a child never covers what its parent does not', () => {
    let narrower = 0;
    fc.assert(fc.property(families, questions, ([child, parent], asked) => {
      if (exceeds(child, parent) !== undefined) return;
      narrower++;
      const covers = ({ scope, from, until, credentialType, actions: may }: GrantRecord): boolean =>
        scopeWithin(asked.scope, scope) && from <= asked.at && asked.at < until && credentialType === asked.type && may.includes(asked.action);
      expect(!covers(child) || covers(parent)).toBe(true);
      expect(parent.actions).toContain('accredit');
    }), RUNS);
    expect(narrower).toBeGreaterThan(100);
  });

  it('what is recorded later than `known` changes no answer: a withdrawal, a key\'s end, a grant, a DID', () => {
    fc.assert(fc.property(registries, questions, fc.nat(9), fc.boolean(), (records, asked, pick, compromised) => {
      const later = '2028-01-01T00:00:00.000Z' as Instant;
      const gone = { effect: 'from-beginning', reason: 'x' } as const;
      const one = <T>(some: readonly T[], change: (member: T) => T): readonly T[] => some.map((member, index) => (index === pick % some.length ? change(member) : member));
      const changed = {
        grants: [...one(records.grants, (grant) => reachFurther(() => withdraw(grant, gone, later), grant)), rootGrant('late', asked.did, { grantedAt: later })],
        dids: one(records.dids, (did) => reachFurther(() => withdraw(did, gone, later), did)),
        keys: one(records.keys, (key) => reachFurther(() => retire(key, { reason: compromised ? 'compromised' : 'superseded' }, later), key)),
      };
      expect(authorise(asked, viewOf(changed))).toEqual(authorise(asked, viewOf(records)));
    }), RUNS);
  });

  it('known later, what was right stays right or is withdrawn; a no does not become a yes but by a new record', () => {
    fc.assert(fc.property(registries, questions, instants, (records, asked, other) => {
      const [first, second] = asked.known < other ? [asked.known, other] as const : [other, asked.known] as const;
      const isNew = (at: Instant): boolean => at > first;
      fc.pre(!records.grants.some(({ grantedAt }) => isNew(grantedAt)) && !records.dids.some(({ registeredAt }) => isNew(registeredAt)) && !records.keys.some(({ registeredAt }) => isNew(registeredAt)));
      const rank = { AUTHORISED: 2, AUTHORISED_THEN_REVOKED_NOW: 1, NOT_AUTHORISED: 0, UNKNOWN_ISSUER: 0 };
      const [then, now] = [first, second].map((known) => rank[authorise({ ...asked, known }, viewOf(records)).answer]) as [number, number];
      expect(now).toBeLessThanOrEqual(then);
    }), { numRuns: 1000, maxSkipsPerRun: 2000 });
  });
});

/** What is withdrawn as far back already stays as it is. */
function reachFurther<T>(change: () => T, unchanged: T): T {
  try {
    return change();
  } catch {
    return unchanged;
  }
}
