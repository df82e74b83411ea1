/** Settings from the environment: typed, all mistakes told at once. The only reader of the environment is `main.ts`. */
import { parseOrganisationId, type OrganisationId } from '#domain/registry/organisation.js';
import { anyText, networks, readSettings, setting, wholeFrom, type SettingTable } from '#domain/settings.js';

const HOST = /^[A-Za-z0-9](?:[A-Za-z0-9.-]{0,98}[A-Za-z0-9])?(?::\d{1,5})?$/;
const LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'silent'] as const;

export type LogLevel = (typeof LEVELS)[number];

function linkHost(value: string): string {
  if (!HOST.test(value)) throw new RangeError('host, or host:port');
  return value.toLowerCase();
}

function level(value: string): LogLevel {
  const found = LEVELS.find((one) => one === value);
  if (found === undefined) throw new RangeError(LEVELS.join(' | '));
  return found;
}

/** Nothing for none. */
function file(value: string): string | undefined {
  return value === '' ? undefined : value;
}

function mspId(value: string): string {
  if (!/^[A-Za-z0-9][A-Za-z0-9.-]{0,63}$/.test(value)) throw new RangeError('MSP id, e.g. RegulatorMSP');
  return value;
}

function organisation(value: string): OrganisationId {
  try {
    return parseOrganisationId(value);
  } catch (error) {
    throw new RangeError('organisation id: 2 to 32 of a-z, 0-9, inner hyphens', { cause: error });
  }
}

/** Every setting, in the order of the README's table. */
export const SETTINGS = {
  GATEWAY_HOST: setting('127.0.0.1', 'address to listen on', anyText),
  GATEWAY_PORT: setting('8081', 'port to listen on; 0 for any free one', wholeFrom(0, 65_535)),
  GATEWAY_DATA: setting('data', 'folder of ledger, read model, keys and pictures', anyText),
  GATEWAY_FABRIC: setting('', 'connection.json of a Fabric network; empty: the ledger is in this process', file),
  GATEWAY_FABRIC_ORGANISATION: setting('RegulatorMSP', 'member of that network whose peers are asked first, and in whose name the gateway reads', mspId),
  GATEWAY_LINK_HOST: setting('localhost:8080', 'host in printed codes: where the verifier is reached', linkHost),
  GATEWAY_REGISTRAR: setting('so-dang-ky', 'id of the organisation that runs the register', organisation),
  GATEWAY_COMMIT_WITHIN_MS: setting('5000', 'milliseconds after which a write is answered 202', wholeFrom(1, 60_000)),
  GATEWAY_REQUESTS_PER_MINUTE: setting('6000', 'requests of one organisation a minute', wholeFrom(1, 10_000_000)),
  GATEWAY_PUBLIC_REQUESTS_PER_MINUTE: setting('600', 'requests without a key of one address a minute', wholeFrom(1, 10_000_000)),
  GATEWAY_MOST_IN_FLIGHT: setting('512', 'requests worked on at once; beyond it 503', wholeFrom(1, 100_000)),
  GATEWAY_MOST_CONNECTIONS: setting('2000', 'open connections; beyond it they are closed', wholeFrom(1, 100_000)),
  GATEWAY_TRUSTED_PROXIES: setting('', 'proxies whose X-Forwarded-For is believed', networks),
  GATEWAY_REPORTS_PER_DAY: setting('200', 'citizens\' reports of one source a day', wholeFrom(1, 1_000_000)),
  GATEWAY_OPEN_REPORTS_PER_ITEM: setting('200', 'citizens\' reports about one code that nobody has handled yet; beyond it no more are taken', wholeFrom(1, 10_000)),
  GATEWAY_MOST_REPORTS: setting('500000', 'citizens\' reports kept; beyond it no more are taken', wholeFrom(1, 100_000_000)),
  GATEWAY_LOG_LEVEL: setting('info', 'fatal, error, warn, info, debug or silent', level),
} as const satisfies SettingTable;

export interface Settings {
  readonly host: string;
  readonly port: number;
  readonly dataFolder: string;
  /** path of a network's `connection.json`; absent: the embedded ledger */
  readonly fabricConnection: string | undefined;
  readonly fabricOrganisation: string;
  readonly linkHost: string;
  readonly registrar: OrganisationId;
  readonly commitWithinMs: number;
  readonly requestsPerMinute: number;
  readonly publicRequestsPerMinute: number;
  readonly mostInFlight: number;
  readonly mostConnections: number;
  readonly trustedProxies: readonly string[];
  readonly reportsPerDay: number;
  readonly openReportsPerItem: number;
  readonly mostReports: number;
  readonly logLevel: LogLevel;
}

/**
 * @param env e.g. `{ GATEWAY_PORT: '8081' }`; what is absent takes its usual value
 * @throws Problem SETTING_WRONG with one field for each setting that is wrong, e.g. `GATEWAY_PORT`: what was expected
 */
export function loadConfig(env: Readonly<Record<string, string | undefined>>): Settings {
  const values = readSettings(SETTINGS, env, 'GATEWAY_');
  return {
    host: values.GATEWAY_HOST, port: values.GATEWAY_PORT, dataFolder: values.GATEWAY_DATA,
    fabricConnection: values.GATEWAY_FABRIC, fabricOrganisation: values.GATEWAY_FABRIC_ORGANISATION,
    linkHost: values.GATEWAY_LINK_HOST, registrar: values.GATEWAY_REGISTRAR,
    commitWithinMs: values.GATEWAY_COMMIT_WITHIN_MS,
    requestsPerMinute: values.GATEWAY_REQUESTS_PER_MINUTE,
    publicRequestsPerMinute: values.GATEWAY_PUBLIC_REQUESTS_PER_MINUTE,
    mostInFlight: values.GATEWAY_MOST_IN_FLIGHT, mostConnections: values.GATEWAY_MOST_CONNECTIONS,
    trustedProxies: values.GATEWAY_TRUSTED_PROXIES, logLevel: values.GATEWAY_LOG_LEVEL,
    reportsPerDay: values.GATEWAY_REPORTS_PER_DAY, openReportsPerItem: values.GATEWAY_OPEN_REPORTS_PER_ITEM, mostReports: values.GATEWAY_MOST_REPORTS,
  };
}
