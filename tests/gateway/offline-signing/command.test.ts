import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildChild } from '../../network/child-program.js';
import { mustBe, runGateway, type Caller, type RunningGateway } from '../app/running-gateway.js';
import { TEA, teaLot, teaProduct } from '../app/sample-goods.js';

let folder: string;
let gateway: RunningGateway;
let maker: Caller;
let program: string;
let environment: Record<string, string>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'minhchung-signer-'));
  [gateway, program] = [await runGateway(), await buildChild('gateway/offline-signing/offline-signer-command.ts')];
  maker = await gateway.enrol('che-shan', 'enterprise', '15', '9520000');
  mustBe(201, await maker.post('/v1/products', teaProduct));
  environment = { MINHCHUNG_API: await gateway.app.listen({ host: '127.0.0.1', port: 0 }), MINHCHUNG_API_KEY: maker.key };
});
afterAll(async () => {
  await gateway.remove();
  await rm(folder, { recursive: true, force: true });
});

async function signer(...parameters: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [program, ...parameters], { env: { ...process.env, ...environment }, cwd: folder });
  return stdout;
}

describe('the command with which a firm signs', () => {
  it('makes a key, has it certified, and carries a transaction to the ledger; repeated, it has no second effect', async () => {
    await signer('key', 'firm.key');
    expect((await stat(join(folder, 'firm.key'))).mode & 0o777).toBe(0o600);
    await signer('enrol', 'firm.key', 'firm.pem');
    expect(await readFile(join(folder, 'firm.pem'), 'utf8')).toContain('BEGIN CERTIFICATE');
    await writeFile(join(folder, 'lot.json'), JSON.stringify({ ...teaLot, gtin: TEA, lot: 'CMD-1' }));
    const first = JSON.parse(await signer('submit', 'firm.key', 'firm.pem', 'goods:openLot', 'lot.json', 'cmd-1')) as Record<string, unknown>;
    expect(first).toMatchObject({ item: `/01/${TEA}/10/CMD-1`, block: expect.any(String) as string });
    mustBe(200, await maker.get(`/v1/products/${TEA}/lots/CMD-1`));
    await expect(signer('submit', 'firm.key', 'firm.pem', 'goods:openLot', 'lot.json')).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining('LOT_ALREADY_OPENED') as string });
  });

  it('never writes over a key, and says how it is used', async () => {
    await expect(signer('key', 'firm.key')).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining('EEXIST') as string });
    await expect(signer()).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining('usage: key') as string });
  });
});
