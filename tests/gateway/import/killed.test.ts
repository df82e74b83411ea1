import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleProgram, startProgram, type Program } from '../child-program.js';
import { TEA } from '../../support/fictional.js';
import type { ImportingLine, ImportingSettings, LedgerLine } from './importing-program.js';

let folder = '';
let program: Program;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'minhchung-killed-'));
  program = await bundleProgram('tests/gateway/import/importing-program.ts');
});
afterAll(async () => {
  await program.remove();
  await rm(folder, { recursive: true, force: true });
});

async function settingsFor(name: string, rows: number): Promise<ImportingSettings> {
  const csvFile = join(folder, `${name}.csv`);
  await writeFile(csvFile, `Mã GTIN,Số lô,Số sê-ri\n${Array.from({ length: rows }, (_, n) => `${TEA},L26-001,S${n}\n`).join('')}`);
  return { csvFile, storeFolder: join(folder, `${name}-store`), importFolder: join(folder, `${name}-imports`), ledgerFile: join(folder, `${name}-ledger`) };
}

/** Runs until so many transactions are committed, then kills; without a number lets it end. Gives the last line. */
async function run(settings: ImportingSettings, killAt?: number): Promise<ImportingLine | undefined> {
  const { process: child, lines, ended } = startProgram(program, settings);
  let last: ImportingLine | undefined;
  for await (const line of lines) {
    last = (line as ImportingLine | undefined) ?? last;
    if (killAt !== undefined && last !== undefined && 'committed' in last && last.committed >= killAt) child.kill('SIGKILL');
  }
  await ended;
  return last;
}

describe('an import whose program is killed', () => {
  it('again and again, writes every row once', async () => {
    const rows = 20_000;
    const settings = await settingsFor('killed', rows);
    let last: ImportingLine | undefined;
    for (let killAt = 1; killAt < 20; killAt += 3) last = await run(settings, killAt);
    expect(last).toMatchObject({ committed: expect.any(Number) as number });
    expect(await run(settings)).toMatchObject({ state: 'done', written: rows });
    const committed = (await readFile(settings.ledgerFile, 'utf8')).trimEnd().split('\n').map((line) => JSON.parse(line) as LedgerLine);
    expect(new Set(committed.map(({ key }) => key)).size).toBe(committed.length);
    const serials = committed.flatMap(({ argument }) => (JSON.parse(argument) as { steps: { request: { serials: string[] } }[] }).steps.flatMap(({ request }) => request.serials));
    expect(serials).toEqual(Array.from({ length: rows }, (_, n) => `S${n}`));
  }, 120_000);
});

describe('the largest file', () => {
  it('is imported in 40 MB of JavaScript heap', async () => {
    const rows = 199_999;
    const settings = await settingsFor('largest', rows);
    const child = spawn(process.execPath, ['--max-old-space-size=40', '--max-semi-space-size=4', program.file, JSON.stringify(settings)], { stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => { output = (output + chunk.toString()).slice(-500); });
    const code = await new Promise((resolve) => { child.on('exit', resolve); });
    expect([code, JSON.parse(output.trimEnd().split('\n').at(-1)!)]).toEqual([0, { state: 'done', written: rows, heap: expect.any(Number) as number }]);
  }, 120_000);
});
