/** What a published status list says (Bitstring Status List 1.0 sections 3.1 and 3.2), read strictly. */
import { epochMs, parseInstant } from '#domain/instant.js';
import { Problem, require } from '#domain/errors.js';
import { list, matching, object, oneOf, parsedBy, wholeNumber, type Parsed } from '#domain/shape.js';
import { STATUS_PURPOSES, type StatusPurpose } from '#domain/credential/status-list.js';
import { did, type Did } from '#domain/trust/did.js';
import { listVersion } from '#domain/trust/records.js';

export interface StatusListClaims {
  readonly issuer: Did;
  readonly version: number;
  /** Milliseconds since 1970. */
  readonly validFrom: number;
  readonly validUntil: number;
  /** gzip in base64url, without the `u` of multibase. */
  readonly encodedList: string;
}

const url = matching(/^https?:\/\/[\x21-\x7e]{1,320}$/, 'URL');
const seconds = wholeNumber(1, 253_402_300_799);
const moment = parsedBy(parseInstant);

const payload = object({
  '@context': list(oneOf('https://www.w3.org/ns/credentials/v2'), { min: 1, max: 1 }),
  id: url,
  type: list(oneOf('VerifiableCredential', 'BitstringStatusListCredential'), { min: 2, max: 2 }),
  issuer: did, iss: did, iat: seconds, exp: seconds, validFrom: moment, validUntil: moment,
  credentialSubject: object({
    id: url,
    type: oneOf('BitstringStatusList'),
    statusPurpose: oneOf(...STATUS_PURPOSES),
    encodedList: matching(/^u[A-Za-z0-9_-]+$/, 'multibase base64url'),
    ttl: wholeNumber(0, Number.MAX_SAFE_INTEGER),
    version: listVersion,
  }),
});

/**
 * @param value the payload, as canonical JSON gives it
 * @param address that was asked
 * @param purpose for which a credential names it
 * @throws Problem STATUS_LIST_MALFORMED with `reason`; STATUS_LIST_ADDRESS_DIFFERS; STATUS_LIST_PURPOSE_DIFFERS
 */
export function readStatusListPayload(value: unknown, address: string, purpose: StatusPurpose): StatusListClaims {
  const claims = shaped(value);
  const { id, issuer, iss, iat, exp, validFrom, validUntil, credentialSubject: subject } = claims;
  require(id === address && subject.id === `${address}#list`, 'STATUS_LIST_ADDRESS_DIFFERS', { stated: id });
  require(subject.statusPurpose === purpose, 'STATUS_LIST_PURPOSE_DIFFERS', { stated: subject.statusPurpose });
  const [from, until] = [epochMs(validFrom), epochMs(validUntil)];
  const agrees = issuer === iss && from === iat * 1000 && until === exp * 1000 && from < until && claims.type[1] === 'BitstringStatusListCredential';
  require(agrees, 'STATUS_LIST_MALFORMED', { reason: 'members contradict each other' });
  return { issuer, version: subject.version, validFrom: from, validUntil: until, encodedList: subject.encodedList.slice(1) };
}

function shaped(value: unknown): Parsed<typeof payload> {
  try {
    return payload(value);
  } catch (error) {
    if (error instanceof Problem) throw new Problem('STATUS_LIST_MALFORMED', { ...error.fields, reason: error.code });
    throw error;
  }
}
