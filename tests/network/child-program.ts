/** Programs for tests that need a process of their own: bundled from source, so that no build has to come first. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
/** Inside the repository, so that the programs find the installed packages. */
const DIRECTORY = join(ROOT, 'dist', 'test-programs');
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

/** The file is named after its content: test files that run side by side share it and never see half of it. */
async function bundle(source: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(ROOT, source)], write: false, bundle: true, platform: 'node', format: 'esm', target: 'node20', packages: 'external', conditions: ['source'],
  });
  const program = outputFiles[0]!.contents;
  const name = `${source.replaceAll('/', '-').replace(/\.ts$/, '')}-${createHash('sha256').update(program).digest('hex').slice(0, 16)}`;
  const path = join(DIRECTORY, `${name}.mjs`);
  if (existsSync(path)) return path;
  await mkdir(DIRECTORY, { recursive: true });
  await writeFile(`${path}.${process.pid}`, program);
  await rename(`${path}.${process.pid}`, path);
  return path;
}
