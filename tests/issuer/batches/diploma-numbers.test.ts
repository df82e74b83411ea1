/** A number stands on one diploma: alone or in a batch, at the same time or later, whatever is refused, cancelled or revoked between. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readDisclosure } from '#domain/credential/disclosure.js';
import { comparableNumber } from '#domain/credential/personal-data.js';
import { mustBe, type Answer } from '../../gateway/app/running-gateway.js';
import { randomFrom } from '../../network/seeded-random.js';
import type { Batch } from '../../../issuer/batches/batch.js';
import type { GoodRow } from '../../../issuer/batches/diploma-table.js';
import type { CredentialRecord } from '../../../issuer/credentials/credential-record.js';
import { diplomaRequest, issued } from '../issuer-world.js';
import { batchWorld, type BatchWorld } from './batch-world.js';

const ROUNDS = Number(process.env['NUMBER_ROUNDS'] ?? 12);
const SEED = Number(process.env['NUMBER_SEED'] ?? Date.now() % 1_000_000);

let world: BatchWorld;
beforeAll(async () => {
  world = await batchWorld();
});
afterAll(async () => world.remove());
beforeEach(() => {
  world.between = undefined;
});

interface Numbers {
  readonly serialNumber: string;
  readonly registerNumber: string;
}

const numbers = (serialNumber: string, registerNumber: string): Numbers => ({ serialNumber, registerNumber });
const single = async (of: Numbers, change: object = {}, options?: object): Promise<Answer> => world.post(world.university, '/credentials/issue', diplomaRequest(of.serialNumber, { ...of, ...change }, options));
const classOf = (rows: readonly Numbers[]): Buffer => Buffer.from(['Họ và tên;Ngày sinh;Số hiệu;Số vào sổ', ...rows.map((one) => `Lê An;1/2/2003;${one.serialNumber};${one.registerNumber}`)].join('\n'));
const upload = async (...rows: readonly Numbers[]): Promise<Answer> => world.upload(classOf(rows), { graduates: String(rows.length) });
const revoke = async (id: string): Promise<Answer> => world.post(world.university, '/credentials/status', { credentialId: id, credentialStatus: { type: 'BitstringStatusListEntry', statusPurpose: 'revocation' }, status: true });
const erase = async (id: string): Promise<Answer> => world.call({ method: 'DELETE', url: `/v1/credentials/${id}/personal-data`, headers: { authorization: `Bearer ${world.university.key}` } });
const refusing = (): void => {
  world.between = async (path, ask) => (path.endsWith('/commitments') ? { status: 422, body: { code: 'GRANT_REVOKED', fields: {} } } : ask());
};

/** The batch of these rows, issued. */
async function issuedBatch(...rows: readonly Numbers[]): Promise<string[]> {
  const id = await world.prepared(classOf(rows), rows.length);
  mustBe(202, await world.approve(id));
  await world.until(id, 'issued');
  const { credentials } = mustBe(200, await world.get(`/v1/batches/${id}/credentials`, { authorization: `Bearer ${world.preparer.key}` })).body as { credentials: { credentialId: string }[] };
  return credentials.map(({ credentialId }) => credentialId);
}

const IN_BATCH = { status: 409, code: 'DIPLOMA_NUMBER_IN_BATCH' };
const ISSUED = { status: 409, code: 'DIPLOMA_NUMBER_ISSUED' };

