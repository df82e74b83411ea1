/** Runs one of Fabric's programs to its end. */
import { execFile } from 'node:child_process';
import { basename } from 'node:path';
import { Problem } from '#domain/errors.js';

const LONGEST_RUN_MS = 120_000;
const MOST_OUTPUT = 64 * 1024 * 1024;

/**
 * @param program path of the program
 * @param environment all of it, e.g. `{ PATH: '/usr/bin', FABRIC_CFG_PATH: … }`
 * @param options `withErrors`: what it wrote to its standard error comes too, where some programs print their help;
 *   `signal`: ends it
 * @returns what it wrote to its standard output
 * @throws Problem FABRIC_COMMAND_FAILED with the command's name and the end of what it said
 */
export async function runProgram(
  program: string, parameters: readonly string[], environment: Readonly<Record<string, string>>, options: { readonly withErrors?: boolean; readonly signal?: AbortSignal } = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const { signal } = options;
    execFile(program, [...parameters], { env: { ...environment }, timeout: LONGEST_RUN_MS, maxBuffer: MOST_OUTPUT, ...(signal === undefined ? {} : { signal }) }, (error, stdout, stderr) => {
      if (error === null) resolve(options.withErrors === true ? stdout + stderr : stdout);
      else reject(new Problem('FABRIC_COMMAND_FAILED', { command: [basename(program), ...parameters.slice(0, 3)].join(' '), said: lastError(stderr + stdout) || error.message }));
    });
  });
}

/** The line that says what went wrong; behind it Go's programs print how they are used. */
function lastError(output: string): string {
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  const error = lines.findLast((line) => /error/i.test(line));
  return (error === undefined ? lines.slice(-3) : [error]).join(' ').slice(0, 1_000);
}
