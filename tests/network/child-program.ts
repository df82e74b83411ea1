/** Programs for tests that need a process of their own: bundled from source, so that no build has to come first. */
import { rmSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
/** Inside the repository, so that the programs find the installed packages; of this process alone. */
const DIRECTORY = join(ROOT, 'dist', 'test-programs', String(process.pid));
process.once('exit', () => { rmSync(DIRECTORY, { recursive: true, force: true }); });
const built = new Map<string, Promise<string>>();

/**
 * @param source path from the repository's root, e.g. `tests/network/ledger-child.ts`
 * @returns path of a file that `node` runs
 */
export async function buildChild(source: string): Promise<string> {
  const known = built.get(source) ?? bundle(source);
  built.set(source, known);
  return known;
}

async function bundle(source: string): Promise<string> {
  await mkdir(DIRECTORY, { recursive: true });
  const outfile = join(DIRECTORY, `${source.replaceAll('/', '-').replace(/\.ts$/, '')}.mjs`);
  await build({
    entryPoints: [join(ROOT, source)], outfile, bundle: true, platform: 'node', format: 'esm', target: 'node20', packages: 'external', conditions: ['source'],
  });
  return outfile;
}