describe('a number that a batch holds', () => {
  it.each([
    ['serial', numbers('A 1', 'other a'), 'serialNumber'], ['register', numbers('other A', 'A/1'), 'registerNumber'], ['serial, spelt otherwise,', numbers('a1', 'other aa'), 'serialNumber'],
  ] as const)('is not issued singly: %s number', async (_, of, field) => {
    await upload(numbers('A 1', 'A/1'));
    expect((await single(of)).body).toMatchObject({ ...IN_BATCH, field: `credential.credentialSubject.${field}` });
  });

  it('is free once the batch is cancelled, and not for the batch any more', async () => {
    const id = await world.prepared(classOf([numbers('B 1', 'B/1')]), 1);
    expect((await single(numbers('B 1', 'B/1'))).body).toMatchObject(IN_BATCH);
    mustBe(200, await world.call({ method: 'POST', url: `/v1/batches/${id}/cancellation`, headers: { authorization: `Bearer ${world.preparer.key}` } }));
    mustBe(201, await single(numbers('B 1', 'B/1')));
    expect((await upload(numbers('B 1', 'B/2'))).body).toMatchObject({ state: 'refused', errors: [{ code: 'DIPLOMA_NUMBER_ISSUED' }] });
  });

  it('stays with it when the ledger has stopped it', async () => {
    const id = await world.prepared(classOf([numbers('C 1', 'C/1')]), 1);
    refusing();
    mustBe(202, await world.approve(id));
    await world.until(id, 'stopped');
    world.between = undefined;
    expect((await single(numbers('C 1', 'C/2'))).body).toMatchObject(IN_BATCH);
    mustBe(202, await world.approve(id));
    await world.until(id, 'issued');
    expect((await single(numbers('C 1', 'C/2'))).body).toMatchObject(ISSUED);
  });

  it('is its diploma\'s once that is issued, until it is revoked or erased; the others of the class keep theirs', async () => {
    const [first = '', second = ''] = await issuedBatch(numbers('D 1', 'D/1'), numbers('D 2', 'D/2'), numbers('D 3', 'D/3'));
    for (const serial of ['D 1', 'D 2', 'D 3']) expect((await single(numbers(serial, 'D/0'))).body).toMatchObject(ISSUED);
    mustBe(200, await revoke(first));
    mustBe(200, await erase(second));
    for (const serial of ['D 1', 'D 2']) mustBe(201, await single(numbers(serial, `${serial}/again`)));
    expect((await single(numbers('D 3', 'D/0'))).body).toMatchObject(ISSUED);
  });
});

describe('a number that was issued singly', () => {
  it('is not issued again with another number beside it, nor in a batch', async () => {
    mustBe(201, await single(numbers('E 1', 'E/1')));
    expect((await single(numbers('E 1', 'E/2'))).body).toMatchObject({ ...ISSUED, field: 'credential.credentialSubject.serialNumber' });
    expect((await single(numbers('E 2', 'E/1'))).body).toMatchObject({ ...ISSUED, field: 'credential.credentialSubject.registerNumber' });
    expect((await upload(numbers('E 3', 'e/1'))).body).toMatchObject({ state: 'refused', errors: [{ row: 2, column: 'Số vào sổ', code: 'DIPLOMA_NUMBER_ISSUED' }] });
    mustBe(201, await single(numbers('E 2', 'E/2')));
  });

  it('and was refused by the ledger is free', async () => {
    refusing();
    expect((await single(numbers('F 1', 'F/1'))).body).toMatchObject({ status: 422, code: 'GRANT_REVOKED' });
    world.between = undefined;
    expect((await upload(numbers('F 1', 'F/1'))).body).toMatchObject({ state: 'prepared' });
  });

  it('is taken from the moment it is planned, also after a crash', async () => {
    world.between = async (path, ask) => (path.endsWith('/commitments') ? { status: 202, body: {} } : ask());
    expect((await single(numbers('G 1', 'G/1'))).status).toBe(202);
    await world.restart();
    expect((await upload(numbers('G 1', 'G/2'))).body).toMatchObject({ state: 'refused', errors: [{ code: 'DIPLOMA_NUMBER_ISSUED' }] });
    world.between = undefined;
    expect(await world.issuer.finish()).toBe(0);
  });

  it('is each institution\'s own, and another one than the same as a number of the other kind', () => {
    const parts = world.issuer.parts.numbers;
    const of = numbers('H 1', 'H 1');
    const [own, other] = ['dai-hoc-vi-du', 'dai-hoc-khac'].map((organisation) => parts.rowsOf(organisation as never, of));
    expect(new Set([...Object.values(own ?? {}), ...Object.values(other ?? {})]).size).toBe(4);
  });
});

