import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleProgram, startProgram, type Program } from '../child-program.js';
import { BlockChain, NAMESPACE } from '../ledger/fabric-blocks.js';
import { writeChain } from './chain-file.js';
import type { ProjectingLine, ProjectingSettings } from './projecting-program.js';

let dir = '';
let program: Program;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'crash-'));
  program = await bundleProgram('tests/gateway/read-model/projecting-program.ts');
  const chain = new BlockChain();
  for (let n = 0; n < 1500; n++) {
    chain.add(Array.from({ length: 10 }, (_, i) => ({ time: 1_700_000_000_000 + n, writes: [{ key: `k${(n * 7 + i) % 900}`, value: n % 11 === 0 ? null : `${n} `.repeat(i + 1) }] })));
  }
  await writeChain(join(dir, 'chain.json'), chain);
});
afterAll(async () => {
  await program.remove();
  await rm(dir, { recursive: true, force: true });
});

const settings = (folder: string): ProjectingSettings => ({ dir: join(dir, folder), chainFile: join(dir, 'chain.json'), namespace: NAMESPACE });

/** Runs until a line of progress beyond `killAt` blocks, then kills; undefined: lets it end. Gives the last line. */
async function run(folder: string, killAt?: number): Promise<ProjectingLine | undefined> {
  const { process, lines, ended } = startProgram(program, settings(folder));
  let last: ProjectingLine | undefined;
  for await (const line of lines) {
    last = (line as ProjectingLine | undefined) ?? last;
    if (killAt !== undefined && last !== undefined && 'height' in last && last.height >= killAt) process.kill('SIGKILL');
  }
  await ended;
  return last;
}

describe('a projection that is killed', () => {
  it('goes on from its checkpoint, and ends with the same bytes as one that was not', async () => {
    const undisturbed = await run('undisturbed');
    expect(undisturbed).toMatchObject({ digest: expect.stringMatching(/^[0-9a-f]{64}$/) as string });
    let reached = 0;
    for (const killAt of [1, 50, 200, 400, 700, 1000, 1200, 1400]) {
      const last = await run('killed', killAt);
      if (last !== undefined && 'height' in last) reached = Math.max(reached, last.height);
    }
    expect(reached).toBeGreaterThan(0);
    expect(await run('killed')).toEqual(undisturbed);
  });
});
