/** Digests of what is disclosed apart (RFC 9901, 4.2.4.1). */
import { Problem, require } from '../errors.js';
import { CREDENTIAL_TYPES, type CredentialType } from './credential-type.js';
import { COMPULSORY_DISCLOSURES } from './personal-data.js';

/** The hash of `_sd`, named by `_sd_alg` at the top of the payload. */
export const DIGEST_ALGORITHM = 'sha-256';

const DIGESTS = 'vc.credentialSubject._sd';
const ALGORITHM = '_sd_alg';
const DIGEST = /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/;

/**
 * Reads `_sd`, which tells nothing by its order because it is sorted.
 *
 * @param sd of the subject; `undefined` where there is none
 * @param algorithm of the payload's top; `undefined` where there is none
 * @throws Problem CREDENTIAL_DIGESTS_NOT_ALLOWED, CREDENTIAL_DIGESTS_MISSING, CREDENTIAL_DIGEST_MALFORMED,
 *   CREDENTIAL_DIGEST_REPEATED, CREDENTIAL_DIGESTS_NOT_SORTED, CREDENTIAL_DIGEST_ALGORITHM_WRONG
 */
export function readDigests(type: CredentialType, sd: unknown, algorithm: unknown): readonly string[] {
  const most = CREDENTIAL_TYPES[type].disclosures.length;
  if (most === 0) return refuseDigests(sd, algorithm);
  if (!Array.isArray(sd)) throw new Problem(sd === undefined ? 'CREDENTIAL_DIGESTS_MISSING' : 'CREDENTIAL_MEMBER_WRONG_TYPE', { field: DIGESTS });
  require(sd.length >= COMPULSORY_DISCLOSURES.length, 'CREDENTIAL_DIGESTS_MISSING', { field: DIGESTS });
  require(sd.length <= most, 'CREDENTIAL_DIGESTS_NOT_ALLOWED', { field: DIGESTS, most: String(most) });
  require(algorithm === DIGEST_ALGORITHM, 'CREDENTIAL_DIGEST_ALGORITHM_WRONG', { field: ALGORITHM });
  return checkDigests(sd);
}

function refuseDigests(sd: unknown, algorithm: unknown): readonly string[] {
  require(sd === undefined, 'CREDENTIAL_DIGESTS_NOT_ALLOWED', { field: DIGESTS, most: '0' });
  require(algorithm === undefined, 'CREDENTIAL_DIGEST_ALGORITHM_WRONG', { field: ALGORITHM });
  return [];
}

function checkDigests(digests: readonly unknown[]): readonly string[] {
  const unreadable = digests.findIndex((one) => typeof one !== 'string' || !DIGEST.test(one));
  if (unreadable !== -1) throw new Problem('CREDENTIAL_DIGEST_MALFORMED', { field: `${DIGESTS}[${unreadable}]` });
  const texts = digests as readonly string[];
  const misplaced = texts.findIndex((one, place) => place > 0 && one <= (texts[place - 1] ?? ''));
  if (misplaced !== -1) throw orderProblem(texts, misplaced);
  return texts;
}

function orderProblem(texts: readonly string[], misplaced: number): Problem {
  const repeated = texts.findIndex((one, place) => texts.indexOf(one) !== place);
  return repeated === -1
    ? new Problem('CREDENTIAL_DIGESTS_NOT_SORTED', { field: `${DIGESTS}[${misplaced}]` })
    : new Problem('CREDENTIAL_DIGEST_REPEATED', { field: `${DIGESTS}[${repeated}]` });
}