describe('a correction', () => {
  const correcting = (id: string, decision = '9/QĐ'): object => ({ fullName: 'Trần Thị Mây', replaces: { credential: id, decisionNumber: decision } });

  it('has the numbers of what it corrects, alone or from a batch, and nobody else\'s', async () => {
    const first = await issued(world, world.university, diplomaRequest('K 1', { ...numbers('K 1', 'K/1') }));
    const second = String(mustBe(201, await single(numbers('K 1', 'K/1'), correcting(first.id))).body['credentialId']);
    expect((await single(numbers('K 1', 'K/9'))).body).toMatchObject(ISSUED);
    mustBe(200, await revoke(first.id));
    expect((await single(numbers('K 1', 'K/9'))).body, 'what was corrected takes nothing along').toMatchObject(ISSUED);
    mustBe(200, await revoke(second));
    mustBe(201, await single(numbers('K 1', 'K/9')));
    const [one = '', other = ''] = await issuedBatch(numbers('K 2', 'K/2'), numbers('K 3', 'K/3'));
    expect((await single(numbers('K 3', 'K/2'), correcting(one))).body).toMatchObject({ ...ISSUED, field: 'credential.credentialSubject.serialNumber' });
    mustBe(201, await single(numbers('K 2', 'K/22'), correcting(one)));
    expect((await single(numbers('K 4', 'K/2'))).body, 'the number that was wrong stays taken').toMatchObject(ISSUED);
    mustBe(200, await revoke(other));
    mustBe(201, await single(numbers('K 3', 'K/3')));
  });

  it('that the ledger refuses gives them back to what it was to correct', async () => {
    const first = await issued(world, world.university, diplomaRequest('L 1', { ...numbers('L 1', 'L/1') }));
    refusing();
    expect((await single(numbers('L 1', 'L/2'), correcting(first.id))).body).toMatchObject({ status: 422, code: 'GRANT_REVOKED' });
    world.between = undefined;
    expect((await single(numbers('L 1', 'L/3'))).body).toMatchObject(ISSUED);
    mustBe(201, await single(numbers('L 3', 'L/2')));
    mustBe(201, await single(numbers('L 1', 'L/1'), correcting(first.id, '10/QĐ')));
    mustBe(200, await revoke(first.id));
    expect((await single(numbers('L 1', 'L/3'))).body).toMatchObject(ISSUED);
  });
});

describe('at the same time', () => {
  it.each([2, 20])('%i single diplomas with one number are one', async (count) => {
    const answers = await Promise.all(Array.from({ length: count }, async (_, at) => single(numbers(`M ${count}`, `M ${count}/${at}`))));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array.from({ length: count - 1 }, () => 409)]);
    expect(answers.filter(({ status }) => status === 409).every(({ body }) => body['code'] === 'DIPLOMA_NUMBER_ISSUED')).toBe(true);
  });

  it.each([0, 1, 2, 3, 4])('of a batch and twenty single diplomas each number is one\'s, or all of them are the batch\'s (%i)', async (turn) => {
    const all = Array.from({ length: 20 }, (_, at) => numbers(`N ${turn}-${at}`, `N${turn}/${at}`));
    const half = all.length / 2;
    const [before, batch, after] = await Promise.all([Promise.all(all.slice(0, half).map(async (one) => single(one))), upload(...all), Promise.all(all.slice(half).map(async (one) => single(one)))]);
    const isBatch = batch.body['state'] === 'prepared';
    expect([...before, ...after].map(({ status }) => status)).toEqual(all.map(() => (isBatch ? 409 : 201)));
  });

  it('of eight batches one is prepared', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, async (_, at) => upload(numbers('P 1', `P/${at}`), numbers(`P 2-${at}`, `P/2-${at}`))));
    expect(answers.map(({ body }) => body['state']).sort()).toEqual(['prepared', ...Array.from({ length: 7 }, () => 'refused')]);
  });
});

const FIELDS = ['serialNumber', 'registerNumber'] as const;
const namesOf = (of: Numbers): string[] => FIELDS.map((field) => `${field} ${comparableNumber(of[field])}`);

/** Who holds which number, by what is stored: each number of either kind with its holders. */
class Holders {
  readonly held = new Map<string, string[]>();

  static async read(): Promise<ReadonlyMap<string, readonly string[]>> {
    const holders = new Holders();
    const { store } = world.issuer.parts;
    for await (const [, row] of store.rows('credential/')) await holders.#noteCredential(JSON.parse(row.toString()) as CredentialRecord);
    for await (const [, row] of store.rows('batch/')) await holders.#noteBatch(JSON.parse(row.toString()) as Batch);
    return holders.held;
  }

  #note(names: readonly string[], holder: string): void {
    for (const name of names) this.held.set(name, [...this.held.get(name) ?? [], holder]);
  }

  /** What was passed on to a correction is that one's, also if it lost it since. */
  async #noteCredential(record: CredentialRecord): Promise<void> {
    if (record.state === 'refused' || record.wanted.revocation === true || record.erasedAt !== undefined) return;
    const passed = record.superseded === undefined ? [] : await this.#namesOf(record.superseded.id);
    this.#note((await this.#namesOf(record.id)).filter((name) => !passed.includes(name)), record.id);
  }

  async #namesOf(id: string): Promise<string[]> {
    const values = new Map((await world.issuer.parts.rows.secrets(id)).disclosures.map(readDisclosure).map(({ name, value }) => [name, value]));
    return namesOf(numbers(values.get('serialNumber') ?? '', values.get('registerNumber') ?? ''));
  }

  async #noteBatch({ id, state }: Batch): Promise<void> {
    if (state !== 'prepared' && state !== 'stopped') return;
    for await (const [, chunk] of world.issuer.parts.store.rows(`batch-row/${id}/`)) for (const { personal } of JSON.parse(chunk.toString()) as GoodRow[]) this.#note(namesOf(personal), id);
  }
}

