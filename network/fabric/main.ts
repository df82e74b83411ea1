/** `node main.js up | status | logs [name …] | renew [--all] | add-organisation | remove-organisation | change | down | reset`: a Fabric network on this machine. */
import { fileURLToPath } from 'node:url';
import { CHAINCODE } from '#domain/transactions.js';
import { runCommand, type Command } from './command-line.js';
import type { ChaincodeSource } from './deploy.js';
import { reset, stopNetwork } from './down.js';
import { logEnds } from './logs.js';
import { memberCommands } from './member-commands.js';
import { folderOf } from './open-network.js';
import { renewCertificates } from './renew.js';
import { networkStatus, statusLines } from './status.js';
import { bringUp } from './up.js';

const LOG_LINES = 20;

const chaincode: ChaincodeSource = { name: CHAINCODE, entry: fileURLToPath(new URL('chaincode-server.js', import.meta.url)) };

const COMMANDS: Readonly<Record<string, Command>> = {
  up: async (settings, _, { tell, signal }) => {
    const { folder } = await bringUp({ settings, env: process.env, chaincode, tell, signal });
    tell(`the network is up; clients connect by ${folder.connection}`);
    return 0;
  },
  status: async (settings, _, { print }) => {
    const status = await networkStatus(folderOf(settings));
    for (const line of statusLines(status)) print(line);
    return status.whole ? 0 : 1;
  },
  logs: async (settings, names, { print }) => {
    for (const { file, lines } of await logEnds(folderOf(settings), names, LOG_LINES)) print([`== ${file}`, ...lines].join('\n'));
    return 0;
  },
  renew: async (settings, parameters, { tell, signal }) => {
    const { issued, using, outOfReach } = await renewCertificates({ settings, env: process.env, tell, signal, all: parameters.includes('--all'), nowMs: Date.now() });
    if (outOfReach.length > 0) tell(`these run on their old certificates until whatever keeps them starts them anew: ${outOfReach.join(', ')}`);
    else tell(issued + using.length === 0 ? `no certificate ends within ${settings.renewWithinDays} days` : 'the certificates are renewed');
    return outOfReach.length === 0 ? 0 : 1;
  },
  ...memberCommands(chaincode, process.env),
  down: async (settings, _, { tell }) => {
    const stopped = await stopNetwork(folderOf(settings));
    tell(stopped.length === 0 ? 'nothing was running' : `stopped ${stopped.join(', ')}; the data stays in ${folderOf(settings).root}`);
    return 0;
  },
  reset: async (settings, _, { tell }) => {
    const stopped = await reset(folderOf(settings));
    tell(`${stopped.length === 0 ? 'nothing was running' : `stopped ${stopped.join(', ')}`}; removed ${folderOf(settings).root}`);
    return 0;
  },
};

await runCommand(COMMANDS, process.argv.slice(2), process.env);
