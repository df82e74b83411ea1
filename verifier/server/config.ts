/** The site's settings from the environment: typed, all mistakes told at once. Read where programs start, nowhere else. */
import { anyText, networks, readSettings, setting, wholeFrom, type SettingTable } from '#domain/settings.js';
import type { RequestLimits } from './request-limits.js';
import type { Operator } from './site.js';

function webAddress(value: string): string {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.pathname !== '/' || url.search + url.hash + url.username !== '') throw new RangeError('https://host or http://host:port');
  return url.origin;
}

function addressOrNone(value: string): string | undefined {
  return value === '' ? undefined : webAddress(value);
}

/** Every setting, in the order of the README's table. */
export const VERIFIER_SETTINGS = {
  VERIFIER_HOST: setting('127.0.0.1', 'address to listen on', anyText),
  VERIFIER_PORT: setting('8080', 'port to listen on; 0 for any free one', wholeFrom(0, 65_535)),
  VERIFIER_ORIGIN: setting('', 'scheme and host that readers see; http://127.0.0.1 and the port where absent', addressOrNone),
  VERIFIER_OPERATOR: setting('Minh Chứng (bản trình diễn · demonstration)', 'who runs the site, at the foot of every page', anyText),
  VERIFIER_CONTACT: setting('bao-cao@minhchung.example', 'where readers ask and complain, as it is to be read', anyText),
  VERIFIER_GATEWAY: setting('http://127.0.0.1:8081', 'the gateway that a verifier started alone asks', webAddress),
  VERIFIER_ISSUER: setting('http://localhost:8082', 'the issuer whose status lists, DID documents and printed credentials are asked for, by the origin in their addresses', webAddress),
  VERIFIER_TRUSTED_PROXIES: setting('', 'proxies whose X-Forwarded-For is believed', networks),
  VERIFIER_REQUESTS_PER_MINUTE: setting('3000', 'requests of one address a minute; many phones can stand behind one', wholeFrom(1, 10_000_000)),
  VERIFIER_REPORTS_PER_HOUR: setting('30', 'reports of one address an hour', wholeFrom(1, 1_000_000)),
  VERIFIER_REVEALS_PER_HOUR: setting('60', 'names of one address an hour that are asked for by what stands on a paper', wholeFrom(1, 1_000_000)),
  VERIFIER_MOST_IN_FLIGHT: setting('512', 'requests worked on at once; beyond it 503', wholeFrom(1, 100_000)),
} as const satisfies SettingTable;

export interface VerifierSettings {
  readonly host: string;
  readonly port: number;
  /** e.g. `https://id.example.org` */
  readonly origin: string;
  readonly operator: Operator;
  /** e.g. `http://127.0.0.1:8081` */
  readonly gateway: string;
  /** e.g. `http://localhost:8082` */
  readonly issuer: string;
  readonly trustedProxies: readonly string[];
  readonly limits: RequestLimits;
}

/**
 * @param env e.g. `{ VERIFIER_PORT: '8080' }`; what is absent takes its usual value
 * @throws Problem SETTING_WRONG with one field for each setting that is wrong
 */
export function loadVerifierConfig(env: Readonly<Record<string, string | undefined>>): VerifierSettings {
  const values = readSettings(VERIFIER_SETTINGS, env, 'VERIFIER_');
  return {
    host: values.VERIFIER_HOST, port: values.VERIFIER_PORT,
    origin: values.VERIFIER_ORIGIN ?? `http://127.0.0.1:${values.VERIFIER_PORT}`,
    operator: { name: values.VERIFIER_OPERATOR, contact: values.VERIFIER_CONTACT },
    gateway: values.VERIFIER_GATEWAY, issuer: values.VERIFIER_ISSUER, trustedProxies: values.VERIFIER_TRUSTED_PROXIES,
    limits: { requestsPerMinute: values.VERIFIER_REQUESTS_PER_MINUTE, reportsPerHour: values.VERIFIER_REPORTS_PER_HOUR, revealsPerHour: values.VERIFIER_REVEALS_PER_HOUR, mostInFlight: values.VERIFIER_MOST_IN_FLIGHT },
  };
}
