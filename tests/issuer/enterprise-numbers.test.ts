/** A registrar says of an enterprise number that it is one organisation's, whatever is asked for at the same time, refused, revoked or corrected. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { enterpriseCheckDigit } from '#domain/credential/enterprise-number.js';
import { mustBe, type Answer } from '../gateway/app/running-gateway.js';
import { identityRequest, issuerWorld, type IssuerWorld } from './issuer-world.js';

const A = { organisation: 'hoa-chat-dong-nai', id: 'did:web:hoa-chat-dong-nai.example' };
const B = { organisation: 'son-ha-noi', id: 'did:web:son-ha-noi.example', gs1Prefixes: [], name: 'Sơn Hà Nội' };

let world: IssuerWorld;
beforeAll(async () => {
  world = await issuerWorld();
  await world.gateway.enrol('son-ha-noi', 'enterprise', '01');
});
afterAll(async () => world.remove());
beforeEach(() => {
  world.between = undefined;
});

/** Ten digits of which the last is wrong, as a fictional enterprise's is. */
function number(at: number): string {
  const base = `01000${String(at).padStart(4, '0')}`;
  return base + String(((enterpriseCheckDigit(base) ?? 0) + 1) % 10);
}

const ask = async (of: object, enterpriseNumber: string, until = '2031-11-20T00:00:00Z', options?: object): Promise<Answer> => world.post(world.gateway.operator, '/credentials/issue', {
  ...identityRequest({ ...of, enterpriseNumber }, { expirationDate: until }), ...(options === undefined ? {} : { options }),
});
const issue = async (...asked: Parameters<typeof ask>): Promise<string> => String(mustBe(201, await ask(...asked)).body['credentialId']);
const revoke = async (id: string): Promise<Answer> => world.post(world.gateway.operator, '/credentials/status', { credentialId: id, credentialStatus: { type: 'BitstringStatusListEntry', statusPurpose: 'revocation' }, status: true });
const refusing = (): void => {
  world.between = async (path, next) => (path.endsWith('/commitments') ? { status: 422, body: { code: 'GRANT_REVOKED', fields: {} } } : next());
};

const ofA = { status: 409, code: 'ENTERPRISE_NUMBER_ISSUED', field: 'credential.credentialSubject.enterpriseNumber', fields: { organisation: A.organisation } };
const ofB = { ...ofA, fields: { organisation: B.organisation } };
const LATER = '2032-11-20T00:00:00Z';

describe('a number that stands for one organisation', () => {
  it('is not said to be another one\'s, whatever else the identity says', async () => {
    await issue(A, number(2));
    expect((await ask(B, number(2))).body).toMatchObject(ofA);
    expect((await ask(B, number(2), LATER)).body).toMatchObject(ofA);
    await issue(B, number(3));
    await issue(B, `${number(2)}-001`);
  });

  it('is said of it again: for another period, in a correction, after a revocation', async () => {
    const first = await issue(A, number(4));
    const renewed = await issue(A, number(4), LATER);
    const corrected = await issue({ ...A, address: 'Phố Khác 2' }, number(4), LATER, { supersedes: renewed });
    for (const id of [first, corrected]) mustBe(200, await revoke(id));
    await issue({ ...A, address: 'Phố Khác 3' }, number(4), '2033-11-20T00:00:00Z');
    expect((await ask(B, number(4))).body).toMatchObject(ofA);
  });

  it('is another one\'s once every identity that says so is revoked', async () => {
    const [first, second] = [await issue(A, number(5)), await issue(A, number(5), LATER)];
    mustBe(200, await revoke(first));
    expect((await ask(B, number(5))).body).toMatchObject(ofA);
    mustBe(200, await revoke(second));
    await issue(B, number(5));
    expect((await ask(A, number(5), '2033-11-20T00:00:00Z')).body).toMatchObject(ofB);
  });

  it('is not another one\'s because its identity was superseded with another number', async () => {
    const wrong = await issue(A, number(6));
    await issue(A, number(7), LATER, { supersedes: wrong });
    expect((await ask(B, number(6))).body).toMatchObject(ofA);
    mustBe(200, await revoke(wrong));
    await issue(B, number(6));
  });

  it('passes over by a correction of the organisation, once that is issued', async () => {
    const wrong = await issue(A, number(8));
    refusing();
    expect((await ask(B, number(8), LATER, { supersedes: wrong })).body).toMatchObject({ status: 422, code: 'GRANT_REVOKED' });
    world.between = undefined;
    expect((await ask(B, number(8))).body).toMatchObject(ofA);
    await issue(B, number(8), LATER, { supersedes: wrong });
    expect((await ask(A, number(8), '2033-11-20T00:00:00Z')).body).toMatchObject(ofB);
    await issue(B, number(8), '2033-11-20T00:00:00Z');
  });

  it('stays with whom it was while a correction of the organisation is under way', async () => {
    const wrong = await issue(A, number(9));
    world.between = async (path, next) => (path.endsWith('/commitments') ? { status: 202, body: {} } : next());
    expect((await ask(B, number(9), LATER, { supersedes: wrong })).status).toBe(202);
    expect((await ask(B, number(9))).body).toMatchObject(ofA);
    expect((await ask(A, number(9), '2033-11-20T00:00:00Z')).body).toMatchObject(ofB);
    world.between = undefined;
    expect(await world.issuer.finish()).toBe(0);
    expect((await ask(B, number(9))).status).toBe(201);
  });
});

describe('a number that is being issued', () => {
  it('is free again if the ledger refuses', async () => {
    refusing();
    expect((await ask(A, number(10))).body).toMatchObject({ code: 'GRANT_REVOKED' });
    world.between = undefined;
    await issue(B, number(10));
  });

  it('is taken from the plan on, also after a crash', async () => {
    world.between = async (path, next) => (path.endsWith('/commitments') ? { status: 202, body: {} } : next());
    expect((await ask(A, number(11))).status).toBe(202);
    await world.restart();
    expect((await ask(B, number(11))).body).toMatchObject(ofA);
    world.between = undefined;
    expect(await world.issuer.finish()).toBe(0);
    expect((await ask(B, number(11))).body).toMatchObject(ofA);
  });

  it('by many at once for two organisations is one organisation\'s', async () => {
    const until = (at: number): string => `20${30 + at}-11-20T00:00:00Z`;
    const answers = await Promise.all(Array.from({ length: 20 }, async (_, at) => ask(at % 2 === 0 ? A : B, number(12), until(at))));
    const ofEach = [0, 1].map((start) => answers.filter((_, at) => at % 2 === start).map(({ status }) => status));
    expect(ofEach.map((statuses) => [...new Set(statuses)].join()).sort()).toEqual(['201', '409']);
  });
});
