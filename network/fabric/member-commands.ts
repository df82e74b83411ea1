/** Commands for who belongs to the channel: at once where all administrators are here, as a file that travels elsewhere. */
import { readFile, writeFile } from 'node:fs/promises';
import { changeLines } from './change-text.js';
import { submitChange } from './channel-change.js';
import { MISUSED, type Command, type Terminal } from './command-line.js';
import { withLock } from './command-lock.js';
import type { FabricSettings } from './config.js';
import { writeConnectionFile } from './connection-file.js';
import { deployChaincode, type ChaincodeSource } from './deploy.js';
import { wakeKeeper } from './keeper-control.js';
import { addOrganisation, askerOf, proposedMember, removeOrganisation, setAside, signedHere } from './membership.js';
import type { Network } from './network.js';
import { folderOf, openNetwork } from './open-network.js';
import { stopProcess } from './processes.js';
import { peerName } from './topology.js';

type Environment = Readonly<Record<string, string | undefined>>;
type Open = (settings: FabricSettings, terminal: Terminal) => Promise<Network>;

/**
 * @param chaincode that the members agree on
 * @param env where the programs are searched, e.g. `process.env`
 */
export function memberCommands(chaincode: ChaincodeSource, env: Environment): Readonly<Record<string, Command>> {
  const opened: Open = async (settings, { tell, signal }) => openNetwork({ settings, env, tell, signal });
  const steps = stepsOf(opened);
  return {
    'add-organisation': async (settings, [mspId], terminal) => mspId === undefined ? misused(terminal, 'add-organisation CustomsMSP') : withLock(folderOf(settings).root, async () => {
      await addOrganisation(await opened(settings, terminal), mspId);
      terminal.tell(`${mspId} is a member of the channel; start its peer with fabric:up`);
      return 0;
    }),
    'remove-organisation': async (settings, [mspId], terminal) => mspId === undefined ? misused(terminal, 'remove-organisation CustomsMSP') : withLock(folderOf(settings).root, async () => {
      const network = await opened(settings, terminal);
      const topology = await removeOrganisation(network, mspId, async (narrower) => deployChaincode(narrower, chaincode));
      await stopProcess(network.folder, peerName(mspId));
      const aside = await setAside(network.folder, mspId);
      await wakeKeeper(network);
      await writeConnectionFile({ ...network, topology });
      terminal.tell(`${mspId} is no member any more; what it has is in ${aside}`);
      return 0;
    }),
    change: async (settings, [step = '', ...parameters], terminal) => {
      const run = steps[step];
      const wanted = step === 'propose' ? 2 : 1;
      if (run === undefined || parameters.length !== wanted) return misused(terminal, 'change propose CustomsMSP change.pb | show change.pb | sign change.pb | submit change.pb');
      return run(settings, parameters, terminal);
    },
  };
}

const stepsOf = (opened: Open): Readonly<Record<string, Command>> => ({
  propose: async (settings, [mspId = '', file = ''], terminal) => {
    const network = await opened(settings, terminal);
    const { change, topologyFile } = await proposedMember(network, mspId);
    await writeFile(file, change);
    show(change, terminal);
    terminal.tell(`once it is in force, put ${topologyFile} on every host as network.json`);
    return 0;
  },
  show: async (_, [file = ''], terminal) => {
    show(await readFile(file), terminal);
    return 0;
  },
  sign: async (settings, [file = ''], terminal) => {
    const network = await opened(settings, terminal);
    const signed = await signedHere(network, await readFile(file));
    await writeFile(file, signed);
    show(signed, terminal);
    return 0;
  },
  submit: async (settings, [file = ''], terminal) => {
    const network = await opened(settings, terminal);
    await submitChange(network, askerOf(network), await readFile(file));
    terminal.tell('the change is in force');
    return 0;
  },
});

function show(change: Uint8Array, { print }: Terminal): void {
  for (const line of changeLines(change)) print(line);
}

function misused({ print }: Terminal, usage: string): number {
  print(`expected: ${usage}`);
  return MISUSED;
}
