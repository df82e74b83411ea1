/** Programs of their own for tests that kill them: bundled from the sources as they are now, run by Node alone. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';

export interface Program {
  readonly file: string;
  remove(): Promise<void>;
}

/** Below `dist`, so that the packages are found from there. */
export async function bundleProgram(entry: string): Promise<Program> {
  await mkdir('dist', { recursive: true });
  const folder = await mkdtemp(join(process.cwd(), 'dist', 'child-'));
  const outfile = join(folder, 'program.mjs');
  await build({ entryPoints: [entry], outfile, bundle: true, platform: 'node', format: 'esm', packages: 'external', conditions: ['source'], logLevel: 'error' });
  return { file: outfile, remove: () => rm(folder, { recursive: true }) };
}

export interface RunningProgram {
  readonly process: ChildProcess;
  /** Each line it prints, as JSON. */
  readonly lines: AsyncIterable<unknown>;
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

export function startProgram({ file }: Program, settings: unknown): RunningProgram {
  const child = spawn(process.execPath, [file, JSON.stringify(settings)], { stdio: ['ignore', 'pipe', 'ignore'] });
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => { child.on('exit', (code, signal) => resolve({ code, signal })); });
  return { process: child, lines: jsonLines(child), ended };
}

async function* jsonLines(child: ChildProcess): AsyncGenerator {
  if (child.stdout === null) return;
  for await (const line of createInterface({ input: child.stdout })) yield parsed(line);
}

/** A killed program may leave half a line. */
function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
