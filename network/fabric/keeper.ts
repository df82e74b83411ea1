/** Keeps the chaincode servers of one network on this machine running. Started with the network's folder. */
import { Keeper } from './keep-servers.js';
import { NetworkFolder } from './network-folder.js';

const keeper = new Keeper(new NetworkFolder(process.argv[2] ?? ''));
process.on('SIGHUP', () => { keeper.lookAgain(); });
process.on('SIGTERM', () => void keeper.stop().then(() => process.exit(0)));
keeper.start();
