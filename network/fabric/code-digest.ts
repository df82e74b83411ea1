/** What a chaincode server runs, in one number: a digest over every file that its entry reaches, and the packages it uses. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';

/** Import and export statements as the compiler writes them, and imports at run time of a literal name. */
const IMPORTS = /(?:^|[\n;])\s*(?:import\s*|(?:import|export)\b[^'"`;()=]*?\bfrom\s*)['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/g;

export interface CodeFiles {
  /** Paths from the entry's folder on, sorted, with the SHA-256 of their content. */
  readonly files: Readonly<Record<string, string>>;
  /** e.g. `{ 'fabric-shim': '2.5.8' }` */
  readonly packages: Readonly<Record<string, string>>;
}

/**
 * @param entry path of the compiled program, e.g. `dist/network/fabric/chaincode-server.js`
 * @returns 64 hexadecimal digits; the same for the same code wherever it lies
 */
export async function codeDigest(entry: string): Promise<string> {
  return createHash('sha256').update(JSON.stringify(await codeFiles(entry))).digest('hex');
}

/** What the digest is over. */
export async function codeFiles(entry: string): Promise<CodeFiles> {
  const files = new Map<string, string>();
  const packages = new Map<string, string>();
  const waiting = [entry];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    const name = relative(dirname(entry), path);
    if (files.has(name)) continue;
    const content = await readFile(path, 'utf8');
    files.set(name, createHash('sha256').update(content).digest('hex'));
    for (const imported of importsOf(content)) {
      if (isOwn(imported)) waiting.push(createRequire(path).resolve(imported));
      else if (!imported.startsWith('node:')) packages.set(packageName(imported), await packageVersion(path, packageName(imported)));
    }
  }
  return { files: sorted(files), packages: sorted(packages) };
}

/** @returns what a compiled module imports, e.g. `['./a.js', '#domain/b.js', 'fabric-shim']` */
export function importsOf(source: string): string[] {
  return [...source.matchAll(IMPORTS)].map(([, still, atRunTime]) => still ?? atRunTime ?? '');
}

const isOwn = (name: string): boolean => name.startsWith('.') || name.startsWith('#');

/** `@scope/name/deep/path` is a file of the package `@scope/name`. */
function packageName(imported: string): string {
  return imported.split('/').slice(0, imported.startsWith('@') ? 2 : 1).join('/');
}

async function packageVersion(from: string, name: string): Promise<string> {
  for (const folder of createRequire(from).resolve.paths(name) ?? []) {
    const manifest = await readFile(join(folder, name, 'package.json'), 'utf8').catch(() => undefined);
    if (manifest !== undefined) return (JSON.parse(manifest) as { version: string }).version;
  }
  throw new Error(`the package ${name} is not installed`);
}

function sorted(map: ReadonlyMap<string, string>): Record<string, string> {
  return Object.fromEntries([...map].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
