import { beforeEach, describe, expect, test } from 'vitest';
import type { Caller } from '#domain/access.js';
import { Problem, type ProblemCode } from '#domain/errors.js';
import type { Json } from '#domain/canonical-json.js';
import type { Instant } from '#domain/instant.js';
import { parseDid, type Did } from '#domain/trust/did.js';
import { commitmentKey, didKey, didKeyKey, grantKey, statusListKey } from '#domain/trust/keys.js';
import type { TransactionName } from '#domain/transactions.js';
import { ContractWorld } from '../support/contract-world.js';
import { authority, foundRegistry, maker, registrar } from '../support/fictional.js';
import { AGENCY_DID, COLLEGE_DID, MINISTRY_DID, UNIVERSITY_DID, UNTIL, college, foundTrust, grantOf, ministry, root, university } from '../support/fictional-trust.js';
import { rejectsWith } from '../support/rejects-with.js';
import { P256_JWK } from '../support/trust-records.js';

const NOW = '2026-11-20T08:00:00.250Z' as Instant;
const SECOND = '2026-11-20T08:00:00.000Z' as Instant;
const ED25519 = { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' } as const;
const OWN_KEY_DID = parseDid('did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK');
let world: ContractWorld;

const key = (did: Did, keyId: string, change: Record<string, Json> = {}): Json => ({ did, keyId, algorithm: 'ES256', publicKeyJwk: P256_JWK, ...change });
const later = (hours: number): void => {
  world.now = new Date(Date.parse(NOW) + hours * 3_600_000).toISOString() as Instant;
};

beforeEach(async () => {
  world = new ContractWorld(NOW);
  await foundRegistry(world);
  await foundTrust(world);
});

describe('DIDs', () => {
  test('come onto the registry under an organisation, once', async () => {
    expect(world.read(didKey(UNIVERSITY_DID), 'did')).toEqual({ kind: 'did', did: UNIVERSITY_DID, organisation: 'dai-hoc-sao', registeredAt: NOW });
    await rejectsWith(world.call(registrar, 'trust:registerDid', { did: UNIVERSITY_DID, organisation: 'cao-dang-may' }), 'DID_ALREADY_REGISTERED', { did: UNIVERSITY_DID });
    await rejectsWith(world.call(registrar, 'trust:registerDid', { did: 'did:web:moi.example', organisation: 'khong-ai' }), 'ORGANISATION_UNKNOWN');
    await rejectsWith(world.call(registrar, 'trust:registerDid', { did: 'did:web:MOI.example', organisation: 'dai-hoc-sao' }), 'DID_MALFORMED', { field: 'did' });
  });

  test('are withdrawn, and then carry nothing new', async () => {
    await world.call(registrar, 'trust:withdrawDid', { did: UNIVERSITY_DID, effect: 'from-now', reason: 'giải thể' });
    expect(world.read(didKey(UNIVERSITY_DID), 'did')?.withdrawn).toEqual({ at: NOW, effect: 'from-now', reason: 'giải thể' });
    await rejectsWith(world.call(university, 'trust:registerDidKey', key(UNIVERSITY_DID, 'k')), 'DID_WITHDRAWN', { did: UNIVERSITY_DID });
    await rejectsWith(world.call(university, 'trust:commitCredentials', { did: UNIVERSITY_DID, root: root(1), count: 1 }), 'DID_WITHDRAWN');
    await rejectsWith(world.call(registrar, 'trust:grant', grantOf('G', UNIVERSITY_DID)), 'DID_WITHDRAWN');
    await world.call(university, 'trust:publishStatusList', { did: UNIVERSITY_DID, list: 'l1', purpose: 'revocation', version: 1, hash: root(9) });
    later(1);
    await world.call(registrar, 'trust:withdrawDid', { did: UNIVERSITY_DID, effect: 'from-beginning', reason: 'giả mạo' });
    await rejectsWith(world.call(registrar, 'trust:withdrawDid', { did: UNIVERSITY_DID, effect: 'from-now', reason: 'x' }), 'WITHDRAWAL_ALREADY_RECORDED', { effect: 'from-beginning' });
    await rejectsWith(world.call(registrar, 'trust:withdrawDid', { did: 'did:web:ai.example', effect: 'from-now', reason: 'x' }), 'DID_UNKNOWN');
  });
});

describe('keys', () => {
  test('begin with the second in which they are registered', async () => {
    expect(await world.call(university, 'trust:registerDidKey', key(UNIVERSITY_DID, 'k1'))).toEqual({ did: UNIVERSITY_DID, keyId: 'k1', from: SECOND });
    expect(world.read(didKeyKey(UNIVERSITY_DID, 'k1'), 'did-key')).toEqual({ kind: 'did-key', did: UNIVERSITY_DID, keyId: 'k1', algorithm: 'ES256', publicKeyJwk: P256_JWK, from: SECOND, registeredAt: NOW });
    await rejectsWith(world.call(university, 'trust:registerDidKey', key(UNIVERSITY_DID, 'k1')), 'DID_KEY_ALREADY_REGISTERED', { keyId: 'k1' });
  });

  test.each<[string, Record<string, Json>, ProblemCode, Record<string, string>]>([
    ['of another algorithm', { algorithm: 'EdDSA' }, 'PUBLIC_KEY_ALGORITHM_DIFFERS', { expected: 'ES256' }],
    ['off the curve', { publicKeyJwk: { ...P256_JWK, x: P256_JWK.y } }, 'PUBLIC_KEY_NOT_ON_CURVE', { field: 'publicKeyJwk' }],
    ['with their private half', { publicKeyJwk: { ...ED25519, d: ED25519.x } }, 'FIELD_UNKNOWN', { field: 'publicKeyJwk.d' }],
    ['from yesterday', { from: '2026-11-19T08:00:00.000Z' }, 'KEY_PERIOD_WRONG', { field: 'from', now: NOW }],
    ['of a did:key', { did: OWN_KEY_DID }, 'DID_KEY_IS_ITS_OWN', {}],
    ['of a DID nobody registered', { did: 'did:web:ai.example' }, 'DID_UNKNOWN', {}],
    ['with a name that is none', { keyId: 'a#b' }, 'FIELD_WRONG_VALUE', { field: 'keyId' }],
  ])('%s are refused', async (_what, change, code, fields) => {
    await world.call(registrar, 'trust:registerDid', { did: OWN_KEY_DID, organisation: university.organisation });
    await rejectsWith(world.call(university, 'trust:registerDidKey', { ...key(UNIVERSITY_DID, 'k') as Record<string, Json>, ...change }), code, fields);
  });

  test('are superseded, and found stolen later', async () => {
    await world.call(university, 'trust:registerDidKey', key(UNIVERSITY_DID, 'k1', { algorithm: 'EdDSA', publicKeyJwk: ED25519 }));
    later(2);
    await world.call(university, 'trust:retireDidKey', { did: UNIVERSITY_DID, keyId: 'k1', reason: 'superseded' });
    later(3);
    expect(await world.call(registrar, 'trust:retireDidKey', { did: UNIVERSITY_DID, keyId: 'k1', reason: 'compromised', compromisedSince: '2026-11-20T09:00:00Z' })).toMatchObject({ to: '2026-11-20T10:00:00.250Z' });
    expect(world.read(didKeyKey(UNIVERSITY_DID, 'k1'), 'did-key')).toMatchObject({
      to: '2026-11-20T10:00:00.250Z', reason: 'compromised', compromisedSince: '2026-11-20T09:00:00.000Z', retiredAt: world.now,
      endedBefore: [{ to: '2026-11-20T10:00:00.250Z', reason: 'superseded', retiredAt: '2026-11-20T10:00:00.250Z' }],
    });
    await rejectsWith(world.call(university, 'trust:retireDidKey', { did: UNIVERSITY_DID, keyId: 'k1', reason: 'superseded' }), 'DID_KEY_ALREADY_RETIRED', { keyId: 'k1' });
    await rejectsWith(world.call(university, 'trust:retireDidKey', { did: UNIVERSITY_DID, keyId: 'k2', reason: 'superseded' }), 'DID_KEY_UNKNOWN', { keyId: 'k2' });
  });

  test('of one DID are so many and no more', async () => {
    for (let number = 0; number < 100; number++) await world.call(university, 'trust:registerDidKey', key(UNIVERSITY_DID, `k${number}`));
    await rejectsWith(world.call(university, 'trust:registerDidKey', key(UNIVERSITY_DID, 'last')), 'DID_KEYS_TOO_MANY', { most: '100' });
    await world.call(college, 'trust:registerDidKey', key(COLLEGE_DID, 'first'));
  });
});

describe('grants', () => {
  const child = (id: string, change: Record<string, unknown> = {}): Json =>
    grantOf(id, UNIVERSITY_DID, { parent: 'ROOT', actions: ['issue'], scope: { provinces: ['48'] }, depth: 0, ...change });

  beforeEach(async () => {
    await world.call(registrar, 'trust:grant', grantOf('ROOT', MINISTRY_DID, { depth: 2 }));
  });

  test('a registrar\'s own, then one under it by whoever holds it', async () => {
    expect(await world.call(ministry, 'trust:grant', child('G1'))).toEqual({ grant: 'G1', from: SECOND });
    expect(world.read(grantKey('G1'), 'grant')).toEqual({
      kind: 'grant', id: 'G1', parent: 'ROOT', grantor: 'bo-giao-duc', grantee: UNIVERSITY_DID, actions: ['issue'], credentialType: 'DiplomaCredential', scope: { provinces: ['48'] },
      from: SECOND, until: UNTIL, depth: 0, legalBasis: 'Quyết định ví dụ', grantedAt: NOW,
    });
    expect(world.state.has(`grant-of/${UNIVERSITY_DID}/DiplomaCredential/bo-giao-duc/G1`)).toBe(true);
    await rejectsWith(world.call(ministry, 'trust:grant', child('G1')), 'GRANT_ALREADY_RECORDED', { grant: 'G1' });
  });

  test.each<[string, Record<string, unknown>, ProblemCode, Record<string, string>]>([
    ['another action', { actions: ['issue', 'revoke'] }, 'GRANT_EXCEEDS_PARENT', { field: 'actions', parent: 'ROOT' }],
    ['another type', { credentialType: 'ChemicalLicenceCredential' }, 'GRANT_EXCEEDS_PARENT', { field: 'credentialType' }],
    ['substances', { scope: { provinces: ['48'], substances: ['acetone'] } }, 'GRANT_EXCEEDS_PARENT', { field: 'scope' }],
    ['an earlier beginning', { from: '2026-11-20T07:59:59Z' }, 'GRANT_EXCEEDS_PARENT', { field: 'from' }],
    ['a later end', { until: '2031-01-01T00:00:00.001Z' }, 'GRANT_EXCEEDS_PARENT', { field: 'until' }],
    ['as much depth', { depth: 2 }, 'GRANT_EXCEEDS_PARENT', { field: 'depth' }],
    ['a beginning yesterday', { from: '2026-11-19T00:00:00Z' }, 'GRANT_PERIOD_WRONG', { now: NOW }],
    ['an end before its beginning', { from: '2028-01-01T00:00:00Z', until: '2028-01-01T00:00:00Z' }, 'GRANT_PERIOD_WRONG', {}],
    ['a parent that is not there', { parent: 'NONE' }, 'GRANT_UNKNOWN', { field: 'parent', grant: 'NONE' }],
    ['no parent', { parent: undefined }, 'GRANT_PARENT_NOT_HELD', { field: 'parent' }],
    ['a holder that is not on the registry', { grantee: 'did:web:ai.example' }, 'DID_UNKNOWN', {}],
    ['a depth that none has', { depth: 4 }, 'FIELD_WRONG_VALUE', { field: 'depth' }],
    ['a province that is none', { scope: { provinces: ['99'] } }, 'PROVINCE_UNKNOWN', { field: 'scope.provinces[0]' }],
    ['no action', { actions: [] }, 'LIST_EMPTY', { field: 'actions' }],
  ])('with %s are refused', async (_what, change, code, fields) => {
    await rejectsWith(world.call(ministry, 'trust:grant', child('G1', change)), code, fields);
  });

  test('four make a chain, five do not', async () => {
    await world.call(registrar, 'trust:grant', grantOf('A', MINISTRY_DID));
    await world.call(ministry, 'trust:grant', grantOf('B', MINISTRY_DID, { parent: 'A', depth: 2 }));
    await world.call(ministry, 'trust:grant', grantOf('C', UNIVERSITY_DID, { parent: 'B', depth: 1 }));
    await world.call(university, 'trust:grant', grantOf('D', COLLEGE_DID, { parent: 'C', depth: 0 }));
    await rejectsWith(world.call(college, 'trust:grant', grantOf('E', COLLEGE_DID, { parent: 'D', depth: 0 })), 'GRANT_EXCEEDS_PARENT', { field: 'depth', parent: 'D' });
  });

  test('are not passed on by somebody else, nor without the right to accredit', async () => {
    await rejectsWith(world.call(university, 'trust:grant', child('G1')), 'GRANT_PARENT_NOT_HELD', { field: 'parent', grant: 'ROOT' });
    await rejectsWith(world.call(registrar, 'trust:grant', child('G1')), 'GRANT_PARENT_NOT_HELD', { grant: 'ROOT' });
    await world.call(ministry, 'trust:grant', child('G1', { depth: 1 }));
    await rejectsWith(world.call(university, 'trust:grant', grantOf('G2', COLLEGE_DID, { parent: 'G1', actions: ['issue'], scope: { provinces: ['48'] }, depth: 0 })), 'GRANT_EXCEEDS_PARENT', { field: 'actions' });
  });

  test.each([
    ['the parent', 'trust:revokeGrant', { id: 'MIDDLE', effect: 'from-now', reason: 'x' }, 'GRANT_REVOKED'],
    ['the one above it', 'trust:revokeGrant', { id: 'ROOT', effect: 'since', since: '2026-11-20T08:00:00Z', reason: 'x' }, 'GRANT_REVOKED'],
    ['its holder', 'trust:withdrawDid', { did: MINISTRY_DID, effect: 'from-now', reason: 'x' }, 'DID_WITHDRAWN'],
  ] as const)('are not given any more once %s has lost its force', async (_what, transaction, request, code) => {
    await world.call(ministry, 'trust:grant', grantOf('MIDDLE', UNIVERSITY_DID, { parent: 'ROOT', depth: 1 }));
    later(1);
    await world.call(registrar, transaction, request);
    await rejectsWith(world.call(university, 'trust:grant', grantOf('LEAF', COLLEGE_DID, { parent: 'MIDDLE', actions: ['issue'], depth: 0 })), code, { field: 'parent', grant: 'MIDDLE' });
  });

  test('nor once the parent has ended', async () => {
    await world.call(registrar, 'trust:grant', grantOf('SHORT', MINISTRY_DID, { until: '2026-11-20T09:00:00Z' }));
    later(2);
    await rejectsWith(world.call(ministry, 'trust:grant', child('G1', { parent: 'SHORT' })), 'GRANT_EXCEEDS_PARENT', { field: 'until' });
  });

  test('are taken back by whoever gave them, or a registrar', async () => {
    await world.call(ministry, 'trust:grant', child('G1'));
    await rejectsWith(world.call(university, 'trust:revokeGrant', { id: 'G1', effect: 'from-now', reason: 'x' }), 'GRANT_NOT_GRANTOR', { grant: 'G1', grantor: 'bo-giao-duc' });
    await rejectsWith(world.call(ministry, 'trust:revokeGrant', { id: 'G1', effect: 'since', reason: 'x' }), 'WITHDRAWAL_SINCE_WRONG', { field: 'since' });
    await world.call(ministry, 'trust:revokeGrant', { id: 'G1', effect: 'from-now', reason: 'hết hạn' });
    later(1);
    await world.call(registrar, 'trust:revokeGrant', { id: 'G1', effect: 'from-beginning', reason: 'cấp sai' });
    expect(world.read(grantKey('G1'), 'grant')).toMatchObject({ withdrawn: { effect: 'from-beginning' }, withdrawnBefore: [{ at: NOW, effect: 'from-now' }] });
    await rejectsWith(world.call(ministry, 'trust:revokeGrant', { id: 'G9', effect: 'from-now', reason: 'x' }), 'GRANT_UNKNOWN', { grant: 'G9' });
  });

  test('from one organisation to one DID are so many and no more', async () => {
    for (let number = 0; number < 50; number++) await world.call(ministry, 'trust:grant', child(`G${number}`));
    await rejectsWith(world.call(ministry, 'trust:grant', child('LAST')), 'GRANTS_TOO_MANY', { most: '50' });
    await world.call(registrar, 'trust:grant', grantOf('OTHER', UNIVERSITY_DID));
  });
});

describe('commitments and status lists', () => {
  test('a root is committed once', async () => {
    expect(await world.call(university, 'trust:commitCredentials', { did: UNIVERSITY_DID, root: root(1), count: 1200 })).toEqual({ root: root(1), committedAt: NOW });
    expect(world.read(commitmentKey(root(1)), 'credential-commitment')).toEqual({ kind: 'credential-commitment', root: root(1), did: UNIVERSITY_DID, count: 1200, committedAt: NOW });
    await rejectsWith(world.call(college, 'trust:commitCredentials', { did: COLLEGE_DID, root: root(1), count: 1 }), 'COMMITMENT_ALREADY_RECORDED', { root: root(1), did: UNIVERSITY_DID });
  });

  test.each([[0], [1_000_001], [1.5], ['1'], [-1]])('of %j credentials is refused', async (count) => {
    await rejectsWith(world.call(university, 'trust:commitCredentials', JSON.stringify({ did: UNIVERSITY_DID, root: root(1), count })), 'FIELD_WRONG_VALUE', { field: 'count' });
  });

  test.each([['short', 'a'.repeat(63)], ['upper case', 'A'.repeat(64)]])('a root that is %s is refused', async (_what, wrong) => {
    await rejectsWith(world.call(university, 'trust:commitCredentials', { did: UNIVERSITY_DID, root: wrong, count: 1 }), 'FIELD_WRONG_VALUE', { field: 'root' });
  });

  const publication = (version: number, change: Record<string, Json> = {}): Json => ({ did: UNIVERSITY_DID, list: 'thu-hoi-1', purpose: 'revocation', version, hash: root(version), ...change });

  test('a list\'s version only grows, and its purpose stays (trust.md K4)', async () => {
    await world.call(university, 'trust:publishStatusList', publication(7));
    for (const old of [7, 6, 1]) await rejectsWith(world.call(university, 'trust:publishStatusList', publication(old)), 'STATUS_LIST_VERSION_NOT_NEWER', { list: 'thu-hoi-1', published: '7' });
    await rejectsWith(world.call(university, 'trust:publishStatusList', publication(8, { purpose: 'suspension' })), 'STATUS_LIST_PURPOSE_DIFFERS', { purpose: 'revocation' });
    expect(await world.call(university, 'trust:publishStatusList', publication(9))).toEqual({ list: 'thu-hoi-1', version: 9 });
    expect(world.read(statusListKey(UNIVERSITY_DID, 'thu-hoi-1'), 'status-list')).toEqual({ kind: 'status-list', ...publication(9) as object, publishedAt: NOW });
  });

  test('the same name under another DID is another list', async () => {
    await world.call(university, 'trust:publishStatusList', publication(7));
    await world.call(college, 'trust:publishStatusList', publication(1, { did: COLLEGE_DID }));
    expect(world.all('status-list').map(({ did, version }) => [did, version])).toEqual([[UNIVERSITY_DID, 7], [COLLEGE_DID, 1]]);
  });

  test.each([['a/b'], [''], ['.x'], ['x'.repeat(65)]])('a list named %j is refused', async (list) => {
    await rejectsWith(world.call(university, 'trust:publishStatusList', publication(1, { list })), 'FIELD_WRONG_VALUE', { field: 'list' });
  });

  test('lists of one DID are so many and no more; those there can still be published', async () => {
    for (let number = 0; number < 256; number++) await world.call(university, 'trust:publishStatusList', publication(1, { list: `l${number}` }));
    await rejectsWith(world.call(university, 'trust:publishStatusList', publication(1, { list: 'last' })), 'STATUS_LISTS_TOO_MANY', { most: '256' });
    await world.call(university, 'trust:publishStatusList', publication(2, { list: 'l0' }));
  });
});

/** Who may do it for the university's DID: nobody but the university, and where it keeps the register, the registrar. */
describe('whose DID it is', () => {
  const requests: [TransactionName, () => Json, string, readonly Caller[]][] = [
    ['trust:registerDidKey', () => key(UNIVERSITY_DID, 'new'), 'DID_NOT_HELD', [registrar, university]],
    ['trust:retireDidKey', () => ({ did: UNIVERSITY_DID, keyId: 'old', reason: 'superseded' }), 'DID_NOT_HELD', [registrar, university]],
    ['trust:commitCredentials', () => ({ did: UNIVERSITY_DID, root: root(5), count: 1 }), 'DID_NOT_HELD', [university]],
    ['trust:publishStatusList', () => ({ did: UNIVERSITY_DID, list: 'l', purpose: 'refresh', version: 1, hash: root(5) }), 'DID_NOT_HELD', [university]],
    ['trust:revokeCredential', () => ({ did: UNIVERSITY_DID, issuer: COLLEGE_DID, credential: root(5), credentialType: 'DiplomaCredential', scope: { provinces: ['48'] }, decision: '1/QĐ' }), 'DID_NOT_HELD', [university]],
    ['trust:grant', () => grantOf('NEW', COLLEGE_DID, { parent: 'HELD', depth: 0, actions: ['issue'] }), 'GRANT_PARENT_NOT_HELD', [university]],
    ['trust:revokeGrant', () => ({ id: 'GIVEN', effect: 'from-now', reason: 'x' }), 'GRANT_NOT_GRANTOR', [registrar, university]],
    ['trust:registerDid', () => ({ did: 'did:web:moi.example', organisation: 'dai-hoc-sao' }), 'CALLER_NOT_ALLOWED', [registrar]],
    ['trust:withdrawDid', () => ({ did: UNIVERSITY_DID, effect: 'from-now', reason: 'x' }), 'CALLER_NOT_ALLOWED', [registrar]],
  ];
  const callers: readonly Caller[] = [registrar, authority, ministry, university, college, maker];

  beforeEach(async () => {
    await world.call(university, 'trust:registerDidKey', key(UNIVERSITY_DID, 'old'));
    await world.call(registrar, 'trust:grant', grantOf('HELD', UNIVERSITY_DID, { actions: ['issue', 'accredit', 'revoke'] }));
    await world.call(university, 'trust:grant', grantOf('GIVEN', COLLEGE_DID, { parent: 'HELD', depth: 1 }));
  });

  test.each(requests)('%s', async (transaction, request, code, allowed) => {
    for (const caller of callers) {
      const before = new Map(world.state);
      const refusal = await world.call(caller, transaction, request()).then(() => 'done', (error: unknown) => (error instanceof Problem ? error.code : String(error)));
      const expected = allowed.includes(caller) ? 'done' : caller === maker ? 'CALLER_NOT_ALLOWED' : code;
      expect([caller.organisation, refusal]).toEqual([caller.organisation, expected]);
      world.state.clear();
      for (const [name, bytes] of before) world.state.set(name, bytes);
    }
  });
});

test('several steps of one capture build on each other, and all happen or none', async () => {
  const steps = [
    { transaction: 'trust:commitCredentials', request: { did: AGENCY_DID, root: root(3), count: 2 } },
    { transaction: 'trust:publishStatusList', request: { did: AGENCY_DID, list: 'l', purpose: 'revocation', version: 1, hash: root(4) } },
    { transaction: 'trust:publishStatusList', request: { did: AGENCY_DID, list: 'l', purpose: 'revocation', version: 1, hash: root(5) } },
  ];
  await rejectsWith(world.call(authority, 'goods:capture', { steps }), 'STATUS_LIST_VERSION_NOT_NEWER', { field: 'steps[2]', published: '1' });
  expect(world.state.has(commitmentKey(root(3)))).toBe(false);
  expect(await world.call(authority, 'goods:capture', { steps: steps.slice(0, 2) })).toEqual({ answers: [{ root: root(3), committedAt: NOW }, { list: 'l', version: 1 }] });
});
