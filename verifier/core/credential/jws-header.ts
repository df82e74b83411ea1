/** The header of a token: exactly what this profile writes, nothing that a token could steer its own check by. */
import { Problem, require, type ProblemCode } from '#domain/errors.js';
import type { Did } from '#domain/trust/did.js';
import type { SignatureAlgorithm } from '#domain/trust/public-key.js';
import { readSection } from './json-section.js';

export interface JwsHeader {
  readonly alg: SignatureAlgorithm;
  /** e.g. `did:web:dai-hoc.example#khoa-2026`; whose it is, is not looked at yet. */
  readonly kid: string;
}

/** The `typ` of each use (RFC 8725 section 3.11): one kind of token is never taken for another. */
export type JwsType = 'JWT' | 'vc+jwt';

const OWN_KEY: ProblemCode = 'CREDENTIAL_HEADER_OWN_KEY';
const CRITICAL: ProblemCode = 'CREDENTIAL_HEADER_CRITICAL';

/** Members of RFC 7515 and 7797 that other programs obey. Any other is refused too, with less to say about it. */
const FORBIDDEN: ReadonlyMap<string, ProblemCode> = new Map([
  ['jwk', OWN_KEY], ['jku', OWN_KEY], ['x5u', OWN_KEY], ['x5c', OWN_KEY], ['x5t', OWN_KEY], ['x5t#S256', OWN_KEY],
  ['crit', CRITICAL], ['b64', CRITICAL], ['zip', CRITICAL],
  ['cty', 'CREDENTIAL_HEADER_NESTED'],
]);

const MEMBERS = ['alg', 'kid', 'typ'] as const;
const KEY_ID = /^[A-Za-z0-9._-]{1,64}$/;
const LONGEST_KID = 500;

/**
 * Reads a header: `alg`, `kid` and `typ`, in any order, once each, and nothing else. A `vc+jwt` may also say
 * `"cty":"vc"` (VC-JOSE-COSE section 3.1.1).
 *
 * @param section base64url of e.g. `{"alg":"ES256","kid":"did:web:dai-hoc.example#khoa-2026","typ":"JWT"}`
 * @param typ the only one that is right here
 * @throws Problem as `readSection`; CREDENTIAL_HEADER_…, CREDENTIAL_TYP_WRONG, CREDENTIAL_ALGORITHM_REFUSED,
 *   CREDENTIAL_KID_WRONG
 */
export function readHeader(section: string, typ: JwsType): JwsHeader {
  const header = readSection(section, 'header');
  if (typeof header !== 'object' || header === null || Array.isArray(header)) throw new Problem('CREDENTIAL_HEADER_INCOMPLETE');
  const members = header as Readonly<Record<string, unknown>>;
  for (const name of Object.keys(members)) refuseStranger(name, members[name], typ);
  const missing = MEMBERS.find((name) => !Object.hasOwn(members, name));
  require(missing === undefined, 'CREDENTIAL_HEADER_INCOMPLETE', { field: missing ?? '' });
  require(members['typ'] === typ, 'CREDENTIAL_TYP_WRONG');
  const { alg, kid } = members;
  require(alg === 'ES256' || alg === 'EdDSA', 'CREDENTIAL_ALGORITHM_REFUSED');
  if (typeof kid !== 'string' || kid.length > LONGEST_KID) throw new Problem('CREDENTIAL_KID_WRONG');
  return { alg, kid };
}

function refuseStranger(name: string, value: unknown, typ: JwsType): void {
  if ((MEMBERS as readonly string[]).includes(name) || (name === 'cty' && typ === 'vc+jwt' && value === 'vc')) return;
  throw new Problem(FORBIDDEN.get(name) ?? 'CREDENTIAL_HEADER_UNKNOWN', { field: name.slice(0, 60) });
}

/**
 * The name of the key, which must be one of the issuer's own.
 *
 * @param kid e.g. `did:web:dai-hoc.example#khoa-2026`
 * @param issuer `iss`, e.g. `did:web:dai-hoc.example`
 * @returns e.g. `khoa-2026`
 * @throws Problem CREDENTIAL_KID_WRONG
 */
export function keyIdOf(kid: string, issuer: Did): string {
  const keyId = kid.slice(issuer.length + 1);
  require(kid.startsWith(issuer) && kid.charAt(issuer.length) === '#' && KEY_ID.test(keyId), 'CREDENTIAL_KID_WRONG');
  return keyId;
}
