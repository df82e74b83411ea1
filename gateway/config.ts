/** Settings from the environment: typed, all mistakes told at once. The only reader of the environment is `main.ts`. */
import { isIP } from 'node:net';
import { Problem, type ProblemFields } from '#domain/errors.js';
import { parseOrganisationId, type OrganisationId } from '#domain/registry/organisation.js';

/** Reads one setting, or throws with what was expected. */
type Reader<T> = (text: string) => T;

interface Setting<T> {
  /** As it stands in the environment; absent where it must be given. */
  readonly fallback: string;
  readonly meaning: string;
  readonly read: Reader<T>;
}

const setting = <T>(fallback: string, meaning: string, read: Reader<T>): Setting<T> => ({ fallback, meaning, read });

const HOST = /^[A-Za-z0-9](?:[A-Za-z0-9.-]{0,98}[A-Za-z0-9])?(?::\d{1,5})?$/;
const LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'silent'] as const;

export type LogLevel = (typeof LEVELS)[number];

const text: Reader<string> = (value) => {
  if (value === '') throw new RangeError('text, not empty');
  return value;
};

const whole = (least: number, most: number): Reader<number> => (value) => {
  const number = /^\d{1,9}$/.test(value) ? Number(value) : -1;
  if (number < least || number > most) throw new RangeError(`whole number ${least} to ${most}`);
  return number;
};

const linkHost: Reader<string> = (value) => {
  if (!HOST.test(value)) throw new RangeError('host, or host:port');
  return value.toLowerCase();
};

/** An address, or a network such as `10.0.0.0/8`. */
function isNetwork(value: string): boolean {
  const [address = '', bits, more] = value.split('/');
  const most = isIP(address) === 4 ? 32 : 128;
  return isIP(address) !== 0 && more === undefined && (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= most));
}

const addresses: Reader<readonly string[]> = (value) => {
  const list = value.split(',').map((one) => one.trim()).filter((one) => one !== '');
  if (!list.every(isNetwork)) throw new RangeError('addresses or networks, with commas between them');
  return list;
};

const level: Reader<LogLevel> = (value) => {
  const found = LEVELS.find((one) => one === value);
  if (found === undefined) throw new RangeError(LEVELS.join(' | '));
  return found;
};

const organisation: Reader<OrganisationId> = (value) => {
  try {
    return parseOrganisationId(value);
  } catch (error) {
    throw new RangeError('organisation id: 2 to 32 of a-z, 0-9, inner hyphens', { cause: error });
  }
};

/** Every setting, in the order of the README's table. */
export const SETTINGS = {
  GATEWAY_HOST: setting('127.0.0.1', 'address to listen on', text),
  GATEWAY_PORT: setting('8081', 'port to listen on; 0 for any free one', whole(0, 65_535)),
  GATEWAY_DATA: setting('data', 'folder of ledger, read model, keys and pictures', text),
  GATEWAY_LINK_HOST: setting('localhost:8080', 'host in printed codes: where the verifier is reached', linkHost),
  GATEWAY_REGISTRAR: setting('so-dang-ky', 'id of the organisation that runs the register', organisation),
  GATEWAY_COMMIT_WITHIN_MS: setting('5000', 'milliseconds after which a write is answered 202', whole(1, 60_000)),
  GATEWAY_REQUESTS_PER_MINUTE: setting('6000', 'requests of one organisation a minute', whole(1, 10_000_000)),
  GATEWAY_PUBLIC_REQUESTS_PER_MINUTE: setting('600', 'requests without a key of one address a minute', whole(1, 10_000_000)),
  GATEWAY_MOST_IN_FLIGHT: setting('512', 'requests worked on at once; beyond it 503', whole(1, 100_000)),
  GATEWAY_MOST_CONNECTIONS: setting('2000', 'open connections; beyond it they are closed', whole(1, 100_000)),
  GATEWAY_TRUSTED_PROXIES: setting('', 'proxies whose X-Forwarded-For is believed', addresses),
  GATEWAY_LOG_LEVEL: setting('info', 'fatal, error, warn, info, debug or silent', level),
} as const satisfies Record<string, Setting<unknown>>;

type SettingName = keyof typeof SETTINGS;

export interface Settings {
  readonly host: string;
  readonly port: number;
  readonly dataFolder: string;
  readonly linkHost: string;
  readonly registrar: OrganisationId;
  readonly commitWithinMs: number;
  readonly requestsPerMinute: number;
  readonly publicRequestsPerMinute: number;
  readonly mostInFlight: number;
  readonly mostConnections: number;
  readonly trustedProxies: readonly string[];
  readonly logLevel: LogLevel;
}

/**
 * @param env e.g. `{ GATEWAY_PORT: '8081' }`; what is absent takes its usual value
 * @throws Problem SETTING_WRONG with one field for each setting that is wrong, e.g. `GATEWAY_PORT`: what was expected
 */
export function loadConfig(env: Readonly<Record<string, string | undefined>>): Settings {
  const wrong: Record<string, string> = {};
  const read = <N extends SettingName>(name: N): ReturnType<(typeof SETTINGS)[N]['read']> => readSetting(env, name, wrong);
  const settings = {
    host: read('GATEWAY_HOST'), port: read('GATEWAY_PORT'), dataFolder: read('GATEWAY_DATA'),
    linkHost: read('GATEWAY_LINK_HOST'), registrar: read('GATEWAY_REGISTRAR'),
    commitWithinMs: read('GATEWAY_COMMIT_WITHIN_MS'),
    requestsPerMinute: read('GATEWAY_REQUESTS_PER_MINUTE'),
    publicRequestsPerMinute: read('GATEWAY_PUBLIC_REQUESTS_PER_MINUTE'),
    mostInFlight: read('GATEWAY_MOST_IN_FLIGHT'), mostConnections: read('GATEWAY_MOST_CONNECTIONS'),
    trustedProxies: read('GATEWAY_TRUSTED_PROXIES'), logLevel: read('GATEWAY_LOG_LEVEL'),
  };
  noteUnknown(env, wrong);
  if (Object.keys(wrong).length > 0) throw new Problem('SETTING_WRONG', wrong);
  return settings;
}

function readSetting<N extends SettingName>(env: Readonly<Record<string, string | undefined>>, name: N, wrong: Record<string, string>): ReturnType<(typeof SETTINGS)[N]['read']> {
  type Value = ReturnType<(typeof SETTINGS)[N]['read']>;
  const { fallback, read } = SETTINGS[name];
  try {
    return read(env[name] ?? fallback) as Value;
  } catch (error) {
    wrong[name] = error instanceof Error ? error.message : String(error);
    return read(fallback) as Value;
  }
}

/** A misspelt name would silently do nothing. */
function noteUnknown(env: Readonly<Record<string, string | undefined>>, wrong: ProblemFields & Record<string, string>): void {
  for (const name of Object.keys(env)) {
    if (name.startsWith('GATEWAY_') && !Object.hasOwn(SETTINGS, name)) wrong[name] = 'no such setting';
  }
}
