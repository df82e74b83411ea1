/** A person asks for erasure: nothing that is kept ties the credential to them any more (`trust.md` I4). */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readDisclosure } from '#domain/credential/disclosure.js';
import { mustBe, type Answer, type Caller } from '../gateway/app/running-gateway.js';
import { bytesOfFolder, spellings } from './folder-bytes.js';
import { diplomaRequest, issued, issuerWorld, type IssuerWorld } from './issuer-world.js';

const NAME = 'Lò Thị Hoa Ban Trắng Xóa';
const PERSON = { fullName: NAME, dateOfBirth: '2003-02-09', serialNumber: 'XOA 7781', registerNumber: 'XOA-7781/SG', classification: 'excellent' };

let world: IssuerWorld;
const logged: string[] = [];
beforeAll(async () => {
  world = await issuerWorld();
});
afterAll(async () => world.remove());

const eraseAs = async (caller: Caller | undefined, id: string): Promise<Answer> =>
  world.call({ method: 'DELETE', url: `/v1/credentials/${id}/personal-data`, headers: caller === undefined ? {} : { authorization: `Bearer ${caller.key}` } });
const erase = async (id: string): Promise<Answer> => eraseAs(world.university, id);

/** The sealed rows of a credential as they stand on the disk: found again, they would be all there is. */
async function sealedRows(id: string): Promise<Buffer[]> {
  const { Level } = await import('level');
  const rows: Buffer[] = [];
  await world.whileStopped(async () => {
    const level = new Level<string, Buffer>(`${world.folder}/store`, { keyEncoding: 'utf8', valueEncoding: 'buffer' });
    for await (const [key, row] of level.iterator()) if (key === `secrets/${id}` || key.startsWith('unique/')) rows.push(row);
    await level.close();
  });
  return rows;
}

describe('erasure', () => {
  it('is for the issuer of the credential alone', async () => {
    const { id } = await issued(world, world.university, diplomaRequest('E 1'));
    expect((await eraseAs(undefined, id)).body).toMatchObject({ status: 401, code: 'API_KEY_MISSING' });
    expect((await eraseAs(world.authority, id)).body).toMatchObject({ status: 403, code: 'DID_NOT_HELD' });
    expect((await erase('urn:uuid:0c9f6f6e-5a0b-4c5e-9d8e-2f6a3f1b7c4d')).body).toMatchObject({ status: 404, code: 'CREDENTIAL_UNKNOWN' });
    expect((await erase('x')).body).toMatchObject({ status: 400, code: 'FIELD_WRONG_VALUE', field: 'id' });
  });

  it('leaves no trace: not of the person, not of the salts, not of the box, in no file and no answer', async () => {
    const made = await issued(world, world.university, diplomaRequest(PERSON.serialNumber, PERSON));
    const { body: record } = mustBe(200, await world.get(`/public/credentials/${made.publicId}`));
    const disclosures = made.text.split('~').slice(1, -1);
    const salts = disclosures.map((one) => readDisclosure(one).salt);
    const evidence = JSON.parse(Buffer.from(made.text.split('#')[1] ?? '', 'base64url').toString()) as { salt: string };
    const rows = await sealedRows(made.id);
    expect(rows.length).toBeGreaterThanOrEqual(2);
    const before = await bytesOfFolder(world.folder);
    expect(rows.every((row) => before.includes(row))).toBe(true); // what follows looks where it is

    mustBe(200, await erase(made.id));

    const after = await bytesOfFolder(world.folder);
    const secretRow = rows[0]!;
    expect(after.includes(secretRow)).toBe(false);
    const secrets = [
      ...Object.values(PERSON).map((text) => Buffer.from(text)), ...disclosures.map((text) => Buffer.from(text)), Buffer.from(made.link.split('#')[1] ?? '', 'base64url'),
      ...[...salts, evidence.salt].map((salt) => Buffer.from(salt, 'base64url')), Buffer.from(String(record['sealed']), 'base64url'),
    ];
    for (const secret of secrets) for (const one of spellings(secret)) expect(after.includes(one)).toBe(false);

    for (const url of [`/public/credentials/${made.publicId}`, `/credentials/${made.id}`]) {
      const answer = await world.get(url, { authorization: `Bearer ${world.university.key}` });
      expect(answer.body).toMatchObject({ status: 404, code: 'PERSONAL_DATA_ERASED' });
      logged.push(answer.text);
    }
    const guess = await world.post(undefined, `/public/credentials/${made.publicId}/reveal`, { serialNumber: PERSON.serialNumber, dateOfBirth: PERSON.dateOfBirth });
    expect(guess.body).toMatchObject({ status: 422, code: 'REVEAL_REFUSED' });
    logged.push(guess.text);
    for (const secret of [...Object.values(PERSON), ...disclosures]) expect(logged.join('\n')).not.toContain(secret);
  });

  it('leaves on the ledger and in its copies only what says nothing', async () => {
    const made = await issued(world, world.university, diplomaRequest('XOA 2223334', { ...PERSON, serialNumber: 'XOA 2223334', registerNumber: 'XOA-2223334/SG' }));
    mustBe(200, await erase(made.id));
    const ledger = await bytesOfFolder(world.gateway.folder);
    for (const secret of [NAME, 'XOA 2223334', '2003-02-09', ...made.text.split('~').slice(1, -1)]) for (const one of spellings(Buffer.from(secret))) expect(ledger.includes(one)).toBe(false);
  });

  it('asked for again is done already, also after a restart', async () => {
    const { id } = await issued(world, world.university, diplomaRequest('E 3'));
    const first = mustBe(200, await erase(id)).body;
    await world.restart();
    expect(mustBe(200, await erase(id)).body).toEqual(first);
  });

  it('keeps the status bit, which can still be set: others hold the text', async () => {
    const { id } = await issued(world, world.university, diplomaRequest('E 4'));
    mustBe(200, await erase(id));
    const answer = await world.post(world.university, '/credentials/status', { credentialId: id, credentialStatus: { type: 'BitstringStatusListEntry', statusPurpose: 'revocation' }, status: true });
    expect(mustBe(200, answer).body).toMatchObject({ status: { revocation: true } });
  });

  it('lets the same diploma be issued anew, with nothing in common', async () => {
    const first = await issued(world, world.university, diplomaRequest('E 5'));
    mustBe(200, await erase(first.id));
    const second = await issued(world, world.university, diplomaRequest('E 5'));
    expect(second.id).not.toBe(first.id);
    const digests = (jwt: string): string[] => ((JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString()) as { vc: { credentialSubject: { _sd: string[] } } }).vc.credentialSubject._sd);
    expect(digests(second.jwt).filter((one) => digests(first.jwt).includes(one))).toEqual([]);
  });

  it('of what is not issued yet waits until it is', async () => {
    world.between = async (path, ask) => (path === '/v1/trust/commitments' ? { status: 202, body: {} } : ask());
    const answer = await world.post(world.university, '/credentials/issue', diplomaRequest('E 6'));
    const id = String(answer.body['credentialId']);
    expect((await erase(id)).body).toMatchObject({ status: 409, code: 'CREDENTIAL_NOT_ISSUED' });
    world.between = undefined;
    expect(await world.issuer.finish()).toBe(0);
    mustBe(200, await erase(id));
  });
});
