/** Brings a network up: made if it is not there, started as far as it does not run, its chaincode on the newest code. */
import { withLock } from './command-lock.js';
import { writeConnectionFile } from './connection-file.js';
import { deployChaincode, type ChaincodeSource } from './deploy.js';
import { stopProcesses } from './down.js';
import { startHost } from './hosts/host-start.js';
import { assertServerPortsFree, wakeKeeper } from './keeper-control.js';
import { assertSameSettings, makeNetwork } from './make-network.js';
import type { Network } from './network.js';
import { isSpread } from './nodes-here.js';
import { folderOf, openNetwork, type Surroundings } from './open-network.js';
import { leaderReady, peersCaughtUp, peersKnown } from './readiness.js';
import { endingLines } from './renewal.js';
import { startNodes } from './start-nodes.js';
import { readTopology } from './topology-file.js';

export interface UpOptions extends Surroundings {
  readonly chaincode: ChaincodeSource;
}

/**
 * A second time on a running network it changes nothing; if it fails or is interrupted, it stops what it started.
 *
 * @throws Problem FABRIC_PROGRAM_MISSING, FABRIC_PROGRAM_UNFIT, FABRIC_SETTINGS_DIFFER, FABRIC_FOLDER_FOREIGN, FABRIC_BUSY,
 *   FABRIC_PORT_TAKEN, FABRIC_PROCESS_ENDED, FABRIC_NOT_READY, FABRIC_COMMAND_FAILED, FABRIC_CODE_DIFFERENT
 */
export async function bringUp(options: UpOptions): Promise<Network> {
  return withLock(folderOf(options.settings).root, async () => {
    const network = await openOrMake(options);
    if (isSpread(network)) {
      await startHost(network, options.chaincode);
      await tellOfEnding(network, options);
      return network;
    }
    try {
      await start(network, options);
      return network;
    } catch (error) {
      if (network.started.length > 0) network.tell(`stopping ${network.started.join(', ')}`);
      await stopProcesses(network.folder, network.started);
      throw error;
    }
  });
}

/** The network of the folder, or a new one. */
async function openOrMake(options: UpOptions): Promise<Network> {
  const { settings, tell } = options;
  const made = await readTopology(folderOf(settings));
  if (made !== undefined) assertSameSettings(made, settings);
  return openNetwork(options, async ({ folder, programs }) => {
    const topology = await makeNetwork(folder, settings, programs);
    tell(`made certificates and block 0 in ${folder.root}`);
    return topology;
  });
}

async function start(network: Network, options: UpOptions): Promise<void> {
  const { chaincode } = options;
  await assertServerPortsFree(network);
  // Its servers take longer to start than peers and orderers: side by side with those.
  await wakeKeeper(network);
  await startNodes(network);
  await leaderReady(network);
  await peersCaughtUp(network);
  network.tell(network.started.length === 0 ? 'peers and orderers run' : `started ${network.started.join(', ')}`);
  const deployment = await deployChaincode(network, chaincode);
  await peersKnown(network);
  network.tell(`chaincode ${chaincode.name} ${deployment}`);
  await writeConnectionFile(network);
  await tellOfEnding(network, options);
}

async function tellOfEnding(network: Network, { settings: { renewWithinDays } }: UpOptions): Promise<void> {
  for (const line of await endingLines(network, renewWithinDays, Date.now())) network.tell(line);
}
