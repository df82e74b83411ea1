/** Settings of the Fabric network, from the environment. The only reader of the environment is `main.ts`. */
import { anyText, readSettings, setting, wholeFrom, type SettingTable } from '#domain/settings.js';
import { CONSENSUS_KINDS, type Consensus } from './topology.js';

function consensus(value: string): Consensus {
  const found = CONSENSUS_KINDS.find((one) => one === value);
  if (found === undefined) throw new RangeError(CONSENSUS_KINDS.join(' | '));
  return found;
}

/** Highest first port such that all of a network's ports exist. */
const LAST_PORT_BASE = 65_000;

/** Every setting, in the order of the README's table. */
export const SETTINGS = {
  FABRIC_BIN: setting('', 'folder of the programs peer, orderer and configtxgen; empty: the PATH is searched', (value) => value),
  FABRIC_NETWORK: setting('data/fabric', 'folder of the network: certificates, ledgers, logs', anyText),
  FABRIC_PORT_BASE: setting('17000', 'first of the 500 ports of the network; settled when it is made', wholeFrom(1_024, LAST_PORT_BASE)),
  FABRIC_CONSENSUS: setting('bft', 'ordering service: bft (four nodes), raft (three) or raft-single; settled when it is made', consensus),
  FABRIC_READY_WITHIN_MS: setting('60000', 'milliseconds each step of a start may take until it counts as failed', wholeFrom(1_000, 3_600_000)),
  FABRIC_RENEW_WITHIN_DAYS: setting('30', 'a renewal replaces certificates that end within so many days', wholeFrom(1, 3_650)),
  FABRIC_LOGGING_SPEC: setting('warn', 'what peers and orderers log, in Fabric\'s own form', anyText),
} as const satisfies SettingTable;

/** Fabric's programs know this one; it is set for each of them here. */
const FOREIGN = new Set(['FABRIC_CFG_PATH']);

export interface FabricSettings {
  /** Folder of the programs; `undefined` for the PATH. */
  readonly programs: string | undefined;
  readonly folder: string;
  readonly portBase: number;
  readonly consensus: Consensus;
  readonly readyWithinMs: number;
  readonly renewWithinDays: number;
  readonly logging: string;
  /** Which of the settings that are settled when the network is made were stated, and not merely left at their usual values. */
  readonly stated: readonly ('FABRIC_PORT_BASE' | 'FABRIC_CONSENSUS')[];
}

/**
 * @param env e.g. `{ FABRIC_BIN: '/srv/fabric/bin' }`; what is absent takes its usual value
 * @throws Problem SETTING_WRONG with one field for each setting that is wrong, e.g. `FABRIC_PORT_BASE`: what was expected
 */
export function loadFabricConfig(env: Readonly<Record<string, string | undefined>>): FabricSettings {
  const known = Object.fromEntries(Object.entries(env).filter(([name]) => !FOREIGN.has(name)));
  const values = readSettings(SETTINGS, known, 'FABRIC_');
  return {
    programs: values.FABRIC_BIN === '' ? undefined : values.FABRIC_BIN,
    folder: values.FABRIC_NETWORK, portBase: values.FABRIC_PORT_BASE, consensus: values.FABRIC_CONSENSUS,
    readyWithinMs: values.FABRIC_READY_WITHIN_MS, renewWithinDays: values.FABRIC_RENEW_WITHIN_DAYS, logging: values.FABRIC_LOGGING_SPEC,
    stated: (['FABRIC_PORT_BASE', 'FABRIC_CONSENSUS'] as const).filter((name) => env[name] !== undefined),
  };
}
