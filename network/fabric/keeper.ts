/** Keeps the chaincode servers of one network on this machine running, and its orderers from standing still. Started with the network's folder. */
import { OrdererKeeper } from './keep-orderers.js';
import { Keeper } from './keep-servers.js';
import { tellLog } from './keeper-log.js';
import { NetworkFolder } from './network-folder.js';

const folder = new NetworkFolder(process.argv[2] ?? '');
const [servers, orderers] = [new Keeper(folder), new OrdererKeeper(folder)];
process.on('SIGHUP', () => {
  try {
    servers.lookAgain();
  } catch (error) {
    // Whoever sent the signal waits for the servers, and is told; those that run must go on.
    tellLog(`${new Date().toISOString()} the orders cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
});
process.on('SIGTERM', () => void Promise.all([servers.stop(), orderers.stop()]).then(() => process.exit(0)));
orderers.start();
servers.start();
