/** Commands for who belongs to the channel: at once where all administrators are here, as a file that travels elsewhere. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { common } from '@hyperledger/fabric-protos';
import { writeDurably } from '../enrolment/identity-files.js';
import { changeLines, signatureLines } from './change-text.js';
import { changeFingerprint, submitChange } from './channel-change.js';
import { MISUSED, type Command, type Terminal } from './command-line.js';
import { withLock } from './command-lock.js';
import type { FabricSettings } from './config.js';
import { askAtTerminal, assertConfirmed, type Ask } from './confirmation.js';
import { writeConnectionFile } from './connection-file.js';
import { deployChaincode, type ChaincodeSource } from './deploy.js';
import { wakeKeeper } from './keeper-control.js';
import { addOrganisation, askerOf, configHere, proposedLeave, proposedMember, removeOrganisation, setAside, signedHere, type TravellingChange } from './membership.js';
import type { Network } from './network.js';
import { folderOf, openNetwork } from './open-network.js';
import { stopProcess } from './processes.js';
import { peerName } from './topology.js';

type Environment = Readonly<Record<string, string | undefined>>;
type Open = (settings: FabricSettings, terminal: Terminal) => Promise<Network>;

/**
 * @param chaincode that the members agree on
 * @param env where the programs are searched, e.g. `process.env`
 * @param ask what the user answers to a question, `undefined` where nobody can be asked
 */
export function memberCommands(chaincode: ChaincodeSource, env: Environment, ask: Ask = askAtTerminal): Readonly<Record<string, Command>> {
  const opened: Open = async (settings, { tell, signal }) => openNetwork({ settings, env, tell, signal });
  const steps = stepsOf(opened, ask);
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
      await writeConnectionFile({ ...network, topology });
      // Its folder tells that something is left to do, so it goes last; the keeper, which follows it, can be woken by any command.
      const aside = await setAside(network.folder, mspId);
      await wakeKeeper(network);
      terminal.tell(`${mspId} is no member any more; what it has is in ${aside}`);
      return 0;
    }),
    change: async (settings, [name = '', ...parameters], terminal) => {
      const step = Object.hasOwn(steps, name) ? steps[name] : undefined;
      if (step === undefined || parameters.length < step.fewest || parameters.length > step.most) return misused(terminal, USAGE);
      return step.run(settings, parameters, terminal);
    },
  };
}

const USAGE = 'change propose CustomsMSP change.pb [host name] | leave CustomsMSP change.pb | show change.pb | sign change.pb [fingerprint] | submit change.pb';

interface Step {
  readonly run: Command;
  /** How many parameters it takes. */
  readonly fewest: number;
  readonly most: number;
}

const stepsOf = (opened: Open, ask: Ask): Readonly<Record<string, Step>> => ({
  propose: { fewest: 2, most: 3, run: proposing(opened, async (network, mspId, host) => proposedMember(network, mspId, host)) },
  leave: { fewest: 2, most: 2, run: proposing(opened, async (network, mspId) => proposedLeave(network, mspId)) },
  show: { fewest: 1, most: 1, run: async (settings, [file = ''], terminal) => {
    const isNetwork = existsSync(folderOf(settings).topology);
    show(await readFile(file), isNetwork ? await configHere(await opened(settings, terminal)) : undefined, terminal);
    return 0;
  } },
  sign: { fewest: 1, most: Infinity, run: async (settings, [file = '', ...fingerprint], terminal) => {
    const network = await opened(settings, terminal);
    const [change, config] = [await readFile(file), await configHere(network)];
    show(change, config, terminal);
    await assertConfirmed(changeFingerprint(change), fingerprint, async () => ask('Sign this change? Only "yes" signs it: ', terminal.signal));
    const signed = await signedHere(network, change);
    await writeDurably(file, signed);
    for (const line of signatureLines(signed, config)) terminal.print(line);
    return 0;
  } },
  submit: { fewest: 1, most: 1, run: async (settings, [file = ''], terminal) => {
    const network = await opened(settings, terminal);
    await submitChange(network, askerOf(network), await readFile(file));
    terminal.tell('the change is in force');
    return 0;
  } },
});

/** The one who proposes signs as everybody else does: with `sign`, after it was shown. */
function proposing(opened: Open, propose: (network: Network, mspId: string, host?: string) => Promise<TravellingChange>): Command {
  return async (settings, [mspId = '', file = '', host], terminal) => {
    const network = await opened(settings, terminal);
    const { change, topologyFile } = await propose(network, mspId, host);
    await writeDurably(file, change);
    show(change, await configHere(network), terminal);
    terminal.tell(`signed by nobody yet; network.json on every host becomes what ${topologyFile} is`);
    return 0;
  };
}

function show(change: Uint8Array, config: common.Config | undefined, { print }: Terminal): void {
  for (const line of changeLines(change, config)) print(line);
}

function misused({ print }: Terminal, usage: string): number {
  print(`expected: ${usage}`);
  return MISUSED;
}