describe(`in ${ROUNDS} rounds of whatever can happen, at once (seed ${SEED})`, () => {
  const random = randomFrom(SEED);
  const below = (limit: number): number => Math.floor(random() * limit);
  const pick = <T>(from: readonly T[]): T | undefined => from[below(from.length)];
  const POOL = 8;
  const some = (): Numbers => numbers(`Z ${below(POOL)}`, `Z/${below(POOL)}`);
  const known: string[] = [];
  const batches: string[] = [];

  const note = (answer: Answer): void => {
    const { credentialId, id, state } = answer.body;
    if (typeof credentialId === 'string') known.push(credentialId);
    if (state === 'prepared') batches.push(String(id));
  };
  const ACTS: readonly (() => Promise<Answer | undefined>)[] = [
    async () => single(some(), { fullName: pick(['Lê An', 'Lê Bình']) }),
    async () => single(some()),
    async () => single(some(), { replaces: { credential: pick(known) ?? 'urn:uuid:0c9f6f6e-5a0b-4c5e-9d8e-2f6a3f1b7c4d', decisionNumber: '9/QĐ' } }),
    async () => upload(some()),
    async () => upload(some(), some()),
    async () => { const id = pick(batches); return id === undefined ? undefined : world.approve(id); },
    async () => { const id = pick(batches); return id === undefined ? undefined : world.call({ method: 'POST', url: `/v1/batches/${id}/cancellation`, headers: { authorization: `Bearer ${world.preparer.key}` } }); },
    async () => { const id = pick(known); return id === undefined ? undefined : revoke(id); },
    async () => { const id = pick(known); return id === undefined || below(3) > 0 || await corrects(id) ? undefined : erase(id); },
  ];

  /** Once a correction is erased, nobody can tell any more which numbers it had. */
  const corrects = async (id: string): Promise<boolean> => (await world.issuer.parts.rows.known(id)).supersedes !== undefined;

  /** Until no job is at work, and nothing is left to be done. */
  async function atRest(): Promise<void> {
    for (const id of batches) {
      while (['signing', 'committing', 'publishing'].includes(String((await world.batch(id))['state']))) await new Promise(setImmediate);
    }
    expect(await world.issuer.finish()).toBe(0);
  }

  async function alreadyIssued(): Promise<void> {
    for await (const [, chunk] of world.issuer.parts.store.rows('batch-place/')) for (const { id } of JSON.parse(chunk.toString()) as { id: string }[]) if (!known.includes(id)) known.push(id);
  }

  it('no number is ever two diplomas\', and each that nobody has can be given', async () => {
    let refusals = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      world.between = async (path, ask) => (path.endsWith('/commitments') && below(4) === 0 ? { status: 422, body: { code: 'GRANT_REVOKED', fields: {} } } : ask());
      const answers = await Promise.all(Array.from({ length: 14 }, async () => pick(ACTS)?.()));
      for (const answer of answers) if (answer !== undefined) note(answer);
      refusals += answers.filter((answer) => String(answer?.body['code']).startsWith('DIPLOMA_NUMBER_')).length;
      expect(answers.filter((answer) => answer?.status === 500)).toEqual([]);
      if (round % 3 === 2) await world.restart();
      await atRest();
      world.between = undefined;
      await alreadyIssued();
      expect([...await Holders.read()].filter(([, by]) => by.length > 1)).toEqual([]);
    }
    expect(refusals, 'nothing ever stood in the way of anything').toBeGreaterThan(0);
    const held = await Holders.read();
    for (let at = 0; at < POOL; at += 1) {
      const [bySerial, byRegister] = [await single(numbers(`Z ${at}`, `free ${at}`)), await single(numbers(`FREE ${at}`, `Z/${at}`))];
      expect([at, bySerial.status, byRegister.status]).toEqual([at, held.has(`serialNumber Z${at}`) ? 409 : 201, held.has(`registerNumber Z/${at}`) ? 409 : 201]);
    }
  }, 60_000 + ROUNDS * 5_000);
});
