/** `did:jwk` (did:jwk Method Specification): base64url of a JSON Web Key. */
import { decodeBase64Url } from '../base64url.js';
import { Problem, require } from '../errors.js';
import { parseStrictJson } from '../strict-json.js';
import { algorithmOf, publicKeyJwk, type PublicKeyJwk } from './public-key.js';

const LONGEST_JSON = 300;

/**
 * Checks what follows `did:jwk:`.
 *
 * @throws Problem DID_MALFORMED; DID_METHOD_NOT_ALLOWED for another kind of key, and for one that is not for signing;
 *   PUBLIC_KEY_…
 */
export function checkDidJwk(identifier: string, did: string): void {
  readDidJwk(identifier, did);
}

/**
 * Beside the members of the key itself, `alg` and `use` may stand there, if they say what the key is for: `ES256` or
 * `EdDSA`, and `sig`.
 *
 * @param identifier e.g. `eyJjcnYiOiJFZDI1NTE5Iiwia3R5IjoiT0tQIiwieCI6Ii4uLiJ9`
 * @param did the whole text, to be named in a refusal
 * @throws Problem as {@link checkDidJwk}
 */
export function readDidJwk(identifier: string, did: string): PublicKeyJwk {
  const { alg, use, ...members } = membersOf(identifier, did);
  const jwk = keyOf(members, did);
  const forSigning = (alg === undefined || alg === algorithmOf(jwk)) && (use === undefined || use === 'sig');
  require(forSigning, 'DID_METHOD_NOT_ALLOWED', { did: did.slice(0, 80), method: 'jwk', expected: 'sig' });
  return jwk;
}

function membersOf(identifier: string, did: string): Record<string, unknown> {
  const bytes = decodeBase64Url(identifier);
  if (bytes === undefined || bytes.some((byte) => byte < 0x20 || byte > 0x7e)) throw new Problem('DID_MALFORMED', { did: did.slice(0, 80) });
  const value = readJson(String.fromCharCode(...bytes), did);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Problem('DID_MALFORMED', { did: did.slice(0, 80) });
  return { ...value };
}

function readJson(text: string, did: string): unknown {
  try {
    return parseStrictJson(text, LONGEST_JSON);
  } catch (error) {
    throw error instanceof Problem ? new Problem('DID_MALFORMED', { did: did.slice(0, 80), reason: error.code }) : error;
  }
}

/** What is wrong with a key of an allowed kind keeps its own code. */
function keyOf(members: unknown, did: string): PublicKeyJwk {
  try {
    return publicKeyJwk(members);
  } catch (error) {
    if (!(error instanceof Problem) || error.code.startsWith('PUBLIC_KEY_')) throw error;
    throw new Problem('DID_METHOD_NOT_ALLOWED', { did: did.slice(0, 80), method: 'jwk', expected: 'P-256 | Ed25519' });
  }
}
