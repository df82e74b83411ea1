/** What the programs of this folder have in common at the terminal: a command by its name, lines with the time, refusals explained. */
import { Problem, PROBLEMS } from '#domain/errors.js';
import { loadFabricConfig, type FabricSettings } from './config.js';
import { lastLines } from './logs.js';

export interface Terminal {
  /** One line of output. */
  readonly print: (line: string) => void;
  /** One line about what is being done, with the seconds since the start. */
  readonly tell: (line: string) => void;
  /** Aborted when the user interrupts. */
  readonly signal: AbortSignal;
}

/** @returns the exit status */
export type Command = (settings: FabricSettings, parameters: readonly string[], terminal: Terminal) => Promise<number>;

const LINES_OF_A_FAILURE = 5;
const INTERRUPTED = 130;
/** Exit status of a command that was called wrongly. */
export const MISUSED = 2;

/**
 * Runs one command to its end, and settles the exit status of this process.
 *
 * @param parameters e.g. `['logs', 'peer-RegulatorMSP']`
 * @param env e.g. `process.env`
 */
export async function runCommand(commands: Readonly<Record<string, Command>>, [name = '', ...parameters]: readonly string[], env: Readonly<Record<string, string | undefined>>): Promise<void> {
  const terminal = openTerminal();
  try {
    const command = commands[name];
    if (command === undefined) process.stderr.write(`one of these is expected: ${Object.keys(commands).join(', ')}\n`);
    process.exitCode = await command?.(loadFabricConfig(env), parameters, terminal) ?? MISUSED;
  } catch (error) {
    const interrupted = terminal.signal.aborted;
    process.stderr.write(interrupted ? 'interrupted\n' : `${await explain(error)}\n`);
    process.exitCode = interrupted ? INTERRUPTED : 1;
  }
}

const print = (line: string): void => void process.stdout.write(`${line}\n`);

function openTerminal(): Terminal {
  const begin = performance.now();
  const interruption = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => { interruption.abort(); });
  return { print, tell: (line) => { print(`${((performance.now() - begin) / 1000).toFixed(2).padStart(6)} s  ${line}`); }, signal: interruption.signal };
}

/** The refusal in both languages with its facts, and the end of the log that it names. */
async function explain(error: unknown): Promise<string> {
  if (!(error instanceof Problem)) return error instanceof Error ? error.stack ?? error.message : String(error);
  const { vi, en } = PROBLEMS[error.code];
  const facts = Object.entries(error.fields).map(([field, value]) => `  ${field}: ${value}`);
  const log = error.fields['log'] === undefined ? [] : await lastLines(error.fields['log'], LINES_OF_A_FAILURE);
  return [error.code, vi, en, ...facts, ...log.map((line) => `  | ${line}`)].join('\n');
}
