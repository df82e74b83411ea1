/** The issuer's settings: typed, all mistakes told at once. The environment is read by `main.ts` alone. */
import { join } from 'node:path';
import { statusListUrl } from '#domain/credential/status-entry.js';
import { Problem } from '#domain/errors.js';
import { anyText, networks, readSettings, setting, wholeFrom, type SettingTable } from '#domain/settings.js';

const USUAL_PORT = 8082;
const LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'silent'] as const;
export type IssuerLogLevel = (typeof LEVELS)[number];

function level(value: string): IssuerLogLevel {
  const found = LEVELS.find((one) => one === value);
  if (found === undefined) throw new RangeError(LEVELS.join(' | '));
  return found;
}

/** Scheme and host alone; it stands in credentials for ever, so only what a verifier takes is allowed. */
function issuerOrigin(value: string): string {
  try {
    statusListUrl(`${value}/status/x`);
    return value;
  } catch (error) {
    if (error instanceof Problem) throw new RangeError('https:// and a host name, or http://localhost with a port', { cause: error });
    throw error;
  }
}

function webOrigin(value: string): string {
  if (!/^https?:\/\/[a-z0-9.-]+(?::\d{1,5})?$/.test(value)) throw new RangeError('scheme and host, e.g. https://id.example.org');
  return value;
}

/** A port that the system chooses is not known yet, and cannot stand in a credential. */
function localOrigin(port: number): string {
  return `http://localhost:${port === 0 ? USUAL_PORT : port}`;
}

/** Every setting, in the order of the README's table. */
export const ISSUER_SETTINGS = {
  ISSUER_HOST: setting('127.0.0.1', 'address to listen on', anyText),
  ISSUER_PORT: setting(String(USUAL_PORT), 'port to listen on; 0 for any free one', wholeFrom(0, 65_535)),
  ISSUER_ORIGIN: setting('', 'where the issuer is reached: it stands in every credential and in the DIDs; `http://localhost` and the port where absent', (value) => (value === '' ? value : issuerOrigin(value))),
  ISSUER_VERIFIER_ORIGIN: setting('http://localhost:8080', 'where the verifier is reached: it stands in printed codes', webOrigin),
  ISSUER_DATA: setting('data/issuer', 'folder of keys and credentials', anyText),
  ISSUER_KEY_FILE: setting('', 'file with the key-encryption key, mode 0600; `key-encryption-key` in the data folder where absent', (value) => value),
  ISSUER_GATEWAY: setting('http://127.0.0.1:8081', 'where the gateway is reached, when the issuer runs alone', webOrigin),
  ISSUER_GATEWAY_PATIENCE_MS: setting('10000', 'milliseconds to wait for an answer of the gateway', wholeFrom(100, 120_000)),
  ISSUER_LIST_CAPACITY: setting('100000', 'credentials that share a status list before the next is begun', wholeFrom(1, 114_688)),
  ISSUER_LIST_REFRESH_MINUTES: setting('360', 'minutes after which a status list is signed anew although nothing changed', wholeFrom(1, 10_080)),
  ISSUER_REVEALS_PER_HOUR: setting('10', 'wrong guesses at the two numbers of one paper an hour', wholeFrom(1, 1_000)),
  ISSUER_REQUESTS_PER_MINUTE: setting('600', 'requests of one address a minute', wholeFrom(1, 10_000_000)),
  ISSUER_TRUSTED_PROXIES: setting('', 'proxies whose X-Forwarded-For is believed', networks),
  ISSUER_LOG_LEVEL: setting('info', 'fatal, error, warn, info, debug or silent', level),
} as const satisfies SettingTable;

export interface IssuerSettings {
  readonly host: string;
  readonly port: number;
  readonly origin: string;
  readonly verifierOrigin: string;
  readonly dataFolder: string;
  readonly keyFile: string;
  readonly gateway: string;
  readonly gatewayPatienceMs: number;
  readonly listCapacity: number;
  readonly listRefreshMs: number;
  readonly revealsPerHour: number;
  readonly requestsPerMinute: number;
  readonly trustedProxies: readonly string[];
  readonly logLevel: IssuerLogLevel;
}

/** Veramo writes what it is given to its debug log, claims and all. */
function refuseDebugLog(debug: string | undefined): void {
  if (debug !== undefined && /veramo|\*/.test(debug)) throw new Problem('SETTING_WRONG', { DEBUG: 'nothing that switches on veramo:…' });
}

/**
 * @param env e.g. `{ ISSUER_PORT: '8082' }`; what is absent takes its usual value
 * @throws Problem SETTING_WRONG with one field for each setting that is wrong
 */
export function loadIssuerConfig(env: Readonly<Record<string, string | undefined>>): IssuerSettings {
  refuseDebugLog(env['DEBUG']);
  const values = readSettings(ISSUER_SETTINGS, env, 'ISSUER_');
  const folder = values.ISSUER_DATA;
  return {
    host: values.ISSUER_HOST, port: values.ISSUER_PORT, origin: values.ISSUER_ORIGIN === '' ? localOrigin(values.ISSUER_PORT) : values.ISSUER_ORIGIN, verifierOrigin: values.ISSUER_VERIFIER_ORIGIN,
    dataFolder: folder, keyFile: values.ISSUER_KEY_FILE === '' ? join(folder, 'key-encryption-key') : values.ISSUER_KEY_FILE,
    gateway: values.ISSUER_GATEWAY, gatewayPatienceMs: values.ISSUER_GATEWAY_PATIENCE_MS,
    listCapacity: values.ISSUER_LIST_CAPACITY, listRefreshMs: values.ISSUER_LIST_REFRESH_MINUTES * 60_000,
    revealsPerHour: values.ISSUER_REVEALS_PER_HOUR, requestsPerMinute: values.ISSUER_REQUESTS_PER_MINUTE,
    trustedProxies: values.ISSUER_TRUSTED_PROXIES, logLevel: values.ISSUER_LOG_LEVEL,
  };
}
