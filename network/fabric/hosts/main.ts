/** `node main.js plan | make | certify | take | block | check | join | units | compose | watch`: one machine of a network on several. */
import { fileURLToPath } from 'node:url';
import { CHAINCODE } from '#domain/transactions.js';
import { runCommand } from '../command-line.js';
import { hostCommands } from './host-commands.js';

const commands = hostCommands({ env: process.env, chaincode: { name: CHAINCODE, entry: fileURLToPath(new URL('../chaincode-server.js', import.meta.url)) }, nowMs: Date.now() });
await runCommand(commands, process.argv.slice(2), process.env);
