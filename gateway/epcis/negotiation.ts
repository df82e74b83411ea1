/** Headers by which clients and this server agree on versions and formats (EPCIS 2.0 section 12.4). */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { EXTENSION_NAMESPACE, EXTENSION_PREFIX } from '#domain/epcis/own-uris.js';
import { require } from '#domain/errors.js';
import { LONGEST_JSON } from '../strict-body.js';

export const EPCIS_VERSION = '2.0.0';

/** As many as one ledger transaction takes steps. */
export const CAPTURE_LIMIT = 200;

const VERSIONS = {
  'GS1-EPCIS-Version': EPCIS_VERSION,
  'GS1-CBV-Version': EPCIS_VERSION,
  'GS1-Extensions': `${EXTENSION_PREFIX}=${EXTENSION_NAMESPACE}`,
} as const;

const DISCOVERY = {
  ...VERSIONS,
  'GS1-EPCIS-Min': EPCIS_VERSION, 'GS1-EPCIS-Max': EPCIS_VERSION,
  'GS1-CBV-Min': EPCIS_VERSION, 'GS1-CBV-Max': EPCIS_VERSION,
  'GS1-EPC-Format': 'Always_GS1_Digital_Link',
  'GS1-Vendor-Version': 'minhchung-1',
} as const;

export const CAPTURE_LIMITS = {
  'GS1-EPCIS-Capture-Limit': String(CAPTURE_LIMIT),
  'GS1-EPCIS-Capture-File-Size-Limit': String(LONGEST_JSON),
} as const;

/** What an answer to OPTIONS tells, by what can be done at the address. */
export const CAPTURE_DISCOVERY = { ...DISCOVERY, ...CAPTURE_LIMITS, 'GS1-Capture-Error-Behaviour': 'all' } as const;
export const PLAIN_DISCOVERY = DISCOVERY;

/** The versions that an answer is of. */
export function nameVersions(reply: FastifyReply): FastifyReply {
  return reply.headers(VERSIONS);
}

/**
 * Refuses a client that wants another format or version than the one there is.
 *
 * @throws Problem EPCIS_NOT_ACCEPTABLE with the header's name
 */
export function negotiate(request: FastifyRequest): void {
  const { headers } = request;
  requireJson(headers.accept);
  requireBounds(request, 'gs1-epcis');
  requireBounds(request, 'gs1-cbv');
  const format = headers['gs1-epc-format'];
  require(format === undefined || format === 'No_Preference' || format === 'Always_GS1_Digital_Link', 'EPCIS_NOT_ACCEPTABLE', { header: 'GS1-EPC-Format' });
}

const JSON_RANGES = /^(?:\*\/\*|application\/\*|application\/json|application\/ld\+json|application\/problem\+json)$/;

function requireJson(accept: string | undefined): void {
  if (accept === undefined || accept === '') return;
  const ranges = accept.toLowerCase().slice(0, 500).split(',').map((range) => range.split(';').map((part) => part.trim()));
  const acceptable = ranges.some(([range = '', ...parameters]) => JSON_RANGES.test(range) && !parameters.some((one) => /^q=0(?:\.0*)?$/.test(one)));
  require(acceptable, 'EPCIS_NOT_ACCEPTABLE', { header: 'Accept' });
}

/** The version that a sender writes in, or the range that a reader takes. */
function requireBounds({ headers }: FastifyRequest, name: 'gs1-epcis' | 'gs1-cbv'): void {
  const [version, least, most] = ['version', 'min', 'max'].map((suffix) => headers[`${name}-${suffix}`]);
  require(version === undefined || /^2\.0(?:\.\d+)?$/.test(String(version)), 'EPCIS_NOT_ACCEPTABLE', { header: `${name}-version` });
  require(least === undefined || compareVersions(String(least), EPCIS_VERSION) <= 0, 'EPCIS_NOT_ACCEPTABLE', { header: `${name}-min` });
  require(most === undefined || compareVersions(String(most), EPCIS_VERSION) >= 0, 'EPCIS_NOT_ACCEPTABLE', { header: `${name}-max` });
}

/** `2.0` and `2.0.0` are the same version. What is no version compares as NaN, which meets no bound. */
function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((text) => text.split('.').map(Number));
  for (let at = 0; at < 3; at++) {
    const difference = (left?.[at] ?? 0) - (right?.[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
