/** Finds Fabric's programs and asks each for its version. They come from Fabric's own releases; nothing here fetches or makes them. */
import { access, constants } from 'node:fs/promises';
import { delimiter, resolve } from 'node:path';
import { Problem } from '#domain/errors.js';
import { runProgram } from './run-program.js';

const NAMES = ['peer', 'orderer', 'configtxgen'] as const;
type Name = (typeof NAMES)[number];

/** SmartBFT and its block signatures need the first; the second may change what is relied on here. */
const NEEDED = { major: 3, minor: 1, text: '3.1' };

/** What a program of an unnamed version must be able to do, asked for by its own help. */
const ABILITIES: Readonly<Record<Name, { readonly help: readonly string[]; readonly words: readonly string[] }>> = {
  peer: { help: ['lifecycle', 'chaincode', '--help'], words: ['approveformyorg', 'calculatepackageid', 'commit', 'queryinstalled'] },
  orderer: { help: ['--help'], words: ['start'] },
  configtxgen: { help: ['--help'], words: ['outputBlock', 'channelID'] },
};

export interface Programs extends Readonly<Record<Name, string>> {
  /** What every program is run with: the PATH, for the peer runs scripts. */
  readonly environment: Readonly<Record<string, string>>;
  /** Said to the user: a program whose version is not known, but which can do what is needed. */
  readonly warnings: readonly string[];
}

/**
 * @param folder where they must be, from FABRIC_BIN; `undefined`: the PATH is searched
 * @param env e.g. `process.env`: `PATH`, and `TMPDIR` if there is one
 * @throws Problem FABRIC_PROGRAM_MISSING with the programs and where they were looked for, FABRIC_PROGRAM_UNFIT with
 *   the version found
 */
export async function findPrograms(folder: string | undefined, env: Readonly<Record<string, string | undefined>>): Promise<Programs> {
  const folders = folder === undefined ? (env['PATH'] ?? '').split(delimiter).filter((one) => one !== '') : [folder];
  const found = await Promise.all(NAMES.map((name) => firstExecutable(folders, name)));
  const missing = NAMES.filter((_, index) => found[index] === undefined);
  if (missing.length > 0) throw new Problem('FABRIC_PROGRAM_MISSING', { programs: missing.join(', '), searched: folder ?? 'PATH', release: NEEDED.text });
  const [peer = '', orderer = '', configtxgen = ''] = found;
  const environment = Object.fromEntries(['PATH', 'TMPDIR'].flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])));
  const warnings = await Promise.all([['peer', peer], ['orderer', orderer], ['configtxgen', configtxgen]].map(([name, path]) => checkVersion(name as Name, path ?? '', environment)));
  return { peer, orderer, configtxgen, environment, warnings: warnings.flat() };
}

async function firstExecutable(folders: readonly string[], name: Name): Promise<string | undefined> {
  for (const folder of folders) {
    // The nodes are started in another folder than the one that a relative entry of the PATH is meant in.
    const path = resolve(folder, name);
    const executable = await access(path, constants.X_OK).then(() => true, () => false);
    if (executable) return path;
  }
  return undefined;
}

async function checkVersion(name: Name, path: string, environment: Readonly<Record<string, string>>): Promise<string[]> {
  const said = await runProgram(path, [name === 'configtxgen' ? '--version' : 'version'], environment).catch((error: unknown) => {
    throw new Problem('FABRIC_PROGRAM_UNFIT', { program: path, found: error instanceof Error ? error.message.slice(0, 200) : String(error), release: NEEDED.text });
  });
  const version = /Version:\s*v?(\S+)/.exec(said)?.[1] ?? 'none';
  const numbers = /^(\d+)\.(\d+)\./.exec(version);
  if (numbers === null) return checkAbilities(name, path, version, environment);
  const [major, minor] = [Number(numbers[1]), Number(numbers[2])];
  if (major !== NEEDED.major || minor < NEEDED.minor) throw new Problem('FABRIC_PROGRAM_UNFIT', { program: path, found: version, release: NEEDED.text });
  return [];
}

/** Programs that the release process did not make call their version "latest": what they can do decides. */
async function checkAbilities(name: Name, path: string, version: string, environment: Readonly<Record<string, string>>): Promise<string[]> {
  const { help, words } = ABILITIES[name];
  const said = await runProgram(path, help, environment, { withErrors: true }).catch(() => '');
  const lacks = words.filter((word) => !said.includes(word));
  if (lacks.length > 0) throw new Problem('FABRIC_PROGRAM_UNFIT', { program: path, found: `${version}, without ${lacks.join(', ')}`, release: NEEDED.text });
  return [`${path} calls its version "${version}"; a release of ${NEEDED.text} was expected`];
}
